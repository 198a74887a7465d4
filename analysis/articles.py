"""Stored tables -> one page for each article: its text with the words of every statement and event marked, each by its name.

Articles are read one after the other and their rows beside them, so that memory does not grow with the corpus, and only
pages whose article or rows changed are written again.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import tempfile
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from markupsafe import Markup

from analysis.counts import span_label
from analysis.findings import many, one_line, visible
from analysis.folder import full_disk_explained, place
from analysis.links import PAGE_NAME, RECORD, Shelf, anchor, page_name, read_shelf, sizes_in, table_hashes
from analysis.manifest import VERSION
from analysis.pages import Press
from analysis.schema import DATES
from analysis.show import BASIS, LINK, box_html, marked, text_html

TEMPORARY = ".new-"
BATCH = 250  # rows decoded at a time
SAVE_AFTER = 1_000  # pages between two writings of the record
READ_AGAIN = 5  # times, where another run replaced the tables meanwhile
ROLES = ("source", "cue", "content")
# Which mark wins where several of one length begin at the same place.
RANK = {role: number for number, role in enumerate(("source", "cue", "trigger", "actor", "recipient", "content"))}
PUBLISHED = {"researcher": "researcher\u2019s date", "record": "from its record", "text": "from its text", "none": ""}
FOUND = {"pronoun": "a pronoun", "role": "a role", "implied": "the words around it"}
ARTICLE_COLUMNS = (
    "article_id", "path", "sha256", "title", "outlet", "author", "url", "language", "published", "published_basis",
    "reference_date", "reference_basis", "text", "zones", "n_words", "metadata_note",
)  # fmt: skip
STATEMENT_COLUMNS = (
    "statement_id", "article_id", "start", *(f"{role}_spans" for role in ROLES), "speaker", "speaker_basis", "country",
    "affiliation", "via", "quote_type", "act", "negated", "parent_id", *DATES, "place", "addressee", "confidence", "review",
)  # fmt: skip
EVENT_COLUMNS = (
    "event_id", "article_id", "statement_id", "start", "trigger_spans", "type", "quad_class", "actors", "recipients",
    "actor_spans", "recipient_spans", "countries", "status", *DATES, "place", "object", "event_key", "confidence", "review",
)  # fmt: skip
Row = dict[str, Any]


class Pages(NamedTuple):
    """What became of the article pages: how many were written, were up to date, were taken away; what went wrong, by article.

    >>> print(Pages(2, 1, 0, {}))
    2 made, 1 up to date
    """

    made: int
    kept: int
    removed: int
    failed: dict[str, str]

    def __str__(self) -> str:
        parts = [f"{self.made:,} made"] if self.made else []
        parts += [f"{self.kept:,} up to date"] if self.kept or not self.made else []
        parts += [f"{self.removed:,} taken away"] if self.removed else []
        return ", ".join(parts)


def write_article_pages(tables: str | Path, folder: str | Path, *, look: str) -> Pages:
    """Write the page of every article that has none, or whose article or rows changed; take away those of articles gone.

    Args:
        tables: folder of stored tables.
        folder: of the pages; the reports lie in the folder above it.
        look: hash of the code: pages made with another one are made again.

    Returns:
        How many pages were written, kept and taken away, and which failed.

    Raises:
        StoreError: the disk is full.

    A page is replaced as a whole. The caller keeps other runs out. Rows of an article that is not in the articles table
    are not shown.
    """
    folder, tables = Path(folder), Path(tables)
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{TEMPORARY}*"):
        left.unlink(missing_ok=True)
    with full_disk_explained(folder):
        return _write_all(tables, folder, look, read_shelf(folder).pages)


def _write_all(tables: Path, folder: Path, look: str, old: Mapping[str, tuple[str, int]]) -> Pages:
    press, sizes = Press("article", script="article.js"), sizes_in(folder)
    pages: dict[str, tuple[str, int]] = {}
    failed: dict[str, str] = {}
    made = kept = 0
    hashes, articles = _articles(tables)
    for article, rows in articles:
        name = page_name(article["article_id"])
        key = hashlib.sha256(json.dumps([look, article, rows], default=str).encode(errors="surrogatepass")).hexdigest()[:32]
        if name in old and old[name] == (key, sizes.get(name)):
            pages[name] = old[name]
            kept += 1
            continue
        try:
            page = article_html(article, *rows, press=press)
        except Exception as error:  # noqa: BLE001 - one odd article must not cost the others their pages
            failed[article["article_id"]] = f"{type(error).__name__}: {error}"
            pages |= {name: ("", old[name][1])} if name in old else {}
            continue
        pages[name] = (key, _write(folder / name, page))
        made += 1
        if made % SAVE_AFTER == 0:
            # A run that is killed goes on from here; what it did not come to is still recorded as it was.
            _save(folder, Shelf(pages={**old, **pages}))
    _save(folder, Shelf("" if failed else look, hashes, pages))
    gone = [name for name in old if name not in pages and PAGE_NAME.fullmatch(name)]
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return Pages(made, kept, len(gone), failed)


def _save(folder: Path, record: Shelf) -> None:
    _write(folder / RECORD, record.to_json())
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _write(path: Path, text: str) -> int:
    """Replace a file as a whole; its size in bytes. One that a power cut loses is made again, so each needs no waiting."""
    number, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - from a file number
            size = file.write(text.encode())
        os.chmod(name, 0o644)  # noqa: PTH101
        os.replace(name, path)  # noqa: PTH105
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return size


# ------------------------------------------------------------------ reading articles with their rows


Rows = tuple[list[Row], list[Row], list[Row]]


def _articles(tables: Path) -> tuple[dict[str, str], Iterator[tuple[Row, Rows]]]:
    """SHA-256 by table, and every article with its (statements, events, problems), all of one generation of the tables."""
    for _ in range(READ_AGAIN):
        hashes = table_hashes(tables)
        files = {n: pq.ParquetFile(place(tables, f"{n}.parquet")) for n in ("articles", "statements", "events", "problems")}
        if hashes == table_hashes(tables):
            break
    return hashes, _with_rows(**files)


def _with_rows(
    articles: pq.ParquetFile, statements: pq.ParquetFile, events: pq.ParquetFile, problems: pq.ParquetFile
) -> Iterator[tuple[Row, Rows]]:
    order = {article_id: number for number, article_id in enumerate(_column(articles, "article_id"))}
    said, happened = _Beside(statements, STATEMENT_COLUMNS, order), _Beside(events, EVENT_COLUMNS, order)
    odd: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(problems, ("article_id", "path", "stage", "reason", "detail")):
        if row["article_id"] is not None:
            odd[row["article_id"]].append(row)
    for article in _rows(articles, ARTICLE_COLUMNS):
        key = article["article_id"]
        yield article, (said.of(key), happened.of(key), odd.get(key, []))


def _rows(file: pq.ParquetFile, columns: Sequence[str]) -> Iterator[Row]:
    for batch in file.iter_batches(batch_size=BATCH, columns=list(columns)):
        yield from batch.to_pylist()


def _column(file: pq.ParquetFile, name: str) -> Iterator[str]:
    for batch in file.iter_batches(columns=[name]):
        yield from batch.column(0).to_pylist()


class _Beside:
    """The rows of a table, article by article, while the articles are gone through in their own order.

    Extraction writes all tables in one order, and they are then read once, side by side. A table in another order is
    held in memory as a whole.
    """

    def __init__(self, file: pq.ParquetFile, columns: Sequence[str], order: Mapping[str, int]) -> None:
        places = [order.get(key, -1) for key, _ in itertools.groupby(_column(file, "article_id"))]
        self._held: dict[str, list[Row]] | None = None
        if all(a < b for a, b in itertools.pairwise([-1, *places])):
            self._groups = itertools.groupby(_rows(file, columns), key=lambda row: row["article_id"])
            self._take()
        else:
            self._held = defaultdict(list)
            for row in _rows(file, columns):
                self._held[row["article_id"]].append(row)

    def _take(self) -> None:
        key, rows = next(self._groups, (None, ()))
        self._next: tuple[str | None, list[Row]] = (key, list(rows))

    def of(self, article_id: str) -> list[Row]:
        """The rows of an article; ask for articles in their order."""
        if self._held is not None:
            return self._held.get(article_id, [])
        key, rows = self._next
        if key != article_id:
            return []
        self._take()
        return rows


# ------------------------------------------------------------------ a page


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
    who = text_html(row["speaker"]) if row["speaker"] else Markup('<span class="none">not named</span>')
    how = [f"does not {row['act']}" if row["negated"] else row["act"], row["quote_type"]]
    known = {
        "": ", ".join(part for part in (row["affiliation"], row["country"]) if part),
        "to": row["addressee"],
        "in": row["place"],
        "reported by": ", ".join(row["via"]),
        "speaker known by": FOUND.get(row["speaker_basis"]),
    }
    return _note(who, how, row, known, _within(row["parent_id"], names))


def _event(row: Row, names: Mapping[str, str]) -> Markup:
    what = Markup('<span class="type">{}</span>').format(row["type"])
    who, whom = (text_html(", ".join(side)) if side else Markup("") for side in (row["actors"], row["recipients"]))
    does = Markup("{} → {}").format(who, whom) if whom else who
    known = {"": row["quad_class"], "in": row["place"], "about": row["object"]}
    return _note(
        Markup("{} {}").format(what, does) if does else what, [row["status"]], row, known, _within(row["statement_id"], names)
    )


def _within(statement_id: str | None, names: Mapping[str, str]) -> Markup:
    if statement_id is None or statement_id not in names:
        return Markup("")
    name = names[statement_id]
    return Markup(' · within <a href="#n-{}">statement {}</a>').format(name, name[1:])


def _note(head: Markup, how: Sequence[str], row: Row, known: Mapping[str, str | None], within: Markup) -> Markup:
    when = ""
    if row["date_start"] is not None or row["date_end"] is not None:
        basis = row["date_text"] if row["date_basis"] == "resolved" and row["date_text"] else BASIS.get(row["date_basis"], "")
        when = span_label(row["date_start"], row["date_end"]) + (f" ({basis})" if basis else "")
    more = [f"{label} {value}".strip() for label, value in known.items() if value]
    parts = [*how, *([when] if when else []), *more, f"confidence {row['confidence']:.2f}"]
    said = Markup(" · ").join(text_html(part) for part in parts)
    return Markup('<b>{}</b> <span class="how">{}{}</span>').format(head, said, within)


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
            [(row.name, row.anchor, _number(row), row.note) for row in begun[number]],
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
    parts: list[Markup] = []
    over: set[int] = set()
    cuts = sorted({start, end, *opens, *closes, *refs})
    for a, b in zip(cuts, [*cuts[1:], end], strict=True):
        over.difference_update(closes[a])
        over.update(opens[a])
        parts += [_reference(row) for row in refs[a]]
        if a < b:
            parts.append(_piece(marked(text, a, b, ()), [marks[number] for number in over]))
    return Markup("").join(parts)


def _reference(row: Numbered) -> Markup:
    kind, what = row.name[0], "Statement" if row.name[0] == "s" else "Event"
    return Markup('<a class="ref {}" id="{}" href="#n-{}" aria-label="{} {}">{}</a>').format(
        kind, row.anchor, row.name, what, row.name[1:], _number(row)
    )


def _number(row: Numbered) -> str:
    return row.name[1:] if row.name[0] == "s" else row.name.upper()


def _piece(words: Markup, over: Iterable[tuple[int, int, str, str]]) -> Markup:
    over = sorted(over, key=lambda mark: (mark[1] - mark[0], RANK[mark[2]]))
    if not over:
        return words
    names = " ".join(sorted({mark[3] for mark in over}))
    return Markup('<mark class="{}" data-of="{}">{}</mark>').format(over[0][2], names, words)
