"""How much of what stands on a page the reader gets right: `python -m benchmarks.reading`.

Compares what `read_articles` finds with what people wrote down: for the fixtures in tests/reading/expected.yaml, and for
the seeds in data/gold/. One field of one article is one point: a title, a day, the list of lines in a zone.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from analysis.read import read_articles

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "reading"


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
        tables = read_articles(folder / entry["file"], fields=entry.get("fields"), **entry.get("options", {}))
        name, written = entry["file"], entry["written"]
        articles = {re.sub(r"~\w+$", "~", row["article_id"]): row for row in tables.articles.to_dict("records")}
        yield Point(name, written, "problems", entry["problems"], tables.problems["reason"].tolist())
        yield Point(name, written, "articles", sorted(a["id"] for a in entry["articles"]), sorted(articles))
        for wanted in entry["articles"]:
            row = articles.get(wanted["id"])
            for field, value in wanted.items():
                if field != "id":
                    yield Point(name, written, f"{wanted['id']}: {field}", *_both(field, value, row))


def _both(field: str, value: Any, row: dict[str, Any] | None) -> tuple[Any, Any]:
    """What is expected of a field and what the row holds, in the same form."""
    if row is None:
        return value, "no such article"
    if field in ("headline", "boilerplate"):
        return value, _zone(row, field)
    if field == "text_has":
        return [], [words for words in value if words not in row["text"]]
    if field == "text_lacks":
        return [], [words for words in value if words in row["text"]]
    return value, _plain(row[field])


def _zone(row: dict[str, Any], kind: str) -> list[str]:
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
        gold = json.loads(file.read_text(encoding="utf-8"))
        row = rows[file.stem]
        for field in ("title", "outlet", "published", "published_basis", "reference_date", "reference_basis"):
            found = _plain(row[field])
            yield Point(file.stem, "seed", field, gold["article"][field], str(found) if "_date" in field and found else found if field != "published" else found and str(found))
        spans = [[zone["start"], zone["end"]] for zone in row["zones"] if zone["kind"] == "boilerplate"]
        yield Point(file.stem, "seed", "boilerplate", gold["article"]["boilerplate"], spans)
        for statement in (*gold["statements"], *gold["events"]):
            span = (statement.get("content") or statement.get("trigger"))[0]
            kind = next((zone["kind"] for zone in row["zones"] if zone["start"] <= span[0] and span[1] <= zone["end"]), None)
            yield Point(file.stem, "seed", f"zone of {statement['id']}", statement["zone"], kind)


def main() -> None:
    """Print the shares, and with --wrong every field that is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="print each field that is wrong")
    parser.add_argument("--corpus", help="also time the reading of this corpus, in CPU seconds")
    args = parser.parse_args()
    points = [*fixture_points(), *seed_points()]
    for group in ("before", "after", "seed"):
        ours = [point for point in points if point.written == group]
        files = len({point.file for point in ours})
        right = sum(point.right for point in ours)
        name = {"before": "fixtures written before the rules", "after": "fixtures written with the rules", "seed": "seeds"}[group]
        print(f"{name}: {files} files, {right} of {len(ours)} fields right, {right / max(len(ours), 1):.3f}")  # noqa: T201
    for point in points if args.wrong else ():
        if not point.right:
            print(f"  {point.file} {point.field}\n    expected {point.expected!r}\n    found    {point.found!r}")  # noqa: T201
    if args.corpus:
        start = time.process_time()
        tables = read_articles(args.corpus)
        seconds, words = time.process_time() - start, int(tables.articles["n_words"].sum())
        shown = f"{len(tables.articles):,} articles, {words:,} words, {len(tables.problems):,} problems"
        print(f"corpus: {shown}, {seconds:.2f} CPU seconds, {1e6 * seconds / max(words, 1):.2f} microseconds a word")  # noqa: T201


if __name__ == "__main__":
    main()
