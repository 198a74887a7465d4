"""The articles of a run and the rows found in them, on disk: memory stays flat, and a later run need not find them again.

Two SQLite files. `.cache.sqlite` stays beside the tables: one entry an article, its key a hash of everything its rows depend
on. The other is the run's own and goes with it: the articles in order, and the problems.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
import time
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from analysis.schema import DATE, TABLES

NAME = ".cache.sqlite"
COMMIT_SECONDS = 2.0
# Columns of an article that bear on none of its rows: a change there costs no new extraction.
APART = ("path", "format", "sha256", "url", "n_words", "metadata_note")
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
Row = dict[str, Any]

logger = logging.getLogger(__name__)


def pack(rows: dict[str, list[Row]]) -> bytes:
    """The rows of some tables as compressed JSON.

    >>> unpack(pack({"statements": [{"statement_id": "a-s0", "date_start": date(2020, 2, 29)}]}))
    {'statements': [{'statement_id': 'a-s0', 'date_start': datetime.date(2020, 2, 29)}]}
    """
    return zlib.compress(to_json(rows).encode(), 1)


def unpack(payload: bytes) -> dict[str, list[Row]]:
    """The rows that `pack` made into bytes; raises ValueError where these are damaged."""
    try:
        stored = json.loads(zlib.decompress(payload))
    except zlib.error as error:
        raise ValueError(str(error)) from error
    return {name: [_with_dates(row, name) for row in rows] for name, rows in stored.items()}


def unpack_safely(payload: bytes | None) -> dict[str, list[Row]] | None:
    """The rows that `pack` made into bytes, None where these are damaged or missing."""
    try:
        return unpack(payload or b"")
    except ValueError:
        return None


def to_json(value: Any) -> str:
    """Rows as JSON, dates as ISO days."""
    return json.dumps(value, ensure_ascii=False, default=date.isoformat, separators=(",", ":"))


def _with_dates(row: Row, name: str) -> Row:
    for key, column in TABLES[name].items():
        if column.kind == DATE and row.get(key) is not None:
            row[key] = date.fromisoformat(row[key])
    return row


def key_of(article: Row, made_with: str) -> bytes:
    """The key of an article's rows: a hash of the article and of what they are made with (versions, authority file)."""
    parts = {key: article.get(key) for key in TABLES["articles"] if key not in APART}
    return hashlib.sha256(to_json([made_with, parts]).encode()).digest()


class Entry(NamedTuple):
    """An article of the run with its rows by table. They are `lost` where they were kept and cannot be read any more."""

    article: Row
    rows: dict[str, list[Row]]
    lost: bool


class Cache:
    """The articles of one run, the problems met, and the rows of each article, kept for later runs.

    Args:
        folder: the tables' folder, which the caller has locked.
        passing: a folder for the run's own file.

    A cache that is damaged is set aside under another name, with a warning in the log: then every article is done again.
    """

    def __init__(self, folder: Path, passing: Path) -> None:
        self._path = folder / NAME
        self._passing = passing / "articles.sqlite"
        self._committed = time.monotonic()
        self._damaged: list[tuple[bytes]] = []

    def __enter__(self) -> Cache:
        try:
            self._database = self._open()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) not in DAMAGED:
                raise
            aside = self._path.with_name(NAME + ".damaged")
            self._path.replace(aside)
            self._path.with_name(NAME + "-journal").unlink(missing_ok=True)
            logger.warning("the cache %s is damaged and was moved to %s; every article is done again", self._path, aside.name)
            self._database = self._open()
        return self

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path)
        try:
            if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("quick_check")
            database.execute("CREATE TABLE IF NOT EXISTS found (key BLOB PRIMARY KEY, payload BLOB NOT NULL)")
            database.execute("SELECT key, payload FROM found LIMIT 1")
            database.execute("ATTACH ? AS run", (str(self._passing),))
            database.execute("PRAGMA run.journal_mode = OFF")
            database.execute("PRAGMA run.synchronous = OFF")
            database.execute(
                "CREATE TABLE run.articles (article_id TEXT PRIMARY KEY, key BLOB, n_words INTEGER, row TEXT NOT NULL)"
            )
            database.execute("CREATE TABLE run.problems (place INTEGER PRIMARY KEY, row TEXT NOT NULL)")
        except BaseException:
            database.close()
            raise
        return database

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if not isinstance(error, sqlite3.Error):
                self._database.commit()
        finally:
            self._database.close()

    def add_article(self, article: Row, key: bytes | None) -> bool:
        """Add an article to the run, without a key where no rows are to be found; False where its id is taken."""
        added = self._database.execute(
            "INSERT OR IGNORE INTO run.articles VALUES (?, ?, ?, ?)",
            (article["article_id"], key, article["n_words"], to_json(article)),
        )
        return added.rowcount == 1

    def add_problem(self, problem: Row) -> None:
        """Add a row to the run's problems."""
        self._database.execute("INSERT INTO run.problems (row) VALUES (?)", (to_json(problem),))

    def add_rows(self, article_id: str, payload: bytes) -> None:
        """Keep the packed rows of an article; every few seconds they are made safe against an end of the program."""
        self._database.execute(
            "INSERT OR REPLACE INTO found SELECT key, ? FROM run.articles WHERE article_id = ?", (payload, article_id)
        )
        if time.monotonic() - self._committed > COMMIT_SECONDS:
            self._database.commit()
            self._committed = time.monotonic()

    def give_up(self, article_id: str) -> None:
        """Find no rows of this article in this run."""
        self._database.execute("UPDATE run.articles SET key = NULL WHERE article_id = ?", (article_id,))

    def to_do(self) -> dict[str, int]:
        """Ids of the articles whose rows are to be found and are not known, in order, with their numbers of words."""
        query = (
            "SELECT article_id, n_words FROM run.articles AS a WHERE key IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM found WHERE found.key = a.key) ORDER BY article_id"
        )
        return dict(self._database.execute(query))

    def article(self, article_id: str) -> Row:
        """One article of the run."""
        (row,) = self._database.execute("SELECT row FROM run.articles WHERE article_id = ?", (article_id,)).fetchone()
        return _with_dates(json.loads(row), "articles")

    def ids(self) -> list[str]:
        """Ids of all articles of the run, in order."""
        return [
            article_id for (article_id,) in self._database.execute("SELECT article_id FROM run.articles ORDER BY article_id")
        ]

    def problems(self) -> Iterator[Row]:
        """The problems in the order in which they were added."""
        for (row,) in self._database.execute("SELECT row FROM run.problems ORDER BY place"):
            yield _with_dates(json.loads(row), "problems")

    def entries(self) -> Iterator[Entry]:
        """The articles sorted by id, each with its rows."""
        query = "SELECT row, key, payload FROM run.articles LEFT JOIN found USING (key) ORDER BY article_id"
        for row, key, payload in self._database.execute(query):
            rows = unpack_safely(payload) if key is not None else {}
            if rows is None:
                self._damaged.append((key,))
            yield Entry(_with_dates(json.loads(row), "articles"), rows or {}, rows is None)

    def prune(self) -> None:
        """Forget rows that `entries` found damaged and those of articles outside this run; shrink a file that is half empty."""
        self._database.executemany("DELETE FROM found WHERE key = ?", self._damaged)
        self._database.execute("DELETE FROM found WHERE key NOT IN (SELECT key FROM run.articles WHERE key IS NOT NULL)")
        self._database.commit()
        (free,), (pages,) = (
            self._database.execute(f"PRAGMA main.{name}").fetchone() for name in ("freelist_count", "page_count")
        )
        if free * 2 > pages:
            self._database.execute("VACUUM main")
