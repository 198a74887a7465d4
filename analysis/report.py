"""Notebooks -> reports: run what changed, render it, and never lose the last good page.

papermill and nbconvert run as libraries in this process. Modules that they need are imported only when a notebook runs: a
run that has nothing to do is then quick.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.folder import BusyError, RunError, StoreError, file_hash, locked
from analysis.kernels import Result, run_notebooks
from analysis.manifest import WrongUseError, project_root, read_manifest
from analysis.memory import give_back_memory
from analysis.parameters import LIST_NAMES, SCHEMAS, Run, describe, make_runs, read_runs, schema_of
from analysis.pdf import find_chromium, print_page
from analysis.showing.links import FOLDER, read_shelf, table_hashes
from analysis.terminal import progress_on, shown

if TYPE_CHECKING:
    from analysis.extract import Progress
    from analysis.schema import Tables

LIBRARIES = ("ipykernel", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "pyarrow")
TIMEOUT = 600.0  # seconds that a cell may take
# Megabytes for the notebooks that run at once; what each takes, and what each row adds, with its place in the page.
MEMORY, OF_A_KERNEL, OF_A_ROW = 600, 60, 0.0075
LONGEST_WAIT = 120.0  # seconds to wait for another run that writes the tables
TEMPORARY = ".new-"
RECORD = "manifest.json"
EARLIER = re.compile(r"[a-z0-9-]{1,70}\.[0-9-]{10,16}\.html")
GOOD, FAILED = 0, 1


class Outcome(NamedTuple):
    """What became of one report.

    Attributes:
        run: what was asked for.
        state: made, kept (nothing had changed) or failed.
        why: why it was made, or why it failed, in words.
        page: the page, or the error page.
        seconds: how long it took.
    """

    run: Run
    state: str
    why: str
    page: Path
    seconds: float = 0.0


# ------------------------------------------------------------------ tables


def open_tables(corpus: str | Path | None = None, tables: str | Path | None = None) -> Tables:
    """The tables for a notebook: stored ones, or those of a corpus, of which only new and changed articles are read.

    Args:
        corpus: folder, file or pattern of articles; the project's seeds if none is given. Its tables are kept in `data/tables`.
        tables: folder of stored tables; with it nothing is extracted.

    Returns:
        The five tables.

    Raises:
        WrongUseError: there is no such corpus.
        StoreError: there are no tables in the folder, or they are damaged.

    A path that is not there from the current folder is looked for below the project's.
    """
    from analysis.store import load_tables

    return load_tables(find_tables(corpus, tables))


def find_tables(corpus: str | Path | None, tables: str | Path | None, *, progress: Progress | None = None) -> Path:
    """The folder with the tables, extracted anew where the corpus changed; see `open_tables`."""
    if tables:
        folder = _located(tables)
        if read_manifest(folder) is None:
            raise StoreError(f"there are no tables in {folder}; give another folder, or a corpus instead")
        return folder
    from analysis.extract import extract_to

    folder, begun = project_root() / "data" / "tables", time.monotonic()
    while True:
        try:
            extract_to(_located(corpus) if corpus else project_root() / "seeds", folder, progress=progress)
            return folder
        except BusyError:
            if time.monotonic() - begun > LONGEST_WAIT:
                raise
            time.sleep(0.5)


def _located(path: str | Path) -> Path:
    """A path as seen from here, or else from the project's folder."""
    found = Path(path).expanduser()
    below = project_root() / found
    return below if not found.exists() and (below.exists() or not found.is_absolute()) else found.absolute()


# ------------------------------------------------------------------ reports


def report(
    names: Iterable[str] = (),
    *,
    corpus: str | Path | None = None,
    tables: str | Path | None = None,
    out: str | Path | None = None,
    params: Mapping[str, Any] | None = None,
    params_file: str | Path | None = None,
    force: bool = False,
    fork: bool = True,
    jobs: int | None = None,
    timeout: float = TIMEOUT,
    articles: bool = True,
    keep: int | None = None,
    pdf: bool = False,
    tell: Callable[[str], None] | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Make the reports that are not up to date.

    Args:
        names: notebooks; none = all.
        corpus, tables: see `open_tables`.
        out: folder of the pages; `reports` of the project if None.
        params: parameters, for each of the notebooks that takes them.
        params_file: YAML file with a list of reports, in the place of names and params; see `parameters.read_runs`.
        force: make also those that are up to date.
        fork: fork kernels from one warm process, which is quicker.
        jobs: how many notebooks run at once; None for one on each core, at most 4, and fewer where the tables are large.
        timeout: seconds that a cell may take.
        articles: also one page for each article, in the folder `articles` beside the reports, to which their rows lead.
        keep: how many earlier versions of each page stay beside it under their dates; None adds none and takes none away.
        pdf: also print each page that is good into a PDF file beside it, by an installed Chromium.
        tell: is told in a line what became of each report.
        progress: is told how far the extraction is.

    Returns:
        One outcome for each report, in the order in which they were asked for.

    Raises:
        WrongUseError: an unknown notebook, parameter or value, or no Chromium for a PDF, before anything runs.
        BusyError: another run writes into the same folder.
        StoreError: the tables cannot be read.
        RunError: the pages of some articles or some PDF files could not be made; all others were.

    A page is replaced as a whole, when its notebook ran to its end. A notebook that fails leaves the last good page, and
    an error page beside it, and the last good page also stays under its date.
    """
    if keep is not None and keep < 0:
        raise WrongUseError(f"keep is {keep}; give 0 or how many earlier versions of a page shall stay")
    if params_file is not None and (list(names) or params):
        raise WrongUseError("a parameter file names the notebooks and their parameters; leave out the others, or the file")
    runs = read_runs(params_file) if params_file is not None else make_runs(names, params or {})
    folder = Path(out) if out is not None else project_root() / "reports"
    give_back_memory()
    chromium = find_chromium() if pdf else None
    with locked(folder):
        for left in folder.glob(f"{TEMPORARY}*"):
            left.unlink(missing_ok=True)
        found = find_tables(corpus, tables, progress=progress)
        sources = _common_sources(found)
        beside = FOLDER if articles else None
        setting = Setting(
            folder, found, _command(corpus, tables, out), _shown_corpus(corpus, tables), sources, timeout, beside, keep
        )
        odd = [_make_articles(setting, tell or _silent)] if articles else []
        at_once = jobs if jobs is not None else _jobs(found)
        outcomes = _make(runs, setting, force=force, fork=fork, jobs=at_once, tell=tell or _silent)
        odd += [_make_pdf(outcomes, folder, chromium, tell or _silent)] if chromium else []
    if any(odd):
        raise RunError("; ".join(filter(None, odd)))
    return outcomes


def _jobs(tables: Path) -> int:
    """How many notebooks run at once without taking more memory than a small computer has: each holds the tables."""
    manifest = read_manifest(tables)
    rows = sum(manifest.counts.get(name, 0) for name in ("statements", "events")) if manifest is not None else 0
    return max(1, min(4, os.cpu_count() or 1, int(MEMORY / (OF_A_KERNEL + rows * OF_A_ROW))))


def _make_articles(setting: Setting, tell: Callable[[str], None]) -> str:
    """Bring the article pages up to date, before the reports that lead to them; what went wrong, in words."""
    folder, look = setting.folder / FOLDER, setting.sources["code"]["analysis"]
    if read_shelf(folder).is_current(folder, look=look, tables=setting.sources["tables"]):
        tell("articles: up to date")
        return ""
    from analysis.showing.articles import write_article_pages

    begun = time.monotonic()
    pages = write_article_pages(setting.tables, folder, look=look)
    tell(f"articles: {pages} in {time.monotonic() - begun:.1f} s; {folder}")
    if not pages.failed:
        return ""
    name, reason = next(iter(pages.failed.items()))
    return f"{len(pages.failed)} article pages could not be made, the first is that of {name} ({reason}); the others were"


def _silent(line: str) -> None:
    """Tell nobody."""


def _make_pdf(outcomes: Sequence[Outcome], folder: Path, chromium: str, tell: Callable[[str], None]) -> str:
    """Print the good pages whose PDF is missing or older; what went wrong, in words."""
    record, failed = _read_record(folder), []
    for page in [outcome.page for outcome in outcomes if outcome.state != "failed"]:
        entry, pdf = record[page.stem], page.with_suffix(".pdf")
        if entry.get("pdf") == entry["sha256"] and pdf.is_file():
            tell(f"{pdf.name}: up to date")
            continue
        try:
            print_page(page, pdf, chromium=chromium)
        except RunError as error:
            failed.append(f"{pdf.name} was not made: {error}")
            continue
        entry["pdf"] = entry["sha256"]
        _write(folder / RECORD, json.dumps({"pages": record}, indent=1) + "\n")
        tell(f"{pdf.name}: printed; {pdf}")
    _write_index(folder, record)
    return "; ".join(failed)


class Setting(NamedTuple):
    """What all reports of a run share.

    Attributes:
        folder: of the pages.
        tables: folder of the tables.
        command: what makes the pages again, without notebook and parameters.
        corpus: the corpus or tables, as given.
        sources: hashes of the tables and the code, and versions.
        timeout: seconds that a cell may take.
        articles: folder with the pages of the articles as seen from the reports, None where none are made.
        keep: how many earlier versions of a page stay.
    """

    folder: Path
    tables: Path
    command: str
    corpus: str
    sources: dict[str, dict[str, str]]
    timeout: float
    articles: str | None = None
    keep: int | None = None


def _make(
    runs: Sequence[Run], setting: Setting, *, force: bool, fork: bool, jobs: int, tell: Callable[[str], None]
) -> list[Outcome]:
    record = _read_record(setting.folder)
    reasons = {run.page: _why(run, setting, record.get(run.page)) or ("it was asked for" if force else "") for run in runs}
    outcomes = {run.page: Outcome(run, "kept", "nothing changed", setting.folder / f"{run.page}.html") for run in runs}
    stale = [run for run in runs if reasons[run.page]]
    for run in runs:
        if run not in stale:
            tell(f"{run.page}: up to date")
    work = [(_notebook_path(run.notebook), {"tables": str(setting.tables), **run.parameters}) for run in stale]
    # Closing it ends the kernels also where this process is told to stop while a page is written.
    with contextlib.closing(run_notebooks(work, timeout=setting.timeout, fork=fork, jobs=jobs)) as results:
        for number, result in results:
            run = stale[number]
            outcome = _finish(run, result, reasons[run.page], setting, record)
            outcomes[run.page] = outcome
            _write(setting.folder / RECORD, json.dumps({"pages": record}, indent=1) + "\n")
            tell(_line(outcome, record[run.page]))
    if stale or not (setting.folder / "index.html").exists():
        _write_index(setting.folder, record)
    return list(outcomes.values())


def _line(outcome: Outcome, entry: Mapping[str, Any]) -> str:
    if outcome.state == "made":
        return f"{outcome.run.page}: made in {outcome.seconds:.1f} s, because {outcome.why}; {outcome.page}"
    last = f"; the report of {entry['made']} is kept" if entry.get("made") else ""
    return f"{outcome.run.page}: FAILED, {outcome.why}; {outcome.page} says more{last}"


# ------------------------------------------------------------------ what a report is made from


def _common_sources(tables: Path) -> dict[str, dict[str, str]]:
    """Hashes of the tables and of the code that shows them, and versions, by what they are of."""
    package = Path(__file__).resolve().parent
    code = [path for path in package.rglob("*") if path.suffix in (".py", ".j2", ".css", ".js") and path.is_file()]
    digest = hashlib.sha256("".join(sorted(f"{path.relative_to(package)} {file_hash(path)}\n" for path in code)).encode())
    versions = {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in LIBRARIES}
    return {"tables": table_hashes(tables), "code": {"analysis": digest.hexdigest()}, "versions": versions}


def _sources(run: Run, setting: Setting) -> dict[str, dict[str, str]]:
    return {"notebook": {run.notebook: file_hash(_notebook_path(run.notebook))}, **setting.sources}


def _notebook_path(notebook: str) -> Path:
    path = project_root() / "notebooks" / f"{notebook}.ipynb"
    if not path.is_file():
        raise WrongUseError(
            f"the notebook {path} is missing; put it back, or set ANALYSIS_ROOT to the folder that holds notebooks/"
        )
    return path


def _why(run: Run, setting: Setting, entry: Mapping[str, Any] | None) -> str:
    """Why a report must be made, in words; empty where it is up to date."""
    if entry is None:
        return "it is new"
    if entry.get("failed"):
        return "the last run failed"
    page = setting.folder / f"{run.page}.html"
    if entry.get("articles") != setting.articles:
        return "its links to the articles changed"
    if not page.is_file():
        return "its page is missing"
    if file_hash(page) != entry.get("sha256"):
        return "its page was changed"
    old, new = entry.get("sources", {}), _sources(run, setting)
    for part in new:
        changed = sorted(
            key for key in old.get(part, {}).keys() | new[part].keys() if old.get(part, {}).get(key) != new[part].get(key)
        )
        if changed:
            names = "" if part in ("notebook", "code") else f" ({', '.join(changed)})"
            return f"the {part} changed{names}"
    return ""


# ------------------------------------------------------------------ pages


def _finish(run: Run, result: Result, why: str, setting: Setting, record: dict[str, dict[str, Any]]) -> Outcome:
    """Write the page, or the error page, and the record's entry."""
    from analysis.showing.pages import error_page, explain, front, report_page

    notebook, failure, seconds = result

    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    boxes = {"parameters": _parameter_box(run, setting), "provenance": _provenance_box(run, setting, now, seconds)}
    error_file, page = setting.folder / f"{run.page}.error.html", setting.folder / f"{run.page}.html"
    old = record.get(run.page, {})
    if notebook is not None:
        text = report_page(notebook, **boxes, articles=setting.articles)
        earlier = _earlier(setting.folder, run.page, old, keep=setting.keep)
        _write(page, text)
        error_file.unlink(missing_ok=True)
        record[run.page] = {
            "notebook": run.notebook,
            "title": front(notebook)[0],
            "question": front(notebook)[1],
            "parameters": run.parameters,
            "sources": _sources(run, setting),
            "made": now,
            "seconds": round(seconds, 2),
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "articles": setting.articles,
            "earlier": earlier,
        }
        return Outcome(run, "made", why, page, seconds)
    assert failure is not None
    last_good = (old["made"], _keep(setting.folder, run.page, old)) if page.exists() and "made" in old else None
    title = old.get("title") or run.notebook.capitalize()
    _write(error_file, error_page(failure, title=title, notebook=run.notebook, last_good=last_good, **boxes))
    reason = explain(failure)[0]
    record[run.page] = old | {
        "earlier": _listed(old, last_good),
        "notebook": run.notebook,
        "title": title,
        "parameters": run.parameters,
        "failed": {"when": now, "reason": reason, "cell": failure.cell},
    }
    where = f" in cell {failure.cell}" if failure.cell else ""
    return Outcome(run, "failed", f"{failure.kind}{where}: {shown(failure.message)}", error_file, seconds)


# ------------------------------------------------------------------ earlier versions


def _keep(folder: Path, page: str, entry: Mapping[str, Any]) -> str:
    """Give the page that is there a second name, with its date, and return that; both are one file until one is replaced."""
    moment = re.sub(r"(\d{4}-\d\d-\d\d) (\d\d):(\d\d).*", r"\1-\2\3", entry["made"])
    name = f"{page}.{re.sub('[^0-9-]', '', moment)}.html"
    (folder / name).unlink(missing_ok=True)
    try:
        (folder / name).hardlink_to(folder / f"{page}.html")
    except OSError:  # a disk that knows no second names
        shutil.copyfile(folder / f"{page}.html", folder / name)
    return name


def _listed(entry: Mapping[str, Any], kept: tuple[str, str] | None) -> list[list[str]]:
    """The earlier versions of a page, (when made, file), the latest first."""
    return [list(one) for one in dict.fromkeys([*([kept] if kept else []), *map(tuple, entry.get("earlier", []))])]


def _earlier(folder: Path, page: str, entry: Mapping[str, Any], *, keep: int | None) -> list[list[str]]:
    """The earlier versions of a page that is about to be replaced, after keeping it and taking away the oldest."""
    there = (folder / f"{page}.html").is_file() and "made" in entry
    kept = (entry["made"], _keep(folder, page, entry)) if keep and there else None
    earlier = _listed(entry, kept)
    for _, name in earlier[len(earlier) if keep is None else keep :]:
        if EARLIER.fullmatch(name):
            (folder / name).unlink(missing_ok=True)
    return earlier if keep is None else earlier[:keep]


# ------------------------------------------------------------------ what stands around a report


def _shown_corpus(corpus: Any, tables: Any) -> str:
    return f"tables in {tables}" if tables else str(corpus or "seeds")


def _command(corpus: Any, tables: Any, out: Any) -> str:
    options = {"--corpus": corpus, "--tables": tables, "--out": out}
    return " ".join(f"{name} {shlex.quote(str(value))}" for name, value in options.items() if value)


def _parameter_box(run: Run, setting: Setting) -> Any:
    from analysis.show import box_html

    items: dict[str, object] = {"corpus": setting.corpus}
    for parameter in schema_of(run.notebook):
        if parameter.kind != "path":
            value = run.parameters.get(parameter.name, parameter.default)
            shown_value = "most present" if parameter.kind == "name" and not value else _shown_value(value)
            items[parameter.name.replace("_", " ")] = shown_value
    return box_html("Parameters", items, kind="parameters")


def _shown_value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "all"
    return f"{value:g}" if isinstance(value, float) else str(value) or "no limit"


def _provenance_box(run: Run, setting: Setting, made: str, seconds: float) -> Any:
    from analysis.show import box_html

    given = " ".join(
        f"-p {name} {shlex.quote(', '.join(value) if isinstance(value, list) else str(value))}"
        for name, value in run.parameters.items()
    )
    command = " ".join(part for part in ("python -m analysis report", run.notebook, setting.command, given) if part)
    hashes = ", ".join(f"{name} {digest[:12]}" for name, digest in sorted(setting.sources["tables"].items()))
    items: dict[str, object] = {
        "Made": f"{made}, in {seconds:.1f} seconds",
        "Made again by": command,
        "Notebook, hash": f"{run.notebook}.ipynb, {_sources(run, setting)['notebook'][run.notebook][:12]}",
        "Tables, hashes": hashes or "unknown",
    }
    return box_html("This page", items, kind="provenance")


def _write_index(folder: Path, record: Mapping[str, Mapping[str, Any]]) -> None:
    from analysis.showing.pages import index_page, thumbnail

    reports = []
    place = {notebook: number for number, notebook in enumerate(SCHEMAS)}
    for name, entry in sorted(record.items(), key=lambda one: (place.get(one[1]["notebook"], len(place)), one[0])):
        page, failed = folder / f"{name}.html", entry.get("failed")
        there = page.is_file()
        good = f"Made {entry['made']}, in {entry['seconds']} seconds" if there and "made" in entry else "No good report yet"
        words = (
            f"Not made on {failed['when']}: {failed['reason']} The last good report: {good.lower()}." if failed else f"{good}."
        )
        parameters = [(key.replace("_", " "), _shown_value(value)) for key, value in entry["parameters"].items()]
        reports.append(
            {
                "title": entry["title"],
                "question": entry.get("question", ""),
                "link": page.name if there else None,
                "error_link": f"{name}.error.html" if failed else None,
                "state": "failed" if failed else "good",
                "words": words,
                "parameters": parameters,
                "earlier": [one for one in _listed(entry, None) if one[0] != entry.get("made") and (folder / one[1]).is_file()],
                "pdf": f"{name}.pdf" if (folder / f"{name}.pdf").is_file() and there else None,
                "thumbnail": thumbnail(page) if there else None,
            }
        )
    _write(folder / "index.html", index_page(reports, made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")))


def _read_record(folder: Path) -> dict[str, dict[str, Any]]:
    """The record of the pages in a folder; a damaged one counts as none, so that all pages are made again."""
    try:
        pages = json.loads((folder / RECORD).read_text(encoding="utf-8"))["pages"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {
        name: entry
        for name, entry in pages.items()
        if isinstance(entry, dict) and {"title", "parameters", "notebook"} <= entry.keys()
    }


def _write(path: Path, text: str) -> None:
    """Replace a file as a whole: whoever reads it, or ends this process, sees the old one or the new one."""
    number, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    try:
        with open(number, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 - from a file number
            file.write(text)
            file.flush()
            os.fsync(number)
        os.chmod(name, 0o644)  # noqa: PTH101
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# ------------------------------------------------------------------ command line


def add_report_arguments(parser: argparse.ArgumentParser, given: Sequence[str] = ()) -> None:
    """Add what `report` takes to a parser, whose formatter must keep line ends.

    Args:
        parser: the parser of the command.
        given: the command line; the help ends with the parameters of the notebooks named there, or of all.

    >>> parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter)
    >>> add_report_arguments(parser)
    >>> parser.parse_args(["statements", "-p", "since", "2019"]).parameter
    [['since', '2019']]
    """
    named = [name for name in SCHEMAS if name in given] or list(SCHEMAS)
    parts = [f"parameters of {name}, given as -p NAME VALUE:\n{describe(name)}" for name in named]
    parser.description = "Run notebooks and make one HTML page of each; what has not changed is not made again."
    parser.epilog = "\n\n".join(parts)
    add = parser.add_argument
    add("notebooks", nargs="*", metavar="NOTEBOOK", help=f"which to run: {', '.join(SCHEMAS)}; all if none is named")
    add("--corpus", metavar="PATH", help="folder, file or pattern of articles (default: the project's seeds)")
    add("--tables", metavar="DIR", help="stored tables to use instead of a corpus")
    add("--out", metavar="DIR", help="folder of the pages (default: the project's reports)")
    add("-p", "--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), help="a parameter; several times")
    add("--params", metavar="FILE", help="YAML file with a list of reports, each with `notebook:` and its parameters")
    add("--force", action="store_true", help="make also what is up to date")
    add("--jobs", type=int, metavar="N", help="notebooks to run at once (default: one on each core, fewer for large tables)")
    add("--timeout", type=float, default=TIMEOUT, metavar="S", help=f"seconds that a cell may take (default: {TIMEOUT:g})")
    add("--keep", type=int, metavar="N", help="keep N earlier versions of each page beside it, under their dates")
    add("--pdf", action="store_true", help="also print each page into a PDF file, by an installed Chromium")
    add("--no-articles", action="store_true", help="make no pages of the articles")
    add("--no-fork", action="store_true", help="start each notebook's process anew")


def run_report(args: argparse.Namespace) -> int:
    """Make the reports that the arguments ask for, with a line for each on the standard output.

    Returns:
        0 if all are up to date, 1 if a notebook failed.

    Raises:
        WrongUseError: wrong arguments (exit code 2 by the caller).
        BusyError: another run writes there (3).
        StoreError: the tables cannot be read (1).
    """
    params: dict[str, Any] = {}
    for name, value in args.parameter:
        if name in params and name in LIST_NAMES:
            value = f"{params[name]}, {value}"
        params[name] = value
    progress = progress_on(sys.stderr)
    with contextlib.closing(progress):
        outcomes = report(
            args.notebooks,
            corpus=params.pop("corpus", args.corpus),
            tables=params.pop("tables", args.tables),
            out=args.out,
            params=params,
            params_file=args.params,
            force=args.force,
            fork=not args.no_fork,
            jobs=args.jobs,
            timeout=args.timeout,
            articles=not args.no_articles,
            keep=args.keep,
            pdf=args.pdf,
            tell=_to_output,
            progress=progress,
        )
    return FAILED if any(outcome.state == "failed" for outcome in outcomes) else GOOD


def _to_output(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(shown(line, limit=1_000) + "\n")
        sys.stdout.flush()
