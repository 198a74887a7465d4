"""Times counted from the time told before them: "two days later", "a week later".

TIMEX3 marks the length alone ("two days", a DURATION), and so does `find_dates`; for what happened then, the day is needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from analysis.dates import TimeExpression

LENGTH = re.compile(r"P(\d+)([DW])")
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
    for found in times:
        length, later = LENGTH.fullmatch(found.value), LATER.match(text, found.end)
        before = _day_before(told, found.start)
        if length and later and before:
            day = before + int(length[1]) * DAYS[length[2]] * timedelta(days=1)
            words = text[found.start : later.end()]
            found = TimeExpression(found.start, later.end(), words, "DATE", day.isoformat(), day, day, "resolved")
        told.append(found)
    return told


def _day_before(told: Sequence[TimeExpression], place: int) -> date | None:
    near = next((one for one in reversed(told) if one.first_day), None)
    return near.first_day if near and near.first_day == near.last_day and place - near.end <= FAR else None
