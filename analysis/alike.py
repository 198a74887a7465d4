"""Two happenings, as mentions tell them: do they contradict each other, and how much of them agrees?

Never together: dates that cannot be the same, other places, other parties, other things it is about, another kind of deed,
and what did not happen with what did.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from analysis.deeds import ANY, Deed
from analysis.phrases import Likeness, Phrase, common, likeness

# Types that may tell one happening, as PLOVER's manual or the annotation of training/events.yaml lets a coder choose: a
# signing and a ratification, a truce declared and kept, captives arrested or abducted, a sentence that is a conviction and a
# detention, help that is trade. A threat is kin to what it threatens, as long as that has not happened.
KIN = {
    frozenset(pair)
    for pair in (
        ("AGREE", "SUPPORT"),
        ("CONCEDE", "RETREAT"),
        ("COERCE", "SANCTION"),
        ("COERCE", "ASSAULT"),
        ("AID", "COOPERATE"),
        *(("THREATEN", penalty) for penalty in ("SANCTION", "COERCE", "MOBILIZE", "ASSAULT", "PROTEST")),
    )
}
# Bodies that one report may leave open and another name.
UNKNOWN_ARMS = ({"UAF", "REB"}, {"UAF", "PRM"})
# Whether an act came about: what was considered, threatened or ruled out is a possible one.
REAL, PLANNED, POSSIBLE, REFUSED = range(4)
STAGE = {
    "occurred": REAL,
    "ongoing": REAL,
    "planned": PLANNED,
    "considered": POSSIBLE,
    "threatened": POSSIBLE,
    "refused": REFUSED,
}
TOGETHER = {(REAL, PLANNED), (PLANNED, POSSIBLE), (POSSIBLE, REFUSED)}

# What agrees counts, and so much is enough.
WITHIN, WITHIN_NOUN, WITHIN_OTHER_WORD, ACROSS = 3, 2, 4, 5
SAME_DAY, SAME_TIME, NEAR_TIME = 3, 2, 1
FEW_DAYS = 3  # an interval of so many days counts as exact


class Act(NamedTuple):
    """What was done: PLOVER's type, and what the words that name it tell."""

    type: str
    deed: Deed


class Party(NamedTuple):
    """A participant: the name in the row, and as it is compared; that is empty for a description. A government is its state.

    body: PLOVER's sector of a body or force whose members act for the whole, else empty.
    """

    said: str
    name: str
    kind: str
    state: bool
    body: str
    phrase: Phrase


class Parties(NamedTuple):
    """Both sides of one mention; in a mutual act everybody is an actor."""

    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]


class Happening(NamedTuple):
    """One mention, or several that are one happening: every value that the mentions give. Days are ordinals, both inclusive.

    things: what it is about, for each article. dated: whether a mention gives the days; else they are a guess from the
    day of the article, or the widest possible ones where the article has none (`guessed` is False).
    """

    acts: frozenset[Act]
    stages: frozenset[int]
    parties: tuple[Parties, ...]
    places: tuple[Phrase, ...]
    things: tuple[tuple[Phrase, ...], ...]
    first: int
    last: int
    dated: bool
    guessed: bool


# ------------------------------------------------------------------ what contradicts


def contradict(one: Happening, other: Happening, *, within: bool = False) -> bool:
    """Whether some mention of one cannot be the same happening as some mention of the other.

    within: both stand in one article, which may well call one thing by two words.
    """
    if one.last < other.first or other.last < one.first:
        return True
    return (
        _some(other_acts, one.acts, other.acts)
        or _some(_other_stages, one.stages, other.stages)
        or _some(_other_places, one.places, other.places)
        or _some(_other_names if within else other_things, one.things, other.things)
        or _some(other_parties, one.parties, other.parties)
    )


def _some(test: Callable[[Any, Any], bool], left: Collection[Any], right: Collection[Any]) -> bool:
    """Whether two different values of two happenings pass a test; equal ones are mostly one object."""
    if left is right and len(left) == 1:
        return False
    for a in left:
        for b in right:
            if a is not b and test(a, b):
                return True
    return False


def _other_stages(one: int, other: int) -> bool:
    return one != other and (min(one, other), max(one, other)) not in TOGETHER


def other_acts(one: Act, other: Act) -> bool:
    """Whether two acts are of other kinds: words for other deeds, or types that are not kin and no word for one deed."""
    names, other_names = one.deed.names - {ANY}, other.deed.names - {ANY}
    if names & other_names:
        return False
    if names and other_names and one.deed.own and other.deed.own:
        return True
    return one.type != other.type and frozenset((one.type, other.type)) not in KIN


def _other_places(one: Phrase, other: Phrase) -> bool:
    found = likeness(one, other)
    return found == Likeness.CONFLICT or (found == Likeness.APART and bool(one.names and other.names))


@lru_cache(maxsize=1 << 13)
def other_things(one: tuple[Phrase, ...], other: tuple[Phrase, ...]) -> bool:
    """Whether what two articles say a happening is about is not the same."""
    found = [likeness(a, b) for a, b in product(one, other)]
    if Likeness.CONFLICT in found:
        return True
    return Likeness.SAME not in found and Likeness.UNKNOWN not in found


def _other_names(one: tuple[Phrase, ...], other: tuple[Phrase, ...]) -> bool:
    """The same within an article: only names and like heads tell two things apart."""
    return any(
        found == Likeness.CONFLICT or (found == Likeness.APART and a.names and b.names)
        for a, b in product(one, other)
        for found in (likeness(a, b),)
    )


@lru_cache(maxsize=1 << 13)
def other_parties(one: Parties, other: Parties) -> bool:
    """Whether others take part: nobody on a side is the same, or each of two sides has somebody whom the other lacks."""
    acted = agreement(one.recipients, other.recipients)
    return acted < 0 or agreement(one.actors, other.actors, lenient=acted > 0) < 0


def agreement(one: Sequence[Party], other: Sequence[Party], *, lenient: bool = False) -> int:
    """How far two sides agree: points for each participant that they share, 0 where nothing can be told, -1 where they differ.

    With `lenient`, descriptions in other words ("gunmen", "armed men") tell nothing.
    """
    if not one or not other:
        return 0
    both = {party.name for party in one if party.name} & {party.name for party in other}
    named = sum(1 if party.state else 2 for party in one if party.name in both)
    rest = [party for party in one if party.name not in both]
    other_rest = [party for party in other if party.name not in both]
    if not rest or not other_rest:
        return named
    found = [[same_party(a, b, lenient=lenient) for b in other_rest] for a in rest]
    left_over = any(max(row) < 0 for row in found)
    right_over = any(max(column) < 0 for column in zip(*found, strict=True))
    if left_over and right_over:
        return -1
    return named + sum(points for row in found if (points := max(row)) > 0)


@lru_cache(maxsize=1 << 13)
def same_party(one: Party, other: Party, *, lenient: bool = False) -> int:
    """2 where two participants have one name, 1 where they seem the same, 0 where nothing can be told, -1 where they differ."""
    if not (one.name and other.name):
        return _described(one, other, lenient=lenient)
    if one.name == other.name:
        return 1 if one.state else 2
    shared = one.phrase.countries & other.phrase.countries
    if one.state and other.state:
        return 1 if shared else -1  # Kremlin and Russia
    if one.state or other.state:
        return 1 if shared else -1 if one.phrase.countries and other.phrase.countries else 0
    parts, other_parts = set(one.name.split()), set(other.name.split())
    if parts <= other_parts or other_parts <= parts or common(one.phrase, other.phrase) >= min(len(parts), len(other_parts)):
        return 1
    return 0 if shared and {one.kind, other.kind} == {"person", "organisation"} else -1


def _described(one: Party, other: Party, *, lenient: bool) -> int:
    """As `same_party`, where at least one of the two is only described."""
    found = likeness(one.phrase, other.phrase)
    if found == Likeness.CONFLICT:
        return -1
    if found < Likeness.SAME and one.body and other.body:
        return 1 if one.body == other.body or {one.body, other.body} in UNKNOWN_ARMS else -1
    if found == Likeness.APART:
        return 0 if lenient or one.name or other.name else -1
    one_state = found == Likeness.SAME and not common(one.phrase, other.phrase)
    if one_state and (one.name or other.name) and not (one.state or other.state):
        return 0  # "Ana Roe of Fiji", "the Fijian minister"
    return 1 if found == Likeness.SAME else 0


# ------------------------------------------------------------------ what agrees


class Points(NamedTuple):
    """How much agrees: the parties, the days, the place, what it is about, and the words that name it."""

    parties: int
    days: int
    place: int
    thing: int
    deed: int


def points(one: Happening, other: Happening) -> Points:
    """What agrees between two happenings that do not contradict each other; a thing told in other words counts against it."""
    return Points(
        max(
            min(4, max(0, agreement(a.actors, b.actors)) + max(0, agreement(a.recipients, b.recipients)))
            for a, b in product(one.parties, other.parties)
        ),
        _same_days(one, other),
        int(any(likeness(a, b) == Likeness.SAME for a, b in product(one.places, other.places))),
        max(
            (_same_thing(a, b) for left, right in product(one.things, other.things) for a, b in product(left, right)),
            default=0,
        ),
        int(any(_one_deed(a, b) for a, b in product(one.acts, other.acts))),
    )


def _one_deed(one: Act, other: Act) -> bool:
    shared = one.deed.names & other.deed.names
    return bool(shared - {ANY} or (shared and one.type == other.type))


def _same_thing(one: Phrase, other: Phrase) -> int:
    found = likeness(one, other)
    if found != Likeness.SAME:
        return -1 if found == Likeness.APART else 0
    return 2 if one.names & other.names or common(one, other) > 1 else 1


def _same_days(one: Happening, other: Happening) -> int:
    if not (one.dated and other.dated):
        return NEAR_TIME if (one.dated or one.guessed) and (other.dated or other.guessed) else 0
    if (one.first, one.last) == (other.first, other.last) and one.last - one.first < FEW_DAYS:
        return SAME_DAY
    return SAME_TIME if max(one.last - one.first, other.last - other.first) <= 31 else NEAR_TIME


def link_within(one: Happening, other: Happening) -> int:
    """How strongly two mentions of one article are linked, 0 if they are not."""
    found = points(one, other)
    if found.deed:
        nouns = any(act.deed.noun for act in (*one.acts, *other.acts))
        enough = WITHIN_NOUN if nouns else WITHIN  # "the deal", "the arrest" come back to what was told
    else:
        enough = WITHIN_OTHER_WORD
    return sum(found) if _alike(one, other, found) and found.parties and sum(found) >= enough else 0


def link_across(one: Happening, other: Happening) -> int:
    """How strongly what two articles tell is linked, 0 if it is not."""
    found = points(one, other)
    if found.days == 0 and not ((found.place or found.thing > 0) and REAL in one.stages & other.stages):
        return 0  # without any day, an act of the same parties may be any of its kind, and a plan any of many
    if not one.stages & other.stages and one.stages | other.stages >= {REAL, PLANNED} and found.days < SAME_DAY:
        return 0  # what was planned is what happened only where the day is the same
    return sum(found) if _alike(one, other, found) and (found.parties or found.place) and sum(found) >= ACROSS else 0


def _alike(one: Happening, other: Happening, found: Points) -> bool:
    """Whether they are named alike: by words for one deed, or of one type and on one day or alike in coming about."""
    if found.deed:
        return True
    types, other_types = ({act.type for act in acts} for acts in (one.acts, other.acts))
    stages = one.stages & other.stages or found.days == SAME_DAY
    return bool(stages and (types & other_types or "THREATEN" in types | other_types))
