"""Who says, does and quotes; what outlets share; what a corpus holds; and the sentences about these."""

from __future__ import annotations

import pandas as pd
import pytest
from fake_tables import fake_tables
from test_chronology import dated, events
from test_counts import statements

from analysis import chronology, corpus, counts, findings, relation_findings, relations
from analysis.findings import plain
from analysis.schema import table

NOBODY = table("actors")


def joined(*rows: dict, outlets: dict[str, str] | None = None) -> pd.DataFrame:
    """Statements with the outlet and title of their articles."""
    made = statements(*rows)
    known = outlets or {}
    return made.assign(outlet=made["article_id"].map(known).astype("str"), title=pd.Series([None] * len(made), dtype="str"))


def titled(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(title=pd.Series([f"Title of {key}" for key in rows["article_id"]], index=rows.index, dtype="str"))


# ------------------------------------------------------------------ one actor


def test_presence_counts_what_each_says_does_gets_and_is_called() -> None:
    said = joined({"speaker": "Ada", "mentions": ["Peru", "Ada"]}, {"speaker": None, "mentions": ["Peru", "Peru"]})
    found = relations.presence(said, events({}, {"actors": ["Fiji"], "recipients": ["Peru"]})).set_index("actor")
    assert found.loc["Peru"].tolist() == [0, 1, 1, 2, 4]
    assert found.loc["Ada"].tolist() == [1, 0, 0, 0, 1], "who names himself is not named by others"


def test_the_default_actor_both_speaks_and_acts() -> None:
    columns = ["actor", "said", "did", "received", "mentioned", "n"]
    present = pd.DataFrame([("Peru", 0, 9, 0, 9, 18), ("Ada", 2, 1, 0, 0, 3)], columns=columns)
    assert relations.most_present(present) == "Ada"
    assert relations.most_present(present[:1]) == "Peru"
    assert relations.most_present(present[:0]) == ""


@pytest.mark.parametrize("asked", ["Peru", "peru government", "PERÚ", "Lima government"])
def test_a_state_and_its_government_have_one_record(asked) -> None:
    rows = [
        {"actor": "Peru", "kind": "government", "basis": "found", "n_statements": 0, "n_events": 1, "aliases": ["Perú"]},
        {
            "actor": "Lima government",
            "of": "Peru",
            "kind": "government",
            "basis": "authority",
            "n_statements": 1,
            "n_events": 0,
        },
    ]
    present = pd.DataFrame({"actor": ["Peru", "Peru government", "Lima government", "Fiji"]})
    names = relations.names_of(asked, present, table("actors", rows))
    assert set(names) >= {"Peru", "Peru government"}
    assert "Fiji" not in names


def test_what_others_say_is_not_what_the_actor_says() -> None:
    rows = joined(
        {"speaker": "Ada", "mentions": ["Ada"]}, {"speaker": "Ben", "mentions": ["Ada"]}, {"speaker": None, "mentions": ["Ada"]}
    )
    assert relations.said_by(rows, ["Ada"]).index.tolist() == [0]
    assert relations.said_about(rows, ["Ada"]).index.tolist() == [1, 2]


def test_counterparts_are_told_by_the_way_they_have_to_do() -> None:
    merged = chronology.merge(
        events(
            {"actors": ["Peru"], "recipients": ["Fiji", "Togo"]},
            {"actors": ["Fiji"], "recipients": ["Peru"]},
            {"actors": ["Peru", "Fiji"], "recipients": []},
            {"actors": ["Togo"], "recipients": ["Fiji"]},
        )
    )
    found = relations.counterparts(merged, ["Peru"]).set_index("counterpart")
    assert found.loc["Fiji", ["to_them", "by_them", "together", "n"]].tolist() == [1, 1, 1, 3]
    assert found.loc["Togo", "n"] == 1
    assert "Peru" not in found.index


# ------------------------------------------------------------------ who quotes whom


def test_a_statement_is_quoted_by_who_tells_it() -> None:
    rows = titled(
        joined(
            {"speaker": "Ada"},
            {"speaker": "Ben", "parent_id": "a-s0"},
            {"speaker": "Cy", "via": ["Wire"]},
            {"speaker": None},
            {"speaker": "Di", "parent_id": "a-s3"},
            outlets={"a": "Post"},
        )
    )
    found = {
        (row.quoting, row.kind, row.quoted if isinstance(row.quoted, str) else None)
        for row in relations.quoting(rows).itertuples()
    }
    assert found == {
        ("Post", "outlet", "Ada"),
        ("Ada", "speaker", "Ben"),
        ("Wire", "medium", "Cy"),
        ("Post", "outlet", None),
        ("Post", "outlet", "Di"),
    }
    assert relations.quoting(rows)["n"].sum() == len(rows)


# ------------------------------------------------------------------ outlets


def test_an_article_of_an_unknown_outlet_stands_for_itself() -> None:
    rows = titled(joined({"article_id": "a"}, {"article_id": "b"}, {"article_id": "c"}, outlets={"a": "Post"}))
    assert relations.publishers(rows) == ["Post", "“Title of b”", "“Title of c”"]


def test_shares_are_of_the_outlets_own_statements() -> None:
    rows = titled(joined({"speaker": "Ada"}, {"speaker": "Ada"}, {"speaker": None}, {"speaker": "Ada", "article_id": "b"}))
    pairs = relations.outlet_speakers(rows)
    assert pairs["n"].sum() == len(rows)
    assert pairs.groupby("outlet")["share"].sum().round(9).eq(1).all()
    assert "1 of 1 speaker is quoted by more than one of them: Ada (2)" in plain(relation_findings.of_shared_speakers(pairs))


@pytest.fixture
def reported() -> pd.DataFrame:
    return titled(
        events(
            {"event_key": "k", "outlet": "Post", "trigger": "sent"},
            {"event_key": "k", "outlet": "Times", "trigger": "shipped"},
            {"event_key": "k", "outlet": "Times", "trigger": "SENT"},
            {"event_key": "m", "outlet": "Post", **dated("2020-01-01")},
            {"event_key": "m", "outlet": "Post"},
            {"outlet": None, "article_id": "c"},
        )
    )


def test_what_one_outlet_reports_and_another_does_not(reported) -> None:
    covered = relations.coverage(reported, chronology.merge(reported))
    assert covered["n"].tolist() == [2, 1, 1]
    by_outlet = relations.by_publisher(covered).set_index("outlet")
    assert by_outlet.loc["Post"].tolist() == [2, 1, 1]
    assert by_outlet.loc["Times"].tolist() == [1, 0, 1]
    assert by_outlet.loc["“Title of c”"].tolist() == [1, 1, 0]
    assert relation_findings.of_coverage(covered) == "1 of 3 happenings is reported by more than one of them, 2 by one only."


def test_only_what_two_outlets_tell_is_compared_and_each_tells_it_once(reported) -> None:
    worded = relations.wordings(reported)
    assert worded["publisher"].tolist() == ["Post", "Times"]
    assert relations.told(worded)["words"].tolist() == ["sent", "shipped"]
    assert relation_findings.of_wordings(worded) == "1 happening is told by two or more; 1 of them in different words."


# ------------------------------------------------------------------ a corpus


@pytest.fixture(scope="module")
def held():
    tables = fake_tables(6, 8, events=9)
    return tables, corpus.with_rows(tables.articles, tables.statements, tables.events)


def test_every_article_is_counted_everywhere(held) -> None:
    tables, articles = held
    assert articles["n_statements"].sum() == len(tables.statements)
    assert articles["n_events"].sum() == len(tables.events)
    for counted in (
        corpus.by_outlet(articles),
        corpus.by_length(articles),
        corpus.by_dates(articles),
        corpus.by_value(articles, "language"),
        corpus.over_time(articles, frequency="year"),
    ):
        assert counted["n"].sum() == len(articles)
    rows = corpus.by_row_dates(tables.statements, tables.events)
    assert rows["statements"].sum() == len(tables.statements)
    assert rows["events"].sum() == len(tables.events)


def test_articles_are_filtered_and_the_others_counted(held) -> None:
    _, articles = held
    conditions = {"since": "2012-02", "outlets": ["nordlys daily"]}
    kept, out = corpus.filter_articles(articles, **conditions), corpus.left_out(articles, **conditions)
    assert 0 < len(kept) < len(articles)
    assert len(kept) + out["n"].sum() == len(articles)
    assert len(corpus.filter_articles(articles)) == len(articles)


@pytest.mark.parametrize(
    ("words", "label"), [(0, "under 100"), (99, "under 100"), (100, "100 to 199"), (20_000, "10,000 or more")]
)
def test_lengths_have_their_range(words, label) -> None:
    assert corpus.by_length(pd.DataFrame({"n_words": [words]}))["words"].tolist() == [label]


# ------------------------------------------------------------------ sentences


def test_no_sentence_about_nothing_breaks() -> None:
    said, done = counts.join_articles(statements(), table("articles")), titled(events())
    merged = chronology.merge(done)
    present = relations.presence(said, done)
    articles = corpus.with_rows(table("articles"), said, done)
    pairs = relations.outlet_speakers(said)
    for sentence in (
        relation_findings.of_actor("", [], present),
        relation_findings.of_actor("Ada", [], relations.presence(joined({"speaker": "Ben"}), done), asked="Ada"),
        relation_findings.of_statements(said, actor="Ada"),
        relation_findings.of_statements(said, actor="Ada", about=True),
        relation_findings.of_deeds(merged, actor="Ada"),
        relation_findings.of_deeds(merged, actor="Ada", received=True),
        relation_findings.of_counterparts(relations.counterparts(merged, ["Ada"]), actor="Ada"),
        relation_findings.of_quoting(relations.quoting(said)),
        relation_findings.of_outlets(pairs, table("articles")),
        relation_findings.of_shared_speakers(pairs),
        relation_findings.of_coverage(relations.coverage(done, merged)),
        relation_findings.of_wordings(relations.wordings(done)),
        findings.of_articles(articles, table("problems")),
        findings.of_lengths(articles),
        findings.of_outlets(corpus.by_outlet(articles)),
        findings.of_article_dates(corpus.by_dates(articles)),
        findings.of_row_dates(corpus.by_row_dates(said, done)),
    ):
        assert plain(sentence).endswith(".")


def test_an_actor_who_is_not_there_gets_the_nearest() -> None:
    present = relations.presence(joined({"speaker": "Ana Lucía Prado"}), titled(events()))
    said = plain(relation_findings.of_actor("Ana Lucia Pardo", [], present, asked="Ana Lucia Pardo"))
    assert said == "Nobody in these tables has the name Ana Lucia Pardo; the nearest are: Ana Lucía Prado."


def test_the_sentences_of_a_corpus_hold_its_numbers(held) -> None:
    tables, articles = held
    said = findings.of_articles(articles, tables.problems)
    assert f"{articles['n_words'].sum():,} words" in said
    assert f"{len(tables.statements)} statements and {len(tables.events)} events" in said
    assert "There is 1 problem to report." in said
