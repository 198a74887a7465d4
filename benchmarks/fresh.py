"""From a fresh clone to pages: `git clone`, then `make report`, with pip's cache as it is.

    python -m benchmarks fresh

What is not committed is not measured. The clone lies in a temporary folder and is removed.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.results import ROOT, BenchmarkError, Figure


def measure(corpora: Path | None) -> tuple[list[Figure], str]:  # noqa: ARG001 - every benchmark is asked in one way
    """The figure, and what `make report` said."""
    with tempfile.TemporaryDirectory(prefix="attest-fresh-") as name:
        clone = Path(name) / "attest"
        begun = time.perf_counter()
        said = _run(["git", "clone", "--quiet", str(ROOT), str(clone)], Path(name)) + _run(["make", "report"], clone)
        seconds = time.perf_counter() - begun
        pages = len(list((clone / "reports").glob("*.html")))
    figure = Figure("fresh clone to pages, warm pip cache, s", seconds, 120, 60, lower=True)
    return [figure], f"{said}{pages} pages in {seconds:.0f} s\n"


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"{' '.join(command)} ended with code {done.returncode}: {(done.stderr or done.stdout)[-800:]}")
    return done.stdout
