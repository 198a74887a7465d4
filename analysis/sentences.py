"""Sentence boundaries of news text."""

from __future__ import annotations

import re
from bisect import bisect_right

# A full stop after one of these, or after a single capital, ends no sentence.
ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sen sens rep reps gov gen col lt sgt capt cmdr adm maj brig rev hon amb pres st jr sr messrs fr "
    "jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thurs fri sat sun "
    "no nos vs etc inc corp co ltd llc dept est approx fig vol art al e.g i.e cf "
    "calif fla mass mich minn miss mo mont neb nev okla ore pa tenn tex vt va wash wis wyo ariz ark colo conn del ga ill ind "
    "kan ky la md".split()
)
END = re.compile(r"[.!?…]+[\"”’»')\]]*(?=\s+[\"“‘«'(\[„]*[A-Z0-9À-Þ])")
LAST_WORD = re.compile(r"[\w.]+$")
ABBREVIATED = re.compile(r"(?<![^\W_])[A-Z](?:\.[A-Z])+\.?(?![^\W_])")  # "U.S."


def whole_words(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """A span of a text, widened to the words that it cuts; an abbreviation with its full stops is one word.

    >>> text = "the U.S. minister's one-day visit"
    >>> [text[slice(*whole_words(text, span))] for span in ((10, 12), (4, 5), (23, 33))]
    ['minister', 'U.S.', 'one-day visit']
    """
    start, end = span
    while start and text[start - 1].isalnum() and (text[start].isalnum() or text[start] == "-"):
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    dotted = ABBREVIATED.match(text, end - 1)
    return start, dotted.end() if dotted else end


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """(start, end) of every sentence of text[start:end], without the white space between them. A line break ends a sentence.

    >>> text = "Mr. Doe met U.S. Sen. Roe on Jan. 3. “It went well,” he said.\\nIt did."
    >>> [text[a:b] for a, b in sentence_spans(text)]
    ['Mr. Doe met U.S. Sen. Roe on Jan. 3.', '“It went well,” he said.', 'It did.']
    """
    end = len(text) if end is None else end
    spans = []
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        first = start
        for match in END.finditer(text, start, stop):
            if match.group()[0] != "." or _ends(text, match.start(), first):
                spans.append((first, match.end()))
                first = match.end()
        spans.append((first, stop))
        start = stop + 1
    return [(a, b) for a, b in (_trim(text, a, b) for a, b in spans) if a < b]


def _ends(text: str, stop: int, first: int) -> bool:
    word = LAST_WORD.search(text, max(first, stop - 20), stop)
    if not word:
        return True
    last = word.group().lower()
    return not (
        last in ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last != "i") or re.fullmatch(r"(?:[a-z]\.)+[a-z]", last)
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class Sentences:
    """The sentences and paragraphs (lines) of one text, for many look-ups.

    >>> sentences = Sentences("One. Two.\\nThree.")
    >>> sentences.number(6), sentences.span(6), sentences.paragraph(12)
    (1, (5, 9), (10, 16))
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = sentence_spans(text)
        self._starts = [a for a, _ in self.spans]

    def number(self, place: int) -> int:
        """Number of the sentence that a character stands in (or follows)."""
        return max(0, bisect_right(self._starts, place) - 1)

    def span(self, place: int) -> tuple[int, int]:
        """(start, end) of that sentence."""
        return self.spans[self.number(place)] if self.spans else (0, 0)

    def paragraph(self, place: int) -> tuple[int, int]:
        """(start, end) of the line that a character stands in."""
        end = self.text.find("\n", place)
        return self.text.rfind("\n", 0, place) + 1, len(self.text) if end < 0 else end
