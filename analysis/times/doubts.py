"""Words that have other meanings: whether "may", "March", "second", "fall" or "2000" is a time where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from analysis.times import patterns, words
from analysis.times.pieces import Groups, Piece


class Place(NamedTuple):
    """A match in its text: the words around it decide whether it is a time."""

    text: str
    lower: str
    start: int
    end: int
    found: Groups

    @property
    def previous(self) -> str:
        """The word before it, empty if something else than blanks or a hyphen stands between."""
        before = re.search(r"(\w+)[\s-]+$", self.lower[max(0, self.start - 20) : self.start])
        return before[1] if before else ""

    @property
    def capital(self) -> bool:
        """Whether its last word is written with a capital."""
        tail = re.search(r"\w+\W*$", self.text[self.start : self.end])
        return tail is not None and tail[0][0].isupper()

    @property
    def capital_follows(self) -> bool:
        """Whether the next word is written with a capital."""
        return bool(re.match(r"\s[A-Z]", self.text[self.end : self.end + 2]))

    def follows(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.match(self.lower, self.end))


# "in May", but not "Theresa May", "it may"
BEFORE_A_MONTH = frozenset({
    "in", "by", "since", "until", "till", "of", "from", "to", "through", "during", "before", "after", "last", "next", "this",
    "early", "late", "mid", "between", "and", "or", "for", "around", "about", "every", "each", "throughout",
})  # fmt: skip
# "in May President Sall spoke", but not "and May Ling spoke"
SURELY_A_MONTH = frozenset({
    "in", "since", "until", "till", "during", "last", "next", "this", "early", "late", "mid", "through",
})  # fmt: skip
# "in 1248", but not "room 1248"
BEFORE_A_YEAR = frozenset({
    "in", "since", "of", "from", "until", "till", "by", "year", "circa", "before", "after", "around", "early", "late", "to",
    "through", "between", "and",
})  # fmt: skip
# "about 2000"
BEFORE_A_NUMBER = frozenset({
    "about", "nearly", "almost", "than", "over", "least", "some", "approximately", "roughly", "exactly", "only",
})  # fmt: skip
# "at 10:15", but not "won 10:15"
BEFORE_A_CLOCK = frozenset({
    "at", "by", "from", "until", "till", "around", "about", "before", "after", "since", "to", "and", "between",
})  # fmt: skip
# "in spring", but not "hot springs", "prices fall"
BEFORE_A_SEASON = frozenset({"in", "by", "early", "late", "during", "until", "since", "mid", "over", "this"})
# What is counted: "in May 12 people", "2000 soldiers"
COUNTED = re.compile(
    r"\s(?:people|persons|men|women|children|troops|soldiers|police|officers|workers|jobs|employees|staff|students|voters|seats|"
    r"homes|houses|miles|kilomet\w+|km|met(?:re|er)s|feet|acres|tons|tonnes|pounds|dollars|euros|votes|points|shares|members|"
    r"years?|months?|weeks?|days?|hours?|minutes?|percent|per cent|million|billion|cases|deaths|copies|units|cars|vehicles|"
    r"tickets|victims|refugees|migrants|protesters|demonstrators|others|of them)\b"
)
ADVERB = re.compile(
    rf"\s?(?:[.,;:]|{patterns.CLOSING})|\s(?:in|on|to|by|from|for|at|and|or|with|since|until|outside|as|basis|that|because|when|while)\b|\s*$"
)
QUOTES = frozenset("\"'\u201c\u201d\u2018\u2019\u00ab\u00bb")
DATE_FOLLOWS = re.compile(rf",?\s{{1,3}}(?:\d\d?(?:st|nd|rd|th)?\s)?{patterns.MONTH}\s")
DAY_FOLLOWS = re.compile(rf",?\s{{1,3}}(?:\d|{patterns.MONTH}\s)")
OWNER = re.compile(rf"(?:\b(?:my|your|his|her|its|our|their)|{patterns.APOSTROPHE}s|s{patterns.APOSTROPHE})\s(?:\w{{2,5}}\s)?$")
OF_A = re.compile(r"\sof\b")


def doubt_month(piece: Piece, place: Place) -> bool:
    if piece.year is not None:
        return False
    name = place.found["month"]
    capital = place.capital
    listed = place.previous in BEFORE_A_MONTH or place.lower[place.start - 1 : place.start] in ("-", "\u2013", "/")
    if name in ("may", "march"):
        named = place.previous not in SURELY_A_MONTH and place.capital_follows
        return not capital or named or not (listed or piece.step is not None)
    if name in words.MONTHS:
        return name == "august" and not capital
    # "Jan" and "Mar" are names of people and firms as well.
    return not capital or not (listed or piece.step is not None) or name in ("mar", "jun", "jul", "apr")


def doubt_day(piece: Piece, place: Place) -> bool:
    if piece.last and " and " in place.lower[place.start : place.end]:
        return place.previous != "between" and piece.last != (piece.day or 0) + 1  # "12 and 14 May" are two days
    return piece.year is None and place.follows(COUNTED) and "ordinal" not in place.found


def doubt_weekday(_: Piece, place: Place) -> bool:
    name = place.found["weekday"]
    if name in words.WEEKDAYS:
        return False
    named = name.endswith(".") and place.previous in ("on", "last", "next", "this")
    return not place.capital or not (named or place.follows(DAY_FOLLOWS))


def doubt_year(piece: Piece, place: Place) -> bool:
    year = piece.year or 0
    if "year" not in place.found or "named" in place.found:
        return False
    if place.previous in BEFORE_A_NUMBER or place.follows(COUNTED):
        return True
    return not (1900 <= year <= 2049 or (1000 <= year < 2100 and place.previous in BEFORE_A_YEAR))


def doubt_season(piece: Piece, place: Place) -> bool:
    if piece.word not in ("spring", "fall") or piece.year is not None:
        return False
    if piece.step is not None:
        return piece.told
    if place.previous == "the":
        before = re.search(r"(\w+)\s+the\s+$", place.lower[max(0, place.start - 24) : place.start])
        return not before or before[1] not in BEFORE_A_SEASON or place.follows(OF_A)
    return place.previous not in BEFORE_A_SEASON


def doubt_clock(piece: Piece, place: Place) -> bool:
    return piece.word == "bare" and place.previous not in BEFORE_A_CLOCK and not place.follows(DATE_FOLLOWS)


def doubt_part(piece: Piece, place: Place) -> bool:
    """A bare "morning" counts only with a neighbour ("Friday morning"), but "in the morning", "late afternoon" stand alone."""
    said = place.lower[place.start : place.end]
    alone = said.startswith("the") and place.previous in ("in", "during", "throughout", "through", "by")
    piece.word = "" if said == "overnight" or said[:3] in ("ear", "lat", "mid") or alone else "bare"
    return False


def doubt_relative(piece: Piece, place: Place) -> bool:
    """A "Person of the Year" and a "This Week" in quotation marks are names."""
    said = place.text[place.start : place.end]
    if piece.open:
        return not said.isupper() and said[-1:].islower() and bool(re.search(r"\s[A-Z]\w*$", said))
    before, after = place.text[max(0, place.start - 1) : place.start], place.text[place.end : place.end + 2].lstrip(",.")[:1]
    return said.istitle() and before in QUOTES and after in QUOTES


def doubt_current(_: Piece, place: Place) -> bool:
    """The words "her current post" say whose, not when."""
    return bool(OWNER.search(place.lower, max(0, place.start - 20), place.start))


def doubt_then(_: Piece, place: Place) -> bool:
    return place.previous not in ("at", "by", "until", "till", "since", "from", "around", "before", "after")


def doubt_future(_: Piece, place: Place) -> bool:
    return place.lower.endswith("soon", place.start, place.end) and place.lower.startswith(" as ", place.end)


def doubt_set(_: Piece, place: Place) -> bool:
    """A "daily paper" and "The Oslo Daily" are no times; "annually" is always one."""
    if "frequency" in place.found and place.text[place.start].isupper() and place.previous:
        return True
    return place.found.get("frequency", "annually") != "annually" and not place.follows(ADVERB)


def doubt_duration(piece: Piece, place: Place) -> bool:
    number = place.found.get("number", "")
    counted = bool(number) or "vague" in place.found
    if piece.unit == "second":
        return not counted or number in ("a", "the")
    if piece.unit == "quarter":
        return "which" not in place.found and (not counted or number in ("a", "three", "half a") or place.follows(OF_A))
    if piece.unit in ("night", "weekend") and not counted:
        return True
    return piece.unit in ("minute", "hour") and not counted and place.previous not in ("within", "in", "for", "after", "of")


DOUBTS: dict[str, Callable[[Piece, Place], bool]] = {
    "month": doubt_month, "day": doubt_day, "weekday": doubt_weekday, "year": doubt_year, "season": doubt_season,
    "clock": doubt_clock, "part": doubt_part, "relative": doubt_relative, "current": doubt_current, "future": doubt_future,
    "then": doubt_then, "set": doubt_set, "duration": doubt_duration,
}  # fmt: skip
