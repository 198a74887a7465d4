"""Plain text of a newspaper article -> its zones, and its title, outlet, author, address and day.

A page is read in steps, each of which marks lines as headline or boilerplate; what no step has marked is body. A line is
boilerplate only where its form shows it: text that is wrongly left out loses statements, a caption that is wrongly kept
costs little.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from analysis.reading import exports, furniture
from analysis.reading.bylines import byline, is_outlet, is_role, is_section
from analysis.reading.datelines import dateline, full_dates, is_dateline, opens_body, stamp
from analysis.reading.lines import BODY, BOILERPLATE, HEADLINE, Line, Page, is_date_only, split_lines

_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_OPENING_QUOTES = "\"“\u2018'«"
_BULLETS = "•-\u2013*●▪"


class Zone(NamedTuple):
    """A part of the text and its kind: headline, body or boilerplate."""

    start: int
    end: int
    kind: str


class Layout(NamedTuple):
    """What the layout of a text tells: fields, each None where the text does not say, and zones in text order."""

    title: str | None
    outlet: str | None
    author: str | None
    url: str | None
    published: date | None
    zones: list[Zone]


def layout(text: str, *, title: str | None = None, standfirst: str | None = None, markdown: bool = False) -> Layout:
    """The zones and fields of an article by its layout.

    Args:
        text: the article.
        title, standfirst: where they are known from elsewhere. A known title is looked for at the beginning only; where it
            is not there, the text holds no title.
        markdown: whether the text is Markdown, with front matter, # headings and emphasis.

    Returns:
        The fields that the text gives and its zones: one a line for headline and boilerplate, one a run of paragraphs for
        the body. Everything but white space and the marks of Markdown lies in a zone.

    It does not judge whether the text is an article, and it changes nothing in it.

    >>> page = layout("Ferry runs again\\nBy Jane Doe\\n3 March 2020\\n\\nThe ferry runs again, its owner said.")
    >>> page.author, page.published.isoformat(), [zone.kind for zone in page.zones]
    ('Jane Doe', '2020-03-03', ['headline', 'boilerplate', 'boilerplate', 'body'])
    """
    page = Page(split_lines(text, markdown=markdown), markdown, title)
    if markdown:
        exports.read_front_matter(page, text)
    for known in (title, standfirst):
        if known:
            _mark_known(page, text, known)
    exports.read_summary(page)
    labelled = exports.read_codes(page) or exports.read_labels(page, _is_furniture)
    _mark_furniture(page)
    _read_head(page, labelled=labelled)
    _read_foot(page)
    _read_dateline(page)
    return _result(page)


def _tokens(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _mark_known(page: Page, text: str, wanted: str) -> None:
    """Mark the beginning of the text as headline where it is these words, whatever their punctuation."""
    at, words = page.first_open(), _tokens(wanted)
    if at is None or not words:
        return
    start = page.lines[at].start
    found = list(_WORD.finditer(text, start, start + 4 * len(wanted) + 40))[: len(words)]
    if [match.group().casefold() for match in found] != words:
        return
    marks = re.compile(r"[^\w\s]{0,4}").match(text, found[-1].end())
    end = marks.end() if marks else found[-1].end()
    if end < len(text) and not text[end].isspace():
        return
    while at < len(page.lines) and page.lines[at].start < end:
        if page.lines[at].end > end:
            page.split(at, end, HEADLINE, None)
        else:
            page.mark(at, HEADLINE)
        at += 1


# --- lines that are boilerplate wherever they stand -------------------------------------------------------------------


def _is_furniture(text: str) -> bool:
    """Whether a line is caption, credit, link, button, counter or copyright line by its form."""
    if len(text) > 700:
        return False
    if furniture.is_caption(text):
        day = stamp(text)
        return day is None or not (day.published or day.updated)
    # What somebody says is no button, whatever it is about.
    if text[0] in _OPENING_QUOTES:
        return False
    forms = (furniture.is_counter, furniture.is_link, furniture.is_button, furniture.is_copyright, furniture.is_credits)
    return any(form(text) for form in forms)


_OF_GALLERY = re.compile(r"\d{1,2}\s?(?:of|/)\s?\d{1,2}$")


def _mark_furniture(page: Page) -> None:
    """Captions, credits, links and lists of links, buttons, copyright lines."""
    first = page.first_open() or 0
    in_list = False
    for i, line in enumerate(page.lines):
        if not page.open(i):
            continue
        if (in_list and not line.ended and line.words <= 25) or (i > first and _in_gallery(page, i)):
            page.mark(i, BOILERPLATE)
            continue
        in_list = i > first and furniture.is_list_heading(line.text)
        if in_list or (_is_furniture(line.text) and (i > first or _is_no_title(page, i))):
            page.mark(i, BOILERPLATE)
            _note_furniture(page, line.text)


def _note_furniture(page: Page, text: str) -> None:
    if furniture.is_copyright(text):
        page.note("outlet", furniture.copyright_holder(text), 5)
        days = full_dates(text[:300])
        page.note("published", days[0].day if days else None, 5)
    elif furniture.is_credits(text):
        page.note("author", furniture.reporter(text), 3)


def _in_gallery(page: Page, at: int) -> bool:
    """Whether a line stands between the counters of a gallery ("1 of 3", caption, "2 of 3")."""
    after = page.lines[at + 1 : at + 3]
    return bool(_OF_GALLERY.match(page.lines[at - 1].text)) and any(_OF_GALLERY.match(line.text) for line in after)


def _is_no_title(page: Page, at: int) -> bool:
    """Whether a first line that looks like furniture is not the title: "Watch: ..." can be one, unless a title follows."""
    line = page.lines[at]
    if line.words < 4 or furniture.is_counter(line.text):
        return True
    near = (page.lines[i] for i in range(at + 1, min(at + 8, len(page.lines))) if page.open(i))
    after = next((other for other in near if not _is_furniture(other.text)), None)
    return (
        after is not None
        and not furniture.is_link(line.text)
        and after.words >= 4
        and not after.ended
        and not stamp(after.text)
    )


# --- the head of the page ---------------------------------------------------------------------------------------------

_HEAD_LINES = 16


def _read_head(page: Page, *, labelled: bool) -> None:
    """Title, subtitle, standfirst, by-line, outlet and date line at the head of the page."""
    body = next((i for i, kind in enumerate(page.kinds) if kind == BODY), len(page.lines))
    first = page.first_open(0, body)
    at = body if first is None else first
    if page.title is None and HEADLINE not in page.kinds[:at]:
        at = _read_title(page, body)
    titled = HEADLINE in page.kinds[: at + 1] or (page.title is not None and labelled)
    pending: list[int] = []
    last_small = None
    for i in range(at, min(body, at + _HEAD_LINES)):
        line = page.lines[i]
        if not page.open(i):
            # Buttons for sharing close the head of the page; what stands above them is no body yet.
            if (
                titled
                and last_small is not None
                and len(pending) == 1
                and page.kinds[i] == BOILERPLATE
                and furniture.is_share(line.text)
            ):
                page.mark(pending.pop(), HEADLINE)
        elif titled and _is_echo(page, line):
            page.mark(i, BOILERPLATE)
        elif _is_small_print(page, i, pending, titled=titled):
            page.mark(i, BOILERPLATE)
            last_small = i
            for deck in pending if titled else ():
                page.mark(deck, HEADLINE)
            pending = []
        elif titled and _may_be_deck(page, line, pending):
            pending.append(i)
        else:
            break
    if titled:
        _mark_decks(page, pending, last_small)


def _read_title(page: Page, body: int) -> int:
    """Mark the title and what stands before it; the index of the first line after it."""
    for i in range(min(body, 20)):
        if not page.open(i):
            continue
        line, after = page.lines[i], page.first_open(i + 1, body)
        next_line = page.lines[after] if after is not None else None
        if next_line and (_is_small_print(page, i, [], titled=False) or _is_section_above(line, next_line)):
            page.mark(i, BOILERPLATE)
            continue
        if not _is_title(line, next_line):
            return i
        return _mark_title(page, i, body)
    return body


def _mark_title(page: Page, at: int, body: int) -> int:
    page.title, outlet = _without_outlet(page.lines[at].text)
    page.note("outlet", outlet, 3)
    page.mark(at, HEADLINE)
    # A title that ends in a comma or semicolon goes on in the next line.
    while at + 1 < body and page.lines[at].text.endswith((";", ",")) and page.open(at + 1) and not page.lines[at + 1].gap:
        at += 1
        page.mark(at, HEADLINE)
        page.title += " " + page.lines[at].text
    return at + 1


def _is_section_above(line: Line, after: Line) -> bool:
    """Whether a single word, or two in capitals, stand above a title rather than being one."""
    short = line.words == 1 or (line.words == 2 and line.text.isupper())
    return (
        short and not line.ended and line.text[:1].isupper() and after.words >= 3 and not after.ended and not stamp(after.text)
    )


def _is_title(line: Line, after: Line | None) -> bool:
    text = line.text
    if len(text) > 300 or line.words > 35 or dateline(text) != (None, None) or not _LETTERS.search(text):
        return False
    if after is None:
        return not line.ended
    if not text.endswith(".") or text.endswith(("...", "U.S.", "U.N.", "U.K.")):
        return not text.endswith(":")
    # A sentence is a title only where small print or capitals show it.
    words = [word for word in text.split() if word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words) > 0.7 * len(words)
    return line.words <= 20 and ". " not in text and bool(capitals or stamp(after.text) or byline(after.text))


def _without_outlet(title: str) -> tuple[str, str | None]:
    """A title without the outlet that follows it after a bar or dash ("... | Lake Courier")."""
    for mark in (" | ", " \u2013 ", " — ", " - "):
        head, _, tail = title.rpartition(mark)
        if len(head.split()) >= 3 and is_outlet(tail):
            return head.strip(), tail.strip()
    return title, None


def _is_echo(page: Page, line: Line) -> bool:
    """Whether a line below the title is the title again, as captions made from file names are, or a mere letter or number."""
    if len(line.text) <= 5 and not _LETTERS.search(line.text):
        return True
    if not page.title or line.words > 40:
        return False
    ours, theirs = set(_tokens(line.text)), set(_tokens(page.title))
    if line.text.endswith("."):
        return ours == theirs
    return len(theirs) >= 3 and len(ours & theirs) >= 0.8 * len(ours | theirs)


# --- small print ------------------------------------------------------------------------------------------------------


def _is_small_print(page: Page, at: int, pending: list[int], *, titled: bool) -> bool:
    """Whether a line of the head is date line, by-line, outlet, role or section; what it says is noted."""
    line = page.lines[at]
    text = line.text
    if line.words > 25 or (page.is_timeline and is_date_only(text)):
        return False
    if is_dateline(text):
        agency, day = dateline(text)
        page.note("outlet", agency, 6)
        page.note("published", day, 4)
        return True
    small = stamp(text)
    if small:
        page.note("published", small.published, 1)
        page.note("published", small.updated, 2)
        for name in small.rest:
            _note_name(page, name, text)
        return True
    named = byline(text)
    if named:
        page.note("author", named.author, 1)
        page.note("outlet", named.outlet, 2)
        return True
    if _LABEL_ALONE.match(text):
        return titled
    if is_section(text):
        return titled or len(_tokens(text)) <= 3 or "|" in text  # a menu
    plain = exports.plain_outlet(text)
    placed = _OUTLET_AND_PLACE.match(plain)
    if is_outlet(plain) or (placed and is_outlet(placed.group(1))):
        page.note("outlet", placed.group(1) if placed else plain, 1)
        return True
    return _are_names(page, text) or (titled and (is_role(text) or _is_bare_name(page, at, pending)))


_LABEL_ALONE = re.compile(
    r"(?:by|authors?|by-?line|written\sby|published|posted|updated|date|source"
    r"|(?:in\s)?summary|key\s(?:points|takeaways)|highlights|at\sa\sglance|in\sbrief)\s?:?$",
    re.IGNORECASE,
)
_OUTLET_AND_PLACE = re.compile(r"([^,]{3,50}),\s[A-Z][\w\u2019'.\-]*(?:\s[A-Z]\w*)?$")
_BAR = re.compile(r"\s*[|•·>»]\s*|\s+[-\u2013—/]\s+")
_NAME_AND_PLACE = re.compile(r"([^,]+),\s[A-Z]\w+$")


def _are_names(page: Page, text: str) -> bool:
    """Whether a line is names, outlets, roles and sections with bars between them ("Web Desk | Agencies", "Home / News")."""
    parts = [part for part in _BAR.split(text) if part]
    if not 2 <= len(parts) <= 6 or len(text) > 120:
        return False
    notes = [_name_between_bars(part, first=i == 0, dashed=" - " in text) for i, part in enumerate(parts)]
    if None in notes or (" - " in text and not any(note and note[0] == "outlet" for note in notes)):
        return False
    for note in notes:
        if note and note[0]:
            page.note(note[0], note[1], 1)
    return True


def _name_between_bars(part: str, *, first: bool, dashed: bool) -> tuple[str, str | None] | None:
    """The field that a piece between bars names, and its value; no field for a section or role; None for a sentence."""
    named = byline(part, bare=True) or byline(f"By {part}")
    placed = _NAME_AND_PLACE.match(part) if first else None
    if is_outlet(exports.plain_outlet(part)):
        return "outlet", exports.plain_outlet(part)
    if is_section(part) or is_role(part):
        return "", None
    if named and (named.author is None or first or not dashed):
        return "author", named.author
    if placed and byline(placed.group(1), bare=True):
        return "author", placed.group(1)
    return None


def _note_name(page: Page, name: str, text: str, rank: int = 1) -> None:
    """A name beside a date: an outlet by its form, a person after "By", before a place or between bars; else a place."""
    named, source = byline(name), furniture.source_named(name)
    if named:
        page.note("author", named.author, rank)
        page.note("outlet", named.outlet, rank + 1)
    elif source or f"published in {name.lower()}" in text.lower():
        page.note("outlet", source or name, rank)
    elif is_outlet(exports.plain_outlet(name)):
        page.note("outlet", exports.plain_outlet(name), rank)
    elif named := byline(name, bare=True):
        barred = re.search(rf"[|•·/]\s*{re.escape(name)}|{re.escape(name)}\s*[|•·/]", text)
        page.note("author", named.author if barred or named.author != name else None, rank + 1)


def _is_bare_name(page: Page, at: int, pending: list[int]) -> bool:
    """Whether a line of the head is the author's name, or one word such as a place or an outlet, without "By"."""
    text = page.lines[at].text
    near = [page.lines[i].text for i in (at - 1, at + 1) if 0 <= i < len(page.lines)]
    beside = any(stamp(other) or byline(other) or is_role(other) or _LABEL_ALONE.match(other) for other in near)
    if len(text.split()) == 1:
        page.note("outlet", text if re.fullmatch(r"[A-Z]{2,6}", text) else None, 4)
        return text[:1].isupper() and text.isalpha() and (beside or not pending)
    named = byline(text, bare=True)
    after = page.first_open(at + 1)
    alone = len(pending) <= 1 and after is not None and page.lines[after].ended and page.lines[after].words > 8
    if not named or not (beside or alone) or re.search(r"\w{3}\.$", text):
        return False
    page.note("author", named.author, 1)
    page.note("outlet", named.outlet, 2)
    return True


# --- subtitle and standfirst ------------------------------------------------------------------------------------------


def _may_be_deck(page: Page, line: Line, pending: list[int]) -> bool:
    """Whether a line below the title could be subtitle or standfirst, if small print should follow."""
    if opens_body(line.text) or line.words > 75 or len(pending) >= 5:
        return False
    sentences = sum(page.lines[i].ended and page.lines[i].text[0] not in _BULLETS for i in pending)
    return not line.ended or sentences == 0 or line.text[0] in _BULLETS


def _mark_decks(page: Page, pending: list[int], last_small: int | None) -> None:
    """Subtitle or standfirst after the last small print, or below a title without any: only where its form shows it."""
    later = [line for i, line in enumerate(page.lines) if page.open(i) and i not in pending[:1]]
    # Where short lines stand between paragraphs all the way, the first of them is no subtitle either.
    subheads = sum(not line.ended and line.words <= 8 for line in later) >= 2
    for i in pending[:2]:
        line = page.lines[i]
        if page.first_open(i + 1) is None or line.words > 40:
            return
        heading = not line.ended and line.words >= 4 and line.text[-1] not in ",;" and any(other.ended for other in later)
        if (heading and not (line.words <= 8 and subheads)) or (i - 1 == last_small and _is_attached_deck(page, i, later)):
            page.mark(i, HEADLINE)
        else:
            return


def _is_attached_deck(page: Page, at: int, later: list[Line]) -> bool:
    """Whether a sentence that follows the small print without a blank line is a standfirst.

    It is where blank lines separate all paragraphs but this one, and a caption follows it or the body says the same again.
    """
    line, after = page.lines[at], page.first_open(at + 1)
    spaced = len(later) >= 2 and sum(other.gap for other in later) > 0.6 * len(later)
    if line.gap or not spaced or re.search(r"[.!?][\"”\u2019']?\s+[A-Z“\"]", line.text):
        return False
    if at + 1 < len(page.lines) and page.kinds[at + 1] == BOILERPLATE and not page.lines[at + 1].gap:
        return True
    if after is None or not page.lines[after].gap:
        return False
    # What a standfirst says the first paragraphs say again, at more length.
    ours = {token for token in _tokens(line.text) if len(token) > 3}
    theirs = {token for other in later[:3] if other.start > line.start for token in _tokens(other.text)}
    return len(ours) >= 4 and len(ours & theirs) >= 0.55 * len(ours)


# --- the foot of the page ---------------------------------------------------------------------------------------------

_SAYS_WHEN = re.compile(r"[a-z]{3,}ed\b|date|\bago\b|\bread\b", re.IGNORECASE)


def _read_foot(page: Page) -> None:
    """Date lines, by-lines and sources at the foot; date lines with a label ("Updated 2 hours ago") anywhere."""
    at_foot = True
    for i in range(len(page.lines) - 1, 0, -1):
        if not page.open(i):
            continue
        text = page.lines[i].text
        known = page.lines[i].words <= 25 and (
            _read_stamp(page, text, at_foot=at_foot) or _read_name(page, text, at_foot=at_foot)
        )
        if known:
            page.mark(i, BOILERPLATE)
        at_foot = at_foot and known


def _read_stamp(page: Page, text: str, *, at_foot: bool) -> bool:
    small = None if page.is_timeline and is_date_only(text) else stamp(text)
    if not small or not (at_foot or (not small.rest and _SAYS_WHEN.search(text))):
        return False
    page.note("published", small.published, 3 if at_foot else 7)
    page.note("published", small.updated, 4 if at_foot else 7)
    for name in small.rest:
        _note_name(page, name, text, rank=3)
    return True


def _read_name(page: Page, text: str, *, at_foot: bool) -> bool:
    named = byline(text.strip("()[]—\u2013 "))
    source = furniture.source_named(text) if at_foot else None
    if named and (at_foot or len(text.split()) <= 8):
        page.note("author", named.author, 2)
        page.note("outlet", named.outlet, 4)
        return True
    page.note("outlet", source, 4)
    return source is not None


def _read_dateline(page: Page) -> None:
    """Agency and date of the dateline with which the first paragraph of the body may begin."""
    first = next((line for i, line in enumerate(page.lines) if page.kinds[i] in (None, BODY)), None)
    if first:
        agency, day = dateline(first.text)
        page.note("outlet", agency, 6)
        page.note("published", day, 4)


# --- zones ------------------------------------------------------------------------------------------------------------


def _result(page: Page) -> Layout:
    zones: list[Zone] = []
    for line, known in zip(page.lines, page.kinds, strict=True):
        kind = known or BODY
        if kind == BODY and zones and zones[-1].kind == BODY:
            zones[-1] = zones[-1]._replace(end=line.end)
        else:
            zones.append(Zone(line.start, line.end, kind))
    day = page.best("published")
    return Layout(
        page.title,
        page.best_text("outlet"),
        page.best_text("author"),
        page.best_text("url"),
        day if isinstance(day, date) else None,
        zones,
    )
