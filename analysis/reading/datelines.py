"""Full dates, the date lines of articles, and the datelines with which wire copy begins ("ACCRA, May 3 (Reuters) - ").

All patterns have bounded repeats, so that their cost grows with the length of the text.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from analysis.reading.bylines import MONTHS, WEEKDAYS, byline, is_medium, is_outlet

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?(?![a-z])\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\w)"
_RANGE = r"(?:\d{1,2}\s?[-\u2013—]\s?)?"
# A year is not a time of day ("Nov 15 2100 GMT").
_YEAR = r"[12]\d{3}(?![\d:]|\s?(?:gmt|utc|hrs|hours|h\b|[ap]\.?m\b))"
_OF = r"(?:of\s|in\s)?"
_ALONE = r"(?<![\d/.\-\w])"
_FULL_DATE = re.compile(
    rf"""(?:
      # 29 June, 2019
      {_ALONE}{_RANGE}(?P<d1>{_DAY})(?:\s+of)?[\s.\-/]{{1,2}}(?P<m1>{_MONTH})(?:,?\s{{1,2}}{_OF}|[,\-/])(?P<y1>{_YEAR})
      # June 29, 2019
    | (?<![^\W\d])(?P<m2>{_MONTH})[\s/\-]{{1,2}}{_RANGE}(?P<d2>{_DAY})(?:,\s{{0,2}}{_OF}|[\s/\-]{_OF})(?P<y2>{_YEAR})
      # 2019-06-29
    | {_ALONE}(?P<y3>[12]\d{{3}})(?P<s3>[-/.])(?P<m3>\d{{1,2}})(?P=s3)(?P<d3>\d{{1,2}})(?!\d|[-/.]\d)
      # 29.06.2019
    | {_ALONE}(?:(?P<w4>{_WEEKDAY}),?\s{{1,2}})?
      (?P<d4>\d{{1,2}})(?P<s4>[-/.])(?P<m4>\d{{1,2}})(?P=s4)(?P<y4>[12]\d{{3}})(?!\d|[-/.]\d)
      # 2021 on Nov. 15
    | {_ALONE}(?P<y5>[12]\d{{3}}),?\s{{1,2}}(?:\(|on\s)?(?:{_WEEKDAY},?\s)?
      (?:(?P<m5>{_MONTH})\s(?P<d5>{_DAY})|(?P<d6>{_DAY})\s(?P<m6>{_MONTH}))(?!,?\s{_OF}[12]\d{{3}})
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_COUNTED = re.compile(
    r"\s(?!(?:in|at|by|to|for|and|but|when|as|the|that|with|after|before|from|or|on|of|said|says|was|were|is|has|had)\b)[a-z]{3,}"
)


class FullDate(NamedTuple):
    """A date that names day, month and year, and where it stands."""

    start: int
    end: int
    day: date


def full_dates(text: str) -> list[FullDate]:
    """The full dates of a text: those that name day, month and year.

    A year directly before day and month counts ("the fair of 2021 on Nov. 15"). All-numeric dates in which day and month
    could change places are left out, unless the weekday before them settles it. Days that do not exist are left out.

    >>> [found.day.isoformat() for found in full_dates("signed on 3rd March 2020, in force since 2020-04-01")]
    ['2020-03-03', '2020-04-01']
    >>> full_dates("03/04/2023, Nov. 15, 31 February 2019")
    []
    """
    found = []
    for match in _FULL_DATE.finditer(text):
        day = _day_of(match, text)
        if day is not None:
            found.append(FullDate(match.start(), match.end(), day))
    return found


def _day_of(match: re.Match[str], text: str) -> date | None:
    if match["d1"]:
        return _date(match["y1"], match["m1"], match["d1"])
    if match["d2"]:
        # "on May 3 2000 people marched" holds no year; with a comma it does.
        counted = not re.search("[,/-]", match.group()) and _COUNTED.match(text, match.end())
        return None if counted else _date(match["y2"], match["m2"], match["d2"])
    if match["d3"]:
        return _date(match["y3"], match["m3"], match["d3"])
    if match["d4"]:
        return _numeric(match["w4"], match["d4"], match["m4"], match["y4"])
    return _date(match["y5"], match["m5"] or match["m6"], match["d5"] or match["d6"])


def _numeric(weekday: str | None, first: str, second: str, year: str) -> date | None:
    readings = {_date(year, second, first), _date(year, first, second)} - {None}
    if weekday and len(readings) == 2:
        readings = {day for day in readings if day and day.weekday() == WEEKDAYS.index(weekday[:3].lower())}
    return readings.pop() if len(readings) == 1 else None


def _date(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
    try:
        return date(int(year), number, int(re.sub(r"\D", "", day)))
    except ValueError:
        return None


# --- date lines -------------------------------------------------------------------------------------------------------


class Stamp(NamedTuple):
    """What a line of date, time and other small print says."""

    published: date | None
    updated: date | None
    rest: tuple[str, ...]  # what is neither date nor small print: places, outlets, names


_LABEL = re.compile(
    r"""(?:(?:this\s)?(?:article|story|report)\s(?:was\s|has\sbeen\s)?)?(?:first\s|originally\s|last\s)*
    (?P<kind>published|posted|updated|modified|issued|created|released|filed|uploaded|edited|revised|added|accessed|retrieved
      |downloaded|printed|archived)(?:\s(?:on|at|in|date))?(?![a-z])
    |(?:publication\s|release\s|publish(?:ed|ing)?\s|updated?\s)?date(?:\sposted|\spublished)?(?=[:\s]|$)|last\supdate(?=[:\s]|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_LATER = ("updated", "modified", "edited", "revised")
_VISITS = ("accessed", "retrieved", "downloaded", "printed", "archived")
_NUMBER = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten)"
# Small print that is enough, and small print that is not enough, to make a date line of the line.
_STRONG = re.compile(
    rf"""(?:{_DAY}\s(?:of\s)?{_MONTH}|{_MONTH}\s{_DAY})                                          # 3 March
    | (?<![\d/.\-])\d{{1,4}}(?P<s>[-/.])\d{{1,2}}(?P=s)\d{{2,4}}(?!\d)                           # 03/04/2023
    | (?:(?:est(?:imated)?\.?\s)?read(?:ing)?\s?time:?\s?)?(?:less\sthan\s)?{_NUMBER}[\s\-]?min(?:ute)?s?\b\.?
      (?:[\s\-](?:to\s)?(?:read|listen|video)(?:ing)?(?:\stime)?)?(?!\s(?:ago|[a-z]{{3,}}))      # 2 min read
    | (?:about\s)?{_NUMBER}\s?(?:second|sec|minute|min|hour|hr|h|day|week|month|year)s?\.?\sago
    | just\snow(?![a-z])
    | \d{{1,7}}\s(?:comments?|shares?|views?|words|likes?|claps|reactions?|retweets)(?![a-z])""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOCK = re.compile(
    r"(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?|(?:\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\b\.?)?"
    r"|\d{1,2}\s?[ap]\.?m\b\.?|\d{4}\s?(?:gmt|utc|hrs)\b|noon|midnight)(?:\s?(?:hrs|hours|h)\b)?)",
    re.IGNORECASE,
)
_WEAK = re.compile(
    rf"""{_WEEKDAY}
    | \(?(?:(?-i:[A-Z]{{1,4}}T)|utc|gmt|msk|local\stime|[a-z]{{3,12}}\s(?:local\s)?time)(?![a-z])
      \s?(?:[+-]\d{{1,2}}(?::?\d{{2}})?)?\)?
    | [+-]\d{{2}}:?\d{{2}}(?!\d)|(?<=\d)z\b
    | (?:share|print|e-?mail|save|comments?|listen|copy\slink|facebook|twitter|whatsapp|telegram|on|at|as\sof
      |(?-i:the(?=\s[a-z\d]))|edition|first|final|late|yesterday|today)(?![a-z'\u2019])
    | [\s|•·\u2013—\-/,;:.()\[\]▪●■»«>*_~…]+""",
    re.IGNORECASE | re.VERBOSE,
)
_HINT = re.compile(r"\d|\bago\b|\bnow\b|\bminute\b", re.IGNORECASE)
# A name that lost the space before its date: "By JANE DOEAUG. 3, 2014".
_JOINED = re.compile(
    r"(?<=[a-z])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\s\d)"
    r"|(?<=[A-Z]{2})(?=(?:JAN|FEB|MARCH|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]{0,6}\.?\s\d)"
)


def stamp(text: str) -> Stamp | None:
    """The date line, reading time or other small print that a line is, or None.

    The line may hold in addition short names (a place, an outlet, a person), which come back as `rest`. The day on which
    somebody visited a page ("Accessed 5 June 2016") says nothing about the article and is left out.

    >>> stamp("Published: 3 March 2020 at 14:05 GMT | 2 min read").published.isoformat()
    '2020-03-03'
    >>> stamp("The treaty was signed on 3 March 2020 in Vienna.") is None
    True
    """
    if not 3 <= len(text) <= 180 or not _HINT.search(text):
        return None
    text = _JOINED.sub(" ", text)
    dates = {found.start: found for found in full_dates(text)}
    published = updated = None
    at, strong, label = 0, bool(dates), ""
    odd: list[tuple[int, int]] = []
    while at < len(text) and len(odd) <= 8:
        if at in dates:
            updated = updated or (dates[at].day if label in _LATER else None)
            published = published or (None if label in (*_LATER, *_VISITS) else dates[at].day)
            at = dates[at].end
        elif match := _LABEL.match(text, at):
            label, at = (match["kind"] or "date").lower(), match.end()
        elif match := _STRONG.match(text, at):
            strong, at = True, match.end()
        elif match := _CLOCK.match(text, at):
            strong, at = strong or bool(label), match.end()
        elif match := _WEAK.match(text, at):
            at = match.end()
        else:
            odd.append((at, _word_end(text, at)))
            at = odd[-1][1]
    if not strong or len(odd) > 8 or (odd and not label and text.endswith(".")):
        return None
    rest = _short_names(text, odd)
    return None if rest is None else Stamp(published, updated, rest)


def _word_end(text: str, at: int) -> int:
    end = at
    while end < len(text) and not text[end].isspace() and text[end] not in "|•·":
        end += 1
    return max(end, at + 1)


def _short_names(text: str, odd: list[tuple[int, int]]) -> tuple[str, ...] | None:
    """What a date line says beside its date, where that is only names; None where it is a sentence."""
    pieces: list[list[int]] = []
    for start, end in odd:
        if pieces and text[pieces[-1][1] : start].isspace():
            pieces[-1][1] = end
        else:
            pieces.append([start, end])
    names = tuple(text[start:end].strip(" ,|•·\u2013—-/()[]:;*_") for start, end in pieces)
    for name in names:
        if not (byline(name, bare=True) or is_outlet(name) or all(_is_label(word) for word in name.split())):
            return None
    return names


def _is_label(word: str) -> bool:
    return word[:1].isupper() or word[:1].isdigit() or word.lower() in ("of", "the", "and", "by", "&", "in", "for", "from")


# --- the place and agency with which wire copy begins -----------------------------------------------------------------

_DATELINE = re.compile(
    r"""(?P<place>[^\W\d_][^()\n/\u2013—]{1,60}?)??[\s,.]{0,3}
    (?:\([A-Z][a-z]+\)\s)?
    (?:\((?P<paren>[^()\d]{2,40}?)\)|/(?P<slash>[^\s/\d][^/\d]{0,28}[^\s/\d])/)
    \s?[.,]{0,2}\s?(?:[-\u2013—_:]{1,3}|(?<=/[.])|(?<=/))(?:\s|$)""",
    re.VERBOSE,
)
_PLACE_ONLY = re.compile(r"(?:[A-Z][\w.,'\u2019\- ]{1,60}?(?:\s?\([^()]{2,30}\))?\s?[-\u2013—_]{1,2}|\([Uu]ndated\))$")
_OPENING = re.compile(
    r"[A-Z][A-Z.,'\u2019\- ]{2,40}(?:,\s[A-Z][a-z]+\.?)?(?:,?\s(?:[A-Z][a-z]{2,8}\.?\s\d{1,2}|\d{1,2}\s[A-Z][a-z]{2,8}))?\s?"
    r"(?:\([^()]{2,30}\)\s?)?(?:[\u2013—_:]|--?\s)"
)


def is_dateline(text: str) -> bool:
    """Whether a line holds only the place and agency with which wire copy begins.

    >>> is_dateline("ACCRA, Ghana (AP) --"), is_dateline("Ghana (and others) wait")
    (True, False)
    """
    return len(text.split()) <= 9 and bool(_PLACE_ONLY.match(text))


def opens_body(text: str) -> bool:
    """Whether a paragraph begins with a dateline, with or without an agency ("KOCHI: The state ..."): it is body.

    >>> opens_body("MASERU, Lesotho — Parliament passed"), opens_body("Parliament — at last — passed")
    (True, False)
    """
    return bool(_OPENING.match(text[:120])) or dateline(text) != (None, None)


def dateline(text: str) -> tuple[str | None, date | None]:
    """The agency and the full date of the dateline with which a paragraph begins; each None where it is not given.

    >>> dateline("ACCRA, May 3 (Reuters) - Cocoa farmers said ...")
    ('Reuters', None)
    """
    match = _DATELINE.match(text[:140])
    if not match:
        return None, _day_of_opening(text[:100])
    place, name = match["place"] or "", (match["paren"] or match["slash"]).strip()
    shown = [found.day for found in full_dates(match.group())]
    # A place in brackets follows a place; an agency follows a place in capitals or a date, or is an acronym, or is known.
    after = not place or place.split(",")[0].isupper() or bool(re.search(r"\d", place))
    if not (after or match["slash"] or name.isupper() or name.islower() or is_medium(name)):
        return None, None
    if len(place.split()) > 8 or len(name.split()) > 4:
        return None, None
    return name, shown[0] if shown else None


_BEFORE_DASH = re.compile(r"(?P<place>[A-Z][^\u2013—\-]{2,60}?)\s?[\u2013—-]{1,2}\s")


def _day_of_opening(text: str) -> date | None:
    """The full date before the dash with which a paragraph opens ("RIGA, Feb 27, 2014 - "), where all else there is names."""
    match = _BEFORE_DASH.match(text)
    found = full_dates(match["place"]) if match else []
    if not match or len(found) != 1:
        return None
    rest = (match["place"][: found[0].start] + match["place"][found[0].end :]).split()
    return found[0].day if rest and all(word[:1].isupper() or not word[:1].isalpha() for word in rest) else None
