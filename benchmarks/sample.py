"""Precision of the events on ordinary articles, judged by people: `python -m benchmarks sample`.

    python -m benchmarks.sample --corpora FOLDER --draw 100 [--seed 1] --out benchmarks/judgements/drawn.csv
    python -m benchmarks.sample --corpora FOLDER --show benchmarks/judgements/drawn.csv [--row N]
    python -m benchmarks.sample --score benchmarks/judgements/first.csv benchmarks/judgements/second.csv

--draw extracts PolNeAR's dev part and the odd half of MEANTIME, and draws event rows by chance, half from each. The sheet holds
ids, offsets and values, no sentence. --show prints each row with its sentence and the ones beside it. Two people judge on their
own: each copies the sheet to first.csv or second.csv and writes `right` or `wrong` under each of the fields, and a reason where
something is wrong. --score gives the share of rows of which type, actors and status are all right, for both, the shares by
field, and how far the two agree: share and Cohen's kappa.

What the fields mean: type: the sentence tells an event of this type (wrong where it tells none); actors: these and no others
do it; recipients: to or with whom; status; date: the days, and right too where none is given and the article tells none.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis.events import LEAST
from analysis.parameters import MIN_EVENT_CONFIDENCE
from analysis.sentences import sentence_spans
from benchmarks.attributions import read_jsonl
from benchmarks.extraction import rows_by_article, tables_of
from benchmarks.meantime import as_article
from benchmarks.overlaps import kappa, share
from benchmarks.results import ROOT, BenchmarkError, Figure, corpora_folder, corpus_file, missing_corpus, number
from benchmarks.timex import half_of

Row = dict[str, Any]
JUDGEMENTS = ROOT / "benchmarks" / "judgements"
FIRST, SECOND = JUDGEMENTS / "first.csv", JUDGEMENTS / "second.csv"
CORPORA = ("polnear", "meantime")
FILES = (("polnear", "polnear", "dev.jsonl.gz"), ("meantime", "events", "meantime.jsonl.gz"))
PLACES = ("corpus", "article_id", "event_id", "start", "end", "trigger_spans", "actor_spans", "recipient_spans")
VALUES = ("type", "actors", "recipients", "countries", "status", "date_start", "date_end", "date_basis", "confidence")
COUNTED = ("type", "actors", "status")
SHOWN = float(MIN_EVENT_CONFIDENCE.default)  # the notebooks leave out what is less sure
FIELDS = (*COUNTED, "recipients", "date")
STEPS = (0.2, 0.3, 0.4, 0.5, 0.6)  # of confidence
VERDICTS = {"right": True, "wrong": False}
COLUMNS = ("row", *PLACES, *VALUES, *(f"{field}_is" for field in FIELDS), "reason")


# ------------------------------------------------------------------- drawing


def articles_of(corpora: Path | None) -> dict[str, list[Row]]:
    """Corpus -> its articles as records, with `id`, `text` and `published`.

    Raises:
        BenchmarkError: a corpus is missing.
    """
    polnear, meantime = (_needed(corpora, *place) for place in FILES)
    kept = ("id", "title", "text", "published")
    dev = [{key: one[key] for key in kept if key in one} for one in read_jsonl(polnear)]
    odd = [as_article(one) for one in read_jsonl(meantime) if half_of(one["doc_id"]) == "odd"]
    return {"polnear": dev, "meantime": odd}


def _needed(corpora: Path | None, name: str, folder: str, file: str) -> Path:
    path = corpus_file(corpora, folder, file)
    if path is None:
        raise BenchmarkError(missing_corpus(name))
    return path


def rows_of(articles: Sequence[Row]) -> list[Row]:
    """The events of some articles in the order of their ids."""
    found = rows_by_article(tables_of(articles), "events")
    return sorted((row for rows in found.values() for row in rows), key=lambda row: str(row["event_id"]))


def draw(rows: dict[str, list[Row]], *, number: int, seed: int) -> list[Row]:
    """Rows drawn by chance, as many from each corpus, in the order of the sheet.

    Raises:
        BenchmarkError: a corpus has too few rows.
    """
    sheet: list[Row] = []
    for place, (name, some) in enumerate(rows.items()):
        wanted = number // len(rows) + (place < number % len(rows))
        if len(some) < wanted:
            raise BenchmarkError(f"{name}: {len(some)} event rows, {wanted} are to be drawn; draw fewer")
        drawn = sorted(random.Random(f"{seed} {name}").sample(range(len(some)), wanted))
        sheet += [{"corpus": name, **some[at]} for at in drawn]
    return [{"row": at, **row} for at, row in enumerate(sheet, 1)]


def write_sheet(rows: Sequence[Row], path: Path) -> None:
    """Write a sheet for a judge, its verdicts empty.

    Raises:
        BenchmarkError: the file is there already: it may hold somebody's verdicts.
    """
    if path.exists():
        raise BenchmarkError(f"{path}: is there already and may hold verdicts; name another file, or remove it first")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: cell(value) for key, value in row.items()} for row in rows)


def cell(value: Any) -> str:
    """A value as the sheet holds it: lists as JSON, nothing where it is missing.

    >>> [cell(value) for value in ([[3, 9]], None, 0.8431, "AID")]
    ['[[3, 9]]', '', '0.843', 'AID']
    """
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


# ------------------------------------------------------------------- showing


def shown(row: Row, article: Row) -> str:
    """A row of a sheet with its sentence and the ones beside it; the trigger stands between asterisks."""
    text, spans = article["text"], json.loads(row["trigger_spans"])
    first, last = spans[0][0], spans[-1][1]
    sentences = sentence_spans(text)
    near = [at for at, (start, end) in enumerate(sentences) if start < last and first < end] or [0]
    around = sentences[max(0, near[0] - 1) : near[-1] + 2]
    for start, end in reversed(spans):
        text = f"{text[:start]}*{text[start:end]}*{text[end:]}"
    words = text[around[0][0] : around[-1][1] + 2 * len(spans)]
    days = " to ".join(dict.fromkeys(day for day in (row["date_start"], row["date_end"]) if day)) or "no date"
    return (
        f"{row['row']}. {row['corpus']} {row['article_id']}, published {article.get('published') or 'unknown'}\n"
        f"   {row['type']}, {row['status']}, {days}\n"
        f"   actors {row['actors']}, recipients {row['recipients']}\n"
        f"{words}\n"
    )


def show(path: Path, articles: dict[str, list[Row]], *, only: int | None = None) -> Iterator[str]:
    """The rows of a sheet as text, or one of them."""
    known = {(name, one["id"]): one for name, some in articles.items() for one in some}
    for row in read_cells(path):
        if only is None or row["row"] == str(only):
            yield shown(row, known[row["corpus"], row["article_id"]])


# ------------------------------------------------------------------- scoring


def read_cells(path: Path) -> list[Row]:
    """The rows of a sheet as they stand in the file.

    Raises:
        BenchmarkError: the file cannot be read, or is no sheet.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BenchmarkError(f"{path}: cannot be read: {error}") from error
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BenchmarkError(f"{path}: is no sheet of this command, it has no column {missing[0]!r}")
    return rows


def read_verdicts(path: Path) -> list[Row]:
    """The rows of a judged sheet, with a `right` of field -> bool in each.

    Those that are less sure than what the table holds now (`events.LEAST`) are left out: they are rows no longer.

    Raises:
        BenchmarkError: a verdict is missing or none of the two words, or something is wrong without a reason.
    """
    rows = read_cells(path)
    for line, row in enumerate(rows, 2):
        for field in FIELDS:
            given = row[f"{field}_is"].strip().lower()
            if given not in VERDICTS:
                raise BenchmarkError(f"{path}, line {line}: {field}_is is {given!r}; write right or wrong")
            row.setdefault("right", {})[field] = VERDICTS[given]
        if not (all(row["right"].values()) or row["reason"].strip()):
            raise BenchmarkError(f"{path}, line {line}: something is wrong, but the reason is empty")
    return [row for row in rows if float(row["confidence"]) >= LEAST]


def all_right(row: Row) -> bool:
    """Whether type, actors and status of a judged row are right."""
    return all(row["right"][field] for field in COUNTED)


def figures_of(first: Sequence[Row], second: Sequence[Row]) -> tuple[list[Figure], str]:
    """The figures of all rows and of those that the notebooks show, means of both judges; and as text the shares of each, and
    their agreement.

    Raises:
        BenchmarkError: the two did not judge the same rows.
    """
    if [row["event_id"] for row in first] != [row["event_id"] for row in second]:
        raise BenchmarkError("the two sheets do not hold the same rows in the same order; both are copies of one drawn sheet")
    both = [[all_right(row) for row in rows] for rows in (first, second)]
    shown = [place for place, row in enumerate(first) if float(row["confidence"]) >= SHOWN]
    figures = [
        _figure("rows", both),
        _figure(f"rows from {SHOWN:g} on, as the notebooks show them,", [[some[place] for place in shown] for some in both]),
    ]
    lines = [f"{'':<24}{'first':>8}{'second':>8}{'agree':>8}{'kappa':>8}"]
    for name, one, other in _measures(first, second):
        values = share(one), share(other), share([a == b for a, b in zip(one, other, strict=True)]), kappa(one, other)
        lines.append(f"{name:<24}" + "".join(f"{number(value):>8}" for value in values))
    for least in STEPS:
        at = [place for place, row in enumerate(first) if float(row["confidence"]) >= least]
        right = [share([some[place] for place in at]) for some in both]
        lines.append(f"{f'all three, {len(at)} from {least} on':<24}" + "".join(f"{number(value):>8}" for value in right))
    agreed = share([a and b for a, b in zip(*both, strict=True)])
    lines.append(f"all three right by both judges: {number(agreed)}")
    return figures, "".join(f"{line}\n" for line in lines)


def _figure(what: str, both: Sequence[Sequence[bool]]) -> Figure:
    """The precision of rows of which each judge says whether all is right."""
    n = len(both[0])
    mean = sum(map(sum, both)) / (2 * n) if n else None
    named = f"precision on ordinary articles, {n} {what} judged twice: type, actors and status right"
    return Figure(named, mean, 0.70, 0.85, wilson(mean, n) if mean is not None else None)


def _measures(first: Sequence[Row], second: Sequence[Row]) -> Iterator[tuple[str, list[bool], list[bool]]]:
    yield "all three", [all_right(row) for row in first], [all_right(row) for row in second]
    for field in FIELDS:
        yield field, [row["right"][field] for row in first], [row["right"][field] for row in second]
    for name in CORPORA:
        at = [place for place, row in enumerate(first) if row["corpus"] == name]
        yield f"all three, {name}", [all_right(first[place]) for place in at], [all_right(second[place]) for place in at]


def wilson(part: float, n: int) -> tuple[float, float]:
    """95% confidence interval of a share of n (Wilson's).

    >>> [round(end, 3) for end in wilson(0.8, 100)]
    [0.711, 0.867]
    """
    z = 1.959964
    middle, half = part + z * z / (2 * n), z * (part * (1 - part) / n + z * z / (4 * n * n)) ** 0.5
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def unchanged(judged: Sequence[Row], rows: Sequence[Row]) -> int:
    """How many judged rows stand in today's tables with the same type, actors and status."""
    today = {row["event_id"]: [cell(row[field]) for field in COUNTED] for row in rows}
    return sum(today.get(row["event_id"]) == [row[field] for field in COUNTED] for row in judged)


# ------------------------------------------------------------------- command


def measure(corpora: Path | None) -> tuple[list[Figure], str]:
    """The figure of the judged rows in the repository, and whether they still stand in the tables."""
    if not (FIRST.is_file() and SECOND.is_file()):
        return [], f"sample: left out, {FIRST.name} and {SECOND.name} are not in {JUDGEMENTS.relative_to(ROOT)}\n"
    first, second = read_verdicts(FIRST), read_verdicts(SECOND)
    figures, text = figures_of(first, second)
    try:
        articles = articles_of(corpora)
    except BenchmarkError as problem:
        return figures, f"{text}whether these rows still stand in the tables is not known: {problem}\n"
    rows = [row for some in articles.values() for row in rows_of(some)]
    return figures, f"{text}{unchanged(first, rows)} of the {len(first)} rows stand unchanged in the tables of today\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw, show or score a sheet."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sample", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--draw", type=int, metavar="N", help="draw so many rows")
    what.add_argument("--show", type=Path, metavar="SHEET", help="print the rows of a sheet with their sentences")
    what.add_argument("--score", type=Path, nargs=2, metavar=("FIRST", "SECOND"), help="score two judged sheets")
    parser.add_argument("--corpora", type=Path, help="folder of the corpora")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws other rows (default: 1)")
    parser.add_argument("--out", type=Path, default=JUDGEMENTS / "drawn.csv", help="the sheet to write")
    parser.add_argument("--row", type=int, help="show only this row")
    args = parser.parse_args(arguments)
    try:
        sys.stdout.write(_run(args))
    except BenchmarkError as problem:
        parser.exit(2, f"{problem}\n")


def _run(args: argparse.Namespace) -> str:
    if args.score:
        figures, text = figures_of(*map(read_verdicts, args.score))
        ends = [figure.interval or (None, None) for figure in figures]
        return text + "".join(
            f"{figure.what}: {number(figure.measured)} ({number(low)} to {number(high)})\n"
            for figure, (low, high) in zip(figures, ends, strict=True)
        )
    articles = articles_of(corpora_folder(args.corpora))
    if args.show:
        return "\n".join(show(args.show, articles, only=args.row))
    rows = {name: rows_of(some) for name, some in articles.items()}
    write_sheet(draw(rows, number=args.draw, seed=args.seed), args.out)
    return f"{args.out}: {args.draw} rows of {', '.join(f'{len(some):,} from {name}' for name, some in rows.items())}\n"


if __name__ == "__main__":
    main()
