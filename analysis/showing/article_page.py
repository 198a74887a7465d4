"""One article and its rows -> its page: the whole text, the words of every statement and event marked, each by its name.

Pieces of HTML are plain strings here. Whatever comes from an article goes through `coded` of markup.py on its way into one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup

from analysis.counts import span_label
from analysis.findings import many, one_line, visible
from analysis.manifest import VERSION
from analysis.showing.links import anchor
from analysis.showing.markup import box_html, coded, text_html
from analysis.showing.pages import Press
from analysis.showing.rows import BASIS, LINK

ROLES = ("source", "cue", "content")
# Which mark wins where several of one length begin at the same place.
RANK = {role: number for number, role in enumerate(("source", "cue", "trigger", "actor", "recipient", "content"))}
PUBLISHED = {"researcher": "researcher\u2019s date", "record": "from its record", "text": "from its text", "none": ""}
FOUND = {"pronoun": "a pronoun", "role": "a role", "implied": "the words around it"}
NOT_NAMED = '<span class="none">not named</span>'
Row = dict[str, Any]


def article_html(
    article: Row, statements: Sequence[Row], events: Sequence[Row], problems: Sequence[Row], *, press: Press
) -> str:
    """The page of an article.

    Args:
        article, statements, events, problems: its rows as dictionaries, dates as `datetime.date`.
        press: fills the template.

    Returns:
        The page as HTML.
    """
    title = one_line(article["title"] or article["article_id"], limit=300)
    numbered = _numbered(statements, events)
    lead = [article["outlet"], _day(article["published"]), article["author"]]
    counts = [many(len(statements), "statement"), many(len(events), "event")]
    return press.page(
        title=title,
        lead=" · ".join(one_line(part) for part in lead if part),
        counts=f"{counts[0]} and {counts[1]}",
        about=_about(article),
        paragraphs=_paragraphs(article["text"], article["zones"], numbered),
        problems=[(visible(row["reason"]), visible(row["detail"] or ""), row["stage"]) for row in problems],
        provenance=_provenance(article),
        has_events=bool(events),
        has_statements=bool(statements),
    )


def _day(day: date | None) -> str:
    return span_label(day, day) if day is not None else ""


def _about(article: Row) -> Markup:
    url = article["url"]
    items: dict[str, object] = {"Outlet": article["outlet"] or "unknown", "Published": _dated(article, "published")}
    if article["reference_date"] is not None and article["reference_date"] != article["published"]:
        items["Dates counted from"] = f"{_day(article['reference_date'])} ({article['reference_basis']})"
    items |= {"Author": article["author"]} if article["author"] else {}
    if url:
        named = text_html(url)
        safe = LINK.fullmatch(url) is not None
        items["Address"] = Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(url, named) if safe else named
    items |= {"Words": f"{article['n_words']:,}", "Language": article["language"] or "unknown"}
    items |= {"Note": article["metadata_note"]} if article["metadata_note"] else {}
    return box_html("The article", items, kind="about")


def _dated(article: Row, name: str) -> str:
    basis = PUBLISHED.get(article[f"{name}_basis"], "")
    return (_day(article[name]) or "unknown") + (f" ({basis})" if basis else "")


def _provenance(article: Row) -> Markup:
    items = {"File": article["path"], "Article": article["article_id"], "Article, hash": article["sha256"][:16]}
    return box_html("This page", items | {"Code": f"Attest {VERSION}"}, kind="provenance")


# ------------------------------------------------------------------ rows and their marks


class Numbered(NamedTuple):
    """A statement or event with its number in the page: `name` is s1 or e1, `spans` are (start, end, role)."""

    name: str
    anchor: str
    start: int
    spans: list[tuple[int, int, str]]
    note: Markup

    @property
    def number(self) -> str:
        """As a reader sees it: 1 or E1."""
        return self.name[1:] if self.name[0] == "s" else self.name.upper()


def _numbered(statements: Sequence[Row], events: Sequence[Row]) -> list[Numbered]:
    names = {row["statement_id"]: f"s{number}" for number, row in enumerate(_in_order(statements), 1)}
    found = []
    for row in _in_order(statements):
        spans = [(a, b, role) for role in ROLES for a, b in row[f"{role}_spans"]]
        found.append(
            Numbered(names[row["statement_id"]], anchor(row["statement_id"]), row["start"], spans, _statement(row, names))
        )
    for number, row in enumerate(_in_order(events), 1):
        spans = [(a, b, "trigger") for a, b in row["trigger_spans"]]
        spans += [
            (a, b, role) for role in ("actor", "recipient") for mention in row[f"{role}_spans"] for a, b in _pairs(mention)
        ]
        found.append(Numbered(f"e{number}", anchor(row["event_id"]), row["start"], spans, _event(row, names)))
    return sorted(found, key=lambda row: row.start)


def _pairs(mention: Sequence[Any]) -> list[tuple[int, int]]:
    """The pieces of one mention, which is one pair of offsets or a list of pairs."""
    if len(mention) == 2 and all(isinstance(side, int) for side in mention):
        return [(mention[0], mention[1])]
    return [(a, b) for a, b in mention]


def _in_order(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["start"], -row.get("end", 0)))


def _statement(row: Row, names: Mapping[str, str]) -> Markup:
    """What stands beside the text: who, how, when, and what is known beyond."""
    how = [f"does not {row['act']}" if row["negated"] else row["act"], row["quote_type"]]
    known = {
        "": ", ".join(part for part in (row["affiliation"], row["country"]) if part),
        "to": row["addressee"],
        "in": row["place"],
        "reported by": ", ".join(row["via"]),
        "speaker known by": FOUND.get(row["speaker_basis"]),
    }
    return _note(_safe(row["speaker"]) or NOT_NAMED, how, row, known, _within(row["parent_id"], names))


def _event(row: Row, names: Mapping[str, str]) -> Markup:
    who, whom = (_safe(", ".join(side)) for side in (row["actors"], row["recipients"]))
    head = f'<span class="type">{_safe(row["type"])}</span> {who}{f" → {whom}" if whom else ""}'.rstrip()
    known = {"": row["quad_class"], "in": row["place"], "about": row["object"]}
    return _note(head, [row["status"]], row, known, _within(row["statement_id"], names))


def _within(statement_id: str | None, names: Mapping[str, str]) -> str:
    name = names.get(statement_id or "")
    return f' · within <a href="#n-{name}">statement {name[1:]}</a>' if name else ""


def _note(head: str, how: Sequence[str], row: Row, known: Mapping[str, str | None], within: str) -> Markup:
    when = ""
    if row["date_start"] is not None or row["date_end"] is not None:
        basis = row["date_text"] if row["date_basis"] == "resolved" and row["date_text"] else BASIS.get(row["date_basis"], "")
        when = span_label(row["date_start"], row["date_end"]) + (f" ({basis})" if basis else "")
    more = [f"{label} {value}".strip() for label, value in known.items() if value]
    said = " · ".join(_safe(part) for part in [*how, when, *more, f"confidence {row['confidence']:.2f}"] if part)
    # Every part is safe.
    return Markup(f'<b>{head}</b> <span class="how">{said}{within}</span>')


def _safe(text: str | None) -> str:
    """Text from anywhere as HTML; pages are put together from thousands of such pieces, for which Markup is too slow."""
    return f"<bdi>{coded(text)}</bdi>" if text else ""


# ------------------------------------------------------------------ the text


class Paragraph(NamedTuple):
    """One line of the text: its zone, its words with marks, and (name, anchor, number, note) of the rows that begin in it."""

    zone: str
    words: Markup
    notes: list[tuple[str, str, str, Markup]]


def _paragraphs(text: str, zones: Sequence[Mapping[str, Any]], rows: Sequence[Numbered]) -> list[Paragraph]:
    lines = _lines(text)
    starts = [a for a, _ in lines]
    marks: dict[int, list[tuple[int, int, str, str]]] = defaultdict(list)
    begun: dict[int, list[Numbered]] = defaultdict(list)
    for row in rows:
        begun[max(bisect_right(starts, row.start) - 1, 0)].append(row)
        for a, b, role in row.spans:
            for number in range(max(bisect_right(starts, a) - 1, 0), bisect_right(starts, max(b - 1, a))):
                start, end = max(a, lines[number][0]), min(b, lines[number][1])
                if start < end:
                    marks[number].append((start, end, role, row.name))
    return [
        Paragraph(
            _zone(a, b, zones),
            _line(text, a, b, marks[number], begun[number]),
            [(row.name, row.anchor, row.number, row.note) for row in begun[number]],
        )
        for number, (a, b) in enumerate(lines)
    ]


def _lines(text: str) -> list[tuple[int, int]]:
    """(start, end) of every line that holds words."""
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare:
            start = at + line.index(bare[0])
            found.append((start, start + len(bare)))
        at += len(line)
    return found


def _zone(start: int, end: int, zones: Sequence[Mapping[str, Any]]) -> str:
    """The zone that holds most of a line."""
    shares = [(min(end, zone["end"]) - max(start, zone["start"]), zone["kind"]) for zone in zones]
    most, kind = max(shares, default=(0, "body"), key=lambda pair: pair[0])
    return kind if most > 0 else "body"


def _line(text: str, start: int, end: int, marks: Sequence[tuple[int, int, str, str]], begun: Sequence[Numbered]) -> Markup:
    """A line cut wherever a mark begins or ends: each piece is marked by the shortest mark over it, and named by all."""
    opens: dict[int, list[int]] = defaultdict(list)
    closes: dict[int, list[int]] = defaultdict(list)
    refs: dict[int, list[Numbered]] = defaultdict(list)
    for number, (a, b, _, _) in enumerate(marks):
        opens[a].append(number)
        closes[b].append(number)
    for row in begun:
        refs[min(max(row.start, start), end)].append(row)
    parts: list[str] = []
    over: set[int] = set()
    cuts = sorted({start, end, *opens, *closes, *refs})
    for a, b in zip(cuts, [*cuts[1:], end], strict=True):
        over.difference_update(closes[a])
        over.update(opens[a])
        parts += [_reference(row) for row in refs[a]]
        if a < b:
            parts.append(_piece(coded(text[a:b]), [marks[number] for number in over]))
    return Markup("".join(parts))


def _reference(row: Numbered) -> str:
    kind, what = row.name[0], "Statement" if row.name[0] == "s" else "Event"
    label = f'aria-label="{what} {row.name[1:]}"'
    return f'<a class="ref {kind}" id="{row.anchor}" href="#n-{row.name}" {label}>{row.number}</a>'


def _piece(words: str, over: Sequence[tuple[int, int, str, str]]) -> str:
    if not over:
        return words
    shortest = min(over, key=lambda mark: (mark[1] - mark[0], RANK[mark[2]]))
    names = " ".join(sorted({mark[3] for mark in over}))
    return f'<mark class="{shortest[2]}" data-of="{names}">{words}</mark>'
