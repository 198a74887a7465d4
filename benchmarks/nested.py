"""Score statements inside statements on own passages.

    python -m benchmarks.nested [TABLES] [--errors]

The passages are in nested.yaml, marked up in the text. Without TABLES they are extracted first. A nested row is found when
the row that pairs with it shares a word of its cue, has a content F1 of at least 0.5, and stands inside the row that pairs
with its parent. Precision is over the rows that the system puts inside another; thoughts and other rows that are no
statements (act think or other) are left out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.schema import NOT_STATEMENTS
from benchmarks import from_tables
from benchmarks.attributions import Tokens, mark, overlap, pair
from benchmarks.extraction import extract, write_corpus
from benchmarks.results import BenchmarkError
from training.nested import read_examples

PASSAGES = Path(__file__).with_name("nested.yaml")

Record = dict[str, Any]


def statements_only(rows: Sequence[Record]) -> list[Record]:
    """The rows that are statements; one that stood inside a left-out row has no parent."""
    kept = {row["id"] for row in rows if row.get("act") not in NOT_STATEMENTS}
    return [{**row, "parent": row["parent"] if row["parent"] in kept else None} for row in rows if row["id"] in kept]


def found_nested(text: str, gold: Sequence[Record], predicted: Sequence[Record]) -> list[tuple[int, int]]:
    """(place in gold, place in predicted) of the nested rows that are found, under the right parent.

    Args:
        text: the passage.
        gold, predicted: rows with `id`, `parent`, and `source`, `cue` and `content` as lists of [start, end].
    """
    tokens = Tokens(text)
    pairs = pair(mark(gold, tokens, 0), mark(predicted, tokens, 0))
    partner = {gold[g.number]["id"]: predicted[p.number]["id"] for g, p in pairs}
    return [
        (g.number, p.number)
        for g, p in pairs
        if gold[g.number]["parent"] is not None
        and predicted[p.number]["parent"] is not None
        and partner.get(gold[g.number]["parent"]) == predicted[p.number]["parent"]
        and g.words["cue"] & p.words["cue"]
        and overlap(g.words["content"], p.words["content"]) >= 0.5
    ]


def score_nested(examples: Sequence[Record], predicted: Mapping[str, Sequence[Record]]) -> dict[str, float]:
    """Precision, recall and F1 of statements inside statements.

    Args:
        examples: records with `id`, `text`, `attributions`, as `training.nested.read_examples` gives them.
        predicted: id -> rows with `id`, `parent`, `act`, and `source`, `cue` and `content` spans.

    Returns:
        p, r, f1, and the counts gold, predicted, found.

    >>> examples = read_examples(PASSAGES)
    >>> score_nested(examples, {example["id"]: example["attributions"] for example in examples})["f1"]
    1.0
    """
    found = guessed = wanted = 0
    for example in examples:
        rows = statements_only(predicted.get(example["id"], ()))
        found += len(found_nested(example["text"], example["attributions"], rows))
        guessed += sum(row["parent"] is not None for row in rows)
        wanted += sum(row["parent"] is not None for row in example["attributions"])
    p, r = found / guessed if guessed else 0.0, found / wanted if wanted else 0.0
    f1 = 2 * p * r / (p + r) if p + r else 0.0
    return {"p": p, "r": r, "f1": f1, "gold": wanted, "predicted": guessed, "found": found}


def errors(examples: Sequence[Record], predicted: Mapping[str, Sequence[Record]]) -> Iterator[str]:
    """A line for each nested statement that is missed, and each that is too much."""

    def shown(text: str, row: Record) -> str:
        return " / ".join(" ".join(text[a:b] for a, b in row[role]) or "-" for role in from_tables.ROLES)

    for example in examples:
        rows = statements_only(predicted.get(example["id"], ()))
        pairs = found_nested(example["text"], example["attributions"], rows)
        hit, used = {g for g, _ in pairs}, {p for _, p in pairs}
        for sign, side, done in (("missed  ", example["attributions"], hit), ("too much", rows, used)):
            for place, row in enumerate(side):
                if row["parent"] is not None and place not in done:
                    yield f"{sign} {example['id']}: {shown(example['text'], row)}"


def extract_passages(examples: Sequence[Record], out: Path) -> dict[str, list[Record]]:
    """The rows that `python -m analysis extract` finds in the passages; its tables are written below `out`."""
    corpus = out / "passages.jsonl"
    write_corpus(({"id": example["id"], "text": example["text"], "language": "en"} for example in examples), corpus)
    extract(corpus, out / "tables")
    return from_tables.attributions(out / "tables", nested=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Score tables of the passages and print the scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", type=Path, nargs="?")
    parser.add_argument("--errors", action="store_true", help="list what is missed and what is too much")
    args = parser.parse_args(arguments)
    examples = read_examples(PASSAGES)
    if args.tables:
        predicted = from_tables.attributions(args.tables, nested=True)
    else:
        try:
            with tempfile.TemporaryDirectory() as folder:
                predicted = extract_passages(examples, Path(folder))
        except BenchmarkError as problem:
            parser.exit(2, f"{problem}\n")
    if args.errors:
        sys.stdout.write("".join(line + "\n" for line in errors(examples, predicted)))
    sys.stdout.write(json.dumps(score_nested(examples, predicted)) + "\n")


if __name__ == "__main__":
    main()
