"""From tagged words to rows, from the examples in examples/statements.yaml; no model is needed, the words are marked."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from analysis.authority import Authority
from analysis.schema import TABLES, check_table, table
from analysis.statements import StatementReader
from analysis.tagger import Name, Tagged
from analysis.tagging.attributions import Attribution
from training.nested import read_marked

HERE = Path(__file__).parent
EXAMPLES = yaml.safe_load((HERE / "examples" / "statements.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reader():
    return StatementReader(Authority(), HERE.parent / "data")


def read(reader, example):
    """The article of an example and the rows of its statements."""
    text, marked = read_marked(example["text"])
    names = [
        Name(found.start(), found.end(), kind)
        for kind, words in example["names"].items()
        for word in words
        for found in re.finditer(rf"\b{re.escape(word)}\b", text)
    ]
    longest = [n for n in names if not any(m != n and m.start <= n.start and n.end <= m.end for m in names)]
    attributions = [
        Attribution(*([tuple(span) for span in row[role]] for role in ("source", "cue", "content"))) for row in marked
    ]
    day = example.get("published")
    article = {
        "article_id": "a",
        "text": text,
        "zones": [{"start": 0, "end": len(text), "kind": example.get("zone", "body")}],
        "published": day,
        "reference_date": day,
        "reference_basis": "published" if day else "none",
    }
    return article, reader.rows(article, Tagged(attributions, sorted(longest)))


@pytest.mark.parametrize("example", [pytest.param(e, id=e["title"]) for e in EXAMPLES])
def test_rows(reader, example):
    _, rows = read(reader, example)
    cues = {row["statement_id"]: row["cue"] for row in rows}
    got = [{**row, "parent": cues.get(row["parent_id"])} for row in rows]
    assert [row["cue"] for row in got] == [expected["cue"] for expected in example["expect"]]
    for row, expected in zip(got, example["expect"], strict=True):
        assert {key: row[key] for key in expected} == expected


def test_rows_keep_to_the_table_and_to_the_text(reader):
    for example in EXAMPLES:
        article, rows = read(reader, example)
        check_table(table("statements", rows), "statements")
        for row in rows:
            assert set(row) == set(TABLES["statements"])
            for role in ("source", "cue", "content"):
                assert row[role] == (" ... ".join(article["text"][a:b] for a, b in row[f"{role}_spans"]) or None)
            spans = row["source_spans"] + row["cue_spans"] + row["content_spans"]
            assert (row["start"], row["end"]) == (min(a for a, _ in spans), max(b for _, b in spans))


def test_ids_do_not_move_when_something_else_changes(reader):
    example = {**EXAMPLES[0], "text": EXAMPLES[0]["text"]}
    longer = {**example, "text": example["text"] + " It rained."}
    later = {**example, "published": date(2022, 3, 13)}
    ids = [[row["statement_id"] for row in read(reader, e)[1]] for e in (example, longer, later)]
    assert ids[0] == ids[1] == ids[2]
    assert re.fullmatch(r"a-s[0-9a-f]{8}", ids[0][0])
