"""From a text to its time expressions: pieces are found, and neighbours that belong together are joined."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from analysis.times import patterns
from analysis.times.doubts import DOUBTS, Place
from analysis.times.pieces import Piece, read


# --- Finding --------------------------------------------------------------------------------------------------------------
def lowered(text: str) -> str:
    """The text in lower case and of the same length: a letter whose small form is longer stays."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def find_pieces(text: str, lower: str, latest: int) -> Iterator[Piece]:
    """The pieces of a text in its order, none overlapping another."""
    search, position = patterns.anywhere().search, 0
    while match := search(lower, position):
        piece = best_piece(text, lower, match.start(), latest)
        position = piece.end if piece else match.start() + 1
        if piece and piece.kind != "nothing":
            yield piece


def best_piece(text: str, lower: str, start: int, latest: int) -> Piece | None:
    """The longest piece that begins here and is hardly anything else; the earlier rule among equals."""
    matches = [(match, kind) for kind, pattern in patterns.compiled() if (match := pattern.match(lower, start))]
    for match, kind in sorted(matches, key=lambda pair: -pair[0].end()):
        found = {name: value for name, value in match.groupdict().items() if value is not None}
        piece = read(kind, found, start, match.end(), latest)
        doubt = DOUBTS.get(piece.kind) if piece else None
        if piece and not (doubt and doubt(piece, Place(text, lower, start, match.end(), found))):
            return piece
    return None


# --- Joining --------------------------------------------------------------------------------------------------------------
Build = Callable[[Piece, Piece], Piece | None]


class Join(NamedTuple):
    """Neighbours that make one piece: their kinds, what may stand between them, and how the piece is made."""

    left: str
    between: re.Pattern[str]
    right: str
    build: Build


SP, DASH = patterns.SP, patterns.DASH
BLANK = re.compile(SP)
BLANK_OR_HYPHEN = re.compile(patterns.JOINT)
BLANK_OR_OF = re.compile(f"{SP}(?:of{SP})?")
COMMA = re.compile(patterns.BLANK_OR_COMMA)
OF = re.compile(f"{SP}(?:of|in){SP}")
OF_OR_COMMA = re.compile(f"(?:{SP}(?:of|in){SP}|{patterns.BLANK_OR_COMMA}|{DASH})")
OWN = re.compile(f"{patterns.APOSTROPHE}s?{SP}|{SP}")
IN_THE = re.compile(f"{SP}(?:in{SP}|at{SP})?")


def names_a_day(piece: Piece) -> bool:
    return piece.last is None and not piece.clock and (piece.kind != "relative" or piece.unit == "day")


def names_a_year(piece: Piece) -> bool:
    return piece.kind == "year" or (piece.kind == "relative" and piece.unit == "year" and not piece.told)


def with_part(day: Piece, part: Piece) -> Piece | None:
    return replace(day, part=part.part) if names_a_day(day) and not day.part else None


def with_sure_part(day: Piece, part: Piece) -> Piece | None:
    return with_part(day, part) if part.word != "bare" else None


def with_clock(day: Piece, clock: Piece) -> Piece | None:
    return replace(day, clock=clock.clock, part=clock.part) if names_a_day(day) and clock.word != "bare" else None


def clock_with_part(clock: Piece, part: Piece) -> Piece:
    return replace(clock, part=part.part, word="")


def with_year(piece: Piece, year: Piece) -> Piece | None:
    if not names_a_year(year) or piece.year is not None or piece.year_step is not None or piece.last is not None:
        return None
    return replace(piece, year=year.year, year_step=year.step, fiscal=piece.fiscal or year.fiscal)


def with_said_year(piece: Piece, year: Piece) -> Piece | None:
    """A month takes "last year" but not "the year"."""
    return None if year.open else with_year(piece, year)


def with_edge(_: Piece, right: Piece) -> Piece | None:
    return None if right.part or right.clock else right


PREPOSITIONS = ("over", "under", "around", "about")


def with_about(about: Piece, length: Piece) -> Piece | None:
    """In "nearly two years" it belongs to the length; in "over the past two years" it is a preposition."""
    return None if length.kind == "duration" and length.step is not None and about.word in PREPOSITIONS else length


def with_weekday(weekday: Piece, day: Piece) -> Piece | None:
    return replace(day, weekday=weekday.weekday, clock=weekday.clock) if not weekday.part and day.last is None else None


def weekday_of_week(weekday: Piece, week: Piece) -> Piece | None:
    return replace(week, kind="weekday_of_week", weekday=weekday.weekday) if week.unit == "week" else None


def nth_within(nth: Piece, within: Piece) -> Piece | None:
    """The month or year that is named, and which day or week in it."""
    if within.kind == "relative" and within.unit not in ("month", "year"):
        return None
    return replace(within, kind="nth_of_" + within.kind, number=nth.number, weekday=nth.weekday, word=nth.unit)


def day_within(day: Piece, month: Piece) -> Piece | None:
    return replace(month, kind="nth_of_relative", number=day.day, word="day") if month.unit == "month" else None


def week_of_day(_: Piece, day: Piece) -> Piece | None:
    return replace(day, unit="week") if day.last is None else None


def beside_day(beside: Piece, day: Piece) -> Piece | None:
    return replace(day, number=beside.step) if names_a_day(day) and not day.part else None


def quarter_a_year_ago(_: Piece, ago: Piece) -> Piece | None:
    return replace(ago, kind="year_before", number=None) if (ago.number, ago.unit) == (1, "year") else None


def flip(build: Build) -> Build:
    return lambda left, right: build(right, left)


PERIODS = ("month", "year", "decade", "century", "quarter", "half", "season", "relative", "year_range", "this_quarter")
DAYS = ("day", "weekday", "holiday", "relative")
YEARS = ("year", "relative")


def joins(left: Iterable[str], between: re.Pattern[str], right: Iterable[str], build: Build) -> list[Join]:
    return [Join(one, between, other, build) for one in left for other in right]


@cache
def join_table() -> dict[tuple[str, str], list[Join]]:
    """All joins by the kinds of their two pieces."""
    table: dict[tuple[str, str], list[Join]] = {}
    for join in (
        *joins(["weekday"], COMMA, ["day"], with_weekday),  # "Friday, Oct. 23"
        *joins(["weekday"], BLANK_OR_OF, ["relative"], weekday_of_week),  # "Monday next week"
        *joins(["beside"], BLANK, DAYS, beside_day),  # "the day before last Tuesday"
        *joins(["week_of"], BLANK, ["day"], week_of_day),  # "the week of March 6"
        *joins(["nth"], OF, ["month", "year", "relative"], nth_within),  # "the last week of March"
        *joins(["day_of_month"], OF, ["relative"], day_within),  # "the 15th of last month"
        *joins(["clock"], IN_THE, ["part"], clock_with_part),  # "nine in the morning"
        *joins(DAYS, BLANK, ["part"], with_part),  # "Friday night"
        *joins(["part"], BLANK, DAYS, flip(with_sure_part)),  # "mid-afternoon yesterday"
        *joins(["part"], OF, DAYS, flip(with_part)),  # "the morning of 5 May"
        *joins(["clock"], COMMA, DAYS, flip(with_clock)),  # "5 p.m. EST, Nov. 6"
        *joins(DAYS, COMMA, ["clock"], with_clock),  # "Friday, 10 a.m."
        *joins(["quarter", "half"], OF_OR_COMMA, YEARS, with_year),  # "the third quarter of last year"
        *joins(["quarter", "half"], OF, ["month", "decade", "century"], lambda _, right: right),  # "the last half of the '80s"
        *joins(["season", "month", "day", "nth_of_month"], BLANK_OR_OF, YEARS, with_said_year),  # "May of last year"
        *joins(YEARS, OWN, ["quarter", "half", "this_quarter"], flip(with_year)),  # "last year's third quarter"
        *joins(["this_quarter"], COMMA, ["ago"], quarter_a_year_ago),  # "the quarter a year ago"
        *joins(["edge"], BLANK_OR_HYPHEN, PERIODS, with_edge),  # "the end of 2019", "mid-May"
        *joins(["about"], BLANK, ["duration", "ago"], with_about),  # "nearly two years"
    ):
        table.setdefault((join.left, join.right), []).append(join)
    return table


def joined(pieces: Iterable[Piece], lower: str) -> list[Piece]:
    """The pieces with neighbours that belong together made one, as often as that is possible."""
    done: list[Piece] = []
    for piece in pieces:
        whole: Piece | None = piece
        while whole is not None:
            done.append(whole)
            whole = join_two(done[-2], done[-1], lower) if len(done) > 1 and done[-1].start - done[-2].end <= 8 else None
            if whole is not None:
                del done[-2:]
    return done


def join_two(left: Piece, right: Piece, lower: str) -> Piece | None:
    """The piece that two neighbours make, or None where they do not belong together."""
    for join in join_table().get((left.kind, right.kind), ()):
        whole = join.build(left, right) if join.between.fullmatch(lower, left.end, right.start) else None
        if whole is not None:
            return replace(whole, start=left.start, end=right.end)
    return None
