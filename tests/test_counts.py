"""Counting, joining and the sentences about it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from fake_tables import fake_tables

from analysis import counts, findings
from analysis.parameters import ChoiceError
from analysis.schema import table


def statements(*rows: dict) -> pd.DataFrame:
    """A statements table that says only what a test needs."""
    return table("statements", [BASE | {"statement_id": f"a-s{i}"} | row for i, row in enumerate(rows)])


BASE = {
    "article_id": "a", "zone": "body", "start": 0, "end": 1, "quote_type": "direct", "act": "say", "negated": False,
    "speaker_basis": "named", "speaker_kind": "person", "date_basis": "none", "confidence": 0.9, "review": "none",
}  # fmt: skip


def dated(first: str | None, last: str | None = None) -> dict:
    return {"date_start": first, "date_end": last or first, "date_basis": "explicit"}


@pytest.fixture(scope="module")
def tables():
    return fake_tables()


@pytest.fixture(scope="module")
def joined(tables):
    return counts.join_articles(tables.statements, tables.articles)


# ------------------------------------------------------------------ joining and filtering


def test_joining_keeps_rows_and_order_and_the_callers_frame(tables) -> None:
    before = tables.statements.copy()
    joined = counts.join_articles(tables.statements, tables.articles)
    assert joined["statement_id"].tolist() == before["statement_id"].tolist()
    pd.testing.assert_frame_equal(tables.statements, before)
    assert joined["published"].dtype == "datetime64[s]"


def test_dates_that_rest_on_the_researcher_are_marked_and_no_others(tables, joined) -> None:
    researcher = set(tables.articles.loc[tables.articles["published_basis"] == "researcher", "article_id"])
    expected = joined["article_id"].isin(researcher) & joined["date_basis"].isin(["article", "resolved", "context"])
    assert joined["date_from_researcher"].tolist() == expected.tolist()
    assert joined["date_from_researcher"].sum() > 0


def test_an_explicit_date_is_never_the_researchers(tables) -> None:
    changed = tables.statements.assign(date_basis="explicit")
    assert not counts.join_articles(changed, tables.articles)["date_from_researcher"].any()


def test_a_reference_date_of_the_researcher_marks_relative_dates_only() -> None:
    about = {"path": "a.txt", "format": "text", "sha256": "0", "text": "x", "n_words": 1, "published_basis": "text"}
    about |= {
        "article_id": "a",
        "published": date(2020, 1, 1),
        "reference_basis": "researcher",
        "reference_date": date(2020, 1, 2),
    }
    rows = statements({"date_basis": "article"}, {"date_basis": "resolved"})
    assert counts.join_articles(rows, table("articles", [about]))["date_from_researcher"].tolist() == [False, True]


def test_thoughts_and_deeds_are_left_out_unless_asked_for() -> None:
    rows = statements({"act": "say"}, {"act": "think"}, {"act": "other"})
    assert counts.filter_statements(rows)["act"].tolist() == ["say"]
    assert counts.filter_statements(rows, acts=["think"])["act"].tolist() == ["think"]


@pytest.mark.parametrize(
    ("conditions", "kept"),
    [
        ({"speakers": ["zoe muller"]}, [0]),
        ({"speakers": "Zoë Müller"}, [0]),
        ({"countries": ["FJI", "PER"]}, [1, 2]),
        ({"min_confidence": 0.5}, [0, 1]),
        ({"since": "2020"}, [1, 2]),
        ({"until": "2020-02"}, [0, 1]),
        ({"since": "2020-02-15", "until": "2020-02-20"}, [1]),
        ({"since": date(2020, 3, 1)}, [2]),
        ({"speakers": ["nobody"]}, []),
    ],
)
def test_filters(conditions, kept) -> None:
    rows = statements(
        {"speaker": "Zoë Müller", "confidence": 0.5, **dated("2019-05-01")},
        {"speaker": "B", "country": "PER", **dated("2020-02-01", "2020-02-29")},
        {"speaker": "C", "country": "FJI", "confidence": 0.4, **dated("2021-01-01")},
    )
    assert counts.filter_statements(rows, **conditions).index.tolist() == kept


def test_undated_rows_leave_only_with_a_period_and_are_counted() -> None:
    rows = statements({}, dated("2020-01-01"), {"act": "think"})
    assert len(counts.filter_statements(rows)) == 2
    assert len(counts.filter_statements(rows, since=2019)) == 1
    reasons = dict(counts.left_out(rows, since=2019).itertuples(index=False))
    assert reasons["no date"] == 1
    assert sum(reasons.values()) == 2


def test_every_row_is_kept_or_counted_as_left_out(joined) -> None:
    conditions = {"since": "2012-02", "speakers": ["Nomvula Dube"], "min_confidence": 0.7, "outlets": ["Nordlys Daily"]}
    kept, out = counts.filter_statements(joined, **conditions), counts.left_out(joined, **conditions)
    assert len(kept) + out["n"].sum() == len(joined)


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"acts": ["saying"]}, "did you mean 'say'"),
        ({"since": "2019-13-01"}, "is no date"),
        ({"since": "2020", "until": "2019"}, "swap them"),
    ],
)
def test_wrong_conditions_stop_with_the_right_word(conditions, message) -> None:
    with pytest.raises(ChoiceError, match=message):
        counts.filter_statements(statements({}), **conditions)


# ------------------------------------------------------------------ counting


def test_speakers_are_ranked_with_the_unnamed_last() -> None:
    rows = statements(
        {"speaker": "B"}, {"speaker": None}, {"speaker": None}, {"speaker": None}, {"speaker": "A"}, {"speaker": "B"}
    )
    counted = counts.by_speaker(rows)
    assert counted["speaker"].tolist()[:2] == ["B", "A"]
    assert counted["speaker"].isna().tolist() == [False, False, True]
    assert counted["n"].tolist() == [2, 1, 3]


def test_counts_add_up(joined) -> None:
    kept = counts.filter_statements(joined)
    speakers = counts.by_speaker(kept)
    assert speakers["n"].sum() == counts.by_act(kept)["n"].sum() == counts.by_outlet(kept)["n"].sum() == len(kept)
    assert (speakers["direct"] + speakers["mixed"] + speakers["indirect"]).tolist() == speakers["n"].tolist()
    assert counts.by_date_basis(kept)["n"].sum() == len(kept)


@pytest.mark.parametrize("frequency", ["day", "week", "month", "quarter", "year"])
def test_periods_add_up_to_all_statements(joined, frequency) -> None:
    assert counts.by_period(joined, frequency=frequency)["n"].sum() == len(joined)


def test_an_interval_counts_in_a_period_only_if_it_fits() -> None:
    rows = statements(dated("2019-06-29"), dated("2019-06-01", "2019-06-30"), dated("2019-01-01", "2019-12-31"), {})
    month = counts.by_period(rows, frequency="month")
    assert month[["kind", "period", "n"]].to_numpy().tolist() == [
        ["period", "Jun 2019", 2],
        ["wider", "2019", 1],
        ["undated", "undated", 1],
    ]
    assert counts.by_period(rows, frequency="day")["kind"].tolist() == ["period", "wider", "wider", "undated"]
    assert counts.by_period(rows, frequency="year")[["period", "n"]].to_numpy().tolist() == [["2019", 3], ["undated", 1]]


def test_open_intervals_are_shown_as_open() -> None:
    rows = statements({"date_start": "2019-05-03"}, {"date_end": "2018-01-31"})
    assert set(counts.by_period(rows)["period"]) == {"from 3 May 2019", "until 31 Jan 2018"}
    assert set(counts.by_period(rows)["kind"]) == {"wider"}


@pytest.mark.parametrize("year", [1, 999, 1000, 1677, 2262, 9999])
@pytest.mark.parametrize("frequency", ["day", "week", "month", "quarter", "year"])
def test_years_far_away_are_counted(year, frequency) -> None:
    counted = counts.by_period(statements(dated(f"{year:04d}-12-28")), frequency=frequency)
    assert counted["kind"].tolist() == ["period"]
    assert str(year) in counted["period"].iloc[0]


def test_weeks_begin_on_monday() -> None:
    starts = counts.period_start(np.array(["2024-01-07", "2024-01-08", "0001-01-01"], "datetime64[D]"), "week")
    assert starts.astype(str).tolist() == ["2024-01-01", "2024-01-08", "0001-01-01"]


def test_nothing_to_count_gives_empty_tables_with_the_same_columns() -> None:
    empty, full = statements(), statements({"speaker": "A", **dated("2020-01-01")})
    for count in (counts.by_speaker, counts.by_act, counts.by_period):
        assert count(empty).empty
        assert count(empty).columns.tolist() == count(full).columns.tolist()
    assert counts.across(counts.by_act(empty), "act", "quote_type").columns.tolist() == ["act", "n"]


@pytest.mark.parametrize(
    ("days", "label"),
    [
        (("2021-09-01", "2021-09-30"), "Sep 2021"),
        (("2021-01-01", "2021-12-31"), "2021"),
        (("2020-01-01", "2021-12-31"), "2020 to 2021"),
        (("2021-03-01", "2021-06-30"), "Mar 2021 to Jun 2021"),
        (("2021-05-12", "2021-05-14"), "12 to 14 May 2021"),
        (("2021-05-12", "2021-06-14"), "12 May 2021 to 14 Jun 2021"),
        (("0999-05-12", "0999-05-12"), "12 May 999"),
    ],
)
def test_spans_read_as_a_person_would_write_them(days, label) -> None:
    assert counts.span_label(*(np.datetime64(day) for day in days)) == label


# ------------------------------------------------------------------ sentences


def test_sentences_hold_the_numbers_of_the_tables(tables, joined) -> None:
    kept = counts.filter_statements(joined)
    assert f"{len(kept)} statements" in findings.overview(kept, tables.articles)
    top = counts.by_speaker(kept).iloc[0]
    assert findings.plain(findings.of_speakers(counts.by_speaker(kept))).startswith(
        f"{top['speaker']} speaks most often: {top['n']} of"
    )
    undated = int(kept["date_start"].isna().sum())
    assert f"{undated} have no date" in findings.of_periods(counts.by_period(kept))


def test_ties_are_said() -> None:
    sentence = findings.plain(findings.of_speakers(counts.by_speaker(statements({"speaker": "A"}, {"speaker": "B"}))))
    assert sentence == "A and B speak most often, with 1 statement each."


def test_no_sentence_about_nothing_breaks() -> None:
    empty = counts.join_articles(statements(), table("articles"))
    for sentence in (
        findings.overview(empty, table("articles")),
        findings.of_speakers(counts.by_speaker(empty)),
        findings.of_periods(counts.by_period(empty)),
        findings.of_acts(counts.by_act(empty)),
        findings.of_dates(counts.by_date_basis(empty)),
        findings.of_left_out(counts.left_out(empty)),
        findings.of_problems(counts.by_problem(table("problems"))),
    ):
        assert sentence.endswith(".")


def test_words_from_articles_cannot_reorder_a_sentence() -> None:
    sentence = findings.of_speakers(
        counts.by_speaker(statements({"speaker": "evil\u202ename"}, {"speaker": "B"}, {"speaker": "B"}))
    )
    assert "\u202e" not in sentence
    assert f"{findings.ISOLATE}evil[U+202E]name{findings.POP}" in sentence


def test_a_speaker_who_is_not_there_gets_the_nearest() -> None:
    known = pd.Series(["Ana Lucía Prado", "Bo Ek", None])
    assert "the nearest are: Ana Lucía Prado" in findings.plain(findings.of_missing(["Ana Lucia Pardo"], known, what="speaker"))
    assert findings.of_missing(["ana lucia prado"], known, what="speaker") == ""
