"""What the benchmarks of events share: spans that overlap, one-to-one pairs, F1 by classes, agreement of two judges."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

Spans = Sequence[Sequence[int]]
# Words that two noun phrases may share without naming the same.
SMALL = frozenset("a an the of and in on at for to from by with his her their its our my".split())


class Counts(NamedTuple):
    """How many are annotated and found, how many of the annotated ones are hit, and of the found ones right."""

    gold: int = 0
    found: int = 0
    hit: int = 0
    right: int = 0

    def plus(self, other: Counts) -> Counts:
        """The sum of two counts."""
        return Counts(*(one + more for one, more in zip(self, other, strict=True)))

    @property
    def precision(self) -> float | None:
        """Share of what is found that is right; None where nothing is found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share of what is annotated that is hit; None where nothing is annotated."""
        return self.hit / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both; None where there is nothing on either side.

        >>> Counts(gold=4, found=2, hit=2, right=2).f1
        0.6666666666666666
        """
        if not (self.gold or self.found):
            return None
        p, r = self.precision or 0.0, self.recall or 0.0
        return 2 * p * r / (p + r) if p and r else 0.0


def shared(one: Spans, other: Spans) -> int:
    """How many characters two lists of spans share.

    >>> shared([[0, 5], [10, 15]], [[3, 12]])
    4
    """
    return sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in other)


def pair(gold: Sequence[Spans], found: Sequence[Spans]) -> dict[int, int]:
    """Number in `gold` -> number in `found`, one to one, of spans that overlap; those that share most characters first.

    >>> pair([[[0, 5]], [[4, 20]]], [[[3, 20]]])
    {1: 0}
    """
    overlaps = sorted((-shared(one, other), g, f) for g, one in enumerate(gold) for f, other in enumerate(found))
    pairs: dict[int, int] = {}
    for overlap, g, f in overlaps:
        if overlap and g not in pairs and f not in pairs.values():
            pairs[g] = f
    return pairs


def count_overlaps(gold: Sequence[Spans], found: Sequence[Spans]) -> Counts:
    """Counts of mentions, each a list of spans: a found one that overlaps an annotated one is right, and hits it.

    So "Peru and Chile", annotated as one mention, may be found as one or as two.

    >>> count_overlaps([[[0, 14]], [[20, 25]]], [[[0, 4]], [[9, 14]]])
    Counts(gold=2, found=2, hit=1, right=2)
    """
    return Counts(
        len(gold),
        len(found),
        sum(any(shared(one, other) for other in found) for one in gold),
        sum(any(shared(one, other) for one in gold) for other in found),
    )


def count_words(text: str, gold: Sequence[Spans], found: Sequence[Spans]) -> Counts:
    """Counts of the words of mentions, without articles and prepositions: how well the edges fit.

    >>> count_words("the mayor of Chad", [[[0, 17]]], [[[4, 9]]])
    Counts(gold=2, found=1, hit=1, right=1)
    """
    one, other = _words(text, gold), _words(text, found)
    return Counts(len(one), len(other), len(one & other), len(one & other))


def _words(text: str, mentions: Sequence[Spans]) -> set[int]:
    spans = [span for mention in mentions for span in mention]
    return {
        word.start()
        for word in re.finditer(r"\w+", text)
        if word[0].casefold() not in SMALL and any(a < word.end() and word.start() < b for a, b in spans)
    }


def class_f1(gold: Sequence[Any], found: Sequence[Any], classes: Iterable[Any]) -> dict[Any, float]:
    """F1 of every class that occurs on either side; what is found may also be None or a class that is never right.

    >>> class_f1(["AID", "AID", "ACCUSE"], ["AID", None, "ACCUSE"], ["ACCUSE", "AGREE", "AID"])
    {'ACCUSE': 1.0, 'AID': 0.6666666666666666}
    """
    wanted, given = Counter(gold), Counter(found)
    right = Counter(one for one, other in zip(gold, found, strict=True) if one == other)
    return {c: 2 * right[c] / (wanted[c] + given[c]) for c in classes if wanted[c] or given[c]}


def macro_f1(gold: Sequence[Any], found: Sequence[Any], classes: Iterable[Any]) -> float | None:
    """The mean of `class_f1`, None where there is nothing."""
    each = class_f1(gold, found, classes)
    return sum(each.values()) / len(each) if each else None


def share(values: Sequence[bool]) -> float | None:
    """Share of true values, None where there are none."""
    return sum(values) / len(values) if values else None


def kappa(first: Sequence[Any], second: Sequence[Any]) -> float | None:
    """Cohen's kappa of two judges over the same rows; None where chance alone would make them agree throughout.

    >>> kappa([True, True, False, False], [True, False, False, False])
    0.5
    """
    n = len(first)
    if not n:
        return None
    one, other = Counter(first), Counter(second)
    seen = sum(a == b for a, b in zip(first, second, strict=True)) / n
    chance = sum(one[value] * other[value] for value in one) / n**2
    return (seen - chance) / (1 - chance) if chance < 1 else None


def confusions(gold: Sequence[Any], found: Sequence[Any], *, most: int = 10) -> str:
    """The most frequent mistakes in a line, as "AID for ACCUSE 3".

    >>> confusions(["AID", "AID", "ACCUSE"], ["AGREE", "AGREE", None])
    'AGREE for AID 2, none for ACCUSE 1'
    """
    wrong = Counter((one, other) for one, other in zip(gold, found, strict=True) if one != other)
    ordered = sorted(wrong.items(), key=lambda item: (-item[1], str(item[0])))[:most]
    return ", ".join(f"{other or 'none'} for {one} {number}" for (one, other), number in ordered)
