"""The figures of events: what each scorer counts as right and as wrong, on small cases of our own, without the model."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from test_benchmarks import needs_shared, shared_tool

from analysis.schema import EVENT_TYPES, Tables, table
from analysis.store import save_tables
from benchmarks import __main__ as everything
from benchmarks import (
    extraction,
    folds,
    from_tables,
    gold,
    happenings,
    meantime,
    overlaps,
    passages,
    plv,
    results,
    sample,
    seed_events,
    semeval,
)
from training.events import read_examples, read_marked, read_pairs

Row = dict[str, Any]


def row_from(event: Row, text: str, **values: Any) -> Row:
    """A row of the events table that says what a marked event says; values replace its own."""
    days: list[date | None] = [date.fromisoformat(day) for day in event.get("days") or ()]
    days = days or [None, None]
    spans = sorted(event["trigger"])
    trigger = " ... ".join(text[a:b] for a, b in spans)
    row = {
        "event_id": f"e{event['number']}",
        "start": spans[0][0],
        "end": spans[-1][1],
        "trigger_spans": event["trigger"],
        "trigger": trigger,
        "type": event["type"],
        "status": event["status"],
        **{f"{side}_spans": [[span] for span in event[f"{side}s"]] for side in ("actor", "recipient")},
        **{f"{side}s": [text[a:b] for a, b in event[f"{side}s"]] for side in ("actor", "recipient")},
        "countries": [],
        "date_start": days[0],
        "date_end": days[1],
        "date_basis": "resolved" if days[0] else "none",
        "event_key": f"k{event['number']}",
        "confidence": 0.9,
    }
    return row | values


def marked_rows(marked: str, *changes: Row) -> tuple[str, list[Row]]:
    """A marked sentence as text, and a row for each of its events, with changes to each."""
    text, events = read_marked(marked)
    return text, [row_from(event, text, **(changes[n] if n < len(changes) else {})) for n, event in enumerate(events)]


def measured(figures: Sequence[results.Figure]) -> dict[str, float | None]:
    """Figures by the end of their names."""
    return {figure.what.rpartition(", ")[2]: figure.measured for figure in figures}


# ---------------------------------------------------------------------- overlaps


def test_mentions_that_overlap() -> None:
    one, two = [[0, 4]], [[10, 14]]
    assert overlaps.count_overlaps([one, two], [one, two]) == (2, 2, 2, 2)
    assert overlaps.count_overlaps([[[0, 14]]], [one, two]) == (1, 2, 1, 2)
    assert overlaps.count_overlaps([one], [[[4, 9]]]) == (1, 1, 0, 0)
    assert overlaps.count_overlaps([one, two], [one]).f1 == pytest.approx(2 / 3)
    assert overlaps.Counts().f1 is None
    assert overlaps.Counts(gold=3).f1 == 0


def test_a_class_that_is_never_found_counts_and_one_that_nobody_has_does_not() -> None:
    assert overlaps.macro_f1(["a", "a", "b"], ["a", "a", None], "abc") == 0.5
    assert overlaps.macro_f1(["a", "a"], ["a", "x"], "ab") == pytest.approx(2 / 3)
    assert overlaps.macro_f1([], [], "ab") is None


def test_kappa_is_none_without_chance_and_below_zero_for_opposites() -> None:
    assert overlaps.kappa([True, True], [True, True]) is None
    assert overlaps.kappa([True, False], [False, True]) == -1


# ------------------------------------------------------------------------- folds


def test_folds_depend_on_words_alone() -> None:
    texts = [f"Sentence number {number} of many." for number in range(200)]
    assert {folds.fold_of(text) for text in texts} == set(range(5))
    digest = hashlib.sha256(b"Chad and Niger signed.").hexdigest()
    assert folds.fold_of(" Chad and\n Niger  signed. ") == int(digest[:8], 16) % 5


# ------------------------------------------------------------------------- seeds


def perfect_records() -> dict[str, Row]:
    """The gold of the seeds as a prediction, its keys as a system gives them."""
    records: dict[str, Row] = json.loads(json.dumps(gold.read_records(gold.GOLD)))
    for record in records.values():
        for row in record["events"]:
            row["event_key"] = row.get("same_as") or row["id"]
    return records


def test_seeds_perfect_and_wrong() -> None:
    annotated = gold.read_gold()
    figures, text = seed_events.figures_of(annotated, perfect_records())
    assert {results.reached(figure) for figure in figures} == {"goal"}
    assert "core recipients_f1" in text
    assert "statements" not in text.splitlines()[0]
    records = perfect_records()
    for record in records.values():
        for row in record["events"]:
            row |= {"date": {"start": "1999-01-01", "end": "1999-01-01"}, "event_key": "all", "type": "PROTEST", "actors": []}
            row |= {"status": "refused", "countries": ["NOR"], "recipients": ["Nobody"], "statement": None}
    figures, _ = seed_events.figures_of(annotated, records)
    values = {figure.what: figure for figure in figures}
    assert values["seeds, the 2 dated core events, right"].measured == 0
    assert values["seeds, the other 36 core events, dated"].measured == 36
    assert {results.reached(figure) for figure in figures[2:]} == {"below"}
    assert [figure.measured for figure in figures[:2]] == [1, 1]


def test_no_events_at_all_are_below_every_floor() -> None:
    records = perfect_records()
    for record in records.values():
        record["events"] = []
    figures, text = seed_events.figures_of(gold.read_gold(), records)
    assert figures[0].measured == 0
    assert "none in the tables" in text


@needs_shared
def test_stored_events_agree_with_the_shared_tools(tmp_path: Path) -> None:
    """From stored tables to scores: ours and the shared programs', on the seeds with some rows changed."""
    converter, scorer = shared_tool("tables_to_scorer"), shared_tool("evaluate_gold")
    annotated = gold.read_gold()
    articles, events = [], []
    for name, record in perfect_records().items():
        text = annotated[name].text
        plain = {"published_basis": "none", "reference_basis": "none", "format": "text", "sha256": "0" * 64}
        articles.append({"article_id": name, "path": f"{name}.txt", "text": text, "n_words": len(text.split()), **plain})
        for number, row in enumerate(record["events"]):
            if number % 7 == 3:
                continue
            spans = row["trigger"]
            kept = {key: row[key] for key in ("type", "actors", "countries", "event_key", "zone")}
            events.append(
                kept
                | {"event_id": row["id"], "article_id": name, "start": spans[0][0], "end": spans[-1][1], "trigger_spans": spans}
                | {"trigger": " ".join(text[a:b] for a, b in spans), "quad_class": "verbal conflict", "review": "none"}
                | {"recipients": row["recipients"] if number % 5 else ["Chad"], "confidence": 0.5, "date_basis": "none"}
                | {"status": row["status"] if number % 4 else "planned", "date_start": row["date"]["start"]}
                | {"date_end": row["date"]["end"], "actor_spans": [[[0, 1]]]}
            )
    stored = tmp_path / "tables"
    save_tables(Tables(articles=table("articles", articles), events=table("events", events)), stored)
    converter.for_gold(stored, tmp_path / "files")
    truth = scorer.load_gold(gold.GOLD, [gold.TEXTS])
    theirs, sums = scorer.load_pred(tmp_path / "files", truth, False), (scorer.Score(), scorer.Score())
    for name, (one, _) in truth.items():
        for together, part in zip(sums, scorer.score_article(one, theirs[name])[:2], strict=True):
            together.add(part)
    ours = gold.score(annotated, from_tables.gold_records(stored))["overall"]["events"]
    expected = scorer.summary(*sums)["events"]
    assert {key: ours[key] for key in expected if key != "on_core"} == pytest.approx(
        {key: value for key, value in expected.items() if key != "on_core"}
    )
    assert ours["on_core"] == pytest.approx(expected["on_core"])
    assert 0 < ours["status"] < 1
    assert 0 < ours["recall_core"] < 1


# ---------------------------------------------------------------------- passages

PASSAGE: Row = {
    "id": "one",
    "reference": "2020-05-06",
    "days": {1: ["2020-05-04", "2020-05-04"]},
    "text": (
        "[act1 Malta] [trig1:SANCTION:occurred expelled] [rec1 two envoys] on [date1 Monday] and [act2 its premier] may "
        "[trig2:CONSULT:considered meet] [rec2 the bishop]."
    ),
}


def one_passage() -> Row:
    text, events = read_marked(PASSAGE["text"])
    for event in events:
        event["days"] = PASSAGE["days"].get(event["number"])
    return {"id": "one", "text": text, "reference": PASSAGE["reference"], "events": events}


def scores_of(rows: Sequence[Row]) -> dict[str, float | None]:
    return measured(passages.figures_of([one_passage()], {"one": rows})[0])


def test_passages_against_themselves_are_one() -> None:
    examples = read_examples(passages.PASSAGES)
    found = {one["id"]: [row_from(event, one["text"]) for event in one["events"]] for one in examples}
    figures, text = passages.figures_of(examples, found)
    assert {figure.measured for figure in figures} == {1}
    assert "0 rows too much; 0 of 54 passages" in text
    assert not list(passages.errors(examples, found))


def test_what_is_wrong_in_a_passage() -> None:
    passage = one_passage()
    first, second = (row_from(event, passage["text"]) for event in passage["events"])
    # What is not core need not be found.
    assert scores_of([first])["trigger recall on core"] == 1
    assert scores_of([second])["trigger recall on core"] == 0
    extra = {**second, "trigger_spans": [[0, 5]], "trigger": "Malta"}
    assert scores_of([first, extra])["trigger precision"] == 0.5
    late = {**first, "date_start": date(2020, 5, 11), "date_end": date(2020, 5, 11)}
    assert scores_of([late, second])["dated events exact"] == 0
    assert scores_of([first, {**second, "date_start": date(2020, 5, 6), "date_end": date(2020, 5, 6)}]) == {
        **scores_of([first, second]),
        "undated events not dated": 0,
    }
    assert scores_of([{**first, "type": "AID"}, second])["share right"] == 0.5
    assert scores_of([{**first, "status": "planned"}, second])["macro F1 of six"] == pytest.approx(1 / 3)
    swapped = {**first, "actor_spans": first["recipient_spans"], "recipient_spans": first["actor_spans"]}
    assert scores_of([swapped, second]) == {**scores_of([first, second]), "overlap F1": 0.5}
    lines = [*passages.errors([passage], {"one": [late, extra]})]
    assert [line.split()[0] for line in lines] == ["missed", "too", "date"]


def test_other_accepted_words_are_the_trigger_too() -> None:
    text, events = read_marked("[act1 Oslo] [trig1:THREATEN:threatened warned] it would [alt1 close] the port.")
    passage = {"id": "one", "text": text, "reference": None, "events": [{**events[0], "days": None}]}
    row = {**row_from(events[0], text), "trigger_spans": events[0]["trigger_accept"]}
    assert measured(passages.figures_of([passage], {"one": [row]})[0])["trigger F1"] == 1


# --------------------------------------------------------------------------- PLV


@pytest.mark.parametrize(
    ("kind", "status", "trigger", "exported"),
    [
        ("CONSULT", "occurred", "met", "CONSULT"),
        ("CONSULT", "planned", "meet", "AGREE"),
        ("RETREAT", "planned", "withdraw", "CONCEDE"),
        ("CONCEDE", "planned", "pardon", "CONCEDE"),
        ("SANCTION", "threatened", "cut off", "THREATEN"),
        ("PROTEST", "threatened", "march", "THREATEN"),
        ("PROTEST", "planned", "march", "PROTEST"),
        ("AGREE", "occurred", "signed", "SUPPORT"),
        ("AGREE", "planned", "share", "AGREE"),
        ("AGREE", "occurred", "designed", "AGREE"),
        ("AID", "refused", "pay", "REJECT"),
        ("ASSAULT", "considered", "shell", None),
    ],
)
def test_exported_types(kind: str, status: str, trigger: str, exported: str | None) -> None:
    row = {"type": kind, "status": status, "trigger": trigger, "actors": ["Chile"], "recipients": ["Haiti"]}
    assert plv.exported_type(row) == exported


def plv_sentence(marked: str, kind: str) -> tuple[Row, list[Row]]:
    text, rows = marked_rows(marked)
    spans = {side: [{"start": a, "end": b} for ((a, b),) in rows[0][f"{of}_spans"]] for side, of in plv_sides}
    return {"text": text, "event": kind, **spans}, rows


plv_sides = (("source", "actor"), ("target", "recipient"))


def test_plv_takes_the_surest_row_that_is_exported() -> None:
    sentence, rows = plv_sentence("[act1 Fiji] [trig1:RETREAT:occurred freed] [rec1 the crew].", "YIELD")
    doubtful = {**rows[0], "type": "AID", "confidence": 0.5, "actor_spans": []}
    considered = {**rows[0], "type": "AID", "status": "considered", "confidence": 0.99}
    right = measured(plv.figures_of([sentence], {sentence["text"]: [doubtful, considered, rows[0]]}, seen=False)[0])
    assert right == {"accuracy": 1, "macro F1": 1, "overlap F1": 1}
    figures, text = plv.figures_of([sentence], {sentence["text"]: [considered]}, seen=False)
    assert [figure.measured for figure in figures] == [0, 0, 0, 0]
    assert "0 without any row, 1 without an exported one" in text


def test_plv_counts_mentions_over_all_sentences() -> None:
    one, rows = plv_sentence("[act1 Fiji] [trig1:CONSULT:occurred met] [rec1 Tonga].", "CONSULT")
    other, _ = plv_sentence("[act1 Palau] [trig1:AID:occurred fed] [rec1 Nauru].", "AID")
    mutual = {**rows[0], "actor_spans": [*rows[0]["actor_spans"], *rows[0]["recipient_spans"]], "recipient_spans": []}
    counts = plv.participants([one, other], {one["text"]: [mutual], other["text"]: []})
    assert counts["source"] == (2, 2, 1, 1)
    assert counts["target"] == (2, 0, 0, 0)
    assert counts["target, mutual split"] == (2, 1, 1, 1)


def test_types_that_were_seen_in_training_have_no_floor() -> None:
    sentence, rows = plv_sentence("[act1 Fiji] [trig1:AID:occurred fed] [rec1 Tonga].", "AID")
    figures, _ = plv.figures_of([sentence], {sentence["text"]: rows}, seen=True)
    assert all(figure.floor is None and "seen in training" in figure.what for figure in figures)


def test_every_fold_is_read_by_its_own_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    texts = [f"Sentence {number}." for number in range(40)]
    used: dict[str, Path | None] = {}

    def fake(records: Any, *, model: Path | None = None) -> Tables:
        used.update((record["text"], model) for record in records)
        return Tables()

    monkeypatch.setattr(plv, "tables_of", fake)
    with pytest.raises(results.BenchmarkError, match=r"fold-0.*python -m training --folds"):
        plv.extract_sentences(texts, models=tmp_path)
    for fold in range(5):
        (tmp_path / f"fold-{fold}").mkdir()
        (tmp_path / f"fold-{fold}" / "tagger.onnx").write_bytes(b"")
    plv.extract_sentences([*texts, *texts], models=tmp_path)
    assert used == {text: tmp_path / f"fold-{folds.fold_of(text)}" / "tagger.onnx" for text in texts}


def test_quad_classes_hold_every_type() -> None:
    assert set(plv.QUADS) == (set(EVENT_TYPES) - set(plv.YIELD)) | {"YIELD"}


# -------------------------------------------------------------------- happenings


def report_rows(pairs: Sequence[Row]) -> dict[str, list[Row]]:
    """A row for each report's happening, its key the pair's where that is the same and the report's own where not."""
    found = {}
    for pair in pairs:
        for side in happenings.SIDES:
            one = pair[side]
            key = pair["id"] if pair["same"] else one["id"]
            found[one["id"]] = [row_from(one["events"][0], one["text"], event_key=key)]
    return found


def test_pairs_of_reports() -> None:
    pairs = read_pairs(happenings.PAIRS)
    found = report_rows(pairs)
    figures, text = happenings.figures_of(pairs, found)
    assert [figure.measured for figure in figures] == [1, 0]
    assert [results.reached(figure) for figure in figures] == ["goal", "goal"]
    assert "40 of 40 pairs right" in text
    assert not list(happenings.errors(pairs, found))
    different = next(pair for pair in pairs if not pair["same"])
    found[different["first"]["id"]][0]["event_key"] = found[different["second"]["id"]][0]["event_key"]
    figures, _ = happenings.figures_of(pairs, found)
    assert figures[0].measured == pytest.approx(40 / 41)
    assert (figures[1].measured, results.reached(figures[1])) == (1, "below")
    assert [line.split()[0] for line in happenings.errors(pairs, found)] == ["merged"]


def test_reports_of_two_pairs_are_contradictions_and_a_lost_row_is_no_match() -> None:
    pairs = read_pairs(happenings.PAIRS)
    found = report_rows(pairs)
    same = [pair for pair in pairs if pair["same"]]
    found[same[0]["first"]["id"]] = []
    found[same[1]["first"]["id"]][0]["trigger_spans"] = [[0, 1]]
    for row in (found[same[2]["first"]["id"]][0], found[same[3]["first"]["id"]][0]):
        row["event_key"] = "both"
    figures, text = happenings.figures_of(pairs, found)
    assert figures[0].measured == pytest.approx(2 * 16 / (20 + 16))
    assert figures[1].measured == 1
    assert "2 of 80 happenings have no row" in text


# ----------------------------------------------------------------------- SemEval


def test_event_dates(tmp_path: Path) -> None:
    text = "Peace at last\nThe two sides signed on 4 May 2010 after talks .\nThey parted .\nIn 2009 they had fought .\n"
    places = {word: (text.index(word), text.index(word) + len(word)) for word in ("signed", "talks", "parted", "fought")}
    documents = [{"doc": "7", "title": "Peace", "dct": "2010-05-06", "text": text}]
    dates = {"signed": "2010-05-04", "talks": "XXXX-XX-XX", "parted": "2010-05-05", "fought": "2009-XX-XX"}
    timelines = [
        {"date": dates[word], "mentions": [{"doc": "7", "start": start, "end": end}]} for word, (start, end) in places.items()
    ]
    timelines.append({"date": "2010-05-06", "mentions": [{"doc": "7", "start": None, "end": None}]})
    mentions = semeval.mentions_of(timelines)
    assert len(mentions) == 4
    given = semeval.answers(documents, mentions, {})
    assert [(one.table, one.nearest is not None) for one in given] == [(None, True), (None, True), (None, False), (None, True)]
    # The signing and the year are nearest; the parting has but the article's date, which is wrong; talks have no date.
    assert semeval.exact(given) == pytest.approx(2 / 3)
    assert semeval.precision(given) is None
    day = {"date_start": date(2010, 5, 5), "date_end": date(2010, 5, 5)}
    rows = [{"trigger_spans": [list(places[word])], **day} for word in ("parted", "talks")]
    given = semeval.answers(documents, mentions, {"7": rows})
    assert semeval.exact(given) == 1
    assert semeval.precision(given) == 0.5
    (tmp_path / "events").mkdir()
    for name, some in ((semeval.DOCUMENTS, documents), (semeval.TIMELINES, timelines)):
        with gzip.open(tmp_path / "events" / name, "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(line) + "\n" for line in some)


def test_a_date_on_which_timelines_differ_may_be_either() -> None:
    places = [{"doc": "1", "start": 0, "end": 4}]
    lines = [{"date": value, "mentions": places} for value in ("2001-02-03", "XXXX-XX-XX", "2001-02-XX")]
    (mention,) = semeval.mentions_of(lines)
    assert mention.days == {(date(2001, 2, 3), date(2001, 2, 3)), (date(2001, 2, 1), date(2001, 2, 28))}


@pytest.mark.parametrize(("value", "last"), [("1989", date(1989, 12, 31)), ("2012-02", date(2012, 2, 29)), ("XXX-XX-XX", None)])
def test_days_of_partial_dates(value: str, last: date | None) -> None:
    days = semeval.days_of(value)
    assert (days and days[1]) == last


# ---------------------------------------------------------------------- MEANTIME


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"certainty": "CERTAIN", "polarity": "POS", "time": "NON_FUTURE"}, "happened"),
        ({"certainty": "CERTAIN", "polarity": "NEG", "time": "FUTURE"}, "refused"),
        ({"certainty": "PROBABLE", "polarity": "POS", "time": "NON_FUTURE"}, "considered"),
        ({"certainty": "CERTAIN", "polarity": "POS", "time": "FUTURE", "special_cases": "COND_IF_CLAUSE"}, "considered"),
        ({"certainty": "CERTAIN", "polarity": "POS", "time": "NON_FUTURE", "special_cases": "GEN"}, None),
        ({"certainty": "CERTAIN", "polarity": "POS", "time": "UNDERSPECIFIED"}, None),
        ({}, None),
    ],
)
def test_classes_of_meantime(given: Row, kind: str | None) -> None:
    assert meantime.class_of(given) == kind


def test_status_of_mentions_that_the_table_holds() -> None:
    certain = {"certainty": "CERTAIN", "polarity": "POS", "special_cases": "NONE"}
    names = [name for name in map(str, range(40)) if meantime.half_of(name) == "odd"][:1]
    document = {
        "doc_id": names[0],
        "events": [
            {"start": 0, "end": 4, "class": "GRAMMATICAL", "time": "NON_FUTURE", **certain},
            {"start": 5, "end": 12, "class": "OTHER", "time": "FUTURE", **certain},
            {"start": 20, "end": 25, "class": "OTHER", "time": "NON_FUTURE", **certain},
            {"start": 30, "end": 35, "class": "OTHER", "time": "NON_FUTURE", **certain},
        ],
    }
    rows = [
        {"trigger_spans": [[0, 12]], "status": "planned"},
        {"trigger_spans": [[20, 25]], "status": "ongoing"},
        {"trigger_spans": [[50, 55]], "status": "refused"},
    ]
    assert [tuple(one[1:]) for one in meantime.held(document, rows)] == [("planned", "planned"), ("happened", "happened")]
    figures, _ = meantime.figures_of([document], {names[0]: rows})
    assert figures[0].measured == 1
    assert figures[0].what.endswith("2 mentions")
    threatened = [{**rows[0], "status": "threatened"}, rows[1]]
    assert meantime.figures_of([document], {names[0]: threatened})[0][0].measured == 0.5


# ------------------------------------------------------------------------ sample


def sheet_rows(n: int = 6) -> list[Row]:
    text = "Fiji fed Tonga."
    row = {"article_id": "a", "start": 0, "end": 14, "trigger_spans": [[5, 8]], "type": "AID", "actors": ["Fiji"]}
    row |= {"recipients": ["Tonga"], "countries": ["FJI", "TON"], "status": "occurred", "date_start": None, "date_end": None}
    row |= {
        "actor_spans": [[[0, 4]]],
        "recipient_spans": [[[9, 14]]],
        "confidence": 0.75,
        "date_basis": "none",
        "trigger": text,
    }
    return [{**row, "event_id": f"a-e{number}"} for number in range(n)]


def judged(path: Path, wrong: dict[tuple[int, str], str], *, rows: int = 4) -> Path:
    """A judged sheet: all right but the fields of some rows, each with its reason."""
    some = {"polnear": sheet_rows(), "meantime": sheet_rows()}
    sample.write_sheet(sample.draw(some, number=rows, seed=5), path)
    cells = sample.read_cells(path)
    for number, row in enumerate(cells):
        for field in sample.FIELDS:
            row[f"{field}_is"] = "wrong" if (number, field) in wrong else "right"
        row["reason"] = "; ".join(reason for (at, _), reason in wrong.items() if at == number)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, sample.COLUMNS)
        writer.writeheader()
        writer.writerows(cells)
    return path


def test_a_drawn_sheet_repeats_and_holds_no_words_of_the_article(tmp_path: Path) -> None:
    rows = {"polnear": sheet_rows(50), "meantime": sheet_rows(50)}
    drawn = sample.draw(rows, number=21, seed=3)
    assert drawn == sample.draw(rows, number=21, seed=3)
    assert drawn != sample.draw(rows, number=21, seed=4)
    assert [row["corpus"] for row in drawn].count("polnear") == 11
    path = tmp_path / "new" / "sheet.csv"
    sample.write_sheet(drawn, path)
    assert "fed" not in path.read_text(encoding="utf-8")
    with pytest.raises(results.BenchmarkError, match="there already"):
        sample.write_sheet(drawn, path)
    with pytest.raises(results.BenchmarkError, match="50 event rows, 60 are to be drawn"):
        sample.draw(rows, number=120, seed=1)


def test_a_row_is_shown_with_its_sentence_and_its_neighbours(tmp_path: Path) -> None:
    path = judged(tmp_path / "sheet.csv", {}, rows=2)
    text = "It rained. \nFiji fed Tonga. Then it slept. All was well."
    article = {"id": "a", "text": text, "published": "2020-01-01"}
    row = {**sample.read_cells(path)[0], "trigger_spans": "[[17, 20]]"}
    shown = sample.shown(row, article)
    assert "It rained. \nFiji *fed* Tonga. Then it slept.\n" in shown
    assert "All was well" not in shown
    assert "AID, occurred, no date" in shown


def test_two_judges(tmp_path: Path) -> None:
    first = judged(tmp_path / "first.csv", {(0, "type"): "no aid", (1, "date"): "it was in May"})
    second = judged(tmp_path / "second.csv", {(0, "type"): "no event", (2, "actors"): "Tonga did"})
    figures, text = sample.figures_of(sample.read_verdicts(first), sample.read_verdicts(second))
    assert figures[0].measured == pytest.approx((3 / 4 + 2 / 4) / 2)
    assert figures[0].interval is not None
    assert figures[0].interval[0] < 0.625 < figures[0].interval[1]
    lines = {line[:24].strip(): line[24:].split() for line in text.splitlines()}
    assert lines["all three"] == ["0.750", "0.500", "0.750", "0.500"]
    assert lines["type"] == ["0.750", "0.750", "1.000", "1.000"]
    assert lines["date"] == ["0.750", "1.000", "0.750", "0.000"]
    assert lines["all three, polnear"][:2] == ["0.500", "0.500"]
    assert "by both judges: 0.500" in text
    rows = sample.read_verdicts(first)
    assert sample.unchanged(rows, sheet_rows()) == 4
    assert sample.unchanged(rows, [{**row, "status": "planned"} for row in sheet_rows()]) == 0
    with patch.object(sample, "LEAST", 0.99):
        assert sample.read_verdicts(first) == []


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [("actors_is", "", "line 2: actors_is is ''; write right or wrong"), ("type_is", "wrong", "the reason is empty")],
)
def test_an_unfinished_sheet_is_refused(tmp_path: Path, column: str, value: str, message: str) -> None:
    path = judged(tmp_path / "first.csv", {})
    rows = sample.read_cells(path)
    rows[0][column] = value
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, sample.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(results.BenchmarkError, match=message):
        sample.read_verdicts(path)


def test_other_files_are_no_sheets(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("one,two\n1,2\n")
    with pytest.raises(results.BenchmarkError, match="is no sheet"):
        sample.read_verdicts(tmp_path / "a.csv")
    with pytest.raises(results.BenchmarkError, match="cannot be read"):
        sample.read_verdicts(tmp_path / "b.csv")
    first = sample.read_verdicts(judged(tmp_path / "first.csv", {}))
    with pytest.raises(results.BenchmarkError, match="same rows"):
        sample.figures_of(first, first[:3])


# ------------------------------------------------------------- the real extraction


def test_records_go_through_the_reader_and_the_extraction() -> None:
    records = [
        {"id": "x/1", "text": "Ada Mensah said that it rained.", "published": "2020-05-06"},
        {"id": "2", "text": "It did."},
    ]
    tables = extraction.tables_of(records)
    assert tables.articles["article_id"].tolist() == ["2", "x/1"]
    assert str(tables.articles["published"].iloc[1].date()) == "2020-05-06"
    assert set(extraction.rows_by_article(tables, "events")) == {"2", "x/1"}
    assert [row["speaker"] for row in extraction.rows_by_article(tables, "statements")["x/1"]] == ["Ada Mensah"]


def test_marked_events_take_the_place_of_those_of_the_tagger() -> None:
    found = passages.extract_passages([one_passage()], marked=True)["one"]
    assert [(row["trigger"], row["type"], row["status"]) for row in found] == [
        ("expelled", "SANCTION", "occurred"),
        ("meet", "CONSULT", "considered"),
    ]
    assert scores_of(found)["dated events exact"] == 1


def test_a_lost_article_and_a_damaged_model_are_told(tmp_path: Path) -> None:
    twice = [{"id": name, "text": "Ada Mensah said that it rained."} for name in "ab"]
    with pytest.raises(results.BenchmarkError, match="1 articles were lost"):
        extraction.tables_of(twice)
    with pytest.raises(results.BenchmarkError, match="cannot be read"):
        extraction.tables_of(twice[:1], model=tmp_path / "tagger.onnx")


@pytest.mark.parametrize("name", ["plv", "semeval", "meantime", "sample"])
def test_without_a_corpus_each_says_so(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv(results.CORPORA_VARIABLE, raising=False)
    monkeypatch.setattr(sample, "FIRST", sample.JUDGEMENTS / "none.csv")
    assert everything.main([name]) == 0
    assert "left out" in capsys.readouterr().out
