"""Pieces of time expressions: what their words say, before anything is resolved."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from analysis.times import words
from analysis.times.periods import SEASON_CODES

Groups = dict[str, str]


@dataclass(slots=True)
class Piece:
    """A stretch of text that is, or is part of, a time expression. What its words do not say is None, empty or False."""

    kind: str  # see MEANINGS in dates.py for those that can stand alone
    start: int
    end: int
    year: int | None = None
    year_step: int | None = None  # -1 "last year", 0 "this year", 1 "next year", said of a month or quarter
    month: int | None = None
    day: int | None = None
    last: int | None = None  # the last day or year of a range
    weekday: int | None = None  # 1 is Monday
    number: float | None = None  # how many; or which one, -1 for the last
    unit: str = ""
    step: int | None = None  # -1 "last", 0 "this", 1 "next"
    told: bool = False  # counted from the day that the text is about, not from the reference date
    open: bool = False  # "the year", "the weekend": which one is not said
    fiscal: bool = False
    clock: str = ""  # "T17:00"
    part: str = ""  # "MO"
    code: str = ""  # a ready TIMEX3 value, or the name of a holiday
    word: str = ""
    figures: tuple[int, int] | None = None  # day and month in unknown order
    beside: Piece | None = None  # the day whose hour this is: "at 5 p.m. on Friday"


# --- Numbers, units and names ---------------------------------------------------------------------------------------------
BETWEEN_WORDS = re.compile("[\\s\u2010\u2011\u2013-]+")
APOSTROPHES = "'\u2019\u2018"
SMALL_NUMBERS = {**words.NUMBERS, "couple": 2}
FRACTIONS = {"1/2": 0.5, "1/4": 0.25, "3/4": 0.75, "½": 0.5, "and a half": 0.5}


def number_of(phrase: str) -> float | None:
    """The number that lower-case words or figures say; None where they say none.

    >>> number_of("twenty-five"), number_of("two hundred and ten"), number_of("2 1/2"), number_of("half an")
    (25.0, 210.0, 2.5, 0.5)
    """
    phrase = BETWEEN_WORDS.sub(" ", phrase.replace(",", ""))
    if phrase.startswith("half"):
        return 0.5
    tail = next((tail for tail in FRACTIONS if phrase.endswith(tail)), None)
    extra = FRACTIONS[tail] if tail else 0.0
    total = group = 0.0
    for word in phrase.removesuffix(tail or "").split():
        if word in words.MULTIPLES:
            group = max(group, 1) * words.MULTIPLES[word]
            if words.MULTIPLES[word] >= 1000:
                total, group = total + group, 0
        elif word in SMALL_NUMBERS or re.fullmatch(r"\d+(?:\.\d+)?", word):
            group += SMALL_NUMBERS[word] if word in SMALL_NUMBERS else float(word)
        elif word not in ("a", "an", "and", "of"):
            return None
    return total + group + extra or (1.0 if phrase in ("a", "an") else 0.0)


def year_of_words(phrase: str) -> int | None:
    """The year that words say: "nineteen ninety-six", "two thousand and five", "twenty twelve"."""
    head, _, tail = BETWEEN_WORDS.sub(" ", phrase).removeprefix("the ").removeprefix("year ").partition(" ")
    rest = number_of(re.sub(r"^(?:thousand|hundred)\s?|\shundred$", "", tail) or "zero")
    if rest is None or rest > 99:
        return None
    return (1900 if head == "nineteen" else 2000) + int(rest)


def year_of_figures(figures: str, latest: int) -> int:
    """The year that four figures say, or two: then the last such year up to the latest."""
    figures = figures.lstrip(APOSTROPHES)
    return int(figures) if len(figures) == 4 else latest - (latest - int(figures)) % 100


def ordinal_of(phrase: str) -> int:
    """The number of "third", "twenty-first"."""
    tens, _, unit = BETWEEN_WORDS.sub("-", phrase).rpartition("-")
    return words.ORDINALS[unit] + words.TENS.get(tens, 0)


def unit_of(word: str) -> str:
    """The unit that a singular or plural word names."""
    word = words.IRREGULAR_PLURALS.get(word, word)
    return word if word in words.UNITS else word.removesuffix("s")


def duration_value(number: float | None, unit: str) -> str:
    """The TIMEX3 value of a length of time; an X stands for an unknown number.

    >>> duration_value(2.5, "year"), duration_value(90, "minute"), duration_value(None, "week"), duration_value(2, "decade")
    ('P2Y6M', 'PT90M', 'PXW', 'P20Y')
    """
    letter, times = ("Q", 1) if unit == "quarter" and number is not None else words.UNITS[unit]
    prefix, letter = ("PT", letter[1:]) if letter.startswith("T") else ("P", letter)
    if number is None:
        return f"{prefix}X{letter}"
    whole, rest = divmod(number * times, 1)
    smaller, share = {"PY": ("M", 12), "PTH": ("M", 60), "PTM": ("S", 60)}.get(prefix + letter, ("", 0))
    if rest == 0:
        return f"{prefix}{int(whole)}{letter}"
    if share and (rest * share) % 1 == 0:
        return prefix + (f"{int(whole)}{letter}" if whole else "") + f"{int(rest * share)}{smaller}"
    return f"{prefix}{number * times:g}{letter}"


# --- Reading: from a rule's groups to a piece -----------------------------------------------------------------------------
ORDINAL_WORDS = {"final": -1, "last": -1, "latest": -1, "latter": 2}


def read(kind: str, found: Groups, start: int, end: int, latest: int) -> Piece | None:
    """The piece that a rule's groups say, or None where they make no sense together."""
    piece = Piece(kind, start, end)
    for name, reader in GROUPS.items():
        if name in found:
            reader(piece, found[name])
    if "year" in found:
        piece.year = year_of_figures(found["year"], latest)
    which = re.sub(r"\s+", " ", found.get("which") or found.get("which2") or "")
    if which in words.WHICH_FROM_THEN:
        piece.step, piece.told = words.WHICH_FROM_THEN[which], True
    elif which in words.WHICH_FROM_NOW:
        piece.step = words.WHICH_FROM_NOW[which]
    finish = READERS.get(kind)
    return finish(piece, found) if finish else piece


def set_month(piece: Piece, word: str) -> None:
    word = word.rstrip(".")
    piece.month = int(word) if word.isdigit() else words.MONTHS.get(word) or words.MONTH_ABBREVIATIONS[word]


def set_weekday(piece: Piece, word: str) -> None:
    word = word.rstrip(".")
    piece.weekday = words.WEEKDAYS.get(word) or words.WEEKDAY_ABBREVIATIONS[word]


def set_ordinal(piece: Piece, word: str) -> None:
    piece.number = ORDINAL_WORDS[word] if word in ORDINAL_WORDS else ordinal_of(word)


def digits(word: str) -> int:
    return int(re.sub(r"\D", "", word))


def set_field(name: str, convert: Callable[[str], object]) -> Callable[[Piece, str], None]:
    def put(piece: Piece, word: str) -> None:
        setattr(piece, name, convert(word))

    return put


# What the groups of all rules mean; a rule's own reader does the rest.
GROUPS: dict[str, Callable[[Piece, str], None]] = {
    "month": set_month,
    "weekday": set_weekday,
    "ordinal": set_ordinal,
    "day": set_field("day", digits),
    "last": set_field("last", digits),
    "figure": set_field("number", int),
    "number": set_field("number", number_of),
    "year_words": set_field("year", year_of_words),
    "unit": set_field("unit", unit_of),
    "part": set_field("part", words.PARTS.__getitem__),
    "fiscal": set_field("fiscal", bool),
    "fiscal2": set_field("fiscal", bool),
}


def read_numeric(piece: Piece, found: Groups) -> Piece | None:
    first, second = int(found["first"]), int(found["second"])
    possible = 1 <= min(first, second) <= 12 and max(first, second) <= 31
    return replace(piece, kind="day", figures=(first, second)) if possible else None


def read_iso(piece: Piece, found: Groups) -> Piece | None:
    return replace(piece, kind="day", clock=(clock_value(found) or "") if "hour" in found else "")


def read_day(piece: Piece, _: Groups) -> Piece | None:
    return replace(piece, day=piece.day or int(piece.number or 0), number=None)


def read_day_range(piece: Piece, _: Groups) -> Piece | None:
    return replace(piece, kind="day") if (piece.day or 0) < (piece.last or 0) else None


def read_year(piece: Piece, found: Groups) -> Piece | None:
    piece.fiscal = found.get("named", "").startswith(("fiscal", "financial", "fy"))
    return piece if piece.year else None


def read_year_range(piece: Piece, _: Groups) -> Piece | None:
    year = piece.year or 0
    last = year // 100 * 100 + (piece.last or 0)
    return replace(piece, last=last) if year < last <= year + 20 else None


def read_decade(piece: Piece, found: Groups) -> Piece | None:
    if piece.year is None:
        piece.year = 1900 + (int(found["short"]) if "short" in found else words.DECADES[found["word"]])
    return piece


def read_century(piece: Piece, _: Groups) -> Piece | None:
    return replace(piece, year=int(piece.number or 0) * 100 - 100) if piece.number else None


def read_half(piece: Piece, _: Groups) -> Piece | None:
    return replace(piece, number=2 if piece.number == -1 else piece.number)


def read_quarter(piece: Piece, found: Groups) -> Piece | None:
    if found.get("ordinal") == "final":
        piece.number = 4
    return piece if piece.number else replace(piece, kind="this_quarter")


def read_season(piece: Piece, found: Groups) -> Piece | None:
    return replace(piece, number=words.SEASONS[found["season"]], word=found["season"])


def read_holiday(piece: Piece, found: Groups) -> Piece | None:
    return replace(piece, code=re.sub(r"\s+", " ", re.sub(f"[{APOSTROPHES}]", "'", found["holiday"])))


def read_near_day(piece: Piece, found: Groups) -> Piece | None:
    steps = {"today": 0, "yesterday": -1, "tomorrow": 1}
    step = steps[found["near"]] if "near" in found else -2 if "before" in found else 2
    return replace(piece, kind="relative", unit="day", step=step)


def read_near_part(piece: Piece, found: Groups) -> Piece | None:
    piece.told = piece.told or "which2" in found
    return replace(piece, kind="relative", unit="day", step=piece.step or 0, part=piece.part or "NI")


def read_told(piece: Piece, found: Groups) -> Piece | None:
    if piece.unit == "night":
        piece.unit, piece.part = "day", "NI"
    if "twice" in found:
        return replace(piece, kind="relative", step=2 if found["twice"].startswith("after") else -2)
    return replace(piece, kind="relative", step=1 if found["way"] == "after" else -1, told=True)


def read_beside(piece: Piece, found: Groups) -> Piece | None:
    return replace(piece, step=1 if found["way"] == "after" else -1)


# A length that ends or begins now, not the decade of the calendar
LONG_TIMES = frozenset(["past decade", "last decade", "next decade", "coming decade", "past century", "next century"])
SHORT_UNITS = ("second", "minute", "hour", "night", "fortnight", "millennium")


def read_relative(piece: Piece, found: Groups) -> Piece | None:
    if piece.unit in SHORT_UNITS:
        return None
    which = found.get("which", "")
    if f"{which} {piece.unit}" in LONG_TIMES:
        return replace(piece, kind="duration", code=duration_value(1, piece.unit))
    if which == "next" and piece.unit == "day":
        piece.told = True
    return replace(piece, step=piece.step or 0, open=piece.step is None)


def read_length(piece: Piece, found: Groups) -> Piece | None:
    if "number" in found and piece.number is None:
        return None
    if "couple" in found.get("vague", ""):
        piece.number = 2
    if not {"number", "vague"} & set(found) and found["unit"] in words.UNITS:
        piece.number = 1  # "the year ended March 31"
    if "half" in found and piece.number is not None:
        piece.number += 0.5
    if piece.kind == "ago":
        way = re.sub(r"\s+", " ", found.get("way") or found["way2"])
        piece.step, piece.told = (1 if way in ("from now", "hence") else -1), way in ("earlier", "before")
    return replace(piece, code=duration_value(piece.number, piece.unit))


def read_recent(piece: Piece, found: Groups) -> Piece | None:
    recent = "recent" in found["recent"] or (found["recent"] == "past" and "the" not in found)
    return replace(piece, kind="past") if recent else replace(piece, kind="duration", code=duration_value(None, piece.unit))


def read_set(piece: Piece, found: Groups) -> Piece | None:
    if "frequency" in found or "yearly" in found:
        piece.code = words.FREQUENCIES[found.get("frequency", "yearly")]
    elif piece.weekday or "working" in found:
        piece.code = "XXXX-WXX" + (f"-{piece.weekday}" if piece.weekday else "") + (f"T{piece.part}" if piece.part else "")
    elif "weekend" in found:
        piece.code = "XXXX-WXX-WE"
    elif "season" in found:
        piece.code = f"XXXX-{SEASON_CODES[words.SEASONS[found['season']]]}"
    elif piece.part:
        piece.code = f"XXXX-XX-XXT{piece.part}"
    else:
        number = piece.number if "number" in found else 2.0 if "other" in found else 1.0
        piece.code = duration_value(number, piece.unit)
    return piece


def clock_value(found: Groups) -> str | None:
    """The TIMEX3 time of day, such as T17:00 or T08:30Z; None where it is no time of day."""
    if "word" in found:
        hour, minute = words.CLOCK_WORDS[found["word"]].split(":")
    else:
        hour, minute = found["hour"], found.get("minute", "00")
    hours = int(hour) if hour.isdigit() else words.NUMBERS[hour]
    if "meridiem" in found:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if found["meridiem"].startswith("p") else 0)
    if hours > 24 or (hours == 24 and minute != "00"):
        return None
    universal = "utc" in found or found.get("zone", "") in words.UNIVERSAL_ZONES
    shift = found.get("offset") or found.get("east", "")
    return f"T{hours:02}:{minute}" + (shift or ("Z" if universal else ""))


def read_clock(piece: Piece, found: Groups) -> Piece | None:
    clock = clock_value(found)
    sure = {"meridiem", "zone", "offset", "word", "sure"} & set(found)
    return replace(piece, clock=clock, word="" if sure else "bare") if clock else None


def read_code(code: str) -> Callable[[Piece, Groups], Piece | None]:
    return lambda piece, _: replace(piece, kind="duration", code=code)


READERS: dict[str, Callable[[Piece, Groups], Piece | None]] = {
    "numeric": read_numeric, "iso": read_iso, "day": read_day, "day_range": read_day_range, "year": read_year,
    "september11": lambda piece, _: replace(piece, kind="day", year=2001, month=9, day=11),
    "year_range": read_year_range, "decade": read_decade, "century": read_century, "half": read_half, "quarter": read_quarter,
    "season": read_season, "holiday": read_holiday, "near_day": read_near_day, "near_part": read_near_part, "told": read_told,
    "beside": read_beside, "relative": read_relative, "ago": read_length, "duration": read_length, "recent": read_recent,
    "while": read_code("PXX"), "some_time": read_code("PXM"), "set": read_set, "clock": read_clock,
    "about": lambda piece, found: replace(piece, word=found["about"]),
}  # fmt: skip
