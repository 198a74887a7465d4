"""A corpus to tables: the same for any number of processes, whole whatever stops it, and never done twice."""

from __future__ import annotations

import errno
import functools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace

import extract_stubs
import psutil
import pyarrow.parquet as pq
import pytest

import analysis
from analysis.cache import NAME as CACHE
from analysis.extract import extract, extract_to
from analysis.folder import StoreError, locked
from analysis.manifest import WrongUseError, _modules, read_manifest, versions
from analysis.schema import TableError, Tables
from analysis.store import load_tables
from analysis.workers import WorkersError, run_each

MODULE = sys.modules["analysis.extract"]
TESTS = Path(__file__).parent


@pytest.fixture(autouse=True)
def _stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in extract_stubs.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(MODULE, "make_finder", extract_stubs.make_finder)
    monkeypatch.setattr(MODULE, "versions", lambda: {"code": "one"})


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return make_corpus(tmp_path / "press", 30)


def make_corpus(folder: Path, n: int) -> Path:
    (folder / "inland").mkdir(parents=True)
    for number in range(n):
        place = folder / "inland" if number % 3 else folder
        (place / f"{number:03}.txt").write_text(f"Nadia said number {number} rose.\nOmar said it fell.\n", encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    (folder / "ville.txt").write_text("Le ministre said nothing here.", encoding="utf-8")
    return folder


def run(corpus: Path, out: Path, **options: object):
    return extract_to(corpus, out, **{"metadata": None, "actors": None, "jobs": 1} | options)  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".parquet")}


class Counter:
    """Counts the articles for which rows were found."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ids: list[str] = []
        original = MODULE.make_finder
        monkeypatch.setattr(MODULE, "make_finder", lambda authority: functools.partial(self._find, original(authority)))

    def _find(self, original: Callable[[dict], bytes], article: dict) -> bytes:
        self.ids.append(article["article_id"])
        return original(article)


# ------------------------------------------------------------------ what comes out


def test_tables_are_whole_sorted_and_checked(corpus: Path, tmp_path: Path) -> None:
    manifest = run(corpus, tmp_path / "out")
    tables = load_tables(tmp_path / "out")
    ids = tables.articles["article_id"].tolist()
    assert ids == sorted(ids)
    assert ids[:2] == ["000", "003"]
    assert tables.statements["article_id"].tolist() == sorted(2 * [key for key in ids if key != "ville"])
    assert tables.problems[["path", "stage", "reason"]].values.tolist() == [["empty.txt", "read", "empty file"]]
    assert len(tables.events) == 0
    assert tables.actors[["actor", "kind", "n_statements"]].values.tolist() == [["Nadia", "person", 30], ["Omar", "person", 30]]
    assert (manifest.counts["articles"], manifest.counts["statements"], manifest.counts["problems"]) == (31, 60, 1)
    assert manifest.counts["words"] == 30 * 9 + 5
    assert manifest.complete
    assert manifest.changed


def test_articles_in_other_languages_have_no_statements(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    tables = load_tables(tmp_path / "out")
    assert tables.articles.set_index("article_id").loc["ville", "language"] == "fr"
    assert "ville" not in set(tables.statements["article_id"])


def test_any_number_of_processes_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    for jobs in 1, 2:
        run(corpus, tmp_path / str(jobs), jobs=jobs)
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_in_memory_gives_the_same_tables(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    stored = load_tables(tmp_path / "out")
    for articles in stored.articles, stored.articles.iloc[::-1]:
        made = extract(articles, actors=None)
        for name in "articles", "statements", "actors":
            assert getattr(made, name).equals(getattr(stored, name))
    assert extract(stored, actors=None).problems.equals(stored.problems)
    assert extract(stored.articles, actors=None, jobs=2).statements.equals(stored.statements)


def test_in_memory_leaves_the_given_table_alone(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    articles = load_tables(tmp_path / "out").articles.iloc[::-1]
    before = articles.copy()
    extract(articles, actors=None)
    assert articles.equals(before)


def test_names_of_the_package_are_there_without_imports() -> None:
    code = (
        "import sys, analysis as an; assert 'pandas' not in sys.modules; "
        "import analysis.cli; assert 'pandas' not in sys.modules; assert callable(an.extract), an.extract; "
        "assert an.Tables().statements.empty; assert 'load_tables' in dir(an); "
        "from analysis import extract; assert callable(extract)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=TESTS.parent)
    with pytest.raises(AttributeError, match="has no attribute 'tables'; it has Tables, extract"):
        analysis.tables  # noqa: B018


def test_metadata_and_actors_reach_the_rows_and_are_counted(corpus: Path, tmp_path: Path) -> None:
    metadata, actors = tmp_path / "metadata.csv", tmp_path / "actors.csv"
    metadata.write_text("000,2020-02-29\nnot/there,2020-03-01\n", encoding="utf-8")
    actors.write_text("Ministry of Rain", encoding="utf-8")
    manifest = run(corpus, tmp_path / "out", metadata=metadata, actors=actors)
    tables = load_tables(tmp_path / "out")
    assert tables.articles["published"][0].date() == date(2020, 2, 29)
    assert tables.articles["published_basis"][0] == "researcher"
    assert set(tables.statements["speaker"]) == {"Ministry of Rain"}
    assert manifest.counts["metadata_rows_unused"] == 1


def test_own_files_of_the_project_are_the_default(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    for path in (MODULE.project_root() / "data").glob("*.csv"):
        if path.name not in ("actors.csv", "metadata.csv"):
            (tmp_path / "data" / path.name).symlink_to(path)
    monkeypatch.setenv("ANALYSIS_ROOT", str(tmp_path))
    assert run(corpus, tmp_path / "out", actors=MODULE.PROJECT).made_from["actors"] is None
    (tmp_path / "data" / "actors.csv").write_text("Guild of Ferrymen", encoding="utf-8")
    assert run(corpus, tmp_path / "out", actors=MODULE.PROJECT).made_from["actors"]
    assert set(load_tables(tmp_path / "out").statements["speaker"]) == {"Guild of Ferrymen"}


def test_manifest_says_what_the_tables_were_made_from(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out", fields={"text": "body"}, max_bytes=1_000)
    manifest = read_manifest(tmp_path / "out")
    assert manifest is not None
    made_from = manifest.made_from
    assert sorted(made_from) == ["actors", "corpus", "inputs", "metadata", "parameters", "versions"]
    assert len(made_from["inputs"]) == 32
    assert made_from["inputs"]["empty.txt"] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert made_from["parameters"] == {"fields": {"text": "body"}, "max_bytes": 1_000}
    assert made_from["versions"] == {"code": "one"}
    assert manifest.program.startswith("attest ")
    assert date.fromisoformat(manifest.started[:10])


def test_versions_change_with_what_rows_depend_on_and_with_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, data = tmp_path / "analysis", tmp_path / "data"
    names, model, roles = package / "names.py", package / "models" / "m.onnx", data / "roles.csv"
    for path in package / "read.py", package / "extract.py", names, package / "plots.py", model, roles, data / "actors.csv":
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("1\n")
    (package / "read.py").write_text("from analysis import schema, formats\n")
    (package / "formats.py").write_text("from analysis.words import (\n    Word,\n    Words,\n)\n")
    (package / "words.py").write_text("def late():\n    from analysis.names import Cast\n")
    monkeypatch.setenv("ANALYSIS_ROOT", str(tmp_path))
    monkeypatch.setattr("analysis.manifest.__file__", str(package / "manifest.py"))
    before = versions()
    assert {"attest", "python", "numpy", "pandas", "pyarrow", "code", "model", "word lists"} <= set(before)
    (package / "plots.py").write_text("drawing")
    (data / "actors.csv").write_text("2")
    assert versions() == before
    for changed, path in {"code": names, "model": model, "word lists": roles}.items():
        path.write_text("2")
        now = versions()
        assert [key for key in before if now[key] != before[key]] == [changed]
        before = now


def test_all_modules_that_rows_depend_on_are_known() -> None:
    found = {path.stem for path in _modules(TESTS.parent / "analysis")}
    assert {"schema", "store", "cache", "read", "tagger", "statements", "names", "dates"} <= found
    assert not found & {"cli", "plots", "show", "report", "counts", "workers"}


# ------------------------------------------------------------------ nothing twice


def test_an_unchanged_corpus_is_neither_read_nor_written(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(corpus, tmp_path / "out")
    before = {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in (tmp_path / "out").iterdir()}
    monkeypatch.setitem(sys.modules, "analysis.read", ModuleType("analysis.read"))
    again = run(corpus, tmp_path / "out", jobs=7)
    assert not again.changed
    assert again.counts == first.counts
    assert {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in (tmp_path / "out").iterdir()} == before | {
        ".lock": ((tmp_path / "out" / ".lock").stat().st_mtime_ns, before[".lock"][1])
    }


def test_only_new_and_changed_articles_are_done(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(corpus, tmp_path / "out")
    (corpus / "000.txt").write_text("Pilar said no.", encoding="utf-8")
    (corpus / "new.txt").write_text("Quentin said yes.", encoding="utf-8")
    (corpus / "003.txt").unlink()
    counter = Counter(monkeypatch)
    manifest = run(corpus, tmp_path / "out")
    assert counter.ids == ["000", "new"]
    assert manifest.counts["new_articles"] == 2
    run(corpus, tmp_path / "fresh")
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


def test_what_no_row_depends_on_is_not_done_again(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(corpus, tmp_path / "out")
    counter = Counter(monkeypatch)
    monkeypatch.setattr(MODULE, "versions", lambda: {"code": "another"})
    run(corpus, tmp_path / "out")
    assert len(counter.ids) == 30
    monkeypatch.setattr(extract_stubs, "LANGUAGES", {})
    run(corpus, tmp_path / "out", max_bytes=77)
    assert counter.ids[30:] == ["ville"]


def test_rows_that_a_table_lacks_are_written_again_from_the_cache(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(corpus, tmp_path / "out")
    before = contents(tmp_path / "out")
    counter = Counter(monkeypatch)
    (tmp_path / "out" / "events.csv").unlink()
    (tmp_path / "out" / "statements.csv").write_text("changed by hand", encoding="utf-8")
    assert run(corpus, tmp_path / "out").changed
    assert counter.ids == []
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize("change", ["actors", "version", "input"])
def test_what_rows_depend_on_is_noticed(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    actors = tmp_path / "actors.csv"
    actors.write_text("One", encoding="utf-8")
    run(corpus, tmp_path / "out", actors=actors)
    if change == "actors":
        actors.write_text("Two", encoding="utf-8")
    elif change == "version":
        monkeypatch.setattr(MODULE, "versions", lambda: {"tokenizers": "99"})
    else:
        (corpus / "003.txt").rename(corpus / "004.txt")
    assert run(corpus, tmp_path / "out", actors=actors).changed


def test_old_rows_leave_the_cache(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    for path in sorted(corpus.rglob("0*.txt"))[5:]:
        path.unlink()
    run(corpus, tmp_path / "out")
    with sqlite3.connect(tmp_path / "out" / CACHE) as database:
        assert database.execute("SELECT count(*) FROM found").fetchone() == (5,)


@pytest.mark.parametrize("damage", ["no database", "cut", "other columns", "zeros"])
def test_a_damaged_cache_is_set_aside(corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str) -> None:
    out = tmp_path / "out"
    run(corpus, out)
    before, cache = contents(out), out / CACHE
    if damage == "no database":
        cache.write_bytes(b"no database at all" * 100)
    elif damage == "cut":
        cache.write_bytes(cache.read_bytes()[:5_000])
    elif damage == "zeros":
        cache.write_bytes(cache.read_bytes()[:4_096] + bytes(cache.stat().st_size - 4_096))
    else:
        cache.unlink()
        with sqlite3.connect(cache) as database:
            database.execute("CREATE TABLE found (word TEXT)")
    (out / "articles.csv").unlink()
    assert run(corpus, out).counts["new_articles"] == 30
    assert "is damaged and was moved to" in caplog.text
    assert contents(out) == before
    assert (out / (CACHE + ".damaged")).exists()


def test_damaged_rows_in_the_cache_are_a_problem_and_found_again(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(corpus, out)
    before = contents(out)
    with sqlite3.connect(out / CACHE) as database:
        database.execute("UPDATE found SET payload = x'00ff' WHERE rowid = 1")
    (out / "articles.csv").unlink()
    manifest = run(corpus, out)
    assert not manifest.complete
    assert "kept rows were damaged" in load_tables(out).problems["reason"].tolist()
    assert run(corpus, out).complete
    assert contents(out) == before


# ------------------------------------------------------------------ what fails


def test_an_article_that_fails_is_a_problem_and_the_rest_goes_on(corpus: Path, tmp_path: Path) -> None:
    (corpus / "bad.txt").write_text("Rosa said x.\nFAIL\n", encoding="utf-8")
    for jobs in 1, 2:
        manifest = run(corpus, tmp_path / str(jobs), jobs=jobs)
        tables = load_tables(tmp_path / str(jobs))
        (problem,) = tables.problems[tables.problems["stage"] == "extract"].to_dict("records")
        assert problem["article_id"] == "bad"
        assert problem["reason"] == "extraction failed"
        assert problem["detail"] == "KeyError; the tables hold no statements of this article"
        assert "bad" in set(tables.articles["article_id"])
        assert len(tables.statements) == 60
        assert manifest.complete


def test_rows_that_are_none_are_a_problem(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real finder, with a tagger and readers of our own: a row with an unknown act, one outside the text."""

    class StatementReader:
        def __init__(self, authority: object, folder: Path, words: str) -> None:
            assert authority is None
            assert (folder / "roles.csv").is_file()
            assert words == "words"

        def rows(self, article: dict, tagged: list, *, setting: str) -> list[dict]:
            assert tagged == [(0, len(article["text"]))]
            assert setting == "setting"
            (first, *rest) = extract_stubs._statements(article, None)
            return [first | {"000": {"act": "shout"}, "003": {"end": 10_000}}.get(article["article_id"], {}), *rest]

    class EventReader:
        def __init__(self, *given: object) -> None:
            assert given[2] == "words"

        def rows(self, article: dict, *given: list[dict], setting: str) -> list[dict]:
            assert setting == "setting"
            assert {row["article_id"] for row in given[1]} == {article["article_id"]}
            return []

    monkeypatch.undo()
    modules = extract_stubs.modules()
    tagger = SimpleNamespace(tag=lambda _, parts: parts)
    for name, values in {
        "across": {"Corpus": extract_stubs.LeftAlone},
        "authority": {"read_actors": lambda _: None, "ActorsError": OSError},
        "events": {"EventReader": EventReader},
        "setting": {"Setting": lambda *_: "setting"},
        "statements": {"StatementReader": StatementReader},
        "tagger": {"load_tagger": lambda: tagger, "ModelError": OSError},
        "wordlists": {"read_words": lambda _: "words"},
    }.items():
        modules[f"analysis.{name}"] = ModuleType(f"analysis.{name}")
        vars(modules[f"analysis.{name}"]).update(values)
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    run(corpus, tmp_path / "out")
    tables = load_tables(tmp_path / "out")
    assert tables.problems["article_id"].dropna().tolist() == ["000", "003"]
    assert set(tables.problems["detail"].dropna()) == {"TableError; the tables hold no statements of this article"}
    assert len(tables.statements) == 56


def test_an_article_that_hangs_or_kills_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "SECONDS", 0.2)
    corpus = make_corpus(tmp_path / "press", 10)
    (corpus / "hang.txt").write_text("HANG\n", encoding="utf-8")
    (corpus / "inland" / "die.txt").write_text("DIE\n", encoding="utf-8")
    manifest = run(corpus, tmp_path / "out", jobs=2)
    problems = load_tables(tmp_path / "out").problems
    assert problems[["article_id", "reason"]].values.tolist()[1:] == [
        ["hang", "extraction took too long"],
        ["inland/die", "extraction process died"],
    ]
    assert manifest.counts["statements"] == 20
    assert not manifest.complete
    assert run(corpus, tmp_path / "out", jobs=2).counts["new_articles"] == 2


def test_an_article_that_killed_the_run_costs_only_itself_in_the_next(tmp_path: Path) -> None:
    corpus, out = make_corpus(tmp_path / "press", 4), tmp_path / "out"
    (corpus / "die.txt").write_text("DIE\n", encoding="utf-8")
    process = start(corpus, out)
    process.communicate()
    assert process.returncode == 9
    run(corpus, out, jobs=None)
    problems = load_tables(out).problems
    assert problems[["article_id", "reason"]].values.tolist()[1:] == [["die", "extraction process died"]]
    assert len(load_tables(out).statements) == 8


def test_a_model_that_does_not_load_stops_the_run(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "make_finder", abs)  # raises for what is no number
    with pytest.raises(WorkersError, match="could not be started: TypeError"):
        run(corpus, tmp_path / "out", jobs=2)
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_articles_that_share_an_id_or_are_no_rows_are_problems(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def iter_articles(path: str, **options: object):
        for item in extract_stubs.iter_articles(path, **options):  # type: ignore[arg-type]
            if item.row["article_id"] == "000":
                yield item
                yield item._replace(row=item.row | {"title": ""})
                yield item._replace(row=item.row | {"article_id": "x", "title": "half \ud800"})
            yield item

    monkeypatch.setattr(sys.modules["analysis.read"], "iter_articles", iter_articles)
    assert run(corpus, tmp_path / "out").counts["articles"] == 31
    assert load_tables(tmp_path / "out").problems["reason"].tolist()[-3:] == 3 * ["the article cannot be stored"]


def test_a_corpus_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match=r"no file or folder .*press"):
        run(tmp_path / "press", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_empty_folder_does_not_empty_the_tables(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WrongUseError, match="is empty; give a folder of articles"):
        run(tmp_path / "empty", tmp_path / "out")
    assert len(load_tables(tmp_path / "out").articles) == 31


def test_a_table_that_is_none_of_articles(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    with pytest.raises(TableError, match=r"columns missing \['zones'\]"):
        extract(load_tables(tmp_path / "out").articles.drop(columns="zones"), actors=None)


def test_tables_inside_the_corpus_are_refused(corpus: Path) -> None:
    with pytest.raises(WrongUseError, match="into the corpus"):
        run(corpus, corpus / "tables")


def test_own_files_that_are_not_there(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match=r"no file '.*actors.csv'; give an existing CSV file, or none"):
        run(corpus, tmp_path / "out", actors=tmp_path / "actors.csv")


def test_a_metadata_file_that_cannot_be_used(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_text("\n", encoding="utf-8")
    with pytest.raises(WrongUseError, match="line 1: nothing in it"):
        run(corpus, tmp_path / "out", metadata=tmp_path / "metadata.csv")


def test_an_authority_file_that_cannot_be_used(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "actors.csv").write_text("?", encoding="utf-8")
    with pytest.raises(WrongUseError, match="line 2: no name"):
        run(corpus, tmp_path / "out", actors=tmp_path / "actors.csv")


def test_links_and_pipes_in_the_corpus_do_not_stop_the_run(corpus: Path, tmp_path: Path) -> None:
    os.mkfifo(corpus / "pipe")
    (corpus / "link").symlink_to("/etc/hostname")
    inputs = run(corpus, tmp_path / "out").made_from["inputs"]
    assert (inputs["pipe"], inputs["link"]) == ("no regular file", "link to /etc/hostname")


# ------------------------------------------------------------------ a full disk, a killed run


@pytest.mark.parametrize("where", ["tables", "cache"])
def test_a_full_disk_keeps_the_old_tables(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    out = tmp_path / "out"
    run(corpus, out)
    before = contents(out)
    (corpus / "new.txt").write_text("Quentin said yes.", encoding="utf-8")
    with monkeypatch.context() as patch:
        if where == "tables":
            patch.setattr(pq.ParquetWriter, "write_batch", _full_disk)
        else:
            patch.setattr("analysis.cache.Cache.add_rows", _full_cache)
        with pytest.raises(StoreError, match=r"is full .* Free some space"):
            run(corpus, out)
    assert contents(out) == before
    assert [path.name for path in out.iterdir() if path.name.startswith(".new")] == []
    assert run(corpus, out).counts["articles"] == 32


def _full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _full_cache(*_: object) -> None:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise error


def start(corpus: Path, out: Path, *options: str, seconds: float = 0.0) -> subprocess.Popen:
    """The command line with stand-ins, in a process of its own."""
    command = [sys.executable, "-c", "import extract_stubs; extract_stubs.run()", "extract", str(corpus), "--out", str(out)]
    command += ["--metadata", "none", "--actors", "none", *options]
    paths = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    environment = os.environ | {"PYTHONPATH": paths, "FINDER_SECONDS": str(seconds)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=out.parent)


def test_killed_at_random_moments_old_tables_are_whole_and_the_next_run_too(tmp_path: Path) -> None:
    corpus, out = make_corpus(tmp_path / "press", 40), tmp_path / "out"
    run(corpus, out)
    old = load_tables(out)
    for path in corpus.rglob("*.txt"):
        if path.stat().st_size:
            path.write_text(path.read_text(encoding="utf-8") + "Tariq said more.\n", encoding="utf-8")
    run(corpus, tmp_path / "expected")
    new = load_tables(tmp_path / "expected")
    draw = random.Random(11)
    for _ in range(6):
        process = start(corpus, out, "--jobs", "1", seconds=0.005)
        time.sleep(draw.uniform(0.2, 1.2))
        process.kill()
        process.communicate()
        found = load_tables(out)
        assert same(found, old) or same(found, new)
    process = start(corpus, out, "--jobs", "1")
    assert process.communicate()[1] == ""
    assert process.returncode == 0
    assert contents(out) == contents(tmp_path / "expected")


def same(left: Tables, right: Tables) -> bool:
    return left.articles.equals(right.articles) and left.statements.equals(right.statements)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_stopped_from_outside(tmp_path: Path, jobs: str, number: signal.Signals, code: int) -> None:
    corpus, out = make_corpus(tmp_path / "press", 40), tmp_path / "out"
    run(corpus, out)
    old = contents(out)
    (corpus / "inland" / "new.txt").write_text("HANG\n", encoding="utf-8")
    (corpus / "000.txt").write_text("Ulla said so.\n", encoding="utf-8")
    # Where `make test` runs in the background, SIGINT may be ignored, and a child would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = start(corpus, out, "--jobs", jobs)
    signal.signal(signal.SIGINT, before)
    deadline = time.monotonic() + 20
    while not list(out.glob(".new-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == code, errors
    assert "stopped; what was finished is kept" in errors
    assert "Traceback" not in errors
    assert contents(out) == old
    assert not list(out.glob(".new-*"))
    with locked(out):  # nobody holds the folder any more
        pass


def test_a_stopped_run_goes_on_where_it_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus, out = make_corpus(tmp_path / "press", 30), tmp_path / "out"

    def stop(step: str, done: int, _: int | None) -> None:
        if step == "finding statements" and done == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(corpus, out, progress=stop)
    counter = Counter(monkeypatch)
    run(corpus, out)
    assert len(counter.ids) == 18


def test_workers_end_with_a_killed_run(tmp_path: Path) -> None:
    corpus, out = make_corpus(tmp_path / "press", 60), tmp_path / "out"
    process = start(corpus, out, "--jobs", "2", seconds=0.1)
    children: list[int] = []
    deadline = time.monotonic() + 20
    while len(children) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
        children = [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    while any(_is_running(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(children) >= 2
    assert not any(_is_running(pid) for pid in children)


def _is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


# ------------------------------------------------------------------ many items, several processes


def test_unguarded_scripts_are_told_what_to_do(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import functools\nfrom analysis.workers import run_each\nprint(list(run_each(int, range(9), jobs=2)))\n")
    done = subprocess.run(
        [sys.executable, script], env=os.environ | {"PYTHONPATH": str(TESTS.parent)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert 'put its calls under: if __name__ == "__main__":' in done.stderr


def test_items_are_taken_as_they_are_needed() -> None:
    taken = []

    def items():
        for number in range(1_000):
            taken.append(number)
            yield str(number)

    results = run_each(functools.partial(functools.partial, len), items(), jobs=2)
    assert next(results).value == 1
    assert len(taken) < 100
    results.close()  # type: ignore[attr-defined]


def test_manifest_is_readable_json(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    assert json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["counts"]["articles"] == 31


# ------------------------------------------------------------------ with the reader and the model themselves


def test_the_seeds_come_out_the_same_in_memory_and_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    if not (Path(analysis.__file__).parent / "models" / "tagger.onnx").is_file():
        pytest.skip("the model is not there")
    made = analysis.extract(analysis.read_articles(TESTS.parent / "seeds"), actors=None)
    for jobs in 1, 2:
        run(TESTS.parent / "seeds", tmp_path / str(jobs), jobs=jobs)
        stored = load_tables(tmp_path / str(jobs))
        assert same(stored, made)
        assert stored.problems.equals(made.problems)
    assert contents(tmp_path / "1") == contents(tmp_path / "2")
    assert len(made.articles) == 3
    assert set(made.statements["article_id"]) == set(made.articles["article_id"])
