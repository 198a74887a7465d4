"""Periods of the calendar as a unit and a running number: shifting, containing and naming them is then plain arithmetic."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

SEASON_CODES = ("SP", "SU", "FA", "WI")
# How many periods of a unit make a year, for the units that years are made of
PER_YEAR = {"month": 12, "quarter": 4, "half": 2, "season": 4, "year": 1}
YEARS = {"decade": 10, "century": 100, "millennium": 1000}


class Period(NamedTuple):
    """A stretch of the calendar: the `number`-th day, week, weekend, month, quarter, half, season, year, decade or century.

    Numbers run on without a break, so that the next period is `number + 1`: days count as `date.toordinal` does, weeks
    and weekends from the week of 1 January of year 1, months from month 0 of year 0.

    >>> Period.containing("month", date(2019, 12, 31)).shift(1).value
    '2020-01'
    >>> Period.containing("week", date(2019, 6, 29)).days
    (datetime.date(2019, 6, 24), datetime.date(2019, 6, 30))
    """

    unit: str
    number: int

    @classmethod
    def of_year(cls, unit: str, year: int, part: int = 0) -> Period:
        """The `part`-th (from 0) month, quarter, half or season of a year, or the year, decade or century around it."""
        return cls(unit, year // YEARS[unit]) if unit in YEARS else cls(unit, year * PER_YEAR[unit] + part)

    @classmethod
    def containing(cls, unit: str, day: date) -> Period:
        """The period of that unit that holds the day; January and February belong to the winter of the year before."""
        if unit == "day":
            return cls(unit, day.toordinal())
        if unit in ("week", "weekend"):
            return cls(unit, (day.toordinal() - 1) // 7)
        if unit == "season":
            return cls(unit, (day.year * 12 + day.month - 3) // 3)
        return cls.of_year(unit, day.year, (day.month - 1) * PER_YEAR.get(unit, 1) // 12)

    def shift(self, steps: int) -> Period:
        """The period so many steps later, or earlier where `steps` is negative."""
        return Period(self.unit, self.number + steps)

    def years_later(self, years: int) -> Period:
        """The same period of another year: a date keeps month and day (29 February becomes 28), a week its place."""
        if self.unit in PER_YEAR:
            return self.shift(years * PER_YEAR[self.unit])
        if self.unit in YEARS:
            return self.shift(years // YEARS[self.unit])
        first = self.first
        last_day = 28 if (first.month, first.day) == (2, 29) else first.day
        return Period.containing(self.unit, first.replace(year=first.year + years, day=last_day))

    @property
    def first(self) -> date:
        """The first day; OverflowError or ValueError outside the years 1 to 9999."""
        unit, number = self
        if unit == "day":
            return date.fromordinal(number)
        if unit == "week":
            return date.fromordinal(number * 7 + 1)
        if unit == "weekend":
            return date.fromordinal(number * 7 + 6)
        if unit in YEARS:
            return date(max(number * YEARS[unit], 1), 1, 1)
        year, part = divmod(number, PER_YEAR[unit])
        month = part * 12 // PER_YEAR[unit] + (3 if unit == "season" else 1)
        return date(year, month, 1)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day; OverflowError or ValueError outside the years 1 to 9999."""
        if self.unit == "day":
            return self.first, self.first
        if self.unit == "weekend":
            return self.first, self.first + timedelta(1)
        if self.unit != "week" and self.next_begins_year_10000:
            return self.first, date.max
        return self.first, self.shift(1).first - timedelta(1)

    @property
    def next_begins_year_10000(self) -> bool:
        """Whether the last day is the last that a `date` can hold."""
        return self.number + 1 == (10000 // YEARS[self.unit] if self.unit in YEARS else 10000 * PER_YEAR[self.unit])

    @property
    def value(self) -> str:
        """The TIMEX3 value, such as 2019-06-29, 2019-W26, 2019-W26-WE, 2019-06, 2019-Q2, 2019-SU, 2019, 201 or 20."""
        unit, number = self
        if unit == "day":
            return self.first.isoformat()
        if unit in ("week", "weekend"):
            year, week, _ = self.first.isocalendar()
            return f"{year:04}-W{week:02}" + ("-WE" if unit == "weekend" else "")
        if unit in YEARS:
            return f"{number:0{len(str(9999 // YEARS[unit]))}}"
        year, part = divmod(number, PER_YEAR[unit])
        tail = {"year": "", "month": f"-{part + 1:02}", "quarter": f"-Q{part + 1}", "half": f"-H{part + 1}"}
        return f"{year:04}" + (tail[unit] if unit in tail else f"-{SEASON_CODES[part]}")


def weekday_near(day: date, weekday: int, direction: int) -> date:
    """The nearest day with that ISO weekday before (-1) or after (1) the day, never the day itself."""
    steps = (day.isoweekday() - weekday) % 7 or 7
    return day - timedelta(steps) if direction < 0 else day + timedelta(7 - steps % 7)


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """The nth day with that ISO weekday of a month; n = -1 is the last one."""
    first, last = Period.of_year("month", year, month - 1).days
    if n < 0:
        return last - timedelta((last.isoweekday() - weekday) % 7)
    return first + timedelta((weekday - first.isoweekday()) % 7 + 7 * (n - 1))
