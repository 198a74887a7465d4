"""How much of what stands on a page the reader gets right: `python -m benchmarks.reading`.

Compares what `read_articles` finds with what people wrote down: for the fixtures in tests/reading/expected.yaml, and for
the seeds in data/gold/. One field of one article is one point: a title, a day, the list of lines in a zone. With
`--corpora FOLDER` it also times the reading of PolNeAR, and counts the annotated statements that lie in boilerplate.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from analysis.read import read_articles
from benchmarks.results import ROOT, Figure, missing_corpus

FIXTURES = ROOT / "tests" / "reading"
GROUPS = {
    "before": "fixtures written before the rules",
    "after": "fixtures written with the rules",
    "last": "fixtures written last, no rule made for them",
    "seed": "the seeds",
}


class Point(NamedTuple):
    """One field of one article: what was expected and what was found."""

    file: str
    written: str
    field: str
    expected: Any
    found: Any

    @property
    def right(self) -> bool:
        """Whether both are the same."""
        return bool(self.expected == self.found)


def fixture_points(folder: Path = FIXTURES) -> Iterator[Point]:
    """Every field that expected.yaml gives, with what the reader finds."""
    for entry in yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8")):
        tables = read_articles(folder / entry["file"], fields=entry.get("fields"))
        name, written = entry["file"], entry["written"]
        rows = {re.sub(r"~\w+$", "~", row["article_id"]): row for row in tables.articles.to_dict("records")}
        yield Point(name, written, "problems", entry["problems"], tables.problems["reason"].tolist())
        yield Point(name, written, "articles", sorted(article["id"] for article in entry["articles"]), sorted(rows))
        for article in entry["articles"]:
            row = rows.get(article["id"])
            for field, value in article.items():
                if field != "id":
                    yield Point(name, written, f"{article['id']}: {field}", *_both(field, value, row))


def _both(field: str, value: Any, row: dict[str, Any] | None) -> tuple[Any, Any]:
    """What is expected of a field and what the row holds, in the same form."""
    if row is None:
        return value, "no such article"
    if field in ("headline", "boilerplate"):
        return value, _lines_of(row, field)
    if field in ("text_has", "text_lacks"):
        wrong = field == "text_lacks"
        return [], [words for words in value if (words in row["text"]) == wrong]
    return value, _plain(row[field])


def _lines_of(row: dict[str, Any], kind: str) -> list[str]:
    """The lines of a zone that hold words; front matter stays in one piece."""
    parts = [row["text"][zone["start"] : zone["end"]] for zone in row["zones"] if zone["kind"] == kind]
    return [" ".join(part.split()) if "---" not in part else part for part in parts if re.search(r"\w", part)]


def _plain(value: Any) -> Any:
    if value is None or value != value:
        return None
    return value.date() if hasattr(value, "date") else value


def seed_points() -> Iterator[Point]:
    """Fields and zones of the seeds against their annotation, read without the researcher's metadata."""
    rows = {row["article_id"]: row for row in read_articles(ROOT / "seeds").articles.to_dict("records")}
    for file in sorted((ROOT / "data" / "gold").glob("0*.json")):
        gold, row = json.loads(file.read_text(encoding="utf-8")), rows[file.stem]
        for field in ("title", "outlet", "published_basis", "reference_basis"):
            yield Point(file.stem, "seed", field, gold["article"][field], _plain(row[field]))
        for field in ("published", "reference_date"):
            day = _plain(row[field])
            yield Point(file.stem, "seed", field, gold["article"][field], day and day.isoformat())
        spans = [[zone["start"], zone["end"]] for zone in row["zones"] if zone["kind"] == "boilerplate"]
        yield Point(file.stem, "seed", "boilerplate", gold["article"]["boilerplate"], spans)
        for item in (*gold["statements"], *gold["events"]):
            start, end = (item.get("content") or item.get("trigger"))[0]
            kind = next((zone["kind"] for zone in row["zones"] if zone["start"] <= start and end <= zone["end"]), None)
            yield Point(file.stem, "seed", f"zone of {item['id']}", item["zone"], kind)


class Timing(NamedTuple):
    """What reading a corpus cost, and how many annotated statements lie in boilerplate."""

    articles: int
    words: int
    problems: int
    seconds: float
    lost: int
    statements: int


def read_corpus(files: Sequence[Path]) -> Timing:
    """Read records and count: CPU seconds, and PolNeAR's attributions that lie outside headline and body."""
    articles = n_words = problems = lost = statements = 0
    start = time.process_time()
    tables = [read_articles(file) for file in files]
    seconds = time.process_time() - start
    for file, table in zip(files, tables, strict=True):
        articles, problems = articles + len(table.articles), problems + len(table.problems)
        n_words += int(table.articles["n_words"].sum())
        zones = dict(zip(table.articles["article_id"], table.articles["zones"], strict=True))
        for record in _records(file):
            left_out = [zone for zone in zones.get(record["id"], ()) if zone["kind"] == "boilerplate"]
            for item in record.get("attributions", ()):
                spans = [*item["source"], *item["cue"], *item["content"]]
                statements += 1
                lost += any(a < zone["end"] and zone["start"] < b for a, b in spans for zone in left_out)
    return Timing(articles, n_words, problems, seconds, lost, statements)


def _records(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def measure(corpora: Path | None, *, wrong: bool = False) -> tuple[list[Figure], str]:
    """The figures of the reader, and a text with the shares group by group; `wrong` adds every field that is wrong."""
    points = [*fixture_points(), *seed_points()]
    text, shares = "", {}
    for group, name in GROUPS.items():
        ours = [point for point in points if point.written == group]
        right = sum(point.right for point in ours)
        shares[group] = right / max(len(ours), 1)
        text += (
            f"{name}: {len({point.file for point in ours})} files, {right} of {len(ours)} fields right, {shares[group]:.3f}\n"
        )
    for point in points if wrong else ():
        if not point.right:
            text += f"  {point.file} {point.field}\n    expected {point.expected!r}\n    found    {point.found!r}\n"
    fixtures = [point for point in points if point.written != "seed"]
    figures = [
        Figure("reading: the seeds' fields and zones, share right", shares["seed"], 1.0, 1.0),
        Figure("reading: fixtures, share of fields right", sum(p.right for p in fixtures) / len(fixtures), 0.95, 0.99),
        Figure("reading: fixtures that no rule was made for, share of fields right", shares["last"]),
    ]
    files = sorted((corpora / "polnear").glob("*.jsonl.gz")) if corpora else []
    if not files:
        return figures, text + missing_corpus("polnear") + "\n"
    timing = read_corpus(files)
    each = 1e6 * timing.seconds / max(timing.words, 1)
    text += (
        f"PolNeAR: {timing.articles:,} articles, {timing.words:,} words, {timing.problems} problems; {timing.lost} of "
        f"{timing.statements:,} attributions lie in boilerplate; {timing.seconds:.2f} CPU seconds\n"
    )
    figures.append(Figure("reading: records, CPU microseconds a word", each, 10.0, lower=True))
    return figures, text


def main() -> None:
    """Print the shares, and with --wrong every field that is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="print each field that is wrong")
    parser.add_argument("--corpora", type=Path, help="folder that holds polnear/*.jsonl.gz: reading is timed on it")
    args = parser.parse_args()
    figures, text = measure(args.corpora, wrong=args.wrong)
    sys.stdout.write(text)
    for figure in figures:
        sys.stdout.write(f"{figure.what}: {figure.measured:.3f}\n")


if __name__ == "__main__":
    main()
