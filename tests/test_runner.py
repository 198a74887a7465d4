"""The runner at its edges: killed at any moment, earlier versions, PDF files, articles beside the reports, words of help."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import patch

import pytest
from fake_tables import fake_tables
from test_pages import CHROMIUM, in_browser

from analysis import kernels, parameters, pdf, report
from analysis.cli import main
from analysis.folder import RunError
from analysis.kernels import Failure, Result
from analysis.manifest import WrongUseError
from analysis.parameters import SCHEMAS
from analysis.showing.links import FOLDER
from analysis.store import save_tables

ROOT = Path(__file__).parent.parent
NAMES = ("one", "two", "three")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with three notebooks, which are not run: what comes of them is written here, with a version and a pause."""
    import nbformat

    (tmp_path / "notebooks").mkdir()
    for name in NAMES:
        (tmp_path / "notebooks" / f"{name}.ipynb").write_text(name)
    save_tables(fake_tables(12), tmp_path / "tables")
    monkeypatch.setenv("ANALYSIS_ROOT", str(tmp_path))
    state = {"version": "1", "pause": 0.0, "fails": ()}

    def run_notebooks(work, **_):
        for number, (path, _) in enumerate(work):
            time.sleep(state["pause"])
            if path.stem in state["fails"]:
                yield number, Result(None, Failure("ValueError", "no", 2, "1 / 0"), 0.1)
                continue
            output = nbformat.v4.new_output(
                "display_data", {"text/html": f"<p>version {state['version']}</p>" + "<p>x</p>" * 2_000}
            )
            cells = [nbformat.v4.new_markdown_cell(f"# {path.stem}\n\nWhat?"), nbformat.v4.new_code_cell("x", outputs=[output])]
            yield number, Result(nbformat.v4.new_notebook(cells=cells), None, 0.1)

    monkeypatch.setattr(report, "run_notebooks", run_notebooks)
    with patch.dict(SCHEMAS, dict.fromkeys(NAMES, (parameters.TABLES, parameters.SPEAKERS)), clear=True):
        yield tmp_path, state


def make(root: Path, names=NAMES, **options):
    told: list[str] = []
    outcomes = report.report(names, tables=root / "tables", out=root / "out", tell=told.append, **options)
    return outcomes, told


def versions(root: Path) -> dict[str, str]:
    """The version of each page, after seeing that all pages and the record are whole."""
    found = {}
    for path in sorted((root / "out").rglob("*.html")):
        text = path.read_text("utf-8")
        assert text.endswith("</html>\n"), f"{path.name} is not whole"
        version = re.search(r"version (\d+)", text)
        if version and path.stem in NAMES:
            found[path.stem] = version[1]
    json.loads((root / "out" / "manifest.json").read_text())
    return found


def test_killed_at_twenty_moments_the_pages_are_whole_and_the_next_run_is_good(project) -> None:
    root, state = project
    make(root, keep=1)
    begun = time.monotonic()
    make(root, force=True, keep=1)
    whole = time.monotonic() - begun
    state["pause"], moments = 0.005, random.Random(7)
    for attempt in range(2, 22):
        before, state["version"] = versions(root), str(attempt)
        shutil.rmtree(root / "out" / FOLDER, ignore_errors=True)
        child = os.fork()
        if child == 0:
            try:
                make(root, force=True, keep=1)
            finally:
                os._exit(0)
        time.sleep(moments.uniform(0, whole * 1.2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        after = versions(root)
        assert all(after[name] in (before[name], str(attempt)) for name in NAMES)
        if attempt % 4 == 0:
            outcomes, _ = make(root, force=True, keep=1)
            assert {outcome.state for outcome in outcomes} == {"made"}
            assert set(versions(root).values()) == {str(attempt)}
            assert len(list((root / "out" / FOLDER).glob("*.html"))) == 12
            assert not list((root / "out").rglob(".new-*"))


def test_what_a_killed_run_left_is_cleared_up(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(kernels.tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = [f"attest-{ended.pid}-abc", f"attest-{os.getpid()}-abc", "attest-pdf-abc", "attest-1-abc-mine"]
    for name in left:
        (tmp_path / name).mkdir()
    with kernels.kernels(fork=False):
        assert len(list(tmp_path.iterdir())) == len(left)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(left[1:])


# ------------------------------------------------------------------ earlier versions


def dated(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "out").glob("one.*.html") if "error" not in path.name)


def test_as_many_earlier_versions_stay_as_asked_for(project, monkeypatch) -> None:
    root, state = project
    days = iter(f"2026-03-{day:02} 06:00 UTC" for day in range(1, 10))

    class Clock:
        """Gives each run a day of its own."""

        @staticmethod
        def now(_):
            return type("Day", (), {"strftime": lambda *_: today})

    monkeypatch.setattr(report, "datetime", Clock)
    for version in range(1, 6):
        today, state["version"] = next(days), str(version)
        make(root, ["one"], force=True, keep=2)
    assert dated(root) == ["one.2026-03-03-0600.html", "one.2026-03-04-0600.html"]
    assert "version 4" in (root / "out" / "one.2026-03-04-0600.html").read_text()
    assert "version 5" in (root / "out" / "one.html").read_text()
    index = (root / "out" / "index.html").read_text()
    assert index.index("one.2026-03-04-0600.html") < index.index("one.2026-03-03-0600.html")
    today = next(days)
    make(root, ["one"], force=True)
    assert len(dated(root)) == 2, "a run that does not say adds none and takes none away"
    make(root, ["one"], force=True, keep=0)
    assert dated(root) == []
    with pytest.raises(WrongUseError, match="keep is -1"):
        make(root, keep=-1)


def test_a_failure_keeps_the_last_good_page_under_its_date(project) -> None:
    root, state = project
    make(root, ["one"])
    state["fails"] = ("one",)
    for _ in range(2):
        outcomes, told = make(root, ["one"], force=True)
        assert outcomes[0].state == "failed"
        assert "is kept" in told[-1]
    (name,) = dated(root)
    assert (root / "out" / name).read_text() == (root / "out" / "one.html").read_text()
    assert f'href="{name}"' in (root / "out" / "one.error.html").read_text()
    state["fails"], state["version"] = (), "2"
    make(root, ["one"])
    assert "version 1" in (root / "out" / name).read_text()
    assert "version 2" in (root / "out" / "one.html").read_text()


# ------------------------------------------------------------------ articles


def test_articles_lie_beside_the_reports_unless_not_wanted(project) -> None:
    root, _ = project
    _, told = make(root, ["one"])
    assert told[0].startswith("articles: 12 made in ")
    assert 'data-articles="articles"' in (root / "out" / "one.html").read_text()
    assert make(root, ["one"])[1][0] == "articles: up to date"
    outcomes, told = make(root, ["one"], articles=False)
    assert outcomes[0].why == "its links to the articles changed"
    assert "data-articles" not in (root / "out" / "one.html").read_text()
    assert not any(line.startswith("articles") for line in told)


def test_reports_are_made_also_where_an_article_page_cannot_be(project, monkeypatch) -> None:
    root, _ = project
    monkeypatch.setattr("analysis.showing.articles.article_html", lambda *_, **__: 1 / 0)
    with pytest.raises(RunError, match="12 article pages could not be made, the first is that of port/0000"):
        make(root)
    assert set(versions(root)) == set(NAMES)


# ------------------------------------------------------------------ PDF


def fake_chromium(folder: Path, script: str) -> str:
    program = folder / "chromium"
    program.write_text(
        f'#!/bin/sh\nfor word in "$@"; do case "$word" in --print-to-pdf=*) out="${{word#*=}}";; esac; done\n{script}\n'
    )
    program.chmod(0o755)
    return str(program)


def test_pages_are_printed_once(project, monkeypatch) -> None:
    root, state = project
    monkeypatch.setenv(pdf.VARIABLE, fake_chromium(root, f'echo "$out" >> "{root}/calls"; printf "%%PDF-1.7" > "$out"'))
    make(root, pdf=True)
    assert sorted(path.name for path in (root / "out").glob("*.pdf")) == ["one.pdf", "three.pdf", "two.pdf"]
    assert 'href="one.pdf"' in (root / "out" / "index.html").read_text()
    _, told = make(root, pdf=True)
    assert "one.pdf: up to date" in told
    state["version"] = "2"
    make(root, ["one"], pdf=True, force=True)
    assert len((root / "calls").read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo trouble >&2; exit 1", "it said: trouble"),
        ('echo text > "$out"', "printed no PDF"),
        ("sleep 60", "more than 0.5 seconds"),
    ],
)
def test_a_page_that_cannot_be_printed_is_told_and_the_old_one_stays(project, monkeypatch, script, message) -> None:
    root, _ = project
    monkeypatch.setenv(pdf.VARIABLE, fake_chromium(root, script))
    monkeypatch.setattr(pdf.print_page, "__kwdefaults__", {"timeout": 0.5})
    make(root, ["one"])
    (root / "out" / "one.pdf").write_text("the old one")
    with pytest.raises(RunError, match=re.escape(message)):
        make(root, ["one"], pdf=True)
    assert (root / "out" / "one.pdf").read_text() == "the old one"
    assert not list((root / "out").glob(".new-*"))


def test_without_chromium_it_says_how_to_install_it_before_anything_runs(project, monkeypatch) -> None:
    root, _ = project
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(pdf, "ELSEWHERE", ())
    with pytest.raises(WrongUseError, match="apt install chromium"):
        make(root, pdf=True)
    monkeypatch.setenv(pdf.VARIABLE, "no-such-program")
    with pytest.raises(WrongUseError, match="'no-such-program', which is no program"):
        make(root, pdf=True)
    assert not (root / "out").exists()


@in_browser
def test_chromium_prints_a_tagged_pdf(project, monkeypatch) -> None:
    root, _ = project
    monkeypatch.setenv(pdf.VARIABLE, str(CHROMIUM))
    make(root, ["one"], pdf=True)
    printed = (root / "out" / "one.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    assert b"/StructTreeRoot" in printed


# ------------------------------------------------------------------ the command line


def test_help_of_one_notebook_lists_its_parameters_with_types_choices_and_defaults(capsys) -> None:
    assert main(["report", "statements", "--help"]) == 0
    said = capsys.readouterr().out
    assert "parameters of statements, given as -p NAME VALUE:" in said
    assert said.count("parameters of ") == 1
    for line in (
        r"since +date +first day, like 2019-01-01",
        r"frequency +one of +.*day, week, month, quarter or year.*\(default: month\)",
        r"acts +some of .*announce",
        r"speakers +names",
    ):
        assert re.search(line, said), line


def test_off_a_terminal_there_is_a_line_for_each_report(project) -> None:
    root, state = project
    state["fails"] = ("two",)
    _, told = make(root)
    assert [line.partition(":")[0] for line in told] == ["articles", *NAMES]
    assert "made in 0.1 s, because it is new" in told[1]
    assert "FAILED, ValueError in cell 2: no" in told[2]
    state["fails"] = ()
    _, told = make(root)
    assert {"articles: up to date", "one: up to date", "three: up to date"} < set(told)
    assert "two: made in 0.1 s, because the last run failed" in " ".join(told)


def test_a_wrong_parameter_starts_nothing(tmp_path) -> None:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "report", "statements", "--out", str(tmp_path / "out"), "-p", "frequency", "weekly"],
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 2
    assert "did you mean 'week'" in done.stderr
    assert not (tmp_path / "out").exists()
    assert time.monotonic() - begun < 20
