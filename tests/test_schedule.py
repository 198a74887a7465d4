"""Refresh and schedules: what a timer calls, what is installed and taken away, and what becomes of odd names and bad times."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis import refresh
from analysis.cli import main
from analysis.folder import locked
from analysis.manifest import WrongUseError
from analysis.refresh import Work
from analysis.schedule import Moment, Plan, cron_block, moment, plan, units

ODD = ["/srv/my press/50% off", "it's", 'a "word"', "$HOME", "back\\slash", "tab\there", "süd"]
EARLIER_LINES = "MAILTO=me\n5 4 * * * /usr/bin/true 100\\%\n"

# ------------------------------------------------------------------ when


@pytest.mark.parametrize(
    ("given", "calendar", "cron"),
    [
        (("day", "06:00"), "*-*-* 06:00:00", "0 6 * * *"),
        (("day", "6:05"), "*-*-* 06:05:00", "5 6 * * *"),
        (("day",), "*-*-* 06:00:00", "0 6 * * *"),
        (("hour", ":15"), "*-*-* *:15:00", "15 * * * *"),
        (("hour",), "*-*-* *:00:00", "0 * * * *"),
        (("weekday", "23:59"), "Mon..Fri *-*-* 23:59:00", "59 23 * * 1-5"),
        (("week", "00:00", "Sunday"), "Sun *-*-* 00:00:00", "0 0 * * 0"),
        (("week", "18:30"), "Mon *-*-* 18:30:00", "30 18 * * 1"),
        (("month", "07:00", "28"), "*-*-28 07:00:00", "0 7 28 * *"),
    ],
)
def test_when(given, calendar, cron) -> None:
    made = moment(*given)
    assert (made.on_calendar(), made.cron()) == (calendar, cron)
    if shutil.which("systemd-analyze"):
        assert subprocess.run(["systemd-analyze", "calendar", calendar], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("daily",), "did you mean 'day'"),
        (("day", "25:00"), "no time of the day; give hours and minutes, like 06:00"),
        (("day", "6"), "no time of the day"),
        (("day", "06:60"), "no time of the day"),
        (("day", "6pm"), "no time of the day"),
        (("day", ":15"), "no time of the day"),
        (("hour", "06:00"), "takes a minute with its colon, like :15"),
        (("week", "06:00", "mon"), "did you mean 'monday'"),
        (("month", "06:00", "31"), "a number from 1 to 28"),
        (("month", "06:00", "first"), "a number from 1 to 28"),
        (("day", "06:00", "monday"), "takes none"),
    ],
)
def test_bad_times_are_refused_and_say_what_is_right(given, message) -> None:
    with pytest.raises(WrongUseError, match=message.replace("(", r"\(")):
        moment(*given)


# ------------------------------------------------------------------ odd words


def of_unit(line: str) -> list[str]:
    """The words of a command line, as systemd reads them."""
    words = shlex.split(line, posix=True)  # the same rules for quotation marks and backslashes as systemd's, for these words
    return [word.replace("%%", "%").replace("$$", "$") for word in words]


def test_odd_words_reach_the_command_as_they_are() -> None:
    made = Plan("odd", Moment("day", 6, 0), ["printf", r"%s\n", *ODD], Path("/"))
    (line,) = [line for line in cron_block(made).splitlines() if line.startswith("0 6")]
    # cron takes the backslash before a percent sign away and gives the rest to the shell.
    command = line.removeprefix("0 6 * * * ").replace(r"\%", "%")
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:-1] == [*ODD, "--quiet"]
    start = units(made)["odd.service"].partition("ExecStart=")[2].partition("\n")[0]
    assert of_unit(start) == ["printf", r"%s\n", *ODD]
    assert "%" not in start.replace("%%", "")


def test_a_folder_of_the_project_with_a_percent_sign() -> None:
    service = units(Plan("a", Moment("day", 6, 0), ["x"], Path("/srv/5% of it"), "/srv/r%t"))["a.service"]
    assert "WorkingDirectory=/srv/5%% of it\n" in service
    assert "Environment=ANALYSIS_ROOT=/srv/r%%t\n" in service or 'Environment="ANALYSIS_ROOT=/srv/r%%t"\n' in service


def test_paths_become_absolute_and_line_ends_are_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    command = plan("a", moment("day"), Work(corpus="press/*.txt", out=Path("pages"))).command
    assert str(tmp_path / "press/*.txt") in command
    assert str(tmp_path / "pages") in command
    with pytest.raises(WrongUseError, match="line end"):
        plan("a", moment("day"), Work(corpus="a\nb"))
    for name in ("", "../x", "A", "a b", "x" * 41):
        with pytest.raises(WrongUseError, match="--name"):
            plan(name, moment("day"), Work())


# ------------------------------------------------------------------ installing, with programs that write down what is asked


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A home of its own, with a systemctl and a crontab that keep what they are given."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "press").mkdir()
    (tmp_path / "press" / "a.txt").write_text("Ada said so.\n")
    programs = {
        "systemctl": 'echo "$@" >> "$HOME/systemctl.log"; test ! -e "$HOME/broken" || { echo "no bus" >&2; exit 1; }',
        "crontab": (
            'case "$1" in -l) cat "$HOME/crontab" 2>/dev/null || { echo "no crontab for me" >&2; exit 1; };; '
            '-) test ! -e "$HOME/broken" || { echo "bad minute" >&2; exit 1; }; cat > "$HOME/crontab";; esac'
        ),
    }
    for name, script in programs.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def given(*options: str) -> list[str]:
    return ["schedule", "--every", "day", "--at", "06:00", "--corpus", "press", *options]


def test_systemd_is_used_where_it_runs_and_shown_first(machine, capsys) -> None:
    assert main(given("--on-failure", 'echo "$ATTEST_REASON"')) == 0
    said = capsys.readouterr().out
    for words in (
        "OnCalendar=*-*-* 06:00:00",
        "Persistent=true",
        "attest.timer",
        "Nothing is installed",
        "enable-linger",
        "$$ATT",
    ):
        assert words in said
    assert not (machine / ".config").exists()


def test_a_timer_is_installed_and_taken_away(machine, capsys) -> None:
    folder = machine / ".config" / "systemd" / "user"
    assert main(given("--install")) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["attest.service", "attest.timer"]
    assert f"--corpus {machine}/press" in (folder / "attest.service").read_text()
    assert "--user enable --now attest.timer" in (machine / "systemctl.log").read_text()
    assert main(["schedule", "--remove"]) == 0
    assert list(folder.iterdir()) == []
    log = (machine / "systemctl.log").read_text()
    assert "--user disable --now attest.timer" in log
    assert log.rstrip().endswith("--user daemon-reload")
    capsys.readouterr()
    assert main(["schedule", "--remove"]) == 0
    assert "there is no schedule 'attest'" in capsys.readouterr().out


def test_cron_is_used_where_systemd_does_not_run(machine, capsys) -> None:
    (machine / "broken").touch()
    assert main(given()) == 0
    said = capsys.readouterr().out
    assert "\n0 6 * * * cd " in said
    assert "@reboot" in said
    assert "makes up for what was missed" in said


def test_lines_of_cron_come_and_go_and_leave_the_others(machine, capsys) -> None:
    (machine / "crontab").write_text(EARLIER_LINES)
    for hour in ("06:00", "07:00"):
        assert main(["schedule", "--at", hour, "--corpus", "press", "--with", "cron", "--install"]) == 0
    assert main(["schedule", "--corpus", "press", "--with", "cron", "--install", "--name", "other"]) == 0
    text = (machine / "crontab").read_text()
    assert text.startswith(EARLIER_LINES)
    assert text.count("# attest attest: begin") == 1
    assert "0 7 * * * cd" in text
    assert main(["schedule", "--remove"]) == 0
    assert "# attest attest" not in (machine / "crontab").read_text()
    assert "# attest other: begin" in (machine / "crontab").read_text()
    assert main(["schedule", "--remove", "--name", "other"]) == 0
    assert (machine / "crontab").read_text() == EARLIER_LINES
    assert "removed from your crontab" in capsys.readouterr().out


@pytest.mark.parametrize(("system", "message"), [("systemd", "no bus"), ("cron", "bad minute")])
def test_an_installation_that_fails_says_why_and_leaves_nothing(machine, capsys, system, message) -> None:
    (machine / "broken").touch()
    assert main(given("--with", system, "--install")) == 1
    assert message in capsys.readouterr().err
    assert not list(machine.glob(".config/systemd/user/*"))
    assert not (machine / "crontab").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--at", "24:00"], "no time of the day"),
        (["--corpus", "nowhere"], "no file or folder 'nowhere'"),
        (["--params", "nowhere.yaml"], "nowhere.yaml is no file"),
        (["--keep", "-1"], "--keep is -1"),
        (["--install", "--remove"], "not both"),
        (["--with", "launchd"], "'launchd' is unknown"),
        (["--evry", "day"], "did you mean --every"),
    ],
)
def test_a_wrong_schedule_is_refused_now_not_at_six_in_the_morning(machine, capsys, options, message) -> None:
    assert main(["schedule", "--corpus", "press", *options]) == 2
    assert message in capsys.readouterr().err
    assert not (machine / ".config").exists()


# ------------------------------------------------------------------ what it calls


@pytest.fixture
def stub(monkeypatch):
    """Steps that run a few lines of Python in the place of extract and report."""

    def steps(**code: str) -> None:
        monkeypatch.setattr(refresh, "_command", lambda arguments: [sys.executable, "-c", code[arguments[0]]])

    return steps


def do(tmp_path: Path, **options) -> tuple[int, list[str]]:
    told: list[str] = []
    return refresh.refresh(Work(out=tmp_path / "out", **options), tell=told.append), told


GOOD_STEPS = {"extract": "print('3 articles')", "report": "print('statements: up to date')"}


def test_a_good_refresh_is_logged_with_its_times(tmp_path, stub) -> None:
    stub(**GOOD_STEPS)
    code, told = do(tmp_path, on_failure="exit 9")
    assert code == 0
    assert told[1:3] == ["3 articles", "statements: up to date"]
    assert told[3].startswith("good, in ")
    log = (tmp_path / "out" / "refresh.log").read_text().splitlines()
    assert [line[21:] for line in log] == told
    assert all(time.strptime(line[:19], "%Y-%m-%d %H:%M:%S") for line in log)


def test_what_fails_stops_the_rest_and_calls_the_hook(tmp_path, stub) -> None:
    stub(extract="print('error: no such\\x1b[31m folder'); raise SystemExit(2)", report="print('must not run')")
    file = shlex.quote(str(tmp_path / "a b"))
    hook = f'printf "%s|%s|%s" "$ATTEST_EXIT_CODE" "$ATTEST_REASON" "$ATTEST_LOG" > {file}; echo sent'
    code, told = do(tmp_path, on_failure=hook)
    assert code == 2
    assert told[-2:] == ["FAILED in extract, exit code 2", "hook: sent"]
    assert "must not run" not in told
    assert (tmp_path / "a b").read_text() == f"2|error: no such\x1b[31m folder|{tmp_path / 'out' / 'refresh.log'}"
    assert "\x1b" not in (tmp_path / "out" / "refresh.log").read_text()


def test_a_step_that_is_killed_is_noticed(tmp_path, stub) -> None:
    stub(**GOOD_STEPS | {"report": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"})
    code, told = do(tmp_path, on_failure='echo "$ATTEST_REASON"; exit 4')
    assert code == 1
    assert told[-2:] == [
        "hook: report was killed by signal 9 (SIGKILL); the system may lack memory",
        "hook: it failed itself, exit code 4",
    ]


def test_one_refresh_at_a_time_and_no_hook_for_the_second(tmp_path, stub) -> None:
    stub(**GOOD_STEPS)
    with locked(tmp_path / "out", name=refresh.LOCK):
        code, told = do(tmp_path, on_failure=f"touch {tmp_path / 'called'}")
    assert code == 3
    assert "another run" in told[0]
    stub(**GOOD_STEPS | {"report": "raise SystemExit(3)"})
    code, told = do(tmp_path, on_failure=f"touch {tmp_path / 'called'}")
    assert (code, told[-1]) == (3, "stopped in report: another run is busy there")
    assert not (tmp_path / "called").exists()


def test_a_long_log_is_begun_anew_and_the_last_one_kept(tmp_path, stub, monkeypatch) -> None:
    stub(**GOOD_STEPS)
    monkeypatch.setattr(refresh, "LONGEST_LOG", 100)
    for _ in range(3):
        do(tmp_path)
    assert len((tmp_path / "out" / "refresh.log").read_text().splitlines()) == 4
    assert len((tmp_path / "out" / "refresh.log.1").read_text().splitlines()) == 4


def test_the_steps_are_those_of_make_report() -> None:
    assert refresh.steps(Work(corpus="c", tables=Path("t"), params=Path("p"), keep=2, pdf=True)) == {
        "extract": ["extract", "c", "--out", "t"],
        "report": ["report", "--keep", "2", "--params", "p", "--pdf", "--tables", "t"],
    }


def test_quiet_says_nothing_unless_it_fails(tmp_path, stub, capsys) -> None:
    stub(**GOOD_STEPS)
    assert main(["refresh", "--quiet", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr() == ("", "")
    stub(**GOOD_STEPS | {"report": "raise SystemExit(1)"})
    assert main(["refresh", "--quiet", "--out", str(tmp_path)]) == 1
    assert "FAILED in report, exit code 1" in capsys.readouterr().out


def test_a_refresh_that_is_told_to_stop_stops_its_step(tmp_path) -> None:
    code = (
        "import sys; from analysis import refresh, cli\n"
        "sleep = [sys.executable, '-c', 'import os, time; print(os.getpid(), flush=True); time.sleep(60)']\n"
        "refresh._command = lambda arguments: sleep\n"
        f"sys.exit(cli.main(['refresh', '--out', {str(tmp_path)!r}]))"
    )
    root = Path(__file__).parent.parent
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=root)
    lines = iter(process.stdout.readline, "")
    next(lines)
    step = int(next(lines))
    process.terminate()
    assert process.wait(timeout=10) == 143
    process.stdout.close()
    with pytest.raises(ProcessLookupError):
        os.kill(step, 0)
