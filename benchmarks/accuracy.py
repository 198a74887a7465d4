"""How right the statements are: PolNeAR's dev part, the hand-annotated seeds, own passages, and other people's extractors.

    python -m benchmarks.accuracy [--polnear FOLDER] [--bootstrap 1000] [--peers PYTHON] [--errors]

FOLDER holds dev.jsonl.gz: PolNeAR's articles as JSONL with `id`, `title`, `text`, `published` and `attributions` (lists of
[start, end] under source, cue and content). Every figure goes through `python -m analysis extract`, as a user runs it, with
`--metadata none --actors none`. PYTHON is the interpreter of an environment with the peers; peers.py says how to make one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from benchmarks import from_tables, gold
from benchmarks.attributions import (
    MAIN,
    confidence_intervals,
    count_all,
    describe,
    figures,
    match_attributions,
    read_jsonl,
    score_attributions,
    total,
)
from benchmarks.extraction import extract, write_corpus
from benchmarks.nested import PASSAGES, extract_passages, score_nested
from benchmarks.nested import errors as nested_errors
from benchmarks.peers import NAMES, PeerError, run_peer
from benchmarks.results import ROOT, SOURCES, BenchmarkError, Figure, corpora_folder, markdown, missing_corpus, number
from training.nested import read_examples

PEERS_VARIABLE = "ATTEST_PEERS"
# (score, floor, goal); the names of the first are those of attributions.MAIN.
POLNEAR = (
    ("attribution F1", 0.87, 0.90),
    ("strict F1", 0.52, 0.66),
    ("token macro F1", 0.82, 0.84),
    ("source spans F1", 0.78, 0.83),
    ("cue spans F1", 0.70, 0.75),
    ("content spans F1", 0.64, 0.73),
    ("quoted end to end", 0.91, 0.96),
)
SEEDS = (
    ("f1", "statements F1", 0.95),
    ("content_token_f1", "content token F1", 0.95),
    ("speaker", "speaker", 0.92),
    ("speaker_exact", "speaker exact", 0.90),
    ("country", "country", 0.92),
    ("quote_type", "quote type", 0.95),
    ("act", "act", 0.85),
    ("via_f1", "via", 0.90),
    ("nested", "nested", 1.0),
    ("date", "date", 0.92),
    ("date_known", "date, where there is one", 0.90),
)

Record = dict[str, Any]


class Measured(NamedTuple):
    """The figures of a benchmark, and what else there is to say about them, as text."""

    figures: list[Figure]
    text: str


# ------------------------------------------------------------------- PolNeAR


def calibration(confidence: Sequence[float], right: Sequence[bool]) -> tuple[float | None, float | None]:
    """How far confidence can be believed: expected calibration error over ten bins, and area under the ROC curve.

    The first is the mean distance between confidence and share of right rows, by bins of 0.1, weighted by their rows; the
    second the chance that a right row has more confidence than a wrong one. None where it cannot be said.

    >>> calibration([0.95, 0.95, 0.15, 0.15], [True, True, False, True])
    (0.2, 0.8333333333333334)
    """
    if not len(confidence):
        return None, None
    rows = pd.DataFrame({"confidence": np.asarray(confidence, float), "right": np.asarray(right, float)})
    bins = rows.groupby(np.minimum((rows["confidence"] * 10).astype(int), 9))
    gaps = (bins["confidence"].mean() - bins["right"].mean()).abs() * bins.size()
    n_right = int(rows["right"].sum())
    n_wrong = len(rows) - n_right
    if not (n_right and n_wrong):
        return float(gaps.sum() / len(rows)), None
    ranks = rows["confidence"].rank()[rows["right"] == 1].sum() - n_right * (n_right + 1) / 2
    return float(gaps.sum() / len(rows)), float(ranks / (n_right * n_wrong))


def confidence_of_rows(articles: Sequence[Record], found: Mapping[str, Sequence[Record]]) -> tuple[list[float], list[bool]]:
    """The confidence of every row, and whether the scorer pairs it with a gold row."""
    confidence: list[float] = []
    right: list[bool] = []
    for article in articles:
        rows = found.get(article["id"], ())
        paired = {p for _, p in match_attributions(article["text"], article["attributions"], rows)}
        confidence += [row["confidence"] for row in rows]
        right += [place in paired for place in range(len(rows))]
    return confidence, right


def read_dev(folder: Path) -> list[Record]:
    """The articles of PolNeAR's dev part.

    Raises:
        BenchmarkError: the folder does not hold it.
    """
    path = next((path for path in (folder / "dev.jsonl.gz", folder / "dev.jsonl") if path.is_file()), None)
    if path is None:
        raise BenchmarkError(f"{folder}: no dev.jsonl.gz in this folder; the corpus is {SOURCES['polnear']}")
    return list(read_jsonl(path))


def extract_articles(articles: Sequence[Record], folder: Path) -> tuple[dict[str, list[Record]], float]:
    """The rows of PolNeAR's articles without those inside others, and words per second of CPU time, after loading.

    Raises:
        BenchmarkError: the reader changed a text or lost an article, so that offsets would not fit.
    """
    kept = ("id", "title", "text", "published")
    records = [{key: article[key] for key in kept if key in article} for article in articles]
    corpus = write_corpus(records, folder / "corpus" / "dev.jsonl")
    seconds = extract(corpus, folder / "tables")
    start = write_corpus([{"id": "start", "text": "It rained all day."}], folder / "start" / "one.jsonl")
    seconds -= extract(start, folder / "start-tables")
    texts = {row["article_id"]: row["text"] for row in from_tables.read_rows(folder / "tables", "articles")}
    changed = [article["id"] for article in articles if texts.get(article["id"]) != article["text"]]
    if changed:
        raise BenchmarkError(f"{len(changed)} articles were lost or their text changed when read, the first is {changed[0]!r}")
    words = sum(len(article["text"].split()) for article in articles)
    return from_tables.attributions(folder / "tables"), words / max(seconds, 1e-9)


def measure_polnear(articles: Sequence[Record], *, rounds: int, peers: Path | None) -> Measured:
    """Attest, and the peers where their interpreter is given, on PolNeAR's articles."""
    with tempfile.TemporaryDirectory() as folder:
        found, speed = extract_articles(articles, Path(folder))
    counts = count_all(articles, found)
    scores = figures(total(counts))
    intervals = confidence_intervals(counts, rounds=rounds) if rounds else {}
    rows = [
        Figure(f"PolNeAR dev, {name}", MAIN[name](scores), floor, goal, intervals.get(name)) for name, floor, goal in POLNEAR
    ]
    error, area = calibration(*confidence_of_rows(articles, found))
    rows.append(Figure("confidence, PolNeAR dev: expected calibration error", error, 0.05, 0.03, lower=True))
    rows.append(Figure("confidence, PolNeAR dev: AUC right against wrong", area, 0.75, 0.85))
    text = describe(scores, intervals) + "\n" + compare(articles, {"Attest": (scores, speed)}, peers=peers)
    return Measured(rows, text)


def compare(articles: Sequence[Record], systems: Mapping[str, tuple[Record, float]], *, peers: Path | None) -> str:
    """A table of the systems and the peers: scores, and words per second on one core."""
    measured, remarks = dict(systems), []
    words = sum(len(article["text"].split()) for article in articles)
    for name in NAMES if peers else ():
        try:
            run = run_peer(name, articles, python=str(peers))
        except PeerError as problem:
            remarks.append(f"{problem}\n")
        else:
            measured[name] = (score_attributions(articles, run.found), words / run.seconds)
    if not peers:
        remarks.append(f"peers are left out: give the interpreter of their environment with --peers or in {PEERS_VARIABLE}\n")
    columns = ("attribution F1", "strict F1", "token macro F1", "quoted end to end")
    lines = [f"| system | {' | '.join(columns)} | words/s, one core |", "|---|" + "---|" * (len(columns) + 1)]
    for name, (scores, speed) in measured.items():
        lines.append(f"| {name} | {' | '.join(number(MAIN[column](scores)) for column in columns)} | {speed:,.0f} |")
    return "\n".join(lines) + "\n" + "".join(remarks)


# --------------------------------------------------------- seeds and passages


def measure_seeds(*, list_errors: bool = False) -> Measured:
    """The statements of the seed articles against data/gold, without the project's files; and with them, as text."""
    annotation, parts = gold.read_gold(), []
    with tempfile.TemporaryDirectory() as folder:
        plain, own = Path(folder) / "plain", Path(folder) / "own"
        extract(ROOT / "seeds", plain)
        extract(ROOT / "seeds", own, own_files=True)
        predicted = from_tables.gold_records(plain)
        scores = gold.score(annotation, predicted)
        with_files = gold.score(annotation, from_tables.gold_records(own))
    if list_errors:
        for name, pairing in gold.pair_all(annotation, predicted).items():
            parts.append("\n".join([name, *(f"  {line}" for line in gold.differences(pairing))]) + "\n")
    parts += ["without data/metadata.csv and data/actors.csv\n", gold.describe(scores)]
    parts += ["with them\n", gold.describe(with_files)]
    rows = [Figure(f"seeds, {what}", scores["overall"]["statements"][key], floor, 1.0) for key, what, floor in SEEDS]
    return Measured(rows, "".join(parts))


def measure_nested(*, list_errors: bool = False) -> Measured:
    """Statements inside statements in the own passages of nested.yaml."""
    examples = read_examples(PASSAGES)
    with tempfile.TemporaryDirectory() as folder:
        found = extract_passages(examples, Path(folder))
    scores = score_nested(examples, found)
    text = f"nested: {scores['found']} found of {scores['gold']}, {scores['predicted']} predicted\n"
    listed = "".join(f"  {line}\n" for line in nested_errors(examples, found)) if list_errors else ""
    return Measured([Figure(f"nested, {len(examples)} own passages, F1", scores["f1"], 0.80, 0.90)], listed + text)


# ------------------------------------------------------------------- command


def measure(
    corpora: Path | None,
    *,
    polnear: Path | None = None,
    rounds: int = 0,
    peers: Path | None = None,
    list_errors: bool = False,
) -> tuple[list[Figure], str]:
    """All figures of this benchmark and its text.

    Args:
        corpora: folder of the corpora, PolNeAR in `polnear`; without it only the seeds and own passages are measured.
        polnear: folder of PolNeAR, where it lies elsewhere.
        rounds: of the bootstrap that gives confidence intervals; 0 for none.
        peers: interpreter of the peers' environment; without it they are left out.
        list_errors: list every difference from the seeds' gold and the passages' markup.

    Raises:
        BenchmarkError: PolNeAR's dev part is not in its folder, or extraction failed.
    """
    folder, parts = polnear or (corpora and corpora / "polnear"), []
    if folder is None:
        parts.append(Measured([], f"PolNeAR: {missing_corpus('polnear')}\n"))
    else:
        parts.append(measure_polnear(read_dev(folder), rounds=rounds, peers=peers))
    parts += [measure_seeds(list_errors=list_errors), measure_nested(list_errors=list_errors)]
    return [figure for part in parts for figure in part.figures], "\n".join(part.text for part in parts)


def peers_interpreter(given: str | Path | None = None) -> Path | None:
    """The interpreter of the peers' environment: the given one, else that of ATTEST_PEERS, else None."""
    named = given or os.environ.get(PEERS_VARIABLE)
    return Path(named) if named else None


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polnear", type=Path, help="folder with dev.jsonl.gz")
    parser.add_argument("--bootstrap", type=int, default=0, metavar="ROUNDS", help="confidence intervals, 1000 is usual")
    parser.add_argument("--peers", help="interpreter of the peers' environment")
    parser.add_argument(
        "--errors", action="store_true", help="list every difference from the annotation of the seeds and passages"
    )
    args = parser.parse_args(arguments)
    try:
        rows, text = measure(
            corpora_folder(),
            polnear=args.polnear,
            rounds=args.bootstrap,
            peers=peers_interpreter(args.peers),
            list_errors=args.errors,
        )
    except BenchmarkError as problem:
        parser.exit(2, f"{problem}\n")
    sys.stdout.write(f"{text}\n{markdown(rows)}")


if __name__ == "__main__":
    main()
