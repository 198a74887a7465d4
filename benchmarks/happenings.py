"""The same happening across articles: `python -m benchmarks happenings`.

    python -m benchmarks.happenings [--errors] [--marked] [--pairs training/same_events_hard.yaml]

The 40 pairs of short reports are in same_events.yaml. All reports are extracted as one corpus. The row of a report is the one
whose trigger overlaps the marked one most; a pair is told to be the same when both rows have one `event_key`. A report whose
happening is not found is told to be different from its partner's. F1 is that of the pairs that are the same. Nothing that
contradicts may be merged: neither the two reports of a pair that are different, nor reports of two pairs.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.extraction import rows_by_article, tables_of
from benchmarks.overlaps import Counts, shared
from benchmarks.results import BenchmarkError, Figure, markdown, number
from training.events import read_pairs

PAIRS = Path(__file__).with_name("same_events.yaml")
SIDES = ("first", "second")
Row = dict[str, Any]


def extract_reports(pairs: Sequence[Row], *, marked: bool = False) -> dict[str, list[Row]]:
    """The rows of every report, all extracted as one corpus; with `marked`, of the marked events, not of the tagger's."""
    reports = [pair[side] for pair in pairs for side in SIDES]
    records = (
        {"id": one["id"], "text": one["text"], "published": one["reference"], "outlet": one["outlet"]} for one in reports
    )
    return rows_by_article(tables_of(records, marked=reports if marked else None), "events")


def row_of(report: Row, rows: Sequence[Row]) -> Row | None:
    """The row whose trigger overlaps that of the report's happening most, None where none does."""
    event = report["events"][0]
    forms = [event["trigger"], event["trigger_accept"]]
    best = max(rows, key=lambda row: max(shared(form, row["trigger_spans"]) for form in forms), default=None)
    return best if best and any(shared(form, best["trigger_spans"]) for form in forms) else None


def figures_of(pairs: Sequence[Row], found: Mapping[str, Sequence[Row]]) -> tuple[list[Figure], str]:
    """All figures of these rows, and what a table cannot hold."""
    keys = keys_of(pairs, found)
    told = [_told(pair, keys) for pair in pairs]
    same = [pair["same"] for pair in pairs]
    both = sum(a and b for a, b in zip(same, told, strict=True))
    counts = Counts(sum(same), sum(told), both, both)
    wrong = sum(b and not a for a, b in zip(same, told, strict=True))
    across = len(list(merged_across(keys)))
    right = sum(a == b for a, b in zip(same, told, strict=True))
    missing = [name for name, key in keys.items() if key is None]
    figures = [
        Figure(f"across articles, {len(pairs)} own pairs, F1 of the same happening", counts.f1, 0.80, 0.90),
        Figure("across articles, contradictions merged", wrong + across, 0, 0, lower=True),
    ]
    different = len(pairs) - counts.gold
    text = (
        f"{right} of {len(pairs)} pairs right ({number(right / len(pairs))}): of {counts.gold} that are the same "
        f"{both} are told so, of {different} that are not {wrong}\n"
        f"reports of two pairs share a key {across} times; {len(missing)} of {len(keys)} happenings have no row\n"
    )
    return figures, text


def keys_of(pairs: Sequence[Row], found: Mapping[str, Sequence[Row]]) -> dict[str, str | None]:
    """Report -> the key of its happening, None where that has no row or no key."""
    rows = {pair[side]["id"]: row_of(pair[side], found.get(pair[side]["id"], ())) for pair in pairs for side in SIDES}
    return {name: row["event_key"] if row else None for name, row in rows.items()}


def _told(pair: Row, keys: Mapping[str, str | None]) -> bool:
    first, second = (keys[pair[side]["id"]] for side in SIDES)
    return first is not None and first == second


def merged_across(keys: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """Reports of different pairs that share a key."""
    for one, other in itertools.combinations(keys, 2):
        if keys[one] is not None and keys[one] == keys[other] and one.rpartition("/")[0] != other.rpartition("/")[0]:
            yield one, other


def errors(pairs: Sequence[Row], found: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """A line for each pair that is told wrong, each happening without a row, and each two pairs that are merged."""
    keys = keys_of(pairs, found)
    for pair in pairs:
        for side in SIDES:
            if keys[pair[side]["id"]] is None:
                yield f"no row     {pair[side]['id']}"
        if _told(pair, keys) != pair["same"]:
            yield f"{'apart' if pair['same'] else 'merged':<10} {pair['id']}: {pair['why']}"
    for one, other in merged_across(keys):
        yield f"merged     {one} with {other}"


def measure(corpora: Path | None) -> tuple[list[Figure], str]:  # noqa: ARG001 - the pairs are in the repository
    """All figures, and what a table cannot hold."""
    pairs = read_pairs(PAIRS)
    return figures_of(pairs, extract_reports(pairs))


def main(arguments: Sequence[str] | None = None) -> None:
    """Score the pairs and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list what is told wrong")
    parser.add_argument("--marked", action="store_true", help="use the marked events in place of those of the tagger")
    parser.add_argument("--pairs", type=Path, default=PAIRS, help="other pairs, such as those for which rules are made")
    args = parser.parse_args(arguments)
    pairs = read_pairs(args.pairs)
    try:
        found = extract_reports(pairs, marked=args.marked)
    except BenchmarkError as problem:
        parser.exit(2, f"{problem}\n")
    if args.errors:
        sys.stdout.write("".join(line + "\n" for line in errors(pairs, found)))
    figures, text = figures_of(pairs, found)
    sys.stdout.write(f"{text}\n{markdown(figures)}")


if __name__ == "__main__":
    main()
