"""Exports of newspaper databases and other texts whose fields have labels: front matter, codes, labelled lines."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from analysis.reading import bylines, datelines, furniture
from analysis.reading.bylines import author_of, words
from analysis.reading.datelines import full_dates
from analysis.reading.lines import BODY, BOILERPLATE, HEADLINE, Line, Page, cut_line

_LABEL = re.compile(r"([A-Za-z][A-Za-z \-]{1,24}?)\s?:(?:\s+|$)")
_MARKER = re.compile(r"(body|full text|fulltext|text|abstract)\s?[:.]?$", re.IGNORECASE)
_BODY_MARKERS = frozenset(("body", "full text", "fulltext"))
_RANKS = {"published": 0, "late": 6, "outlet": 0, "author": 0, "url": 0, "title": 0}
_FRONT = re.compile(r"(---|\+\+\+)[ \t]*\r?\n")
_LONGEST_FRONT = 20_000  # characters
_CODES = {"HD": "title", "BY": "author", "PD": "published", "SN": "outlet", "LP": "body", "TD": "body"}
_CODE = re.compile(r"(HD|BY|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CO|IN|NS|RE|PUB|AN|ART|CR|SE|VOL|IPC|IPD|CLM|RF|CT|DLN)(?:\s+|$)")


@functools.cache
def _labels() -> dict[str, str]:
    fields = ("title", "headline", "author", "published", "late", "outlet", "url", "body", "other")
    return {label: field for field in fields for label in words(f"label of {field}")}


def _label_of(text: str) -> tuple[str, int] | None:
    """The field that a line's label names and the length of the label."""
    marker = _MARKER.match(text)
    if marker:
        return _labels()[marker.group(1).lower()], len(text)
    match = _LABEL.match(text[:40])
    name = _labels().get(match.group(1).lower().replace("-", " ")) if match else None
    return (name, match.end()) if match and name else None


def _note_field(page: Page, name: str, value: str) -> None:
    """Keep what a labelled field says."""
    rank = _RANKS.get(name)
    if rank is None or not value:
        return
    if name in ("published", "late"):
        days = full_dates(value)
        page.note("published", days[0].day if days else None, rank)
    elif name == "author":
        page.note("author", author_of(value), rank)
    elif name == "outlet":
        page.note("outlet", plain_outlet(value), rank)
    elif name == "url":
        page.note("url", value if re.match(r"https?://", value, re.IGNORECASE) else None, rank)
    else:
        page.note(name, value, rank)


def plain_outlet(value: str) -> str:
    """An outlet's name without the place in brackets that databases add.

    >>> plain_outlet("The Meridian Post (Adelaide)")
    'The Meridian Post'
    """
    return re.sub(r"\s*\([^()]{2,40}\)$", "", value).strip(" .;,")


def read_front_matter(page: Page, text: str) -> None:
    """Read the fields between the two --- lines with which a Markdown file may begin, line by line, and mark them."""
    match = _FRONT.match(text)
    mark = re.compile(rf"^{re.escape(match.group(1))}[ \t]*$", re.MULTILINE) if match else None
    end = mark.search(text, match.end(), _LONGEST_FRONT) if match and mark else None
    if not match or not end:
        return
    for row in text[match.end() : end.start()].splitlines():
        key, _, value = row.partition("=" if match.group(1) == "+++" else ":")
        name = _labels().get(key.strip().lower().replace("_", " ").replace("-", " "))
        value = value.strip().strip("\"'[]").strip()
        if name and value and key[:1] not in " \t":
            _note_field(page, name, value)
    page.title = page.title or page.best_text("title")
    inside = sum(line.start < end.end() for line in page.lines)
    whole = page.lines[0]._replace(start=0, end=end.end(), text=text[: end.end()].rstrip())
    page.lines[:inside], page.kinds[:inside] = [whole], [BOILERPLATE]
    first = page.first_open()
    if first is not None and text[: page.lines[first].start].endswith("# "):
        page.mark(first, HEADLINE)


def read_codes(page: Page) -> bool:
    """Read an export in which each field begins with a code of two or three letters (HD, BY, LP); False if it is none."""
    seen = {match.group(1) for line in page.lines if (match := _CODE.match(line.text))}
    if "HD" not in seen or not seen & {"LP", "TD"} or len(seen) < 4:
        return False
    field = ""
    marked: list[tuple[Line, str | None]] = []
    for line, known in zip(page.lines, page.kinds, strict=True):
        match = _CODE.match(line.text)
        value = line.text[match.end() :] if match else line.text
        field = _CODES.get(match.group(1), "other") if match else field
        kind = {"title": HEADLINE, "body": BODY}.get(field, BOILERPLATE)
        if match and value and kind != BOILERPLATE:
            marked += cut_line(line, line.start + match.end(), BOILERPLATE, kind)
        else:
            marked.append((line, known or (BOILERPLATE if match else kind)))
        if match or not page.evidence.get(field):
            _note_field(page, field, value)
    page.lines, page.kinds = [line for line, _ in marked], [kind for _, kind in marked]
    page.title = page.title or page.best_text("title")
    return True


def read_labels(page: Page, is_furniture: Callable[[str], bool]) -> bool:
    """Read an export with labelled lines (BYLINE: ..., BODY:), a database's or one made by hand; False if it is none."""
    labels = [_label_of(line.text) if page.open(i) else None for i, line in enumerate(page.lines)]
    names = {line.text[: label[1]].strip(" :.").lower() for line, label in zip(page.lines, labels, strict=True) if label}
    from_first = len(labels) > 1 and labels[0] and labels[1]
    marked = any(line.text.rstrip(".: ").lower() in _BODY_MARKERS for line in page.lines[:20])
    if len(names) < 3 and not marked and not from_first:
        return False
    _mark_labelled(page, is_mail={"from", "subject"} <= names)
    page.title = page.title or page.best_text("title")
    if any(label and label[0] == "body" for label in labels):
        _read_header(page, is_furniture)
    return True


_SUMMARY = re.compile(r"(?:summary|in\ssummary|highlights?|standfirst|abstract|key\spoints?)\s?:\s+(?=\S)", re.IGNORECASE)


def read_summary(page: Page) -> None:
    """A line "Summary: ..." among the first is a label and a standfirst."""
    for at in range(1, min(12, len(page.lines))):
        match = _SUMMARY.match(page.lines[at].text) if page.open(at) else None
        if match:
            page.split(at, page.lines[at].start + match.end(), BOILERPLATE, HEADLINE)
            return


def _mark_labelled(page: Page, *, is_mail: bool) -> None:
    field, before, after_body = "", "", False
    marked: list[tuple[Line, str | None]] = []
    for line, known in zip(page.lines, page.kinds, strict=True):
        label = None if known else _label_of(line.text)
        if label:
            field, cut = label
            field = "title" if is_mail and line.text.lower().startswith("subject") else field
            after_body = after_body or field == "body"
            value = line.text[cut:].strip()
            if value and field in ("title", "headline", "body"):
                marked += cut_line(line, line.start + cut, BOILERPLATE, BODY if field == "body" else HEADLINE)
            else:
                marked.append((line, BOILERPLATE))
            _note_field(page, field, value)
        elif not known and after_body:
            marked.append((line, BODY if field == "body" else BOILERPLATE))
        else:
            marked.append((line, known or (HEADLINE if before == "abstract" else None)))
        before = line.text[:40].rstrip(".: ").lower()
    page.lines, page.kinds = [line for line, _ in marked], [kind for _, kind in marked]


def _read_header(page: Page, is_furniture: Callable[[str], bool]) -> None:
    """Title and outlet among the unlabelled lines before the body: the outlet before the date, the title first or after it."""
    body = next((i for i, kind in enumerate(page.kinds) if kind == BODY), len(page.lines))
    before: list[int] = []
    after: list[int] = []
    dated = False
    for i in (i for i in range(body) if page.open(i)):
        text = page.lines[i].text
        day = datelines.stamp(text)
        if day or is_furniture(text):
            page.mark(i, BOILERPLATE)
            page.note("published", day and (day.published or day.updated), 1)
            page.note("outlet", furniture.copyright_holder(text) if furniture.is_copyright(text) else None, 5)
            dated = dated or bool(day and day.published)
        else:
            (after if dated else before).append(i)
    title = after[0] if after and len(before) <= 1 else before[0] if before else None
    if dated and before and before[-1] != title and page.lines[before[-1]].words <= 9:
        page.note("outlet", plain_outlet(page.lines[before[-1]].text), 0)
        page.mark(before[-1], BOILERPLATE)
    if page.title is None and title is not None:
        page.title = page.lines[title].text
        page.mark(title, HEADLINE)
    for i in (i for i in (*before, *after) if page.open(i)):
        page.mark(i, HEADLINE if page.lines[i].words >= 4 and not bylines.is_role(page.lines[i].text) else BOILERPLATE)
