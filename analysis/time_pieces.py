"""From a text to its time expressions as pieces: what their words say, before anything is resolved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from analysis import calendar_words as words
from analysis import time_patterns as patterns
from analysis.calendar_periods import SEASON_CODES

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


# --- Numbers, units and names ---------------------------------------------------------------------------------------------
FRACTIONS = {"1/2": 0.5, "1/4": 0.25, "3/4": 0.75, "½": 0.5, "and a half": 0.5}


def number_of(phrase: str) -> float | None:
    """The number that lower-case words or figures say; None where they say none.

    >>> number_of("twenty-five"), number_of("two hundred and ten"), number_of("2 1/2"), number_of("half an")
    (25.0, 210.0, 2.5, 0.5)
    """
    phrase = re.sub(r"[\s‐‑–-]+", " ", phrase.replace(",", ""))
    if phrase.startswith("half"):
        return 0.5
    extra = 0.0
    for tail, value in FRACTIONS.items():
        if phrase.endswith(tail):
            phrase, extra = phrase[: -len(tail)].strip(), value
    total = group = 0.0
    for word in phrase.split():
        if word in words.MULTIPLES:
            group = max(group, 1) * words.MULTIPLES[word]
            if word in ("thousand", "million"):
                total, group = total + group, 0
        elif word in ("a", "an"):
            group = 1
        elif word == "couple":
            group = 2
        elif word in words.NUMBERS:
            group += words.NUMBERS[word]
        elif re.fullmatch(r"\d+(?:\.\d+)?", word):
            group += float(word)
        elif word not in ("and", "of"):
            return None
    return total + group + extra if phrase else None


def year_of_words(phrase: str) -> int | None:
    """The year that words say: "nineteen ninety-six", "two thousand and five", "twenty twelve"."""
    head, _, tail = re.sub(r"[\s‐‑–-]+", " ", phrase).removeprefix("the ").removeprefix("year ").partition(" ")
    rest = number_of(re.sub(r"^(?:thousand|hundred)\s?|\shundred$", "", tail) or "zero")
    if rest is None or rest > 99:
        return None
    return (1900 if head == "nineteen" else 2000) + int(rest)


def year_of_figures(figures: str, latest: int) -> int:
    """The year that four figures say, or two: then the last such year up to the latest."""
    figures = figures.strip("'’‘ ")
    return int(figures) if len(figures) == 4 else latest - (latest - int(figures)) % 100


def ordinal_of(phrase: str) -> int:
    """The number of "third", "twenty-first"."""
    tens, _, unit = re.sub(r"[\s‐‑–-]+", "-", phrase).rpartition("-")
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


def set_field(name: str, convert: Callable[[str], object]) -> Callable[[Piece, str], None]:
    def put(piece: Piece, word: str) -> None:
        setattr(piece, name, convert(word))

    return put


def digits(word: str) -> int:
    return int(re.sub(r"\D", "", word))


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
    if len(found["year"]) == 2 and found["sep"] != "/" or not 1 <= min(first, second) <= 12 or not 1 <= max(first, second) <= 31:
        return None
    return replace(piece, kind="day", figures=(first, second))


def read_iso(piece: Piece, found: Groups) -> Piece | None:
    return replace(piece, kind="day", clock=clock_value(found) or "" if "hour" in found else "")


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
    if found.get("ordinal") in ("last", "final"):
        piece.number = 4
    return piece if piece.number else replace(piece, kind="this_quarter")


def read_season(piece: Piece, found: Groups) -> Piece | None:
    return replace(piece, number=words.SEASONS[found["season"]], word=found["season"])


def read_holiday(piece: Piece, found: Groups) -> Piece | None:
    return replace(piece, code=re.sub(r"\s+", " ", found["holiday"].replace("’", "'").replace("‘", "'")))


def read_near_day(piece: Piece, found: Groups) -> Piece | None:
    steps = {"today": 0, "yesterday": -1, "tomorrow": 1}
    return replace(piece, kind="relative", unit="day", step=steps[found["near"]] if "near" in found else -2 if "before" in found else 2)


def read_near_part(piece: Piece, found: Groups) -> Piece | None:
    piece.told = piece.told or "which2" in found
    return replace(piece, kind="relative", unit="day", step=piece.step or 0, part=piece.part or "NI")


def read_told(piece: Piece, found: Groups) -> Piece | None:
    step = 1 if found["way"] == "after" else -1
    if piece.unit == "night":
        piece.unit, piece.part = "day", "NI"
    return replace(piece, kind="relative", step=step, told=True)


def read_beside(piece: Piece, found: Groups) -> Piece | None:
    return replace(piece, step=1 if found["way"] == "after" else -1)


SHORT_UNITS = ("second", "minute", "hour", "night", "fortnight", "millennium")


def read_relative(piece: Piece, found: Groups) -> Piece | None:
    if piece.unit in SHORT_UNITS:
        return None
    which = found.get("which", "")
    if piece.unit in ("decade", "century") and which in ("past", "last", "next", "coming") and (piece.unit, which) != ("century", "last"):
        return replace(piece, kind="duration", code=duration_value(1, piece.unit))
    if which == "next" and piece.unit == "day":
        piece.told = True
    return replace(piece, step=piece.step or 0, open=piece.step is None)


def read_nth(piece: Piece, _: Groups) -> Piece | None:
    return piece


def read_length(piece: Piece, found: Groups) -> Piece | None:
    if "number" in found and piece.number is None:
        return None
    if "couple" in found.get("vague", ""):
        piece.number = 2
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
    if "frequency" in found:
        piece.code = words.FREQUENCIES[found["frequency"]]
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
    return f"T{hours:02}:{minute}" + ("Z" if universal else found.get("offset", ""))


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


# --- Doubt: words that have other meanings --------------------------------------------------------------------------------
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
        return bool(tail) and tail[0][0].isupper()

    def follows(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.match(self.lower, self.end))


# "in May", but not "Theresa May", "it may"
BEFORE_A_MONTH = frozenset(
    "in by since until till of from to through during before after last next this early late mid between and or for around "
    "about every each throughout".split()
)
BEFORE_A_YEAR = frozenset(
    "in since of from until till by year circa before after around early late to through between and".split()
)
BEFORE_A_NUMBER = frozenset("about nearly almost than over least some approximately roughly exactly only".split())
BEFORE_A_CLOCK = frozenset("at by from until till around about before after since to and between".split())
BEFORE_A_SEASON = frozenset("in by early late during until since mid over this".split())
# What is counted: "in May 12 people", "2000 soldiers"
COUNTED = re.compile(
    r"\s(?:people|persons|men|women|children|troops|soldiers|police|officers|workers|jobs|employees|staff|students|voters|seats|"
    r"homes|houses|miles|kilomet\w+|km|met(?:re|er)s|feet|acres|tons|tonnes|pounds|dollars|euros|votes|points|shares|members|"
    r"years?|months?|weeks?|days?|hours?|minutes?|percent|per cent|million|billion|cases|deaths|copies|units|cars|vehicles|"
    r"tickets|victims|refugees|migrants|protesters|demonstrators|others|of them)\b"
)
ADVERB = re.compile(
    r"\s?[.,;:)\"”’]|\s(?:in|on|to|by|from|for|at|and|or|with|since|until|outside|as|basis|that|because|when|while)\b|\s*$"
)
QUOTES = frozenset("\"'“”‘’«»")
DAY_FOLLOWS = re.compile(rf",?\s{{1,3}}(?:\d|{patterns.MONTH}\s)")
OF_A = re.compile(r"\sof\b")


def doubt_month(piece: Piece, place: Place) -> bool:
    if piece.year is not None:
        return False
    name = place.found["month"]
    capital = place.capital
    listed = place.previous in BEFORE_A_MONTH or place.lower[place.start - 1 : place.start] in ("-", "–", "/")
    if name in ("may", "march"):
        return not capital or not (listed or piece.step is not None)
    if name in words.MONTHS:
        return name == "august" and not capital
    # "Jan" and "Mar" are names of people and firms as well.
    return not capital or not (listed or piece.step is not None) or name in ("mar", "jun", "jul", "apr")


def doubt_day(piece: Piece, place: Place) -> bool:
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
    return piece.word == "bare" and place.previous not in BEFORE_A_CLOCK


def doubt_part(piece: Piece, place: Place) -> bool:
    """ "morning" counts only with a neighbour ("Friday morning"), unless it is "in the morning" or "late afternoon"."""
    said = place.lower[place.start : place.end]
    alone = said.startswith("the") and place.previous in ("in", "during", "throughout", "through", "by")
    piece.word = "" if said == "overnight" or said[:3] in ("ear", "lat", "mid") or alone else "bare"
    return False


def doubt_relative(piece: Piece, place: Place) -> bool:
    """ "Person of the Year" and “This Week” in quotation marks are names."""
    said = place.text[place.start : place.end]
    if piece.open:
        return not said.isupper() and said[-1:].islower() and bool(re.search(r"\s[A-Z]\w*$", said))
    quoted = place.text[place.start - 1 : place.start] in QUOTES and place.text[place.end : place.end + 2].lstrip(",.")[:1] in QUOTES
    return quoted and said.istitle()


def doubt_future(_: Piece, place: Place) -> bool:
    return place.lower.endswith("soon", place.start, place.end) and place.lower.startswith(" as ", place.end)


def doubt_set(_: Piece, place: Place) -> bool:
    """A "daily paper" is no time; "annually" is always one."""
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
    "clock": doubt_clock, "part": doubt_part, "relative": doubt_relative, "future": doubt_future, "set": doubt_set, "duration": doubt_duration,
}  # fmt: skip


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
COMMA = re.compile(f",?{SP}")
OF = re.compile(f"{SP}(?:of|in){SP}")
OF_OR_COMMA = re.compile(f"(?:{SP}(?:of|in){SP}|,?{SP}|{DASH})")
OWN = re.compile(f"{patterns.APOSTROPHE}s?{SP}|{SP}")
IN_THE = re.compile(f"{SP}(?:in{SP}|at{SP})?")


def names_a_day(piece: Piece) -> bool:
    return piece.last is None and not piece.clock and (piece.kind != "relative" or piece.unit == "day")


def names_a_year(piece: Piece) -> bool:
    return piece.kind == "year" or (piece.kind == "relative" and piece.unit == "year" and not piece.told)


def with_part(day: Piece, part: Piece) -> Piece | None:
    return replace(day, part=part.part) if names_a_day(day) and not day.part else None


def with_clock(day: Piece, clock: Piece) -> Piece | None:
    return replace(day, clock=clock.clock, part=clock.part) if names_a_day(day) and clock.word != "bare" else None


def with_year(piece: Piece, year: Piece) -> Piece | None:
    if not names_a_year(year) or piece.year is not None or piece.year_step is not None or piece.last is not None:
        return None
    return replace(piece, year=year.year, year_step=year.step, fiscal=piece.fiscal or year.fiscal)


def with_said_year(piece: Piece, year: Piece) -> Piece | None:
    """A month takes "of last year" but not "the year": "in May the year began"."""
    return None if year.open else with_year(piece, year)


def with_edge(_: Piece, right: Piece) -> Piece | None:
    return None if right.part or right.clock else right


def with_about(about: Piece, length: Piece) -> Piece | None:
    """ "nearly two years", but "over" the past two years is a preposition."""
    return None if about.word in ("over", "under", "around", "about", "some") and length.step is not None and length.kind == "duration" else length


def with_weekday(weekday: Piece, day: Piece) -> Piece | None:
    return replace(day, weekday=weekday.weekday) if not weekday.part and day.last is None else None


def weekday_of_week(weekday: Piece, week: Piece) -> Piece | None:
    return replace(week, kind="weekday_of_week", weekday=weekday.weekday) if week.unit == "week" else None


def nth_within(nth: Piece, within: Piece) -> Piece | None:
    """ "the first Monday of May": the piece names the month, and which day or week in it."""
    if within.kind == "relative" and within.unit not in ("month", "year"):
        return None
    return replace(within, kind="nth_of_" + within.kind, number=nth.number, weekday=nth.weekday, word=nth.unit)


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
        *joins(["weekday"], BLANK, ["relative"], weekday_of_week),  # "Monday next week"
        *joins(["beside"], BLANK, DAYS, beside_day),  # "the day before last Tuesday"
        *joins(["week_of"], BLANK, ["day"], week_of_day),  # "the week of March 6"
        *joins(["nth"], OF, ["month", "year", "relative"], nth_within),  # "the last week of March"
        *joins(["clock"], IN_THE, ["part"], lambda clock, part: replace(clock, part=part.part, word="")),  # "nine in the morning"
        *joins(DAYS, BLANK, ["part"], with_part),  # "Friday night"
        *joins(["part"], BLANK, DAYS, flip(with_part)),  # "mid-afternoon yesterday"
        *joins(["part"], OF, DAYS, flip(with_part)),  # "the morning of 5 May"
        *joins(["clock"], COMMA, DAYS, flip(with_clock)),  # "5 p.m. EST, Nov. 6"
        *joins(DAYS, COMMA, ["clock"], with_clock),  # "Friday, 10 a.m."
        *joins(["quarter", "half"], OF_OR_COMMA, YEARS, with_year),  # "the third quarter of last year"
        *joins(["quarter", "half"], OF, ["month", "decade", "century"], lambda _, right: right),  # "the last half of the '80s"
        *joins(["season"], OF_OR_COMMA, YEARS, with_said_year),  # "the summer of last year"
        *joins(["month", "day"], OF_OR_COMMA, YEARS, with_said_year),  # "May of last year"
        *joins(YEARS, OWN, ["quarter", "half", "this_quarter"], flip(with_year)),  # "last year's third quarter"
        *joins(["this_quarter"], COMMA, ["ago"], quarter_a_year_ago),  # "the quarter a year ago"
        *joins(["edge"], BLANK_OR_HYPHEN, PERIODS, with_edge),  # "the end of 2019", "mid-May"
        *joins(["about"], BLANK, ["duration", "ago"], with_about),  # "nearly two years"
    ):
        table.setdefault((join.left, join.right), []).append(join)
    return table


def joined(pieces: list[Piece], lower: str) -> list[Piece]:
    """The pieces with neighbours that belong together made one, as often as that is possible."""
    while True:
        result: list[Piece] = []
        for piece in pieces:
            whole = join_two(result[-1], piece, lower) if result and piece.start - result[-1].end <= 8 else None
            if whole is None:
                result.append(piece)
            else:
                result[-1] = whole
        if len(result) == len(pieces):
            return result
        pieces = result


def join_two(left: Piece, right: Piece, lower: str) -> Piece | None:
    for join in join_table().get((left.kind, right.kind), ()):
        if join.between.fullmatch(lower, left.end, right.start):
            whole = join.build(left, right)
            if whole is not None:
                return replace(whole, start=left.start, end=right.end)
    return None
