"""Stored tables -> files that other tools read: PLOVER records, a timeline for TimelineJS, one flat CSV file.

Beside each file stands `FILE.manifest.json`: what it was made from, and how many events the format cannot hold, by reason.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from analysis.exports.plover import CODER, plover
from analysis.exports.timelinejs import timelinejs
from analysis.exports.told import Book, Files, Told, csv_text
from analysis.folder import MANIFEST, file_hash, full_disk_explained, place
from analysis.manifest import WrongUseError, project_root, read_manifest
from analysis.schema import BOOL, DATE, FLOAT, INT, TEXT
from analysis.store import cell_of, load_tables
from analysis.terminal import shown

EVENT_COLUMNS = {
    **dict.fromkeys(("event_key", "event_id", "article_id", "zone", "type", "quad_class", "status"), TEXT),
    **dict.fromkeys(("date_start", "date_end"), DATE),
    **dict.fromkeys(("date_basis", "date_text", "place", "object", "trigger", "review"), TEXT),
    "confidence": FLOAT,
}
ARTICLE_COLUMNS = {"title": TEXT, "outlet": TEXT, "url": TEXT, "published": DATE}
LISTS = ("actors", "recipients", "countries")


def flat_csv(book: Book, out: Path) -> Files:
    """One row for each mention with its article and speaker, lists joined by semicolons. It holds every event."""
    rows = [_flat(told) for told in book.told]
    columns = [*EVENT_COLUMNS, *LISTS, *ARTICLE_COLUMNS, "words", "speaker", "negated", "n_articles", "n_outlets"]
    return Files({out: csv_text([columns, *rows])}, Counter())


def _flat(told: Told) -> list[str]:
    cells = [cell_of(told.event[key], kind) for key, kind in EVENT_COLUMNS.items()]
    cells += [cell_of("; ".join(told.event[key]), TEXT) for key in LISTS]
    cells += [cell_of(told.article[key], kind) for key, kind in ARTICLE_COLUMNS.items()]
    said = told.statement or {"speaker": None, "negated": None}
    counts = [cell_of(number, INT) for number in (told.n_articles, told.n_outlets)]
    return [*cells, cell_of(told.words, TEXT), cell_of(said["speaker"], TEXT), cell_of(said["negated"], BOOL), *counts]


# ------------------------------------------------------------------ writing

FORMATS: dict[str, Callable[[Book, Path], Files]] = {
    "plover": plover,
    "timelinejs": timelinejs,
    "csv": flat_csv,
}


class Exported(NamedTuple):
    """What was written: the files, how many events the tables hold, and how many of them the format cannot hold, by reason."""

    files: tuple[Path, ...]
    events: int
    left_out: dict[str, int]


def export(folder: str | Path, out: str | Path, *, format: str) -> Exported:  # noqa: A002 - as the option is called
    """Write the events of stored tables for another tool, with a manifest beside.

    Args:
        folder: stored tables.
        out: the file; its folder is made where it is missing.
        format: plover (JSONL; undated records go to a second file, `STEM-undated.jsonl`), timelinejs (JSON, or the columns of
            its spreadsheet where the file's name ends in .csv) or csv (one row for each mention).

    Returns:
        The files and the counts, as they stand in `FILE.manifest.json`. What is undated counts as what the format cannot hold;
            PLOVER has it in a file of its own, a timeline not at all.

    Raises:
        WrongUseError: there is no such format, or the file is a folder or one of the tables.
        StoreError: there are no tables, they are damaged, or the disk is full.

    Each file is replaced as a whole, the manifest last. The same tables give the same bytes.

    >>> export("no/folder", "events.csv", format="xml")
    Traceback (most recent call last):
    analysis.manifest.WrongUseError: there is no format 'xml'; the formats are plover, timelinejs, csv
    """
    folder, out = Path(folder), Path(out)
    if format not in FORMATS:
        raise WrongUseError(f"there is no format {format!r}; the formats are {', '.join(FORMATS)}")
    _refuse(folder, out)
    tables = load_tables(folder)
    texts, left = FORMATS[format](Book(tables, project_root() / "data"), out)
    record: dict[str, Any] = {
        "program": CODER,
        "format": format,
        "tables": {MANIFEST: file_hash(place(folder, MANIFEST))},
        "events": len(tables.events),
        "cannot_hold": dict(sorted(left.items())),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    with full_disk_explained(out.parent):
        for path, text in texts.items():
            _write(path, text)
        record["files"] = {path.name: {"sha256": file_hash(path), "bytes": path.stat().st_size} for path in texts}
        _write(out.with_name(f"{out.name}.{MANIFEST}"), json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    return Exported(tuple(texts), len(tables.events), dict(sorted(left.items())))


def _refuse(folder: Path, out: Path) -> None:
    if out.is_dir() or not out.name:
        raise WrongUseError(f"{str(out)!r} is a folder; give the name of a file with --out")
    manifest = read_manifest(folder)
    if manifest and out.parent.resolve() == folder.resolve() and out.name in {*manifest.files, MANIFEST}:
        raise WrongUseError(f"{out} is one of the tables; give another file with --out")


def _write(path: Path, text: str) -> None:
    """Replace a file as a whole."""
    number, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - from a file number
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


# ------------------------------------------------------------------ the command

EXPORT = """Write the events of stored tables for another tool, and beside it FILE.manifest.json with the number of events that
the format cannot hold.

plover      PLOVER records as JSONL, coded as its manual has it; undated ones in a second file
timelinejs  JSON for TimelineJS, one slide for each dated happening; columns for its spreadsheet if FILE ends in .csv
csv         one row for each mention of an event, with its words, article and speaker"""
EXAMPLES = """example:
  python -m analysis export --format plover data/tables --out events.jsonl"""


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `export` takes to a parser, whose formatter must keep line ends.

    >>> parser = argparse.ArgumentParser()
    >>> add_export_arguments(parser)
    >>> parser.parse_args(["tables", "--format", "csv", "--out", "events.csv"]).format
    'csv'
    """
    parser.description, parser.epilog = EXPORT, EXAMPLES
    add = parser.add_argument
    add("tables", metavar="TABLES", type=Path, help="folder of stored tables")
    add("--format", choices=list(FORMATS), required=True, help="for which tool")
    add("--out", metavar="FILE", type=Path, required=True, help="the file to write")


def run_export(args: argparse.Namespace) -> int:
    """Export as the arguments ask for, with a line on the standard output; returns 0, and raises what `export` raises."""
    done = export(args.tables, args.out, format=args.format)
    left = "; ".join(f"{number:,} {reason}" for reason, number in done.left_out.items() if number)
    held = f"{done.events:,} events in the tables" + (f"; what the format cannot hold: {left}" if left else "")
    sys.stdout.write(shown(f"{', '.join(map(str, done.files))}: {held}", limit=2_000) + "\n")
    return 0
