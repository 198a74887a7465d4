"""One command for a schedule: extract what is new, make the reports again that changed, write a log, call for help.

The work is done by `extract` and `report` in processes of their own, so that the log has its end, and the person
responsible hears of it, also where one of them is killed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from analysis.folder import BusyError, locked
from analysis.manifest import WrongUseError, project_root
from analysis.parameters import read_runs
from analysis.terminal import shown

LOCK = ".refresh-lock"
LOG = "refresh.log"
KEEP = 7
LONGEST_LOG = 1_000_000  # bytes, after which a new file is begun; one older file is kept
LONGEST_HOOK = 300.0  # seconds
LONGEST_END = 20.0  # seconds that a step may take to end when it is told to
GOOD, FAILED, BUSY = 0, 1, 3
Tell = Callable[[str], None]


class Work(NamedTuple):
    """What a refresh does.

    Attributes:
        corpus: folder, file or pattern of articles; None for the project's seeds.
        tables: folder in which the tables of this corpus are kept; None for the project's data/tables.
        out: folder of the pages; None for the project's reports.
        params: YAML file with a list of reports; None for all notebooks.
        keep: how many earlier versions of each page stay.
        pdf: whether pages are also printed.
        log: file of the log; None for refresh.log beside the pages.
        on_failure: command for the shell where the refresh fails.
    """

    corpus: str | None = None
    tables: Path | None = None
    out: Path | None = None
    params: Path | None = None
    keep: int = KEEP
    pdf: bool = False
    log: Path | None = None
    on_failure: str | None = None

    def options(self) -> list[str]:
        """The command line that asks for this.

        >>> Work(corpus="press", keep=3).options()
        ['--corpus', 'press', '--keep', '3']
        """
        named: dict[str, object] = {"--corpus": self.corpus, "--tables": self.tables, "--out": self.out}
        named |= {"--params": self.params}
        named |= {"--keep": self.keep, "--log": self.log, "--on-failure": self.on_failure}
        given = [part for name, value in named.items() if value is not None for part in (name, str(value))]
        return given + (["--pdf"] if self.pdf else [])


def refresh(work: Work, *, tell: Tell) -> int:
    """Extract, report, and write the log; where that fails, run the hook.

    Args:
        work: what to do.
        tell: is told every line of the log.

    Returns:
        0 good, 1 something failed, 2 the corpus or the parameters are wrong, 3 another run is busy there.

    Raises:
        WrongUseError: the parameter file is wrong; nothing ran.

    The hook runs after 1 and 2, not after 3: the other run has a hook of its own. It is given ATTEST_EXIT_CODE,
    ATTEST_REASON (the last line of what failed) and ATTEST_LOG in its environment.
    """
    out = work.out or project_root() / "reports"
    try:
        with locked(out, name=LOCK), _log(work.log or out / LOG, tell) as log:
            return _logged(work, log, work.log or out / LOG)
    except BusyError as error:
        tell(f"not begun: {error}")
        return BUSY


def _logged(work: Work, log: Tell, file: Path) -> int:
    begun = time.monotonic()
    log(f"begun: {work.corpus or project_root() / 'seeds'}")
    code, last = GOOD, ""
    for name, arguments in steps(work).items():
        code, last = _run_step(arguments, log)
        if code:
            log(f"FAILED in {name}, exit code {code}" if code != BUSY else f"stopped in {name}: another run is busy there")
            break
    else:
        log(f"good, in {time.monotonic() - begun:.1f} s")
    if code not in (GOOD, BUSY) and work.on_failure:
        _call(work.on_failure, {"ATTEST_EXIT_CODE": str(code), "ATTEST_REASON": last, "ATTEST_LOG": str(file)}, log)
    return code


def steps(work: Work) -> dict[str, list[str]]:
    """The command lines of the steps, by name.

    >>> steps(Work(corpus="press", out=Path("pages")))["report"]
    ['report', '--keep', '7', '--out', 'pages', '--corpus', 'press']
    """
    corpus = work.corpus or str(project_root() / "seeds")
    extract = ["extract", corpus, *(["--out", str(work.tables)] if work.tables else [])]
    report = ["report", "--keep", str(work.keep), *(["--out", str(work.out)] if work.out else [])]
    report += ["--params", str(work.params)] if work.params else []
    report += ["--pdf"] if work.pdf else []
    report += ["--tables", str(work.tables)] if work.tables else ["--corpus", corpus] if work.corpus else []
    return {"extract": extract, "report": report}


def _run_step(arguments: Sequence[str], log: Tell) -> tuple[int, str]:
    """Run one step; its exit code and the last line that it said. Who stops this process stops the step."""
    package = str(Path(__file__).resolve().parent.parent)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))}
    process = subprocess.Popen(
        _command(arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    )
    last = ""
    try:
        assert process.stdout is not None
        for line in process.stdout:
            last = line.rstrip("\n")
            log(last)
        code = process.wait()
    finally:
        _end(process)
    if code < 0:
        last = f"{arguments[0]} was killed by signal {-code} ({signal.Signals(-code).name}); the system may lack memory"
        log(last)
        code = FAILED
    return code, last


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "analysis", *arguments]


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(LONGEST_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _call(command: str, told: dict[str, str], log: Tell) -> None:
    """Run the hook, which is a command that the person who made the schedule wrote for the shell."""
    try:
        done = subprocess.run(
            command,
            shell=True,
            env=os.environ | told,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=LONGEST_HOOK,
        )
    except subprocess.TimeoutExpired:
        log(f"hook: it took more than {LONGEST_HOOK:g} seconds and was stopped")
        return
    for line in done.stdout.splitlines():
        log(f"hook: {line}")
    if done.returncode:
        log(f"hook: it failed itself, exit code {done.returncode}")


@contextlib.contextmanager
def _log(path: Path, tell: Tell) -> Iterator[Tell]:
    """A function that writes a line, with its time, at the end of the log and tells it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.stat().st_size > LONGEST_LOG:
        path.replace(path.with_name(f"{path.name}.1"))
    with path.open("a", encoding="utf-8", errors="replace") as file:

        def log(line: str) -> None:
            safe = shown(line, limit=2_000)
            file.write(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {safe}\n")
            file.flush()
            tell(safe)

        yield log


# ------------------------------------------------------------------ command line


def add_refresh_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `refresh` takes to a parser."""
    parser.description = (
        "Extract what is new in a corpus, make the reports that changed, and write a log: what a schedule calls. One refresh\n"
        "of a folder runs at a time."
    )
    add_work_arguments(parser)
    parser.add_argument("--quiet", action="store_true", help="say nothing unless it fails; the log has everything")


def add_work_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that `refresh` and `schedule` share."""
    add = parser.add_argument
    add("--corpus", metavar="PATH", help="folder, file or pattern of articles (default: the project's seeds)")
    add("--tables", metavar="DIR", type=Path, help="folder in which its tables are kept (default: data/tables of the project)")
    add("--out", metavar="DIR", type=Path, help="folder of the pages (default: the project's reports)")
    add("--params", metavar="FILE", type=Path, help="YAML file with a list of reports (default: all notebooks)")
    add("--keep", metavar="N", type=int, default=KEEP, help=f"earlier versions of each page that stay (default: {KEEP})")
    add("--pdf", action="store_true", help="also print each page into a PDF file")
    add("--log", metavar="FILE", type=Path, help=f"the log (default: {LOG} beside the pages)")
    add("--on-failure", metavar="COMMAND", help="command for the shell where it fails; ATTEST_REASON and ATTEST_LOG tell why")


def work_of(args: argparse.Namespace) -> Work:
    """What the arguments ask for, checked.

    Raises:
        WrongUseError: the parameter file is wrong, or `--keep` is below 0.
    """
    if args.keep < 0:
        raise WrongUseError(f"--keep is {args.keep}; give 0 or how many earlier versions of a page shall stay")
    if args.params is not None:
        read_runs(args.params)
    return Work(args.corpus, args.tables, args.out, args.params, args.keep, args.pdf, args.log, args.on_failure)


def run_refresh(args: argparse.Namespace) -> int:
    """Do what the arguments ask for; see `refresh` for the exit codes."""
    held: list[str] = []

    def keep(line: str) -> None:
        held.append(line)

    code = refresh(work_of(args), tell=keep if args.quiet else _print)
    if args.quiet and code:
        for line in held:
            _print(line)
    return code


def _print(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(shown(line, limit=2_000) + "\n")
        sys.stdout.flush()
