"""Times counted from the time told before them: "two days later", "a week later".

TIMEX3 marks the length alone ("two days", a DURATION), and so does `find_dates`; for what happened then, the day is needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from analysis.dates import TimeExpression

LENGTH = re.compile(r"P(\d{1,4})([DW])")
# Lengths that are no exact ones: "at least two weeks", "two or three days"
INEXACT = re.compile(
    r"\b(?:at least|at most|more than|less than|nearly|almost|about|around|some|within|up to|the)\s+$", re.IGNORECASE
)
A_RANGE = re.compile(r"\b(?:or|to|least|most|than|nearly|almost|about|around|some)\b", re.IGNORECASE)
LATER = re.compile(r"\s+later\b(?!\s+than\b)", re.IGNORECASE)
FAR = 300  # characters back to the time from which is counted
DAYS = {"D": 1, "W": 7}


def with_laters(text: str, times: Sequence[TimeExpression]) -> list[TimeExpression]:
    """The time expressions of a text, with a day for lengths in days or weeks before "later".

    Args:
        times: in text order, as `dates.time_expressions` gives them.

    It is counted from the nearest expression before that tells one day, if that is not far. Does not do: months and years,
    after which the day is not known; "after the vote".

    >>> from analysis.dates import time_expressions
    >>> text = "Talks began on 3 May 2016 and ended two days later."
    >>> [str(found.first_day) for found in with_laters(text, time_expressions(text, None))]
    ['2016-05-03', '2016-05-05']
    """
    told: list[TimeExpression] = []
    before: TimeExpression | None = None  # the nearest with days
    for found in times:
        length, later = LENGTH.fullmatch(found.value), LATER.match(text, found.end)
        if length and later and before and _is_one_day(before, found.start) and _is_exact(text, found):
            found = _counted(text, found, later.end(), before.first_day, int(length[1]) * DAYS[length[2]])
        before = found if found.first_day else before
        told.append(found)
    return told


def _counted(text: str, found: TimeExpression, end: int, first: date | None, days: int) -> TimeExpression:
    if first is None or first.toordinal() + days > date.max.toordinal():
        return found
    day = first + timedelta(days=days)
    return TimeExpression(found.start, end, text[found.start : end], "DATE", day.isoformat(), day, day, "resolved")


def _is_one_day(before: TimeExpression, place: int) -> bool:
    return before.first_day == before.last_day and place - before.end <= FAR


def _is_exact(text: str, found: TimeExpression) -> bool:
    return not A_RANGE.search(found.text) and not INEXACT.search(text, max(0, found.start - 12), found.start)
