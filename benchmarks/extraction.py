"""Run `python -m analysis extract` as a user does, in a process of its own, and see what it costs."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.results import ROOT, BenchmarkError


def write_corpus(records: Iterable[Mapping[str, Any]], path: Path) -> Path:
    """Write records as a JSONL corpus, a line a record, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def extract(corpus: Path, out: Path, *, own_files: bool = False, jobs: int = 1) -> float:
    """Extract a corpus into tables.

    Args:
        corpus: file or folder of articles.
        out: folder for the tables.
        own_files: use data/metadata.csv and data/actors.csv; without, `--metadata none --actors none`.
        jobs: processes that extract.

    Returns:
        CPU seconds of the whole command, its imports and the loading of the model included.

    Raises:
        BenchmarkError: the command failed; the message ends with what it said last.
    """
    command = [sys.executable, "-m", "analysis", "extract", str(corpus), "--out", str(out), "--jobs", str(jobs)]
    if not own_files:
        command += ["--metadata", "none", "--actors", "none"]
    before = _cpu_of_children()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-5:]
        raise BenchmarkError(f"{' '.join(command[1:])} ended with code {done.returncode} and said: " + "\n".join(said))
    return _cpu_of_children() - before


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
