"""Run every benchmark and print one table of what was measured, with floors and goals.

    python -m benchmarks [--corpora FOLDER] [--bootstrap 1000] [--peers PYTHON] [--models FOLDER] [NAME ...]

FOLDER holds `polnear/dev.jsonl.gz`, `timex/*.jsonl.gz`, `ud/gum_*.conllu.gz` and `events/*.jsonl.gz`; by default the
environment variable ATTEST_CORPORA names it. What needs a corpus that is not there is left out, with a line that says where the
corpus comes from. The last thing printed is a Markdown table. The exit code is 1 when a benchmark could not be run, and 0
otherwise, also below a floor.

The names: accuracy (statements), reading, timex (dates), pronouns, seed_events, passages, plv, happenings, semeval, meantime
and sample (events), speed, suite (notebooks, reports and pages), fresh (a clone of the repository). Without a name all but
fresh are run.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import accuracy, plv
from benchmarks.results import BenchmarkError, Figure, corpora_folder, markdown

EVENTS = ("seed_events", "passages", "plv", "happenings", "semeval", "meantime", "sample")
NAMES = ("accuracy", "reading", "timex", "pronouns", *EVENTS, "speed", "suite")
ASKED = ("fresh",)  # run only where they are named


def measure(
    name: str, corpora: Path | None, *, rounds: int, peers: Path | None, models: Path | None
) -> tuple[list[Figure], str]:
    """The figures and the text of one benchmark: its own `measure(corpora)`.

    Raises:
        BenchmarkError: there is no such benchmark, or it could not be run.
    """
    if name == "accuracy":
        return accuracy.measure(corpora, rounds=rounds, peers=peers)
    if name == "plv":
        return plv.measure(corpora, models=models)
    try:
        module = importlib.import_module(f"benchmarks.{name}")
    except ModuleNotFoundError as error:
        raise BenchmarkError(f"there is no benchmark {name!r}: {error}") from error
    figures, text = module.measure(corpora)
    return figures, text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks named, or all, and print their text and one table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "names",
        nargs="*",
        choices=[*NAMES, *ASKED, []],
        metavar="NAME",
        help=f"which: {', '.join([*NAMES, *ASKED])} (default: all but fresh)",
    )
    parser.add_argument("--corpora", type=Path, help="folder of the corpora")
    parser.add_argument(
        "--bootstrap", type=int, default=1000, metavar="ROUNDS", help="for confidence intervals (default: 1000)"
    )
    parser.add_argument("--peers", help="interpreter of the environment with other people's extractors")
    parser.add_argument("--models", type=Path, help="folder of the models that saw four of PLV's five folds each")
    args = parser.parse_args(arguments)
    try:
        corpora, peers = corpora_folder(args.corpora), accuracy.peers_interpreter(args.peers)
    except BenchmarkError as problem:
        parser.error(str(problem))
    rows: list[Figure] = []
    failed = False
    for name in args.names or NAMES:
        sys.stdout.write(f"== {name}\n")
        try:
            figures, text = measure(name, corpora, rounds=args.bootstrap, peers=peers, models=args.models)
        except BenchmarkError as problem:
            failed, text = True, f"could not be run: {problem}\n"
        else:
            rows += figures
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    sys.stdout.write(markdown(rows))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
