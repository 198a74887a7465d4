"""The words for a participant -> its sector in PLOVER, as police, military or parliament. The list is data/sectors.csv."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from analysis.acts import plural
from analysis.places import fold
from analysis.same.phrases import HEAD_END, LONGEST

COLUMNS = ["sector", "words", "collective", "note"]
CODES = (
    "COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC".split()
)  # as the manual has them
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


class Sector(NamedTuple):
    """A code of PLOVER, and whether the word means a body or force, any members of which act for the whole."""

    code: str
    collective: bool


class SectorError(ValueError):
    """A line of the list cannot be used; the message names file, line and reason."""


class Sectors:
    """The list, ready for look-up.

    >>> Sectors({"lawmakers": Sector("LEG", True)}).find("three Ruritanian lawmakers of the left")
    Sector(code='LEG', collective=True)
    """

    def __init__(self, words: dict[str, Sector]) -> None:
        self._words = words
        self.find = lru_cache(maxsize=1 << 14)(self._find)

    def _find(self, mention: str) -> Sector | None:
        """The sector of a mention, by the word of its head that stands last, or None."""
        mention = " ".join(mention[:LONGEST].split())
        end = HEAD_END.search(mention, 1)
        tokens = [fold(found[0]) for found in WORD.finditer(mention[: end.start() if end else None])]
        for stop in range(len(tokens), 0, -1):
            for start in range(max(0, stop - 3), stop):
                found = self._words.get(" ".join(tokens[start:stop]))
                if found:
                    return found
        return None


def read_sectors(path: Path | str) -> Sectors:
    """The list of a CSV file with the columns sector, words (parted by |, in the singular), collective (yes, no), note.

    Raises:
        SectorError: a line has a code that PLOVER does not have, no word, or neither yes nor no.
    """
    path = Path(path)
    words: dict[str, Sector] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != COLUMNS:
            raise SectorError(f"{path}: the columns are {reader.fieldnames}; expected {COLUMNS}")
        for number, row in enumerate(reader, start=2):
            code, collective = (row["sector"] or "").strip(), (row["collective"] or "").strip()
            entries = [fold(word) for word in (row["words"] or "").split("|") if word.strip()]
            if code not in CODES or collective not in ("yes", "no") or not entries:
                raise SectorError(
                    f"{path}, line {number}: sector {code!r}, collective {collective!r}, {len(entries)} words; "
                    f"a sector is one of {', '.join(CODES)}, collective is yes or no, and a word is needed"
                )
            for form in (form for entry in entries for form in _forms(entry)):
                words.setdefault(form, Sector(code, collective == "yes"))
    return Sectors(words)


def _forms(word: str) -> tuple[str, str]:
    return word, word[:-3] + "men" if word.endswith("man") else plural(word)
