"""What the researcher knows about actors: the authority file -> whom an alias names on a day."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from analysis.places import fold


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
