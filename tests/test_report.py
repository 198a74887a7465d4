"""Parameters, runs and pages: wrong words are refused, only what changed is made again, and the last good page stays."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from fake_tables import fake_tables

from analysis import kernels, parameters, report
from analysis.folder import BusyError, StoreError, locked
from analysis.manifest import WrongUseError
from analysis.parameters import SCHEMAS, ChoiceError, check_parameters, make_run, make_runs, read_runs
from analysis.store import save_tables

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


# ------------------------------------------------------------------ parameters


@pytest.mark.parametrize(
    ("values", "checked"),
    [
        ({}, {}),
        ({"since": "2019-01-01", "until": ""}, {"since": "2019-01-01"}),
        ({"since": date(2019, 1, 1), "until": 2020}, {"since": "2019-01-01", "until": "2020"}),
        ({"speakers": "Ada Bek, Col Dru"}, {"speakers": ["Ada Bek", "Col Dru"]}),
        ({"speakers": '["Ek, Fay", "G"]'}, {"speakers": ["Ek, Fay", "G"]}),
        ({"speakers": ["Ek, Fay"]}, {"speakers": ["Ek, Fay"]}),
        ({"acts": "say,deny", "frequency": "month"}, {"acts": ["say", "deny"]}),
        ({"min_confidence": "0.5", "countries": "KEN"}, {"countries": ["KEN"], "min_confidence": 0.5}),
    ],
)
def test_values_become_plain(values, checked) -> None:
    found = check_parameters("statements", values)
    assert found == checked
    assert all(type(value) in (str, float, list) for value in found.values())


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"speeker": "Ada"}, "did you mean 'speakers'"),
        ({"x = 1; import os; y": 1}, "is unknown"),
        ({"since": "last week"}, "is no date"),
        ({"since": "2019-02-30"}, "is no date"),
        ({"since": "2020", "until": "2019-05"}, "swap them"),
        ({"frequency": "weekly"}, "did you mean 'week'"),
        ({"acts": ["sey"]}, "did you mean 'say'"),
        ({"countries": "Kenya"}, "three-letter"),
        ({"min_confidence": "high"}, "no number from 0 to 1"),
        ({"min_confidence": 1.5}, "no number from 0 to 1"),
        ({"min_confidence": float("nan")}, "no number from 0 to 1"),
        ({"min_confidence": True}, "not one value"),
        ({"speakers": {"Ada"}}, "is no list"),
        ({"speakers": [["Ada"]]}, "is no text"),
        ({"speakers": "[Ada"}, "no JSON list"),
        ({"frequency": ["day"]}, "not one value"),
    ],
)
def test_wrong_values_are_refused_with_the_right_word(values, message) -> None:
    with pytest.raises(ChoiceError, match=re.escape(message)):
        check_parameters("statements", values)


def test_a_page_is_named_by_its_parameters_and_the_name_is_safe() -> None:
    names = {make_run("statements", {"speakers": [name]}).page for name in ("Ada", "ada", "../../etc", "a" * 500, "人", "CON")}
    assert len(names) == 6
    assert all(re.fullmatch(r"[a-z0-9-]{1,70}", name) for name in names)
    assert make_run("statements", {"frequency": "month"}).page == "statements"


def test_a_parameter_file_asks_for_many_reports(tmp_path) -> None:
    file = tmp_path / "runs.yaml"
    file.write_text("- {notebook: statements, since: 2019-01-01}\n- {notebook: statements, each: {speakers: [Ada, Ben]}}\n")
    assert [run.parameters for run in read_runs(file)] == [
        {"since": "2019-01-01"},
        {"speakers": ["Ada"]},
        {"speakers": ["Ben"]},
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- notebook: statement", "report 1: notebook: 'statement' is unknown; did you mean 'statements'"),
        ("- {notebook: statements}\n- {notebook: statements, sinc: 2019}", "report 2: parameter of statements: 'sinc'"),
        ("- {notebook: statements, corpus: elsewhere}", "--corpus"),
        ("notebook: statements", "must hold a list"),
        ("- [", "is no YAML"),
        ("- !!python/object/apply:os.system [id]", "is no YAML"),
    ],
)
def test_a_wrong_parameter_file_says_where(tmp_path, text, message) -> None:
    file = tmp_path / "runs.yaml"
    file.write_text(text)
    with pytest.raises(WrongUseError, match=re.escape(message)):
        read_runs(file)


def test_a_parameter_goes_to_the_notebooks_that_take_it(monkeypatch) -> None:
    monkeypatch.setattr(parameters, "SCHEMAS", {"statements": SCHEMAS["statements"], "other": (parameters.SINCE,)})
    runs = make_runs([], {"since": "2019", "acts": "say"})
    assert {run.notebook: list(run.parameters) for run in runs} == {"statements": ["since", "acts"], "other": ["since"]}
    with pytest.raises(ChoiceError):
        make_runs(["other"], {"acts": "say"})


# ------------------------------------------------------------------ notebooks


def cells_of(path: Path, kind: str) -> list[dict]:
    return [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == kind]


def test_every_notebook_has_a_schema_and_every_schema_a_notebook() -> None:
    assert {path.stem for path in NOTEBOOKS} == set(SCHEMAS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_parameters_cell_is_the_schema(path) -> None:
    (cell,) = [cell for cell in cells_of(path, "code") if "parameters" in cell["metadata"].get("tags", [])]
    schema, lines = {p.name: p for p in SCHEMAS[path.stem]}, [line.rstrip("\n") for line in cell["source"]]
    assert [line.partition(":")[0] for line in lines] == list(schema)
    for line in lines:
        assignment = ast.parse(line).body[0]
        parameter = schema[assignment.target.id]
        assert ast.literal_eval(assignment.value) == parameter.default
        assert line.partition("# ")[2] == parameter.meaning
        assert line.count("=") == 1, "papermill reads no line with two of them"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_call_and_modules_think(path) -> None:
    for cell in cells_of(path, "code"):
        source = "".join(cell["source"])
        assert len(source.splitlines()) <= 10 or "parameters" in cell["metadata"].get("tags", [])
        banned = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.With, ast.Try)
        tree = ast.parse(source)
        assert not [node for node in ast.walk(tree) if isinstance(node, banned)]
        modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert set(modules) <= {"analysis"}
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
        assert not re.search(r"[\"'](\.{1,2}/|/|~)", source), "no path in a notebook"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_have_title_question_and_kernel_and_look_as_run_once(path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    assert "".join(notebook["cells"][0]["source"]).startswith("# ")
    assert "?" in "".join(notebook["cells"][0]["source"])
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert notebook["metadata"]["language_info"]["name"] == "python"
    numbers = [cell["execution_count"] for cell in cells_of(path, "code")]
    assert numbers in ([None] * len(numbers), list(range(1, len(numbers) + 1))), "run `make outputs`"


# ------------------------------------------------------------------ tables


def test_tables_are_opened_from_a_folder(tmp_path) -> None:
    made = fake_tables()
    save_tables(made, tmp_path / "tables")
    assert len(report.open_tables(tables=tmp_path / "tables").statements) == len(made.statements)
    with pytest.raises(StoreError, match="no tables in"):
        report.open_tables(tables=tmp_path)


def test_paths_are_looked_for_here_and_then_in_the_project(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("ANALYSIS_ROOT", str(tmp_path / "project"))
    save_tables(fake_tables(), tmp_path / "project" / "kept")
    monkeypatch.chdir(tmp_path)
    assert len(report.open_tables(tables="kept").articles) == 3
    save_tables(fake_tables(2), tmp_path / "kept")
    assert len(report.open_tables(tables="kept").articles) == 2


def test_a_corpus_is_extracted_into_the_projects_tables(tmp_path, monkeypatch) -> None:
    asked = []
    monkeypatch.setenv("ANALYSIS_ROOT", str(tmp_path))

    def extract_to(corpus, out, *, progress=None):
        asked.append((corpus, out, progress))
        save_tables(fake_tables(), out)

    module = importlib.import_module("analysis.extract")
    monkeypatch.setattr(module, "extract_to", extract_to)
    assert len(report.open_tables().articles) == 3
    assert asked == [(tmp_path / "seeds", tmp_path / "data" / "tables", None)]


# ------------------------------------------------------------------ the runner

CELLS = {
    "good": 'from analysis import show\nshow.finding(f"Speakers: {speakers}")',
    "raises": 'raise FileNotFoundError("no \\u202e<b>such</b> file")',
    "hangs": "while True:\n    pass",
    "dies": "import os\nos._exit(3)",
    "leaks": 'import os\nprint([key for key in os.environ if "SECRET" in key])',
}


def write_notebook(folder: Path, name: str, code: str) -> None:
    head = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": f"# The {name} one\n\nWhat happens?"}
    given = {"cell_type": "code", "id": "b", "metadata": {"tags": ["parameters"]}, "outputs": [], "execution_count": None}
    given["source"] = 'tables: str = ""\nspeakers: list[str] = []'
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "outputs": [], "execution_count": None, "source": code}
    about = {
        "kernelspec": {"name": "of another machine", "display_name": "x", "language": "python"},
        "language_info": {"name": "python"},
    }
    whole = {"cells": [head, given, cell], "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{name}.ipynb").write_text(json.dumps(whole))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with small notebooks, good and bad, and stored tables."""
    root = tmp_path_factory.mktemp("project")
    (root / "notebooks").mkdir()
    for name, code in CELLS.items():
        write_notebook(root / "notebooks", name, code)
    save_tables(fake_tables(), root / "tables")
    return root


@pytest.fixture
def at(project, monkeypatch):
    """That project as the current one, with schemas for its notebooks."""
    monkeypatch.setenv("ANALYSIS_ROOT", str(project))
    monkeypatch.setenv("MY_SECRET", "hunter2")
    schema = (parameters.CORPUS, parameters.TABLES, parameters.SPEAKERS)
    with patch.dict(SCHEMAS, dict.fromkeys(CELLS, schema), clear=True):  # which also puts their order back
        yield project


def make(project: Path, out: Path, names=("good",), **options):
    told = []
    # A notebook that needs no pandas starts sooner in a process of its own than from a warm one that must be made first.
    options = {"tables": project / "tables", "out": out, "tell": told.append, "fork": False, "articles": False, **options}
    return report.report(names, **options), told


def test_good_and_bad_notebooks_in_one_run(at, tmp_path) -> None:
    outcomes, told = make(at, tmp_path, list(CELLS), timeout=2, jobs=4, fork=True)
    states = {outcome.run.notebook: outcome for outcome in outcomes}
    assert {name: outcome.state for name, outcome in states.items()} == {
        "good": "made", "raises": "failed", "hangs": "failed", "dies": "failed", "leaks": "made",
    }  # fmt: skip
    assert len(told) == len(CELLS)
    raised = (tmp_path / "raises.error.html").read_text("utf-8")
    assert "A file or folder is not there." in raised
    assert "FileNotFoundError: no [U+202E]&lt;b&gt;such&lt;/b&gt; file" in raised
    assert "Cell 2 of the notebook" in raised
    assert "There is none yet." in raised
    assert "A cell took too long" in (tmp_path / "hangs.error.html").read_text("utf-8")
    assert "ended unexpectedly" in (tmp_path / "dies.error.html").read_text("utf-8")
    assert "<pre>[]\n</pre>" in (tmp_path / "leaks.html").read_text("utf-8"), "secrets must not reach a notebook"
    index = (tmp_path / "index.html").read_text("utf-8")
    assert all(link in index for link in ('href="good.html"', 'href="raises.error.html"'))
    assert 'href="raises.html"' not in index


def test_only_what_changed_is_made_again_and_it_says_why(at, tmp_path) -> None:
    out = tmp_path / "out"
    first, _ = make(at, out)
    page = (out / "good.html").read_bytes()
    assert first[0].why == "it is new"
    again, told = make(at, out)
    assert (again[0].state, told) == ("kept", ["good: up to date"])
    assert (out / "good.html").read_bytes() == page
    record = json.loads((out / "manifest.json").read_text("utf-8"))
    for part, key, words in [
        ("tables", "statements", "the tables changed (statements)"),
        ("versions", "pandas", "the versions changed (pandas)"),
        ("code", "analysis", "the code changed"),
        ("notebook", "good", "the notebook changed"),
    ]:
        older = json.loads(json.dumps(record))
        older["pages"]["good"]["sources"][part][key] = "older"
        setting = report.Setting(out, at / "tables", "", "", report._common_sources(at / "tables"), 1.0)
        assert report._why(make_run("good", {}), setting, older["pages"]["good"]) == words
    (out / "good.html").write_text("edited")
    assert make(at, out)[0][0].why == "its page was changed"
    assert (out / "good.html").read_bytes() != b"edited"


def test_a_failing_notebook_keeps_the_last_good_page(at, tmp_path, monkeypatch) -> None:
    root, out = tmp_path / "root", tmp_path / "out"
    (root / "notebooks").mkdir(parents=True)
    monkeypatch.setenv("ANALYSIS_ROOT", str(root))
    write_notebook(root / "notebooks", "good", CELLS["good"])
    make(at, out)
    good = (out / "good.html").read_bytes()
    write_notebook(root / "notebooks", "good", CELLS["raises"])
    outcomes, told = make(at, out)
    assert outcomes[0].state == "failed"
    assert "is kept" in told[0]
    assert (out / "good.html").read_bytes() == good
    assert "is unchanged" in (out / "good.error.html").read_text("utf-8")
    assert "Not made on" in (out / "index.html").read_text("utf-8")
    write_notebook(root / "notebooks", "good", CELLS["good"])
    outcomes, _ = make(at, out)
    assert (outcomes[0].state, outcomes[0].why) == ("made", "the last run failed")
    assert not (out / "good.error.html").exists()


def test_parameters_are_values_never_code(at, tmp_path) -> None:
    evil = "'); import os; os.mkdir('owned'); ('"
    outcomes, _ = make(at, tmp_path, params={"speakers": [evil, "</script><b>", "{x!r:>9}"]})
    page = outcomes[0].page.read_text("utf-8")
    assert outcomes[0].state == "made"
    assert "os.mkdir" in page
    assert "<b>" not in page.partition("<main")[2]
    assert not list(tmp_path.rglob("owned"))
    assert not Path("owned").exists()


def test_wrong_words_stop_before_anything_runs(at, tmp_path) -> None:
    with pytest.raises(ChoiceError, match="did you mean 'good'"):
        make(at, tmp_path / "out", ["goood"])
    with pytest.raises(WrongUseError, match="leave out the others"):
        make(at, tmp_path / "out", ["good"], params_file="x.yaml")
    assert not (tmp_path / "out").exists()


def test_kernels_that_cannot_be_forked_are_started(at, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(kernels.Forge, "fork", lambda *_: None)
    outcomes, _ = make(at, tmp_path, ["good", "leaks"], fork=True)
    assert {outcome.state for outcome in outcomes} == {"made"}


def test_a_second_run_on_the_same_folder_is_refused(at, tmp_path) -> None:
    with locked(tmp_path), pytest.raises(BusyError):
        make(at, tmp_path)


# ------------------------------------------------------------------ as a process


def command(root: Path, out: Path, *more: str) -> tuple[list[str], dict[str, str]]:
    """The command line of a run of the real notebook in a project of its own."""
    named = [] if "--params" in more else ["statements"]
    arguments = [sys.executable, "-m", "analysis", "report", *named, "--tables", str(root / "tables"), "--out", str(out), *more]
    return arguments, os.environ | {"ANALYSIS_ROOT": str(root), "PYTHONPATH": str(ROOT)}


def start(root: Path, out: Path, *more: str) -> subprocess.Popen:
    arguments, environment = command(root, out, *more)
    return subprocess.Popen(arguments, env=environment, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.fixture
def slow(tmp_path):
    """A project whose statements notebook sleeps, with a good page from before."""
    (tmp_path / "notebooks").mkdir()
    save_tables(fake_tables(), tmp_path / "tables")
    (tmp_path / "kernels").mkdir()
    mark = f"import os, time\nopen({str(tmp_path / 'kernels')!r} + f'/{{os.getpid()}}', 'w').close()\ntime.sleep(60)"
    write_notebook(tmp_path / "notebooks", "statements", mark)
    (tmp_path / "two.yaml").write_text("- {notebook: statements}\n- {notebook: statements, speakers: [Ada]}\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "statements.html").write_text("the last good page")
    return tmp_path


def wait_for(condition, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("forked", [False, True])
def test_a_stopped_run_leaves_the_last_page_and_no_kernel(slow, stop, forked) -> None:
    process = start(slow, slow / "out", *(["--params", str(slow / "two.yaml")] if forked else []))
    assert wait_for(lambda: len(list((slow / "kernels").iterdir())) == 1 + forked)
    process.send_signal(stop)
    assert process.wait(timeout=20) == (143 if stop == signal.SIGTERM else -9)
    running = [int(file.name) for file in (slow / "kernels").iterdir()]
    assert wait_for(lambda: not any(map(kernels.is_alive, running)), 5), "kernels must end with the run that started them"
    assert (slow / "out" / "statements.html").read_text() == "the last good page"


def test_exit_codes(slow) -> None:
    process = start(slow, slow / "out", "--timeout", "1")
    output, _ = process.communicate(timeout=40)
    assert process.returncode == 1
    assert "statements: FAILED, CellTimeoutError in cell 2" in output
    process = start(slow, slow / "out", "-p", "sinse", "2019")
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "did you mean 'since'" in output
    with locked(slow / "out"):
        process = start(slow, slow / "out")
        assert process.wait(timeout=20) == 3


def test_help_lists_the_parameters() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "report", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    for parameter in SCHEMAS["statements"]:
        assert re.search(rf"^  {parameter.name} +", done.stdout, re.M)


def test_notebook_libraries_come_without_the_slow_grammars() -> None:
    code = "import sys\nfrom analysis.kernels import without_grammars\nwith without_grammars():\n import nbformat"
    code += "\nprint('lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "False\n"


def test_a_run_with_nothing_to_do_imports_little(at, tmp_path) -> None:
    make(at, tmp_path, articles=True)
    code = (
        "import sys; from analysis import parameters, report\n"
        "parameters.SCHEMAS['good'] = (parameters.TABLES, parameters.SPEAKERS)\n"
        f"print(report.report(['good'], tables={str(at / 'tables')!r}, out={str(tmp_path)!r})[0].state)\n"
        "print(sorted({'pandas', 'papermill', 'nbconvert', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "kept\n[]\n"


def test_killed_at_any_moment_the_pages_are_whole(slow) -> None:
    """Kill it at different moments; a page is the old one or a whole new one, and the next run is good."""
    write_notebook(slow / "notebooks", "statements", "1 + 1")
    for moment in (0.4, 1.2, 2.0):
        process = start(slow, slow / "out", "--force")
        time.sleep(moment)
        process.kill()
        process.wait()
        page = (slow / "out" / "statements.html").read_text("utf-8")
        assert page == "the last good page" or page.rstrip().endswith("</html>")
    process = start(slow, slow / "out")
    output, _ = process.communicate(timeout=40)
    assert process.returncode == 0, output
    assert (slow / "out" / "statements.html").read_text("utf-8").rstrip().endswith("</html>")
    assert not list((slow / "out").glob(".new-*"))
