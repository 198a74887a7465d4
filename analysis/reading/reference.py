"""Days that tell when an article appeared or what it speaks of: a record's date field, and full dates in the body."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from analysis.reading.datelines import FullDate, full_dates
from analysis.reading.layout import Zone
from analysis.reading.lines import BODY


def record_day(value: str) -> date | None:
    """The day that a record's date field or a page's tag names, in the zone in which it is written; None if it is in doubt.

    >>> record_day("Tue, 03 Mar 2020 23:05:00 -0500").isoformat(), record_day("20200303T101500Z").isoformat()
    ('2020-03-03', '2020-03-03')
    >>> record_day("03/04/2023") is None
    True
    """
    value = value.strip()[:100]
    packed = re.match(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:T\d{4,6}Z?|\d{4}|\d{6})?$", value)
    if packed and (found := full_dates("-".join(packed.groups()))):
        return found[0].day
    if re.fullmatch(r"-?\d{9,10}(?:\.\d+)?|\d{12,13}", value):
        seconds = float(value) / (1000 if len(value.split(".")[0]) > 10 else 1)
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date()
    found = full_dates(re.sub(r"(?<=\d)T(?=\d)", " ", value))
    days = {item.day for item in found}
    return found[0].day if len(days) == 1 else None


# What puts a day into the future, and what puts it back into the past, looking left from the day.
_DEADLINE = re.compile(
    r"\b(?:by|until|till|before|through|than|deadline|due|expires?|expir(?:ing|y)|effective)\s+(?:\w+,?\s+){0,2}$",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:(?:will|shall|would|could|can|may|might|must|should|won['\u2019]t)(?:\s(?:not|also|then|\w{2,15}ly))?(?:\s(?:be|have)\s\w+)?"
    r"|(?:is|are|be|was|were|being)\s+(?:to|due|set|scheduled|expected|planned|slated)(?:\sto)?(?:\sbe\s\w+)?"
    r"|(?:due|set|scheduled|expected|planned|plans?|planning|slated|agreed|agrees?|decided|wants?|hopes?|vow(?:s|ed)?|pledge[ds]?"
    r"|promise[ds]?|ready)\s+(?:to|for)|deadlines?|upcoming|postponed|next|expires?)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:was|were|had|has|have|did|said|took|began|met|held|told|made|went|came|won|lost|fell|rose|struck|shot|\w{2,20}ed)\b",
    re.IGNORECASE,
)
_BORN = re.compile(r"\b(?:born|founded|established|independence|since)\b[^.!?]{0,40}$", re.IGNORECASE)
_STOP = re.compile(r"[.!?;][\"”\u2019')]*\s|\n")
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_BESIDE = re.compile(rf"\b{_WEEKDAY},?\s+$", re.IGNORECASE)
_ON = re.compile(rf"\b(?:on|dated|published)\s+(?:{_WEEKDAY},?\s+)?$", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"\d{4}\s\(?on\s", re.IGNORECASE)
_BARE_DAY = re.compile(rf"\b(?:{_WEEKDAY}s?|today|yesterday|tonight|tomorrow)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:in|since|during|early|late)\s((?:19|20)\d\d)\b(?![\d,.%-]{0,6}\d)")
_LONGEST = 100_000  # characters that are searched; no article of a newspaper is longer
_OLDEST, _YOUNGEST = 1600, 2200  # years in which a newspaper can appear


def infer_reference(text: str, zones: Iterable[Zone]) -> date | None:
    """The latest full date that the body gives for something that has happened; None if there is none to rely on.

    Args:
        text: the article. zones: its zones.

    Days that the wording puts into the future ("by 31 December 2030", "will open on 1 May 2024") do not count, nor do those
    that only name a thing ("the Sept. 11, 2001, attacks"). An article that speaks of "Monday" or "today" gives a year only to
    what is long past, so there a day counts only with its weekday beside it. Where the body speaks of a later year as past,
    the article is younger than the day, and the answer is None.

    >>> body = "The yard handed over the ship on 16 April 2021. The next will follow on 1 March 2022."
    >>> infer_reference(body, [Zone(0, len(body), "body")]).isoformat()
    '2021-04-16'
    """
    dated: list[tuple[date, bool]] = []
    later_year, speaks_of_days = 0, False
    for body in (text[zone.start : min(zone.end, _LONGEST)] for zone in zones if zone.kind == BODY and zone.start < _LONGEST):
        found = full_dates(body)
        dated += [(item.day, _has_weekday(body, item)) for item in found if _is_report(body, item)]
        years = (int(match.group(1)) for match in _YEAR.finditer(body) if not _is_ahead(body, match.start(1), match.end()))
        later_year = max(later_year, *years, 0)
        speaks_of_days = speaks_of_days or _has_bare_day(body, found)
    days = [day for day, beside in dated if beside or not speaks_of_days]
    return None if not days or later_year > max(days).year else max(days)


def _has_weekday(body: str, item: FullDate) -> bool:
    """Whether the weekday stands beside a full date."""
    before, shown = body[max(0, item.start - 20) : item.start], body[item.start : item.end].lower()
    return bool(_BESIDE.search(before)) or shown.startswith(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))


def _is_report(body: str, item: FullDate) -> bool:
    """Whether a full date says when something happened."""
    before = body[max(0, item.start - 80) : item.start]
    adverb = _has_weekday(body, item) or _ON.search(before) or _YEAR_FIRST.match(body, item.start)
    past = not _is_ahead(body, item.start, item.end) and not _BORN.search(before)
    return bool(adverb) and past and _OLDEST <= item.day.year <= _YOUNGEST


def _has_bare_day(body: str, found: list[FullDate]) -> bool:
    """Whether the body names a weekday, or today, that belongs to no full date."""
    starts = [item.start - 12 for item in found]
    for match in _BARE_DAY.finditer(body):
        before = bisect_right(starts, match.start()) - 1
        if before < 0 or match.start() >= found[before].end + 12:
            return True
    return False


def _is_ahead(body: str, start: int, end: int) -> bool:
    """Whether the wording around a day puts it into the future."""
    before = _STOP.split(body[max(0, start - 200) : start])[-1]
    after = _STOP.split(body[end : end + 100])[0]
    if _DEADLINE.search(before):
        return True
    ahead = max((match.end() for match in _AHEAD.finditer(before)), default=-1)
    back = max((match.end() for match in _BACK.finditer(before)), default=-1)
    if max(ahead, back) >= 0:
        return ahead >= back
    first_ahead, first_back = _AHEAD.search(after), _BACK.search(after)
    return first_ahead is not None and (first_back is None or first_ahead.start() < first_back.start())
