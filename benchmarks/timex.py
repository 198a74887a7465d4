"""Accuracy and speed of the time expressions on TimeBank, AQUAINT and MEANTIME, against a peer where one is installed.

Run with `python -m benchmarks.timex --data FOLDER [--half odd|even]`, where the folder holds timebank.jsonl.gz,
aquaint.jsonl.gz and meantime.jsonl.gz: one article a line, with `doc_id`, `dct` (the day of the article), `text`, `timexes`
(start, end, type, value) and, where an article is annotated only in part, `annotated_end`. The measures are TempEval-3's.

The rules were written on the even half. Of the odd half only scores are printed, never what was found or missed.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from analysis.dates import time_expressions
from benchmarks.results import Figure, missing_corpus

CORPORA = ("timebank", "aquaint", "meantime")
Article = dict[str, Any]
Finder = Callable[[str, str], list["Span"]]


class Span(NamedTuple):
    """A time expression as the corpora have it: offsets, TIMEX3 type and value."""

    start: int
    end: int
    type: str
    value: str


class Counts(NamedTuple):
    """How many expressions are annotated, found, overlap one to one, and of these are exact or right in type or value."""

    gold: int = 0
    found: int = 0
    overlap: int = 0
    exact: int = 0
    type: int = 0
    value: int = 0

    def __add__(self, other: object) -> Counts:
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(*(one + more for one, more in zip(tuple(self), tuple(other), strict=True)))


def read_articles(path: Path, half: str | None) -> list[Article]:
    """The articles of a corpus file, or of the half of them whose doc_id has an odd or even last digit of its SHA-256."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines if line.strip()]
    return [article for article in articles if half is None or half_of(article["doc_id"]) == half]


def half_of(name: str) -> str:
    """The half, odd or even, that an article belongs to.

    >>> half_of("an article")
    'odd'
    """
    return "odd" if int(hashlib.sha256(name.encode()).hexdigest()[-1], 16) % 2 else "even"


def annotated(article: Article) -> tuple[str, list[Span], list[tuple[int, int]]]:
    """The annotated part of an article's text, its time expressions, and the spans that are not scored."""
    end = article.get("annotated_end") or len(article["text"])
    spans = [Span(one["start"], one["end"], one["type"], one["value"]) for one in article["timexes"]]
    return article["text"][:end], spans, [(start, stop) for start, stop in article.get("ignore", [])]


def pairs(gold: list[Span], found: list[Span]) -> Iterator[tuple[Span, Span]]:
    """Overlapping spans, each in one pair at most: exact ones first, then those that share most characters."""
    overlaps = []
    for i, one in enumerate(gold):
        for j, other in enumerate(found):
            shared = min(one.end, other.end) - max(one.start, other.start)
            if shared > 0:
                exact = (one.start, one.end) == (other.start, other.end)
                overlaps.append((not exact, -shared, i, j))
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for _, _, i, j in sorted(overlaps):
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            yield gold[i], found[j]


def count(gold: list[Span], found: list[Span], ignored: Iterable[tuple[int, int]] = ()) -> Counts:
    """The counts of one article; what overlaps an ignored span is not counted as found.

    >>> count([Span(0, 6, "DATE", "2019")], [Span(3, 6, "DATE", "2019")])
    Counts(gold=1, found=1, overlap=1, exact=0, type=1, value=1)
    """
    kept = [one for one in found if not any(one.start < end and one.end > start for start, end in ignored)]
    matched = list(pairs(gold, kept))
    return Counts(
        gold=len(gold),
        found=len(kept),
        overlap=len(matched),
        exact=sum(one[:2] == other[:2] for one, other in matched),
        type=sum(one.type == other.type for one, other in matched),
        value=sum(one.value == other.value for one, other in matched),
    )


def scores(counts: Counts) -> dict[str, float]:
    """F1 for exact spans (strict), overlapping ones (relaxed), and overlapping ones whose type or value is right."""
    both = counts.gold + counts.found
    return {
        "strict_f1": 2 * counts.exact / both if both else 0.0,
        "relaxed_f1": 2 * counts.overlap / both if both else 0.0,
        "type_f1": 2 * counts.type / both if both else 0.0,
        "value_f1": 2 * counts.value / both if both else 0.0,
    }


def attest(text: str, day: str) -> list[Span]:
    return [Span(one.start, one.end, one.type, one.value) for one in time_expressions(text, day)]


def dateparser_peer() -> Finder | None:
    """dateparser's `search_dates`, which finds dates only and gives each a day; None where it is not installed."""
    try:
        from dateparser.search import search_dates
    except ImportError:
        return None
    from datetime import datetime

    def find(text: str, day: str) -> list[Span]:
        settings = {"RELATIVE_BASE": datetime.fromisoformat(day[:10]), "PREFER_DATES_FROM": "past"}
        spans, place = [], 0
        for words, found in search_dates(text, languages=["en"], settings=settings) or []:
            start = text.find(words, place)
            if start >= 0:
                place = start + len(words)
                spans.append(Span(start, place, "DATE", found.date().isoformat()))
        return spans

    return find


class Result(NamedTuple):
    """What a system reached on one corpus: its counts, the words it read and the CPU seconds it took, and what it found."""

    system: str
    corpus: str
    articles: list[Article]
    counts: Counts
    words: int
    seconds: float
    found: list[list[Span]]


def run(system: str, finder: Finder, corpus: str, articles: list[Article]) -> Result:
    """Run a system over the articles of a corpus, on one core."""
    counts, words, seconds, everything = Counts(), 0, 0.0, []
    for article in articles:
        text, gold, ignored = annotated(article)
        begin = time.process_time()
        found = finder(text, article["dct"])
        seconds += time.process_time() - begin
        words += len(text.split())
        everything.append(found)
        counts += count(gold, found, ignored)
    return Result(system, corpus, articles, counts, words, seconds, everything)


def run_all(folder: Path, half: str | None) -> list[Result]:
    """Attest on each corpus, then the peer where it is installed."""
    attest("1 May", "2019-06-29")  # compile the patterns before the clock starts
    finders: dict[str, Finder] = {"attest": attest}
    peer = dateparser_peer()
    if peer:
        finders["dateparser"] = peer
    corpora = {name: read_articles(folder / f"{name}.jsonl.gz", half) for name in CORPORA}
    return [run(system, finder, name, articles) for system, finder in finders.items() for name, articles in corpora.items()]


def describe(results: Iterable[Result]) -> str:
    """The scores as a table in plain text."""
    lines = [f"{'system':11} {'corpus':9} {'articles':>8} {'value F1':>8} {'strict F1':>9} {'relaxed F1':>10} {'words/s':>8}"]
    for one in results:
        got = scores(one.counts)
        lines.append(
            f"{one.system:11} {one.corpus:9} {len(one.articles):8} {got['value_f1']:8.4f} {got['strict_f1']:9.4f} "
            f"{got['relaxed_f1']:10.4f} {one.words / max(one.seconds, 1e-9):8,.0f}"
        )
    return "\n".join(lines) + "\n"


def measure(corpora: Path | None) -> tuple[list[Figure], str]:
    """The figures on the odd halves, and the scores of all systems as text."""
    places = (corpora / "timex", corpora) if corpora else ()
    folder = next((place for place in places if all((place / f"{name}.jsonl.gz").is_file() for name in CORPORA)), None)
    if folder is None:
        return [], f"timex: {missing_corpus('timex')}\n"
    results = run_all(folder, "odd")
    ours = {one.corpus: one for one in results if one.system == "attest"}
    speed = sum(one.words for one in ours.values()) / sum(one.seconds for one in ours.values())
    figures = [
        Figure("dates, TimeBank odd half, value F1", scores(ours["timebank"].counts)["value_f1"], 0.76, 0.80),
        Figure("dates, MEANTIME odd half, value F1", scores(ours["meantime"].counts)["value_f1"], 0.72, 0.77),
        Figure("dates, TimeBank odd half, strict F1", scores(ours["timebank"].counts)["strict_f1"], 0.83, 0.86),
        Figure("dates, words/s on one core", speed, 20_000, 60_000),
    ]
    return figures, describe(results)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Accuracy and speed of the time expressions.")
    parser.add_argument("--data", type=Path, required=True, help="folder with timebank, aquaint and meantime as .jsonl.gz")
    parser.add_argument("--half", choices=("odd", "even"), help="only this half of the articles; default: all")
    parser.add_argument("--predictions", type=Path, metavar="FOLDER", help="also write what Attest found, as JSONL")
    options = parser.parse_args(arguments)
    results = run_all(options.data, options.half)
    sys.stdout.write(describe(results))
    for one in results:
        if options.predictions and one.system == "attest":
            write_predictions(options.predictions / f"{one.corpus}.jsonl", one)


def write_predictions(path: Path, result: Result) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as out:
        for article, spans in zip(result.articles, result.found, strict=True):
            out.write(json.dumps({"doc_id": article["doc_id"], "timexes": [span._asdict() for span in spans]}) + "\n")


if __name__ == "__main__":
    main()
