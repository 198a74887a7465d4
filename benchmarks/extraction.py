"""Run the extraction as a user does: `python -m analysis extract` in a process of its own, or in memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from benchmarks.results import ROOT, BenchmarkError

if TYPE_CHECKING:
    from analysis.schema import Tables


def write_corpus(records: Iterable[Mapping[str, Any]], path: Path) -> Path:
    """Write records as a JSONL corpus, a line a record, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def extract(corpus: Path, out: Path, *, own_files: bool = False, jobs: int = 1) -> float:
    """Extract a corpus into tables.

    Args:
        corpus: file or folder of articles.
        out: folder for the tables.
        own_files: use data/metadata.csv and data/actors.csv; without, `--metadata none --actors none`.
        jobs: processes that extract.

    Returns:
        CPU seconds of the whole command, its imports and the loading of the model included.

    Raises:
        BenchmarkError: the command failed; the message ends with what it said last.
    """
    command = [sys.executable, "-m", "analysis", "extract", str(corpus), "--out", str(out), "--jobs", str(jobs)]
    if not own_files:
        command += ["--metadata", "none", "--actors", "none"]
    before = _cpu_of_children()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-5:]
        raise BenchmarkError(f"{' '.join(command[1:])} ended with code {done.returncode} and said: " + "\n".join(said))
    return _cpu_of_children() - before


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tables_of(
    records: Iterable[Mapping[str, Any]], *, model: Path | None = None, marked: Iterable[Mapping[str, Any]] | None = None
) -> Tables:
    """The tables of some records, read and extracted in this process, without people's own files.

    Args:
        records: articles with `id` and `text`, no two with the same text, and whatever else a reader of JSONL knows.
        model: the tagger's file; by default the one that is shipped.
        marked: passages with their events, which are then used in place of those that the tagger finds.

    Raises:
        BenchmarkError: the reader lost an article or changed its text, an article met a problem, or the model is no good.
    """
    from analysis.extract import RunError
    from analysis.extract import extract as extract_in_memory
    from analysis.read import read_articles
    from analysis.tagger import MODEL, load_tagger
    from benchmarks.marked import MarkedTagger

    def load() -> Any:
        tagger = load_tagger(model or MODEL)
        return tagger if marked is None else MarkedTagger(tagger, marked)

    records = list(records)
    with tempfile.TemporaryDirectory() as folder:
        read = read_articles(write_corpus(records, Path(folder) / "corpus.jsonl"))
    texts = dict(zip(read.articles["article_id"], read.articles["text"], strict=True))
    changed = [record["id"] for record in records if texts.get(record["id"]) != record["text"]]
    if changed:
        raise BenchmarkError(f"{len(changed)} articles were lost or their text changed when read, the first is {changed[0]!r}")
    try:
        with patch("analysis.tagger.load_tagger", load):
            tables = extract_in_memory(read, actors=None, jobs=1)
    except RunError as error:
        raise BenchmarkError(str(error)) from error
    failed = tables.problems[tables.problems["stage"] == "extract"]
    if len(failed):
        row = failed.iloc[0]
        raise BenchmarkError(f"{len(failed)} articles failed, the first is {row['article_id']!r}: {row['detail']}")
    return tables


def rows_by_article(tables: Tables, name: str) -> dict[str, list[dict[str, Any]]]:
    """Article id -> its rows of a table as plain values, an empty list where it has none; dates are `datetime.date` or None."""
    from analysis.store import rows_of

    found: dict[str, list[dict[str, Any]]] = {article: [] for article in tables.articles["article_id"]}
    for row in rows_of(getattr(tables, name), name):
        found[row["article_id"]].append(row)
    return found
