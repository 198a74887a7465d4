"""What a piece of a time expression means: its days, as seen from the reference date and from what was said before."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from typing import NamedTuple

from analysis.times import words
from analysis.times.patterns import APOSTROPHE, CLOSING, OPENING
from analysis.times.periods import PER_YEAR, SEASON_CODES, YEARS, Period, nth_weekday, weekday_near
from analysis.times.pieces import Piece

# How far from now, in its own unit, a bare day or month is taken to be only because the tense says so.
FARTHEST = {"day": 250, "month": 10, "season": 3}


class Meaning(NamedTuple):
    """What a piece means: TIMEX3 type and value, the periods it begins and ends with if they are known, and the basis."""

    type: str
    value: str
    first: Period | None = None
    last: Period | None = None
    basis: str = "none"


# --- The scene: what a reader knows at this place -------------------------------------------------------------------------
SENTENCE_END = re.compile(
    rf"[.!?](?:{CLOSING}){{0,2}}\s+(?=(?:{OPENING})?[A-Z0-9])|\n(?=\s|(?:{OPENING})?[A-Z0-9])",
)
ABBREVIATIONS = frozenset({
    *words.MONTH_ABBREVIATIONS, *words.WEEKDAY_ABBREVIATIONS, *words.TITLES, "u.s", "u.n", "u.k", "a.m", "p.m", "no", "vs",
    "inc", "ltd",
})  # fmt: skip
# Words that tell of what is to come (ahead) and of what was (back). After "will", "to" and the like the next word is an
# infinitive and does not count ("will cut", "to put").
MODAL_MAY = (
    r"(?<!in )(?<!of )(?<!by )(?<!since )(?<!until )(?<!last )(?<!next )(?<!mid-)(?<!early )(?<!late )(?<!\d )may(?! \d)"
)
AHEAD = (
    rf"(?:will|won{APOSTROPHE}t|shall|would|should|must|{MODAL_MAY}|might)(?: (?:not|also|be|have|\w+ly)){{0,3}}(?: \w+)?",
    r"(?:is|are|was|were|be|been)(?: \w+)? (?:set|expected|supposed|planned|likely|poised|ready)",
    r"(?:is|are|was|were|be) to",
    r"(?:plan|hope|intend|aim|expect|want|prepare|promise|agree|pledge|vow|threaten|need|ready|schedule|anticipate)"
    r"(?:s|d|ed|ned|ning|ing)? (?:\w+ )?to(?: \w+)?",
    r"set to(?: \w+)?",
    r"expects?|anticipates?|going to|due|scheduled|slated|upcoming|deadline|expires?|payable|effective|takes? effect",
    r"begins?|starts?|opens?|meets?|resumes?|extended|postponed|delayed",
)
NEITHER = rf"(?:to|can|could|cannot|did not|didn{APOSTROPHE}t) \w+"
# A participle after these words tells of no time: "is closed", "a combined exercise", "its last jailed editor".
BEFORE_A_PARTICIPLE = (
    "be", "is", "are", "being", "not", "a", "an", "the", "its", "his", "her", "their", "our", "this", "these", "those", "last",
    "first", "two", "three", "four", "five", "six", "of", "with",
)  # fmt: skip
NO_PARTICIPLE = "".join(rf"(?<!\b{word} )" for word in BEFORE_A_PARTICIPLE)
BACK = (*words.PAST_TENSES, "since", "ago", rf"{NO_PARTICIPLE}[a-z]{{2,30}}[^e\W]ed")
SURELY_BACK = re.compile(r"\b(?:ended|since)\s(?:on\s)?$")
# After a day these tell of the day itself what is told: "on Monday threatened to leave", "the warning on Monday that he would".
DONE_THEN = re.compile(r",? (?:\w+ly )?[a-z]{2,30}[^e\W]ed to ")
COMPLEMENT = re.compile(r" that ")
# "Ruritania to start talks on Thursday"
INFINITIVE = re.compile(r"\bto ")


@cache
def tenses() -> re.Pattern[str]:
    """All these words; the name of the last group says which kind was found."""
    return re.compile(
        rf"\b(?:(?P<ahead>{'|'.join(AHEAD)})|(?P<neither>{NEITHER})|(?P<back>{'|'.join(BACK)}))\b"
        rf"|(?P<short>{APOSTROPHE}ll\b(?: \w+)?)"
    )


class Scene:
    """The text with what is known while it is read: the reference date, and what was mentioned last."""

    def __init__(self, text: str, lower: str, reference: date | None, order: str | None, side: int = 0) -> None:
        self.text, self.lower, self.reference, self.order, self.side = text, lower, reference, order, side
        self.then: Period | None = None  # the day, month or year that the text is about
        self.then_end = 0  # where it was named
        self.results: tuple[Period, int] | None = None  # the quarter or year whose results are told, and where it was named
        self.sentences = [0]
        for match in SENTENCE_END.finditer(text):
            word = re.split(r"[\s(]", lower[max(0, match.start() - 8) : match.start()])[-1]
            if not (match[0][0] == "." and (word in ABBREVIATIONS or len(word) == 1)):
                self.sentences.append(match.end())

    def sentence(self, place: int) -> tuple[int, int]:
        """Start and end of the sentence around a place."""
        number = bisect_right(self.sentences, place)
        return self.sentences[number - 1], self.sentences[number] if number < len(self.sentences) else len(self.text)

    def tense(self, piece: Piece) -> int:
        """1 where the words around a piece tell of the future, -1 of the past (-2: surely), 0 where they do not say."""
        if self.side:
            return self.side
        start, end = self.sentence(piece.start)
        before = self.lower[max(start, piece.start - 150) : piece.start].rpartition(";")[2]
        if SURELY_BACK.search(before):
            return -2
        verbs = list(tenses().finditer(before))
        told = [match for match in verbs if match.lastgroup != "neither"][-1:]
        if not told:
            after = self.lower[piece.end : min(end, piece.end + 100)]
            if COMPLEMENT.match(after):
                return 0
            if DONE_THEN.match(after):
                return -1
            told = [match for match in tenses().finditer(after) if match.lastgroup != "neither"][:1]
            if not told and verbs and INFINITIVE.match(verbs[0][0]):
                return 1
        return 0 if not told else -1 if told[0].lastgroup == "back" else 1

    def sentences_since(self, piece: Piece) -> int:
        """How many sentence ends lie between a piece and what was named last."""
        return bisect_right(self.sentences, piece.start) - bisect_right(self.sentences, self.then_end)

    def day_in_sentence(self, piece: Piece) -> date | None:
        """The first day of what was named before in the same sentence, in a unit no larger than the piece's."""
        if self.then is None or self.then_end < self.sentence(piece.start)[0]:
            return None
        fits = {
            "week": ("day", "week"),
            "month": ("day", "month"),
            "year": ("day", "month", "quarter", "half", "season", "year"),
        }
        return self.then.first if self.then.unit in fits[piece.unit] else None

    def results_before(self, piece: Piece) -> Period | None:
        """The quarter or year whose results were told in the last 300 characters."""
        return self.results[0] if self.results and piece.start - self.results[1] <= 300 else None


# --- Choosing among periods -----------------------------------------------------------------------------------------------
def known(period: Period, basis: str = "resolved") -> Meaning:
    return Meaning("DATE", period.value, period, period, basis)


def unknown(value: str) -> Meaning:
    return Meaning("DATE", value)


def at_time(piece: Piece, meaning: Meaning) -> Meaning:
    """The meaning of a day with the time of day that a piece gives."""
    if not piece.clock and not piece.part:
        return meaning
    time = piece.clock or f"T{piece.part}"
    if piece.clock and piece.part in ("AF", "EV", "NI") and piece.clock < "T12":
        time = f"T{int(piece.clock[1:3]) + 12}{piece.clock[3:]}"  # "nine in the evening"
    return meaning._replace(type="TIME", value=meaning.value + time)


def nearest_year(piece: Piece, scene: Scene, reference: date, make: Callable[[int], Period]) -> Period:
    """Of the same day, month or season in three years, the one that its weekday, the tense or its nearness speaks for."""
    around = [make(year) for year in range(reference.year - 1, reference.year + 2) if 1 <= year <= 9999]
    now = Period.containing(around[0].unit, reference)
    if piece.weekday:
        around = [period for period in around if period.first.isoweekday() == piece.weekday] or around
    nearest = min(around, key=lambda period: (abs(period.number - now.number), period.number))
    tense = scene.tense(piece)
    told = [period for period in around if (period.number - now.number) * tense >= 0]
    if not tense or not told:
        return nearest
    wanted = min(told, key=lambda period: abs(period.number - now.number))
    sure = tense < -1 or (scene.side != 0 and wanted.unit != "day")
    return wanted if sure or abs(wanted.number - now.number) <= FARTHEST[wanted.unit] else nearest


def stepped(now: Period, part: int, step: int) -> Period:
    """The last (-1), this year's (0) or next (1) month, quarter or season with that place in the year."""
    per_year = PER_YEAR[now.unit]
    ahead = (part - now.number) % per_year
    if step == 0:
        return Period(now.unit, now.number // per_year * per_year + part)
    return now.shift((ahead or per_year) if step > 0 else ahead - per_year)


def counted_from(piece: Piece, scene: Scene) -> date | None:
    """The day from which a year is counted: that of what is told, for "that June", else the reference date."""
    return scene.then.first if piece.told and scene.then else scene.reference


def said_year(piece: Piece, scene: Scene) -> int | None:
    """The year that the piece names itself, or as "last year"; "May of that year" counts from the year that is told of."""
    base = counted_from(piece, scene)
    if piece.year is None and piece.year_step is not None and base:
        return base.year + piece.year_step
    return piece.year


def basis_of(piece: Piece) -> str:
    return "explicit" if piece.year is not None else "resolved"


# --- Meanings: days, months, years ----------------------------------------------------------------------------------------
def settle_order(piece: Piece, order: str | None) -> bool:
    """Put day and month of a date in figures in place; False where their order is unknown."""
    if piece.figures is None:
        return True
    first, second = piece.figures
    if order is None and first <= 12 and second <= 12 and first != second:
        return False
    day_first = first > 12 or (second <= 12 and order == "dmy")
    piece.day, piece.month = (first, second) if day_first else (second, first)
    return True


def mean_day(piece: Piece, scene: Scene) -> Meaning | None:
    if not settle_order(piece, scene.order):
        return unknown(f"{piece.year:04}-XX-XX")
    month, day = piece.month or 1, piece.day or 1
    year = said_year(piece, scene)
    if year is None and scene.reference is None:
        return at_time(piece, unknown(f"XXXX-{month:02}-{day:02}"))
    if year is not None:
        first = Period.containing("day", date(year, month, day))
    else:
        assert scene.reference is not None
        first = nearest_year(piece, scene, scene.reference, partial(day_of_year, month, day))
    if piece.last:
        last = first.shift(piece.last - day)
        date(last.first.year, month, piece.last)  # a ValueError where the month has no such day
        return Meaning("DATE", f"{first.value}/{last.value}", first, last, basis_of(piece))
    if piece.unit == "week":
        return known(Period.containing("week", first.first), basis_of(piece))
    return at_time(piece, known(first.shift(int(piece.number or 0)), basis_of(piece)))


def day_of_year(month: int, day: int, year: int) -> Period:
    """A day of a year; 29 February is 28 where the year has none."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return Period.containing("day", date(year, month, 28 if (month, day) == (2, 29) and not leap else day))


def mean_day_of_month(piece: Piece, scene: Scene) -> Meaning | None:
    """For "the 15th": of the month that the text is about; with a weekday, of the nearest month that has that one."""
    base = scene.then.first if scene.then and not piece.weekday else scene.reference
    if base is None:
        return unknown(f"XXXX-XX-{piece.day:02}")
    if not piece.weekday:
        return known(Period.containing("day", base.replace(day=piece.day or 1)))
    now = Period.containing("month", base)
    days = [Period.containing("day", now.shift(step).first).shift((piece.day or 1) - 1) for step in range(-11, 12)]
    fit = [day for day in days if day.first.isoweekday() == piece.weekday and day.first.day == piece.day]
    tense = scene.tense(piece) or -1
    told = [day for day in fit if (day.number - base.toordinal()) * tense >= 0] or fit
    return known(min(told, key=lambda day: abs(day.number - base.toordinal()))) if told else None


def mean_month(piece: Piece, scene: Scene) -> Meaning | None:
    part = (piece.month or 1) - 1
    year = said_year(piece, scene)
    if year is not None:
        return known(Period.of_year("month", year, part), basis_of(piece))
    base = counted_from(piece, scene)
    if base is None or scene.reference is None:
        return unknown(f"XXXX-{part + 1:02}")
    if piece.step is not None:
        return known(stepped(Period.containing("month", base), part, piece.step))
    return known(nearest_year(piece, scene, scene.reference, lambda year: Period.of_year("month", year, part)))


def mean_year(piece: Piece, _: Scene) -> Meaning | None:
    meaning = known(Period("year", piece.year or 0), "explicit")
    return meaning._replace(first=None) if piece.fiscal else meaning


def mean_year_range(piece: Piece, _: Scene) -> Meaning | None:
    first, last = Period("year", piece.year or 0), Period("year", piece.last or 0)
    return Meaning("DATE", f"{first.value}/{last.value}", first, last, "explicit")


def mean_years(unit: str, piece: Piece, _: Scene) -> Meaning | None:
    """A decade or a century."""
    return known(Period.of_year(unit, piece.year or 0), "explicit")


def mean_season(piece: Piece, scene: Scene) -> Meaning | None:
    part = int(piece.number or 0)
    year = said_year(piece, scene)
    if year is not None:
        return known(Period.of_year("season", year, part), basis_of(piece))
    if scene.reference is None:
        return unknown(f"XXXX-{SEASON_CODES[part]}")
    now = Period.containing("season", scene.reference)
    if piece.step:
        return known(stepped(now, part, piece.step))
    if piece.step == 0 and (now.number % 4 == part or part < 3):
        return known(now if now.number % 4 == part else Period.of_year("season", scene.reference.year, part))
    return known(nearest_year(piece, scene, scene.reference, lambda year: Period.of_year("season", year, part)))


def mean_holiday(piece: Piece, scene: Scene) -> Meaning | None:
    year = said_year(piece, scene)
    if year is not None:
        return at_time(piece, known(holiday(piece.code, year), basis_of(piece)))
    if scene.reference is None:
        month, day = words.FIXED_HOLIDAYS.get(piece.code, ("XX", "XX"))
        return at_time(piece, unknown(f"XXXX-{month:0>2}-{day:0>2}"))
    if piece.step:
        now = scene.reference.toordinal()
        near = [holiday(piece.code, scene.reference.year + step) for step in (-1, 0, 1)]
        told = [period for period in near if (period.number - now) * piece.step > 0]
        period = min(told, key=lambda period: abs(period.number - now))
    elif piece.step == 0:
        period = holiday(piece.code, scene.reference.year)
    else:
        period = nearest_year(piece, scene, scene.reference, partial(holiday, piece.code))
    return at_time(piece, known(period.shift(int(piece.number or 0))))


def holiday(name: str, year: int) -> Period:
    """The day of a feast in a year."""
    if name in words.FIXED_HOLIDAYS:
        return Period.containing("day", date(year, *words.FIXED_HOLIDAYS[name]))
    if name in words.FLOATING_HOLIDAYS:
        return Period.containing("day", nth_weekday(year, *words.FLOATING_HOLIDAYS[name]))
    from dateutil.easter import easter

    return Period.containing("day", easter(year) + timedelta(words.EASTER_HOLIDAYS[name]))


# --- Meanings: quarters and results ---------------------------------------------------------------------------------------
def mean_quarter(piece: Piece, scene: Scene) -> Meaning | None:
    """A quarter or half-year; without a year the last one, or the next where the future is told and it is near."""
    unit, part = piece.kind, 3 if piece.number == -1 else int(piece.number or 0) - 1
    year = said_year(piece, scene)
    if unit == "half" and year is None and piece.year_step is None:
        return None  # of a match, a book, a concert
    if year is not None:
        period = Period.of_year(unit, year, part)
    elif scene.reference is None:
        return unknown(f"XXXX-{unit[0].upper()}{part + 1 if piece.number != -1 else 'X'}")
    elif piece.number == -1:
        period = Period.containing(unit, scene.reference).shift(-1)
    else:
        now = Period.containing(unit, scene.reference)
        ahead = (part - now.number) % PER_YEAR[unit]
        tense = scene.tense(piece)
        farthest = 0 if tense < 0 else PER_YEAR[unit] // 2 - (tense == 0)
        period = now.shift(ahead if ahead <= farthest else ahead - PER_YEAR[unit])
    scene.results = period, piece.end
    meaning = known(period, basis_of(piece))
    return meaning._replace(first=None) if piece.fiscal else meaning


def mean_this_quarter(piece: Piece, scene: Scene) -> Meaning | None:
    """For "the quarter": the one told of before, else the last that is over."""
    told = scene.results[0] if scene.results and scene.results[0].unit == "quarter" else None
    year = said_year(piece, scene)
    if year is not None:
        if told is None:
            return unknown(f"{year:04}-QX")
        period = Period.of_year("quarter", year, told.number % 4)
    elif told is not None:
        period = told
    elif scene.reference is not None:
        period = Period.containing("quarter", scene.reference).shift(-1)
    else:
        return unknown("XXXX-QX")
    scene.results = period, piece.end
    return known(period)


def mean_year_before(piece: Piece, scene: Scene) -> Meaning | None:
    """For "the year-ago quarter": a year before the one told of."""
    told = scene.results_before(piece)
    if told is None and scene.reference is None:
        return unknown("XXXX")
    year = told.years_later(-1).first.year if told else scene.reference.year - 1 if scene.reference else 0
    if piece.number:
        period = Period.of_year("quarter", year, int(piece.number) - 1)
    else:
        period = told.years_later(-1) if told else Period("year", year)
    if told:
        scene.results = told, piece.end
    return known(period)


# --- Meanings: counted from a day -----------------------------------------------------------------------------------------
def mean_weekday(piece: Piece, scene: Scene) -> Meaning | None:
    """For "Saturday": the reference date if it is one, else the one before it, or after it where the future is told."""
    weekday, reference = piece.weekday or 1, scene.reference
    if piece.told and scene.then and scene.then.unit == "day":
        reference = scene.then.first
    if reference is None:
        return at_time(piece, unknown(f"XXXX-WXX-{weekday}"))
    if piece.step == 0:
        day = reference - timedelta(reference.isoweekday() - weekday)
    elif piece.step:
        day = weekday_near(reference, weekday, piece.step)
    elif reference.isoweekday() == weekday:
        day = reference
    else:
        day = weekday_near(reference, weekday, 1 if scene.tense(piece) > 0 else -1)
    return at_time(piece, known(Period.containing("day", day + timedelta(int(piece.number or 0)))))


def mean_weekday_of_week(piece: Piece, scene: Scene) -> Meaning | None:
    base = told_day(piece, scene) if piece.told else scene.reference
    if base is None:
        return at_time(piece, unknown(f"XXXX-WXX-{piece.weekday}"))
    monday = Period.containing("week", base).shift(piece.step or 0).first
    return at_time(piece, known(Period.containing("day", monday + timedelta((piece.weekday or 1) - 1))))


def mean_nth(piece: Piece, scene: Scene) -> Meaning | None:
    """For "the first Monday of May", "the last week of the month"."""
    kind = piece.kind.removeprefix("nth_of_")
    within = MEANINGS[kind](replace(piece, kind=kind, number=None, weekday=None), scene)
    if within is None or within.first is None:
        return unknown(BLANK_VALUES[piece.word or "day"])
    return known(nth_in(piece, *within.first.days), within.basis)


def nth_in(piece: Piece, first: date, last: date) -> Period:
    """The nth (-1: the last) weekday, day, week or month between two days; a week belongs where its Thursday lies."""
    number = int(piece.number or 0)
    if piece.weekday and number < 0:
        return Period.containing("day", weekday_near(last + timedelta(1), piece.weekday, -1))
    if piece.weekday:
        return Period.containing("day", weekday_near(first - timedelta(1), piece.weekday, 1)).shift(7 * (number - 1))
    margin = timedelta(3 if piece.word in ("week", "weekend") else 0)
    if number < 0:
        return Period.containing(piece.word, last - margin)
    return Period.containing(piece.word, first + margin).shift(number - 1)


BLANK_VALUES = {
    "day": "XXXX-XX-XX", "week": "XXXX-WXX", "weekend": "XXXX-WXX-WE", "month": "XXXX-XX", "quarter": "XXXX-QX", "year": "XXXX",
    "decade": "XXX", "century": "XX",
}  # fmt: skip


def mean_relative(piece: Piece, scene: Scene) -> Meaning | None:
    """For "last week", "the following month", "tomorrow night", "the year"."""
    unit, step = piece.unit, piece.step or 0
    base = told_day(piece, scene) if piece.told else scene.reference
    if piece.open and unit != "weekend":
        base = scene.day_in_sentence(piece) or base
    if base is None:
        return at_time(piece, unknown(BLANK_VALUES[unit]))
    if week_is_over(piece, base, scene):
        step = -1
    period = Period.containing(unit, base).shift(step + int(piece.number or 0))
    if unit == "quarter":
        scene.results = period, piece.end
    meaning = at_time(piece, known(period))
    return meaning._replace(first=None) if piece.fiscal else meaning


def week_is_over(piece: Piece, base: date, scene: Scene) -> bool:
    """Whether "the week" said on a Monday, and "the weekend" on a working day, are the last ones."""
    if piece.unit == "week":
        return piece.open and base.isoweekday() == 1 and base == scene.reference and scene.tense(piece) <= 0
    if piece.unit != "weekend" or piece.step or base.isoweekday() > 5:
        return False
    return scene.tense(piece) < (1 if piece.open else 0)


# "the same day he resigned": counted from what follows
SAME_AS = re.compile(r"(?:the )?(?:very )?same \w+ (?:as|that|when|he|she|they|it|we|i|the|a|an|his|her|its|their)\b")


def told_day(piece: Piece, scene: Scene) -> date | None:
    """The day that "the following week" and "that day" count from: what the text is about, else the reference date."""
    if SAME_AS.match(scene.lower, piece.start):
        return None
    fits = {"day": ("day",), "week": ("day", "week"), "weekend": ("day", "week"), "month": ("day", "month")}
    if scene.then is not None and scene.then.unit in fits.get(piece.unit, (scene.then.unit,)):
        return scene.then.first
    return scene.reference if piece.unit != "day" or piece.step or piece.part else None


def mean_ago(piece: Piece, scene: Scene) -> Meaning | None:
    vague = "FUTURE_REF" if (piece.step or 0) > 0 else "PAST_REF"
    number, unit = piece.number, piece.unit
    if number is None:
        return unknown(vague)
    if unit in ("second", "minute", "hour"):
        return Meaning("TIME", vague)
    results = scene.results_before(piece) if (number, unit) == (1, "year") else None
    if results:
        return known(results.years_later(-1))
    unit, number = in_calendar_units(unit, number)
    base = scene.reference
    if piece.told and scene.then and scene.then.unit in ("day", unit):
        base = scene.then.first
    if base is None or number != int(number) or number >= 10000 * PER_YEAR.get(unit, 53):
        return unknown(vague)
    return known(Period.containing(unit, base).shift(int(number) * (piece.step or -1)))


def in_calendar_units(unit: str, number: float) -> tuple[str, float]:
    """A length in the largest unit in which the calendar counts it: 2.5 years are 30 months, 2 decades 20 years."""
    if unit in YEARS:
        return "year", number * YEARS[unit]
    if number != int(number):
        unit, times = {"year": ("month", 12), "week": ("day", 7)}.get(unit, (unit, 1))
        return unit, number * times
    return {"fortnight": ("week", number * 2), "night": ("day", number), "weekend": ("week", number)}.get(unit, (unit, number))


# --- Meanings: lengths, repetitions, times, vague references -----------------------------------------------------------------
# "a year" is a length after these words, and a rate ("$5 a year") after a number or a plural.
BEFORE_A_LENGTH = re.compile(
    r"\b(?:in|for|within|after|than|over|nearly|almost|about|of|by|last|under|at|least|to|only|just|spent|take[ns]?|took|is|was|"
    r"from|half|every|lasted|once)\s$"
)
RATE = re.compile(r"(?:[\d%]|\b(?:hundred|[mb]illion|trillion|thousand|once|twice|percent|\w+s))\s$")
ONE_DAY = re.compile(r"\b(?:will|would|could|may|might|can|hopes? to)(?: \w+)? $")


def mean_duration(piece: Piece, scene: Scene) -> Meaning | None:
    before = scene.lower[max(0, piece.start - 30) : piece.start]
    said = scene.lower[piece.start : piece.end]
    if said == "one day" and ONE_DAY.search(before):
        return unknown("FUTURE_REF")
    if said.startswith(("a ", "an ")) and piece.number == 1 and RATE.search(before) and not BEFORE_A_LENGTH.search(before):
        return Meaning("SET", piece.code)
    if piece.unit == "month" and piece.number in (6, 9) and scene.reference:
        scene.results = Period("year", scene.reference.year), piece.end
    return Meaning("DURATION", piece.code)


def mean_set(piece: Piece, _: Scene) -> Meaning | None:
    return Meaning("SET", piece.code)


def mean_clock(piece: Piece, scene: Scene) -> Meaning | None:
    """A time of day without its day: that of the day beside it or of the day the text is about, else the reference date."""
    if piece.beside:
        return MEANINGS[piece.beside.kind](replace(piece.beside, clock=piece.clock, part=piece.part), scene)
    if piece.kind == "part" and piece.word == "bare":
        return None
    if scene.then and scene.then.unit == "day" and scene.sentences_since(piece) <= 1:
        return at_time(piece, known(scene.then))
    if scene.reference is None:
        return at_time(piece, unknown("XXXX-XX-XX"))
    return at_time(piece, known(Period.containing("day", scene.reference)))


def mean_then(_: Piece, scene: Scene) -> Meaning | None:
    """For "by that time": what was named last."""
    return known(scene.then) if scene.then else None


def mean_reference(value: str, _: Piece, __: Scene) -> Meaning | None:
    return unknown(value)


MEANINGS: dict[str, Callable[[Piece, Scene], Meaning | None]] = {
    "day": mean_day, "day_of_month": mean_day_of_month, "month": mean_month, "year": mean_year, "year_range": mean_year_range,
    "decade": partial(mean_years, "decade"), "century": partial(mean_years, "century"), "season": mean_season,
    "holiday": mean_holiday, "quarter": mean_quarter, "half": mean_quarter, "this_quarter": mean_this_quarter,
    "year_before": mean_year_before, "weekday": mean_weekday, "weekday_of_week": mean_weekday_of_week,
    "nth_of_month": mean_nth, "nth_of_year": mean_nth, "nth_of_relative": mean_nth, "relative": mean_relative, "ago": mean_ago,
    "duration": mean_duration, "set": mean_set, "clock": mean_clock, "part": mean_clock,
    "then": mean_then, "current": partial(mean_reference, "PRESENT_REF"), "present": partial(mean_reference, "PRESENT_REF"),
    "past": partial(mean_reference, "PAST_REF"),
    "future": partial(mean_reference, "FUTURE_REF"),
}  # fmt: skip
