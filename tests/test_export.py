"""Exports: PLOVER's coding, what TimelineJS reads, the flat file, and what their manifests count."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fake_tables import fake_tables
from hostile import PAYLOADS, hostile_tables

from analysis.cli import main
from analysis.export import FORMATS, export
from analysis.exports.plover import QUADS, SCORES, plover_coding
from analysis.folder import StoreError, file_hash
from analysis.manifest import WrongUseError
from analysis.schema import EVENT_TYPES, STATUSES, Tables, check_table, table
from analysis.store import FORMULA_STARTS, rows_of, save_tables

Row = dict[str, Any]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    save_tables(fake_tables(6, 4, events=9), folder)
    return folder


def event_rows(folder: Path) -> list[Row]:
    from analysis.store import load_tables

    return list(rows_of(load_tables(folder).events, "events"))


def manifest_of(path: Path) -> Row:
    return json.loads(path.with_name(f"{path.name}.manifest.json").read_text(encoding="utf-8"))


def records_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# ------------------------------------------------------------------ PLOVER's coding


PLAIN = {"trigger": "did", "actors": ["Chile"], "recipients": ["Fiji"]}


@pytest.mark.parametrize(
    ("kind", "status", "coded"),
    [
        *((kind, "planned", "AGREE") for kind in ("CONSULT", "SUPPORT", "COOPERATE", "AID", "AGREE")),
        *((kind, "planned", "CONCEDE") for kind in ("RETREAT", "CONCEDE")),
        *(
            (kind, status, "THREATEN")
            for kind in ("SANCTION", "COERCE", "MOBILIZE", "ASSAULT")
            for status in ("planned", "threatened")
        ),
        ("PROTEST", "planned", "PROTEST"),
        ("PROTEST", "threatened", "THREATEN"),
        *((kind, "refused", "REJECT") for kind in ("COOPERATE", "AGREE", "AID", "RETREAT")),
        *((kind, status, kind) for kind in EVENT_TYPES for status in ("occurred", "ongoing")),
        *((kind, "considered", None) for kind in EVENT_TYPES),
    ],
)
def test_type_and_status_give_the_coding(kind: str, status: str, coded: str | None) -> None:
    coding = plover_coding(PLAIN | {"type": kind, "status": status})
    assert (coding and coding.event) == coded


@pytest.mark.parametrize(
    ("trigger", "status", "coded"),
    [
        ("signed", "occurred", "SUPPORT"),
        ("signing", "occurred", "SUPPORT"),
        ("ratified", "occurred", "SUPPORT"),
        ("sign", "planned", "AGREE"),
        ("agreed", "occurred", "AGREE"),
        ("signalled readiness", "occurred", "AGREE"),
        ("reached an interim agreement", "occurred", "SUPPORT"),
        ("struck a deal", "occurred", "SUPPORT"),
        ("has finally concluded two treaties", "occurred", "SUPPORT"),
        ("failed to reach agreement", "occurred", "AGREE"),
        ("reached no agreement", "occurred", "AGREE"),
        ("reached a one-year non-aggression pact", "occurred", "SUPPORT"),
        ("reached out about a deal", "occurred", "AGREE"),
    ],
)
def test_a_signing_is_support(trigger: str, status: str, coded: str) -> None:
    coding = plover_coding(PLAIN | {"type": "AGREE", "status": status, "trigger": trigger})
    assert coding is not None
    assert coding.event == coded


@pytest.mark.parametrize(
    ("actors", "thing", "coded"),
    [
        (["Chile", "Fiji"], "trade agreement", "SUPPORT"),
        (["Chile", "Fiji"], "joint exercise", "AGREE"),
        (["Chile", "Fiji"], "formal peace treaty", "SUPPORT"),
        (["Chile", "Fiji"], "talks on a trade deal", "AGREE"),
        (["Chile", "Fiji"], "to discuss a ceasefire", "AGREE"),
        (["Chile", "Fiji"], None, "AGREE"),
        (["Chile"], "trade agreement", "AGREE"),
    ],
)
def test_two_who_agree_a_deal_support(actors: list[str], thing: str | None, coded: str) -> None:
    row = {"type": "AGREE", "status": "occurred", "trigger": "agreed", "actors": actors, "recipients": [], "object": thing}
    coding = plover_coding(row)
    assert coding is not None
    assert coding.event == coded


def test_what_is_planned_and_keeps_its_type_says_so() -> None:
    coding = plover_coding(PLAIN | {"type": "PROTEST", "status": "planned"})
    assert coding is not None
    assert coding.auxiliary == "future"


def test_a_mutual_act_is_refused_by_whoever_is_named() -> None:
    row = {"type": "CONSULT", "status": "refused", "trigger": "meet", "actors": ["Chile", "Fiji"], "recipients": []}
    assert plover_coding(row) is None
    assert plover_coding(row, "Peru") is None
    assert plover_coding(row, "Fiji") == ("REJECT", ("Fiji",), ("Chile",), None)


def test_every_type_has_a_quad_code_and_a_score() -> None:
    assert set(QUADS) == set(SCORES) == set(EVENT_TYPES)


# ------------------------------------------------------------------ PLOVER's records


def test_plover_records_hold_what_is_required_and_the_rest_is_counted(stored: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "events.jsonl"
    done = export(stored, out, format="plover")
    dated, undated = records_of(out), records_of(out.with_name("events-undated.jsonl"))
    for record in dated:
        assert date.fromisoformat(record["date"]) <= date.fromisoformat(record.get("enddate", "9999-12-31"))
    assert all("date" not in record for record in undated)
    for record in (*dated, *undated):
        assert record["id"]
        assert record["actor"]
        (kind,) = record["event"]
        assert (record["quad_code"], record["event_scale"]) == (QUADS[kind], SCORES[kind])
    counts = manifest_of(out)["cannot_hold"]
    left = sum(number for reason, number in counts.items() if reason != "undated")
    assert len(dated) + len(undated) + left == done.events == len(event_rows(stored))
    assert counts["undated"] == len(undated) > 0
    assert counts["considered"] == sum(row["status"] == "considered" for row in event_rows(stored)) > 0


def test_a_plover_record_in_full(tmp_path: Path) -> None:
    save_tables(one_event(status="occurred"), tmp_path / "tables")
    export(tmp_path / "tables", tmp_path / "events.jsonl", format="plover")
    (record,) = records_of(tmp_path / "events.jsonl")
    assert record["actor"] == [
        {"country": "CHL", "code": "CHL", "sector": "COP", "actor_text": "Chilean police", "identifier_text": "Chilean police"}
    ]
    assert record["recipient"] == [{"actor_text": "Mara Soto", "identifier_text": "Mara Soto"}]
    assert (record["date"], record["enddate"], record["event"], record["mode"]) == (
        "2020-03-02",
        "2020-03-03",
        ["COERCE"],
        ["arrest"],
    )
    assert record["event_loc"] == {"name": "Talca"}
    assert (record["text"], record["link"]) == ("Chilean police arrested Mara Soto in Talca", "k1")
    assert record["cite_info"]["publication"] == "El Faro"


def test_a_threat_has_the_mode_of_what_is_threatened(tmp_path: Path) -> None:
    save_tables(one_event(status="threatened"), tmp_path / "tables")
    export(tmp_path / "tables", tmp_path / "events.jsonl", format="plover")
    (record,) = records_of(tmp_path / "events.jsonl")
    assert (record["event"], record["mode"], record["quad_code"]) == (["THREATEN"], ["arrest"], 3)


def one_event(**values: object) -> Tables:
    text = "Chilean police arrested Mara Soto in Talca last week."
    article = {
        "article_id": "a",
        "path": "a.txt",
        "format": "text",
        "sha256": "0",
        "text": text,
        "n_words": 9,
        "outlet": "El Faro",
    }
    article |= {"published_basis": "none", "reference_basis": "none", "zones": [{"start": 0, "end": len(text), "kind": "body"}]}
    event = {"event_id": "a-e1", "article_id": "a", "zone": "body", "start": 0, "end": 42, "trigger": "arrested"}
    event |= {"trigger_spans": [[15, 23]], "type": "COERCE", "quad_class": "material conflict", "actors": ["Chilean police"]}
    event |= {"actor_spans": [[[0, 14]]], "recipients": ["Mara Soto"], "recipient_spans": [[[24, 33]]], "countries": ["CHL"]}
    event |= {"date_start": date(2020, 3, 2), "date_end": date(2020, 3, 3), "date_basis": "resolved", "date_text": "last week"}
    event |= {"place": "Talca", "object": None, "event_key": "k1", "confidence": 0.9, "review": "none"}
    actor = {"actor": "Chilean police", "of": None, "kind": "organisation", "country": "CHL", "aliases": [], "n_statements": 0}
    actors = table("actors", [actor | {"n_events": 1, "basis": "found"}])
    return Tables(table("articles", [article]), events=table("events", [event | values]), actors=actors)


# ------------------------------------------------------------------ TimelineJS


def test_a_slide_for_each_dated_happening(stored: Path, tmp_path: Path) -> None:
    export(stored, tmp_path / "timeline.json", format="timelinejs")
    slides = json.loads((tmp_path / "timeline.json").read_text(encoding="utf-8"))["events"]
    rows = event_rows(stored)
    dated = {row["event_key"] for row in rows if row["date_start"]}
    assert {slide["unique_id"] for slide in slides} == dated
    assert len(slides) == len(dated)
    days = [tuple(slide["start_date"].values()) for slide in slides]
    assert days == sorted(days)
    keys = {row["event_key"] for row in rows}
    assert manifest_of(tmp_path / "timeline.json")["cannot_hold"] == {"undated happenings": len(keys - dated)}
    assert all(slide["text"]["headline"] and slide["group"] and slide["display_date"] for slide in slides)


def test_the_columns_of_the_spreadsheet_say_the_same(stored: Path, tmp_path: Path) -> None:
    for name in "timeline.json", "timeline.csv":
        export(stored, tmp_path / name, format="timelinejs")
    slides = json.loads((tmp_path / "timeline.json").read_text(encoding="utf-8"))["events"]
    with (tmp_path / "timeline.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Headline"] for row in rows] == [slide["text"]["headline"] for slide in slides]
    assert [[row["Year"], row["Month"], row["Day"]] for row in rows] == [
        [str(n) for n in slide["start_date"].values()] for slide in slides
    ]


# ------------------------------------------------------------------ the flat file


def test_the_flat_file_holds_every_mention(stored: Path, tmp_path: Path) -> None:
    export(stored, tmp_path / "events.csv", format="csv")
    with (tmp_path / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    events = event_rows(stored)
    assert [row["event_id"] for row in rows] == [row["event_id"] for row in events]
    assert [row["actors"] for row in rows] == ["; ".join(row["actors"]) for row in events]
    assert {row["n_articles"] for row in rows} > {"1"}
    assert manifest_of(tmp_path / "events.csv")["cannot_hold"] == {}


# ------------------------------------------------------------------ every format


def hostile_events() -> Tables:
    made = hostile_tables()
    events = []
    for number, (article, payload) in enumerate(zip(rows_of(made.articles, "articles"), PAYLOADS, strict=True)):
        row = {"event_id": f"{article['article_id']}-e1", "article_id": article["article_id"], "zone": "body", "start": 0}
        row |= {"end": len(payload), "trigger_spans": [[0, len(payload)]], "trigger": payload, "type": EVENT_TYPES[number % 16]}
        row |= {"quad_class": "verbal conflict", "actors": [payload], "recipients": [payload + "!"], "actor_spans": [[[0, 1]]]}
        row |= {"recipient_spans": [[[0, 1]]], "countries": [], "status": STATUSES[number % 2], "date_start": date(1, 1, 1)}
        row |= {
            "date_end": date(9999, 12, 31),
            "date_basis": "explicit",
            "date_text": payload,
            "place": payload,
            "object": payload,
        }
        events.append(row | {"event_key": f"k{number}", "confidence": 0.5, "review": "none"})
    return Tables(made.articles, made.statements, check_table(table("events", events), "events"), problems=made.problems)


def test_words_of_articles_do_no_harm(tmp_path: Path) -> None:
    save_tables(hostile_events(), tmp_path / "tables")
    for format, name in (("plover", "a.jsonl"), ("timelinejs", "b.json"), ("timelinejs", "c.csv"), ("csv", "d.csv")):  # noqa: A001
        export(tmp_path / "tables", tmp_path / name, format=format)
    assert len(records_of(tmp_path / "a.jsonl")) == len(PAYLOADS)
    slides = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))["events"]
    assert len(slides) == len(PAYLOADS)
    for slide in slides:
        text = slide["text"]["headline"] + slide["text"]["text"].replace("<p>", "").replace("</p>", "")
        assert "<" not in text
    for name in "c.csv", "d.csv":
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(FORMULA_STARTS) and cell[0] != "'"]


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_tables_give_the_same_bytes_and_the_manifest_knows_them(stored: Path, tmp_path: Path, format: str) -> None:  # noqa: A002
    for name in "one", "two":
        files = export(stored, tmp_path / name / "events.out", format=format).files
        record = manifest_of(tmp_path / name / "events.out")
        assert {path.name: file_hash(path) for path in files} == {
            name: each["sha256"] for name, each in record["files"].items()
        }
        assert record["tables"]["manifest.json"] == file_hash(stored / "manifest.json")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    assert not list((tmp_path / "one").glob(".new-*"))


@pytest.mark.parametrize("format", FORMATS)
def test_tables_without_events(tmp_path: Path, format: str) -> None:  # noqa: A002
    save_tables(fake_tables(2, 2), tmp_path / "tables")
    done = export(tmp_path / "tables", tmp_path / "events.out", format=format)
    assert done.events == 0
    assert sum(done.left_out.values()) == 0


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "events.csv"
    out.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="is full"):
        export(stored, out, format="csv")
    assert [path.name for path in tmp_path.iterdir()] == ["events.csv"]
    assert out.read_text(encoding="utf-8") == "old"


def test_wrong_use_is_told(stored: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="'xml'; the formats are plover, timelinejs, csv"):
        export(stored, tmp_path / "a", format="xml")
    with pytest.raises(WrongUseError, match="is a folder"):
        export(stored, tmp_path, format="csv")
    with pytest.raises(WrongUseError, match="one of the tables"):
        export(stored, stored / "events.csv", format="csv")
    with pytest.raises(StoreError, match="there are no tables"):
        export(tmp_path, tmp_path / "a.csv", format="csv")


# ------------------------------------------------------------------ the command


def test_the_command(stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "events.jsonl"
    assert main(["export", "--format", "plover", str(stored), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "events in the tables; what the format cannot hold:" in said
    assert "considered" in said
    assert len(records_of(out)) > 0


def test_the_command_names_the_formats_and_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--format", "plower", "tables", "--out", "x"]) == 2
    assert "did you mean plover?" in capsys.readouterr().err
    assert main(["export", "--format", "csv", str(tmp_path), "--out", str(tmp_path / "x")]) == 1
    assert "there are no tables" in capsys.readouterr().err
    assert main(["export", "tables"]) == 2


@pytest.mark.parametrize(("end", "shown"), [(None, "since 2000-01-01"), (date(2000, 1, 1), "2000-01-01")])
def test_a_time_without_a_known_end_is_shown_as_one(tmp_path: Path, end: date | None, shown: str) -> None:
    save_tables(
        one_event(status="occurred", date_start=date(2000, 1, 1), date_end=end, date_basis="explicit"), tmp_path / "tables"
    )
    export(tmp_path / "tables", tmp_path / "timeline.json", format="timelinejs")
    slides = json.loads((tmp_path / "timeline.json").read_text(encoding="utf-8"))["events"]
    assert [slide["display_date"] for slide in slides] == [shown]
