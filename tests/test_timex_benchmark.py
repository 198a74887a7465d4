"""The scorer of the time expressions, on cases small enough to count by hand."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.timex import CORPORA, Counts, Span, count, half_of, main, measure, scores

DAY = Span(3, 9, "DATE", "2019-06-28")


def test_exact_span_wins_over_a_longer_overlap() -> None:
    assert count([DAY], [Span(0, 12, "DATE", "2018"), DAY]) == Counts(gold=1, found=2, overlap=1, exact=1, type=1, value=1)


def test_each_span_is_paired_once() -> None:
    gold = [Span(0, 4, "DATE", "2019"), Span(5, 9, "DATE", "2020")]
    assert count(gold, [Span(0, 9, "DATE", "2020")]) == Counts(gold=2, found=1, overlap=1, exact=0, type=1, value=0)


def test_what_overlaps_an_ignored_span_is_not_counted() -> None:
    assert count([], [DAY], ignored=[(8, 20)]) == Counts()
    assert count([], [DAY], ignored=[(9, 20)]).found == 1


def test_scores_are_f1() -> None:
    got = scores(Counts(gold=4, found=6, overlap=3, exact=2, type=3, value=1))
    assert got == pytest.approx({"strict_f1": 0.4, "relaxed_f1": 0.6, "type_f1": 0.6, "value_f1": 0.2})
    assert scores(Counts())["strict_f1"] == 0


def test_command_scores_a_folder_and_only_the_annotated_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "It rained on Friday. It snowed on Saturday."
    gold = [{"start": 13, "end": 19, "type": "DATE", "value": "2019-06-28"}]
    names = [f"article {number}" for number in range(8)]
    for corpus in CORPORA:
        with gzip.open(tmp_path / f"{corpus}.jsonl.gz", "wt", encoding="utf-8") as out:
            for name in names:
                out.write(
                    json.dumps({"doc_id": name, "dct": "2019-06-29", "text": text, "timexes": gold, "annotated_end": 20}) + "\n"
                )
    main(["--data", str(tmp_path), "--half", "odd", "--predictions", str(tmp_path)])
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    odd = [name for name in names if half_of(name) == "odd"]
    assert 0 < len(odd) < len(names)
    assert [row[:5] for row in rows[1:4]] == [["attest", corpus, str(len(odd)), "1.0000", "1.0000"] for corpus in CORPORA]
    written = [json.loads(line) for line in (tmp_path / "timebank.jsonl").read_text(encoding="utf-8").splitlines()]
    assert written[0] == {"doc_id": odd[0], "timexes": gold}
    figures, _ = measure(tmp_path)
    assert [figure.measured for figure in figures[:3]] == [1.0, 1.0, 1.0]


def test_without_the_corpora_it_says_so(tmp_path: Path) -> None:
    assert measure(None)[0] == measure(tmp_path)[0] == []
    assert "left out" in measure(None)[1]
