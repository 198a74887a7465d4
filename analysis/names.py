"""Who is in an article: names that the tagger found -> actors, each with its spellings, roles, country and affiliation."""

from __future__ import annotations

import calendar
import csv
import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from analysis.places import Place, Places, fold, read_places
from analysis.sentences import ABBREVIATIONS
from analysis.tagger import Name

PERSON, ORGANISATION = "person", "organisation"
POSSESSIVE = re.compile(r"['’]s?$")
NEAR = 0.84  # surnames this alike (difflib's ratio), with the same first letter, are spellings of one name
GENERATIONS = frozenset("jr sr ii iii iv".split())  # "Jr." is another person than the one of the same name without it
AFTER_NAMES = frozenset("QC KC SC MP MEP MSP TD OBE MBE CBE KBE KCB PhD MD".split())  # letters after a name, no part of it
DOMINANT = 4  # so many times more mentions make one bearer of a surname the one who is meant

# Words that may stand in a title or an apposition before or among its roles.
IN_TITLES = frozenset(
    "former ex acting deputy vice assistant associate prime foreign defense defence finance interior first second chief senior "
    "top state national general press campaign presidential parliamentary party opposition then outgoing incoming late veteran "
    "newly elected minority majority house senate military army police federal supreme high public communications political "
    "economic security trade energy health education justice leading longtime long-time retired and of for the de".split()
)
NO_TITLE = frozenset(
    "when but while as and after in on if yet meanwhile however the a an for since because though although at by with from "
    "that this then so or nor of to before until where which who like unlike even only what why how".split()
)
PARTY_AND_STATE = re.compile(
    r"\s*\((?:R|D|I|Republican|Democrat|Independent)[-–,\s]|,\s[RDI][-–][A-Z]"
)  # as US newspapers mark legislators
NOT_AMERICAN = re.compile(r"\b(?:Liberal|Social|Christian|Free) Democrat(?:s|ic)?\b")  # parties of other states
INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.\s?)+$")  # "N. S. " before "Tomar"
NO_INITIALS = frozenset("us uk un eu dc uae ussr am pm".split())  # "in the U.S. Roe said"
# "Ng'ang" and "'a", "Roe" and "-Lind", "Rodrigo" and " de la Cerda y Bulnes".
GOES_ON = re.compile(
    r"['’](?!s\b)(?:[a-z]{1,3}\b|[A-Z])[\w]*|-[A-Z][\w'’]+|"
    r" (?:(?:de|del|dela|da|das|do|dos|di|du|van|von|der|den|ter|ten|zu|bin|bint|ibn|ould|wa|al|el|la|las|le|los|y) ){1,3}"
    r"(?!(?:The|A|An)\b)[A-Z][\w'’-]+"
)
# Where the tagger cuts an organisation's name: "E" of "E.U.", "Ministry" of "Ministry of Health and Welfare", "& Sons".
LETTERS_BEFORE = re.compile(r"(?<![\w.])(?:[A-Z]\.)*[A-Z]\.?$")
LETTERS_AFTER = re.compile(r"(?:\.?[A-Z]\.)+(?!\w)|-(?=[A-Z])[\w'’-]+|(?<=-)[A-Z][\w'’-]+")
JOINED_BEFORE = re.compile(r"(?:[A-Z][\w.'’-]* ){1,4}$")
WORDS_BEFORE = re.compile(r"(?<=[\w,;] )((?:[A-Z][\w'’]+ ){1,2})$")
DAYS = frozenset(name.lower() for name in (*calendar.day_name, *calendar.month_name))
OPEN = re.compile(r"(?: (?:of|for|and|the)| ?&)+$")
CAPITALS_AFTER = re.compile(r"(?: [A-Z][\w'’-]*)+")
OF_AFTER = re.compile(
    r" (?:of|for)(?: the)?(?: [A-Z][\w'’-]*)+(?:,(?: [A-Z][\w'’-]*)+ and(?: [A-Z][\w'’-]*)+)?(?: (?:and|&)(?: [A-Z][\w'’-]*)+)?"
)
CIVIL = r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lord|Lady)\.?"
CIVIL_TITLE = re.compile(rf"(?<=,\s){CIVIL}\s$")
# "Air [India]", "Bank of [America]": no state
NAMED_AFTER = re.compile(r"\b(?:Air|Team|Radio|Telecom|Virgin|(?:Royal )?Bank of|Voice of) $")
# A company, unlike a foundation or a tower, is often called by its first word alone.
COMPANY = re.compile(
    r"\b(?:Company|Co|Corp|Corporation|Inc|Ltd|Limited|PLC|plc|AG|SA|SpA|NV|Motors?|Airlines?|Industries|Brothers)\.?$"
)
# What an organisation is called by after its full name: "the Council" after "the Security Council".
SHORTENED = frozenset(
    "agency association authority bank board commission committee council court department federation foundation fund "
    "institute ministry tribunal union university".split()
)
ROLE_BEFORE = re.compile(r"(?:^|[^\w.])([\w-]+),?[^\S\n]$")  # the word before a name, with no end of a sentence between
TITLE_AND_NAME = re.compile(r"(?:^|\s)([A-Z][\w.]+) ([A-Z][\w'’-]+) $")
APPOSITION = re.compile(
    r",\s+((?:the |a |an |its |his |her |their )?[^,.;:()\n“”\"]{3,110}?)(?=,|\.|;|:|\n|$| who\b| which\b|\s[—–-]\s)"
)
DETERMINERS = frozenset("the a an its his her their our one another".split())
IS = re.compile(r"(?:who (?:is|was|serve[sd]|has been)|now|then|also|once|himself|herself|currently|formerly)(?: as)? ")
SEAT_FOR = re.compile(r"\b(?:MPs?|MEP|MSP|TD|[Ss]enator|[Cc]ongress(?:wo)?man|[Ll]awmaker|[Ll]egislator)\s+(?:for|from)\s")
HONORIFIC = re.compile(rf"(?:^|\s){CIVIL}$|^{CIVIL}\s")
LEADING = re.compile(
    r"(?:^|[\s(“\"])((?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|(?:[A-Z][\w.-]+ )?[A-Z][\w.’'-]+['’]s?)\s+"
    r"[^,.;:()\n“”\"]{3,110}),\s+$"
)


class Role(NamedTuple):
    """A word for people, groups, organisations or documents; gender m, f or empty; if it stays before a name of one word."""

    kind: str
    gender: str
    stays: bool = False


class Entry(NamedTuple):
    """A line of the authority file; the two dates bound the time in which the alias is the actor's."""

    name: str
    kind: str
    country: str | None
    affiliation: str | None
    since: date | None
    until: date | None


class ActorsError(ValueError):
    """A line of the authority file cannot be used; the message names file, line and reason."""


class Authority:
    """What the researcher knows about actors: alias -> lines of the authority file."""

    def __init__(self, entries: list[tuple[str, Entry]] = ()) -> None:  # type: ignore[assignment]
        self._entries: dict[str, list[Entry]] = {}
        for alias, entry in entries:
            self._entries.setdefault(fold(alias), []).append(entry)

    def __len__(self) -> int:
        return sum(map(len, self._entries.values()))

    def find(self, alias: str, day: date | None = None) -> Entry | None:
        """The one actor that an alias names on a day; None where there is none, or more than one.

        A line with dates names nobody when the day is unknown.
        """
        found = {
            entry.name: entry
            for entry in self._entries.get(fold(alias), ())
            if (not entry.since and not entry.until)
            or (day and (not entry.since or entry.since <= day) and (not entry.until or day <= entry.until))
        }
        return next(iter(found.values())) if len(found) == 1 else None


def read_actors(path: Path | str | None) -> Authority:
    """The authority file: a CSV with the columns name, alias, kind, country, affiliation, from, until, note.

    Several aliases of one line are parted by |; the name is an alias of itself. None gives an empty authority.

    Raises:
        ActorsError: a line has no name, an unknown kind, a code that is not three capitals, or a date that is no ISO day.
    """
    if path is None:
        return Authority()
    path = Path(path)
    entries = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        columns = ["name", "alias", "kind", "country", "affiliation", "from", "until", "note"]
        if reader.fieldnames != columns:
            raise ActorsError(f"{path}: the columns are {reader.fieldnames}; expected {columns}")
        for number, row in enumerate(reader, start=2):
            cells = {key: (value or "").strip() for key, value in row.items() if key}
            if not cells["name"] or cells["kind"] not in ("person", "organisation", "government", "group"):
                raise ActorsError(
                    f"{path}, line {number}: name {cells['name']!r}, kind {cells['kind']!r}; a name is needed, and a kind of "
                    "person, organisation, government or group"
                )
            if cells["country"] and not re.fullmatch(r"[A-Z]{3}", cells["country"]):
                raise ActorsError(f"{path}, line {number}: country {cells['country']!r}; expected an alpha-3 code such as TUR")
            try:
                since, until = (date.fromisoformat(cells[key]) if cells[key] else None for key in ("from", "until"))
            except ValueError as error:
                raise ActorsError(f"{path}, line {number}: {error}; expected a day such as 2019-06-29") from error
            entry = Entry(cells["name"], cells["kind"], cells["country"] or None, cells["affiliation"] or None, since, until)
            dated = since or until
            aliases = [*filter(None, (a.strip() for a in cells["alias"].split("|")))]
            entries += [(alias, entry) for alias in aliases]
            # The person's own name holds at all times, whatever the office.
            entries.append((entry.name, entry._replace(since=None, until=None) if dated else entry))
    return Authority(entries)


class Words:
    """The word lists that names and speakers are read with: places, roles, first names, media."""

    def __init__(self, places: Places, roles: dict[str, Role], genders: dict[str, str], media: dict[str, str]) -> None:
        self.places, self.roles, self.genders, self.media = places, roles, genders, media

    def role(self, word: str) -> Role | None:
        """The role that a word names, in the singular; a plural names a group."""
        word = word.strip(".,;:()“”\"'’").removesuffix("'s").removesuffix("’s")
        for form in (word, word + ".", word.lower()):
            if form in self.roles:
                return self.roles[form]
        low = word.lower()
        singular = low[:-3] + "y" if low.endswith("ies") else low[:-3] + "man" if low.endswith("men") else low.removesuffix("s")
        if singular != low and singular in self.roles:
            role = self.roles[singular]
            return Role("group", "") if role.kind == PERSON else role
        if low.startswith(("ex-", "co-")):
            return self.role(low[3:])
        return None


def read_words(folder: Path | str) -> Words:
    """The word lists places.csv, roles.csv, first_names.csv and media.csv of a folder."""
    folder = Path(folder)

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    media = {}
    for row in rows("media.csv"):
        for alias in (row["name"], *filter(None, row["alias"].split("|"))):
            media[fold(alias)] = row["name"]
    return Words(
        read_places(folder / "places.csv"),
        {row["role"]: Role(row["kind"], row["gender"], row["stays"] == "yes") for row in rows("roles.csv")},
        {fold(row["name"]): row["gender"] for row in rows("first_names.csv")},
        media,
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
        cleaned = self._settle(self._clean_all(names))
        persons = [name for name in cleaned if name.kind == "PERSON"]
        self._people = self._gather_people(persons)
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

    # -------------------------------------------------------------- building

    def _clean_all(self, names: list[Name]) -> list[Name]:
        """The names as they are written in full; a piece that lies in an organisation's full name is no name of its own."""
        barriers = [name for name in names if name.kind != "ORGANIZATION"]
        pairs = [(old, new) for old in names if (new := self._clean(old, barriers))]
        grown = [new for old, new in pairs if new.kind != "PERSON" and (new.start < old.start or new.end > old.end)]
        once = {(new.start, new.end): new for _, new in reversed(pairs)}
        pieces = {span for span in once for big in grown if big.start <= span[0] and span[1] <= big.end and big[:2] != span}
        return [once[span] for span in sorted(once.keys() - pieces)]

    def _clean(self, name: Name, barriers: list[Name]) -> Name | None:
        """The whole name, without a possessive ending, an article or a title; it does not grow into one of the barriers."""
        start, end = self._in_full(name, barriers)
        kind = name.kind
        text = self.text[start:end]
        shorter = POSSESSIVE.sub("", text)
        end -= len(text) - len(shorter)
        words = list(re.finditer(r"\S+", self.text[start:end]))
        while words and kind == "PERSON" and len(words) > 1 and self._is_title(words[0].group()):
            words.pop(0)
        while words and words[0].group().lower() in ("the", "a", "an"):
            words.pop(0)
        if not words:
            return None
        end = start + words[-1].end()
        start += words[0].start()
        if kind == "PERSON":
            start = self._with_first_name(start)
        text = self.text[start:end]
        if not any(c.isupper() for c in text) or len(text) < 2:
            return None
        if kind == "PERSON" and self.words.role(text) and " " not in text:
            return None
        of_a_state = NAMED_AFTER.search(self.text, max(0, start - 20), start)
        if self.words.places.find(text) and kind != "PERSON":
            start, kind = (of_a_state.start(), "ORGANIZATION") if of_a_state else (start, "LOCATION")
        elif kind in ("LOCATION", "MISC", "PERSON") and fold(text) in self.words.media:
            kind = "ORGANIZATION"
        return Name(start, end, kind)

    def _in_full(self, name: Name, barriers: list[Name]) -> tuple[int, int]:
        """A name with what the tagger cut."""
        if name.kind == "PERSON":
            return self._whole(name)
        if name.kind not in ("ORGANIZATION", "LOCATION"):
            return name.start, name.end
        start, end = self._whole_letters(name.start, name.end, {n.start for n in barriers})
        return self._whole_organisation(start, end, barriers) if name.kind == "ORGANIZATION" else (start, end)

    def _whole(self, name: Name) -> tuple[int, int]:
        """A person's name with what the tagger cut: initials before it, and what an apostrophe, hyphen or particle adds."""
        start, end = name.start, name.end
        while start < end and not self.text[start].isalnum():
            start += 1
        initials = INITIALS.search(self.text, max(0, start - 12), start)
        if initials and fold(initials[0]).replace(" ", "") not in NO_INITIALS:
            start = initials.start()
        while more := GOES_ON.match(self.text, end):
            end = more.end()
        return start, end

    def _whole_letters(self, start: int, end: int, others: set[int]) -> tuple[int, int]:
        """A name with the letters and the part after a hyphen that the tagger cut: "E" of "E.U.", "Coca-" of "Coca-Cola"."""
        letters = LETTERS_BEFORE.search(self.text, max(0, start - 10), start)
        if letters and (self.text[start].isalnum() or self.text[start] == "."):
            start = letters.start()
            end += self.text.startswith(".", end) and self.text[end - 2 : end - 1] == "."
        more = LETTERS_AFTER.match(self.text, end)
        if more and not {end, end + 1} & others:
            end = more.end()
        return start, end

    def _whole_organisation(self, start: int, end: int, barriers: list[Name]) -> tuple[int, int]:
        """An organisation's name with the words joined by "of" or "&" that the tagger cut: "Bank" and "of England"."""
        free_until = next((n.start for n in barriers if n.start >= end), len(self.text))
        words = self.text[start:end]
        if words.startswith(("of ", "for ", "& ", "and ")):
            free_from = max((n.end for n in barriers if n.end <= start), default=0)
            if before := JOINED_BEFORE.search(self.text, max(free_from, start - 60), start):
                start = before.start()
        left_open = OPEN.search(words)
        more = None
        if left_open:
            more = CAPITALS_AFTER.match(self.text, end)
        elif (role := self.words.role(words.split()[-1])) and role.kind == ORGANISATION:
            more = OF_AFTER.match(self.text, end)
        if more and more.end() <= free_until:
            end = more.end()
        elif left_open:
            end -= len(left_open[0])
        people = [n for n in barriers if n.kind == "PERSON"]
        return self._with_words_before(start, max(start, end), people), max(start, end)

    def _with_words_before(self, start: int, end: int, people: list[Name]) -> int:
        """Where an organisation's name begins of which the tagger found the last word alone: "Yorkshire" before "Water".

        Only where this word stands after no other one in the article, and before it no title, state or person.
        """
        word = self.text[start:end]
        before = WORDS_BEFORE.search(self.text, max(0, start - 50), start)
        if not before or " " in word or word.isupper() or not word[:1].isupper() or fold(word) in self.words.media:
            return start
        first, words = before.start(1), before[1].split()
        place = self.words.places.find(self.text[first:end])
        if place and place.kind == "seat":
            return first
        if any(self._is_title(w) or w.lower() in IN_TITLES | NO_TITLE | DAYS or self.words.places.find(w) for w in words):
            return start
        if any(n.start < start and n.end > first for n in people) or self._in_capitals(first):
            return start
        again = len(re.findall(rf"\b{re.escape(word)}\b", self.text))
        return first if again == len(re.findall(rf"\b{re.escape(self.text[first:end])}\b", self.text)) else start

    def _in_capitals(self, place: int) -> bool:
        """Whether a line is written like a headline, most of its words with a capital."""
        end = self.text.find("\n", place)
        words = self.text[self.text.rfind("\n", 0, place) + 1 : end if end >= 0 else len(self.text)].split()
        return 2 * sum(word[:1].isupper() for word in words) > len(words) > 3

    def _with_first_name(self, start: int) -> int:
        """Where a person's name begins: with the word before it, if that is a name too and a title stands before that."""
        before = TITLE_AND_NAME.search(self.text, max(0, start - 60), start)
        if not before or not self._is_title(before.group(1)):
            return start
        word = before.group(2)
        if self.words.role(word) or self.words.places.find(word) or word.lower() in IN_TITLES | NO_TITLE:
            return start
        return before.start(2)

    def _settle(self, names: list[Name]) -> list[Name]:
        """The same names with one kind for each spelling: what stands beside a name tells more than the tagger's guess.

        A state stays a state unless it is the surname of somebody in the article; what an organisation's role stands before
        ("the arms maker X") is an organisation, and so is a surname whose company is named before its bearer; else the kind
        that the tagger gave most often.
        """
        firms = self._first_full([n for n in names if COMPANY.search(self.text[n.start : n.end])], "ORGANIZATION", 0)
        bearers = self._first_full(names, "PERSON", -1)
        people = [self.text[n.start : n.end].split() for n in names if n.kind == "PERSON"]
        surnames = {fold(words[-1]) for words in people if len(words) > 1}
        parts = {fold(part) for words in people for part in words[1:] if part[:1].isupper()}
        votes: dict[str, Counter] = {}
        for name in names:
            key = fold(self.text[name.start : name.end])
            kind = name.kind
            before = ROLE_BEFORE.search(self.text, max(0, name.start - 25), name.start)
            role = self.words.role(before[1]) if before else None
            if key not in parts and self.words.places.find(key):
                kind = "LOCATION"
            elif kind == "PERSON" and self._is_firm(name, firms.get(key), bearers.get(key)):
                kind = "ORGANIZATION"
            weight = 1
            if kind == "ORGANIZATION" and self._is_titled_person(name):
                kind, weight = "PERSON", 100
            elif role and role.kind == ORGANISATION and kind != "LOCATION" and key not in surnames:
                kind, weight = "ORGANIZATION", 100
            votes.setdefault(key, Counter())[kind] += weight
        return [name._replace(kind=votes[fold(self.text[name.start : name.end])].most_common(1)[0][0]) for name in names]

    def _is_titled_person(self, name: Name) -> bool:
        """Whether a name of several words with a person's title before it is a person: "Secretary of State Ann B. Lee"."""
        words = self.text[name.start : name.end].split()
        if len(words) < 2 or not all(word[:1].isupper() for word in words) or any(self.words.role(word) for word in words):
            return False
        known = fold(words[0]) in self.words.genders and fold(" ".join(words)) not in self.words.media
        return known and bool(self.title_before(name.start)) and not COMPANY.search(" ".join(words))

    def _is_firm(self, name: Name, firm: int | None, bearer: int | None) -> bool:
        """Whether a surname stands for the firm named so at one place, rather than for its bearer, who is named at another."""
        return firm is not None and firm < (name.start if bearer is None else bearer) and not self.title_before(name.start)

    def _first_full(self, names: list[Name], kind: str, part: int) -> dict[str, int]:
        """Where a name of this kind with several words is first seen, by its first (0) or last (-1) word."""
        found: dict[str, int] = {}
        for name in names:
            words = self.text[name.start : name.end].split()
            if name.kind == kind and len(words) > 1:
                found.setdefault(fold(words[part]), name.start)
        return found

    def _is_title(self, word: str) -> bool:
        role = self.words.role(word)
        return bool(role and role.kind == PERSON) or fold(word) in ("former", "ex")

    def _gather_people(self, names: list[Name]) -> list[Actor]:
        """One actor for every full name; a shorter or longer form of the same name joins it."""
        people: list[Actor] = []
        for name in sorted(names, key=lambda n: -len(self.text[n.start : n.end].split())):
            form = self._form(name)
            if len(form.split()) < 2:
                continue
            known = next((p for p in people if any(_same_person(form, other) for other in p.forms)), None)
            if known is None:
                known = Actor(PERSON)
                people.append(known)
            known.forms[form] += 1
        return people

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
        bearers = [p for p in self._people if key == p.surname or key in (fold(part) for part in p.name.split()[1:])]
        bearers = bearers or [p for p in self._people if key == fold(p.name.split()[0])]
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

    def _likelier(self, bearers: list[Actor], name: Name) -> list[Actor]:
        """Of several bearers of a surname the one with the title's gender, else who is named far more often, else no "Jr."."""
        title = self.title_before(name.start)
        role = self.words.role(title.split()[-1]) if title else None
        if role and role.gender:
            fitting = [b for b in bearers if self._gender_of(b) in ("", role.gender)]
            if len(fitting) == 1:
                return fitting
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
        title = self.title_before(name.start)
        if actor.kind != PERSON:
            if actor.country is None:
                actor.country = self._country_before(name.start) or self.words.places.country_in(
                    self.text[name.start : name.end]
                )
            return
        style = title.split()[-1] if title else ""
        if style[:1].isupper() and (role := self.words.role(style)) and role.stays:
            actor.style = style
        after = self.text[name.end : name.end + 130]
        following = APPOSITION.match(after)
        leading = LEADING.search(CIVIL_TITLE.sub("", self.text[max(0, name.start - 130) : name.start]))
        if PARTY_AND_STATE.match(after):
            actor.country = actor.country or "USA"
        apposition = IS.sub("", following.group(1)) if following else ""
        if not self._begins_as_description(apposition):
            apposition = ""
        for words in (title, apposition, leading.group(1) if leading else ""):
            if words:
                self._take_description(words, actor)

    def _begins_as_description(self, words: str) -> bool:
        """Whether what follows a name and a comma describes it: "head of", not "told the judge", "and his counterpart"."""
        first = words.split()[0] if words.split() else ""
        if first.lower() in DETERMINERS:
            return True
        if first.lower() in NO_TITLE:
            return False
        role = self.words.role(first)
        if first[:1].isupper() or first.lower() in IN_TITLES or (role and role.kind in (PERSON, ORGANISATION)):
            return True
        # "urban policy professor at", but not "says his man", "have supported major reforms"
        plain = re.match(r"((?:[a-z-]+ ){1,3}[a-z-]+)(?=$| (?:and|of|at|for|in|with|from|to)\b)", words)
        if not plain or (DETERMINERS | NO_TITLE) & set(plain[1].split()):
            return False
        role = self.words.role(plain[1].split()[-1])
        return bool(role and role.kind == PERSON)

    def _take_description(self, words: str, actor: Actor) -> None:
        head = re.split(r"\s(?:who|that|which|whose|with|during|since|at a|in a)\b", words)[0]
        tokens = head.split()
        roles = [(token, role) for token in tokens[:8] if (role := self.words.role(token)) and role.kind == PERSON]
        if not roles:
            return
        actor.titles.append(head)
        for token, role in roles:
            actor.roles.add(token.strip(".,").lower())
            actor.gender = actor.gender or role.gender
        # An ambassador to a state does not speak for it.
        own = re.split(r"\s(?:to|against|with|over|on)\s", head)[0]
        own = NOT_AMERICAN.sub("", own)
        actor.country = actor.country or self.words.places.country_in(own) or self._country_of_organisation(own)
        if actor.affiliation is None:
            actor.affiliation = self._affiliation(own)

    def _affiliation(self, words: str) -> str | None:
        """The organisation of a description that ends in or begins with one, else the description, without its article."""
        organisation = re.search(r"\b(?:of|at|for|from)\s+(?:the\s+)?((?:[a-z][\w-]*\s+){0,6})([A-Z].*)$", words)
        if SEAT_FOR.search(words):
            organisation = None
        if organisation and not re.match(r"(?:State|the Interior|Defen[sc]e|Foreign)\b", organisation.group(2)):
            name = organisation.group(2).strip()
            if not self.words.places.find(name):
                return name
        words = re.sub(r"^(?:the|a|an|its|his|her|their)\s+", "", words, flags=re.IGNORECASE).strip()
        first = re.match(
            r"((?:[A-Z][\w.&'’-]*\s+)+)(?:[a-z-]+\s+)*(?:spokes|director|manager|adviser|advisor|aide|analyst|head|chief)",
            words,
        )
        plain = re.sub(r"\s(?:in|of|at|for|to|by|with|under)$", "", HONORIFIC.sub("", words)).strip()
        if plain != words and not any(self._is_title(word) for word in plain.split()):
            return None
        named = HONORIFIC.sub("", first.group(1).strip()) if first else ""
        return (plain if not named or named.endswith(("'s", "’s")) else named) or None

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
                        country = self._country_before(found.start())
                        if country:
                            actor.country = country
                            return country
        return None

    def title_before(self, start: int) -> str:
        """The title directly in front of a name: "Acting US Defense Secretary", "spokesman"; empty if there is none."""
        begin = max(0, start - 110)
        before = self.text[begin:start]
        before = before[before.rfind("\n") + 1 :]
        if not before.endswith((" ", "\u00a0")):
            return ""
        somebody = next((n for n in reversed(self.names) if n.kind == "PERSON" and n.end <= start), None)
        if somebody and somebody.end > begin and not self.words.places.all_in(self.text[somebody.start : somebody.end]):
            before = before[max(0, somebody.end - start + len(before)) :]  # another person's name is no part of it
        tokens = list(re.finditer(r"\S+", before))
        kept = len(tokens)
        while kept and len(tokens) - kept < 9:
            word = tokens[kept - 1].group()
            bare = word.strip("“\"‘'(").removesuffix("'s").removesuffix("’s")
            if word[-1] in ",;:)”!?" or (word.endswith(".") and not self._is_short(word)):
                break
            role = self.words.role(bare)
            if not (bare[:1].isupper() or bare.lower() in IN_TITLES or (role and role.kind in (PERSON, ORGANISATION))):
                break
            kept -= 1
            if word[0] in '“"‘(':
                break
        while kept < len(tokens) and tokens[kept].group().lower() in NO_TITLE:
            kept += 1
        title = before[tokens[kept].start() :].strip() if kept < len(tokens) else ""
        if not any((role := self.words.role(word)) and role.kind == PERSON for word in title.split()):
            return ""
        return title.lstrip("“\"‘'(")

    def _is_short(self, word: str) -> bool:
        """Whether a word with a full stop is an abbreviation and no end of a sentence: "U.S.", "Sen.", "Lt."."""
        low = word.rstrip(".").lower()
        return bool(re.fullmatch(r"(?:[A-Z]\.)+", word)) or low in ABBREVIATIONS or bool(self.words.role(word) and len(low) < 5)

    def _country_before(self, start: int) -> str | None:
        """The state that the words of the same phrase in front of a name tell: "Iran's", "the Russian arms exporter"."""
        before = self.text[max(0, start - 90) : start]
        before = re.split(r"[\n,.;:()“”\"](?![A-Z]\.)", before)[-1]
        tokens = before.split()
        phrase: list[str] = []
        while tokens and len(phrase) < 7:
            word = tokens.pop()
            if word.lower() in NO_TITLE - {"the"} or word.lower() in ("the", "said", "says", "told", "and"):
                break
            phrase.insert(0, word)
        if not phrase:
            return None
        found = self.words.places.all_in(" ".join(phrase))
        if not found:
            return None
        # Next to the name, or with a word for organisations between: not any state earlier in the clause.
        last = phrase[-1].replace("’", "'").removesuffix("'s").removesuffix("'")
        role = self.words.role(phrase[-1])
        beside = self.words.places.find(last) is not None or (role is not None and role.kind == ORGANISATION)
        countries = {place.country for _, place in found}
        return countries.pop() if beside and len(countries) == 1 else None

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


def _same_person(a: str, b: str) -> bool:
    """Whether two full names may be one person's: same surname, and first names equal, or one an initial of the other.

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
    if first == other or (min(len(first), len(other)) == 1 and first[0] == other[0]):
        return True
    shorter, longer = sorted((one, two), key=len)
    return len(shorter) > 1 and longer[-len(shorter) :] == shorter
