"""Tables to disk and back: exact, the same bytes every time, and whole whatever happens on the way."""

from __future__ import annotations

import csv
import errno
import json
import random
import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis import folder as folder_module
from analysis import store
from analysis.folder import BusyError, StoreError, commit, locked, staged
from analysis.manifest import Manifest, read_manifest
from analysis.schema import TABLES, TableError, Tables, table
from analysis.store import TablesWriter, check_row, load_csv, load_tables, save_tables

TEXT = "Premier Ilse Maar said: «Não, 100 % \u2013 \u202eno».\r\nA lone\rreturn, a \x00 NUL, an \U0001f40e.\n"
ARTICLE = {
    "article_id": "north/a",
    "path": "north/a.txt",
    "format": "text",
    "sha256": "0" * 64,
    "title": "=HYPERLINK(1)",
    "language": "en",
    "published": date(1, 1, 1),
    "published_basis": "record",
    "reference_date": date(9999, 12, 31),
    "reference_basis": "researcher",
    "text": TEXT,
    "zones": [{"start": 0, "end": 46, "kind": "headline"}, {"start": 47, "end": len(TEXT), "kind": "body"}],
    "n_words": 14,
}
STATEMENT = {
    "statement_id": "north/a-s00000001",
    "article_id": "north/a",
    "zone": "body",
    "start": 0,
    "end": 30,
    "source_spans": [[0, 17]],
    "cue_spans": [[18, 22]],
    "content_spans": [[24, 30]],
    "source": "Premier Ilse Maar",
    "cue": "said",
    "content": "'Não'",
    "speaker": "-Ilse Maar",
    "speaker_basis": "named",
    "speaker_kind": "person",
    "via": ['A "quoted" agency', "=B"],
    "quote_type": "direct",
    "act": "say",
    "negated": True,
    "date_start": date(2019, 2, 28),
    "date_end": None,
    "date_basis": "explicit",
    "mentions": [],
    "confidence": 0.1 + 0.2,
    "review": "none",
}
EVENT = {
    "event_id": "north/a-e00000001",
    "article_id": "north/a",
    "zone": "body",
    "start": 0,
    "end": 5,
    "trigger_spans": [[0, 5]],
    "trigger": "Premi",
    "type": "CONSULT",
    "quad_class": "verbal cooperation",
    "actors": ["Ilse Maar"],
    "recipients": [],
    "actor_spans": [[[0, 7], [8, 12]]],
    "recipient_spans": [],
    "countries": ["EST"],
    "status": "planned",
    "date_basis": "none",
    "confidence": 1.0,
    "review": "none",
}
PROBLEM = {"path": "+cmd.txt", "stage": "read", "reason": "empty file"}


def some_tables() -> Tables:
    return Tables(
        articles=table("articles", [ARTICLE, ARTICLE | {"article_id": "b", "title": None, "zones": [], "published": None}]),
        statements=table("statements", [STATEMENT]),
        events=table("events", [EVENT]),
        problems=table("problems", [PROBLEM]),
    )


def assert_same(left: Tables, right: Tables) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(left, name), getattr(right, name), check_exact=True)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".parquet")}


def test_tables_come_back_as_they_were(tmp_path: Path) -> None:
    tables = some_tables()
    save_tables(tables, tmp_path)
    again = load_tables(tmp_path)
    assert_same(again, tables)
    assert again.statements["source_spans"][0] == [[0, 17]]
    assert again.events["actor_spans"][0] == [[[0, 7], [8, 12]]]
    assert again.articles["published"].dtype == "datetime64[s]"


def test_csv_twin_comes_back_as_it_was(tmp_path: Path) -> None:
    tables = some_tables()
    save_tables(tables, tmp_path)
    for name in TABLES:
        pd.testing.assert_frame_equal(load_csv(tmp_path / f"{name}.csv", name), getattr(tables, name))


def test_csv_twin_is_safe_and_readable_in_a_spreadsheet(tmp_path: Path) -> None:
    save_tables(some_tables(), tmp_path)
    assert (tmp_path / "articles.csv").read_bytes().startswith(b'\xef\xbb\xbf"article_id",')
    with (tmp_path / "statements.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["speaker"] == "'-Ilse Maar"
    assert row["content"] == "''Não'"
    assert row["via"] == '["A \\"quoted\\" agency", "=B"]'
    assert (row["date_start"], row["date_end"], row["negated"], row["parent_id"]) == ("2019-02-28", "", "true", "")
    with (tmp_path / "problems.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["path"] == "'+cmd.txt"


@pytest.mark.parametrize("start", [*"=+-@\t\r\n'", "\uff1d", "\uff0b", "\uff0d", "\uff20", "''=", '"', ",", "\x00", "\ufeff"])
def test_no_cell_begins_like_a_formula_and_all_come_back(tmp_path: Path, start: str) -> None:
    value = start + "SUM(A1)"
    save_tables(Tables(problems=table("problems", [PROBLEM | {"detail": value}])), tmp_path)
    assert load_csv(tmp_path / "problems.csv", "problems")["detail"].tolist() == [value]
    with (tmp_path / "problems.csv").open(encoding="utf-8-sig", newline="") as file:
        cell = next(csv.DictReader(file))["detail"]
    assert not cell.startswith(tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))


def test_random_texts_survive_both_formats(tmp_path: Path) -> None:
    draw = random.Random(7)
    letters = "ab=,;\"'\r\n\t\\|\x00\x1b\u2028é中\U0001f600 "
    rows = [PROBLEM | {"detail": "".join(draw.choices(letters, k=draw.randint(1, 12)))} for _ in range(500)]
    tables = Tables(problems=table("problems", rows))
    save_tables(tables, tmp_path)
    pd.testing.assert_frame_equal(load_csv(tmp_path / "problems.csv", "problems"), tables.problems)
    assert_same(load_tables(tmp_path), tables)


def test_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    for name in "one", "two":
        save_tables(some_tables(), tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert len(contents(tmp_path / "one")) == 10


def test_parquet_holds_the_declared_types(tmp_path: Path) -> None:
    save_tables(some_tables(), tmp_path)
    schema = pq.read_schema(tmp_path / "statements.parquet")
    assert str(schema.field("date_start").type) == "date32[day]"
    frame = pd.read_parquet(tmp_path / "statements.parquet")
    assert frame["content_spans"][0][0].tolist() == [24, 30]
    assert frame["date_start"][0] == date(2019, 2, 28)


def test_many_rows_make_several_groups_in_order(tmp_path: Path) -> None:
    with locked(tmp_path), TablesWriter(tmp_path) as writer:
        for number in range(9_000):
            writer.write("problems", [PROBLEM | {"path": f"{number}.txt"}])
        manifest = writer.commit(Manifest())
    assert manifest.counts["problems"] == 9_000
    assert pq.ParquetFile(tmp_path / "problems.parquet").num_row_groups == 3
    assert load_tables(tmp_path).problems["path"].tolist() == [f"{number}.txt" for number in range(9_000)]


def test_manifest_describes_the_files(tmp_path: Path) -> None:
    made = save_tables(some_tables(), tmp_path, made_from={"corpus": "letters"})
    stored = read_manifest(tmp_path)
    assert stored is not None
    assert stored.made_from == {"corpus": "letters"}
    assert stored.counts == {"articles": 2, "statements": 1, "events": 1, "actors": 0, "problems": 1}
    assert stored.files == made.files
    assert stored.files["events.csv"]["bytes"] == (tmp_path / "events.csv").stat().st_size


def test_wrong_tables_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    tables = some_tables()
    tables.statements["act"] = "shout"
    with pytest.raises(TableError, match="'shout' is none of"):
        save_tables(tables, tmp_path / "out")
    assert not (tmp_path / "out").exists()


# ------------------------------------------------------------------ what can go wrong


def test_no_tables_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there are no tables in .*run: python -m analysis extract CORPUS --out"):
        load_tables(tmp_path)


def test_columns_of_another_version(tmp_path: Path) -> None:
    save_tables(some_tables(), tmp_path)
    old = pq.read_table(tmp_path / "statements.parquet").drop_columns(["via"]).rename_columns({"act": "verb"})
    pq.write_table(old, tmp_path / "statements.parquet")
    _describe_again(tmp_path, "statements.parquet")
    with pytest.raises(
        StoreError, match=r"another version: columns missing \['via', 'act'\], unknown \['verb'\].*run extract again"
    ):
        load_tables(tmp_path)


def test_a_column_of_another_type(tmp_path: Path) -> None:
    save_tables(some_tables(), tmp_path)
    frame = pq.read_table(tmp_path / "articles.parquet").to_pandas()
    frame["n_words"] = frame["n_words"].astype("float64")
    frame.to_parquet(tmp_path / "articles.parquet")
    _describe_again(tmp_path, "articles.parquet")
    with pytest.raises(StoreError, match="of another type"):
        load_tables(tmp_path)


def _describe_again(folder: Path, name: str) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][name]["sha256"] = folder_module.file_hash(folder / name)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_a_file_of_another_run_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "READ_PAUSE", 0)
    save_tables(some_tables(), tmp_path / "one")
    save_tables(Tables(), tmp_path / "two")
    (tmp_path / "two" / "articles.parquet").replace(tmp_path / "one" / "articles.parquet")
    with pytest.raises(StoreError, match=r"do not belong together: articles\.parquet is not the file"):
        load_tables(tmp_path / "one")
    (tmp_path / "one" / "events.parquet").unlink()
    with pytest.raises(StoreError, match="do not belong together"):
        load_tables(tmp_path / "one")


def test_a_damaged_manifest_is_an_error_that_says_so(tmp_path: Path) -> None:
    save_tables(some_tables(), tmp_path)
    (tmp_path / "manifest.json").write_text('{"files": ', encoding="utf-8")
    with pytest.raises(StoreError, match=r"manifest.json is damaged .*run extract again"):
        load_tables(tmp_path)


def test_two_runs_at_once(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(BusyError, match="another run is writing"):
        save_tables(some_tables(), tmp_path)


def test_csv_with_other_columns_or_cells(tmp_path: Path) -> None:
    save_tables(some_tables(), tmp_path)
    with pytest.raises(StoreError, match="the columns are"):
        load_csv(tmp_path / "events.csv", "actors")
    path = tmp_path / "statements.csv"
    path.write_text(path.read_text(encoding="utf-8").replace('"true"', '"perhaps"'), encoding="utf-8")
    with pytest.raises(StoreError, match=r"row 2, column negated: 'perhaps' is no bool"):
        load_csv(path, "statements")


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of old tables and one of new."""
    old, new = tmp_path_factory.mktemp("old"), tmp_path_factory.mktemp("new")
    save_tables(some_tables(), old)
    save_tables(Tables(problems=table("problems", [PROBLEM])), new)
    return old, new


@pytest.mark.parametrize("call", range(29))
def test_an_end_at_any_step_of_the_replacement_leaves_one_whole_set(
    saved: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """Files are synchronised, renamed and moved in under thirty steps; the program ends before the given one."""
    folder, staging = tmp_path / "tables", tmp_path / "tables" / ".new-x" / "tables"
    shutil.copytree(saved[0], folder)
    shutil.copytree(saved[1], staging, ignore=lambda *_: [".lock"])
    steps = 0

    def ending(original):
        def step(*arguments):
            nonlocal steps
            steps += 1
            if steps > call:
                raise Killed
            return original(*arguments)

        return step

    with monkeypatch.context() as patch:
        for name in "rename", "replace", "rmdir":
            patch.setattr(Path, name, ending(getattr(Path, name)))
        patch.setattr(folder_module, "_sync", ending(folder_module._sync))
        with suppress(Killed):
            commit(staging, folder)
    assert (steps <= call) == (call >= 27)
    found = load_tables(folder)
    assert_same(found, load_tables(saved[0 if len(found.articles) else 1]))
    with staged(folder):
        pass
    assert_same(load_tables(folder), found)
    assert not [path.name for path in folder.iterdir() if path.name.startswith((".new", ".commit"))]


def test_a_full_disk_leaves_the_old_tables_and_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_tables(some_tables(), tmp_path)
    before = contents(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_batch", full)
    with pytest.raises(StoreError, match=r"disk that holds .* is full .* unchanged. Free some space"):
        save_tables(some_tables(), tmp_path)
    assert contents(tmp_path) == before
    assert_same(load_tables(tmp_path), some_tables())


def test_a_full_disk_while_synchronising(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_tables(some_tables(), tmp_path)

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(folder_module, "_sync", full)
        with pytest.raises(StoreError, match="is full"):
            save_tables(Tables(), tmp_path)
    assert_same(load_tables(tmp_path), some_tables())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"act": "shout"}, "statements.act: 'shout' is none of"),
        ({"speaker": ""}, "statements.speaker: an empty string"),
        ({"confidence": None}, "statements.confidence: a missing value"),
        ({"date_start": "2019-02-28"}, "statements.date_start: str for a column of date"),
        ({"content_spans": (24, 30, 1)}, None),
        ({"end": 31}, "is no span of a text of 30 characters"),
        ({"loudness": 3}, "no columns"),
    ],
)
def test_rows_are_checked_before_they_join(change: dict, message: str | None) -> None:
    if message is None:
        check_row(STATEMENT | change, "statements", length=30)
    else:
        with pytest.raises(TableError, match=message):
            check_row(STATEMENT | change, "statements", length=30)
