"""What a benchmark measured, beside the floor it must not fall below and the goal; as a Markdown table.

Every benchmark is a module with `measure(corpora) -> (figures, text)`: `corpora` is the folder of the corpora or None, the
figures go into the table that `python -m benchmarks` prints last, the text says what a table cannot hold.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
CORPORA_VARIABLE = "ATTEST_CORPORA"
# Where the corpora come from: they are not ours to pass on.
SOURCES = {
    "polnear": "PolNeAR, github.com/networkdynamics/PolNeAR",
    "timex": "TimeBank and AQUAINT from TempEval-3, MEANTIME from NewsReader",
    "meantime": "MEANTIME, from the NewsReader project",
    "semeval": "SemEval-2015 task 4 (TimeLine)",
    "gum": "UD English GUM, universaldependencies.org",
    "plv": "the PLV sentences of ZSP, github.com/snowood1/zero-shot-plover",
}


class BenchmarkError(RuntimeError):
    """A benchmark could not be run; the message says what was tried, what came of it and what to do."""


class Figure(NamedTuple):
    """One measured figure.

    `measured`, `floor` and `goal` are numbers in the unit that `what` names; None stands for not measured, or for no floor or
    goal. `interval` is a 95% confidence interval. `lower` says that smaller is better.
    """

    what: str
    measured: float | None
    floor: float | None = None
    goal: float | None = None
    interval: tuple[float, float] | None = None
    lower: bool = False


def corpora_folder(given: str | Path | None = None) -> Path | None:
    """The folder of the corpora: the given one, else that of the environment variable ATTEST_CORPORA, else None.

    Raises:
        BenchmarkError: the folder is named and is not there.
    """
    named = given or os.environ.get(CORPORA_VARIABLE)
    if not named:
        return None
    if not Path(named).is_dir():
        raise BenchmarkError(f"{named}: no such folder; give the folder of the corpora, or leave {CORPORA_VARIABLE} unset")
    return Path(named)


def corpus_file(corpora: Path | None, folder: str, name: str) -> Path | None:
    """A file of the corpora, in its folder or in the corpora's own; None where it is not there."""
    places = (corpora / folder / name, corpora / name) if corpora else ()
    return next((path for path in places if path.is_file()), None)


def missing_corpus(name: str) -> str:
    """The line that says why a benchmark is left out and where its corpus comes from."""
    return f"left out, it needs a corpus that is not here: {SOURCES[name]}; name its folder in {CORPORA_VARIABLE}"


def number(value: float | None) -> str:
    """A figure as it stands in the table.

    >>> [number(value) for value in (0.87251, 1, 15000.4, 3.25, None)]
    ['0.873', '1', '15,000', '3.25', '-']
    """
    if value is None:
        return "-"
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3f}" if abs(value) <= 1 else f"{value:.2f}"


def reached(figure: Figure) -> str:
    """How a figure stands: "goal", "floor", "below", or nothing where there is no floor or no measurement."""
    if figure.measured is None or figure.floor is None:
        return ""
    sign = -1 if figure.lower else 1
    if figure.goal is not None and sign * figure.measured >= sign * figure.goal:
        return "goal"
    return "floor" if sign * figure.measured >= sign * figure.floor else "below"


def markdown(figures: Iterable[Figure]) -> str:
    """A Markdown table of the figures.

    >>> print(markdown([Figure("seeds, speaker", 0.93, 0.92, 1.0, (0.9, 0.95))]), end="")
    | figure | measured | floor | goal | reached |
    |---|---|---|---|---|
    | seeds, speaker | 0.930 (0.900 to 0.950) | 0.920 | 1.000 | floor |
    """
    lines = ["| figure | measured | floor | goal | reached |", "|---|---|---|---|---|"]
    for figure in figures:
        between = f" ({number(figure.interval[0])} to {number(figure.interval[1])})" if figure.interval else ""
        cells = (figure.what, number(figure.measured) + between, number(figure.floor), number(figure.goal), reached(figure))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
