"""Events of the seed articles against data/gold: `python -m benchmarks seed_events`.

The scheme and the scores are those of gold.py. Every figure goes through `python -m analysis extract`, as a user runs it, with
`--metadata none --actors none`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import from_tables, gold
from benchmarks.extraction import extract
from benchmarks.results import ROOT, Figure

# (score, what it is called, floor, goal)
ALL = (
    ("recall_core", "recall on core", 0.85, 0.95),
    ("precision", "precision", 0.75, 0.90),
)
MATCHED_CORE = (
    ("type", "type", 0.85, 0.95),
    ("status", "status", 0.80, 0.95),
    ("countries_f1", "countries F1", 0.90, 0.95),
    ("actors_f1", "actors F1", 0.85, 0.95),
    ("recipients_f1", "recipients F1", 0.75, 0.95),
    ("statement", "statement", 0.90, 0.95),
)


def measure(corpora: Path | None) -> tuple[list[Figure], str]:  # noqa: ARG001 - the seeds are in the repository
    """All figures, and the scores article by article as text."""
    with tempfile.TemporaryDirectory() as folder:
        extract(ROOT / "seeds", Path(folder))
        predicted = from_tables.gold_records(Path(folder))
    return figures_of(gold.read_gold(), predicted)


def figures_of(annotated: Mapping[str, gold.Annotation], predicted: Mapping[str, Any]) -> tuple[list[Figure], str]:
    """The figures of some tables in the form of the gold, and their text."""
    scores = gold.score(annotated, predicted)
    events = scores["overall"]["events"]
    figures = [Figure(f"seeds, events, {what}", events[key], floor, goal) for key, what, floor, goal in ALL]
    core = events["on_core"]
    figures += [
        Figure(f"seeds, matched core events, {what}", core[key], floor, goal) for key, what, floor, goal in MATCHED_CORE
    ]
    right, dated, n_dated, n_undated = dates(gold.pair_all(annotated, predicted).values())
    figures += [
        Figure(f"seeds, the {n_dated} dated core events, right", right, n_dated, n_dated),
        Figure(f"seeds, the other {n_undated} core events, dated", dated, 0, 0, lower=True),
        Figure("seeds, event_key, same_f1", events["same_f1"], 0.80, 0.95),
    ]
    text = gold.describe(scores).partition("events")
    return figures, text[1] + text[2]


def dates(pairings: Any) -> tuple[int, int, int, int]:
    """Of the core events: dated ones found with the right days, undated ones that the table dates; and how many of each.

    A wrong date is worse than none: the second number should be 0.
    """
    right = dated = n_dated = n_undated = 0
    for pairing in pairings:
        for g, row in enumerate(pairing.gold.events):
            if not row.get("core", True):
                continue
            found = pairing.predicted.events[pairing.events[g]] if g in pairing.events else None
            if row["date"]["start"]:
                n_dated += 1
                right += found is not None and gold.date_right(row, found)
            else:
                n_undated += 1
                dated += found is not None and found["date"]["start"] is not None and not gold.date_right(row, found)
    return right, dated, n_dated, n_undated
