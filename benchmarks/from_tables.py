"""Stored tables -> what the scorers read.

    python -m benchmarks.from_tables TABLES OUT --for gold       one JSON file an article, in the folder OUT
    python -m benchmarks.from_tables TABLES OUT --for polnear    one JSONL file OUT, a line an article

TABLES is a folder that `python -m analysis extract` wrote. For the gold annotation, rows that a reader would not call
statements (act think or other) are left out; for PolNeAR, which marks those too but has no statement inside another, it
is the rows with a parent that are left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from analysis.schema import NOT_STATEMENTS, TABLES

ROLES = ("source", "cue", "content")
Record = dict[str, Any]


def read_rows(folder: str | Path, name: str) -> list[Record]:
    """The rows of a stored table as plain Python values; dates are ISO days, what is missing is None.

    Raises:
        FileNotFoundError: the folder holds no such table.
        ValueError: there is no table of this name.
    """
    if name not in TABLES:
        raise ValueError(f"{name!r} is no table; there are {list(TABLES)}")
    path = Path(folder) / f"{name}.parquet"
    if not path.is_file():
        raise FileNotFoundError(
            f"{path}: no such file; write the tables with: python -m analysis extract CORPUS --out {folder}"
        )
    return [{key: _plain(value) for key, value in row.items()} for row in pq.read_table(path).to_pylist()]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()[:10]
    return None if isinstance(value, float) and value != value else value


def attributions(folder: str | Path, *, nested: bool = False) -> dict[str, list[Record]]:
    """Article id -> its attributions with source, cue, content, confidence, and act, of every article in the tables.

    Args:
        folder: the stored tables.
        nested: also rows that stand inside another statement, with `id` and `parent` (a statement's id or None).
    """
    found: dict[str, list[Record]] = {row["article_id"]: [] for row in read_rows(folder, "articles")}
    for row in read_rows(folder, "statements"):
        if nested or row["parent_id"] is None:
            record = {role: row[f"{role}_spans"] for role in ROLES} | {"confidence": row["confidence"], "act": row["act"]}
            if nested:
                record |= {"id": row["statement_id"], "parent": row["parent_id"]}
            found[row["article_id"]].append(record)
    return found


def gold_records(folder: str | Path) -> dict[str, Record]:
    """Article id -> its statements and events in the form of the gold annotation.

    `body_text` is the text that offsets index, left out for .txt files, where that is the file as it stands.
    """
    records: dict[str, Record] = {}
    for row in read_rows(folder, "articles"):
        record: Record = {"article": {"article": row["article_id"]}, "statements": [], "events": []}
        if not row["path"].endswith(".txt"):
            record["body_text"] = row["text"]
        records[row["article_id"]] = record
    statements = [row for row in read_rows(folder, "statements") if row["act"] not in NOT_STATEMENTS]
    kept = {row["statement_id"] for row in statements}
    for row in statements:
        records[row["article_id"]]["statements"].append(_statement(row, kept))
    for row in read_rows(folder, "events"):
        records[row["article_id"]]["events"].append(_event(row, kept))
    return records


def _day(row: Record) -> Record:
    return {"start": row["date_start"], "end": row["date_end"]}


def _statement(row: Record, kept: set[str]) -> Record:
    same = ("speaker", "country", "quote_type", "act", "negated", "via", "addressee")
    return {
        "id": row["statement_id"],
        **{role: row[f"{role}_spans"] for role in ROLES},
        **{key: row[key] for key in same},
        "parent": row["parent_id"] if row["parent_id"] in kept else None,
        "date": _day(row),
    }


def _event(row: Record, kept: set[str]) -> Record:
    return {
        "id": row["event_id"],
        "trigger": row["trigger_spans"],
        **{key: row[key] for key in ("type", "actors", "recipients", "countries", "status", "event_key")},
        "date": _day(row),
        "statement": row["statement_id"] if row["statement_id"] in kept else None,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the scorers' files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--for", dest="scorer", choices=("gold", "polnear"), required=True)
    args = parser.parse_args(arguments)
    if args.scorer == "gold":
        args.out.mkdir(parents=True, exist_ok=True)
        for article, record in gold_records(args.tables).items():
            path = args.out / (article.rsplit("/", 1)[-1] + ".json")
            path.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    else:
        rows = attributions(args.tables).items()
        lines = [{"id": key, "attributions": [{role: row[role] for role in ROLES} for row in found]} for key, found in rows]
        args.out.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
