"""The command line: python -m analysis extract, report, export, refresh, schedule.

Exit codes: 0 good, 1 something failed, 2 wrong use, 3 another run is busy there, 130 and 143 stopped from outside.
"""

from __future__ import annotations

import argparse
import difflib
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from analysis.extract import MAX_BYTES, PROJECT, extract_to
from analysis.folder import BusyError, RunError
from analysis.manifest import VERSION, Manifest, WrongUseError, project_root
from analysis.terminal import progress_on, shown

GOOD, FAILED, WRONG_USE, BUSY, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143
STOPPED = "stopped; what was finished is kept for the next run, and the tables that were there are unchanged"


class Parser(argparse.ArgumentParser):
    """An argument parser that names the valid options and the nearest one."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **keywords)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As in argparse, but an unknown option stops here, where its neighbours are known."""
        values, unknown = super().parse_known_args(args, namespace)
        for given in unknown:
            if given.startswith("-"):
                self.error(self._unknown(given.partition("=")[0]))
        return values, unknown

    def _unknown(self, given: str) -> str:
        options = [option for option in self._option_string_actions if option.startswith("--")]
        near = difflib.get_close_matches(given, options, n=1)
        guess = f"; did you mean {near[0]}?" if near else "."
        return f"unknown option {given}{guess} The options are {', '.join(options)}."

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong, with the nearest valid word where a choice was given, and exit."""
        wrong = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        near = difflib.get_close_matches(wrong[1], re.findall(r"[\w-]+", wrong[2]), n=1) if wrong else []
        message += f"; did you mean {near[0]}?" if near else ""
        self.print_usage(sys.stderr)
        _say(f"error: {message}")
        raise SystemExit(WRONG_USE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    >>> main(["extract", "no/such/folder", "--out", "tables"])
    2
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        args = _parser(given).parse_args(given)
    except SystemExit as stop:
        return int(stop.code or GOOD)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with _stopping_on_sigterm():
        return _guarded(args.run, args)


class _Terminated(BaseException):
    """The system asked the program to end."""


@contextmanager
def _stopping_on_sigterm() -> Iterator[None]:
    """Within the block, SIGTERM ends the work as Ctrl-C does: workers end, files are closed, the old tables stay."""

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise _Terminated

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _guarded(run: Callable[[argparse.Namespace], int], args: argparse.Namespace) -> int:
    """Run a command; what a person can do something about becomes a message and an exit code."""
    try:
        return run(args)
    except WrongUseError as error:
        return _failed(error, WRONG_USE)
    except BusyError as error:
        return _failed(error, BUSY)
    except RunError as error:
        return _failed(error, FAILED)
    except OSError as error:
        return _failed(f"{error.filename or 'the system'}: {error.strerror or error}", FAILED)
    except KeyboardInterrupt:
        return _failed(STOPPED, INTERRUPTED)
    except _Terminated:
        return _failed(STOPPED, TERMINATED)


def _failed(error: object, code: int) -> int:
    _say(f"error: {error}")
    return code


def _say(message: str, *, limit: int = 2_000) -> None:
    """Write a message, harmless, to the error output."""
    sys.stderr.write(shown(message, limit=limit) + "\n")


def _tell(message: str) -> None:
    """Write a message, harmless, to the output; a reader that has gone away is no failure."""
    try:
        sys.stdout.write(shown(message, limit=2_000) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# ------------------------------------------------------------------ the commands


def _parser(given: Sequence[str]) -> Parser:
    parser = Parser(prog="python -m analysis", description="Who said what in news articles, as tables and reports.")
    parser.add_argument("--version", action="version", version=f"attest {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    extract = commands.add_parser("extract", help="articles to tables", description=EXTRACT, epilog=EXTRACT_EXAMPLES)
    _add_extract_arguments(extract)
    extract.set_defaults(run=_run_extract)
    report = commands.add_parser("report", help="tables to HTML reports")
    # The module of a command is imported only for that command: the others stay quick.
    if given[:1] == ["report"]:
        from analysis.report import add_report_arguments, run_report

        add_report_arguments(report, given[1:])
        report.set_defaults(run=run_report)
    export = commands.add_parser("export", help="events for other tools: PLOVER, TimelineJS, CSV")
    if given[:1] == ["export"]:
        from analysis.export import add_export_arguments, run_export

        add_export_arguments(export)
        export.set_defaults(run=run_export)
    _add_refresh(commands, given)
    return parser


def _add_refresh(commands: Any, given: Sequence[str]) -> None:
    """The commands that keep reports fresh."""
    refresh = commands.add_parser("refresh", help="both, with a log: what a schedule calls")
    schedule = commands.add_parser("schedule", help="have refresh run by itself, by systemd or cron")
    if given[:1] == ["refresh"]:
        from analysis.refresh import add_refresh_arguments, run_refresh

        add_refresh_arguments(refresh)
        refresh.set_defaults(run=run_refresh)
    if given[:1] == ["schedule"]:
        from analysis.schedule import add_schedule_arguments, run_schedule

        add_schedule_arguments(schedule)
        schedule.set_defaults(run=run_schedule)


EXTRACT = """Find who said what in a folder of articles, and write the tables as Parquet and CSV.

Articles are .txt .md .html .json .jsonl .csv .parquet files, each also as .gz, and .zip archives. What cannot be read is
listed in the table of problems. Articles that have not changed since the last run are not worked on again."""
EXTRACT_EXAMPLES = """examples:
  python -m analysis extract seeds
  python -m analysis extract 'press/*.jsonl.gz' --out press-tables --fields text=body title=headline"""


def _add_extract_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("corpus", metavar="CORPUS", help="folder, file, or pattern in quotes")
    add("--out", metavar="DIR", type=Path, help="folder for the tables (default: data/tables of the project)")
    add(
        "--metadata",
        metavar="FILE|none",
        type=_own_file,
        default=PROJECT,
        help="CSV with what you know of the articles (default: data/metadata.csv, if it is there)",
    )
    add(
        "--actors",
        metavar="FILE|none",
        type=_own_file,
        default=PROJECT,
        help="CSV with names of actors (default: data/actors.csv, if it is there)",
    )
    add("--jobs", metavar="N", type=_positive, help="processes (default: one for a small corpus, else one for each core)")
    add(
        "--fields",
        metavar="COLUMN=FIELD",
        type=_field,
        nargs="+",
        action="extend",
        help="which field of a record fills which column, as text=body",
    )
    add(
        "--max-bytes", metavar="N", type=_positive, default=MAX_BYTES, help=f"leave out what is larger (default: {MAX_BYTES:,})"
    )
    add("--quiet", action="store_true", help="say nothing unless something fails")


def _own_file(given: str) -> Path | None:
    return None if given == "none" else Path(given)


def _positive(given: str) -> int:
    if not given.isdecimal() or int(given) == 0:
        raise argparse.ArgumentTypeError(f"{given!r} is no whole number above 0")
    return int(given)


def _field(given: str) -> tuple[str, str]:
    column, sign, field = given.partition("=")
    if not (column and sign and field):
        raise argparse.ArgumentTypeError(f"{given!r} is not COLUMN=FIELD, as in text=body")
    return column, field


def _run_extract(args: argparse.Namespace) -> int:
    progress = None if args.quiet else progress_on(sys.stderr)
    out = args.out or project_root() / "data" / "tables"
    try:
        manifest = extract_to(
            args.corpus,
            out,
            metadata=args.metadata,
            actors=args.actors,
            jobs=args.jobs,
            fields=dict(args.fields) if args.fields else None,
            max_bytes=args.max_bytes,
            progress=progress,
        )
    finally:
        if progress:
            progress.close()
    if not args.quiet:
        _tell(_summary(manifest, out))
    return GOOD


def _summary(manifest: Manifest, out: Path) -> str:
    """What a run did, in a line."""
    counts = manifest.counts
    held = ", ".join(f"{counts[name]:,} {name}" for name in ("articles", "statements", "events", "problems"))
    if not manifest.changed:
        return f"nothing changed: {out} holds {held}"
    notes = [f"{counts['new_articles']:,} articles new or changed", f"{manifest.seconds:,.1f} s"]
    notes += [f"{counts['new_words'] / max(manifest.seconds, 0.001):,.0f} words/s"] if counts["new_words"] else []
    unused = counts["metadata_rows_unused"]
    notes += [f"{unused:,} metadata rows without an article"] if unused else []
    notes += [f"see {out / 'problems.csv'}"] if counts["problems"] else []
    return f"{out}: {held} ({'; '.join(notes)})"
