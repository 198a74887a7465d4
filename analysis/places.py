"""States by their names, capitals, people and seats of government: a country library, and what newspapers call them besides."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

KINDS = ("name", "capital", "people", "seat", "body")
# With these beside it a name is that of another place: "New Mexico", "Nassau County".
ANOTHER_BEFORE = frozenset("New Latin West British Gulf ethnic Ethnic".split())
ANOTHER_AFTER = frozenset("County Street Avenue Road Hotel University College Stadium Bridge Columbia Sea Ocean".split())
NO_STATE = "none"  # in the list of places: what newspapers do not mean a state by, though the library has it
LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "’": "'", "ß": "ss"}
)


class Place(NamedTuple):
    """A state that a name stands for: its alpha-3 code, and what the name is: name, capital, people, seat or body."""

    country: str
    kind: str


class PlaceError(ValueError):
    """A line of the list of places cannot be used; the message names file, line and reason."""


@lru_cache(maxsize=1 << 16)
def fold(name: str) -> str:
    """A name without case, diacritics and full stops, for comparing.

    >>> fold("Çelik") == fold("CELIK"), fold("U.S.")
    (True, 'us')
    """
    plain = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    return "".join(c for c in plain if not unicodedata.combining(c)).replace(".", "").strip()


class Places:
    """Names that stand for states.

    >>> places = Places([("Ruritania", "RUR", "name"), ("Strelsau", "RUR", "capital")], {"RUR": "Ruritania"})
    >>> places.find("STRELSAU"), places.short_name("RUR")
    (Place(country='RUR', kind='capital'), 'Ruritania')
    >>> places.country_in("the Ruritania crisis")
    'RUR'
    """

    def __init__(self, aliases: Iterable[tuple[str, str, str]], names: dict[str, str]) -> None:
        self._names = names
        self._places: dict[str, Place] = {}
        for alias, country, kind in aliases:
            self._places.setdefault(fold(alias), Place(country, kind))
        self._longest = max((len(alias.split()) for alias in self._places), default=1)

    def find(self, name: str) -> Place | None:
        """The place of a whole name ("the" does not count), or None."""
        key = fold(name)
        return self._places.get(key) or self._places.get(key.removeprefix("the "))

    def short_name(self, country: str) -> str:
        """The English short name of a state, for an alpha-3 code; the code itself where it is unknown."""
        return self._names.get(country, country)

    def all_in(self, words: str) -> list[tuple[str, Place]]:
        """(alias, place) for every name in a phrase, left to right, the longest at each place; only words with capitals."""
        tokens = words.replace("’", "'").replace(",", " ").split()
        tokens = [token.removesuffix("'s").removesuffix("'") for token in tokens]
        found, at = [], 0
        while at < len(tokens):
            for size in range(min(self._longest, len(tokens) - at), 0, -1):
                alias = " ".join(tokens[at : at + size])
                place = self._places.get(fold(alias)) if alias[:1].isupper() else None
                if place and not (len(alias) == 2 and not alias.isupper()):  # "Us" and "It" are no states
                    before, after = tokens[at - 1] if at else "", tokens[at + size] if at + size < len(tokens) else ""
                    if before not in ANOTHER_BEFORE and after not in ANOTHER_AFTER:
                        found.append((alias, place))
                    at += size - 1
                    break
            at += 1
        return found

    def country_in(self, words: str) -> str | None:
        """The state that a phrase names, if it names just one."""
        countries = {place.country for _, place in self.all_in(words)}
        return countries.pop() if len(countries) == 1 else None


def read_places(path: Path | str) -> Places:
    """The states of the country library (names, alternative spellings, capitals, demonyms) and those of a CSV file.

    Args:
        path: a CSV file with the columns alias, kind, country (alpha-3), note; its rows go before those of the library, and
            one with the note "plain name" is how the state is called. One of the kind "none" has no country: its alias
            stands for no state.

    Raises:
        PlaceError: a row has no alias, an unknown kind or a code that is not three capitals.
    """
    from countryinfo import CountryInfo  # reads 250 small files, so not at import

    path = Path(path)
    aliases: list[tuple[str, str, str]] = []
    plain: dict[str, str] = {}
    no_state: set[str] = set()
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            alias, kind, country = ((row.get(key) or "").strip() for key in ("alias", "kind", "country"))
            if alias and kind == NO_STATE and not country:
                no_state.add(fold(alias))
                continue
            if not alias or kind not in KINDS or not (len(country) == 3 and country.isupper()):
                raise PlaceError(
                    f"{path}, line {number}: alias {alias!r}, kind {kind!r}, country {country!r}; "
                    f"a kind is one of {', '.join(KINDS)}, a country an alpha-3 code"
                )
            aliases.append((alias, country, kind))
            if row.get("note") == "plain name":
                plain[country] = alias
    written = {country: alias for alias, country, kind in reversed(aliases) if kind == "name"}
    names: dict[str, str] = {}
    for record in CountryInfo.all().values():
        code = (record.get("ISO") or {}).get("alpha3")
        name = record.get("name")
        if not code or not name:
            continue
        names.setdefault(code, written.get(code, name) if set(name) & set(",(") else name)
        aliases.append((name, code, "name"))
        # Codes of two and three letters are words of English too; those in use by newspapers are in the file.
        aliases += [(other, code, "name") for other in record.get("altSpellings") or () if len(other) > 3]
        capitals: str | list[str] = record.get("capital") or []
        aliases += [(capital, code, "capital") for capital in ([capitals] if isinstance(capitals, str) else capitals)]
        for people in (record.get("demonym") or "").replace("/", ",").split(","):
            if people.strip():
                aliases += [(people.strip(), code, "people"), (people.strip() + "s", code, "people")]
    return Places((alias for alias in aliases if fold(alias[0]) not in no_state), {**written, **names, **plain})


@cache
def american_states() -> frozenset[str]:
    """The states of the United States, as the library names them.

    >>> "Ohio" in american_states()
    True
    """
    from countryinfo import CountryInfo  # as in read_places

    return frozenset(CountryInfo("United States").provinces())
