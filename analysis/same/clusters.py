"""Happenings and the links between them -> clusters in which nothing contradicts anything.

The order in which happenings come in decides only between links that are equally strong.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import product

from analysis.same.alike import Happening, contradict, is_another, link_across, link_within
from analysis.same.deeds import ANY

# Types of one line are looked at together.
GROUPS = ("AGREE SUPPORT", "CONCEDE RETREAT", "SANCTION COERCE ASSAULT MOBILIZE PROTEST THREATEN", "AID COOPERATE")
GROUP_OF = {kind: group for group in GROUPS for kind in group.split()}
MOST = 100  # ways of naming the parties that a cluster may hold: what is compared stays bounded
NEAREST, NEAREST_WITHIN = 60, 30  # so many others that may be the same are compared with each


def clusters(
    happenings: Sequence[Happening], links: Iterable[tuple[int, int, int]], *, within: bool = False
) -> list[tuple[Happening, list[int]]]:
    """Put happenings together along their links.

    Args:
        happenings: in an order that does not depend on chance.
        links: (strength, place, place) of those that may be the same, each pair once.
        within: whether they stand in one article.

    Returns:
        Clusters in the order of their first members: what they tell together, and the places of the members, ascending.

    The strongest link comes first, of equals that between neighbours. Complete linkage: a cluster holds no two happenings that
    contradict each other.
    """
    whole = list(happenings)
    members = [[place] for place in range(len(whole))]
    home = list(range(len(whole)))
    for _, i, j in sorted(links, key=lambda link: (-link[0], abs(link[1] - link[2]), link[1], link[2])):
        a, b = sorted((home[i], home[j]))
        if a == b or len(whole[a].parties) + len(whole[b].parties) > MOST:
            continue
        if contradict(whole[a], whole[b], within=within) or (within and is_another(whole[a], whole[b])):
            continue
        whole[a] = joined(whole[a], whole[b])
        members[a] += members[b]
        for place in members[b]:
            home[place] = a
        members[b] = []
    return [(happening, sorted(places)) for happening, places in zip(whole, members, strict=True) if places]


def joined(one: Happening, other: Happening) -> Happening:
    """What two clusters that do not contradict each other tell together; days are those on which both can be."""
    return Happening(
        acts=one.acts | other.acts,
        stages=one.stages | other.stages,
        parties=tuple(dict.fromkeys(one.parties + other.parties)),
        places=tuple(dict.fromkeys(one.places + other.places)),
        things=tuple(dict.fromkeys(one.things + other.things)),
        words=one.words if one.words == other.words else tuple(dict.fromkeys(one.words + other.words))[:MOST],
        first=max(one.first, other.first),
        last=min(one.last, other.last),
        dated=one.dated or other.dated,
        guessed=one.guessed or other.guessed,
    )


def links_within(happenings: Sequence[Happening]) -> Iterable[tuple[int, int, int]]:
    """Links between the mentions of one article, in text order: (strength, place, place)."""
    seen: dict[str, list[int]] = defaultdict(list)
    for j, other in enumerate(happenings):
        groups = [seen[kind] for kind in kinds(other)]
        for i in sorted({i for group in groups for i in group[-NEAREST_WITHIN:]}):
            if not contradict(happenings[i], other, within=True) and (strength := link_within(happenings[i], other)):
                yield strength, i, j
        for group in groups:
            group.append(j)


def links_across(happenings: Sequence[Happening], articles: Sequence[int]) -> Iterable[tuple[int, int, int]]:
    """Links between what articles tell, where they share a participant, place or thing and can be at the same time.

    articles: the number of the article that tells each happening; what one article tells was put together before.
    """
    linked: set[int] = set()
    for i, j in _candidates(happenings):
        one, other = happenings[i], happenings[j]
        pair = i * len(happenings) + j
        if articles[i] == articles[j] or pair in linked:
            continue
        if not contradict(one, other) and (strength := link_across(one, other)):
            linked.add(pair)
            yield strength, i, j


def _candidates(happenings: Sequence[Happening]) -> Iterable[tuple[int, int]]:
    """Pairs that may be linked; some come more than once."""
    timeless = [place for place, happening in enumerate(happenings) if _has_no_days(happening)]
    timed = (place for place, happening in enumerate(happenings) if not _has_no_days(happening))
    for block in _blocks(happenings, timed, _who_and_where):
        yield from _at_one_time(happenings, block)
    # Where there is no day, place or thing must agree.
    for block in _blocks(happenings, range(len(happenings)) if timeless else (), _where_and_what):
        without = [place for place in block if _has_no_days(happenings[place])]
        for number, place in enumerate(without):
            near = bisect(block, place)
            others = {*block[max(0, near - NEAREST) : near + NEAREST], *without[max(0, number - NEAREST) : number]}
            yield from ((min(place, other), max(place, other)) for other in sorted(others) if other != place)


def _blocks(
    happenings: Sequence[Happening], places: Iterable[int], words: Callable[[Happening], set[str]]
) -> Iterable[list[int]]:
    """Happenings of kin types that share a word, each block in order."""
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place in places:
        happening = happenings[place]
        for token in product(kinds(happening), words(happening)):
            blocks[token].append(place)
    while blocks:
        _, block = blocks.popitem()
        if len(block) > 1:
            yield block


def kinds(happening: Happening) -> list[str]:
    """Under which kinds of acts a happening is looked for: types that are kin, and deeds."""
    types = {GROUP_OF.get(act.type, act.type) for act in happening.acts}
    return sorted(types | {name for act in happening.acts for name in act.deed.names - {ANY}})


def _at_one_time(happenings: Sequence[Happening], places: list[int]) -> Iterable[tuple[int, int]]:
    """Pairs whose days overlap; of many, each is paired with those that began last."""
    running: list[int] = []
    for place in sorted(places, key=lambda place: (happenings[place].first, place)):
        running = [other for other in running if happenings[other].last >= happenings[place].first][-NEAREST:]
        yield from ((min(place, other), max(place, other)) for other in running)
        running.append(place)


def _has_no_days(happening: Happening) -> bool:
    return not (happening.dated or happening.guessed)


def _who_and_where(happening: Happening) -> set[str]:
    found: set[str] = set()
    for party in {party for sides in happening.parties for side in sides for party in side}:
        found.update((party.name,) if party.name and not party.state else (), party.told.words, party.phrase.countries)
    return found | _where_and_what(happening)


def _where_and_what(happening: Happening) -> set[str]:
    found = {word for phrase in happening.places for word in (phrase.names or phrase.words or phrase.countries)}
    return found | {word for things in happening.things for phrase in things for word in phrase.words}
