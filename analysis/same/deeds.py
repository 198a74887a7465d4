"""The words that name an event -> what kind of deed they tell within its type: buying and selling one, delivering another.

The list is data/deeds.csv. It says which words may name one happening, and PLOVER's mode of those that have one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from analysis.acts import inflections, plural
from analysis.schema import EVENT_TYPES

ANY = "*"  # a general word of its type, which fits every deed
COLUMNS = ["type", "deed", "verbs", "nouns", "mode", "note"]
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
LONGEST = 4  # words of the longest entry
ARTICLES = frozenset("the a an its his her their".split())  # "froze the assets" is "freeze assets"

# Words whose mode is another one with another type.
MODES_BY_TYPE = {("COERCE", "expel"): "deport", ("COERCE", "convict"): "arrest"}
MODES = {
    "CONSULT": "visit third-party multilateral phone",
    "RETREAT": "withdraw release disarm ceasefire access resign",
    "ACCUSE": "disapprove investigate allege",
    "PROTEST": "demo riot strike hunger boycott obstruct vandalize",
    "SANCTION": "convict expel withdraw discontinue",
    "MOBILIZE": "troops weapons police militia",
    "COERCE": "seize restrict censor curfew martial-law arrest deport withhold misinformation cyber",
    "ASSAULT": "abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack aerial drone "
    "heavy-weapons crowd-control unconventional",
}


class Deed(NamedTuple):
    """What a trigger tells: names of deeds (`ANY` for a general word), PLOVER's modes, and whether it is a listed noun.

    `own` is whether the words are listed with the event's own type; else they can tell two events alike, but not apart.
    """

    names: frozenset[str] = frozenset()
    modes: tuple[str, ...] = ()
    noun: bool = False
    own: bool = True


class DeedError(ValueError):
    """A line of the list cannot be used; the message names file, line and reason."""


class Deeds:
    """The list, ready for look-up: (type, word in some form) -> (deed, mode, whether a noun)."""

    def __init__(self, words: dict[tuple[str, str], tuple[str, str, bool]]) -> None:
        self._words = words
        deeds: dict[str, set[str]] = {}
        for (_, form), (deed, _, _) in words.items():
            deeds.setdefault(form, set()).add(deed)
        # A word that names one deed with every type names it with a type under which it is not listed too.
        self._elsewhere = {form: (names.pop(), "", False) for form, names in deeds.items() if len(names) == 1}
        self.find = lru_cache(maxsize=1 << 14)(self._find)

    def _find(self, kind: str, trigger: str) -> Deed:
        """The deeds that a trigger names, as words of events of one type.

        >>> deeds = Deeds({("AID", "lent"): ("lend", "", False), ("AID", "loan"): ("lend", "", True)})
        >>> deeds.find("AID", "had lent").names == deeds.find("COOPERATE", "loan").names, deeds.find("AID", "fed").names
        (True, frozenset())
        """
        words = [word for found in WORD.finditer(trigger) if (word := found[0].lower()) not in ARTICLES]
        names, modes, noun, own, at = [], [], False, True, 0
        while at < len(words):
            for size in range(min(LONGEST, len(words) - at), 0, -1):
                form = " ".join(words[at : at + size])
                entry = self._words.get((kind, form)) or self._elsewhere.get(form)
                if entry:
                    names.append(entry[0])
                    modes += [entry[1]] if entry[1] else []
                    noun, own, at = noun or entry[2], own and (kind, form) in self._words, at + size - 1
                    break
            at += 1
        special = [name for name in names if name != ANY]
        return Deed(frozenset(special or names), tuple(dict.fromkeys(modes)), noun, own)


def read_deeds(path: Path | str) -> Deeds:
    """The list of a CSV file with the columns type, deed, verbs, nouns, mode, note; several entries of a cell are parted by |.

    Args:
        path: the file. Verbs stand in their base form, with irregular forms as entries of their own; nouns in the singular.

    Raises:
        DeedError: a line has a type that there is not, no deed, no word, or a mode that PLOVER does not have.
    """
    path = Path(path)
    words: dict[tuple[str, str], tuple[str, str, bool]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != COLUMNS:
            raise DeedError(f"{path}: the columns are {reader.fieldnames}; expected {COLUMNS}")
        for number, row in enumerate(reader, start=2):
            types = [kind.strip() for kind in (row["type"] or "").split("|")]
            verbs, nouns = _entries(row["verbs"]), _entries(row["nouns"])
            deed, mode = (row["deed"] or "").strip(), (row["mode"] or "").strip()
            if not set(types) <= set(EVENT_TYPES) or not deed or not (verbs or nouns):
                raise DeedError(
                    f"{path}, line {number}: types {types}, deed {deed!r}; types of PLOVER, a deed and a word are needed"
                )
            if mode and not any(mode in MODES.get(kind, "").split() for kind in types):
                raise DeedError(f"{path}, line {number}: {mode!r} is no mode of {', '.join(types)}")
            for kind in types:
                own = MODES_BY_TYPE.get((kind, deed), mode)
                own = own if own in MODES.get(kind, "").split() else ""
                for form, noun in _forms(verbs, nouns):
                    words.setdefault((kind, form), (deed, own, noun))
    return Deeds(words)


def _entries(cell: str | None) -> list[str]:
    return [entry for part in (cell or "").split("|") if (entry := part.strip().lower())]


def _forms(verbs: Iterable[str], nouns: Iterable[str]) -> list[tuple[str, bool]]:
    """Every form of the words; a noun comes first, so that "talks" counts as one."""
    plurals = [(form, True) for noun in nouns for form in (noun, plural(noun))]
    return plurals + [(form, False) for verb in verbs for form in inflections(verb)]
