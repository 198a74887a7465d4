"""Rows of events -> which of them are one happening: a key that they share, within an article and across articles.

Two steps of one kind. First the mentions of each article are put together, then what the articles tell. In both a pair is
linked where enough agrees, and two clusters become one only where no member of one contradicts a member of the other.
The order of the rows does not matter.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.actors import Who, is_name
from analysis.manifest import project_root
from analysis.places import fold
from analysis.same.alike import AFTER, BEFORE, POSSIBLE, REAL, STAGE, Act, Happening, Parties, Party
from analysis.same.beside import stands_beside, tells_another
from analysis.same.clusters import clusters, links_across, links_within
from analysis.same.deeds import Deeds, read_deeds
from analysis.same.phrases import Phrases, telling
from analysis.same.sectors import Sectors, read_sectors
from analysis.wordlists import Words, read_words

Row = Mapping[str, Any]

MUTUAL = frozenset(("AGREE", "CONSULT", "COOPERATE"))  # who acts and who is acted on is a matter of wording
ONE_SIDED = "offer"  # a deed of a mutual type that has a direction
TOPICS = frozenset(("CONSULT",))  # a meeting has many topics: two topics are not two meetings

AROUND = 120  # characters before and after an act whose words count as told with it
LEADING = re.compile(r"^(?:the|an?|its|his|her|their)\s+", re.IGNORECASE)
FIRST, LAST = date.min.toordinal(), date.max.toordinal()


class Reader:
    """Turns a row of the events table into what is compared."""

    def __init__(self, words: Words, deeds: Deeds, sectors: Sectors) -> None:
        self._places, self._deeds, self._sectors, self._phrases = words.places, deeds, sectors, Phrases(words.places)
        self.party = lru_cache(maxsize=1 << 14)(self._party)
        self._seen: dict[Any, Any] = {}

    def read(self, row: Row, who: Callable[[str], Who], text: str = "") -> Happening:
        """The happening of one mention in the text of an article, undated where the row has no date."""
        deed = self._deeds.find(row["type"], row["trigger"])
        beside = row["type"] in TOPICS and deed.noun and stands_beside(row, text)
        sides = Parties((), ()) if beside else self._sides(row, who, text)
        around = text[max(0, row["start"] - AROUND) : row["end"] + AROUND] if text else ""
        words = telling(around) - telling(row["trigger"])
        if row["type"] in MUTUAL and ONE_SIDED not in deed.names:
            sides = Parties(sides.actors + sides.recipients, ())
        place = self._phrases.read(row["place"], is_place=True) if row.get("place") else None
        thing = self._phrases.read(row["object"]) if row.get("object") else None
        first, last = _days(row.get("date_start")), _days(row.get("date_end"))
        about = (thing,) if thing and row["type"] not in TOPICS else ()
        told = Happening(
            acts=frozenset((Act(row["type"], deed, tells_another(row, text, is_noun=deed.noun)),)),
            stages=frozenset((POSSIBLE if row["type"] == "THREATEN" else STAGE[row["status"]],)),
            parties=(sides,),
            places=(place,) if place else (),
            things=(about,) if about else (),
            words=tuple(sorted(words)),
            first=FIRST if first is None else first,
            last=LAST if last is None else last,
            dated=first is not None or last is not None,
            guessed=False,
        )
        return self.compact(told)

    def compact(self, happening: Happening) -> Happening:
        """The same happening, its values shared with others."""
        return Happening._make(self.kept(value) if isinstance(value, frozenset | tuple) else value for value in happening)

    def kept(self, value: Any) -> Any:
        """An equal value that is held already, so that many happenings share it."""
        return self._seen.setdefault(value, value)

    def _sides(self, row: Row, who: Callable[[str], Who], text: str) -> Parties:
        people: dict[str, Party] = {}
        for side, mentions in (("actors", "actor_spans"), ("recipients", "recipient_spans")):
            spans = row[mentions] if text else ()
            spans = spans if len(spans) == len(row[side]) else [()] * len(row[side])
            for name, pieces in zip(row[side], spans, strict=True):
                mention = " ".join([text[start:end] for start, end in pieces])
                people[name] = self.party(name, *who(name), mention)
        bare = [name for name, party in people.items() if not party.phrase.countries]
        told = {code for party in people.values() for code in party.phrase.countries}
        rest = [code for code in row["countries"] if code not in told]
        if len(bare) == len(rest) == 1:  # the one state that is left is that of the one whose state is not told
            one = people[bare[0]]
            people[bare[0]] = one._replace(phrase=one.phrase._replace(countries=frozenset(rest)))
        return self.kept(Parties(*(tuple(self.kept(people[name]) for name in row[side]) for side in ("actors", "recipients"))))

    def _party(self, said: str, name: str, kind: str, country: str | None, mention: str = "") -> Party:
        """A participant with the words of its mention; only described where its name is but part of a description."""
        bare = LEADING.sub("", mention)
        if bare[:1].islower() and f" of {fold(name)}" in fold(bare) and not self._places.find(name):
            said = name = bare  # "the mayor of Nowhere"
        phrase = self._phrases.read(name)
        place = self._places.find(name.removesuffix(" government"))
        if country and not place:
            phrase = phrase._replace(countries=frozenset((country,)))
        sector = self._sectors.find(name)
        # A single word for a trade is no name, but begins a sentence: "Gunmen".
        described = not place and (not is_name(name) or (sector is not None and " " not in name))
        return Party(
            said=said,
            name="" if described else fold(name),
            kind=kind,
            state=place is not None and place.kind != "people",
            sector=sector.code if sector else "",
            body=sector.code if sector and sector.collective else "",
            phrase=phrase,
            told=self._phrases.read(mention) if mention else phrase,
        )


def read_reader(folder: Path | str) -> Reader:
    """A reader with the word lists of a folder: deeds.csv, sectors.csv, places.csv and what `read_words` needs."""
    folder = Path(folder)
    return Reader(read_words(folder), read_deeds(folder / "deeds.csv"), read_sectors(folder / "sectors.csv"))


def _days(day: Any) -> int | None:
    if day is None or day != day:
        return None
    return int(day.toordinal())


def article_day(row: Row) -> int | None:
    """The day of an article as an ordinal: of publication, else the one against which its dates are resolved."""
    return next((day for key in ("published", "reference_date") if (day := _days(row.get(key))) is not None), None)


def placed(happening: Happening, day: int | None) -> Happening:
    """An undated happening on the days that the day of its article leaves open."""
    if happening.dated or day is None:
        return happening
    after = 0 if REAL in happening.stages else AFTER
    return happening._replace(first=max(FIRST, day - BEFORE), last=min(LAST, day + after), guessed=True)


class Happenings:
    """Takes the events of one article after the other, holds what is compared, and tells the keys in the end.

    Args:
        reader: reads the rows with the word lists.

    Articles may come in any order. About half a kilobyte is held for each happening of an article.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._articles: dict[str, tuple[int, array[int], array[int]]] = {}
        self._held: dict[str, list[Happening]] = {}

    def add(self, article: Row, rows: Sequence[Row], who: Callable[[str], Who] = Who) -> None:
        """Add an article with its events.

        Args:
            article: its `article_id`, and `published` or `reference_date`, dates or None.
            rows: its events, each article once.
            who: what is known of a name in the article.
        """
        if not rows:
            return
        order = sorted(range(len(rows)), key=lambda place: (rows[place]["start"], rows[place]["event_id"]))
        text = article.get("text") or ""
        mentions = [self._reader.read(rows[place], who, text) for place in order]
        found = clusters(mentions, links_within(mentions), within=True)
        day = article_day(article)
        home = [0] * len(rows)
        for number, (_, places) in enumerate(found):
            for place in places:
                home[order[place]] = number
        keys = array("Q", (_hash(rows[order[places[0]]]["event_id"]) for _, places in found))
        self._articles[article["article_id"]] = (LAST if day is None else day, keys, array("L", home))
        self._held[article["article_id"]] = [self._compact(happening, day) for happening, _ in found]

    def _compact(self, happening: Happening, day: int | None) -> Happening:
        things = tuple(dict.fromkeys(thing for things in happening.things for thing in things))
        held = placed(happening, day)._replace(things=(self._reader.kept(things),) if things else ())
        return self._reader.compact(held)

    def keys(self, who: Callable[[str], Who] = Who) -> dict[str, array[int]]:
        """The key of every event as a number, by article, in the order in which the rows of the article came.

        Args:
            who: whom a name means in the whole corpus.

        What was held is given up.
        """
        order = sorted(self._articles, key=lambda article_id: (self._articles[article_id][0], article_id))
        happenings: list[Happening] = []
        keys, numbers = array("Q"), array("L")
        for number, article_id in enumerate(order):
            numbers.extend([number] * len(self._held[article_id]))
            happenings += [self._renamed(happening, who) for happening in self._held.pop(article_id)]
            keys.extend(self._articles[article_id][1])
        for _, places in clusters(happenings, links_across(happenings, numbers)):
            for place in places:
                keys[place] = keys[places[0]]
        found, at = {}, 0
        for article_id in order:
            _, own, home = self._articles.pop(article_id)
            found[article_id] = array("Q", (keys[at + number] for number in home))
            at += len(own)
        return found

    def _renamed(self, happening: Happening, who: Callable[[str], Who]) -> Happening:
        parties = (
            Parties(*(tuple(self._again(party, who) for party in side) for side in sides)) for sides in happening.parties
        )
        return happening._replace(parties=self._reader.kept(tuple(dict.fromkeys(map(self._reader.kept, parties)))))

    def _again(self, party: Party, who: Callable[[str], Who]) -> Party:
        found = self._reader.party(party.said, *who(party.said))._replace(told=party.told)
        if not found.phrase.countries and party.phrase.countries:
            found = found._replace(phrase=found.phrase._replace(countries=party.phrase.countries))
        return self._reader.kept(found)


def event_keys(rows: Sequence[Row], *, folder: Path | str | None = None) -> list[str]:
    """The keys of rows of events: those of one happening have the same one.

    Args:
        rows: the columns of the events table, and `published` or `reference_date` of the article, in any order.
        folder: where the word lists lie; by default the data folder of the project.

    Returns:
        For each row 12 hexadecimal digits, a hash of the id of the first mention in the first article.

    >>> common = {"type": "CONSULT", "status": "occurred", "recipients": [], "countries": ["MLI", "NER"], "place": "Gao",
    ...           "object": None, "actors": ["Mali", "Niger"], "date_start": date(2020, 2, 3), "date_end": date(2020, 2, 3)}
    >>> rows = [{"event_id": f"{name}-e1", "article_id": name, "start": 0, "trigger": words, **common}
    ...         for name, words in (("a", "met"), ("b", "held talks"))]
    >>> one, other = event_keys(rows)
    >>> one == other, len(one)
    (True, 12)
    """
    happenings = Happenings(read_reader(folder or project_root() / "data"))
    by_article: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        by_article[row["article_id"]].append(place)
    for places in by_article.values():
        happenings.add(rows[places[0]], [rows[place] for place in places])
    found = happenings.keys()
    keys = [""] * len(rows)
    for article_id, places in by_article.items():
        for place, key in zip(places, found[article_id], strict=True):
            keys[place] = written(key)
    return keys


def written(key: int) -> str:
    """A key as it stands in the table: 12 hexadecimal digits."""
    return f"{key:012x}"


def _hash(event_id: str) -> int:
    return int.from_bytes(hashlib.sha256(event_id.encode("utf-8", "surrogatepass")).digest()[:6], "big")
