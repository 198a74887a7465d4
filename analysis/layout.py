"""Plain text of a newspaper article -> its zones, and its title, outlet, author, address and day.

A page is read in steps, each of which marks lines as headline or boilerplate; what no step has marked is body. A line is
boilerplate only where its form shows it: text that is wrongly left out loses statements, a caption that is wrongly kept
costs little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from analysis import lines as ln

HEADLINE, BODY, BOILERPLATE = "headline", "body", "boilerplate"


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


class Line(NamedTuple):
    """A line, or in hard-wrapped text a paragraph: where it stands, its words, and whether a blank line stands before it."""

    start: int
    end: int
    text: str
    gap: bool

    @property
    def words(self) -> int:
        return self.text.count(" ") + 1

    @property
    def ended(self) -> bool:
        """Whether it ends as a sentence does."""
        return self.text.rstrip("\"'”’»)]* _").endswith((".", "!", "?", "…", ":")) or self.text.endswith((".”", '."'))


@dataclass
class _Page:
    """The lines of a text, the zone of each as far as it is known, and the evidence for each field with its rank."""

    lines: list[Line]
    kinds: list[str | None]
    markdown: bool
    title: str | None = None
    evidence: dict[str, list[tuple[int, str | date]]] = field(default_factory=dict)

    def note(self, name: str, value: str | date | None, rank: int) -> None:
        if value:
            self.evidence.setdefault(name, []).append((rank, value))

    def best(self, name: str) -> str | date | None:
        """The value with the lowest rank; among equals the one that stands first."""
        return min(self.evidence.get(name, [(9, None)]), key=lambda pair: pair[0])[1]

    def mark(self, at: int, kind: str) -> None:
        self.kinds[at] = kind

    def open(self, at: int) -> bool:
        return self.kinds[at] is None


def layout(text: str, *, title: str | None = None, standfirst: str | None = None, markdown: bool = False) -> Layout:
    """The zones and fields of an article by its layout.

    Args:
        text: the article.
        title, standfirst: where they are known from elsewhere. A known title is looked for at the beginning only; where it
            is not there, the text holds no title.
        markdown: whether the text is Markdown, with front matter, # headings and emphasis.

    Returns:
        The fields that the text gives and its zones: one a line for headline and boilerplate, one a run of paragraphs for
        the body. Everything but white space lies in a zone.

    It does not judge whether the text is an article, and it changes nothing in it.

    >>> page = layout("Ferry runs again\\nBy Jane Doe\\n3 March 2020\\n\\nThe ferry runs again, its owner said.")
    >>> page.author, page.published.isoformat(), [zone.kind for zone in page.zones]
    ('Jane Doe', '2020-03-03', ['headline', 'boilerplate', 'boilerplate', 'body'])
    """
    found = split_lines(text, markdown=markdown)
    page = _Page(found, [None] * len(found), markdown)
    if markdown:
        _front_matter(page, text)
    known = _known_lines(page, text, title) if title else False
    _known_lines(page, text, standfirst) if standfirst else None
    labelled = _coded_export(page) or _labelled_export(page)
    _furniture(page)
    _header(page, title_wanted=title is None and page.title is None and not known, labelled=labelled)
    _tail(page)
    _dateline(page)
    return _result(page, text, title)


# --- lines -------------------------------------------------------------------------------------------------------

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_MARKS = re.compile(r"[#>*_\s]*(?:[-+]\s+)?[*_]*")


def split_lines(text: str, *, markdown: bool = False) -> list[Line]:
    """The lines of a text that hold more than white space; lines that were wrapped at a fixed width are joined again.

    >>> [line.text for line in split_lines("One\\n\\nTwo ")]
    ['One', 'Two']
    """
    found: list[Line] = []
    start, gap = 0, True
    for match in (*_BREAK.finditer(text), None):
        end = match.start() if match else len(text)
        raw = text[start:end]
        shown = raw.strip()
        if shown:
            begin = start + len(raw) - len(raw.lstrip())
            stop = begin + len(shown)
            if markdown and not shown.startswith(("---", "+++", "![")):
                begin += len(_MARKS.match(shown).group())  # type: ignore[union-attr]
                shown = text[begin:stop].rstrip("*_# ")
            if shown:
                found.append(Line(begin, begin + len(shown), shown, gap))
            gap = False
        elif match:
            gap = True
        start = match.end() if match else end
    return _joined(found, text)


def _joined(found: list[Line], text: str) -> list[Line]:
    """Paragraphs put together again where the text was wrapped at a fixed width: no line could have held the next word."""
    pairs = [(a, b) for a, b in zip(found, found[1:], strict=False) if not b.gap]
    lengths = sorted(line.end - line.start for line in found)
    if len(pairs) < 3 or lengths[-1] > 100 or lengths[-1] < 40:
        return found
    width = lengths[-1] if lengths[-1] - lengths[-2] < 12 else lengths[-2]

    def wrapped(a: Line, b: Line) -> bool:
        return a.end - a.start + 1 + len(b.text.split(maxsplit=1)[0]) > width and a.end - a.start > 0.6 * width

    if sum(wrapped(a, b) for a, b in pairs) < 0.5 * len(pairs):
        return found
    joined: list[Line] = []
    for i, line in enumerate(found):
        if joined and not line.gap and wrapped(found[i - 1], line):
            last = joined.pop()
            line = Line(last.start, line.end, last.text + " " + line.text, last.gap)  # noqa: PLW2901
        joined.append(line)
    return joined


def _split_line(page: _Page, at: int, cut: int, first: str | None, second: str | None) -> None:
    """Cut a line in two at an offset of the text, and mark both parts."""
    line = page.lines[at]
    left, right = line.text[: cut - line.start], line.text[cut - line.start :]
    shift = len(right) - len(right.lstrip())
    head, tail = left.rstrip(), right.strip()
    parts = [(Line(line.start, line.start + len(head), head, line.gap), first), (Line(cut + shift, line.end, tail, False), second)]
    parts = [part for part in parts if part[0].text]
    page.lines[at : at + 1] = [part[0] for part in parts]
    page.kinds[at : at + 1] = [part[1] for part in parts]


# --- known title, front matter, exports of databases ----------------------------------------------------------------

_TOKEN = re.compile(r"\w+")


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())


def _known_lines(page: _Page, text: str, wanted: str) -> bool:
    """Mark the beginning of the text as headline where it is these words, whatever their punctuation."""
    at = next((i for i in range(len(page.lines)) if page.open(i)), None)
    words = _tokens(wanted)
    if at is None or not words:
        return False
    start = page.lines[at].start
    for word, match in zip(words, _TOKEN.finditer(text, start, start + 4 * len(wanted) + 40), strict=False):
        if match.group().casefold() != word:
            return False
        end = match.end()
        words = words[1:]
    if words:
        return False
    end += len(re.match(r"[^\w\s]{0,4}", text[end:]).group())  # type: ignore[union-attr]
    if end < len(text) and not text[end].isspace():
        return False
    while at < len(page.lines) and page.lines[at].start < end:
        if page.lines[at].end > end:
            _split_line(page, at, end, HEADLINE, None)
        else:
            page.mark(at, HEADLINE)
        at += 1
    return True


_LABELS = {
    **dict.fromkeys(("title", "headline", "article title", "document title"), "title"),
    **dict.fromkeys(("subtitle", "subheadline", "subhead", "highlight", "standfirst", "deck", "dek", "abstract", "summary", "lede"), "headline"),
    **dict.fromkeys(("byline", "by line", "author", "authors", "by", "writer", "creator"), "author"),
    **dict.fromkeys(("date", "publication date", "published", "pub date", "pubdate", "date published", "publish date", "issue date"), "published"),
    **dict.fromkeys(("load date", "updated", "last updated", "modified", "date modified"), "late"),
    **dict.fromkeys(("publication title", "publication", "source", "outlet", "newspaper", "site", "site name", "publisher", "journal", "website", "media"), "outlet"),
    **dict.fromkeys(("url", "link", "document url", "web link", "source url", "permalink", "canonical", "weblink"), "url"),
    **dict.fromkeys(("body", "full text", "fulltext", "text", "article", "content", "article text", "main text", "article body", "story"), "body"),
    **dict.fromkeys(
        (
            "section", "length", "word count", "words", "dateline", "language", "publication type", "subject", "subjects", "industry", "geographic",
            "country", "state", "city", "organization", "organisation", "person", "people", "company", "ticker", "journal code", "graphic", "type",
            "copyright", "issn", "database", "proquest document id", "document type", "publication year", "place of publication", "country of publication",
            "edition", "page", "pages", "first page", "volume", "issue", "category", "tags", "keywords", "id", "location", "classification", "isbn",
            "source type", "publication subject", "accession number", "document id", "credit", "correction", "topic", "topics", "layout", "slug", "doc id",
        ),
        "other",
    ),
}  # fmt: skip
_LABEL = re.compile(r"([A-Za-z][A-Za-z \-]{1,24}?)\s?:(?:\s+|$)")
_MARKER = re.compile(r"(body|full text|fulltext|text|abstract)\s?[:.]?$", re.IGNORECASE)
_RANKS = {"published": 0, "late": 6, "outlet": 0, "author": 0, "url": 0, "title": 0}


def _label_of(text: str) -> tuple[str, int] | None:
    """The field that a line's label names and the length of the label."""
    match = _MARKER.match(text)
    if match:
        return _LABELS[match.group(1).lower()], len(text)
    match = _LABEL.match(text[:40])
    name = _LABELS.get(match.group(1).lower().replace("-", " ")) if match else None
    return (name, match.end()) if match and name else None


def _front_matter(page: _Page, text: str) -> None:
    """Fields of the block between two --- lines with which a Markdown file may begin, read line by line."""
    match = re.match(r"(---|\+\+\+)[ \t]*\r?\n", text)
    end = re.compile(rf"^{re.escape(match.group(1))}[ \t]*$", re.MULTILINE).search(text, match.end(), 20_000) if match else None
    if not match or not end:
        return
    for row in text[match.end() : end.start()].splitlines():
        key, _, value = row.partition("=" if match.group(1) == "+++" else ":")
        name = _LABELS.get(key.strip().lower().replace("_", " ").replace("-", " "))
        value = value.strip().strip("\"'[]").strip()
        if name and value and key[:1] not in " \t":
            _note_field(page, name, value)
    page.title = str(page.best("title")) if page.best("title") else None
    inside = [i for i, line in enumerate(page.lines) if line.start < end.end()]
    page.lines[: len(inside)] = [Line(0, end.end(), text[: end.end()].rstrip(), True)]
    page.kinds[: len(inside)] = [BOILERPLATE]
    first = next((i for i in range(len(page.lines)) if page.open(i)), None)
    if first is not None and (text[: page.lines[first].start].endswith("# ") or (page.title and _tokens(page.lines[first].text) == _tokens(page.title))):
        page.mark(first, HEADLINE)


def _note_field(page: _Page, name: str, value: str) -> None:
    rank = _RANKS.get(name)
    if rank is None or not value:
        return
    if name in ("published", "late"):
        days = ln.full_dates(value)
        page.note("published", days[0].day if days else None, rank)
    elif name == "author":
        named = ln.byline(value if value.lower().startswith("by ") else "By " + value)
        page.note("author", named.author if named and named.author else value.removeprefix("By ").removeprefix("by "), rank)
    elif name == "outlet":
        page.note("outlet", _plain_outlet(value), rank)
    elif name == "url":
        page.note("url", value if value.lower().startswith(("http://", "https://")) else None, rank)
    else:
        page.note(name, value, rank)


def _plain_outlet(value: str) -> str:
    """An outlet's name without the place in brackets that databases add."""
    return re.sub(r"\s*\([^()]{2,40}\)$", "", value).strip(" .;,")


_CODES = {"HD": "title", "BY": "author", "PD": "published", "SN": "outlet", "LP": "body", "TD": "body"}
_CODE = re.compile(r"(HD|BY|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CO|IN|NS|RE|PUB|AN|ART|CR|SE|VOL|IPC|IPD|CLM|RF|CT|DLN)(?:\s+|$)")


def _coded_export(page: _Page) -> bool:
    """Exports in which each field begins with a code of two or three letters (HD headline, PD date, LP lead paragraph)."""
    codes = [_CODE.match(line.text) for line in page.lines]
    seen = {match.group(1) for match in codes if match}
    if not ({"HD"} <= seen and seen & {"LP", "TD"} and len(seen) >= 4):
        return False
    current, at = "", 0
    while at < len(page.lines):
        line = page.lines[at]
        match = _CODE.match(line.text)
        if match:
            current = _CODES.get(match.group(1), "other")
            value = line.text[match.end() :]
            if current in ("title", "body") and value:
                _split_line(page, at, line.start + match.end(), BOILERPLATE, HEADLINE if current == "title" else BODY)
                at += 1
            else:
                page.mark(at, BOILERPLATE)
            _note_field(page, current, value)
        else:
            page.mark(at, {"title": HEADLINE, "body": BODY}.get(current, BOILERPLATE))
            if not any(page.evidence.get(current, [])):
                _note_field(page, current, line.text)
        at += 1
    page.title = str(page.best("title") or "") or None
    return True


def _labelled_export(page: _Page) -> bool:
    """Exports with labelled lines (BYLINE: ..., LENGTH: ..., BODY:), those of databases and those made by hand."""
    labels = [_label_of(line.text) if page.open(i) else None for i, line in enumerate(page.lines)]
    names = {line.text[: label[1]].strip(" :").lower() for line, label in zip(page.lines, labels, strict=True) if label}
    if len(names) < 3 and not (labels and labels[0] and len(page.lines) > 1 and labels[1]):
        return False
    marker = next((i for i, label in enumerate(labels) if label and label[0] == "body"), None)
    current, at, after = "", 0, False
    while at < len(page.lines):
        line, label = page.lines[at], _label_of(page.lines[at].text) if page.open(at) else None
        if label:
            name, cut = label
            current, after = name, after or name == "body"
            value = line.text[cut:].strip()
            if name in ("title", "headline", "body") and value:
                _split_line(page, at, line.start + cut, BOILERPLATE, BODY if name == "body" else HEADLINE)
                at += 1
            else:
                page.mark(at, BOILERPLATE)
            _note_field(page, name, value)
        elif page.open(at) and after:
            page.mark(at, BODY if current == "body" else BOILERPLATE)
        elif page.open(at) and current == "headline" and page.lines[at - 1].text.rstrip(".: ").lower() == "abstract":
            page.mark(at, HEADLINE)
        at += 1
    page.title = str(page.best("title") or "") or None
    if marker is not None:
        _database_header(page)
    return True


def _database_header(page: _Page) -> None:
    """Title and outlet among the unlabelled lines before the body: the outlet stands before the date, the title first or after it."""
    body = next((i for i, kind in enumerate(page.kinds) if kind == BODY), len(page.lines))
    before: list[int] = []
    after: list[int] = []
    dated = False
    for i in range(body):
        if not page.open(i):
            continue
        text = page.lines[i].text
        day = ln.stamp(text)
        if day or _is_furniture(page, i):
            page.mark(i, BOILERPLATE)
            page.note("published", day and (day.published or day.updated), 1)
            page.note("outlet", ln.copyright_holder(text) if ln.is_copyright(text) else None, 5)
            dated = dated or bool(day and day.published)
        else:
            (after if dated else before).append(i)
    title = after[0] if after and len(before) <= 1 else before[0] if before else None
    if dated and before and before[-1] != title and page.lines[before[-1]].words <= 9:
        page.note("outlet", _plain_outlet(page.lines[before[-1]].text), 0)
        page.mark(before[-1], BOILERPLATE)
    if page.title is None and title is not None:
        page.title = page.lines[title].text
        page.mark(title, HEADLINE)
    for i in (*before, *after):
        if page.open(i):
            page.mark(i, HEADLINE if page.lines[i].words >= 4 else BOILERPLATE)


# --- lines that are boilerplate wherever they stand -------------------------------------------------------------------


def _is_furniture(page: _Page, at: int) -> bool:
    text = page.lines[at].text
    if len(text) > 700:
        return False
    return ln.is_counter(text) or ln.is_caption(text) or ln.is_link(text) or ln.is_button(text) or ln.is_copyright(text) or ln.is_credits(text)


def _furniture(page: _Page) -> None:
    """Captions, credits, links and lists of links, buttons, copyright lines."""
    first = next((i for i in range(len(page.lines)) if page.open(i)), len(page.lines))
    in_list = False
    for i, line in enumerate(page.lines):
        if not page.open(i):
            continue
        if in_list and not line.ended and line.words <= 25:
            page.mark(i, BOILERPLATE)
            continue
        in_list = i > first and ln.is_list_heading(line.text)
        # The first line is the title, even where it begins with "Watch:" or ends with "(photos)".
        if in_list or ((i > first or line.words < 4 or ln.is_counter(line.text)) and _is_furniture(page, i)):
            page.mark(i, BOILERPLATE)
            if ln.is_copyright(line.text):
                page.note("outlet", ln.copyright_holder(line.text), 5)
                days = ln.full_dates(line.text[:300])
                page.note("published", days[0].day if days else None, 5)
            elif ln.is_credits(line.text):
                page.note("author", ln.reporter(line.text), 3)


# --- the head of the page ---------------------------------------------------------------------------------------------

_HEADER_LINES = 16


def _header(page: _Page, *, title_wanted: bool, labelled: bool) -> None:
    """Title, subtitle, standfirst, by-line, outlet and date line at the head of the page."""
    body = next((i for i, kind in enumerate(page.kinds) if kind == BODY), len(page.lines))
    at = _title(page, body) if title_wanted else next((i for i in range(body) if page.open(i)), body)
    titled = HEADLINE in page.kinds[: at + 1] or (page.title is not None and labelled)
    pending: list[int] = []
    last_small = None
    for i in range(at, min(body, at + _HEADER_LINES)):
        if not page.open(i):
            continue
        line = page.lines[i]
        if titled and page.title and _repeats(line, page.title):
            page.mark(i, BOILERPLATE)
        elif _small_print(page, i, pending, titled=titled):
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
        _open_decks(page, pending, last_small)


def _title(page: _Page, body: int) -> int:
    """Mark the title and what stands before it; the index of the first line after it."""
    for i in range(min(body, 20)):
        if not page.open(i):
            continue
        line = page.lines[i]
        after = next((j for j in range(i + 1, body) if page.open(j)), None)
        if after is not None and _small_print(page, i, [], titled=False):
            page.mark(i, BOILERPLATE)
            continue
        if not _is_title(page, line, page.lines[after] if after is not None else None):
            return i
        page.title, outlet = _without_outlet(line.text)
        page.note("outlet", outlet, 3)
        page.mark(i, HEADLINE)
        while i + 1 < body and line.text.endswith((";", ",")) and page.open(i + 1) and not page.lines[i + 1].gap:
            i += 1  # noqa: PLW2901
            line = page.lines[i]
            page.mark(i, HEADLINE)
            page.title += " " + line.text
        return i + 1
    return body


def _is_title(page: _Page, line: Line, after: Line | None) -> bool:
    text = line.text
    if len(text) > 300 or line.words > 35 or ln.dateline(text) != (None, None) or not re.search(r"[^\W\d_]{2}", text):
        return False
    if after is None:
        return not line.ended
    if not text.endswith(".") or text.endswith(("...", "U.S.", "U.N.", "U.K.")):
        return not text.endswith(":")
    # A sentence is a title only where small print or capitals show it.
    words = [word for word in text.split() if word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    shown = ln.stamp(after.text) or ln.byline(after.text) or capitals > 0.7 * len(words)
    return line.words <= 20 and ". " not in text and bool(shown)


def _without_outlet(title: str) -> tuple[str, str | None]:
    """A title without the outlet that follows it after a bar or dash ("... | Lake Courier")."""
    for mark in (" | ", " – ", " — ", " - "):
        head, _, tail = title.rpartition(mark)
        if head and len(head.split()) >= 3 and ln.is_outlet(tail):
            return head.strip(), tail.strip()
    return title, None


def _repeats(line: Line, title: str) -> bool:
    """Whether a line is the title again, as captions made from file names are."""
    if line.words > 40:
        return False
    ours, theirs = set(_tokens(line.text)), set(_tokens(title))
    if line.text.endswith("."):
        return ours == theirs
    return len(theirs) >= 3 and len(ours & theirs) >= 0.8 * len(ours | theirs)


def _small_print(page: _Page, at: int, pending: list[int], *, titled: bool) -> bool:
    """Whether a line of the head is date line, by-line, outlet or section; what it says is noted."""
    line = page.lines[at]
    if line.words > 25:
        return False
    text = line.text
    small = ln.stamp(text)
    if small:
        page.note("published", small.published, 1)
        page.note("published", small.updated, 2)
        for name in small.rest:
            _note_name(page, name, text)
        return True
    named = ln.byline(text)
    if named:
        page.note("author", named.author, 1)
        page.note("outlet", named.outlet, 2)
        return True
    if ln.is_kicker(text):
        return titled or line.words <= 3
    plain = _plain_outlet(text)
    if ln.is_outlet(plain):
        page.note("outlet", plain, 1)
        return True
    return titled and _bare_name(page, at, pending)


def _note_name(page: _Page, name: str, text: str) -> None:
    """A name beside a date: an outlet by its form, a person after "By" or between bars; else a place."""
    named = ln.byline(name)
    if named:
        page.note("author", named.author, 1)
        page.note("outlet", named.outlet, 2)
    elif ln.is_outlet(_plain_outlet(name)):
        page.note("outlet", _plain_outlet(name), 1)
    elif ln.byline(name, bare=True) and re.search(rf"[|•·]\s*{re.escape(name)}|{re.escape(name)}\s*[|•·]", text):
        page.note("author", ln.byline(name, bare=True).author, 2)  # type: ignore[union-attr]


def _bare_name(page: _Page, at: int, pending: list[int]) -> bool:
    """Whether a line of the head is the author's name, or one word such as a place or an outlet, without "By"."""
    text = page.lines[at].text
    near = [i for i in (at - 1, at + 1) if 0 <= i < len(page.lines)]
    beside = any(ln.stamp(page.lines[i].text) or ln.byline(page.lines[i].text) for i in near)
    if len(text.split()) == 1:
        return text[:1].isupper() and text.isalpha() and (beside or not pending)
    named = ln.byline(text, bare=True)
    following = next((page.lines[i] for i in range(at + 1, len(page.lines)) if page.open(i)), None)
    alone = len(pending) <= 1 and following is not None and following.ended and following.words > 8
    if not named or not (beside or alone):
        return False
    page.note("author", named.author, 1)
    page.note("outlet", named.outlet, 2)
    return True


def _may_be_deck(page: _Page, line: Line, pending: list[int]) -> bool:
    """Whether a line below the title could be subtitle or standfirst, if small print should follow."""
    sentences = sum(page.lines[i].ended and page.lines[i].text[0] not in "•-–*●▪" for i in pending)
    return line.words <= 75 and len(pending) < 5 and (not line.ended or sentences == 0 or line.text[0] in "•-–*●▪")


def _open_decks(page: _Page, pending: list[int], last_small: int | None) -> None:
    """Subtitle or standfirst after the last small print, or below a title without any: only where its form shows it."""
    later = [line for i, line in enumerate(page.lines) if page.open(i) and i not in pending[:1]]
    spaced = sum(line.gap for line in later) > 0.6 * len(later) and len(later) >= 2
    for i in pending[:2]:
        line = page.lines[i]
        after = next((page.lines[j] for j in range(i + 1, len(page.lines)) if page.open(j)), None)
        if after is None or line.words > 40:
            return
        heading = not line.ended and line.words >= 4 and line.text[-1] not in ",;" and any(other.ended for other in later)
        attached = last_small is not None and i == last_small + 1 and not line.gap and spaced
        caption = i + 1 < len(page.lines) and page.kinds[i + 1] == BOILERPLATE and not page.lines[i + 1].gap
        alike = any(_alike(line, other) for other in later[:6])
        one_sentence = not re.search(r"[.!?][\"”’']?\s+[A-Z“\"]", line.text)
        if heading or (attached and one_sentence and (caption or alike) and (caption or after.gap)):
            page.mark(i, HEADLINE)
        else:
            return


def _alike(line: Line, other: Line) -> bool:
    ours, theirs = set(_tokens(line.text)), set(_tokens(other.text))
    return len(ours) >= 6 and len(ours & theirs) >= 0.7 * len(ours | theirs)


# --- the foot of the page -----------------------------------------------------------------------------------------------


def _tail(page: _Page) -> None:
    """Date lines, by-lines and sources at the foot; date lines with a label ("Updated 2 hours ago") anywhere."""
    at_foot = True
    for i in range(len(page.lines) - 1, 0, -1):
        line = page.lines[i]
        if not page.open(i) or line.words > 25:
            at_foot = at_foot and not page.open(i)
            continue
        small = ln.stamp(line.text)
        if small and (at_foot or (not small.rest and re.search(r"(?i)[a-z]{3,}ed\b|date|\bago\b|\bread\b", line.text))):
            page.mark(i, BOILERPLATE)
            page.note("published", small.published, 3 if at_foot else 7)
            page.note("published", small.updated, 4 if at_foot else 7)
            continue
        named = ln.byline(line.text.strip("()[]—– "))
        if named and (at_foot or line.words <= 8):
            page.mark(i, BOILERPLATE)
            page.note("author", named.author, 2)
            page.note("outlet", named.outlet, 4)
            continue
        source = ln.source_named(line.text) if at_foot else None
        if source:
            page.mark(i, BOILERPLATE)
            page.note("outlet", source, 4)
            continue
        at_foot = False


def _dateline(page: _Page) -> None:
    """Agency and date of the dateline with which the first paragraph of the body may begin."""
    first = next((line for i, line in enumerate(page.lines) if page.kinds[i] in (None, BODY)), None)
    if first:
        agency, day = ln.dateline(first.text)
        page.note("outlet", agency, 6)
        page.note("published", day, 4)


# --- zones ---------------------------------------------------------------------------------------------------------------


def _result(page: _Page, text: str, title: str | None) -> Layout:
    zones: list[Zone] = []
    for line, kind in zip(page.lines, page.kinds, strict=True):
        kind = kind or BODY  # noqa: PLW2901
        if kind == BODY and zones and zones[-1].kind == BODY:
            zones[-1] = zones[-1]._replace(end=line.end)
        else:
            zones.append(Zone(line.start, line.end, kind))
    values = {name: page.best(name) for name in ("outlet", "author", "url", "published")}
    outlet, author, url, day = (values[name] for name in ("outlet", "author", "url", "published"))
    return Layout(
        title or page.title,
        str(outlet) if outlet else None,
        str(author) if author else None,
        str(url) if url else None,
        day if isinstance(day, date) else None,
        zones,
    )
