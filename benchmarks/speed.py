"""What extraction costs: words per second, loading, an unchanged run, memory, installed size.

    python -m benchmarks.speed --data FOLDER

FOLDER holds `polnear/train.jsonl.gz` and `polnear/dev.jsonl.gz`, or these files themselves. Speeds are CPU time of one core
after loading; the whole extraction, that of the statements alone and the tagger alone run over the same texts in turn. The
tagger finds events in all three; in the second nothing is made of them. Takes some minutes.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from packaging.requirements import Requirement

from benchmarks.extraction import write_corpus
from benchmarks.results import ROOT, BenchmarkError, Figure, corpora_folder, markdown, missing_corpus

FILES = ("train.jsonl.gz", "dev.jsonl.gz")
TIMES = 5
PARTS = 3
FEW, MANY = 1_000, 10_000
# Articles for the workers' memory are cut to this many characters: what counts is how many there are.
SHORT = 400
LOAD = """
import time
begun, used = time.perf_counter(), time.process_time()
import analysis
from analysis.tagger import load_tagger
load_tagger()
print(time.perf_counter() - begun, time.process_time() - used)
"""
Record = dict[str, Any]


def measure(corpora: Path | None) -> tuple[list[Figure], str]:
    """All figures, and what a table cannot hold."""
    figures, lines = [], []
    for part in _loading, partial(_on_polnear, corpora), _size:
        some, text = part()
        figures += some
        lines += text
    return figures, "".join(f"{line}\n" for line in lines)


Measured = tuple[list[Figure], list[str]]


def _on_polnear(corpora: Path | None) -> Measured:
    folder = polnear_folder(corpora)
    if folder is None:
        return [], [f"speed: {missing_corpus('polnear')}"]
    figures, lines = [], []
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for part in _words_a_second, _unchanged, _memory:
            some, text = part(folder, place)
            figures += some
            lines += text
    return figures, lines


def polnear_folder(corpora: Path | None) -> Path | None:
    """The folder that holds PolNeAR's two files, None where it is not there."""
    for folder in (corpora / "polnear", corpora) if corpora else ():
        if all((folder / name).is_file() for name in FILES):
            return folder
    return None


# ------------------------------------------------------------------ loading


def _loading() -> Measured:
    best = min(_fresh(["-c", LOAD]) for _ in range(TIMES))
    wall, used = map(float, best[1].split())
    figure = Figure("import + model load, s", wall, 0.6, 0.4, lower=True)
    return [figure], [f"import + model load in a fresh process, the best of {TIMES}: {wall:.2f} s, {used:.2f} CPU-s"]


def _fresh(arguments: Sequence[str]) -> tuple[float, str]:
    """Seconds that a fresh Python takes, from its start to its end, and what it prints."""
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"python {' '.join(arguments)[:80]} ended with code {done.returncode}: {done.stderr[-500:]}")
    return time.perf_counter() - begun, done.stdout


# ------------------------------------------------------------------ words a second


def _words_a_second(folder: Path, place: Path) -> Measured:
    from analysis.read import read_articles
    from analysis.tagger import load_tagger

    module, tagger = _extract_module(), load_tagger()
    authority = module._read_authority(None)
    finder = module.make_finder(authority)
    with patch("analysis.tagger.load_tagger", lambda: _WithoutEvents(tagger)):
        no_events = module.make_finder(authority)
    _with_finder(
        lambda _: finder,
        write_corpus([{"id": "warm", "text": "Ada Mensah said that it rained."}], place / "warm.jsonl"),
        place / "warm",
    )
    whole = alone = statements = words = 0.0
    for number, part in enumerate(_parts(list(read_records([folder / "dev.jsonl.gz"])), PARTS)):
        corpus = write_corpus(part, place / f"part{number}.jsonl")
        rows = read_articles(corpus).articles.to_dict("records")
        words += sum(row["n_words"] for row in rows)
        alone += _used(lambda: [tagger.tag(row["text"], _zones(row)) for row in rows])  # noqa: B023 - called at once
        whole += _used(lambda: _with_finder(lambda _: finder, corpus, place / f"tables{number}"))  # noqa: B023
        statements += _used(lambda: _with_finder(lambda _: no_events, corpus, place / f"statements{number}"))  # noqa: B023
    figures = [
        Figure("extract of statements alone, words/s, one core, CPU time, after loading", words / statements, 6_000, 15_000),
        Figure("the same, times the tagger alone", statements / alone, 1.4, 1.2, lower=True),
        Figure("whole extract with statements, dates and events, words/s, the same way", words / whole, 4_000, 10_000),
        Figure("the same, times the tagger alone", whole / alone),
    ]
    return figures, [
        f"PolNeAR dev, {words:,.0f} words: whole {whole:.1f} CPU-s, statements alone {statements:.1f}, "
        f"tagger alone {alone:.1f} ({words / alone:,.0f} words/s)"
    ]


class _WithoutEvents:
    """A tagger that keeps the events that it finds to itself."""

    def __init__(self, tagger: Any) -> None:
        self.tagger = tagger

    def tag(self, *arguments: Any) -> Any:
        return self.tagger.tag(*arguments)._replace(events=())


def _extract_module() -> Any:
    import analysis.cli  # noqa: F401 - it imports the module, which the package hides behind the function of that name

    return sys.modules["analysis.extract"]


def _with_finder(make: Callable[[Any], Any], corpus: Path, out: Path, *, jobs: int = 1, progress: Any = None) -> Any:
    """Extract a corpus with a finder that is loaded already."""
    module = _extract_module()
    before, module.make_finder = module.make_finder, make
    try:
        return module.extract_to(corpus, out, metadata=None, actors=None, jobs=jobs, progress=progress)
    finally:
        module.make_finder = before


def _zones(row: Record) -> list[tuple[int, int]]:
    return [(zone["start"], zone["end"]) for zone in row["zones"] if zone["kind"] in ("headline", "body")]


def _used(call: Callable[[], Any]) -> float:
    """CPU seconds of a call, processes that ended within it included."""
    before = sum(os.times()[:4])
    call()
    return sum(os.times()[:4]) - before


def read_records(paths: Iterable[Path]) -> Iterator[Record]:
    """The records of some .jsonl.gz files, with the fields that a reader of articles knows."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield {key: record[key] for key in ("id", "title", "published", "text")} | {"outlet": record["publisher"]}


def _parts(records: list[Record], number: int) -> list[list[Record]]:
    return [records[first::number] for first in range(number)]


# ------------------------------------------------------------------ a run that has nothing to do


def _unchanged(folder: Path, place: Path) -> Measured:
    corpus = place / "polnear"
    corpus.mkdir()
    for name in FILES:
        (corpus / name).write_bytes((folder / name).read_bytes())
    command = [
        "-m",
        "analysis",
        "extract",
        str(corpus),
        "--out",
        str(place / "tables"),
        "--metadata",
        "none",
        "--actors",
        "none",
    ]
    first, said = _fresh(command)
    best = min(_fresh(command) for _ in range(TIMES))
    if not best[1].startswith("nothing changed"):
        raise BenchmarkError(f"the second run was to find nothing changed; it said: {best[1]}")
    figure = Figure("extract of an unchanged corpus (924 articles), s", best[0], 1.0, 0.5, lower=True)
    return [figure], [
        f"PolNeAR train + dev on all cores, {first:.0f} s: {said.split(': ')[-1].strip()}",
        f"again: {best[0]:.2f} s, the best of {TIMES}",
    ]


# ------------------------------------------------------------------ memory


def _memory(folder: Path, place: Path) -> Measured:
    """The main process over articles of full length whose rows are known; the workers with the model over short articles."""
    records = list(read_records(folder / name for name in FILES))
    main = {}
    for number in FEW, MANY:
        corpus = write_corpus(copies(records, number), place / f"full{number}.jsonl")
        main[number] = _memory_of(corpus, place / f"memory{number}", place / "tables")["main"][-1]
    short = write_corpus(copies([record | {"text": record["text"][:SHORT]} for record in records], MANY), place / "short.jsonl")
    workers = _memory_of(short, place / "memory", None)["workers"]
    early, late = workers[FEW // EVERY], max(workers)
    each = (main[MANY] - main[FEW]) / (MANY - FEW)
    figures = [
        Figure(f"memory of a worker, {MANY:,} articles, MB", late / 1e6, 600, 400, lower=True),
        Figure("main process, KB an article", max(each, 0) / 1e3, 20, 10, lower=True),
    ]
    lines = [
        f"a worker after {FEW:,} articles {early / 1e6:.0f} MB, at most {late / 1e6:.0f} MB up to {MANY:,}",
        f"main process at most {main[FEW] / 1e6:.0f} MB for {FEW:,} articles, {main[MANY] / 1e6:.0f} for {MANY:,}",
    ]
    return figures, lines


EVERY = 50


def copies(records: Sequence[Record], number: int) -> Iterator[Record]:
    """So many records, made from some by a small change in each, so that no two are the same."""
    for place in range(number):
        record = records[place % len(records)]
        copy = place // len(records)
        yield record | {"id": f"{record['id']}+{copy}", "text": f"{record['text']}\nEdition {copy}.\n"}


def _memory_of(corpus: Path, out: Path, tables: Path | None) -> dict[str, list[int]]:
    arguments = (str(corpus), str(out), str(tables) if tables else None)
    code = f"from benchmarks.speed import memory_run; memory_run(*{arguments!r})"
    return json.loads(_fresh(["-c", code])[1])  # type: ignore[no-any-return]


def memory_run(corpus: str, out: str, tables: str | None) -> None:
    """Extract a corpus in two workers and print the memory of main process and workers, in bytes, every fifty articles.

    Args:
        corpus: articles as `copies` makes them.
        out: folder for their tables.
        tables: tables of the originals, whose rows the workers give back; None for the model's own work.
    """
    import psutil

    this = psutil.Process()
    seen: dict[str, list[int]] = {"main": [0], "workers": [0]}

    def look(step: str, done: int, total: int | None) -> None:
        if done % EVERY == 0 or done == total:
            seen["main"].append(max(seen["main"][-1], this.memory_info().rss))
            if step == "finding statements":
                seen["workers"].append(max(map(_resident, this.children(recursive=True)), default=0))

    make = partial(known_rows, tables) if tables else _extract_module().make_finder
    _with_finder(make, Path(corpus), Path(out), jobs=2, progress=look)
    sys.stdout.write(json.dumps(seen))


def _resident(process: Any) -> int:
    import psutil

    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def known_rows(tables: str, _: Any) -> Callable[[Record], bytes]:
    """A finder that gives every copy the rows of its original."""
    from analysis.cache import pack
    from analysis.store import load_tables, rows_of

    rows: dict[str, list[Record]] = {}
    for row in rows_of(load_tables(tables).statements, "statements"):
        rows.setdefault(row["article_id"], []).append(row)

    def find(article: Record) -> bytes:
        original, own = article["article_id"].rpartition("+")[0], article["article_id"]
        renamed = [
            row | {"article_id": own, "statement_id": row["statement_id"].replace(original, own)}
            for row in rows.get(original, [])
        ]
        return pack({"statements": renamed})

    return find


# ------------------------------------------------------------------ installed size


def _size() -> Measured:
    wanted = [Requirement(line) for line in _requirement_lines()]
    if not wanted:
        return [], ["installed size: there is no requirements.txt"]
    sizes = {name: _bytes_of(name) for name in _closure(wanted)}
    largest = sorted(sizes, key=lambda name: -sizes[name])[:6]
    said = ", ".join(f"{name} {sizes[name] / 1e6:.0f}" for name in largest)
    figure = Figure("installed size of the requirements, MB", sum(sizes.values()) / 1e6, 900, 500, lower=True)
    return [figure], [f"installed: {len(sizes)} packages; the largest in MB: {said}"]


def _requirement_lines() -> list[str]:
    path = ROOT / "requirements.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [line.partition("#")[0].strip() for line in lines if line.partition("#")[0].strip() and not line.startswith("-")]


def _closure(wanted: Iterable[Requirement]) -> list[str]:
    """Names of the installed packages that these requirements bring, themselves included."""
    found: dict[str, None] = {}
    waiting = deque(wanted)
    while waiting:
        requirement = waiting.popleft()
        name = requirement.name.lower().replace("_", "-").replace(".", "-")
        extras = requirement.extras or {""}
        if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        if name in found:
            continue
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        found[name] = None
        for line in needs:
            need = Requirement(line)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras):
                need.marker = None
                waiting.append(need)
    return list(found)


def _bytes_of(name: str) -> int:
    files = importlib.metadata.files(name) or []
    return sum(path.stat().st_size for file in files if (path := Path(str(file.locate()))).is_file())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of the corpora (default: the environment variable ATTEST_CORPORA)")
    args = parser.parse_args(arguments)
    try:
        figures, text = measure(corpora_folder(args.data))
    except BenchmarkError as problem:
        parser.error(str(problem))
    sys.stdout.write(f"{text}\n{markdown(figures)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
