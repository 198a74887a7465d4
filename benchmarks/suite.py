"""What the notebook suite costs: processor time of reports, size of pages, what a browser finds, and a fresh clone.

    python -m benchmarks suite [--corpora FOLDER]     all but the fresh clone; some minutes, most of them to make tables
    python -m benchmarks fresh                        a clone of this repository to its pages, with pip's cache as it is

FOLDER holds `polnear/train.jsonl.gz` and `polnear/dev.jsonl.gz`. Processor time is that of all processes of a run, kernels
too. Pages are looked at in Chromium, through Playwright and axe (requirements-dev.txt); without them that is left out.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.extraction import write_corpus
from benchmarks.results import ROOT, BenchmarkError, Figure, missing_corpus
from benchmarks.speed import FILES, polnear_folder, read_records

KEPT = ROOT / "build" / "benchmarks" / "polnear-tables"  # made once, then brought up to date
SPEAKERS = 11  # reports of one notebook
FEW = 3
TIMES = 3
SUBREAPER = 36  # prctl: processes whose parent has ended become this one's, so that their time is counted
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
Measured = tuple[list[Figure], list[str]]


class Cost(NamedTuple):
    """What a run took: seconds, processor seconds of all its processes, and megabytes at the highest point."""

    seconds: float
    cpu: float
    megabytes: float
    said: str


def measure(corpora: Path | None) -> tuple[list[Figure], str]:
    """All figures but that of the fresh clone, and what a table cannot hold."""
    figures: list[Figure] = []
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="attest-suite-") as name:
        place = Path(name)
        for part in _on_seeds, _pages, _many_rows:
            some, text = part(place)
            figures += some
            lines += text
        some, text = _on_polnear(corpora, place)
    return figures + some, "".join(f"{line}\n" for line in [*lines, *text])


# ------------------------------------------------------------------ costs of a run


def cost(arguments: Sequence[str], *, root: Path, memory: bool = False) -> Cost:
    """Run a command of the project and say what it took.

    Args:
        arguments: after `python -m analysis`.
        root: what ANALYSIS_ROOT names.
        memory: look at the memory of all processes together, ten times a second, which itself takes some time.

    Raises:
        BenchmarkError: the command failed.
    """
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = os.environ | {"ANALYSIS_ROOT": str(root), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis", *arguments],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    peak = [0.0]
    watch = threading.Thread(target=_watch, args=(process, peak), daemon=True) if memory else None
    if watch:
        watch.start()
    said = process.communicate()[0]
    seconds = time.perf_counter() - begun
    _bury()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise BenchmarkError(f"{' '.join(arguments)} ended with code {process.returncode}: {said[-800:]}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(seconds, used, peak[0], said)


def _bury() -> None:
    """Wait for what a run left: its kernels, which end a moment after it."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)
        except ChildProcessError:
            return


def _watch(process: subprocess.Popen[str], peak: list[float]) -> None:
    import psutil

    with suppress(psutil.Error):
        whole = psutil.Process(process.pid)
        while process.poll() is None:
            total = 0
            for one in [whole, *whole.children(recursive=True)]:
                with suppress(psutil.Error):
                    total += one.memory_full_info().pss
            peak[0] = max(peak[0], total / 1e6)
            time.sleep(0.1)


def _project(place: Path) -> Path:
    """A project of its own with these notebooks, seeds and word lists, and no tables and pages yet."""
    root = place / "project"
    if not root.exists():
        shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
        shutil.copytree(ROOT / "seeds", root / "seeds")
        shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("tables"))
    return root


# ------------------------------------------------------------------ the seeds


def _on_seeds(place: Path) -> Measured:
    root = _project(place)
    cold = cost(["report"], root=root)
    pages = len(list((root / "reports").glob("*.html"))) - 1
    again = min((cost(["report"], root=root) for _ in range(TIMES)), key=lambda one: one.seconds)
    each, slow = _each(root, fork=True), _each(root, fork=False)
    figures = [
        Figure("make report on the seeds, cold, CPU-s", cold.cpu, 12, 6, lower=True),
        Figure("the same, nothing changed, s", again.seconds, 1.5, 0.7, lower=True),
        Figure("each further report of the same notebook, CPU-s", each, 1.2, 0.35, lower=True),
        Figure("the same where kernels cannot fork, CPU-s", slow, 2.0, None, lower=True),
    ]
    lines = [f"seeds: {pages} reports and their articles, from nothing, in {cold.seconds:.1f} s, {cold.cpu:.1f} CPU-s"]
    return figures, [*lines, f"nothing changed: {again.seconds:.2f} s, {again.cpu:.2f} CPU-s"]


def _each(root: Path, *, fork: bool) -> float:
    """Processor seconds of one more report of a notebook: many take so much more than a few."""
    used = []
    for number in (FEW, SPEAKERS):
        file = root / f"{number}.yaml"
        file.write_text("".join(f"- {{notebook: statements, min_confidence: 0.{i:02}}}\n" for i in range(1, number + 1)))
        out = root / f"reports-{number}-{fork}"
        options = [] if fork else ["--no-fork"]
        used.append(cost(["report", "--params", str(file), "--out", str(out), "--no-articles", *options], root=root).cpu)
    return (used[1] - used[0]) / (SPEAKERS - FEW)


# ------------------------------------------------------------------ PolNeAR


def _on_polnear(corpora: Path | None, place: Path) -> Measured:
    folder = polnear_folder(corpora)
    if folder is None:
        return [], [f"suite: {missing_corpus('polnear')}"]
    records = list(read_records([folder / name for name in FILES]))
    corpus = write_corpus(records, place / "polnear.jsonl")
    from analysis.extract import extract_to

    extract_to(corpus, KEPT, metadata=None, actors=None)
    root = _project(place)
    out = place / "polnear"
    found = cost(["report", "--tables", str(KEPT), "--out", str(out)], root=root)
    watched = cost(["report", "--tables", str(KEPT), "--out", str(place / "watched")], root=root, memory=True)
    pages = [path for path in out.glob("*.html") if path.stem != "index"]
    what = f"PolNeAR, {len(records)} articles, all reports from tables"
    figures = [
        Figure(f"{what}, CPU-s", found.cpu, 40, 20, lower=True),
        Figure("the same, memory of all processes, MB", watched.megabytes, 1_000, None, lower=True),
    ]
    sizes = ", ".join(f"{path.stem} {path.stat().st_size / 1e6:.1f} MB" for path in sorted(pages))
    lines = [f"PolNeAR: {found.seconds:.1f} s, {found.cpu:.1f} CPU-s; pages: {sizes}"]
    return figures, lines + [f"  {line[:160]}" for line in found.said.splitlines()]


# ------------------------------------------------------------------ pages


def _pages(place: Path) -> Measured:
    folder = _project(place) / "reports"
    pages = list(folder.rglob("*.html"))
    reports = [path for path in pages if path.parent == folder and path.stem != "index"]
    sizes = {path.stem: len(re.sub(rb"data:image/[^\"]*", b"", path.read_bytes())) / 1e3 for path in reports}
    figures = [Figure("largest page of the seeds without its figures, KB", max(sizes.values()), 100, None, lower=True)]
    lines = ["pages without figures, KB: " + ", ".join(f"{name} {size:.0f}" for name, size in sorted(sizes.items()))]
    if not _browser_there():
        return figures, [*lines, "pages: without Chromium, playwright and axe-playwright-python nothing more is measured"]
    from axe_playwright_python.sync_playwright import Axe

    asked: set[str] = set()
    wrong: list[str] = []
    with _browser() as browser:
        for scheme in ("light", "dark"):
            for path in pages:
                page = browser.new_page(color_scheme=scheme)
                page.on("request", lambda request: asked.add(request.url))
                page.goto(path.as_uri())
                found = Axe().run(page)
                wrong += [f"{path.name}, {scheme}: {one['id']}" for one in found.response["violations"]]
                page.close()
    loaded = sorted(url for url in asked if not url.startswith(("file:", "data:")))
    figures += [
        Figure("requests of all pages of the seeds", float(len(loaded)), 0, None, lower=True),
        Figure("axe violations of all pages of the seeds, light and dark", float(len(wrong)), 0, None, lower=True),
    ]
    return figures, [*lines, *(f"  {one}" for one in [*loaded, *wrong])]


TYPE = """() => {
    const label = [...document.querySelectorAll("label")].find(label => label.textContent === "Search statements");
    const search = document.getElementById(label.htmlFor), taken = [];
    for (const text of ["f", "fe", "fer", "ferr", "ferry", "ferry line", ""]) {
        const begun = performance.now();
        search.value = text;
        search.dispatchEvent(new Event("input"));
        document.body.offsetHeight;
        taken.push(performance.now() - begun);
    }
    return Math.max(...taken);
}"""


def _many_rows(place: Path) -> Measured:
    if not _browser_there():
        return [], ["20,000 statements: not measured without Chromium and playwright"]
    from analysis.store import save_tables

    tables = _fake_tables()(1_900, 11, filler=20)
    save_tables(tables, place / "many-tables")
    root, out = _project(place), place / "many"
    cost(["report", "statements", "--tables", str(place / "many-tables"), "--out", str(out), "--no-articles"], root=root)
    opened, typed = [], []
    with _browser() as browser:
        for _ in range(TIMES):
            page = browser.new_page()
            begun = time.perf_counter()
            page.goto((out / "statements.html").as_uri())
            page.get_by_label("Search statements").wait_for()
            opened.append(time.perf_counter() - begun)
            typed.append(page.evaluate(TYPE))
            page.close()
    figures = [
        Figure("page with 20,000 statements: opens, s", min(opened), 3, 1, lower=True),
        Figure("the same: filters, ms a keystroke, the slowest", min(typed), 200, 50, lower=True),
    ]
    size = (out / "statements.html").stat().st_size / 1e6
    return figures, [f"page with {len(tables.statements):,} statements: {size:.1f} MB"]


def _fake_tables() -> Callable[..., Any]:
    """The tables of the tests, which are made of sentences of our own."""
    spec = importlib.util.spec_from_file_location("fake_tables", ROOT / "tests" / "fake_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.fake_tables


def _browser_there() -> bool:
    found = [importlib.util.find_spec(name) for name in ("playwright", "axe_playwright_python")]
    return bool(CHROMIUM) and all(found)


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()
