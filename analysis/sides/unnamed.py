"""Who does what a sentence tells of without saying who: from other mentions in the article of the same thing or harm.

"The boats will be delivered in May" names nobody, but the article has told who sells them to whom; "the ministry faces
sanctions" is clear where one state alone is said to punish it or to threaten that. (Implicit arguments: Gerber and Chai 2010,
"Beyond NomBank".)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from analysis.sides.makers import Makers
from analysis.sides.partners import FAMILIES, Deed, are_of_one_thing, nearest, partner_of, same_side, two_sided
from analysis.sides.party import Party

# By the type of a harm that an article tells of more than once, the types of the mentions that may tell who does it.
TOLD_BY = {"SANCTION": ("SANCTION", "THREATEN"), "THREATEN": ("THREATEN",), "COERCE": ("COERCE",)}
GIVING = re.compile(
    r"\b(?:deliver|suppl(?:y|ies|ied)\b|sell|sold\b|sale|hand(?:ed|ing|s)?\b|handover|transfer|provid|provision|export|"
    r"ship(?:s|ped|ping|ments?)?\b|giv|gave\b)",
    re.IGNORECASE,
)
TAKING = re.compile(
    r"\b(?:buy|bought\b|purchas|acqui(?:r|sition)|procur|import(?:s|ed|ing)?\b|order(?:s|ed|ing)?\b|receiv|receipt|obtain|"
    r"pay(?:s|ing|ments?)?\b|paid\b|(?:tak|took)\w* delivery)",
    re.IGNORECASE,
)
# About how often who is found so is right, as read in the few cases of some 440 training texts.
FOUND_ELSEWHERE = 0.6

Sides = tuple[Sequence[Party], Sequence[Party]]


def may_be_named(kind: str) -> bool:
    """Whether an event of a type can get its actors from other mentions."""
    return kind in TOLD_BY or FAMILIES.get(kind) == "trade"


def name_the_unnamed(unnamed: Sequence[Deed], told: Sequence[Deed], text: str, makers: Makers) -> None:
    """Give deeds that nobody does the actors of other mentions, if it is clear who; changed in place.

    Args:
        unnamed: events without actors.
        told: the events of the same article with actors, in text order.
        text: the article's text.
        makers: what tells from which states its things are.

    A trade takes the sides of all mentions of the same thing, the right way round for giving or taking: who makes the thing
    gives it. Where it is told who gets it, it takes the other side. A harm takes who else does such a harm to the same party.
    What was refused tells of nobody, and where mentions differ, who takes part in all of them is taken. A deed that was
    unlikely because nobody acted becomes so much likelier.
    """
    happened = [deed for deed in told if deed.event.status != "refused"]
    trades, harms = _Trades(happened, text, makers), _Harms(happened)
    for deed in unnamed:
        found = trades.sides_of(deed) if FAMILIES.get(deed.event.type) == "trade" else harms.sides_of(deed)
        names = {party.name for party in deed.recipients}
        if found and not any(party.name in names for party in found[0]):
            actors, recipients = found
            deed.actors, deed.recipients = list(actors), deed.recipients or list(recipients)
            event = deed.event
            deed.confidence = max(deed.confidence, FOUND_ELSEWHERE * event.p_event * event.p_type * event.p_status)


class _Harms:
    """Who harms whom in an article."""

    def __init__(self, told: Sequence[Deed]) -> None:
        self._by_victim: dict[tuple[str, str], list[Deed]] = defaultdict(list)
        for deed in told:
            for victim in {_as_victim(party) for party in deed.recipients}:
                self._by_victim[deed.event.type, victim].append(deed)

    def sides_of(self, deed: Deed) -> Sides | None:
        found = [
            other.actors
            for kind in TOLD_BY.get(deed.event.type, ())
            for party in deed.recipients
            for other in nearest(self._by_victim.get((kind, _as_victim(party)), ()), deed)
        ]
        actors = _in_all(found)
        return (actors, deed.recipients) if actors else None


def _as_victim(party: Party) -> str:
    """A state by its code, whatever stands for its government; others by name."""
    return party.countries[0] if party.kind == "government" and len(party.countries) == 1 else party.name or ""


class _Trades:
    """Who sells what to whom in an article."""

    def __init__(self, told: Sequence[Deed], text: str, makers: Makers) -> None:
        self._text, self._makers = text, makers
        self._complete = two_sided(told)
        self._ways = {id(deed): self._direction(deed) for deed in told}
        self._by_object: dict[str, list[Deed]] = defaultdict(list)
        for deed in self._complete:
            for word in deed.objects:
                self._by_object[word].append(deed)

    def sides_of(self, deed: Deed) -> Sides | None:
        direction = self._direction(deed)
        if deed.recipients:
            # Who gets something has it from the other side; but an agreement has no side that gets.
            partner = partner_of(deed, self._complete) if deed.event.type == "COOPERATE" else None
            giver = partner or (self._makers.maker_of(deed.names) if direction > 0 else None)
            return ([giver], deed.recipients) if giver and not _share_one([giver], deed.recipients) else None
        if not direction:
            return None
        pairs = [
            self._giver_and_taker(other, deed.names)
            for word in sorted(deed.objects)
            for other in nearest(self._by_object.get(word, ()), deed)
            if FAMILIES[other.event.type] == "trade" and are_of_one_thing(deed, other)
        ]
        givers, takers = (_in_all([pair[side] for pair in pairs if pair]) for side in (0, 1))
        if not givers or not takers:
            return None
        if deed.mutual:
            return [*givers, *takers], []
        return (givers, takers) if direction > 0 else (takers, givers)

    def _giver_and_taker(self, deed: Deed, names: Iterable[str]) -> Sides | None:
        """Both sides of a trade: by its words where one acts upon the other, else by who makes the thing."""
        if deed.recipients and (way := self._ways[id(deed)]):
            return (deed.actors, deed.recipients) if way > 0 else (deed.recipients, deed.actors)
        maker = self._makers.maker_of(names)
        if maker is None:
            return None
        givers = [party for party in deed.parties if same_side(party, maker)]
        takers = [party for party in deed.parties if not same_side(party, maker)]
        return (givers, takers) if givers and takers else None

    def _direction(self, deed: Deed) -> int:
        """1 for giving, -1 for taking, 0 where the words do not tell."""
        words = " ".join(self._text[a:b] for a, b in deed.event.trigger)
        return -1 if TAKING.search(words) else int(bool(GIVING.search(words)))


def _share_one(some: Sequence[Party], others: Sequence[Party]) -> bool:
    return any(same_side(one, other) for one in some for other in others)


def _in_all(groups: Sequence[Sequence[Party]]) -> list[Party]:
    """The parties of the first of several groups that are on the side of somebody in each of the others."""
    first, *others = groups or [[]]
    return [party for party in first if all(_share_one([party], other) for other in others)]
