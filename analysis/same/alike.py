"""Two happenings, as mentions tell them: do they contradict each other, and how much of them agrees?

Never together: dates that cannot be the same, other places, other parties, other things it is about, another kind of deed,
and what did not happen with what did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from itertools import chain, permutations, product
from typing import Any, NamedTuple

from analysis.same.deeds import ANY, Deed
from analysis.same.phrases import HEAD_END, Likeness, Phrase, common, exclude, likeness

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
PEOPLE = "CVL"  # residents, protesters: a report may well say no more of farmers or students
OFFICIAL = frozenset(("COP", "MIL", "UAF", "REB", "PRM", "SPY", "LEG", "JUD", "GOV"))
NO_OFFICE = frozenset(("state",))  # "Secretary of State Ana Roe", "the member states"
MANY = re.compile(r"[^\Ws]s$")  # the plural of a description, but not "boss"
MOST_PAIRED = 4  # of so many participants on a side it is tried out who is who
# Areas that have towns, as stems.
AREAS = frozenset("provinc region state counti district depart governor prefectur canton".split())
# Types whose act is known by what it is about.
TOPICAL = frozenset(("AGREE", "SUPPORT", "REJECT"))
# Deeds whose words do not say how: they fit any other of their type ("sanctions" are a cut in aid, or frozen assets).
VAGUE = frozenset((ANY, "sanction"))
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
FEW_DAYS = 3  # an interval of so many days counts as exact, and an undated report so soon after an act as one of it
BEFORE, AFTER = 7, 7  # an undated act lies so many days before, or one to come so many after, the day of its article


class Act(NamedTuple):
    """What was done: PLOVER's type, and what the words that name it tell.

    another: they tell that it is another one than what the article told before.
    """

    type: str
    deed: Deed
    another: bool = False


class Party(NamedTuple):
    """A participant: the name in the row, and as it is compared; that is empty for a description. A government is its state.

    sector: PLOVER's, if its words tell it, else empty. body: the sector of a body or force whose members act for the whole,
    else empty. told: the mention as it is written, with office and place.
    """

    said: str
    name: str
    kind: str
    state: bool
    sector: str
    body: str
    phrase: Phrase
    told: Phrase


class Parties(NamedTuple):
    """Both sides of one mention; in a mutual act everybody is an actor."""

    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]


class Happening(NamedTuple):
    """One mention, or several that are one happening: every value that the mentions give. Days are ordinals, both inclusive.

    things: what it is about, for each article. words: those around it that tell something, as stems. dated: whether a mention
    gives the days; else they are a guess from the day of the article, or the widest possible ones where the article has none
    (`guessed` is False).
    """

    acts: frozenset[Act]
    stages: frozenset[int]
    parties: tuple[Parties, ...]
    places: tuple[Phrase, ...]
    things: tuple[tuple[Phrase, ...], ...]
    words: tuple[str, ...]
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
        or _some(_other_names if within else _excluded, one.things, other.things)
        or _some(other_parties, one.parties, other.parties)
    )


def is_another(before: Happening, after: Happening) -> bool:
    """Whether an article tells something to be another one than what it told before: "the talks", then "further talks"."""
    return any(act.another for act in after.acts) and not any(act.another for act in before.acts)


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
    """Whether two acts are of other kinds: words for other deeds, or types that are not kin and no word for one deed.

    A word that is listed with another type only ("travel" of a travel ban) makes no two types kin.
    """
    names, other_names = one.deed.names - VAGUE, other.deed.names - VAGUE
    own = one.deed.own and other.deed.own
    kin = one.type == other.type or frozenset((one.type, other.type)) in KIN
    if names & other_names and (kin or own):
        return False
    return not kin or bool(names and other_names and own)


def _other_places(one: Phrase, other: Phrase) -> bool:
    found = likeness(one, other)
    if found == Likeness.APART and (one.head in AREAS) != (other.head in AREAS):
        return False  # a town may lie in the province
    return found == Likeness.CONFLICT or (found == Likeness.APART and bool(one.names and other.names))


def _excluded(one: tuple[Phrase, ...], other: tuple[Phrase, ...]) -> bool:
    """Whether what two articles say a happening is about cannot be the same; other words only count against it."""
    return any(exclude(a, b) for a, b in product(one, other))


def _other_names(one: tuple[Phrase, ...], other: tuple[Phrase, ...]) -> bool:
    """The same within an article, where a like head with other words tells two things apart too."""
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
    if len(rest) > len(other_rest):
        rest, other_rest = other_rest, rest
    found = [[same_party(a, b, lenient=lenient) for b in other_rest] for a in rest]
    if len(other_rest) > MOST_PAIRED:
        return named + sum(max(0, *row) for row in found) if any(max(row) >= 0 for row in found) else -1
    # Each of the fewer is one of the others, and no two are the same.
    best = -1
    for order in permutations(range(len(other_rest)), len(rest)):
        told = [row[place] for row, place in zip(found, order, strict=True)]
        if min(told) >= 0:
            best = max(best, sum(told))
    return named + best if best >= 0 else -1


@lru_cache(maxsize=1 << 13)
def same_party(one: Party, other: Party, *, lenient: bool = False) -> int:
    """2 where two participants have one name, 1 where they seem the same, 0 where nothing can be told, -1 where they differ."""
    if not one.name and not other.name:
        return _described(one, other, lenient=lenient)
    if not (one.name and other.name):
        return _told_of(one, other) if one.name else _told_of(other, one)
    if one.name == other.name:
        return 1 if one.state else 2
    shared = one.phrase.countries & other.phrase.countries
    if one.state and other.state:
        return 1 if shared else -1  # a seat of government and its state
    if one.state or other.state:
        return 1 if shared else -1 if one.phrase.countries and other.phrase.countries else 0
    parts, other_parts = set(one.name.split()), set(other.name.split())
    if parts <= other_parts or other_parts <= parts or common(one.phrase, other.phrase) >= min(len(parts), len(other_parts)):
        return 1
    return 0 if shared and {one.kind, other.kind} == {"person", "organisation"} else -1


def _described(one: Party, other: Party, *, lenient: bool) -> int:
    """As `same_party`, where both are only described."""
    found = likeness(one.phrase, other.phrase)
    if found in (Likeness.CONFLICT, Likeness.SAME):
        return 1 if found == Likeness.SAME else -1
    sectors = {one.sector, other.sector}
    if PEOPLE in sectors and not sectors & OFFICIAL:
        return 0
    if one.body and other.body:
        return 1 if one.body == other.body or sectors in UNKNOWN_ARMS else -1
    return 0 if lenient or found == Likeness.UNKNOWN else -1


def _told_of(named: Party, other: Party) -> int:
    """As `same_party`, where one is named, and may be described too, and the other is only described."""
    found = likeness(named.phrase, other.phrase)
    if found == Likeness.CONFLICT:
        return -1
    if named.body and other.body and found < Likeness.SAME:
        return int(named.body == other.body or {named.body, other.body} in UNKNOWN_ARMS)
    if found == Likeness.SAME and (named.state or common(named.phrase, other.phrase)):
        return 1
    office = named.told.words - named.phrase.words - NO_OFFICE
    shared = office & other.phrase.words
    if MANY.search(HEAD_END.split(other.said, maxsplit=1)[0]):
        return 0  # "Foreign Minister Ana Roe", "foreign ministers": one of them, or none
    if other.phrase.head in shared and office - shared and other.phrase.words - shared:
        return -1  # "Trade Minister Ana Roe", "the health minister"
    return 1 if shared else 0  # "Ana Roe of Fiji", "the Fijian minister" may be two


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
    if one.dated != other.dated:
        undated, dated = (other, one) if one.dated else (one, other)
        if not undated.guessed:
            return 0
        return SAME_TIME if 0 <= undated.first + BEFORE - dated.last < FEW_DAYS and dated.first == dated.last else NEAR_TIME
    if not one.dated:
        return NEAR_TIME if one.guessed and other.guessed else 0
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
    strength = sum(found) - _is_topical(one, other, found)
    return strength if _alike(one, other, found) and found.parties and strength >= enough else 0


def link_across(one: Happening, other: Happening) -> int:
    """How strongly what two articles tell is linked, 0 if it is not."""
    found, around = points(one, other), _around(one, other)
    if found.days == 0 and not ((found.place or found.thing > 0 or around > 1) and REAL in one.stages & other.stages):
        return 0  # without any day, an act of the same parties may be any of its kind, and a plan any of many
    if not one.stages & other.stages and one.stages | other.stages >= {REAL, PLANNED} and found.days < SAME_DAY:
        return 0  # what was planned is what happened only where the day is the same
    strength = sum(found) + around - _is_topical(one, other, found)
    return strength if _alike(one, other, found) and strength >= ACROSS else 0


def _is_topical(one: Happening, other: Happening, found: Points) -> bool:
    """Whether other words for what it is about count twice, since the act is known by that."""
    return found.thing < 0 and any(act.type in TOPICAL for act in (*one.acts, *other.acts))


def _around(one: Happening, other: Happening) -> int:
    """How much the words around two happenings agree, beyond what both tell in one role: 2 at most, and 1 for a named place."""
    named = any(a.names and b.names and likeness(a, b) == Likeness.SAME for a, b in product(one.places, other.places))
    shared = set(one.words).intersection(other.words)
    if shared:
        shared -= _words_of(one.places) & _words_of(other.places)
        shared -= _words_of(chain(*one.things)) & _words_of(chain(*other.things))
        shared -= _words_of_parties(one) & _words_of_parties(other)
    return min(2, len(shared)) + named


def _words_of(phrases: Iterable[Phrase]) -> set[str]:
    return {word for phrase in phrases for word in phrase.words}


def _words_of_parties(happening: Happening) -> set[str]:
    return _words_of(party.told for sides in happening.parties for side in sides for party in side)


def _alike(one: Happening, other: Happening, found: Points) -> bool:
    """Whether they are named alike: by words for one deed, or of one type and on one day or alike in coming about."""
    if found.deed:
        return True
    types, other_types = ({act.type for act in acts} for acts in (one.acts, other.acts))
    stages = one.stages & other.stages or found.days == SAME_DAY
    return bool(stages and (types & other_types or "THREATEN" in types | other_types))
