"""Names of people, outlets and sections in the small print of a newspaper, and the by-lines that hold them.

The words by which they are known are in data/layout.csv, data/media.csv and data/places.csv, where they can be edited.
"""

from __future__ import annotations

import csv
import functools
import re
from typing import NamedTuple

from analysis.manifest import project_root

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@functools.cache
def words(name: str) -> tuple[str, ...]:
    """The words of one list of data/layout.csv, in its order.

    >>> "correspondent" in words("role")
    True
    """
    return _lists().get(name, ())


@functools.cache
def _lists() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in _rows("layout.csv"):
        found.setdefault(row["list"], []).append(row["word"])
    return {name: tuple(values) for name, values in found.items()}


@functools.cache
def _word_set(name: str) -> frozenset[str]:
    return frozenset(words(name))


@functools.cache
def _media() -> frozenset[str]:
    rows = _rows("media.csv")
    return frozenset(name for row in rows for name in (row["name"], *row["alias"].split("|")) if name)


@functools.cache
def _places() -> frozenset[str]:
    return frozenset(row["alias"].casefold() for row in _rows("places.csv")) | _word_set("place")


def _rows(name: str) -> list[dict[str, str]]:
    path = project_root() / "data" / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# --- names ------------------------------------------------------------------------------------------------------------

_INITIALS = re.compile(r"(?:[^\W\d_]\.){1,3}$")
DOMAIN = re.compile(r"(?:www\.)?[a-z0-9][a-z0-9\-]{1,60}(?:\.[a-z0-9\-]{2,30}){1,3}$", re.IGNORECASE)
_IN_NAMES = frozenset(".'-`·\u2018\u2019")
_WITH_ARTICLE = re.compile(r"(?:a[dlnrstz]|ash|el)[-'\u2019](?=[A-Z])")  # "al-Otaibi"


def is_name(parts: list[str]) -> bool:
    """Whether these words could be a person's name: two to five capitalised words, particles and initials allowed."""
    parts = [_WITH_ARTICLE.sub("", part) for part in parts]
    if not 2 <= len(parts) <= 5 or not parts[0][:1].isupper() or not parts[-1][:1].isupper():
        return False
    if " ".join(parts).casefold() in _places():
        return False
    return all(_is_name_part(part) for part in parts) and any(len(part.strip(".")) > 1 for part in parts)


def _is_name_part(word: str) -> bool:
    bare = word.strip(".'\u2019").lower()
    if bare in _word_set("particle") or _INITIALS.match(word):
        return True
    if not word[0].isupper() or any(bare in _word_set(name) for name in ("no name", "section", "role")):
        return False
    return all(c.isalpha() or c in _IN_NAMES for c in word) and word.count(".") <= 2 and not _TIME_WORD.match(bare)


# Months and days that are no names of people, as April and Jun are.
_TIME_WORD = re.compile(
    r"(?:january|february|march|july|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day)$"
)


def is_outlet(text: str) -> bool:
    """Whether a line names a newspaper, agency or broadcaster: a known one, or one built as such names are.

    >>> is_outlet("The Lakeside Observer"), is_outlet("Observer mission leaves")
    (True, False)
    """
    if text in _media():
        return True
    parts = text.strip(" .").split()
    if not 1 <= len(parts) <= 7 or text.endswith((".", "?", "!")) or "," in text or is_section(text):
        return False
    if len(parts) == 1 and "." in text:
        return bool(DOMAIN.match(text))
    if not all(
        part[:1].isupper() or part[:1].isdigit() or part.lower() in ("of", "the", "and", "&", "for", "de") for part in parts
    ):
        return False
    bare = [part.strip("()").lower() for part in parts]
    named = [part for part in bare if part not in ("the", "of")]
    if len(named) < 2 and bare[0] != "the":
        return False
    ends = named[-1] in _word_set("outlet ends in") or named[-1] in _word_set("language")
    starts = _word_set("outlet begins with")
    return ends or named[0] in starts or " ".join(named[:2]) in starts


def is_medium(text: str) -> bool:
    """Whether this is the name of a known outlet, or of several with bars between them."""
    return all(part.strip() in _media() for part in text.split("/"))


def is_section(text: str) -> bool:
    """Whether a line is only the name of a section, such as WORLD or Middle East."""
    parts = re.findall(r"[\w&]+", text.lower())
    return 1 <= len(parts) <= 4 and all(part in _word_set("section") for part in parts) and not text.endswith(".")


def is_role(text: str) -> bool:
    """Whether a line gives the author's role and no name.

    >>> is_role("Correspondent, Mangochi"), is_role("The editor was right.")
    (True, False)
    """
    parts = [part.strip(".,()").lower() for part in text.split()]
    if not 1 <= len(parts) <= 7 or text.endswith((".", "?", "!", ":")) or not text[:1].isupper():
        return False
    return bool({parts[0], parts[-1]} & _word_set("author is"))


# --- by-lines ---------------------------------------------------------------------------------------------------------


class Byline(NamedTuple):
    """Who wrote an article, as its by-line names them, and the outlet where the by-line ends in one."""

    author: str | None
    outlet: str | None


_BY = re.compile(
    r"(?:(?:(?:live\s)?reporting|written|words|story|text|report|reported|posted|published|compiled|analysis|opinion|interview)"
    r"\s+)?by:?\s+"
    r"|authors?:\s*|from\s+(?=.{3,60}\bin\b)",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"(?:(?:our|news|web|online|digital|national|world|foreign|special|staff|city|monitoring|political|business|own|a|the)\s){0,3}"
    r"(?:desk|agencies|agency|staff|bureau|newsroom|newsdesk|team|editors?|correspondents?|reporters?|writers?|report)"
    r"(?:\s(?:reporters?|writers?|reports?|correspondents?|and agencies|with agencies))?$",
    re.IGNORECASE,
)
_STAFF_OF = re.compile(
    r"(?P<outlet>(?:[A-Z][\w.]*\s){1,4}?)(?:[Ss]taff|[Nn]ewsroom|[Nn]ews [Dd]esk)(?:\s(?:[Ww]riter|[Rr]eporter)s?)?$"
)
_CONTACT = re.compile(r"\s+[|•·(]?\s?(?:[\w.\-]{2,40}@[\w.\-]{3,40}|@\w{2,30})\)?$")
_JOIN = re.compile(r"\s*(?:,\s*and\b|,|\band\b|&|\bwith\b)\s*")
_TAIL = re.compile(
    r"\s*(?:[,|•·/(\u2013—;@<\t]|\s-\s|\b(?:in|for|at|of|on|reports?|reporting|is|covers)\b|\s{2,}|\b(?:19|20)\d\d\b|\b(?:For|FOR|IN|In)\s)"
)
_FOR_OUTLET = re.compile(r"(?:[,|/(\u2013—-]|for\s)\s*(?:for\s)?(?P<outlet>.*)", re.IGNORECASE)
_SMALL = frozenset(
    ("in", "for", "at", "of", "on", "the", "and", "is", "reports", "reporting", "covers", "based", "a", "an", "our", "with")
)
_PLACED = re.compile(
    r"in\s[A-Z][\w\u2019'.\-]*(?:[\s,]+(?:and\s)?[A-Z][\w\u2019'.\-]*){0,5}(?:\s(?:and|with)\s(?:news\s)?agencies)?$"
)
# The place of each of several: "Jane Doe in Paris and John Roe in Rome".
_PLACE_OF_ONE = re.compile(r"\s+(?:in|IN)\s+[A-Z][\w\u2019'.\-]*(?:\s[A-Z][\w\u2019'.\-]*){0,2}(?=(?:,|;|\s(?:and|&))\s[A-Z])")
_WITH_AGENCIES = re.compile(r"with\s(?:[A-Z]{2}\w*|[A-Za-z]{2,5}|agencies)(?:[\s,/]+(?:and\s)?(?:[A-Z]\w*|[a-z]{2,5})){0,4}$")


def byline(text: str, *, bare: bool = False) -> Byline | None:
    """The by-line that a line is, or None.

    Args:
        text: one line.
        bare: also take a line that holds nothing but a name, or names with role, place or outlet.

    >>> byline("By Jane Doe and John Roe, Nairobi correspondents")
    Byline(author='Jane Doe and John Roe', outlet=None)
    >>> byline("By Friday the troops had left.") is None
    True
    """
    match = _BY.match(text) if len(text) <= 200 else None
    if len(text) > 200 or not (match or bare):
        return None
    rest = _PLACE_OF_ONE.sub("", _CONTACT.sub("", text[match.end() if match else 0 :].strip(" *_")))
    if _STAFF.match(rest.rstrip(".")):
        return Byline(None, None)
    staff = _STAFF_OF.match(rest)
    if staff and (match or is_outlet(staff["outlet"].strip())):
        return Byline(None, staff["outlet"].strip())
    found = _name_and_outlet(re.split(r"[,|(/]|\s[-\u2013—]\s", rest, maxsplit=1)[0].split())
    if found:
        return found
    names, left = _names(rest)
    if names:
        return _with_tail(names, left.strip(), explicit=bool(match))
    return _by_outlet(match.group(), rest.rstrip(".")) if match else None


def author_of(value: str) -> str | None:
    """The author that a field of a record names: without "By", role and place; None for a desk or the staff.

    >>> author_of("By Jane Doe, Political Editor"), author_of("Reuters"), author_of("Staff writer")
    ('Jane Doe', 'Reuters', None)
    """
    if ";" in value:
        return "; ".join(filter(None, map(author_of, value.split(";")))) or None
    plain = re.sub(r"(?i)^by\s+", "", value.strip())
    named = byline(f"By {plain}")
    return plain if not named or (named.outlet and not named.author) else named.author


def first_names(text: str) -> str | None:
    """The names of people with which a text begins, as written."""
    return _names(text)[0] or None


def _names(text: str) -> tuple[str, str]:
    """The names with which a text begins, as written, and what is left after them."""
    end, at, listed = 0, 0, 0
    while at < len(text) and listed < 8:
        join, tail = _JOIN.search(text, at), _TAIL.search(text, at)
        stop = min(join.start() if join else len(text), tail.start() if tail else len(text))
        if not is_name(text[at:stop].split()):
            break
        # After a comma only a list that goes on holds another name: "Jane Doe, New York" is a name and a place.
        if listed and text[end:at].strip() == "," and not (join and join.start() == stop and "and" in join.group()):
            break
        end, listed = stop, listed + 1
        if not join or join.start() != stop:
            break
        at = join.end()
    return text[:end].strip(), text[end:]


def _with_tail(names: str, left: str, *, explicit: bool) -> Byline | None:
    """The by-line of names and what follows them, where that is a role, a place or an outlet."""
    parts = left.strip(" ,.|()").split()
    lowered = [part.strip(",.()").lower() for part in parts]
    if len(parts) > 9 or (left.endswith(".") and len(parts) > 3 and not explicit):
        return None
    match = _FOR_OUTLET.match(left)
    outlet = match["outlet"].strip(" ,|/()-\u2013—") if match else ""
    outlet = outlet if is_outlet(outlet) else ""
    known = outlet or not parts or set(lowered) & _word_set("role") or _PLACED.match(left) or _WITH_AGENCIES.match(left)
    if explicit:
        known = all(
            not part[:1].islower() or low in _word_set("role") or low in _SMALL
            for part, low in zip(parts, lowered, strict=True)
        )
    if not known:
        return None
    return Byline(re.sub(r"(?<=\w{3})\.$", "", names), outlet or None)


def _name_and_outlet(parts: list[str]) -> Byline | None:
    """A name set in capitals followed by an outlet in small letters, or the other way round."""
    capitals = [part.isupper() and len(part.strip(".")) > 1 for part in parts]
    for at in range(2, min(len(parts), 5)):
        outlet = parts[at:]
        if (
            not is_name(parts[:at])
            or outlet[0].lower() == "and"
            or not all(w[:1].isupper() or w in ("of", "the") for w in outlet)
        ):
            continue
        in_capitals = capitals[0] and all(capitals[i] or len(parts[i].strip(".")) == 1 for i in range(at))
        if (in_capitals and not any(capitals[at:])) or (not any(capitals[:at]) and capitals[at]):
            return Byline(" ".join(parts[:at]), " ".join(outlet))
    return None


def _by_outlet(start: str, rest: str) -> Byline | None:
    """ "By Reuters": an outlet where the author's name is expected."""
    parts = rest.split()
    one_word = len(parts) == 1 and parts[0][:1].isupper() and not _TIME_WORD.match(parts[0].lower())
    return Byline(None, rest) if start.lower().startswith(("by", "author")) and (is_outlet(rest) or one_word) else None
