"""The word lists that people edit, as names and speakers are read with them: places, roles, first names, media, things."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from analysis.acts import plural
from analysis.places import Places, fold, read_places

PERSON, ORGANISATION = "person", "organisation"


class Role(NamedTuple):
    """A word for people, groups, organisations or documents; gender m, f or empty; if it stays before a name of one word."""

    kind: str
    gender: str
    stays: bool = False


class Words:
    """The word lists that names and speakers are read with: places, roles, first names, media; things cannot act.

    short: first names that are short for others, folded ("bill" for "william"). bodies: what well-known bodies are called, by
    their folded names ("agency" of "fbi").
    """

    def __init__(
        self,
        places: Places,
        roles: dict[str, Role],
        genders: dict[str, str],
        media: dict[str, str],
        things: frozenset[str],
        short: dict[str, frozenset[str]],
        bodies: dict[str, frozenset[str]],
    ) -> None:
        self.places, self.roles, self.genders, self.media, self.things = places, roles, genders, media, things
        self.short, self.bodies = short, bodies

    def is_one_first_name(self, one: str, other: str) -> bool:
        """Whether two folded first names may be one person's: equal, an initial, or short for the other or for one name."""
        if one == other or (1 in (len(one), len(other)) and one[:1] == other[:1]):
            return True
        full, other_full = (self.short.get(name, frozenset()) | {name} for name in (one, other))
        return bool(full & other_full)

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
    """The word lists of a folder: places, roles, first_names, short_names, bodies, media and things, each in a CSV file."""
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
        frozenset(form for row in rows("things.csv") for word in row["words"].split("|") for form in (word, plural(word))),
        {fold(row["short"]): frozenset(map(fold, row["full"].split("|"))) for row in rows("short_names.csv")},
        {fold(row["name"]): frozenset(row["kinds"].split("|")) for row in rows("bodies.csv")},
    )
