"""Save and load the five tables with their manifest, whole or not at all: Parquet, and a CSV twin for spreadsheets."""

from __future__ import annotations

import csv
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.folder import StoreError, commit, file_hash, full_disk_explained, locked, place, staged
from analysis.manifest import MANIFEST, Manifest, read_manifest
from analysis.schema import (
    BOOL,
    CATEGORY,
    DATE,
    FLOAT,
    INT,
    LISTS,
    NAMES,
    SPAN_LISTS,
    SPANS,
    TABLES,
    TEXT,
    ZONE_LIST,
    Column,
    TableError,
    Tables,
    check_table,
    table,
)

if TYPE_CHECKING:
    import pandas as pd

SPAN_TYPE = pa.list_(pa.int64())
ARROW_TYPES = {
    TEXT: pa.string(),
    CATEGORY: pa.dictionary(pa.int32(), pa.string()),
    INT: pa.int64(),
    FLOAT: pa.float64(),
    BOOL: pa.bool_(),
    DATE: pa.date32(),
    NAMES: pa.list_(pa.string()),
    SPANS: pa.list_(SPAN_TYPE),
    SPAN_LISTS: pa.list_(pa.list_(SPAN_TYPE)),
    ZONE_LIST: pa.list_(pa.struct({"start": pa.int64(), "end": pa.int64(), "kind": pa.string()})),
}
# A row group is written when it has this many rows or its texts this many characters: memory stays flat, and the groups
# depend on the rows alone.
GROUP_ROWS, GROUP_CHARACTERS = 4_000, 8_000_000
# What a spreadsheet may take for a formula when a cell begins with it; the apostrophe makes the mark reversible.
FORMULA_STARTS = tuple("=+-@\t\r\n'\uff1d\uff0b\uff0d\uff20")
READ_AGAIN, READ_PAUSE = 5, 0.05


def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema of a table.

    >>> arrow_schema("events").field("date_start").type
    DataType(date32[day])
    """
    return pa.schema([pa.field(key, ARROW_TYPES[column.kind], column.missing) for key, column in TABLES[name].items()])


# ------------------------------------------------------------------ saving


class TablesWriter:
    """Writes the tables of a folder in batches; what was there stays until `commit` replaces it as a whole.

    Rows are dictionaries with the columns of `analysis.schema.TABLES`; a column that is left out is missing. The caller
    holds the folder's lock (`analysis.folder.locked`) and gives the rows of a table in their final order. Leaving the
    block without a commit leaves the folder as it was.

    Attributes:
        staging: an existing folder for other passing files; it is removed in the end.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._exits = ExitStack()

    def __enter__(self) -> TablesWriter:
        with self._exits as exits:
            exits.enter_context(full_disk_explained(self.folder))
            self.staging = exits.enter_context(staged(self.folder))
            self._new = self.staging / "tables"
            self._new.mkdir()
            self._writers = {name: _TableWriter(self._new, name, exits) for name in TABLES}
            self._exits = exits.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._exits.__exit__(kind, error, trace)

    def write(self, name: str, rows: Iterable[dict[str, Any]]) -> None:
        """Add rows to a table."""
        for row in rows:
            self._writers[name].add(row)

    def commit(self, manifest: Manifest) -> Manifest:
        """Replace the folder's tables by what was written; the manifest comes back with its counts and files filled in."""
        for writer in self._writers.values():
            writer.close()
        counts = {name: writer.rows for name, writer in self._writers.items()}
        files = {path.name: {"sha256": file_hash(path), "bytes": path.stat().st_size} for path in sorted(self._new.iterdir())}
        values = {key: getattr(manifest, key) for key in Manifest.__dataclass_fields__}
        full = Manifest(**(values | {"counts": counts | manifest.counts, "files": files, "changed": True}))
        (self._new / MANIFEST).write_text(full.to_json(), encoding="utf-8")
        commit(self._new, self.folder)
        return full


class _TableWriter:
    """One table on its way to disk: rows wait until they make a row group."""

    def __init__(self, folder: Path, name: str, exits: ExitStack) -> None:
        self.rows = 0
        self._columns = TABLES[name]
        self._schema = arrow_schema(name)
        self._waiting: list[list[Any]] = []
        self._characters = 0
        self._parquet = exits.enter_context(
            pq.ParquetWriter(folder / f"{name}.parquet", self._schema, compression="zstd", write_statistics=False)
        )
        # The mark at the start tells spreadsheets that the file is UTF-8.
        self._csv_file = exits.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline=""))
        self._csv = csv.writer(self._csv_file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        self._csv.writerow(self._columns)

    def add(self, row: dict[str, Any]) -> None:
        if not row.keys() <= self._columns.keys():
            raise TableError(f"no columns {sorted(row.keys() - self._columns.keys())}; the columns are {list(self._columns)}")
        values = [row.get(key) for key in self._columns]
        self._waiting.append(values)
        self._characters += sum(len(value) for value in values if isinstance(value, str))
        if len(self._waiting) >= GROUP_ROWS or self._characters >= GROUP_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        kinds = [column.kind for column in self._columns.values()]
        columns = [
            _arrow_array(list(values), column)
            for values, column in zip(zip(*self._waiting, strict=True), self._columns.values(), strict=True)
        ]
        self._parquet.write_batch(pa.record_batch(columns, schema=self._schema))
        self._csv.writerows(
            [cell_of(value, kind) for value, kind in zip(values, kinds, strict=True)] for values in self._waiting
        )
        self.rows += len(self._waiting)
        self._waiting, self._characters = [], 0

    def close(self) -> None:
        self._flush()
        self._parquet.close()
        self._csv_file.close()


def _arrow_array(values: list[Any], column: Column) -> pa.Array:
    if column.kind == CATEGORY:
        places = {value: place for place, value in enumerate(column.values or ())}
        return pa.DictionaryArray.from_arrays(
            pa.array([places[value] for value in values], pa.int32()), pa.array(list(places), pa.string())
        )
    if column.kind in LISTS:
        values = [[] if value is None else value for value in values]
    return pa.array(values, ARROW_TYPES[column.kind])


def save_tables(tables: Tables, folder: str | Path, *, made_from: dict[str, Any] | None = None) -> Manifest:
    """Write the tables into a folder, as Parquet and CSV, with a manifest; the tables that were there are replaced as a whole.

    Args:
        tables: the five tables; they are checked first.
        folder: made where it is missing; other files in it are left alone.
        made_from: what the tables depend on, for the manifest.

    Returns:
        The manifest.

    Raises:
        TableError: a table does not keep to its declaration.
        StoreError: the disk is full, or another run is writing there; what was there is unchanged.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     counts = save_tables(Tables(), folder).counts
    ...     load_tables(folder), counts["statements"]
    (Tables: 0 articles, 0 statements, 0 events, 0 actors, 0 problems, 0)
    """
    for name in TABLES:
        frame = getattr(tables, name)
        check_table(frame, name, articles=tables.articles if len(frame) else None)
    begun = time.monotonic()
    started = datetime.now(UTC).isoformat(timespec="seconds")
    with locked(Path(folder)), TablesWriter(folder) as writer:
        for name in TABLES:
            writer.write(name, rows_of(getattr(tables, name), name))
        return writer.commit(Manifest(made_from=made_from or {}, started=started, seconds=round(time.monotonic() - begun, 3)))


def rows_of(frame: pd.DataFrame, name: str) -> Iterable[dict[str, Any]]:
    """The rows of a table as dictionaries of plain values: None where missing, dates as `datetime.date`.

    >>> list(rows_of(table("problems", [{"path": "a.txt", "stage": "read", "reason": "empty file"}]), "problems"))
    [{'article_id': None, 'path': 'a.txt', 'stage': 'read', 'reason': 'empty file', 'detail': None}]
    """
    columns = [_plain(frame[key], column) for key, column in TABLES[name].items()]
    keys = list(TABLES[name])
    for values in zip(*columns, strict=True):
        yield dict(zip(keys, values, strict=True))


def _plain(series: pd.Series, column: Column) -> list[Any]:
    if column.kind == DATE:
        return series.to_numpy().astype("datetime64[D]").astype(object).tolist()
    if column.kind in LISTS:
        return series.tolist()
    return series.astype(object).where(series.notna(), None).tolist()


def check_row(row: dict[str, Any], name: str, *, length: int | None = None) -> None:
    """Check one row against the declaration of its table, before it joins the others.

    Args:
        row: columns left out count as missing.
        name: the table.
        length: length of the article's text in characters, inside which `start` and `end` must lie.

    Raises:
        TableError: with the first thing that is wrong.

    >>> check_row({"path": "a.txt", "stage": "reading", "reason": "empty file"}, "problems")
    Traceback (most recent call last):
    analysis.schema.TableError: problems.stage: 'reading' is none of ['read', 'extract', 'metadata', 'actors']
    """
    if not row.keys() <= TABLES[name].keys():
        raise TableError(f"{name} has no columns {sorted(row.keys() - TABLES[name].keys())}")
    for key, column in TABLES[name].items():
        value = row.get(key)
        if value is None:
            if not column.missing and column.kind not in LISTS:
                raise TableError(f"{name}.{key}: a missing value, none allowed")
        elif not isinstance(value, PYTHON_TYPES.get(column.kind, (list, tuple))):
            raise TableError(f"{name}.{key}: {type(value).__name__} for a column of {column.kind}")
        elif value == "" and key != "text":
            raise TableError(f"{name}.{key}: an empty string; a missing value must be None")
        elif column.values is not None and value not in column.values:
            raise TableError(f"{name}.{key}: {value!r} is none of {list(column.values)}")
    if length is not None and "start" in row and not 0 <= row["start"] < row["end"] <= length:
        raise TableError(f"{name}: [{row['start']}, {row['end']}] is no span of a text of {length} characters")


PYTHON_TYPES: dict[str, Any] = {TEXT: str, CATEGORY: str, INT: int, FLOAT: (float, int), BOOL: bool, DATE: date}


# ------------------------------------------------------------------ loading


def load_tables(folder: str | Path) -> Tables:
    """The tables in a folder, exactly as they were saved.

    Args:
        folder: where `save_tables` or `python -m analysis extract` wrote them.

    Returns:
        Tables with the declared dtypes: str, category, int64, float64, bool, datetime64[s], and Python lists.

    Raises:
        StoreError: there are no tables; one is missing, damaged or of another version; or they do not belong together.

    It reads the Parquet files. Changes that somebody made in the CSV files are not seen.

    >>> load_tables("no/folder")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    analysis.folder.StoreError: there are no tables in no/folder (no manifest.json); run: python -m analysis extract ...
    """
    folder = Path(folder)
    for attempt in range(READ_AGAIN):
        try:
            return _load_whole(folder)
        except (_ChangedError, FileNotFoundError) as error:
            # A run may be replacing the tables at this very moment.
            if attempt == READ_AGAIN - 1:
                raise StoreError(
                    f"the tables in {folder} do not belong together: {error}. "
                    "A file was changed, added or removed by something else; run extract again"
                ) from error
            time.sleep(READ_PAUSE)
    raise AssertionError


class _ChangedError(Exception):
    """A table is not the one that the manifest describes."""


def _load_whole(folder: Path) -> Tables:
    manifest = read_manifest(folder)
    if manifest is None:
        raise StoreError(
            f"there are no tables in {folder} (no {MANIFEST}); run: python -m analysis extract CORPUS --out {folder}"
        )
    return Tables(**{name: _load_table(folder, name, manifest) for name in TABLES})


def _load_table(folder: Path, name: str, manifest: Manifest) -> pd.DataFrame:
    path = place(folder, f"{name}.parquet")
    with path.open("rb") as file:
        expected = manifest.files.get(path.name, {}).get("sha256")
        if hashlib.file_digest(file, "sha256").hexdigest() != expected:
            raise _ChangedError(f"{path.name} is not the file that {MANIFEST} describes")
        file.seek(0)
        return _frame(pq.read_table(file), name, path)


def _frame(stored: pa.Table, name: str, path: Path) -> pd.DataFrame:
    schema = arrow_schema(name)
    if not stored.schema.equals(schema):
        missing = [key for key in schema.names if key not in stored.schema.names]
        unknown = [key for key in stored.schema.names if key not in schema.names]
        other = [key for key in schema.names if key not in missing and stored.schema.field(key) != schema.field(key)]
        raise StoreError(
            f"{path} was written by another version: columns missing {missing}, unknown {unknown}, of another type {other}; "
            "run extract again"
        )
    import pandas as pd

    return pd.DataFrame({key: _series(stored[key], column) for key, column in TABLES[name].items()}, columns=list(schema.names))


def _series(values: pa.ChunkedArray, column: Column) -> pd.Series:
    import pandas as pd

    if column.kind in LISTS:
        series = pd.Series([None] * len(values), dtype=object)
        series[:] = values.to_pylist()
        return series
    if column.kind == DATE:
        return values.cast(pa.timestamp("s")).to_pandas()
    if column.kind == CATEGORY:
        return values.to_pandas().astype(pd.CategoricalDtype(list(column.values or ())))
    if column.kind == TEXT:
        return pd.Series(values.to_pandas(), dtype="str")
    return values.to_pandas()


# ------------------------------------------------------------------ the CSV twin


def cell_of(value: Any, kind: str) -> str:
    """A value as a cell: lists as JSON, dates as ISO days, missing as an empty cell, and no text that looks like a formula.

    >>> cell_of("=1+1", TEXT), cell_of([[0, 4]], SPANS), cell_of(None, DATE)
    ("'=1+1", '[[0, 4]]', '')
    """
    if kind in LISTS:
        return json.dumps(value or [], ensure_ascii=False)
    if value is None:
        return ""
    if kind in (TEXT, CATEGORY):
        return "'" + value if value.startswith(FORMULA_STARTS) else value
    if kind == BOOL:
        return "true" if value else "false"
    return value.isoformat() if kind == DATE else repr(value)


def value_of(cell: str, column: Column) -> Any:
    """The value that `cell_of` turned into a cell; raises ValueError where it cannot have.

    >>> value_of("'=1+1", TABLES["articles"]["title"])
    '=1+1'
    """
    if column.kind in LISTS:
        return json.loads(cell)
    if cell == "":
        return None if column.missing else ""
    if column.kind in (TEXT, CATEGORY):
        return cell.removeprefix("'")
    if column.kind == BOOL:
        return {"true": True, "false": False}[cell]
    return _FROM_CELL[column.kind](cell)


_FROM_CELL: dict[str, Callable[[str], Any]] = {INT: int, FLOAT: float, DATE: date.fromisoformat}


def load_csv(path: str | Path, name: str) -> pd.DataFrame:
    """One table from its CSV twin, as `load_tables` gives it; also after a spreadsheet program saved it with other quoting.

    Args:
        path: the CSV file.
        name: which table it is: articles, statements, events, actors or problems.

    Raises:
        StoreError: the columns are not those of the table, or a cell cannot be read; with its row and column.
    """
    columns = TABLES[name]
    # Articles may be longer than the 131,072 characters that the csv module allows in a cell at first.
    limit = csv.field_size_limit(2**31 - 1)
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = next(rows, [])
            if header != list(columns):
                raise StoreError(f"{path}: the columns are {header}, those of {name} are {list(columns)}")
            return table(name, [_row(cells, columns, f"{path}, row {number}") for number, cells in enumerate(rows, start=2)])
    finally:
        csv.field_size_limit(limit)


def _row(cells: Sequence[str], columns: dict[str, Column], where: str) -> dict[str, Any]:
    if len(cells) != len(columns):
        raise StoreError(f"{where}: {len(cells)} cells, expected {len(columns)}")
    row = {}
    for cell, (key, column) in zip(cells, columns.items(), strict=True):
        try:
            row[key] = value_of(cell, column)
        except (ValueError, KeyError) as error:
            raise StoreError(f"{where}, column {key}: {cell[:80]!r} is no {column.kind}") from error
    return row
