"""The command line: what it says, where, and with which exit code."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import extract_stubs
import pytest

from analysis.cli import main
from analysis.folder import locked
from analysis.manifest import VERSION
from analysis.store import load_tables
from analysis.terminal import ProgressBar, ProgressLines, progress_on, shown

MODULE = sys.modules["analysis.extract"]
ROOT = Path(__file__).parent.parent
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in extract_stubs.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(MODULE, "make_finder", extract_stubs.make_finder)
    monkeypatch.setattr(MODULE, "versions", lambda: {"code": "one"})


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "press"
    folder.mkdir()
    (folder / "a.txt").write_text("Vera said that it rained.\n", encoding="utf-8")
    (folder / "b.txt").write_text("Wim said no.\nXenia said yes.\n", encoding="utf-8")
    return folder


@pytest.fixture
def run(corpus: Path, tmp_path: Path) -> Callable[..., int]:
    def run_extract(*options: str) -> int:
        return main(
            ["extract", str(corpus), "--out", str(tmp_path / "out"), "--metadata", "none", "--actors", "none", *options]
        )

    return run_extract


def test_extract_writes_tables_and_says_what_it_did(run: Callable[..., int], tmp_path: Path, capsys: Capture) -> None:
    assert run() == 0
    assert len(load_tables(tmp_path / "out").statements) == 3
    said = capsys.readouterr()
    assert "2 articles, 3 statements, 0 events, 0 problems (2 articles new or changed; " in said.out
    assert "words/s)" in said.out
    assert said.err == ""


def test_extract_of_an_unchanged_corpus_says_so(run: Callable[..., int], capsys: Capture) -> None:
    run()
    capsys.readouterr()
    assert run() == 0
    assert capsys.readouterr().out.startswith("nothing changed: ")


def test_problems_are_counted_and_no_failure(run: Callable[..., int], corpus: Path, capsys: Capture) -> None:
    (corpus / "c.txt").write_text("FAIL\n", encoding="utf-8")
    (corpus / "d.txt").write_text("", encoding="utf-8")
    assert run() == 0
    said = capsys.readouterr().out
    assert "3 articles, 3 statements, 0 events, 2 problems" in said
    assert "problems.csv)" in said


def test_metadata_rows_without_an_article_are_counted(corpus: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "m.csv").write_text("a,2021-01-01\nz,2021-01-02\n", encoding="utf-8")
    out = str(tmp_path / "out")
    assert main(["extract", str(corpus), "--out", out, "--metadata", str(tmp_path / "m.csv"), "--actors", "none"]) == 0
    assert "1 metadata rows without an article" in capsys.readouterr().out


def test_quiet_says_nothing(run: Callable[..., int], capsys: Capture) -> None:
    assert run("--quiet") == 0
    assert run("--quiet") == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            ["extract", "press", "--metdata", "x"],
            "unknown option --metdata; did you mean --metadata? The options are --help, --out",
        ),
        (["extract", "press", "--job=2"], "unknown option --job; did you mean --jobs?"),
        (["extract", "press", "--zzz"], "unknown option --zzz. The options are"),
        (["extract", "press", "--jobs", "none"], "'none' is no whole number above 0"),
        (["extract", "press", "--jobs", "0"], "'0' is no whole number above 0"),
        (["extract", "press", "--fields", "text"], "'text' is not COLUMN=FIELD, as in text=body"),
        (["extract"], "required: CORPUS"),
        (["extract", "no/such/folder"], "there is no file or folder 'no/such/folder'"),
        (["extract", "press", "--actors", "no.csv"], "there is no file 'no.csv'; give an existing CSV file, or none"),
        (["extract", "press", "--out", "press/tables"], "the tables would be written into the corpus"),
        (["extrct", "press"], "did you mean extract?"),
        ([], "required: COMMAND"),
    ],
)
def test_wrong_use_is_told_and_exits_with_2(
    given: list[str], message: str, corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(corpus.parent)
    assert main(given) == 2
    assert message in capsys.readouterr().err


def test_fields_and_limits_reach_the_reader(run: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}

    def iter_articles(path: str, **options: object):
        seen.update(options)
        yield from extract_stubs.iter_articles(path, metadata={})

    monkeypatch.setattr(sys.modules["analysis.read"], "iter_articles", iter_articles)
    assert run("--fields", "text=body", "title=headline", "--max-bytes", "1000") == 0
    assert seen == {"metadata": {}, "fields": {"text": "body", "title": "headline"}, "max_bytes": 1000}


def test_another_run_is_busy(run: Callable[..., int], tmp_path: Path, capsys: Capture) -> None:
    with locked(tmp_path / "out"):
        assert run() == 3
    assert "another run is writing" in capsys.readouterr().err


def test_a_full_disk_is_told(run: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("analysis.store._TableWriter.add", full)
    assert run() == 1
    said = capsys.readouterr().err
    assert "is full" in said
    assert "Traceback" not in said


def test_a_folder_that_cannot_be_made(corpus: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "file").write_text("x")
    assert (
        main(["extract", str(corpus), "--out", str(tmp_path / "file" / "out"), "--metadata", "none", "--actors", "none"]) == 1
    )
    assert "Not a directory" in capsys.readouterr().err


def test_version_is_that_of_the_project(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"attest {VERSION}\n"
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == VERSION


def test_help_names_every_option(capsys: Capture) -> None:
    assert main(["extract", "--help"]) == 0
    said = capsys.readouterr().out
    for option in "CORPUS", "--out", "--metadata", "--actors", "--jobs", "--fields", "--max-bytes", "--quiet":
        assert option in said


def test_the_module_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "extract", str(tmp_path / "x")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no file or folder")


def test_an_unchanged_run_imports_nothing_heavy(corpus: Path, tmp_path: Path, run: Callable[..., int]) -> None:
    """What makes the quick way quick: neither tables nor model nor readers are imported."""
    run()
    code = (
        "import sys, analysis.cli; sys.modules['analysis.extract'].versions = lambda: {'code': 'one'}; "
        f"code = analysis.cli.main(['extract', {str(corpus)!r}, '--out', {str(tmp_path / 'out')!r}, '--metadata', 'none', "
        "'--actors', 'none']); "
        "heavy = {'pandas', 'numpy', 'pyarrow', 'onnxruntime', 'lxml', 'pebble'} & set(sys.modules); "
        "sys.exit(f'{heavy}' if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("nothing changed")


# ------------------------------------------------------------------ what goes to the terminal


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain é 中", "plain é 中"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("line\nfeed\r\t", "line\\nfeed\\r\\t"),
        ("a\u202eb\u200bc\u2028", "a\\u202eb\\u200bc\\u2028"),
        ("half \ud800", "half \\ud800"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_what_is_shown_cannot_steer_a_terminal(value: str, expected: str) -> None:
    assert shown(value) == expected


def test_names_from_outside_are_harmless_in_messages(tmp_path: Path, capsys: Capture) -> None:
    assert main(["extract", str(tmp_path / "\x1b[31mred")]) == 2
    assert "\x1b" not in capsys.readouterr().err


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_lines_off_a_terminal_and_a_bar_on_one() -> None:
    stream = io.StringIO()
    lines = ProgressLines(stream, pause=0)
    lines("reading", 1, None)
    lines("finding statements", 1_200, 30_000)
    lines.close()
    assert stream.getvalue() == "reading: 1 articles\nfinding statements: 1,200 of 30,000 articles\n"
    assert isinstance(progress_on(stream), ProgressLines)
    terminal = Terminal()
    bar = progress_on(terminal)
    assert isinstance(bar, ProgressBar)
    for done in range(1, 4):
        bar("finding statements", done, 3)
    bar("writing", 1, 3)
    bar.close()
    assert "finding statements" in terminal.getvalue()
    assert "writing" in terminal.getvalue()


def test_a_quick_run_writes_no_lines_at_all() -> None:
    stream = io.StringIO()
    lines = ProgressLines(stream)
    for done in range(100):
        lines("reading", done, None)
    assert stream.getvalue() == ""


def test_output_that_is_closed_early_is_no_traceback(corpus: Path, tmp_path: Path) -> None:
    """As with `... | head -0`."""
    command = [sys.executable, "-c", "import extract_stubs; extract_stubs.run()", "extract", str(corpus)]
    command += ["--out", str(tmp_path / "out"), "--metadata", "none", "--actors", "none"]
    reader, writer = os.pipe()
    os.close(reader)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(ROOT)])}
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, env=environment)
    os.close(writer)
    assert done.stderr == ""
