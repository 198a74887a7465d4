"""The passages written for training: they can be read, their spans are clean, and none of them is in the benchmark."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from analysis.sentences import sentence_spans
from benchmarks.nested import PASSAGES
from training.nested import ROLES, read_examples

TRAINING = Path(__file__).resolve().parents[1] / "training"
NESTED = read_examples(TRAINING / "nested.yaml")
STATEMENTS = read_examples(TRAINING / "statements.yaml")
BOTH = NESTED + STATEMENTS

OPENING, CLOSING = ("“", "«", "„"), ("”", "»", "“")

Record = dict[str, Any]


def runs(text: str, length: int = 6) -> set[tuple[str, ...]]:
    """Every run of so many words, in small letters."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def spans_of(example: Record) -> list[tuple[int, int]]:
    """(start, end) of every source, cue and content of an example."""
    return [(start, end) for row in example["attributions"] for role in ROLES.values() for start, end in row[role]]


def without_statement(example: Record) -> list[bool]:
    """Whether each sentence of an example is free of source, cue and content."""
    return [not any(a < end and start < b for a, b in spans_of(example)) for start, end in sentence_spans(example["text"])]


@pytest.mark.parametrize("example", BOTH, ids=lambda example: example["id"])
def test_spans_are_clean(example: Record) -> None:
    text = example["text"]
    assert not re.search(r"[\[\]]|\s{2,}| [,.;]", text.replace("\n", "|"))
    for row in example["attributions"]:
        assert row["cue"]
        assert row["content"]
        assert row["parent"] is None or row["parent"] in {other["id"] for other in example["attributions"]}
    for start, end in spans_of(example):
        assert text[start:end]
        assert text[start:end] == text[start:end].strip()


@pytest.mark.parametrize("example", BOTH, ids=lambda example: example["id"])
def test_pieces_of_one_statement_do_not_overlap(example: Record) -> None:
    for row in example["attributions"]:
        pieces = sorted(piece for role in ROLES.values() for piece in row[role])
        assert all(before[1] <= after[0] for before, after in pairwise(pieces))


@pytest.mark.parametrize("example", STATEMENTS, ids=lambda example: example["id"])
def test_edges_are_those_of_polnear(example: Record) -> None:
    text = example["text"]
    for row in example["attributions"]:
        assert len(row["cue"]) == 1, "a cue is one piece"
        assert not re.match(r"\s*:", text[row["cue"][0][1] :]), "the colon belongs to the cue"
        for start, end in row["content"]:
            assert text[end - 1] not in ",;", "no comma at the end outside quotation marks"
            assert text[end : end + 1] not in CLOSING, "the closing mark belongs to the content"
            assert text[start - 1 : start] not in OPENING, "the opening mark belongs to the content"


def test_ids_are_used_once() -> None:
    ids = [example["id"] for example in BOTH]
    assert len(ids) == len(set(ids))


def test_nothing_is_shared_with_the_benchmark() -> None:
    held_out = set().union(*(runs(example["text"]) for example in read_examples(PASSAGES)))
    assert len(held_out) > 200
    assert [example["id"] for example in BOTH if runs(example["text"]) & held_out] == []


def test_there_are_enough() -> None:
    rows = [row for example in STATEMENTS for row in example["attributions"]]
    assert len(NESTED) >= 60
    assert len(STATEMENTS) >= 300
    assert sum(len(example["text"].split()) for example in STATEMENTS) >= 10_000
    assert len(rows) >= 600
    assert sum(row["parent"] is not None for row in rows) >= 45
    assert sum(not row["source"] for row in rows) >= 15
    assert sum(len(row["content"]) > 1 for row in rows) >= 40


def test_a_third_of_the_sentences_hold_no_statement() -> None:
    free = [sentence for example in STATEMENTS for sentence in without_statement(example)]
    assert 0.3 < sum(free) / len(free) < 0.4
    assert sum(not example["attributions"] for example in STATEMENTS) >= 10
