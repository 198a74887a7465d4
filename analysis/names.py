"""Who is in an article: names that the tagger found -> actors, each with its spellings, roles, country and affiliation."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from analysis.authority import Authority, Entry
from analysis.descriptions import Descriptions
from analysis.places import Place, fold
from analysis.tagger import Name
from analysis.whole_names import GENERATIONS, WholeNames
from analysis.wordlists import ORGANISATION, PERSON, Words

NEAR = 0.84  # surnames this alike (difflib's ratio), with the same first letter, are spellings of one name
AFTER_NAMES = frozenset("QC KC SC MP MEP MSP TD OBE MBE CBE KBE KCB PhD MD".split())  # letters after a name, no part of it
DOMINANT = 4  # so many times more mentions make one bearer of a surname the one who is meant
# What an organisation is called by after its full name: "the Council" after "the Security Council".
SHORTENED = frozenset(
    "agency association authority bank board commission committee council court department federation foundation fund "
    "institute ministry tribunal union university".split()
)


@dataclass
class Actor:
    """Somebody named in the article."""

    kind: str
    forms: Counter = field(default_factory=Counter)
    places: list[int] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    titles: list[str] = field(default_factory=list)  # the descriptions that the roles come from, as they are written
    gender: str = ""
    country: str | None = None
    affiliation: str | None = None
    known: Entry | None = None
    style: str = ""  # "Pope" or "King", without which a single name says little

    @property
    def name(self) -> str:
        """The authority's name, else the commonest spelling in full, of equals the longest; "Pope Francis", not "Francis"."""
        if self.known:
            return self.known.name
        longest = max(len(form.split()) for form in self.forms)
        full = [(n, len(form), form) for form, n in self.forms.items() if len(form.split()) > 1 or longest == 1]
        return f"{self.style} {max(full)[2]}" if self.style and longest == 1 else max(full)[2]

    @property
    def surname(self) -> str:
        return parts_of_name(fold(self.name))[0][-1]


class Cast:
    """The actors of one article and where they are named.

    Args:
        text: the article.
        names: names in text order, as the tagger found them.
        words: the word lists.
        authority: what is known about actors.
        day: the article's reference date, for offices of the authority.
    """

    def __init__(self, text: str, names: list[Name], words: Words, authority: Authority, day: date | None = None) -> None:
        self.text, self.words, self.authority, self.day = text, words, authority, day
        self.names: list[Name] = []
        self.actors: list[Actor | None] = []  # beside names; None where a name is no actor (a place, a nationality)
        self._descriptions = Descriptions(text, words)
        cleaned = WholeNames(text, words, self._descriptions).of(names)
        persons = [name for name in cleaned if name.kind == "PERSON"]
        self._people = self._gather_people(persons)
        self._meant_alone = self._surnames_in_use(persons)
        self._organisations: dict[str, Actor] = {}
        for name in cleaned:
            self.names.append(name)
            self.actors.append(self._person(name) if name.kind == "PERSON" else self._other(name))
        for name, actor in zip(self.names, self.actors, strict=True):
            if actor:
                actor.places.append(name.start)
                self._describe(name, actor)
        self._starts = [name.start for name in self.names]
        for actor in {id(a): a for a in self.actors if a}.values():
            self._identify(actor)

    # -------------------------------------------------------------- look-ups

    def inside(self, start: int, end: int) -> list[tuple[Name, Actor | None]]:
        """Names that lie inside text[start:end], in order, with their actors."""
        at = bisect_left(self._starts, start)
        found = []
        while at < len(self.names) and self.names[at].start < end:
            if self.names[at].end <= end:
                found.append((self.names[at], self.actors[at]))
            at += 1
        return found

    def before(self, place: int) -> list[tuple[Name, Actor]]:
        """Actors named before a place, the nearest first."""
        at = bisect_left(self._starts, place)
        pairs = zip(reversed(self.names[:at]), reversed(self.actors[:at]), strict=True)
        return [(name, actor) for name, actor in pairs if actor]

    def people(self) -> list[Actor]:
        """All persons, in the order in which they are first named."""
        seen = {id(a): a for a in self.actors if a and a.kind == PERSON}
        return list(seen.values())

    def place(self, words: str) -> Place | None:
        """The state that a name stands for."""
        return self.words.places.find(words)

    def title_before(self, start: int) -> str:
        """The title directly in front of a name: "Acting US Defense Secretary", "spokesman"; empty if there is none."""
        return self._descriptions.title_before(start, self.names)

    def plain_name(self, name: str, kind: str, country: str | None) -> str:
        """The name of an actor as one who acts or is talked about: a state by its plain name, not as a government."""
        if kind == "government" and country and name.endswith(" government"):
            return self.words.places.short_name(country)
        return name

    # -------------------------------------------------------------- building

    def _gather_people(self, names: list[Name]) -> list[Actor]:
        """One actor for every full name; a shorter or longer form of the same name joins it."""
        people: list[Actor] = []
        for name in sorted(names, key=lambda n: -len(self.text[n.start : n.end].split())):
            form = self._form(name)
            if len(form.split()) < 2:
                continue
            known = next(
                (p for p in people if any(_same_person(form, other, self.words.is_one_first_name) for other in p.forms)), None
            )
            if known is None:
                known = Actor(PERSON)
                people.append(known)
            known.forms[form] += 1
            known.style = known.style or self._descriptions.style(self.title_before(name.start))
        return people

    def _surnames_in_use(self, names: list[Name]) -> dict[str, Actor]:
        """By surname who alone bore it when the article first used it alone; nobody where others had been named before."""
        borne: dict[str, list[Actor]] = defaultdict(list)
        meant: dict[str, Actor] = {}
        bearer = {form: person for person in self._people for form in person.forms}
        for name in names:
            form = self._form(name)
            surname = parts_of_name(fold(form))[0][-1]
            if form in bearer:
                if not any(bearer[form] is other for other in borne[surname]):
                    borne[surname].append(bearer[form])
            elif len(borne[surname]) == 1:
                meant.setdefault(surname, borne[surname][0])
        return meant

    def _form(self, name: Name) -> str:
        """How a person is written here, without letters after the name: "Ann Lee" of "Ann Lee QC"."""
        words = self.text[name.start : name.end].split()
        while len(words) > 2 and words[-1].strip(".") in AFTER_NAMES:
            words.pop()
        return " ".join(words).rstrip(",")

    def _person(self, name: Name) -> Actor | None:
        form = self._form(name)
        if len(form.split()) > 1:
            return next((p for p in self._people if form in p.forms), None)
        key = fold(form)
        if style := self._descriptions.style(self.title_before(name.start)):
            return self._styled(form, style)
        parts = [(person, fold(person.name).split()) for person in self._people]
        bearers = [person for person, (_, *rest) in parts if key in rest] or [p for p, (first, *_) in parts if key == first]
        if not bearers and len(key) > 4:
            alike = [(p, _alike(key, p.surname)) for p in self._people]
            bearers = [p for p, ratio in alike if ratio >= NEAR]
        if not bearers:
            actor = Actor(PERSON, Counter({form: 1}))
            self._people.append(actor)
            return actor
        if len(bearers) > 1:
            bearers = self._likelier(bearers, name)
        if len(bearers) != 1:
            return None
        bearers[0].forms[form] += 1
        return bearers[0]

    def _styled(self, form: str, style: str) -> Actor:
        """Who is called by a title and one name: who has that title, else nobody known: "King Ekbert" is not Olav Ekbert."""
        key = fold(form)
        for person in self._people:
            if person.style == style and key in fold(person.name).split():
                person.forms[form] += 1
                return person
        ruler = Actor(PERSON, Counter({form: 1}), style=style)
        self._people.append(ruler)
        return ruler

    def _likelier(self, bearers: list[Actor], name: Name) -> list[Actor]:
        """Of several bearers of a surname the one with the title's gender, else who is called by it, else no "Jr.".

        Called by it is who was so before another bearer was named, or who is named far more often.
        """
        title = self.title_before(name.start)
        role = self.words.role(title.split()[-1]) if title else None
        if role and role.gender:
            fitting = [b for b in bearers if self._gender_of(b) in ("", role.gender)]
            if len(fitting) == 1:
                return fitting
        meant = self._meant_alone.get(fold(self._form(name)))
        if any(meant is bearer for bearer in bearers):
            return [bearer for bearer in bearers if bearer is meant]
        counts = sorted(((sum(b.forms.values()), -i) for i, b in enumerate(bearers)), reverse=True)
        if counts[0][0] >= DOMINANT * counts[1][0]:
            return [bearers[-counts[0][1]]]
        elders = [b for b in bearers if not parts_of_name(fold(b.name))[1]]
        return elders if len(elders) == 1 else bearers

    def _other(self, name: Name) -> Actor | None:
        form = " ".join(self.text[name.start : name.end].split())
        place = self.words.places.find(form)
        if place and place.kind in ("people",):
            return None
        if name.kind == "MISC" and not place:
            return None
        elsewhere = self._state_of_seat(name) if place and place.kind == "seat" else None
        if place and elsewhere and elsewhere != place.country:
            form, place = f"{self.words.places.short_name(elsewhere)} {form}", Place(elsewhere, "seat")
        key = fold(form)
        meant = self._named_last(name, key)
        if meant:
            meant.forms[form] += 1
            return meant
        actor = self._organisations.get(key) or self._by_initials(key, form)
        if actor is None:
            kind = "government" if place and place.kind in ("name", "capital", "seat") else ORGANISATION
            actor = Actor(kind, country=place.country if place else None)
            if kind == "government" and place and place.kind != "seat":
                actor.known = self._government(place)
            elif name.kind == "LOCATION" and not place:
                actor.kind = "unknown"
        self._organisations[key] = actor
        actor.forms[form] += 1
        return actor

    def _state_of_seat(self, name: Name) -> str | None:
        """The state right before a seat of government: "Pakistan's Foreign Office", "the German Foreign Office"."""
        before = re.search(r"([\w.-]+)(['’]s?)? $", self.text[max(0, name.start - 30) : name.start])
        place = self.words.places.find(before[1]) if before else None
        return place.country if before and place and (before[2] or place.kind == "people") else None

    def _named_last(self, name: Name, key: str) -> Actor | None:
        """Which organisation "the Council" is: the one named last whose name ends so, such as "Security Council"."""
        before = self.text[max(0, name.start - 4) : name.start].lower()
        if key not in SHORTENED or before != "the ":
            return None
        return next((a for a in reversed(self.actors) if a and a.kind != PERSON and _ends_in(a, key)), None)

    def _government(self, place: Place) -> Entry:
        name = f"{self.words.places.short_name(place.country)} government"
        return Entry(name, "government", place.country, None, None, None)

    def _by_initials(self, key: str, form: str) -> Actor | None:
        """The organisation whose initials a short name is, or whose short name is among those seen."""
        if form.isupper() and len(form) > 2:
            for actor in self._organisations.values():
                if actor.kind == ORGANISATION and _initials(actor.name) == key:
                    return actor
        elif len(form.split()) > 2:
            return self._organisations.get(_initials(form))
        return None

    # -------------------------------------------------------------- what is said about them

    def _describe(self, name: Name, actor: Actor) -> None:
        """Roles, country and affiliation from the words around one mention."""
        if actor.kind != PERSON:
            if actor.country is None:
                actor.country = self._descriptions.country_before(name.start) or self.words.places.country_in(
                    self.text[name.start : name.end]
                )
            return
        title = self.title_before(name.start)
        actor.style = self._descriptions.style(title) or actor.style
        actor.country = actor.country or self._descriptions.country_after(name.end)
        for description in self._descriptions.of_person(name, title):
            actor.titles.append(description.words)
            actor.roles.update(description.roles)
            actor.gender = actor.gender or description.gender
            actor.country = actor.country or description.country or self._country_of_organisation(description.own)
            actor.affiliation = actor.affiliation or description.affiliation

    def _country_of_organisation(self, words: str) -> str | None:
        """The country of the last organisation that a description names, if the article tells it."""
        plain = fold(words)
        near = ((key, actor) for key, actor in self._organisations.items() if len(key) > 2 and key in plain)
        for key, actor in near:
            if re.search(rf"\b{re.escape(key)}\b", plain) and actor.kind in (ORGANISATION, "government"):
                if actor.country:
                    return actor.country
                for form in actor.forms:
                    for found in re.finditer(re.escape(form), self.text):
                        country = self._descriptions.country_before(found.start())
                        if country:
                            actor.country = country
                            return country
        return None

    def _identify(self, actor: Actor) -> None:
        """Fill in what the authority knows, and the gender that a first name tells."""
        if actor.known is None:
            for form in sorted(actor.forms, key=lambda f: -len(f.split())):
                entry = self.authority.find(form, self.day)
                if entry:
                    actor.known = entry
                    break
        if actor.known:
            actor.country = actor.country or actor.known.country
            actor.affiliation = actor.affiliation or actor.known.affiliation
            if actor.kind != PERSON:
                actor.kind = actor.known.kind
        if actor.kind == PERSON and not actor.gender:
            actor.gender = self._gender_of(actor)

    def _gender_of(self, actor: Actor) -> str:
        if actor.gender or not actor.forms:
            return actor.gender
        parts = actor.name.split()
        return self.words.genders.get(fold(parts[0]), "") if len(parts) > 1 else ""


def _ends_in(actor: Actor, word: str) -> bool:
    return any(len(form.split()) > 1 and fold(form).split()[-1] == word for form in actor.forms)


def _initials(name: str) -> str:
    return "".join(word[0] for word in fold(name).split() if word not in ("of", "the", "and", "for"))


def _alike(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b).ratio() if a[:1] == b[:1] else 0.0


def parts_of_name(folded: str) -> tuple[list[str], str]:
    """The parts of a folded name of a person, and what tells a son from his father: "jr", "iii" or nothing.

    >>> parts_of_name("bo lind jr"), parts_of_name("jr")
    ((['bo', 'lind'], 'jr'), (['jr'], ''))
    """
    *parts, last = folded.split() or [""]
    return (parts, last) if parts and last in GENERATIONS else ([*parts, last], "")


def _same_person(a: str, b: str, one_first_name: Callable[[str, str], bool] = str.__eq__) -> bool:
    """Whether two full names may be one person's: same surname, and first names that may be.

    >>> _same_person("Ana M. Roe", "Ana Roe"), _same_person("Bo Lind", "Ida Lind"), _same_person("Bo Lind", "Bo Lind Jr.")
    (True, False, False)
    """
    (one, its), (two, other) = parts_of_name(fold(a)), parts_of_name(fold(b))
    if its != other:
        return False
    if one[-1] != two[-1] and _alike(one[-1], two[-1]) < NEAR:
        return len(one) > 2 and one[: len(two)] == two
    if one[-1] != two[-1] and one[0] != two[0]:
        return False
    first, other = one[0], two[0]
    if one_first_name(first, other):
        return True
    shorter, longer = sorted((one, two), key=len)
    return len(shorter) > 1 and longer[-len(shorter) :] == shorter
