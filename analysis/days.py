"""Days -> places on an axis that is cut where nothing happens for long, so that no day far away squeezes the others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.counts import MONTHS
from analysis.findings import many

MARK = 0.16  # inches that a mark takes; days nearer than this on one scale are squeezed
SHORTEST_GAP = 0.2  # share of what is left of the axis that a gap must take to be cut out
MOST_CUTS = 6
CUT = 0.26  # inches that a cut takes
PAD = 0.14  # inches left free at either end of a facet
# Steps between ticks: days, months or years, and how much room a label takes, in inches.
STEPS = (
    ("day", 1, 0.45), ("day", 2, 0.45), ("day", 7, 0.45), ("day", 14, 0.45), ("month", 1, 0.32), ("month", 3, 0.32),
    ("month", 6, 0.32), *(("year", n * 10**k, 0.38) for k in range(4) for n in (1, 2, 5)),
)  # fmt: skip


class Facet(NamedTuple):
    """A stretch of days with one scale: its first and last day as numbers, and where it begins and ends, in inches."""

    first: int
    last: int
    left: float
    right: float

    def place(self, day: np.ndarray) -> np.ndarray:
        """Where the middle of a day stands, in inches."""
        length = self.last - self.first
        if not length:
            return np.full(np.shape(day), (self.left + self.right) / 2)
        return self.left + PAD + (np.asarray(day) - self.first) / length * (self.right - self.left - 2 * PAD)


class DayAxis:
    """Places for days between two edges, in inches.

    Args:
        rows: with `date_start` and `date_end`, each with at least one of both.
        left, right: the edges.

    Days keep their distances within a facet. Where days would be squeezed, the longest empty stretches are cut out, and each
    facet between two cuts gets room by how many different days it holds.

    >>> days = pd.Series(np.array(["1066-10-14", "2019-06-26", "2019-06-29"], "datetime64[s]"))
    >>> axis = DayAxis(pd.DataFrame({"date_start": days, "date_end": days}), left=0, right=6)
    >>> [words for _, words in axis.headings()], [words for _, _, words in axis.breaks()]
    (['1066', '2019'], ['952 years'])
    """

    def __init__(self, rows: pd.DataFrame, *, left: float, right: float) -> None:
        ends = np.concatenate([rows[side].to_numpy() for side in ("date_start", "date_end")]).astype("datetime64[D]")
        days = np.unique(ends[~np.isnat(ends)].astype(np.int64))
        self.left, self.right = left, right
        groups = np.split(days, np.sort(_cuts(days, right - left)) + 1)
        weights = np.array([1 + (len(group) - 1) ** 0.75 for group in groups])
        least = min(0.75, (right - left) / len(groups) * 0.8)
        free = right - left - CUT * (len(groups) - 1) - least * len(groups)
        widths = least + free * weights / weights.sum()
        starts = left + np.concatenate([[0], np.cumsum(widths + CUT)[:-1]])
        self.facets = [
            Facet(int(group[0]), int(group[-1]), float(a), float(a + w))
            for group, a, w in zip(groups, starts, widths, strict=True)
        ]

    def of(self, days: np.ndarray) -> np.ndarray:
        """Places of days, which must be days of the axis, or lie between them; datetime64, any shape."""
        numbers = np.asarray(days).astype("datetime64[D]").astype(np.int64)
        # Between two facets a day is on the way from one to the other.
        xs = np.concatenate([[f.first, f.last] for f in self.facets]).astype(float)
        ys = np.concatenate([f.place(np.array([f.first, f.last])) for f in self.facets])
        keep = np.concatenate([[True], np.diff(xs) > 0])
        return np.interp(numbers, xs[keep], ys[keep])

    def bars(self, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Left and right ends of intervals; an open side reaches the edge of the facet in which the other side lies."""
        start, end = start.astype("datetime64[D]"), end.astype("datetime64[D]")
        no_start, no_end = np.isnat(start), np.isnat(end)
        known_start, known_end = np.where(no_start, end, start), np.where(no_end, start, end)
        left, right = self.of(known_start), self.of(known_end)
        facets = np.array([f.left + PAD for f in self.facets]), np.array([f.right - 0.03 for f in self.facets])
        number = np.searchsorted(facets[0], right + 1e-6) - 1
        left = np.where(no_start, np.minimum(left - 0.3, facets[0][number]), left)
        left = np.maximum(left, self.left)
        right = np.where(no_end, np.maximum(right + 0.3, facets[1][number]), right)
        return left, np.minimum(right, self.right)

    def breaks(self) -> list[tuple[float, float, str]]:
        """(centre, half of its width, how long it is) of every stretch that is cut out."""
        found = []
        for before, after in zip(self.facets, self.facets[1:], strict=False):
            gap = after.first - before.last - 1
            words = many(gap, "day") if gap < 60 else many(round(gap / 30.44), "month") if gap < 730 else ""
            found.append(((before.right + after.left) / 2, CUT / 2 - 0.03, words or many(int(gap / 365.2425), "year")))
        return found

    def ticks(self) -> list[tuple[float, str]]:
        """(place, words) of the ticks of all facets."""
        return [tick for facet in self.facets for tick in _ticks(facet)[0]]

    def headings(self) -> list[tuple[float, str]]:
        """(middle, words) below the ticks of each facet: its year or years, where the ticks do not say them."""
        found = []
        for facet in self.facets:
            if _ticks(facet)[1] != "year":
                first, last = (np.datetime64(day, "D").astype(object).year for day in (facet.first, facet.last))
                found.append(((facet.left + facet.right) / 2, f"{first}" if first == last else f"{first} to {last}"))
        return found


def _cuts(days: np.ndarray, width: float) -> np.ndarray:
    """Numbers of the gaps that are cut out: the longest, until no days are squeezed, or no gap is long."""
    gaps = np.diff(days)
    cut: list[int] = []
    for gap in np.argsort(-gaps, kind="stable"):
        left = gaps.sum() - gaps[cut].sum()
        room = width - CUT * len(cut)
        kept = np.delete(gaps, cut)
        squeezed = kept[(kept / max(left, 1)) * room < MARK]
        if len(cut) == MOST_CUTS or not len(squeezed) or gaps[gap] < SHORTEST_GAP * left or gaps[gap] < 3:
            break
        cut.append(int(gap))
    return np.array(cut, dtype=np.int64)


def _ticks(facet: Facet) -> tuple[list[tuple[float, str]], str]:
    """(place, words) of the ticks of a facet, and their unit: as many as have room."""
    days = np.arange(facet.first, facet.last + 1) if facet.last - facet.first < 100_000 else None
    for unit, step, room in STEPS:
        found = _days_of_ticks(facet, unit, step, days)
        if len(found) > 400:
            continue
        places = facet.place(found)
        if len(found) and (len(found) == 1 or np.diff(places).min() >= room):
            return [(float(x), _tick_words(day, unit)) for x, day in zip(places, found, strict=True)], unit
    day = np.array([facet.first])
    return [(float(facet.place(day)[0]), _tick_words(facet.first, "year"))], "year"


def _days_of_ticks(facet: Facet, unit: str, step: int, days: np.ndarray | None) -> np.ndarray:
    if unit == "day":
        if days is None or len(days) > 400:
            return np.zeros(0, dtype=np.int64) if days is None or len(days) > 5_000 else days[::step]
        return days[::step]
    letter = {"month": "M", "year": "Y"}[unit]
    first, last = (
        np.datetime64(day, "D").astype(f"datetime64[{letter}]").astype(np.int64) for day in (facet.first, facet.last)
    )
    start = -(-first // step) * step if unit == "month" else -(-(first + 1970) // step) * step - 1970
    numbers = np.arange(start, last + 1, step)
    found = numbers.astype(f"datetime64[{letter}]").astype("datetime64[D]").astype(np.int64)
    return found[(found >= facet.first) & (found <= facet.last)]


def _tick_words(day: int, unit: str) -> str:
    moment = np.datetime64(int(day), "D").astype(object)
    return {"day": f"{moment.day} {MONTHS[moment.month - 1]}", "month": MONTHS[moment.month - 1], "year": f"{moment.year}"}[
        unit
    ]
