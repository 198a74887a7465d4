"""The lines of a newspaper text, and the page on which the steps of layout.py mark what each line is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from analysis.reading.datelines import full_dates

HEADLINE, BODY, BOILERPLATE = "headline", "body", "boilerplate"
LAST_RANK = 9
_SENTENCE_ENDS = (".", "!", "?", "…", ":")
_CLOSING = "\"'”\u2019»)]* _"


class Line(NamedTuple):
    """A line, or in hard-wrapped text a paragraph: where it stands, its words, and whether a blank line stands before it."""

    start: int
    end: int
    text: str
    gap: bool

    @property
    def words(self) -> int:
        """How many words it has."""
        return self.text.count(" ") + 1

    @property
    def ended(self) -> bool:
        """Whether it ends as a sentence does."""
        return self.text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


@dataclass
class Page:
    """The lines of a text, the zone of each as far as it is known, and the evidence for each field with its rank."""

    lines: list[Line]
    markdown: bool = False
    title: str | None = None
    kinds: list[str | None] = field(default_factory=list)
    evidence: dict[str, list[tuple[int, str | date]]] = field(default_factory=dict)
    is_timeline: bool = False

    def __post_init__(self) -> None:
        self.kinds = [None] * len(self.lines)
        dated = [i for i, line in enumerate(self.lines) if is_date_only(line.text)]
        self.is_timeline = sum(b - a > 1 for a, b in pairwise(dated)) >= 2

    def note(self, name: str, value: str | date | None, rank: int) -> None:
        """Keep a value that speaks for a field; the lowest rank counts most."""
        if value:
            self.evidence.setdefault(name, []).append((rank, value))

    def best(self, name: str) -> str | date | None:
        """The value with the lowest rank; among equals the one that stands first."""
        return min(self.evidence.get(name, [(LAST_RANK, None)]), key=lambda pair: pair[0])[1]

    def best_text(self, name: str) -> str | None:
        """The best value of a field that holds text."""
        value = self.best(name)
        return value if isinstance(value, str) else None

    def mark(self, at: int, kind: str) -> None:
        """Say what a line is."""
        self.kinds[at] = kind

    def open(self, at: int) -> bool:
        """Whether no step has said yet what a line is."""
        return self.kinds[at] is None

    def first_open(self, start: int = 0, stop: int | None = None) -> int | None:
        """The first line from `start` on, before `stop`, of which nothing is known yet."""
        return next((i for i in range(start, len(self.lines) if stop is None else stop) if self.open(i)), None)

    def split(self, at: int, cut: int, first: str | None, second: str | None) -> None:
        """Cut a line in two at an offset of the text, and mark both parts."""
        parts = cut_line(self.lines[at], cut, first, second)
        self.lines[at : at + 1] = [line for line, _ in parts]
        self.kinds[at : at + 1] = [kind for _, kind in parts]


def cut_line(line: Line, cut: int, first: str | None, second: str | None) -> list[tuple[Line, str | None]]:
    """The two parts of a line that is cut at an offset of the text, each with its kind; an empty part is left out."""
    left, right = line.text[: cut - line.start].rstrip(), line.text[cut - line.start :]
    start = cut + len(right) - len(right.lstrip())
    parts = [
        (Line(line.start, line.start + len(left), left, line.gap), first),
        (Line(start, line.end, right.strip(), False), second),
    ]
    return [part for part in parts if part[0].text]


# A line that is a day and nothing else; three of them between paragraphs are the headings of a timeline.
_DATE_ONLY = re.compile(r"[\w.,]{1,12}(?:[\s,/.\-]{1,2}[\w.,]{1,12}){0,4}:?$")


def is_date_only(text: str) -> bool:
    """Whether a line is a full date and nothing else."""
    return len(text) < 30 and bool(_DATE_ONLY.match(text) and full_dates(text))


_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_NARROWEST, _WIDEST = 40, 100
_MARKS = re.compile(r"[#>*_\s]*(?:[-+]\s+)?[*_]*")


def split_lines(text: str, *, markdown: bool = False) -> list[Line]:
    """The lines of a text that hold more than white space; lines that were wrapped at a fixed width are joined again.

    >>> [line.text for line in split_lines("One\\n\\nTwo ")]
    ['One', 'Two']
    """
    found: list[Line] = []
    gap = True
    for start, end in _spans(text):
        raw = text[start:end]
        shown = raw.strip()
        begin = start + len(raw) - len(raw.lstrip())
        if markdown and not shown.startswith(("---", "+++", "![")):
            marks = _MARKS.match(shown)
            begin += marks.end() if marks else 0
            shown = shown[marks.end() if marks else 0 :].rstrip("*_# ")
        if shown:
            found.append(Line(begin, begin + len(shown), shown, gap))
        gap = not raw.strip()
    return _joined(found)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAK.finditer(text):
        yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _joined(found: list[Line]) -> list[Line]:
    """Paragraphs put together again where the text was wrapped at a fixed width: no line could have held the next word."""
    lengths = [line.end - line.start for line in found]
    short = sorted(length for length in lengths if length <= _WIDEST)
    pairs = [(a, b) for a, b in pairwise(found) if not b.gap]
    if len(pairs) < 3 or len(short) < max(2, 0.9 * len(lengths)) or short[-1] < _NARROWEST:
        return found
    # One line may stick out.
    width = short[-1] if short[-1] - short[-2] < 12 else short[-2]

    def wrapped(a: Line, b: Line) -> bool:
        length = a.end - a.start
        return 0.6 * width < length <= _WIDEST and length + 1 + len(b.text.split(maxsplit=1)[0]) > width

    if sum(wrapped(a, b) for a, b in pairs) < 0.5 * len(pairs):
        return found
    runs = [found[:1]]
    for before, line in pairwise(found):
        if not line.gap and wrapped(before, line):
            runs[-1].append(line)
        else:
            runs.append([line])
    return [Line(run[0].start, run[-1].end, " ".join(line.text for line in run), run[0].gap) for run in runs]
