"""The other side of a deal, a delivery or a meeting that a sentence leaves out, from another mention in the same article."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.sides.party import Party
from analysis.tagger import TaggedEvent

# Types between two sides of which a mention often names but one: "Chad's purchase of the boats", "the talks".
FAMILIES = {"AGREE": "trade", "COOPERATE": "trade", "CONSULT": "meeting"}
NEAR = 100  # so many mentions with both sides, before and after, are looked at
# Who is only told to be the other side: "our partner"
OURS = re.compile(
    r"(?:our|their|its|his|her) (?:[a-z]+ )?"
    r"(?:partners?|friends?|ally|allies|neighbou?rs?|colleagues?|counterparts?|customers?|buyers?|sellers?)",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# Words of an object that tell nothing about which one it is.
EMPTY = frozenset(
    "the and for with from that this new own its his her their deal deals system systems contract agreement project projects "
    "issue issues cooperation technology technologies component components unit units batch number more other some first "
    "second third plan plans part parts".split()
)


@dataclass
class Deed:
    """A tagged event with its participants by name.

    confidence: the event's own, unless it is told elsewhere who takes part; thing: what it is about; objects: the words for it
    that tell which one it is; names: those of them that are names or have figures; is_accord: it was agreed or signed, not only
    promised.
    """

    event: TaggedEvent
    confidence: float
    actors: list[Party]
    recipients: list[Party]
    mutual: bool = False
    thing: str | None = None
    is_accord: bool = False

    @cached_property
    def objects(self) -> frozenset[str]:
        return object_words(self.thing)

    @cached_property
    def names(self) -> frozenset[str]:
        return names_in(self.thing)

    @property
    def start(self) -> int:
        return self.event.trigger[0][0]

    @property
    def parties(self) -> list[Party]:
        return [*self.actors, *self.recipients]


def object_words(words: str | None) -> frozenset[str]:
    """The words of an object that tell which one it is, without plural endings.

    >>> sorted(object_words("the second batch of RK-20 missiles"))
    ['missile', 'rk-20']
    """
    found = (word.lower() for word in WORD.findall(words or ""))
    return frozenset(word.removesuffix("s") for word in found if len(word) > 2 and word not in EMPTY)


def names_in(words: str | None) -> frozenset[str]:
    """The words of an object that are names or designations, in the form of `object_words`.

    >>> sorted(names_in("Hawk missiles")), sorted(names_in("the RK-20 missiles"))
    (['hawk'], ['rk-20'])
    """
    named = [word for word in WORD.findall(words or "") if word[0].isupper() or any(c.isdigit() for c in word)]
    return object_words(" ".join(named))


def fill_in(deeds: Sequence[Deed]) -> None:
    """Give every one-sided deal, trade or meeting the other side that the article names for the same thing, if it is clear who.

    Args:
        deeds: the events of one article in text order; changed in place.

    It is clear where the nearest mention before with both sides is about the same object, or where all mentions with both
    sides agree on who the other one is. A meeting must also have the same status. A party joins where a side is missing: both
    sides of a mutual act are actors. Events in which nobody is named stay so, and a promise is made by one.
    """
    complete = two_sided(deeds)
    whole = {id(deed) for deed in complete}
    for deed in deeds:
        if id(deed) in whole or deed.event.type not in FAMILIES or not deed.parties or _is_made_alone(deed):
            continue
        partner = partner_of(deed, complete)
        if partner is None:
            continue
        if deed.mutual or deed.event.type != "COOPERATE":
            deed.actors.append(partner)
        elif deed.actors:
            deed.recipients.append(partner)
        else:
            deed.actors.append(partner)


def two_sided(deeds: Sequence[Deed]) -> list[Deed]:
    """The deals, trades and meetings of which both sides are known."""
    return [deed for deed in deeds if deed.event.type in FAMILIES and _is_two_sided(deed.parties)]


def _is_made_alone(deed: Deed) -> bool:
    """Whether one may do it without the other: a journey, unlike talks, and a promise, unlike an accord."""
    return (deed.event.type == "CONSULT" and not deed.mutual) or (deed.event.type == "AGREE" and not deed.is_accord)


def _is_two_sided(parties: Sequence[Party]) -> bool:
    """Whether parties stand on more than one side."""
    return any(not same_side(parties[0], other) for other in parties[1:])


def same_side(one: Party, other: Party) -> bool:
    """Whether two parties stand on the same side: the same name, or the same state."""
    return one.name == other.name or bool(set(one.countries) & set(other.countries))


def named(parties: Sequence[Party]) -> list[Party]:
    """The parties but those that are only told to be one of the others: "our partner"."""
    return [party for party in parties if not OURS.fullmatch(party.name or "")]


def nearest(deeds: Sequence[Deed], to: Deed) -> Sequence[Deed]:
    """Of deeds in text order those around one."""
    here = bisect_left(deeds, to.start, key=lambda deed: deed.start)
    return deeds[max(0, here - NEAR) : here + NEAR]


def partner_of(deed: Deed, complete: Sequence[Deed]) -> Party | None:
    """The one party that stands opposite the known ones in other mentions, or None.

    Args:
        deed: one with a party.
        complete: mentions with both sides, in text order.
    """
    alike = []
    for other in nearest(complete, deed):
        if FAMILIES[other.event.type] != FAMILIES[deed.event.type] or not _all_known(deed, other):
            continue
        opposite = [party for party in named(other.parties) if not any(same_side(party, known) for known in deed.parties)]
        if opposite and len({party.name for party in opposite}) == 1:
            alike.append((other, opposite[0]))
    if FAMILIES[deed.event.type] == "meeting":
        return _agreed([party for other, party in alike if other.event.status == deed.event.status])
    about = [(other, party) for other, party in alike if are_of_one_thing(deed, other)]
    before = [party for other, party in about if other.start < deed.start]
    if before:
        return _of_one_state(before[-1], [party for _, party in about])
    if about:
        return _agreed([party for _, party in about])
    partner = _agreed([party for _, party in alike])
    if deed.objects and partner and not (deed.is_accord and all(p.kind == "government" for p in (*deed.parties, partner))):
        return None  # a delivery of another thing may be to another side; but no state makes an accord alone
    return partner


def are_of_one_thing(deed: Deed, other: Deed) -> bool:
    """Whether two deeds are about the same thing: their objects share a word, and are not called by different names."""
    if not deed.objects & other.objects:
        return False
    return not deed.names or not other.names or bool(deed.names & other.names)


def _all_known(deed: Deed, other: Deed) -> bool:
    """Whether all parties of one event take part in the other; in a meeting the same persons."""
    if FAMILIES[deed.event.type] == "meeting":
        names = {party.name for party in other.parties}
        return all(party.name in names for party in deed.parties)
    return all(any(same_side(party, theirs) for theirs in other.parties) for party in deed.parties)


def _agreed(parties: Sequence[Party]) -> Party | None:
    """The party on which all mentions agree; a state where the others are of that state."""
    if not parties:
        return None
    if len({party.name for party in parties}) == 1:
        return parties[0]
    chosen = _of_one_state(parties[-1], parties)
    return chosen if all(same_side(chosen, party) for party in parties) else None


def _of_one_state(party: Party, parties: Sequence[Party]) -> Party:
    """The state itself where a firm or an office of it would be chosen, and the state is named in its place elsewhere."""
    return next((p for p in parties if p.kind == "government" and set(p.countries) & set(party.countries)), party)
