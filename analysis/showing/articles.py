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
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.folder import full_disk_explained, place
from analysis.schema import DATES
from analysis.showing.article_page import ROLES, Row, article_html
from analysis.showing.links import PAGE_NAME, RECORD, Shelf, page_name, read_shelf, sizes_in, table_hashes
from analysis.showing.pages import Press

TEMPORARY = ".new-"
BATCH = 250  # rows decoded at a time
SAVE_AFTER = 1_000  # pages between two writings of the record
READ_AGAIN = 5  # times, where another run replaced the tables meanwhile
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
        pages = _write_all(tables, folder, look, read_shelf(folder).pages)
    pa.default_memory_pool().release_unused()  # notebooks are about to need it
    return pages


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
