"""What one line of a newspaper article is: date line, by-line, outlet, caption, link, copyright line, or text.

Every recogniser looks at one line alone; `layout.py` decides what the line means where it stands. All patterns have
bounded repeats or none that can overlap, so that their cost grows with the length of the line.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?(?![a-z])\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\w)"
_RANGE = r"(?:\d{1,2}\s?[-–—]\s?)?"
# A year is not a time of day ("Nov 15 2100 GMT").
_YEAR = r"[12]\d{3}(?![\d:]|\s?(?:gmt|utc|hrs|hours|h\b|[ap]\.?m\b))"
_OF = r"(?:of\s|in\s)?"
_FULL_DATE = re.compile(
    rf"""(?<![\d/.\-\w])(?:
      {_RANGE}(?P<d1>{_DAY})(?:\s+of)?[\s.\-]{{1,2}}(?P<m1>{_MONTH})(?:,?\s{{1,2}}{_OF}|[,\-])(?P<y1>{_YEAR})     # 29 June, 2019
    | (?P<m2>{_MONTH})\s{{1,2}}{_RANGE}(?P<d2>{_DAY})(?:,\s{{0,2}}{_OF}|\s{_OF})(?P<y2>{_YEAR})                     # June 29, 2019
    | (?P<y3>[12]\d{{3}})(?P<s3>[-/.])(?P<m3>\d{{1,2}})(?P=s3)(?P<d3>\d{{1,2}})(?!\d|[-/.]\d)                     # 2019-06-29
    | (?:(?P<w4>{_WEEKDAY}),?\s{{1,2}})?(?P<d4>\d{{1,2}})(?P<s4>[-/.])(?P<m4>\d{{1,2}})(?P=s4)(?P<y4>[12]\d{{3}})(?!\d|[-/.]\d)
    | (?P<y5>[12]\d{{3}}),?\s{{1,2}}(?:\(|on\s)?(?:{_WEEKDAY},?\s)?
      (?:(?P<m5>{_MONTH})\s(?P<d5>{_DAY})|(?P<d6>{_DAY})\s(?P<m6>{_MONTH}))(?!,?\s{_OF}[12]\d{{3}})                # 2021 on Nov. 15
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
        counted = "," not in match.group() and _COUNTED.match(text, match.end())
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


# --- names of people and outlets ---------------------------------------------------------------------------------

_PARTICLES = frozenset("de da di do du del della der den van von ter ten la le el al bin ibn ben bint abu dos das y e zu af av".split())
_NO_NAME = frozenset(
    """the a an in on at of for to from how why what when where who is are was new breaking live read more watch see this that
    and but or not no yes with by as it we you your our his her its their after before over under against""".split()
)
_SECTIONS = frozenset(
    """world politics political business sport sports opinion analysis news national local international africa asia europe
    middle east eastern west north south america americas us usa uk eu culture technology tech science health economy economic
    environment climate exclusive breaking live feature features comment commentary editorial interview video defence defense
    security diplomacy foreign affairs home latest top story stories special report reports focus explainer society money markets
    finance energy travel arts style lifestyle crime law education video videos podcast gallery region regional global
    the and & of from in headlines update updates press release releases""".split()
)
_LANGUAGES = frozenset(
    """english arabic french german spanish portuguese italian russian turkish persian farsi chinese japanese korean hindi urdu
    hebrew greek polish dutch swedish ukrainian""".split()
)
_OUTLET_ENDS = frozenset(
    """news times post herald tribune journal press agency gazette chronicle observer mail star mirror telegraph guardian courier
    monitor review weekly today tv radio television broadcasting media magazine newspaper newspapers online wire newswire bulletin
    globe express standard independent examiner inquirer enquirer sentinel dispatch register argus advertiser network channel
    daily international insider watch report reports echo citizen nation republic diplomat economist spectator leader argus
    newsroom newsline newsletter portal voice sun""".split()
)
_OUTLET_STARTS = frozenset("daily radio voice agence agencia tv sunday evening weekly".split())
_ROLES = frozenset(
    """correspondent correspondents reporter reporters editor editors writer writers columnist analyst bureau staff desk newsroom
    agencies agency contributor journalist journalists author producer chief team newsdesk producers photographer freelance
    contributing reporting web digital online""".split()
)
_STAFF = re.compile(
    r"(?:(?:our|news|web|online|digital|national|world|foreign|special|staff|city|monitoring|political|business|own|a|the)\s){0,3}"
    r"(?:desk|agencies|agency|staff|bureau|newsroom|newsdesk|team|editors?|correspondents?|reporters?|writers?|report)"
    r"(?:\s(?:reporters?|writers?|reports?|correspondents?|and agencies|with agencies))?$",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"(?:www\.)?[a-z0-9][a-z0-9\-]{1,60}(?:\.[a-z0-9\-]{2,30}){1,3}$", re.IGNORECASE)
_TIME_WORDS = frozenset((*WEEKDAYS, *MONTHS))


def is_name(words: list[str]) -> bool:
    """Whether these words could be a person's name: two to five capitalised words, particles and initials allowed."""
    if not 2 <= len(words) <= 5 or not words[0][:1].isupper() or not words[-1][:1].isupper():
        return False
    for word in words:
        bare = word.strip(".’'").lower()
        if bare in _PARTICLES or re.fullmatch(r"(?:[^\W\d_]\.){1,3}", word):
            continue
        if not word[0].isupper() or bare in _NO_NAME or bare in _SECTIONS or bare in _ROLES:
            return False
        if not all(c.isalpha() or c in ".'’-‘`·" for c in word) or word.count(".") > 2:
            return False
        if bare[:3] in _TIME_WORDS and re.fullmatch(rf"{_MONTH}|{_WEEKDAY}", bare):
            return False
    return any(len(word.strip(".")) > 1 for word in words)


def is_outlet(text: str) -> bool:
    """Whether a line names a newspaper, agency or broadcaster by the way such names are built."""
    words = text.strip(" .").split()
    if not 1 <= len(words) <= 7 or text.endswith((".", "?", "!")) or is_kicker(text):
        return False
    if len(words) == 1 and "." in text:
        return bool(_DOMAIN.match(text))
    bare = [word.strip(",()").lower() for word in words]
    if not all(word[:1].isupper() or word[:1].isdigit() or word.lower() in ("of", "the", "and", "&", "for", "de") for word in words):
        return False
    named = [word for word in bare if word not in ("the", "of")]
    if len(named) < 2 and bare[0] != "the":
        return False
    return named[-1] in _OUTLET_ENDS or named[-1] in _LANGUAGES or named[0] in _OUTLET_STARTS


def is_kicker(text: str) -> bool:
    """Whether a line is only a section name such as WORLD or Middle East."""
    words = re.findall(r"[\w&]+", text.lower())
    return 1 <= len(words) <= 4 and all(word in _SECTIONS for word in words) and not text.endswith(".")


# --- by-lines ----------------------------------------------------------------------------------------------------


class Byline(NamedTuple):
    """Who wrote an article, as its by-line names them, and the outlet where the by-line ends in one."""

    author: str | None
    outlet: str | None


_BY = re.compile(
    r"(?:(?:written|words|story|text|report|reported|posted|published|compiled|analysis|opinion|interview)\s+)?by:?\s+|authors?:\s*|from\s+(?=.{3,60}\bin\b)",
    re.IGNORECASE,
)
_JOIN = re.compile(r"\s*(?:,\s*and\b|,|\band\b|&|\bwith\b)\s*")
_TAIL = re.compile(r"\s*(?:[,|•·/(–—;@<\t]|\s-\s|\b(?:in|for|at|of|on|reports?|reporting|is|covers)\b|\s{2,}|\b(?:19|20)\d\d\b)")


def byline(text: str, *, bare: bool = False) -> Byline | None:
    """The by-line that a line is, or None.

    Args:
        text: one line.
        bare: also take a line that holds nothing but a name, or names and their roles.

    >>> byline("By Jane Doe and John Roe, Nairobi correspondents")
    Byline(author='Jane Doe and John Roe', outlet=None)
    >>> byline("By Friday the troops had left.") is None
    True
    """
    if len(text) > 200:
        return None
    match = _BY.match(text)
    if not match and not bare:
        return None
    rest = text[match.end() if match else 0 :].strip(" *_")
    if _STAFF.match(rest.rstrip(".")):
        return Byline(None, None)
    split = _name_and_outlet(re.split(r"[,|(/]|\s[-–—]\s", rest, maxsplit=1)[0].split())
    if split:
        return split
    names, left = _names(rest)
    if names:
        return _with_tail(rest, names, left.strip(), explicit=bool(match))
    words = rest.rstrip(".").split()
    if match and match.group().lower().startswith(("by", "author")) and (is_outlet(rest) or (len(words) == 1 and words[0][:1].isupper())):
        return None if words[0][:3].lower() in _TIME_WORDS else Byline(None, rest.rstrip("."))
    return None


def _names(text: str) -> tuple[str, str]:
    """The names with which a text begins, as written, and what is left after them."""
    end, at, listed = 0, 0, 0
    while at < len(text) and listed < 8:
        join, tail = _JOIN.search(text, at), _TAIL.search(text, at)
        stop = min(join.start() if join else len(text), tail.start() if tail else len(text))
        words = text[at:stop].split()
        if not is_name(words):
            break
        # After a comma only a list that goes on holds another name: "Jane Doe, New York" is a name and a place.
        if listed and text[end:at].strip() == "," and not (join and join.start() == stop and "and" in join.group()):
            break
        end, listed = stop, listed + 1
        if not join or join.start() != stop:
            break
        at = join.end()
    return text[:end].strip(), text[end:]


def _with_tail(text: str, names: str, left: str, *, explicit: bool) -> Byline | None:
    words = left.strip(" ,.|()").split()
    lowered = [word.strip(",.()").lower() for word in words]
    if len(words) > 9 or (left.endswith(".") and len(words) > 3 and not explicit):
        return None
    if not explicit and words and not (set(lowered) & _ROLES) and not _placed(left):
        return None
    if explicit and any(word[:1].islower() and low not in _ROLES and low not in _SMALL for word, low in zip(words, lowered, strict=True)):
        return None
    outlet = left.strip(" ,|–—-/") if left.startswith((",", "|", "/", "–", "—", "-")) else ""
    return Byline(names, outlet if outlet and is_outlet(outlet) else None)


_SMALL = frozenset("in for at of on the and is reports reporting covers based a an our with from to".split())


def _placed(left: str) -> bool:
    """Whether what follows a bare name is "in Lima" or "in Lima and New York"."""
    return bool(re.fullmatch(r"in\s[A-Z][\w’'.\-]*(?:[\s,]+(?:and\s)?[A-Z][\w’'.\-]*){0,5}", left))


def _name_and_outlet(words: list[str]) -> Byline | None:
    """A name set in capitals followed by an outlet in small letters, or the other way round."""
    capitals = [word.isupper() and len(word.strip(".")) > 1 for word in words]
    for at in range(2, min(len(words), 5)):
        if not (is_name(words[:at]) and all(word[:1].isupper() or word in ("of", "the") for word in words[at:])):
            continue
        in_capitals = capitals[0] and all(capitals[i] or len(words[i].strip(".")) == 1 for i in range(at))
        if (in_capitals and not any(capitals[at:]) and words[at].lower() != "and") or (not any(capitals[:at]) and capitals[at]):
            return Byline(" ".join(words[:at]), " ".join(words[at:]))
    return None


# --- date lines --------------------------------------------------------------------------------------------------


class Stamp(NamedTuple):
    """What a line of date, time and other small print says."""

    published: date | None
    updated: date | None
    rest: tuple[str, ...]  # what is neither date nor small print: places, outlets, names


_LABEL = re.compile(
    r"""(?:(?:this\s)?(?:article|story|report)\s(?:was\s|has\sbeen\s)?)?(?:first\s|originally\s|last\s)*
    (?P<kind>published|posted|updated|modified|issued|created|released|filed|uploaded|edited|revised|added)(?:\s(?:on|at|in|date))?(?![a-z])
    |(?:publication\s|release\s|publish(?:ed|ing)?\s|updated?\s)?date(?:\sposted|\spublished)?(?=[:\s]|$)|last\supdate(?=[:\s]|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten)"
# Small print that is enough, and small print that is not enough, to make a date line of the line.
_STRONG = re.compile(
    rf"""(?:{_DAY}\s(?:of\s)?{_MONTH}|{_MONTH}\s{_DAY})                                          # 3 March
    | (?<![\d/.\-])\d{{1,4}}(?P<s>[-/.])\d{{1,2}}(?P=s)\d{{2,4}}(?!\d)                           # 03/04/2023
    | (?:(?:est(?:imated)?\.?\s)?read(?:ing)?\s?time:?\s?)?(?:less\sthan\s)?{_NUMBER}[\s\-]?min(?:ute)?s?\b\.?
      (?:[\s\-](?:to\s)?(?:read|listen|video)(?:ing)?(?:\stime)?)?(?!\s(?:ago|[a-z]{{3,}}))      # 2 min read
    | (?:about\s)?{_NUMBER}\s?(?:second|sec|minute|min|hour|hr|h|day|week|month|year)s?\.?\sago|just\snow(?![a-z])
    | \d{{1,7}}\s(?:comments?|shares?|views?|words|likes?)(?![a-z])""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOCK = re.compile(
    r"(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?|(?:\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\b\.?)?"
    r"|\d{1,2}\s?[ap]\.?m\b\.?|\d{4}\s?(?:gmt|utc|hrs)\b|noon|midnight)(?:\s?(?:hrs|hours|h)\b)?)",
    re.IGNORECASE,
)
_WEAK = re.compile(
    rf"""{_WEEKDAY}
    | \(?(?:[a-z]{{1,4}}t|utc|gmt|msk|local\stime|[a-z]{{3,12}}\s(?:local\s)?time)(?![a-z])\s?(?:[+-]\d{{1,2}}(?::?\d{{2}})?)?\)?
    | [+-]\d{{2}}:?\d{{2}}(?!\d)|(?<=\d)z\b
    | (?:share|print|e-?mail|save|comments?|listen|copy\slink|facebook|twitter|whatsapp|telegram|on|at|as\sof|the|edition|first|final|late
      |yesterday|today)(?![a-z'’])
    | [\s|•·–—\-/,;:.()\[\]▪●■»«>*_~…]+""",
    re.IGNORECASE | re.VERBOSE,
)


_HINT = re.compile(r"\d|\bago\b|\bnow\b|\bminute\b", re.IGNORECASE)


def stamp(text: str) -> Stamp | None:
    """The date line, reading time or other small print that a line is, or None.

    The line may hold in addition one or two short names (a place, an outlet, a person), which come back as `rest`.

    >>> stamp("Published: 3 March 2020 at 14:05 GMT | 2 min read").published.isoformat()
    '2020-03-03'
    >>> stamp("The treaty was signed on 3 March 2020 in Vienna.") is None
    True
    """
    if not 3 <= len(text) <= 180 or not _HINT.search(text):
        return None
    dates = {found.start: found for found in full_dates(text)}
    published = updated = None
    at, strong, label = 0, bool(dates), ""
    odd: list[tuple[int, int]] = []
    while at < len(text):
        if at in dates:
            late = label in ("updated", "modified", "edited", "revised")
            updated = updated or (dates[at].day if late else None)
            published = published or (None if late else dates[at].day)
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
            if len(odd) > 8:
                return None
    strong = strong and not (odd and not label and text.endswith("."))
    rest = _short_names(text, odd) if strong else None
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
    names = tuple(text[start:end].strip(" ,|•·–—-/()[]:;*_") for start, end in pieces)
    for name in names:
        if not (byline(name, bare=True) or is_outlet(name) or all(_is_label(word) for word in name.split())):
            return None
    return names


def _is_label(word: str) -> bool:
    return word[:1].isupper() or word[:1].isdigit() or word.lower() in ("of", "the", "and", "by", "&", "in", "for", "from")


# --- captions, links, buttons, copyright -------------------------------------------------------------------------

_PHOTO = r"(?:photo(?:s|graph|graphs|graphy)?|pictures?|images?|pics?|illustrations?|graphics?|credits?|courtesy)"
_CAPTION_START = re.compile(
    rf"(?:file\s(?:photo|picture|image|pic)|{_PHOTO}(?:\s(?:credits?|source|courtesy|by|caption))?)\s?(?:[:|]|\s[–—-]\s)"
    r"|(?:image|media|photo|picture|video)\s(?:caption|source|credit|copyright)s?,?\s"
    r"|file\s?(?:[–—-]{1,2}|:)\s|(?:photo|photograph|image|picture)s?\sby\s[A-Z@]|(?:caption|pictured|map|chart|infographic|video|watch\svideo)\s?:\s",
    re.IGNORECASE,
)
_CAPTION_END = re.compile(
    rf"""(?:
      [(\[][^()\[\]]{{0,80}}\b(?i:{_PHOTO}|file\s(?:photo|picture|image|pic)|handout|picture\ssource|supplied)\b[^()\[\]]{{0,80}}[)\]]\.?
    | [(\[](?i:file|supplied|handout|video)[)\]]\.?
    | \b(?i:photo(?:graph)?s?|images?|pictures?|pics?|video|illustration|graphic)(?i:\s(?:credit|courtesy|source|by))?\s?
        (?::|/|\s(?i:by|courtesy\sof|via))\s?[^\s.][^.!?]{{1,60}}
    | (?i:photo|image|picture)\scredit:?\s[^.!?]{{2,60}}
    | ©\s?[^\s.][^.!?]{{1,60}}
    | (?:^|[\s(\[—–-])(?:[A-Z]{{2,}}(?:\s[A-Z]\w+)?\s?/\s?[A-Z][^/.!?]{{1,40}}|[A-Z][^/.!?()\[\]]{{1,40}}?/\s?[A-Z]{{2,}}(?:[-\s][A-Z]\w*){{0,2}})[)\]]?
    | \b(?:via|for)\s[A-Z]\w+\s(?:Images|Photos?|Pictures)[)\]]?
    | [/|(–—-]\s?(?i:file|handout|pool|stringer)(?i:\s(?:photo|picture|image))?[)\]]?
    )$""",
    re.VERBOSE,
)
_BRACKET_CREDIT = re.compile(r"\[(?:[A-Z][\w.’'\-]*)(?:(?:\s|/|,\s|\sand\s|\svia\s|\s-\s)[A-Z@][\w.’'\-]*){0,6}\]$")
_LINK = re.compile(
    r"\W{0,3}(?:(?:read|see|watch|listen|hear)(?:\s(?:more|also|now|next|this|here|the\sfull\s\w{2,12}|related|our))?|(?:also|must)\s(?:read|see|watch)"
    r"|more|related(?:\s(?:article|story|stories|news|content|coverage|link)s?)?|don[’']t\smiss|recommended|in\spictures|from\sthe\sarchives?|further\sreading|editor[’']s\spicks?)"
    r"\s?(?:[:|»>→]|\s[–—-]\s)\s?\S",
    re.IGNORECASE,
)
_LINK_ALONE = re.compile(
    r"\W{0,3}(?:(?:click|tap|press)\s(?:here|to\s|on\sthe\s(?:image|photo|picture|link)).{0,80}|(?:continue|keep)\sreading.{0,40}|read\s(?:the\s)?(?:full|more|original)\b.{0,60}|(?:to\s)?(?:enlarge|expand|zoom)(?:\s(?:the\s)?(?:image|photo|picture|map))?)\W{0,3}$",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"\W{0,3}(?:related(?:\s\w{1,12}){0,3}|(?:read|see|watch)\s(?:more|also|next)|(?:also|must)\sread|more\s(?:from|on|about|stories|news|top|in)\b.{0,50}|you\s(?:may|might)\salso\s(?:like|be\sinterested\sin)"
    r"|recommended(?:\s\w{1,12}){0,3}|most\s(?:read|popular|viewed|shared)|trending(?:\s\w{1,12}){0,2}|top\sstories|latest\s(?:news|stories|headlines|articles)|also\s(?:on|in|from)\s.{2,50}|editor[’']s\s(?:picks?|choice)"
    r"|what\sto\sread\snext|up\snext|around\sthe\sweb|(?:sponsored|promoted)\scontent|in\sthis\ssection|popular\s(?:now|stories|articles)|other\sstories|similar\s(?:articles|stories)|don[’']t\smiss)\W{0,3}$",
    re.IGNORECASE,
)
_BUTTONS = re.compile(
    r"\W{0,3}(?:advert(?:isement|ising|isment)?s?(?:\W{1,3}(?:story|article|scroll)\s.{0,40})?|ads?|(?:story|article)\scontinues(?:\s(?:below|after))?.{0,40}|(?:skip|remove|report)\s(?:this\s)?(?:ad|ads|advertisement|promotion)\b.{0,40}|skip\sto\s.{2,40}"
    r"|(?:share|tweet|pin|post|send)(?:\s(?:this|it|on|via|by|with|to|article|story|page|link|your|facebook|twitter|x|whatsapp|linkedin|telegram|e-?mail|reddit|save|print|tweet|share|friends?|the)){0,10}|print(?:\s(?:this|article|page|story|e-?mail)){0,3}|e-?mail(?:\s(?:this|article|story|to|a|friend)){0,4}"
    r"|facebook|twitter|whatsapp|linkedin|telegram|instagram|youtube|reddit|pinterest|messenger|flipboard|copy\s(?:link|url)|link\scopied.{0,20}|save(?:\s(?:this|article|story|for|later)){0,3}|bookmark(?:\s\w{1,10}){0,2}"
    r"|(?:view|show|hide|leave|post|add|write|no|join\sthe|load|\d{1,6})\s(?:all\s|a\s|your\s|more\s)?(?:comments?|conversation|reply|replies|discussion)(?:\s?\(\d{1,6}\))?|comments?(?:\s(?:\(\d{1,6}\)|\d{1,6}|off|closed|are\sclosed))?"
    r"|subscribe(?:\s.{0,60})?|sign\s(?:up|in)(?:\s.{0,80})?|log\s?in|register(?:\snow)?|(?:get|download)\s(?:the|our)\s(?:free\s)?.{0,30}\bapp\b.{0,30}|listen(?:\sto\s(?:this|the)\s(?:article|story|podcast|episode).{0,30})?|play(?:\svideo|\saudio)?|loading\W{0,4}|close|menu|search|home|back\sto\stop|next|previous|gallery|enlarge(?:\simage)?|zoom|toggle\s.{1,30}|photos?|images?|video|pictures?"
    r"|(?:your|this)\sbrowser\sdoes\snot\ssupport.{0,80}|please\senable\sjavascript.{0,60}|gift\sthis\sarticle|republish(?:\sthis\sarticle)?|donate(?:\snow)?|support\s(?:us|our\s(?:work|journalism))(?:\s.{0,60})?|add\s.{2,30}\son\sgoogle|text\ssize.{0,20})\W{0,3}$",
    re.IGNORECASE,
)
_FOLLOW = re.compile(
    r"\W{0,3}(?:(?:please\s)?(?:follow|like|join|find|connect\swith|contact|e-?mail|reach|subscribe\sto)\b.{2,100}\b(?:on|at|via|to)\s(?:our\s|us\s)?(?:twitter|facebook|instagram|telegram|whatsapp|x\b|youtube|linkedin|social|google|bluesky|threads|mastodon|@|\S{1,40}@\S)"
    r"|(?:join|follow)\s(?:us|our)\b.{0,80}|(?:sign|signing)\sup\s(?:for|to)\b.{0,120}|(?:get|receive)\s.{2,80}\b(?:inbox|newsletter|alerts|by\se-?mail|daily\se-?mail)\b.{0,80}|.{0,60}\bsign\sup\s(?:for|to)\s(?:our|the|my)\b.{0,60}\b(?:newsletter|e-?mails?|alerts?|briefing)s?\b.{0,40}"
    r"|.{0,80}\b(?:newsletter|whatsapp\schannel|telegram\schannel)\W{0,3}|(?:twitter|e-?mail|contact|instagram|facebook)\s?:\s?\S.{0,60})$",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"\W{0,2}(?:©|\(c\)\s|&copy;|copyright\b\s?(?:\W|\d|by\b|\(c\)|©|notice))", re.IGNORECASE)
_RIGHTS = re.compile(
    r"all\srights\sreserved|may\snot\sbe\s(?:published|reproduced|republished|copied).{0,60}(?:broadcast|rewritten|redistributed|permission|consent)",
    re.IGNORECASE,
)
_HOLDER = re.compile(
    r"(?:©|\(c\)|copyright)(?:\s|©|\(c\)|\d{4}(?:\s?[-–]\s?\d{4})?|[,:.]|by\b){0,12}(?P<holder>[^\W\d][^.|\n;]{1,60})", re.IGNORECASE
)
_CREDITS = re.compile(
    r"\W{0,4}(?:(?:additional\s|with\s)?(?:reporting|editing|writing|report|production|translation|research|graphics?)(?:(?:,|\sand)\s(?:reporting|editing|writing|additional\swriting)){0,2}\s(?:by|from)\s|(?:compiled|translated|edited|reported|written)\sby\s"
    r"|(?:with\s)?(?:additional\s|with\s)?(?:inputs?|files|assistance|reporting|material|information|agency\sinputs)\sfrom\b|with\s(?:agencies|agency\sinputs)\W{0,3}$)",
    re.IGNORECASE,
)
_REPORTER = re.compile(r"\breporting\s(?:and\swriting\s)?by\s", re.IGNORECASE)
_CONTRIBUTED = re.compile(r"\bcontributed\s(?:to\sthis|reporting|research)\b.{0,40}$", re.IGNORECASE)
_SOURCE = re.compile(r"\W{0,2}(?:news\s)?(?:source|agencies|agency|via|credit)s?\s?:\s?(?P<name>\S.{0,80})$", re.IGNORECASE)
_TAGS = re.compile(r"\W{0,2}(?:tags?|topics?|keywords|filed\sunder|categories|category|in\sthis\sstory|explore\smore\son)\s?:\s?\S.{0,300}$", re.IGNORECASE)
_COUNTER = re.compile(
    r"(?:document\s)?\d{1,6}\sof\s\d{1,6}(?:\sdocuments?)?$|end\sof\sdocument$|page\s\d{1,4}(?:\sof\s\d{1,4})?$|document\s[A-Z0-9]{12,40}$"
    r"|(?:first|second|final|late|early|city|national|regional|metro|weekend|main|\d(?:st|nd|rd))\sedition(?:\s.{0,30})?$",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"[a-z]{2,5}(?:[-/][a-z]{2,5}){1,5}$")
_IMAGE = re.compile(r"!\[[^\]]{0,300}\]\([^)]{0,500}\)$")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{3,300}$", re.IGNORECASE)


def is_caption(text: str) -> bool:
    """Whether a line is a caption or a credit by its own words: it starts or ends as these do.

    >>> is_caption("Harvest in Gezira [Nile Pictures]"), is_caption("He praised the union (AU).")
    (True, False)
    """
    if len(text) > 700:
        return False
    if _IMAGE.match(text) or _CAPTION_START.match(text):
        return True
    tail = text[-170:]
    if _BRACKET_CREDIT.search(tail):
        before = text[: text.rindex("[")].rstrip()
        return bool(before) and len(before) < 300 and not before.endswith((".", "!", "?", '"', "”", "’", "'"))
    match = _CAPTION_END.search(tail)
    return bool(match) and (len(text) < 350 or tail[match.start() : match.start() + 1] in "([")


def is_link(text: str) -> bool:
    """Whether a line leads to another article ("Read more: ...") or enlarges a picture ("[Click to enlarge]")."""
    return len(text) <= 250 and bool(_LINK.match(text) or _LINK_ALONE.match(text))


def is_counter(text: str) -> bool:
    """Whether a line counts documents or pages, or names the edition, as databases print it."""
    return len(text) <= 60 and bool(_COUNTER.match(text))


def is_list_heading(text: str) -> bool:
    """Whether a line is the heading of a list of other articles ("Related stories")."""
    return len(text) <= 80 and bool(_HEADING.match(text))


def is_button(text: str) -> bool:
    """Whether a line is a button, an advertisement's mark, or asks to follow, subscribe or share."""
    return len(text) <= 260 and bool(_BUTTONS.match(text) or _FOLLOW.match(text) or _TAGS.match(text) or _INITIALS.match(text) or _ADDRESS.match(text))


def is_copyright(text: str) -> bool:
    """Whether a line says who holds the rights."""
    return len(text) <= 500 and bool(_COPYRIGHT.match(text) or (len(text) <= 300 and _RIGHTS.search(text)))


def copyright_holder(text: str) -> str | None:
    """The holder that a copyright line names, without its legal form."""
    match = _HOLDER.search(text[:300])
    if not match:
        return None
    holder = re.split(r",|\ball\srights\b|\s[-–—]\s|\b(?:19|20)\d\d\b", match.group("holder"), maxsplit=1, flags=re.IGNORECASE)[0]
    holder = re.sub(r"[\s,]+(?:ltd|limited|llc|inc|corp|plc|gmbh|pty|company|co|corporation|s\.?a)\b.*$", "", holder, flags=re.IGNORECASE).strip()
    for found in full_dates(match.group("holder")):
        holder = match.group("holder")[: found.start].strip(" ,")
    return holder if 2 <= len(holder) <= 60 and holder[0].isupper() and len(holder.split()) <= 6 else None


def is_credits(text: str) -> bool:
    """Whether a line names who else reported, wrote, edited or translated."""
    return len(text) <= 500 and bool(_CREDITS.match(text) or _CONTRIBUTED.search(text))


def reporter(text: str) -> str | None:
    """The first reporters whom a line of credits names."""
    match = _REPORTER.search(text[:120])
    return (_names(text[match.end() :].split(";")[0].strip(" ()."))[0] or None) if match else None


def source_named(text: str) -> str | None:
    """The outlet of a line such as "Source: Lake Courier"."""
    match = _SOURCE.match(text) if len(text) <= 120 else None
    name = match.group("name").strip(" .()[]*_") if match else ""
    return name if name and len(name.split()) <= 6 and (name[0].isupper() or _DOMAIN.match(name)) else None


# --- the place and agency with which wire copy begins ------------------------------------------------------------

_DATELINE = re.compile(
    r"""(?P<place>[^\W\d_][^()\n/—–]{1,60}?)??[\s,.]{0,3}
    (?:\([A-Z][a-z]+\)\s)?
    (?:\((?P<paren>[^()\d]{2,40}?)\)|/(?P<slash>[^/\d]{2,30})/)
    \s?[.,]{0,2}\s?(?:[-–—_:]{1,3}|(?<=/[.])|(?<=/))\s""",
    re.VERBOSE,
)


def dateline(text: str) -> tuple[str | None, date | None]:
    """The agency and the full date of the dateline with which a paragraph begins; each None where it is not given.

    >>> dateline("ACCRA, May 3 (Reuters) - Cocoa farmers said ...")
    ('Reuters', None)
    """
    match = _DATELINE.match(text[:140])
    if not match:
        return None, None
    place, name = match.group("place") or "", (match.group("paren") or match.group("slash")).strip()
    shown = [found.day for found in full_dates(match.group())]
    # "Accra (Ghana) –" is a place; an agency stands after a place in capitals, after a date, or is an acronym.
    certain = bool(match.group("slash")) or not place or place.split(",")[0].isupper() or re.search(r"\d", place) or name.isupper() or name.islower()
    if len(place.split()) > 8 or not certain or len(name.split()) > 4:
        return None, None
    return name, shown[0] if shown else None
