"""The notebooks with events, without any row, and with what an article may smuggle in; and the outputs that they keep."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest
from fake_tables import fake_tables
from hostile import hostile_tables
from test_show import ATTRIBUTES, OURS, Parsed, data_of, decoded, marks_of

import analysis as an
from analysis import chronology, corpus, outputs, relations, report, show
from analysis.parameters import SCHEMAS
from analysis.schema import TABLES, Tables
from analysis.store import save_tables

ROOT = Path(__file__).parent.parent
# What a report's page may hold beside the outputs of show.py: headings, and the links of the text cells.
SMALLEST_TEXT = 20  # characters of an alternative text


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Pages of all notebooks from three sets of tables: name -> {notebook: page as text}."""
    folder, found = tmp_path_factory.mktemp("notebooks"), {}
    sets = {"events": fake_tables(6, 6, events=6), "nothing": Tables(), "hostile": hostile_tables()}
    for name, tables in sets.items():
        save_tables(tables, folder / f"{name}-tables")
        outcomes = report.report(tables=folder / f"{name}-tables", out=folder / name)
        found[name] = {outcome.run.notebook: (outcome.state, outcome.why, outcome.page) for outcome in outcomes}
    return found


@pytest.mark.parametrize("name", ["events", "nothing", "hostile"])
def test_every_notebook_runs(made, name) -> None:
    assert {notebook: why for notebook, (state, why, _) in made[name].items() if state != "made"} == {}
    assert set(made[name]) == set(SCHEMAS)


@pytest.mark.parametrize("name", ["events", "nothing", "hostile"])
@pytest.mark.parametrize("notebook", SCHEMAS)
def test_pages_are_whole(made, name, notebook) -> None:
    text = made[name][notebook][2].read_text("utf-8")
    for image in re.findall(r"<img [^>]*>", text):
        assert re.search(rf'alt="[^"]{{{SMALLEST_TEXT},}}"', image)
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels.count(1) == 1
    assert ".ipynb" not in text.partition("<main")[2].partition("<footer")[0]
    assert not re.search(r">\s*(nan|None|NaT|NaN)\s*<", text)
    if name == "nothing":
        assert "no event yet" in text or notebook != "timeline"


def test_what_notebooks_keep_is_text_without_time_or_path() -> None:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = json.loads(path.read_text("utf-8"))
        kept = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
        assert all(set(output["data"]) == {"text/plain"} for output in kept)
        words = "\n".join("".join(output["data"]["text/plain"]) for output in kept)
        assert len(words) < 30_000
        assert not re.search(r"\d\d:\d\d:\d\d|/home/|/tmp/|/work/|0x[0-9a-f]{6}", words)


def test_stored_outputs_are_those_of_the_run_and_nothing_else_changes() -> None:
    notebook = json.loads((ROOT / "notebooks" / "statements.ipynb").read_text("utf-8"))
    ran = copy.deepcopy(notebook)
    code = [cell for cell in ran["cells"] if cell["cell_type"] == "code"]
    for cell in code:
        cell["outputs"] = [{"output_type": "display_data", "data": {"text/plain": "seen", "image/png": "x"}, "metadata": {}}]
        cell["outputs"].append({"output_type": "stream", "name": "stderr", "text": "noise"})
    made = outputs.stored(notebook, ran)
    for before, after in zip(notebook["cells"], made["cells"], strict=True):
        assert (before["id"], before["source"], before["metadata"]) == (after["id"], after["source"], after["metadata"])
        if after["cell_type"] == "code":
            assert [output["data"] for output in after["outputs"]] == [{"text/plain": ["seen"]}]


# ------------------------------------------------------------------ what they show of events


def events_of(tables):
    return chronology.join_events(tables.events, tables.articles, tables.statements)


@pytest.mark.parametrize("make", [lambda: fake_tables(3, 4, events=5), hostile_tables], ids=["usual", "hostile"])
def test_the_page_holds_the_whole_table_of_events(make) -> None:
    tables = make()
    data = data_of(show.event_table(events_of(tables), tables.articles))
    assert list(data["columns"]) == list(TABLES["events"])
    for name in ("event_id", "type", "actors", "actor_spans", "trigger_spans", "confidence"):
        assert decoded(data["columns"][name]) == tables.events[name].tolist()
    assert len(decoded(data["extra"]["sentences"])) == len(tables.events)


def test_evidence_is_at_hand() -> None:
    tables = fake_tables(3, 4, events=5)
    for rows in (tables.statements, tables.events):
        assert an.show.evidence(rows.iloc[0], tables).text == an.show.evidence(rows.iloc[0], tables.articles).text


def test_evidence_of_an_event_marks_who_does_what_to_whom() -> None:
    tables = fake_tables(3, 4, events=5)
    texts = tables.articles.set_index("article_id")["text"]
    for _, row in tables.events.iterrows():
        found = marks_of(str(show.evidence(row, tables).html))
        text = texts[row["article_id"]]
        for role in ("actor", "recipient"):
            mentions = {text[a:b] for spans in row[f"{role}_spans"] for a, b in spans}
            assert {words for kind, words in found if kind == role} == mentions
        assert " ... ".join(words for kind, words in found if kind == "trigger") == row["trigger"]


def test_no_article_word_becomes_an_element() -> None:
    tables = hostile_tables()
    events = events_of(tables)
    happenings = chronology.merge(events)
    articles = corpus.with_rows(tables.articles, tables.statements, tables.events)
    doubled = events.assign(event_key="k")
    for shown in (
        show.event_table(events, tables.articles),
        show.article_table(articles),
        show.tables(tables),
        show.row(tables.events.iloc[0]),
        show.small_table(chronology.numbers(happenings), caption="Happenings"),
        show.wordings(relations.wordings(doubled), tables.articles),
        show.each(show.evidence, tables.events, tables),
    ):
        parsed = Parsed(str(shown.html))
        assert set(parsed.tags) <= OURS | {"h3"}
        assert {name for name, _ in parsed.attributes} <= ATTRIBUTES
        assert all(kind == "application/json" for kind, _ in parsed.scripts)


def test_the_tables_say_how_many_rows_and_problems_there_are() -> None:
    tables = fake_tables(3, 4, events=5)
    said = show.tables(tables).text
    assert re.search(rf"^statements +{len(tables.statements)} ", said, re.M)
    assert said.endswith("There is 1 problem: empty file (1).")


def test_a_row_is_explained_column_by_column() -> None:
    tables = fake_tables(3, 4, events=5)
    for name in ("articles", "statements", "events"):
        said = show.row(getattr(tables, name).iloc[0]).text
        for column in TABLES[name]:
            assert (column in said) == (column != "confidence")
    with pytest.raises(ValueError, match="is of none of the tables"):
        show.row(tables.events[["type", "status"]].iloc[0])


def test_the_same_happening_is_shown_in_the_words_of_each() -> None:
    tables = fake_tables(6, 6, events=6)
    worded = relations.wordings(events_of(tables))
    shown = show.wordings(worded, tables.articles)
    keys = worded["event_key"].nunique()
    assert str(shown.html).count('class="wording"') == min(keys, show.MOST_WORDINGS) > 1
    assert str(shown.html).count("<blockquote>") >= 2 * min(keys, show.MOST_WORDINGS)
    assert show.wordings(worded[:0], tables.articles).text == ""
