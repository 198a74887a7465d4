"""A refresh every hour, day, week or month: as a systemd timer of the user, or as a line of cron where systemd is not there.

Nothing is installed unless it is asked for. What is installed belongs to the user, needs no rights of the administrator,
and can be taken away again.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from analysis.folder import RunError
from analysis.manifest import WrongUseError, project_root
from analysis.parameters import choose
from analysis.refresh import Work, add_work_arguments, work_of
from analysis.terminal import shown

EVERY = ("hour", "day", "weekday", "week", "month")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
MINUTE = re.compile(r":([0-5]\d)")
SYSTEMD, CRON = "systemd", "cron"
LONGEST = 30.0  # seconds that systemctl or crontab may take
GOOD = 0


class Moment(NamedTuple):
    """When a schedule runs: `hour` is None for every hour; `day` is a weekday from 0, or a day of the month from 1."""

    every: str
    hour: int | None
    minute: int
    day: int | None = None

    def on_calendar(self) -> str:
        """As systemd writes it.

        >>> Moment("week", 6, 0, 0).on_calendar(), Moment("hour", None, 15).on_calendar()
        ('Mon *-*-* 06:00:00', '*-*-* *:15:00')
        """
        hour = "*" if self.hour is None else f"{self.hour:02}"
        day = DAYS[self.day or 0][:3].capitalize() if self.every == "week" else ""
        week = "Mon..Fri " if self.every == "weekday" else f"{day} ".lstrip()
        date = f"*-*-{self.day:02}" if self.every == "month" else "*-*-*"
        return f"{week}{date} {hour}:{self.minute:02}:00"

    def cron(self) -> str:
        """As cron writes it.

        >>> Moment("week", 6, 0, 6).cron(), Moment("month", 23, 5, 28).cron()
        ('0 6 * * 0', '5 23 28 * *')
        """
        hour = "*" if self.hour is None else str(self.hour)
        week = {"weekday": "1-5", "week": str(((self.day or 0) + 1) % 7)}.get(self.every, "*")
        return f"{self.minute} {hour} {self.day if self.every == 'month' else '*'} * {week}"


def moment(every: str, at: str | None = None, on: str | None = None) -> Moment:
    """When a schedule runs, from words.

    Args:
        every: hour, day, weekday (Monday to Friday), week or month.
        at: time of the day, like 06:00; for every hour the minute, like :15.
        on: for every week a day (monday), for every month a number from 1 to 28.

    Raises:
        WrongUseError: one of them makes no sense; the message says what does.

    >>> moment("month", "6:30", "15")
    Moment(every='month', hour=6, minute=30, day=15)
    >>> moment("day", "25:00")
    Traceback (most recent call last):
    analysis.manifest.WrongUseError: --at: '25:00' is no time of the day; give hours and minutes, like 06:00 or 18:30
    """
    every = choose(every, EVERY, what="--every")
    if every == "hour":
        found = MINUTE.fullmatch(at or ":00")
        if found is None:
            raise WrongUseError(f"--at: {at!r} is no minute; every hour takes a minute with its colon, like :15")
    else:
        found = TIME.fullmatch(at or "06:00")
        if found is None:
            raise WrongUseError(f"--at: {at!r} is no time of the day; give hours and minutes, like 06:00 or 18:30")
    *hours, minutes = (int(part) for part in found.groups())
    return Moment(every, hours[0] if hours else None, minutes, _day(every, on))


def _day(every: str, on: str | None) -> int | None:
    if every == "week":
        return DAYS.index(choose((on or "monday").lower(), DAYS, what="--on"))
    if every == "month":
        if not (on or "1").isdecimal() or not 1 <= int(on or "1") <= 28:
            raise WrongUseError(f"--on: {on!r} is no day that every month has; give a number from 1 to 28")
        return int(on or "1")
    if on is not None:
        raise WrongUseError(f"--on says the day of a week or a month; every {every} takes none")
    return None


class Plan(NamedTuple):
    """A schedule.

    Attributes:
        name: what it is called in systemd and cron.
        moment: when it runs.
        command: program and arguments.
        folder: in which it runs.
        root: what ANALYSIS_ROOT names, if it is set.
    """

    name: str
    moment: Moment
    command: list[str]
    folder: Path
    root: str | None = None


def plan(name: str, when: Moment, work: Work) -> Plan:
    """The schedule of a refresh; relative paths are those of the current folder.

    Raises:
        WrongUseError: the name cannot be used, or a path has a line end.
    """
    if not NAME.fullmatch(name):
        raise WrongUseError(f"--name: {name!r} cannot be used; give small letters a to z, digits and hyphens, like press-daily")
    fixed: dict[str, Any] = {
        key: value.expanduser().absolute() for key, value in work._asdict().items() if isinstance(value, Path)
    }
    if work.corpus is not None:
        fixed["corpus"] = str(Path(work.corpus).expanduser().absolute())
    options = work._replace(**fixed).options()
    made = Plan(
        name,
        when,
        [sys.executable, "-m", "analysis", "refresh", *options],
        Path(__file__).resolve().parent.parent,
        os.environ.get("ANALYSIS_ROOT"),
    )
    for part in (*made.command, str(made.folder), made.root or ""):
        if any(letter in part for letter in "\n\r\0"):
            raise WrongUseError(f"{part!r} has a line end in it, which neither systemd nor cron can take")
    return made


# ------------------------------------------------------------------ systemd


def units(made: Plan) -> dict[str, str]:
    """The files of the systemd timer, by name."""
    environment = f"Environment={_unit_word(f'ANALYSIS_ROOT={made.root}', dollars=False)}\n" if made.root else ""
    service = (
        f"[Unit]\nDescription=Attest: extract and report ({made.name})\n\n[Service]\nType=oneshot\n"
        f"WorkingDirectory={str(made.folder).replace('%', '%%')}\n{environment}"
        f"ExecStart={' '.join(_unit_word(part) for part in made.command)}\nNice=10\n"
    )
    timer = (
        f"[Unit]\nDescription=Attest: when to extract and report ({made.name})\n\n[Timer]\n"
        f"OnCalendar={made.moment.on_calendar()}\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )
    return {f"{made.name}.service": service, f"{made.name}.timer": timer}


def _unit_word(word: str, *, dollars: bool = True) -> str:
    """A word of a command in a unit file: quoted, with what systemd would replace written twice.

    >>> _unit_word("/srv/my press/50% $off")
    '"/srv/my press/50%% $$off"'
    """
    word = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    word = word.replace("$", "$$") if dollars else word
    return word if re.fullmatch(r"[\w./:=@+,-]+", word) else f'"{word}"'


def unit_folder() -> Path:
    """Where systemd looks for the units of this user."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def has_systemd() -> bool:
    """Whether systemd runs services for this user."""
    return shutil.which("systemctl") is not None and _call(["systemctl", "--user", "show-environment"]).returncode == 0


# ------------------------------------------------------------------ cron


def cron_block(made: Plan) -> str:
    """The lines of a crontab, between two lines by which they are found again."""
    root = f"ANALYSIS_ROOT={shlex.quote(made.root)} " if made.root else ""
    command = f"cd {shlex.quote(str(made.folder))} && {root}{shlex.join([*made.command, '--quiet'])}".replace("%", r"\%")
    first, last = _borders(made.name)
    return f"{first}\n{made.moment.cron()} {command}\n@reboot sleep 120; {command}\n{last}\n"


def _borders(name: str) -> tuple[str, str]:
    return f"# attest {name}: begin", f"# attest {name}: end"


def _without(crontab: str, name: str) -> str:
    """A crontab without the lines of a schedule."""
    first, last = map(re.escape, _borders(name))
    return re.sub(rf"^{first}\n.*?^{last}(?:\n|\Z)", "", crontab, flags=re.MULTILINE | re.DOTALL)


def _read_crontab() -> str:
    done = _call(["crontab", "-l"])
    if done.returncode == 0:
        return done.stdout
    if "no crontab" in done.stderr:
        return ""
    raise RunError(f"crontab -l failed: {done.stderr.strip() or f'exit code {done.returncode}'}")


def _write_crontab(text: str) -> None:
    done = _call(["crontab", "-"], given=text)
    if done.returncode:
        raise RunError(f"cron did not take the schedule: {done.stderr.strip() or f'exit code {done.returncode}'}")


def _call(command: Sequence[str], *, given: str = "") -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, input=given, capture_output=True, text=True, errors="replace", timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        raise RunError(f"{' '.join(command)} took more than {LONGEST:g} seconds") from None


# ------------------------------------------------------------------ installing


def install(made: Plan, system: str) -> str:
    """Install a schedule in the place of one of the same name; what was done, in words.

    Raises:
        RunError: systemctl or crontab failed; nothing is left behind.
    """
    remove(made.name)
    if system == CRON:
        before = _read_crontab()
        _write_crontab(before + ("\n" if before and not before.endswith("\n") else "") + cron_block(made))
        return f"installed in your crontab: {made.moment.cron()}"
    folder = unit_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in units(made).items():
        (folder / name).write_text(text, encoding="utf-8")
    try:
        _systemctl("daemon-reload")
        _systemctl("enable", "--now", f"{made.name}.timer")
    except RunError:
        for name in units(made):
            (folder / name).unlink(missing_ok=True)
        raise
    return f"installed: {folder / made.name}.timer"


def remove(name: str) -> list[str]:
    """Take a schedule away, from systemd and from cron; what was taken away, in words; nothing where there is none."""
    done = []
    timer, service = (unit_folder() / f"{name}.{kind}" for kind in ("timer", "service"))
    if timer.exists() or service.exists():
        with contextlib.suppress(RunError):  # the files go also where systemd no longer runs
            _systemctl("disable", "--now", timer.name)
        for path in (timer, service):
            path.unlink(missing_ok=True)
        with contextlib.suppress(RunError):
            _systemctl("daemon-reload")
        done.append(f"removed: {timer} and {service.name}")
    if shutil.which("crontab"):
        before = _read_crontab()
        after = _without(before, name)
        if after != before:
            _write_crontab(after)
            done.append("removed from your crontab")
    return done


def _systemctl(*arguments: str) -> None:
    if shutil.which("systemctl") is None:
        raise RunError("systemctl is not there")
    done = _call(["systemctl", "--user", *arguments])
    if done.returncode:
        raise RunError(f"systemctl --user {' '.join(arguments)} failed: {done.stderr.strip() or done.returncode}")


# ------------------------------------------------------------------ command line

EPILOG = """examples:
  python -m analysis schedule --every day --at 06:00 --corpus /srv/press
  python -m analysis schedule --every week --on friday --at 18:30 --install --on-failure 'notify-send "$ATTEST_REASON"'
  python -m analysis schedule --remove"""


def add_schedule_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `schedule` takes to a parser."""
    parser.description = (
        "Have a refresh (see: refresh --help) run by itself. Without --install it only shows what would be installed: a\n"
        "systemd timer of yours, or lines of your crontab."
    )
    parser.epilog = EPILOG
    add = parser.add_argument
    add("--every", metavar="PERIOD", default="day", help=f"{', '.join(EVERY)} (default: day)")
    add(
        "--at", metavar="TIME", help="time of the day, like 06:00, or for every hour its minute, like :15 (default: 06:00, :00)"
    )
    add("--on", metavar="DAY", help="day of the week, like monday, or of the month, 1 to 28 (default: monday, 1)")
    add("--name", default="attest", help="name of the schedule, for more than one of them (default: attest)")
    add("--with", dest="system", metavar="SYSTEM", help="systemd or cron (default: systemd where it runs, else cron)")
    add("--install", action="store_true", help="install it, in the place of one of the same name")
    add("--remove", action="store_true", help="take it away")
    add_work_arguments(parser)


def run_schedule(args: argparse.Namespace) -> int:
    """Show, install or remove a schedule.

    Returns:
        0.

    Raises:
        WrongUseError: wrong arguments, or neither systemd nor cron.
        RunError: systemctl or crontab failed.
    """
    if args.install and args.remove:
        raise WrongUseError("give --install or --remove, not both")
    if args.remove:
        if not NAME.fullmatch(args.name):
            raise WrongUseError(f"--name: {args.name!r} is the name of no schedule")
        _say(*(remove(args.name) or [f"there is no schedule {args.name!r}"]))
        return GOOD
    made = plan(args.name, moment(args.every, args.at, args.on), _checked(args))
    system = choose(args.system, (SYSTEMD, CRON), what="--with") if args.system else SYSTEMD if has_systemd() else CRON
    if args.install:
        if system == CRON and shutil.which("crontab") is None:
            raise WrongUseError(
                "neither systemd runs for you nor is there a crontab; install cron (Debian, Ubuntu: sudo apt install cron)"
            )
        _say(install(made, system), *_advice(system, installed=True))
        return GOOD
    texts = units(made) if system == SYSTEMD else {"crontab": cron_block(made)}
    for name, text in texts.items():
        _say(
            f"# {unit_folder() / name if system == SYSTEMD else 'lines for your crontab (crontab -e)'}", *text.splitlines(), ""
        )
    _say(*_advice(system, installed=False))
    return GOOD


def _checked(args: argparse.Namespace) -> Work:
    """What the schedule will do, checked now rather than at six in the morning."""
    from analysis.manifest import hash_inputs

    work = work_of(args)
    hash_inputs(work.corpus if work.corpus is not None else project_root() / "seeds")
    return work


def _advice(system: str, *, installed: bool) -> list[str]:
    advice = [] if installed else ["# Nothing is installed; --install does it."]
    if system == SYSTEMD:
        advice.append("# A run that was missed because the computer was off is made up when it is on again.")
        advice.append("# So that it runs also while you are not logged in: loginctl enable-linger")
    else:
        advice.append("# The line with @reboot makes up for what was missed while the computer was off; cron has nothing for")
        advice.append("# a computer that slept. A refresh with nothing new takes a second, so one too many does no harm.")
    return advice


def _say(*lines: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        for line in lines:
            sys.stdout.write(shown(line, limit=10_000) + "\n")
        sys.stdout.flush()
