"""Names in the rows of all articles -> one name for each actor of the corpus, and the actors table.

Two names become one where nothing else fits: spellings of one name, a full name and a shorter form of it, a surname with
just one bearer, an abbreviation of just one organisation. Where two people share a surname, or the states differ, the names
stay apart.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any, NamedTuple

from analysis.authority import Authority
from analysis.names import parts_of_name
from analysis.places import fold
from analysis.same.phrases import EMPTY, is_spelling
from analysis.speakers import SINGULAR
from analysis.wordlists import Words

Row = dict[str, Any]

PERSON, GOVERNMENT, ORGANISATION, GROUP, UNKNOWN = "person", "government", "organisation", "group", "unknown"
CLEAR = 0.75  # a state that has so large a share of the mentions whose state is told is the actor's
FEWEST_LETTERS = 3  # of an abbreviation
SELDOM = 0.01  # a form with so small a share of an actor's mentions is not the actor's name
# What a state has one of, so that "Fiji's military" and "the Fijian military" are one.
BODIES = frozenset(
    "ministry military army navy police parliament congress senate cabinet embassy treasury guard force forces".split()
)
LANDS = frozenset("state city country nation kingdom republic monarchy".split())  # "Washington State" is a place
HE_OR_SHE = frozenset((*SINGULAR, "hers", "himself", "herself"))
MANY_ALIASES = 30
PARTICLES = frozenset("the of and for de".split())
NO_PERSON = frozenset("of the for and in at from with on".split())  # words of no person's name: "relatives of Ana Roe"
# Letters that other writers put for the same sound at the end of "Sergei", "Dmitri", "Yusuf".
SOUNDS = str.maketrans("yjw", "iiv")
DOUBLE = re.compile(r"(.)(?=\1)")


class Who(NamedTuple):
    """Whom a name means in the whole corpus: canonical name, kind as in schema.SPEAKER_KINDS, alpha-3 code or None."""

    name: str
    kind: str = UNKNOWN
    country: str | None = None


@dataclass(slots=True)
class _Seen:
    """What the rows tell of one name, as it is written."""

    statements: int = 0
    events: int = 0
    mentions: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    persons: int = 0  # events in which its mention can be but a person's
    countries: Counter[str] = field(default_factory=Counter)
    words: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        return self.statements + self.events + self.mentions


def is_name(words: str) -> bool:
    """Whether a participant is named and not only described: its first and its last word begin with a capital or a digit.

    >>> is_name("Lakeside Union"), is_name("Kenyan miners"), is_name("two envoys"), is_name("The")
    (True, False, False, False)
    """
    parts = words.split()
    if len(parts) == 1 and (len(words) == 1 or words.lower() in EMPTY):
        return False
    return bool(parts) and not (parts[0][0].islower() or parts[-1][0].islower()) and any(c.isupper() for c in words)


class Actors:
    """Takes the rows of one article after the other, holds the names, and tells in the end who is who.

    Args:
        words: the word lists; the places tell which names are states.
        authority: what the researcher knows about actors.

    The order of the articles does not matter. What is held grows with the number of different names.
    """

    def __init__(self, words: Words, authority: Authority) -> None:
        self._words, self._authority = words, authority
        self._seen: dict[str, _Seen] = {}
        self._who: dict[str, Who] = {}

    def add(
        self, statements: Iterable[Mapping[str, Any]], events: Iterable[Mapping[str, Any]], text: str | None = None
    ) -> None:
        """Add the rows of one article, and its text, in which the mentions of those who take part in events stand."""
        for row in statements:
            if row.get("speaker"):
                seen = self._of(row["speaker"])
                seen.statements += 1
                seen.kinds[row["speaker_kind"]] += 1
                if row.get("country"):
                    seen.countries[row["country"]] += 1
                if row.get("source") and row["speaker_basis"] == "named" and len(seen.words) < MANY_ALIASES:
                    seen.words.add(row["source"])
            for name in (*row["mentions"], *([row["addressee"]] if row.get("addressee") else ())):
                if is_name(name):
                    self._of(name).mentions += 1
        for row in events:
            self._add_event(row, text)

    def _add_event(self, row: Mapping[str, Any], text: str | None) -> None:
        for name in dict.fromkeys((*row["actors"], *row["recipients"])):
            if is_name(name):
                self._of(name).events += 1
        for name in self._persons(row, text) if text else ():
            self._of(name).persons += 1
        name, country = self._with_the_state_left(row)
        if country and is_name(name):
            self._of(name).countries[country] += 1

    def _persons(self, row: Mapping[str, Any], text: str) -> set[str]:
        """Who takes part in an event under a pronoun or an office that only a person has: "she", "Trade Minister Roe"."""
        found = set()
        for names, spans in ((row["actors"], row["actor_spans"]), (row["recipients"], row["recipient_spans"])):
            for name, pieces in zip(names, spans, strict=True) if len(names) == len(spans) else ():
                mention = " ".join(text[start:end] for start, end in pieces)
                before, _, after = mention.rpartition(name.split()[-1])
                # What stands in the name itself is no title, unless it is a short form: "Liberal Left", "Gen. Roe".
                titles = [word for word in before.split() if word.endswith(".") or word not in name.split()]
                kinds = [role.kind for word in titles[-1:] if (role := self._words.role(word))]
                titled = PERSON in kinds and not after and not before.rstrip().endswith(("'s", "’s"))
                if is_name(name) and (mention.lower() in HE_OR_SHE or titled):
                    found.add(name)
        return found

    def _with_the_state_left(self, row: Mapping[str, Any]) -> tuple[str, str | None]:
        """Whom a state of an event belongs to: the only one whose words name no state gets the only one that is left."""
        states = {
            name: {place.country for _, place in self._words.places.all_in(name)}
            for name in dict.fromkeys((*row["actors"], *row["recipients"]))
        }
        bare = [name for name, named in states.items() if not named]
        left = set(row["countries"]).difference(*states.values())
        if len(states) == len(row["countries"]) == 1:
            return next(iter(states)), row["countries"][0]
        return (bare[0], left.pop()) if len(bare) == len(left) == 1 else ("", None)

    def _of(self, name: str) -> _Seen:
        return self._seen.setdefault(name, _Seen())

    # -------------------------------------------------------------- who is who

    def who(self, name: str) -> Who:
        """Whom a name of the rows means, once all articles are there; a name that was not added means itself."""
        if not self._who and self._seen:
            for group in self._groups():
                one = self._one(group)
                self._who.update(dict.fromkeys(group, one))
        return self._who.get(name, Who(name))

    def rows(self) -> list[Row]:
        """The rows of the actors table, sorted by name."""
        groups: dict[Who, list[str]] = defaultdict(list)
        for name in sorted(self._seen):
            groups[self.who(name)].append(name)
        return [self._row(one, groups[one]) for one in sorted(groups)]

    def _row(self, one: Who, names: Sequence[str]) -> Row:
        seen = [self._seen[name] for name in names]
        words = {form for each, name in zip(seen, names, strict=True) for said in each.words if (form := form_of(said, name))}
        known = self._authority.find(one.name)
        return {
            "actor": one.name,
            "of": self._state_of(one),
            "kind": one.kind,
            "country": one.country,
            "aliases": sorted({*names, *words} - {one.name})[:MANY_ALIASES],
            "n_statements": sum(each.statements for each in seen),
            "n_events": sum(each.events for each in seen),
            "basis": "authority" if known and known.name == one.name else "found",
        }

    def _state_of(self, one: Who) -> str | None:
        """The state whose government an actor is: a government, or the seat of one."""
        place = self._words.places.find(one.name)
        if one.kind != GOVERNMENT or not one.country or (place and place.kind in ("name", "capital")):
            return None
        state = self._words.places.short_name(one.country)
        return None if state == one.name else state

    def _one(self, names: Sequence[str]) -> Who:
        seen = [self._seen[name] for name in names]
        entries = {entry.name: entry for name in names if (entry := self._authority.find(name))}
        known = next(iter(entries.values())) if len(entries) == 1 else None
        name = known.name if known else self._best(names)
        return Who(name, known.kind if known else self._kind(names), (known and known.country) or self._country(name, seen))

    def _best(self, names: Sequence[str]) -> str:
        """The fullest form that is not seldom, of equals the one used most; of its spellings the one with the most signs.

        A form used once in a hundred times is a headline's or a mistake: "Texans Ana Roe".
        """
        spellings: dict[str, list[str]] = defaultdict(list)
        for name in names:
            spellings[_key(name)].append(name)
        used = {key: sum(self._seen[name].count for name in some) for key, some in spellings.items()}
        usual = [key for key in spellings if used[key] >= SELDOM * sum(used.values())]
        full = max(usual, key=lambda key: (len([w for w in key.split() if len(w) > 1]), used[key], key))
        return min(
            spellings[full],
            key=lambda name: (name.isupper(), name.lower().startswith("the "), -_signs(name), -self._seen[name].count, name),
        )

    def _kind(self, names: Sequence[str]) -> str:
        if any((place := self._words.places.find(name)) and place.kind in ("name", "capital", "seat") for name in names):
            return GOVERNMENT
        votes: Counter[str] = sum((self._seen[name].kinds for name in names), Counter())
        votes.pop(UNKNOWN, None)
        if votes:
            return min(votes, key=lambda kind: (-votes[kind], kind))
        if any(self._seen[name].persons or self._has_first_name(name) for name in names):
            return PERSON
        if any(self._is_group(name) for name in names):
            return GROUP
        return ORGANISATION if any(self._body(name) or self._is_organisation(name) for name in names) else UNKNOWN

    def _is_group(self, name: str) -> bool:
        """Whether a name is that of a people, which may have a word before it: "Greek Cypriots"."""
        states = self._words.places.all_in(name)
        return bool(states) and states[-1][1].kind == "people" and name.endswith(states[-1][0])

    def _is_organisation(self, name: str) -> bool:
        """Whether a name of several words says itself what it is: "Lakeside Foundation", "Department of State"."""
        head = name.split(" of ")[0].split()
        role = self._words.role(head[-1]) if head and " " in name else None
        return role is not None and role.kind == ORGANISATION and head[-1].lower() not in LANDS and head[-1][0].isupper()

    def _body(self, name: str) -> tuple[str, str] | None:
        """The state and the words of a body of which a state has one: "Fiji's military" is FJI and "military"."""
        bare = name.removeprefix("The ").removeprefix("the ")
        alias, place = next(iter(self._words.places.all_in(bare)), ("", None))
        rest = fold(re.sub(r"^['’]s?\b", "", bare[len(alias) :])).split()
        if place is None or place.kind not in ("name", "people") or not bare.startswith(alias) or not rest:
            return None
        return (place.country, " ".join(rest)) if rest[-1] in BODIES else None

    def _has_first_name(self, name: str) -> bool:
        parts = fold(name).split()
        return 1 < len(parts) < 5 and parts[0] in self._words.genders

    def _country(self, name: str, seen: Sequence[_Seen]) -> str | None:
        place = self._words.places.find(name.removesuffix(" government"))
        if place:
            return place.country
        votes: Counter[str] = sum((each.countries for each in seen), Counter())
        if not votes:
            body = self._body(name)
            return body[0] if body else None
        country = min(votes, key=lambda code: (-votes[code], code))
        return country if votes[country] >= CLEAR * votes.total() else None

    # -------------------------------------------------------------- names that are one

    def _groups(self) -> list[list[str]]:
        """All names, in groups that mean one actor each."""
        spellings: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._seen):
            known = self._authority.find(name)
            spellings[_key(known.name if known else name)].append(name)
        home = {key: key for key in spellings}
        facts = {key: self._facts(names) for key, names in spellings.items()}
        people = {key: fact for key, fact in facts.items() if NO_PERSON.isdisjoint(key.split())}
        for joined in (full_names(people), lone_surnames(people), abbreviations(facts), bodies(facts)):
            for key, other in joined:
                home[key] = other
        groups: dict[str, list[str]] = defaultdict(list)
        for key, names in spellings.items():
            groups[end_of(key, home)] += names
        return list(groups.values())

    def _facts(self, names: Sequence[str]) -> Facts:
        seen = [self._seen[name] for name in names]
        short = any(name.isupper() and len(fold(name)) >= FEWEST_LETTERS and " " not in name for name in names)
        return Facts(self._kind(names), self._country(names[0], seen), short, self._body(names[0]))


class Facts(NamedTuple):
    """What is known of a name: kind, state, whether it is an abbreviation in capitals, and of a state's body whose and what."""

    kind: str
    country: str | None
    short: bool
    body: tuple[str, str] | None = None


def full_names(facts: Mapping[str, Facts]) -> Iterable[tuple[str, str]]:
    """Pairs of full names (shorter form, fuller form) of one person.

    A form that fits two others which do not fit each other ("George Roe": "George A. Roe", "George B. Roe") joins none.

    >>> person = Facts("person", None, False)
    >>> list(full_names(dict.fromkeys(["ana ruiz", "ana m ruiz", "eva ruiz"], person)))
    [('ana ruiz', 'ana m ruiz')]
    """
    fits: dict[str, set[str]] = defaultdict(set)
    for one, other in _look_alike(facts):
        if _agree(facts[one], facts[other]) and PERSON in (facts[one].kind, facts[other].kind) and one_person(one, other):
            fits[one].add(other)
            fits[other].add(one)
    clear = {name for name, others in fits.items() if all(b in fits[a] for a, b in combinations(sorted(others), 2))}
    for name in sorted(clear):
        fuller = max((name, *(fits[name] & clear)), key=lambda form: (len(form.split()), len(form), form))
        if fuller != name:
            yield name, fuller


def _look_alike(facts: Mapping[str, Facts]) -> Iterable[tuple[str, str]]:
    """Pairs of full names with like surnames and a given name or initial in common."""
    blocks: dict[tuple[str, str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    initials: dict[tuple[str, str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, fact in facts.items():
        *given, surname = _parts(name)
        if fact.kind in (PERSON, UNKNOWN) and 0 < len(given) < 5:
            for part in {_sound(part) for part in given}:
                (initials if len(part) == 1 else blocks)[surname[0], _sound(surname)[-1], part][surname].append(name)
    for (first, last, part), block in blocks.items():
        yield from _pairs(block, block)
        yield from _pairs(initials.get((first, last, part[0]), {}), block)
    for block in initials.values():
        yield from _pairs(block, block)


def _pairs(some: Mapping[str, list[str]], others: Mapping[str, list[str]]) -> Iterable[tuple[str, str]]:
    """Names of like surnames, one of each block."""
    for one, other in product(sorted(some), sorted(others)):
        if (some is not others or one <= other) and _like_surnames(one, other):
            yield from ((a, b) for a, b in product(some[one], others[other]) if a != b)


def _like_surnames(one: str, other: str) -> bool:
    return _sound(one) == _sound(other) or is_spelling(one, other)


def one_person(one: str, other: str) -> bool:
    """Whether two folded full names can be one person's: one surname, and the given names of one among the other's in order.

    >>> one_person("ana maria roe", "maria roe"), one_person("bo lind", "ida lind"), one_person("bo lind", "bo lind jr")
    (True, False, False)
    """
    (*given, surname), (*other_given, other_surname) = _parts(one), _parts(other)
    if not _like_surnames(surname, other_surname) or parts_of_name(one)[1] != parts_of_name(other)[1]:
        return False
    middle, other_middle = ({part for part in some[1:] if len(part) == 1} for some in (given, other_given))
    if middle and other_middle and middle != other_middle:
        return False
    shorter, longer = sorted((given, other_given), key=len)
    rest = iter(longer)
    return all(any(_same_given(part, candidate) for candidate in rest) for part in shorter)


def _same_given(one: str, other: str) -> bool:
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    return _sound(one) == _sound(other)


def lone_surnames(facts: Mapping[str, Facts]) -> Iterable[tuple[str, str]]:
    """Pairs (surname, full name) where the surname stands alone in some article and one person of the corpus bears it."""
    fuller = dict(full_names(facts))
    bearers: dict[str, set[str]] = defaultdict(set)
    for name, fact in facts.items():
        parts = _parts(name)
        if len(parts) > 1 and fact.kind == PERSON:
            bearers[parts[-1]].add(end_of(name, fuller))
    for name, fact in facts.items():
        if " " in name or fact.kind not in (PERSON, UNKNOWN) or len(bearers[name]) != 1:
            continue
        (full,) = bearers[name]
        same_state = fact.country is not None and fact.country == facts[full].country
        if same_state or (fact.kind == PERSON and _agree(fact, facts[full])):
            yield name, full


def end_of(name: str, links: Mapping[str, str]) -> str:
    """Where one comes to by following links."""
    while links.get(name, name) != name:
        name = links[name]
    return name


def abbreviations(facts: Mapping[str, Facts]) -> Iterable[tuple[str, str]]:
    """Pairs (abbreviation, organisation) where the initials are those of one organisation of the corpus only."""
    full: dict[str, set[str]] = defaultdict(set)
    for name, fact in facts.items():
        words = [word for word in name.split() if word not in PARTICLES]
        if fact.kind in (ORGANISATION, UNKNOWN) and len(words) >= FEWEST_LETTERS:
            full["".join(word[0] for word in words)].add(name)
    for name, fact in facts.items():
        if fact.short and fact.kind in (ORGANISATION, UNKNOWN) and len(full[name]) == 1:
            (other,) = full[name]
            if _agree(fact, facts[other]) and ORGANISATION in (fact.kind, facts[other].kind):
                yield name, other


def bodies(facts: Mapping[str, Facts]) -> Iterable[tuple[str, str]]:
    """Pairs of names of one body of a state, to which a people or a state with its genitive may stand before.

    >>> police = Facts("organisation", "FJI", False, ("FJI", "police"))
    >>> list(bodies({"fiji police": police, "fijian police": police, "police": Facts("organisation", None, False)}))
    [('fijian police', 'fiji police')]
    """
    first: dict[tuple[str, str], str] = {}
    for name in sorted(facts):
        body = facts[name].body
        if body and first.setdefault(body, name) != name and _agree(facts[name], facts[first[body]]):
            yield name, first[body]


def _agree(one: Facts, other: Facts) -> bool:
    return not (one.country and other.country and one.country != other.country)


def form_of(said: str, name: str) -> str | None:
    """The form of a name in the words of a source ("President Roe", for Ana Roe: "Roe"), None where there is none.

    >>> form_of("Energy Minister Ana Roe", "Ana Maria Roe"), form_of("the UN", "United Nations"), form_of("she", "Ana Roe")
    ('Ana Roe', 'UN', None)
    """
    parts, words = set(fold(name).split()), said.split()
    initials = "".join(word[0] for word in fold(name).split() if word not in PARTICLES)
    if words and fold(words[-1]) == initials:
        return words[-1]
    kept: list[str] = []
    while words and fold(words[-1].removesuffix("'s").removesuffix("’s")) in parts:
        kept.insert(0, words.pop())
    return " ".join(kept) or None


def _key(name: str) -> str:
    return " ".join(fold(name).removeprefix("the ").replace("’", "'").split())


def _parts(name: str) -> list[str]:
    return parts_of_name(name.replace("-", " "))[0]


def _sound(part: str) -> str:
    return DOUBLE.sub("", part.translate(SOUNDS))


def _signs(name: str) -> int:
    return sum(not c.isascii() for c in name)
