"""Events of own short passages that are kept out of training: `python -m benchmarks passages`.

    python -m benchmarks.passages [--errors] [--marked]

The passages are in events.yaml, their scheme at the top of training/events.yaml. Each is an article of its own, published on
its reference day where it has one. Rows pair as in gold.py: triggers share a word. Then
- precision counts all marked events, recall the core ones; type, status and dates are over all pairs;
- a date is right when both its days are those of the passage; an event without date, or with one whose days the passage alone
  cannot settle, should have none;
- overlap F1 of actors and recipients, over all pairs: a mention is right when it overlaps a marked one, and hits it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from analysis.schema import EVENT_TYPES, STATUSES
from benchmarks import gold
from benchmarks.extraction import rows_by_article, tables_of
from benchmarks.overlaps import Counts, class_f1, confusions, count_overlaps, macro_f1, share
from benchmarks.results import BenchmarkError, Figure, markdown, number
from training.events import read_examples

PASSAGES = Path(__file__).with_name("events.yaml")
Row = dict[str, Any]


class Matched(NamedTuple):
    """A marked event and the row that pairs with it."""

    passage: Row
    event: Row
    row: Row


class Passages(NamedTuple):
    """What came of the passages: pairs, marked events without a row, rows without an event."""

    matched: list[Matched]
    missed: list[tuple[Row, Row]]
    extra: list[tuple[Row, Row]]


def extract_passages(examples: Sequence[Row], *, model: Path | None = None, marked: bool = False) -> dict[str, list[Row]]:
    """The rows of every passage, each an article with its reference day as day of publication.

    With `marked`, the marked events take the place of the tagger's: then only what comes after the tagger is measured.
    """
    records = ({"id": one["id"], "text": one["text"], "published": one["reference"]} for one in examples)
    return rows_by_article(tables_of(records, model=model, marked=examples if marked else None), "events")


def match(examples: Sequence[Row], found: Mapping[str, Sequence[Row]]) -> Passages:
    """Pair the marked events of every passage with its rows, as gold.py pairs them."""
    matched, missed, extra = [], [], []
    for passage in examples:
        rows = found.get(passage["id"], ())
        marked, guessed = [_scored(event) for event in passage["events"]], [_scored_row(row) for row in rows]
        pairs = gold.pair_events(
            gold.Annotation(passage["id"], {"body_text": passage["text"], "events": marked}, passage["text"]),
            gold.Annotation(passage["id"], {"body_text": passage["text"], "events": guessed}, passage["text"]),
        )
        matched += [Matched(passage, passage["events"][g], rows[p]) for g, p in sorted(pairs.items())]
        missed += [(passage, event) for g, event in enumerate(passage["events"]) if g not in pairs]
        extra += [(passage, row) for p, row in enumerate(rows) if p not in pairs.values()]
    return Passages(matched, missed, extra)


PLAIN: Row = {"countries": [], "statement": None, "date": {"start": None, "end": None}}


def _scored(event: Row) -> Row:
    """A marked event in the form of the gold; its other accepted words are one more form of the trigger."""
    other = [event["trigger_accept"]] if event["trigger_accept"] else []
    kept = {key: event[key] for key in ("trigger", "type", "type_accept", "status", "core")}
    return {**PLAIN, **kept, "trigger_accept": other}


def _scored_row(row: Row) -> Row:
    return {**PLAIN, "trigger": row["trigger_spans"], "type": row["type"], "status": row["status"]}


def days_of(row: Row) -> list[str] | None:
    """First and last day of a row as ISO strings, None where it has none."""
    return [row["date_start"].isoformat(), row["date_end"].isoformat()] if row["date_start"] else None


def mentions(event: Row, row: Row, side: str) -> Counts:
    """Counts of one side, actor or recipient, of a pair."""
    return count_overlaps([[span] for span in event[f"{side}s"]], row[f"{side}_spans"])


def figures_of(examples: Sequence[Row], found: Mapping[str, Sequence[Row]]) -> tuple[list[Figure], str]:
    """All figures of these rows, and what a table cannot hold."""
    matched, missed, extra = match(examples, found)
    n_core = sum(one.event["core"] for one in matched)
    precision = len(matched) / (len(matched) + len(extra)) if matched or extra else None
    core = n_core + sum(event["core"] for _, event in missed)
    recall = n_core / core if core else None
    trigger = 2 * precision * recall / (precision + recall) if precision and recall else 0.0
    statuses = [one.event["status"] for one in matched], [one.row["status"] for one in matched]
    types = [one.event["type"] for one in matched], [one.row["type"] for one in matched]
    type_right = [gold.type_right(one.event, one.row) for one in matched]
    dated = [one for one in matched if one.event["days"]]
    undated = [one for one in matched if not one.event["days"]]
    exact = [days_of(one.row) == one.event["days"] for one in dated]
    n_dated = len(dated) + sum(bool(event["days"]) for _, event in missed)
    sides = {side: _sum(mentions(one.event, one.row, side) for one in matched) for side in ("actor", "recipient")}
    head = "own kept-out passages, "
    figures = [
        Figure(head + "trigger precision", precision, None, None),
        Figure(head + "trigger recall on core", recall, None, None),
        Figure(head + "trigger F1", trigger, None, None),
        Figure(head + "type, share right", share(type_right), None, None),
        Figure(head + "status, macro F1 of six", macro_f1(*statuses, STATUSES), 0.65, 0.80),
        Figure(head + "dated events exact", share(exact), 0.80, 0.90),
        Figure(head + "undated events not dated", share([one.row["date_start"] is None for one in undated])),
        Figure(head + "actors, overlap F1", sides["actor"].f1),
        Figure(head + "recipients, overlap F1", sides["recipient"].f1),
    ]
    empty = [passage["id"] for passage in examples if not passage["events"]]
    wrongly = sum(1 for name in empty if found.get(name))
    lines = [
        f"{len(examples)} passages, {sum(len(p['events']) for p in examples)} events, {core} of them core; {len(matched)} "
        f"found, {len(extra)} rows too much; {wrongly} of {len(empty)} passages without events got a row",
        f"dates: {sum(exact)} exact of {len(dated)} found with a day, {n_dated} in all",
        f"status F1: {_listed(class_f1(*statuses, STATUSES))}",
        f"type F1: {_listed(class_f1(*types, EVENT_TYPES))}",
        f"status, found for marked: {confusions(*statuses)}",
        f"type, found for marked: {confusions(*types)}",
    ]
    return figures, "".join(f"{line}\n" for line in lines)


def _sum(counts: Iterator[Counts]) -> Counts:
    total = Counts()
    for one in counts:
        total = total.plus(one)
    return total


def _listed(scores: Mapping[Any, float]) -> str:
    return ", ".join(f"{name} {number(score)}" for name, score in scores.items())


def errors(examples: Sequence[Row], found: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """A line for each marked event that is missed or differs, and each row that is too much."""
    matched, missed, extra = match(examples, found)
    for passage, event in missed:
        yield f"missed     {passage['id']}: {_words(passage, event['trigger'])}" + ("" if event["core"] else ", not core")
    for passage, row in extra:
        yield f"too much   {passage['id']}: {row['trigger']!r} {row['type']}"
    for passage, event, row in matched:
        checks = {
            "type": (gold.type_right(event, row), event["type"], row["type"]),
            "status": (event["status"] == row["status"], event["status"], row["status"]),
            "date": (event["days"] == days_of(row), event["days"], days_of(row)),
        }
        for side in ("actor", "recipient"):
            counts = mentions(event, row, side)
            marked = _words(passage, event[f"{side}s"])
            checks[side] = ((counts.hit, counts.right) == (counts.gold, counts.found), marked, row[f"{side}s"])
        for key, (right, wanted, given) in checks.items():
            if not right:
                yield f"{key:<10} {passage['id']}: {row['trigger']!r}: marked {wanted}, found {given}"


def _words(passage: Row, spans: Sequence[Sequence[int]]) -> str:
    return repr(" | ".join(passage["text"][a:b] for a, b in spans))


def measure(corpora: Path | None) -> tuple[list[Figure], str]:  # noqa: ARG001 - the passages are in the repository
    """All figures, and what a table cannot hold."""
    examples = read_examples(PASSAGES)
    return figures_of(examples, extract_passages(examples))


def main(arguments: Sequence[str] | None = None) -> None:
    """Score the passages and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list what is missed, too much or different")
    parser.add_argument("--model", type=Path, help="another tagger than the shipped one")
    parser.add_argument("--marked", action="store_true", help="use the marked events in place of those of the tagger")
    args = parser.parse_args(arguments)
    examples = read_examples(PASSAGES)
    try:
        found = extract_passages(examples, model=args.model, marked=args.marked)
    except BenchmarkError as problem:
        parser.exit(2, f"{problem}\n")
    if args.errors:
        sys.stdout.write("".join(line + "\n" for line in errors(examples, found)))
    figures, text = figures_of(examples, found)
    sys.stdout.write(f"{text}\n{markdown(figures)}")


if __name__ == "__main__":
    main()
