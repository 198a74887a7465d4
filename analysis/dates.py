"""Time expressions in a text, and the days they mean as seen from a reference date.

`find_dates` is for people and gives a table; `time_expressions` is the same as a list, without pandas, for the pipeline.
The steps: times/patterns.py says what pieces of a time expression look like, times/pieces.py what they say, times/doubts.py
which of them are no time, times/joins.py joins neighbours, times/meanings.py gives them their days.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from analysis.times import patterns
from analysis.times.joins import find_pieces, joined, lowered
from analysis.times.meanings import MEANINGS, Meaning, Scene, known
from analysis.times.pieces import Piece

if TYPE_CHECKING:
    import pandas as pd

ORDERS = ("dmy", "mdy")
# Two figures of a year mean one up to so many years after the reference date.
YEARS_AHEAD = 20


class TimeExpression(NamedTuple):
    """One time expression: where it stands, its TIMEX3 type and value, and the days it covers where they are known."""

    start: int
    end: int
    text: str
    type: str
    value: str
    first_day: date | None
    last_day: date | None
    basis: str


# --- What neighbours lend -------------------------------------------------------------------------------------------------
SP, BLANK_OR_COMMA, DASH = patterns.SP, patterns.BLANK_OR_COMMA, patterns.DASH
LISTED = re.compile(f"{BLANK_OR_COMMA}(?:and|or|to|until|till|through){SP}|{SP}?{DASH}{SP}?|{SP}?,{SP}")
JUST_BEFORE = re.compile(f"{BLANK_OR_COMMA}(?:(?:on|in){SP}(?:the{SP})?)?")
OF_THAT_YEAR = re.compile(f"{BLANK_OR_COMMA}(?:(?:of|in){SP})?")
TOLD_AGAIN = re.compile(rf"{SP}\(")
HOUR_OF = re.compile(rf"(?:{SP}\([^()]{{1,20}}\))?{BLANK_OR_COMMA}(?:on{SP})?")
RANGE = re.compile(f"{SP}(?:to|until|till|through){SP}|{SP}?{DASH}{SP}?")
RANGE_AND = re.compile(f"{SP}and{SP}")
# "postponed from 3 April to 5 May"
MOVED = re.compile(
    rf"\b(?:moved?|postponed?|delayed?|rescheduled?|changed?|brought forward|put back|pushed back){SP}[^.;]{{0,20}}$"
)
BETWEEN = re.compile(rf"\bbetween{SP}$")


def lend_days(pieces: list[Piece], lower: str) -> list[Piece]:
    """Give hours the day that follows them, and leave out a time told twice: "10:35 a.m. (0735 GMT) on Friday"."""
    kept = pieces[:1]
    for piece in pieces[1:]:
        left = kept[-1]
        if left.kind == piece.kind == "clock" and TOLD_AGAIN.fullmatch(lower, left.end, piece.start):
            continue
        if left.kind == "clock" and piece.kind in ("day", "weekday", "holiday") and not piece.clock and not piece.part:
            left.beside = piece if HOUR_OF.fullmatch(lower, left.end, piece.start) else None
        kept.append(piece)
    return kept


def lend_years(pieces: list[Piece], lower: str) -> None:
    """Give days and months the year of a neighbour: "from 30 April to 2 May 2019", "in 2021, on May 15", "in May that year"."""
    for left, right in reversed(list(pairwise(pieces))):
        if takes_a_year(left) and right.year and right.month and LISTED.fullmatch(lower, left.end, right.start):
            left.year = right.year if (left.month or 0) <= right.month else right.year - 1
    for left, right in pairwise(pieces):
        if left.kind == "year" and takes_a_year(right) and JUST_BEFORE.fullmatch(lower, left.end, right.start):
            right.year = left.year
        is_told = right.kind == "relative" and right.unit == "year" and right.told
        if takes_a_year(left) and is_told and OF_THAT_YEAR.fullmatch(lower, left.end, right.start):
            left.told, left.year_step, right.step = True, right.step, 0


def takes_a_year(piece: Piece) -> bool:
    said = (piece.year, piece.year_step, piece.step, piece.figures)
    return piece.kind in ("day", "month") and said == (None, None, None, None)


def is_range(left: Piece | TimeExpression, right: Piece | TimeExpression, lower: str) -> bool:
    """Whether two neighbours are the ends of a range: "12 March to 3 May", "between March and June"."""
    if RANGE.fullmatch(lower, left.end, right.start):
        return not MOVED.search(lower, max(0, left.start - 40), left.start)
    between = BETWEEN.search(lower, max(0, left.start - 20), left.start)
    return bool(between and RANGE_AND.fullmatch(lower, left.end, right.start))


def order_ranges(pieces: list[Piece], meanings: list[Meaning | None], scene: Scene) -> None:
    """Put the first end of a range a year back, or the second one ahead, where they come in the wrong order."""
    for place, (left, right) in enumerate(pairwise(pieces)):
        first, last = meanings[place], meanings[place + 1]
        if first is None or last is None or not is_range(left, right, scene.lower):
            continue
        if (first.basis, last.basis) != ("resolved", "resolved") or left.kind not in ("day", "month") or first.first is None:
            continue
        if last.first is None or first.first.unit != last.first.unit or first.first.number <= last.first.number:
            continue
        ahead = scene.tense(left) > 0
        moved = checked(known(last.first.years_later(1) if ahead else first.first.years_later(-1)))
        if moved:
            meanings[place + ahead] = moved


# --- Public ---------------------------------------------------------------------------------------------------------------
def find_dates(text: str, *, reference: date | str | None = None, order: str | None = None) -> pd.DataFrame:
    """The time expressions of an English text as a table, with the days they mean.

    Args:
        text: any text; nothing in it is changed, and offsets are Python string offsets into it.
        reference: the day from which "yesterday", "on Saturday" and "in September" are seen, as a date or an ISO string;
            for an article the day it was published. Without it they have no days, unless the text itself gives a full date
            that they count from ("on 5 May 2014 ... the next day").
        order: "dmy" if 3/4/2023 is 3 April, "mdy" if it is March 4. Without it such a date has no days, unless another one in
            the text shows the order.

    Returns:
        A DataFrame in the order of the text, no row overlapping another, with the columns
        start, end (int64): offsets, `text[start:end]`;
        text (str): these words;
        type (str): DATE, TIME, DURATION or SET;
        value (str): TIMEX3 value, such as 2019-06-29, 2019-W26, P2Y, PAST_REF; X stands for what is not known, and
            2016-05-12/2016-05-14 is a range;
        first_day, last_day (datetime64[s]): the days it covers, NaT where they are not known and for durations and sets;
        basis (str): "explicit" if the text itself says which days, "resolved" if they were found with the reference date or
            another date of the text, "none" if there are no days.

    Raises:
        ValueError: the reference date is no date, or the order is none of the two.

    Does not do: other languages; events used as dates ("after the war"); the exact days of "early May" (all of May) or of
    fiscal quarters and years (none). Seasons are those of the northern hemisphere, by whole months.

    >>> find_dates("On Saturday they agreed to meet next week.", reference="2019-06-29")[["text", "value", "basis"]]
            text       value     basis
    0   Saturday  2019-06-29  resolved
    1  next week    2019-W27  resolved
    """
    import numpy as np
    import pandas as pd

    columns = list(zip(*time_expressions(text, reference, order), strict=True)) or [()] * len(TimeExpression._fields)
    found = dict(zip(TimeExpression._fields, columns, strict=True))
    table: dict[str, object] = {name: pd.Series(values, dtype="str") for name, values in found.items()}
    for name in ("start", "end"):
        table[name] = pd.Series(found[name], dtype="int64")
    for name in ("first_day", "last_day"):
        days = [np.datetime64("NaT") if day is None else np.datetime64(day) for day in found[name]]
        table[name] = pd.Series(np.array(days, dtype="datetime64[s]"))
    return pd.DataFrame(table)


def time_expressions(
    text: str, reference: date | str | None = None, order: str | None = None, *, side: int = 0
) -> list[TimeExpression]:
    """The time expressions of a text in its order: `find_dates` as a list, with `datetime.date` or None for the days.

    `side` is for who knows better than the words around it on which side of the reference date a bare "Monday" or "April"
    lies: 1 ahead, -1 in the past, 0 as the words tell.

    >>> [(found.text, found.first_day.isoformat()) for found in time_expressions("It rained on Monday.", "2019-06-29")]
    [('Monday', '2019-06-24')]
    >>> time_expressions("It rained on Monday.", "2019-06-29", side=1)[0].value
    '2019-07-01'
    """
    today = day_of(reference)
    if order is not None and order not in ORDERS:
        raise ValueError(f"order is {order!r}; expected 'dmy' (3/4 is 3 April), 'mdy' (3/4 is March 4) or None (unknown)")
    lower = lowered(text)
    latest = (today.year if today else 2029) + YEARS_AHEAD
    pieces = [piece for piece in joined(find_pieces(text, lower, latest), lower) if piece.kind in MEANINGS]
    pieces = lend_days(pieces, lower)
    lend_years(pieces, lower)
    scene = Scene(text, lower, today, order or order_shown(pieces), side)
    meanings = [meaning_of(piece, scene) for piece in pieces]
    order_ranges(pieces, meanings, scene)
    return [expression(piece, meaning, text) for piece, meaning in zip(pieces, meanings, strict=True) if meaning]


def meaning_of(piece: Piece, scene: Scene) -> Meaning | None:
    """The meaning of a piece; None where it has none, such as 31 June, or lies outside the calendar."""
    try:
        meaning = checked(MEANINGS[piece.kind](piece, scene))
    except (ValueError, OverflowError):
        return None
    counted = piece.kind in ("clock", "part") or (piece.kind == "ago" and piece.told)
    if meaning and meaning.first and meaning.last and not counted:
        scene.then, scene.then_end = meaning.first, piece.end
    return meaning


def checked(meaning: Meaning | None) -> Meaning | None:
    """The meaning if its days lie in the years 1 to 9999, else None."""
    try:
        _ = meaning and meaning.first and meaning.last and (meaning.first.days, meaning.last.days)
    except (ValueError, OverflowError):
        return None
    return meaning


def expression(piece: Piece, meaning: Meaning, text: str) -> TimeExpression:
    first: date | None = None
    last: date | None = None
    if meaning.first and meaning.last:
        first, last = meaning.first.days[0], meaning.last.days[1]
    basis = meaning.basis if first else "none"
    return TimeExpression(
        piece.start, piece.end, text[piece.start : piece.end], meaning.type, meaning.value, first, last, basis
    )


def order_shown(pieces: list[Piece]) -> str | None:
    """The order of day and month that the unambiguous figures of a text show, if they all show the same."""
    shown = {"dmy" if piece.figures[0] > 12 else "mdy" for piece in pieces if piece.figures and max(piece.figures) > 12}
    return shown.pop() if len(shown) == 1 else None


def day_of(reference: date | str | None) -> date | None:
    """The reference date as a date without time; ValueError if it is no date."""
    if reference is None or reference != reference:  # NaT is not equal to itself
        return None
    if isinstance(reference, date):
        return date(reference.year, reference.month, reference.day)
    try:
        return date.fromisoformat(str(reference)[:10])
    except ValueError:
        raise ValueError(f"reference is {reference!r}; expected a date, a string such as '2019-06-29', or None") from None


def date_ranges(text: str, found: list[TimeExpression]) -> list[TimeExpression]:
    """The same time expressions with the two ends of a range made one: "from 30 April to 2 May", "between March and June".

    Args:
        text: the text in which they were found.
        found: what `time_expressions` gave for it.

    Returns:
        A new list. A range begins with the first day of its first end and ends with the last day of its second one; its
        words run from the first to the last character. Ends without days, or in the wrong order, stay apart.

    >>> text = "It rained between March and June 2011."
    >>> date_ranges(text, time_expressions(text))[0].value
    '2011-03/2011-06'
    """
    lower = lowered(text)
    result: list[TimeExpression] = []
    for right in found:
        left = result[-1] if result else right
        in_order = left.first_day and right.last_day and left.first_day < right.last_day and left.end < right.start
        if in_order and is_range(left, right, lower):
            result[-1] = TimeExpression(
                start=left.start,
                end=right.end,
                text=text[left.start : right.end],
                type="DATE",
                value=f"{left.value}/{right.value}",
                first_day=left.first_day,
                last_day=right.last_day,
                basis="explicit" if left.basis == right.basis == "explicit" else "resolved",
            )
        else:
            result.append(right)
    return result
