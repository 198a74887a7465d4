"""Articles -> tables of who said what: read, find, write; incremental, parallel, and whole or not at all.

`extract` works in memory. `extract_to` streams a corpus of any size into a folder; it keeps the rows of every article
by a hash of all that they depend on, so that a later run finds only those of new and changed articles.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from analysis.folder import RunError, full_disk_explained, locked, was_killed
from analysis.manifest import (
    Manifest,
    WrongUseError,
    hash_inputs,
    hash_of_file,
    is_current,
    project_root,
    read_manifest,
    versions,
)

if TYPE_CHECKING:
    import pandas as pd

    from analysis.across import Corpus
    from analysis.authority import Authority
    from analysis.cache import Cache
    from analysis.schema import Tables
    from analysis.store import TablesWriter

# Modules that need pandas or a model are imported where they are used: a run that has nothing to do is then quick.

MAX_BYTES = 50_000_000
FOUND = ("statements", "events")
# With fewer words, worker processes would take longer to start than they save.
FEW_WORDS = 30_000
# An article may take a minute, and a long one more, before its process is stopped.
SECONDS, SECONDS_A_CHARACTER = 60.0, 1 / 500
REASONS = {
    "failed": "extraction failed",
    "took too long": "extraction took too long",
    "process died": "extraction process died",
}
# What may not happen again when the article is tried again.
LOST = "kept rows were damaged"
PASSING = (REASONS["took too long"], REASONS["process died"], LOST)
Row = dict[str, Any]


class Own(Enum):
    """Which of people's own files to use where none is named: the project's, if it is there."""

    PROJECT = "project"


PROJECT = Own.PROJECT


class Progress(Protocol):
    """What is told how far a run is: the step, how many articles are done, and of how many where that is known."""

    def __call__(self, step: str, done: int, total: int | None) -> None: ...


def _silent(step: str, done: int, total: int | None) -> None:
    """Tell nobody."""


# ------------------------------------------------------------------ in memory


def extract(
    articles: str | Path | pd.DataFrame | Tables,
    *,
    actors: str | Path | Own | None = PROJECT,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Tables:
    """Find who said what in articles, in memory.

    Args:
        articles: a folder, file or pattern of articles; or the articles table; or tables with articles and problems.
        actors: authority file (CSV) with the names of actors; by default data/actors.csv of the project, None for none.
        jobs: number of processes. By default this process for up to 30,000 words, else all cores; a script that starts
            processes must stand under `if __name__ == "__main__":`.
        progress: is told how far the run is.

    Returns:
        Tables: the articles sorted by id, their statements and events in the order of the text, the actors, and the problems.

    Raises:
        WrongUseError: there is no such file. TableError: the articles table is not as declared. RunError: the model is damaged.

    Nothing is kept for a later run; `extract_to` does that. Articles in other languages than English stay without rows. A
    path is read without metadata: for these, use `read_articles`.

    >>> import analysis as an
    >>> tables = an.extract(an.read_articles("seeds/"), actors=None)
    >>> len(tables.articles), tables.statements["zone"].unique().tolist()
    (3, ['headline', 'body'])
    """
    from analysis.across import Corpus
    from analysis.cache import unpack
    from analysis.schema import Tables, check_table, table
    from analysis.store import rows_of

    tell = progress or _silent
    read = _as_tables(articles)
    rows = sorted(rows_of(check_table(read.articles, "articles"), "articles"), key=lambda row: row["article_id"])
    english = [row for row in rows if _is_english(row)]
    found: dict[str, dict[str, list[Row]]] = {}
    problems = {}
    authority = _read_authority(_own_file(actors, "actors.csv"))
    processes = _processes(jobs, len(english), sum(row["n_words"] for row in english))
    with closing(_find_all(english, authority, processes)) as results:
        for done, result in enumerate(results, 1):
            if result.problem is None:
                found[result.article_id] = unpack(result.payload)
            else:
                problems[result.article_id] = result.problem
            tell("finding statements", done, len(english))
    corpus = Corpus(authority, project_root() / "data")
    for row in rows:
        corpus.add(row, found.get(row["article_id"], {}))
    whole = [corpus.rows_of(row["article_id"], found.get(row["article_id"], {})) for row in rows]
    return Tables(
        articles=table("articles", rows),
        **{name: table(name, [row for each in whole for row in each[name]]) for name in FOUND},
        actors=table("actors", corpus.actors()),
        problems=table("problems", [*rows_of(read.problems, "problems"), *(problems[key] for key in sorted(problems))]),
    )


def _as_tables(articles: str | Path | pd.DataFrame | Tables) -> Tables:
    from analysis.schema import Tables

    if isinstance(articles, Tables):
        return articles
    if isinstance(articles, str | Path):
        from analysis.read import read_articles

        return read_articles(articles)
    return Tables(articles=articles)


# ------------------------------------------------------------------ into a folder


class Run(NamedTuple):
    """What a run works on, and how."""

    corpus: str | Path
    out: Path
    metadata: Path | None
    actors: Path | None
    fields: dict[str, str] | None
    max_bytes: int
    jobs: int | None
    tell: Progress

    def made_from(self) -> dict[str, Any]:
        """What the tables depend on."""
        return {
            "corpus": os.path.normpath(self.corpus),
            "inputs": hash_inputs(self.corpus),
            "metadata": hash_of_file(self.metadata),
            "actors": hash_of_file(self.actors),
            "parameters": {"fields": self.fields, "max_bytes": self.max_bytes},
            "versions": versions(),
        }


def extract_to(
    corpus: str | Path,
    out: str | Path,
    *,
    metadata: str | Path | Own | None = PROJECT,
    actors: str | Path | Own | None = PROJECT,
    jobs: int | None = None,
    fields: Mapping[str, str] | None = None,
    max_bytes: int = MAX_BYTES,
    progress: Progress | None = None,
) -> Manifest:
    """Find who said what in a corpus and write the tables into a folder, as Parquet and CSV, with a manifest.

    Args:
        corpus: a folder, file or pattern of articles.
        out: folder of the tables, made where it is missing. It must not lie inside the corpus.
        metadata: what the researcher knows of the articles (CSV); by default data/metadata.csv of the project, None for none.
        actors: authority file (CSV) with the names of actors; by default data/actors.csv of the project, None for none.
        jobs: number of processes; by default this process for up to 30,000 words, else all cores. 1 is this process too, where
            nothing stops an article that hangs.
        fields: names of record fields by the column that they fill, as {"text": "body"}.
        max_bytes: size above which a file or a record is left out, in bytes.
        progress: is told how far the run is.

    Returns:
        The manifest; its `changed` is False where nothing had changed since the last run, so that nothing was written.

    Raises:
        WrongUseError: there is no such corpus or file, or `out` lies inside the corpus.
        StoreError: the disk is full or another run writes there; tables that were there are unchanged.
        RunError: the model is damaged, or worker processes do not start.

    A run that is stopped or killed leaves the old tables; the next one goes on where it ended.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first = extract_to("seeds", folder, metadata=None, actors=None)
    ...     again = extract_to("seeds", folder, metadata=None, actors=None)
    >>> first.counts["articles"], first.changed, again.changed
    (3, True, False)
    """
    begun, started = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    own = _own_file(metadata, "metadata.csv"), _own_file(actors, "actors.csv")
    run = Run(corpus, Path(out), *own, dict(fields) if fields else None, max_bytes, jobs, progress or _silent)
    _refuse_inside(run.out, corpus)
    made_from = run.made_from()
    with locked(run.out), full_disk_explained(run.out):
        old = read_manifest(run.out)
        if old is not None and is_current(run.out, old, made_from):
            return old
        wary = was_killed(run.out) or (old is not None and not old.complete)
        return _run(run, Manifest(made_from=made_from, started=started), begun, wary=wary)


def _run(run: Run, manifest: Manifest, begun: float, *, wary: bool) -> Manifest:
    from analysis.cache import Cache
    from analysis.store import TablesWriter

    authority = _read_authority(run.actors)
    made_with = hashlib.sha256(json.dumps([manifest.made_from[key] for key in ("actors", "versions")]).encode()).hexdigest()
    with TablesWriter(run.out) as writer, Cache(run.out, writer.staging) as cache:
        unused = _read_into(cache, run, made_with)
        new = _find_into(cache, run, authority, wary=wary)
        corpus = _put_together(cache, authority, run.tell)
        n_words, complete = _write_from(cache, corpus, writer, run.tell)
        counts = {"words": n_words, "new_articles": len(new), "new_words": sum(new.values()), "metadata_rows_unused": unused}
        cache.prune()
        seconds = round(time.monotonic() - begun, 3)
        return writer.commit(replace(manifest, counts=counts, complete=complete, seconds=seconds))


def _refuse_inside(out: Path, corpus: str | Path) -> None:
    if Path(corpus).is_dir() and out.resolve().is_relative_to(Path(corpus).resolve()):
        raise WrongUseError(
            f"the tables would be written into the corpus ({out} lies inside {corpus}); give another folder with --out"
        )


def _read_into(cache: Cache, run: Run, made_with: str) -> int:
    """Put the articles and the problems of reading into the run; returns how many metadata rows have no article."""
    from analysis.cache import key_of
    from analysis.read import ArticleRow, MetadataError, ReadError, absent_metadata, iter_articles, read_metadata
    from analysis.schema import TableError
    from analysis.store import check_row

    try:
        known = read_metadata(run.metadata) if run.metadata else {}
        items: Any = iter_articles(run.corpus, metadata=known, fields=run.fields, max_bytes=run.max_bytes)
    except (MetadataError, ReadError) as error:
        raise WrongUseError(str(error)) from error
    with closing(items):
        for done, item in enumerate(items, 1):
            if not isinstance(item, ArticleRow):
                cache.add_problem(item.row)
                continue
            try:
                check_row(item.row, "articles")
                if not cache.add_article(item.row, key_of(item.row, made_with) if _is_english(item.row) else None):
                    raise TableError("the id of another article")
            except ValueError as error:
                cache.add_problem(_problem(item.row, "the article cannot be stored", type(error).__name__))
            run.tell("reading", done, None)
    return len(absent_metadata(known, cache.ids()))


def _find_into(cache: Cache, run: Run, authority: Authority, *, wary: bool) -> dict[str, int]:
    """Find the rows of the articles that have none yet; returns the ids of these, with their numbers of words."""
    waiting = cache.to_do()
    if not waiting:
        return waiting
    problems = {}
    processes = _processes(run.jobs, len(waiting), sum(waiting.values()), wary=wary)
    with closing(_find_all(map(cache.article, waiting), authority, processes)) as results:
        for done, result in enumerate(results, 1):
            if result.problem is None:
                cache.add_rows(result.article_id, result.payload)
            else:
                cache.give_up(result.article_id)
                problems[result.article_id] = result.problem
            run.tell("finding statements", done, len(waiting))
    for article_id in sorted(problems):
        cache.add_problem(problems[article_id])
    return waiting


def _put_together(cache: Cache, authority: Authority, tell: Progress) -> Corpus:
    """What only all articles together tell of the rows of one."""
    from analysis.across import Corpus

    corpus, n_articles = Corpus(authority, project_root() / "data"), len(cache.ids())
    for done, entry in enumerate(cache.entries(), 1):
        corpus.add(entry.article, entry.rows)
        tell("putting together", done, n_articles)
    return corpus


def _write_from(cache: Cache, corpus: Corpus, writer: TablesWriter, tell: Progress) -> tuple[int, bool]:
    """Write the run's tables; returns the number of words, and False where an article should be tried again in a later run."""
    n_words, lost = 0, []
    n_articles = len(cache.ids())
    for done, entry in enumerate(cache.entries(), 1):
        writer.write("articles", [entry.article])
        for name, rows in corpus.rows_of(entry.article["article_id"], entry.rows).items():
            writer.write(name, rows)
        if entry.lost:
            lost.append(_problem(entry.article, LOST, None))
        n_words += entry.article["n_words"]
        tell("writing", done, n_articles)
    writer.write("actors", corpus.actors())
    complete = True
    for problem in chain(cache.problems(), lost):
        writer.write("problems", [problem])
        complete = complete and problem["reason"] not in PASSING
    return n_words, complete


# ------------------------------------------------------------------ articles to rows


class Found(NamedTuple):
    """What became of an article: its rows, packed, or the problem that it met."""

    article_id: str
    payload: bytes
    problem: Row | None


def make_finder(authority: Authority) -> Callable[[Row], bytes]:
    """What finds the rows of one article, packed; it loads the model, so make it once in a process."""
    from analysis.cache import pack
    from analysis.events import EventReader
    from analysis.setting import Setting
    from analysis.statements import StatementReader
    from analysis.tagger import ModelError, load_tagger
    from analysis.wordlists import read_words

    try:
        tagger = load_tagger()
    except ModelError as error:
        raise RunError(str(error)) from error
    folder = project_root() / "data"
    words = read_words(folder)
    statements, events = StatementReader(authority, folder, words), EventReader(authority, folder, words)

    def find(article: Row) -> bytes:
        parts = [(zone["start"], zone["end"]) for zone in article["zones"] if zone["kind"] in ("headline", "body")]
        tagged = tagger.tag(article["text"], parts)
        setting = Setting(article, tagged, words, authority)
        said = statements.rows(article, tagged, setting=setting)
        rows = {"statements": said, "events": events.rows(article, tagged, said, setting=setting)}
        _check(rows, len(article["text"]))
        return pack(rows)

    return find


def _check(rows: Mapping[str, list[Row]], length: int) -> None:
    from analysis.schema import KEYS, TableError
    from analysis.store import check_row

    for name, some in rows.items():
        for row in some:
            check_row(row, name, length=length)
        if len({row[KEYS[name]] for row in some}) < len(some):
            raise TableError(f"{name}.{KEYS[name]}: the same in two rows")


def _find_all(articles: Iterable[Row], authority: Authority, jobs: int) -> Generator[Found, None, None]:
    """What becomes of each article, in any order."""
    from analysis.workers import run_each

    outcomes = run_each(
        partial(make_finder, authority),
        articles,
        jobs=jobs,
        seconds=lambda article: SECONDS + len(article["text"]) * SECONDS_A_CHARACTER,
    )
    for outcome in outcomes:
        problem = _problem(outcome.item, REASONS[outcome.failure], outcome.error) if outcome.failure else None
        yield Found(outcome.item["article_id"], outcome.value or b"", problem)


def _processes(jobs: int | None, n_articles: int, n_words: int, *, wary: bool = False) -> int:
    """How many worker processes to start; 0 to work in this one.

    Where one is `wary`, an article that hung or killed a process may be among them: this process is then no place for it.
    """
    from analysis.workers import cores

    if (jobs == 1 or (jobs is None and n_words < FEW_WORDS)) and not wary:
        return 0
    return min(jobs or cores(), n_articles)


def _problem(article: Row, reason: str, error: str | None) -> Row:
    """A row for the problems table; it names the class of an exception, never its words, which may be the article's."""
    again = "; it is tried again in the next run" if reason in PASSING else ""
    detail = (f"{error}; " if error else "") + "the tables hold no statements of this article" + again
    row = {"article_id": article["article_id"], "path": article["path"], "stage": "extract", "reason": reason, "detail": detail}
    return {key: value.encode("utf-8", "replace").decode() for key, value in row.items()}


def _is_english(article: Row) -> bool:
    return article["language"] in (None, "en")


# ------------------------------------------------------------------ people's own files


def _own_file(given: str | Path | Own | None, name: str) -> Path | None:
    if isinstance(given, Own):
        path = project_root() / "data" / name
        return path if path.is_file() else None
    return None if given is None else Path(given)


def _read_authority(path: Path | None) -> Authority:
    from analysis.authority import ActorsError, read_actors

    try:
        return read_actors(path)
    except (ActorsError, UnicodeDecodeError) as error:
        raise WrongUseError(f"{path}: {error}" if isinstance(error, UnicodeDecodeError) else str(error)) from error
