"""Quotation marks: which parts of a text stand inside them, in every style that newspapers use."""

from __future__ import annotations

import re
from bisect import bisect_right

# What may close a quotation that a mark has opened. Some marks open in one country and close in another; a straight
# or a curly mark can also be repeated at both ends.
CLOSERS = {
    '"': '"”',
    "“": '”"',
    "”": "”",
    "„": '“”"',
    "«": "»",
    "»": "«»",
    "‘": "’'",
    "‚": "‘’",
    "'": "'’",
    "‹": "›",
    "``": "''",
    "''": "''",
}
SINGLE = frozenset("‘‚'‹")
MARK = re.compile(r"``|''|[\"“”„«»‘’‚'‹›]")
BEFORE_OPENING = ' \t\u00a0([{—–-/:,\n"“„«'
AFTER_CLOSING = ' \t\u00a0)]}—–-/:;,.!?\n"”“»…'


def quoted_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The parts of text[start:end] inside quotation marks, the marks included.

    A quotation ends in its own paragraph (line). One that is left open runs to the end of its paragraph when the next
    paragraph begins with a mark again, as newspapers do for long quotations; otherwise the open mark is ignored. Marks
    inside a quotation belong to it. Apostrophes are told from single quotation marks by what stands around them.

    Args:
        text: any text.
        start, end: the part to look at, offsets into text.

    Returns:
        (start, end) offsets into text, in order, never overlapping.

    >>> text = "He said: “We didn't 'plan' it.” Then ‘the others’ left."
    >>> [text[a:b] for a, b in quoted_spans(text)]
    ["“We didn't 'plan' it.”", '‘the others’']
    >>> quoted_spans("The workers' demands rose in the '90s, it's said.")
    []

    Does not know what a quotation is for: titles and scare quotes are found too.
    """
    end = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        spans += _in_paragraph(text, start, stop, end)
        start = stop + 1
    return spans


def _in_paragraph(text: str, start: int, stop: int, end: int) -> list[tuple[int, int]]:
    spans = []
    marks = list(MARK.finditer(text, start, stop))
    place = 0
    while place < len(marks):
        mark = marks[place]
        place += 1
        if not _opens(text, mark, start, stop):
            continue
        closing = next((n for n in range(place, len(marks)) if _closes(text, marks[n], mark.group(), stop)), None)
        if closing is not None:
            spans.append((mark.start(), marks[closing].end()))
            place = closing + 1
        elif mark.group() not in SINGLE and _continues(text, stop, end):
            spans.append((mark.start(), stop))
            break
    return spans


def _opens(text: str, mark: re.Match[str], start: int, stop: int) -> bool:
    """Whether a mark opens a quotation: words follow it, and a single one does not stand inside or after a word."""
    after = text[mark.end() : mark.end() + 1] if mark.end() < stop else " "
    before = text[mark.start() - 1] if mark.start() > start else "\n"
    kind = mark.group()
    if kind not in CLOSERS:
        return False
    if kind in ("“", "„", "«", "``"):
        return True  # also with a space after it, as in French and in text that was cut into words
    if after.isspace():
        return False
    if kind in ("'", "‘") and after.isdigit() and text[mark.end() + 1 : mark.end() + 4].rstrip("s").isdigit():
        return False  # the '90s
    return before in BEFORE_OPENING


def _closes(text: str, mark: re.Match[str], opening: str, stop: int) -> bool:
    if mark.group() not in CLOSERS[opening]:
        return False
    after = text[mark.end() : mark.end() + 1] if mark.end() < stop else "\n"
    if opening in SINGLE or opening in "”»":
        # An apostrophe inside a word, or the plural possessive in front of another word, closes nothing.
        before = text[mark.start() - 1]
        if before.isspace() or after not in AFTER_CLOSING:
            return False
        return not (
            before == "s" and text[mark.end() : mark.end() + 2].strip().isalpha() and _closed_later(text, mark, opening, stop)
        )
    return True


def _closed_later(text: str, mark: re.Match[str], opening: str, stop: int) -> bool:
    return any(
        later.group() in CLOSERS[opening] and text[later.start() - 1] in ".,!?"
        for later in MARK.finditer(text, mark.end(), stop)
    )


def _continues(text: str, stop: int, end: int) -> bool:
    following = text[stop : min(end, stop + 200)].lstrip()[:1]
    return following in {'"', "“", "„", "«", "”", "`"}


class Quotes:
    """The quoted spans of one text, for many look-ups.

    >>> quotes = Quotes('He called it "a farce" twice.')
    >>> quotes.share(13, 22), quotes.share(0, 12)
    (1.0, 0.0)
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = quoted_spans(text)
        self._starts = [a for a, _ in self.spans]

    def around(self, place: int) -> tuple[int, int] | None:
        """The quoted span that holds a character, or None."""
        number = bisect_right(self._starts, place) - 1
        return self.spans[number] if number >= 0 and place < self.spans[number][1] else None

    def letters(self, start: int, end: int) -> tuple[int, int]:
        """Letters and digits of text[start:end]: inside quotation marks, and all."""
        total = sum(map(str.isalnum, self.text[start:end]))
        inside = 0
        number = max(0, bisect_right(self._starts, start) - 1)
        while number < len(self.spans) and self.spans[number][0] < end:
            a, b = self.spans[number]
            inside += sum(map(str.isalnum, self.text[max(a, start) : min(b, end)]))
            number += 1
        return inside, total

    def share(self, start: int, end: int) -> float:
        """Share of the letters and digits of text[start:end] inside quotation marks; 0 where there are none."""
        inside, total = self.letters(start, end)
        return inside / total if total else 0.0
