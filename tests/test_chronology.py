"""Events filtered, merged into happenings, counted and put into lanes; the sentences about them."""

from __future__ import annotations

import pandas as pd
import pytest
from fake_tables import fake_tables

from analysis import chronology, counts, event_findings
from analysis.findings import plain
from analysis.parameters import ChoiceError
from analysis.schema import STATUSES, table

BASE = {
    "article_id": "a", "zone": "body", "start": 0, "end": 1, "trigger": "sent", "type": "AID", "status": "occurred",
    "quad_class": "material cooperation", "date_basis": "none", "confidence": 0.9, "review": "none", "actors": ["Peru"],
    "recipients": ["Fiji"], "countries": ["FJI", "PER"],
}  # fmt: skip


def events(*rows: dict) -> pd.DataFrame:
    """Joined events that say only what a test needs; `outlet` and `according_to` may be given."""
    added = ("outlet", "according_to")
    own = [{key: value for key, value in row.items() if key not in added} for row in rows]
    made = table("events", [BASE | {"event_id": f"a-e{i:03d}"} | row for i, row in enumerate(own)])
    return made.assign(**{key: pd.Series([row.get(key) for row in rows], dtype="str") for key in added})


def dated(first: str | None, last: str | None = None, basis: str = "explicit") -> dict:
    return {"date_start": first, "date_end": last or first, "date_basis": basis}


@pytest.fixture(scope="module")
def joined():
    tables = fake_tables(6, 8, events=9)
    return chronology.join_events(tables.events, tables.articles, tables.statements)


# ------------------------------------------------------------------ joining and filtering


def test_an_event_knows_who_tells_it() -> None:
    tables = fake_tables(6, 8, events=9)
    joined = chronology.join_events(tables.events, tables.articles, tables.statements)
    speakers = dict(zip(tables.statements["statement_id"], tables.statements["speaker"], strict=True))
    for row in joined.itertuples():
        expected = speakers.get(row.statement_id)
        assert (row.according_to == expected) if isinstance(expected, str) else pd.isna(row.according_to)
    assert joined["according_to"].notna().sum() > 3


@pytest.mark.parametrize(
    ("conditions", "kept"),
    [
        ({}, [0, 1, 2, 3]),
        ({"actors": ["fiji"]}, [0, 2, 3]),
        ({"actors": "Togo"}, [1]),
        ({"countries": ["TGO"]}, [1]),
        ({"types": ["ASSAULT"]}, [1]),
        ({"statuses": ["planned", "refused"]}, [2]),
        ({"since": "2020"}, [1, 2]),
        ({"until": "2020-02-15"}, [0, 1]),
        ({"speakers": ["ada"]}, [3]),
        ({"outlets": ["Post"]}, [3]),
        ({"min_confidence": 0.5}, [0, 2, 3]),
    ],
)
def test_filters(conditions, kept) -> None:
    rows = events(
        dated("2019-05-01"),
        {"type": "ASSAULT", "actors": [], "recipients": ["Togo"], "countries": ["TGO"], "confidence": 0.4}
        | dated("2020-02-01", "2020-02-20"),
        {"status": "planned", **dated("2021-01-01")},
        {"outlet": "Post", "according_to": "Ada"},
    )  # fmt: skip
    assert chronology.filter_events(rows, **conditions).index.tolist() == kept
    assert chronology.left_out(rows, **conditions)["n"].sum() == len(rows) - len(kept)


@pytest.mark.parametrize(
    ("conditions", "message"),
    [({"types": ["ASSAULTS"]}, "did you mean 'ASSAULT'"), ({"statuses": ["planed"]}, "did you mean 'planned'")],
)
def test_wrong_conditions_stop_with_the_right_word(conditions, message) -> None:
    with pytest.raises(ChoiceError, match=message):
        chronology.filter_events(events({}), **conditions)


# ------------------------------------------------------------------ happenings


def test_mentions_of_one_happening_are_one_row_with_how_many_tell_it() -> None:
    rows = events(
        {"event_key": "k", "outlet": "Post"},
        {"event_key": "k", "article_id": "b", "outlet": "Times", **dated("2020-01-05", basis="resolved")},
        {"event_key": "k", "article_id": "b", "outlet": "Times", **dated("2020-01-01", "2020-01-31", "resolved")},
        {"event_key": "other", "outlet": None},
        {"outlet": "Post"},
        {"outlet": "Post"},
    )
    merged = chronology.merge(rows)
    assert len(merged) == 4
    first = merged.iloc[0]
    assert (first["mentions"], first["articles"], first["outlets"]) == (3, 2, 2)
    assert str(first["date_start"].date()) == str(first["date_end"].date()) == "2020-01-05", "the narrowest date is taken"
    assert first["inferred"]
    assert merged["mentions"].sum() == len(rows)
    assert merged.loc[merged["key"] == "other", "outlets"].item() == 0


def test_the_status_is_that_of_most_mentions() -> None:
    rows = events(*({"event_key": "k", "status": status} for status in ("planned", "occurred", "planned")))
    assert chronology.merge(rows)["status"].tolist() == ["planned"]
    assert chronology.merge(rows)["happened"].tolist() == [False]


def test_only_a_date_that_does_not_stand_in_the_text_is_inferred() -> None:
    rows = events(dated("2020-01-01"), dated("2020-01-01", basis="resolved"), dated("2020-01-01", basis="context"), {})
    assert chronology.merge(rows).sort_values("event_id")["inferred"].tolist() == [False, True, True, False]


def test_dated_ones_come_first_in_time_order(joined) -> None:
    merged = chronology.merge(joined)
    known = merged["date_start"].fillna(merged["date_end"])
    assert known.dropna().is_monotonic_increasing
    assert known.isna().tolist() == sorted(known.isna().tolist())


def test_a_key_never_counts_twice(joined) -> None:
    merged = chronology.merge(joined)
    assert merged["key"].is_unique
    assert merged["mentions"].max() > 1
    assert merged["mentions"].sum() == len(joined)


# ------------------------------------------------------------------ counting and lanes


def test_counts_add_up(joined) -> None:
    merged = chronology.merge(joined)
    by_type = chronology.by_type(merged)
    assert by_type["n"].sum() == len(merged)
    assert by_type[list(STATUSES)].to_numpy().sum() == len(merged)
    assert chronology.by_date_basis(merged)["n"].sum() == len(merged)
    both = chronology.on_one_axis(counts.join_articles(*fake_rows()), merged)
    assert both["happenings"].sum() == len(merged)
    assert both["statements"].sum() == len(fake_rows()[0])
    quads = ["verbal cooperation", "material cooperation", "verbal conflict", "material conflict"]
    assert both[quads].sum(axis=1).tolist() == both["happenings"].tolist()


def fake_rows():
    tables = fake_tables(6, 8, events=9)
    return tables.statements, tables.articles


def test_a_happening_of_two_actors_stands_in_both_lanes_and_every_one_in_some() -> None:
    merged = chronology.merge(
        events({"actors": ["Peru", "Togo"], "recipients": []}, {"actors": []}, {"actors": ["Peru", "Peru"]})
    )
    laned = chronology.lanes(merged)
    assert laned["lane"].tolist() == ["Peru", "Peru", "Togo", "not named"]
    assert set(laned["key"]) == set(merged["key"])


def test_lanes_beyond_the_first_share_one() -> None:
    rows = [{"actors": [name], "recipients": []} for name in "AABBCDEF"]
    laned = chronology.lanes(chronology.merge(events(*rows)), top=2)
    assert laned["lane"].value_counts().to_dict() == {"others": 4, "A": 2, "B": 2}
    single = chronology.lanes(chronology.merge(events(*rows[:5])), top=2)
    assert "others" not in set(single["lane"]), "a lane for a single other says more than one called others"


def test_lanes_by_country_are_those_of_all_participants() -> None:
    laned = chronology.lanes(chronology.merge(events({})), by="country")
    assert laned["lane"].tolist() == ["FJI", "PER"]
    with pytest.raises(ChoiceError, match="did you mean 'country'"):
        chronology.lanes(chronology.merge(events({})), by="county")


def test_the_busiest_stretch_is_short_and_holds_as_many_as_can_be_seen() -> None:
    days = [f"{year}-01-01" for year in range(1990, 2020)] + [f"2021-03-{day:02d}" for day in range(1, 29)]
    merged = chronology.merge(events(*(dated(day) for day in days)))
    near = chronology.busiest(merged, most=20)
    assert len(near) == 20
    assert set(near["date_start"].dt.year) == {2021}
    assert chronology.busiest(merged, most=60).empty
    assert len(chronology.busiest(chronology.merge(events(*[dated("2020-01-01")] * 50)), most=20)) == 20


# ------------------------------------------------------------------ sentences


def test_sentences_hold_the_numbers(joined) -> None:
    merged = chronology.merge(joined)
    said = event_findings.overview(joined, merged, joined)
    assert f"{len(merged)} happenings are told in {len(joined)} mentions" in said
    undated = int((~chronology.is_dated(merged)).sum())
    assert f"{undated} happenings without a date stand beside the axis" in event_findings.of_dates(merged)
    counted = chronology.by_lane(chronology.lanes(merged))
    assert f"{counted['lane'].iloc[0]} ({counted['n'].iloc[0]})" in plain(event_findings.of_lanes(counted))


def test_no_sentence_about_nothing_breaks(joined) -> None:
    none = joined[:0]
    merged = chronology.merge(none)
    said = [
        event_findings.overview(none, merged, none),
        event_findings.overview(none, merged, joined),
        event_findings.of_dates(merged),
        event_findings.of_statuses(merged),
        event_findings.of_types(chronology.by_type(merged)),
        event_findings.of_lanes(chronology.by_lane(chronology.lanes(merged))),
        event_findings.of_busiest(chronology.busiest(merged)),
        event_findings.of_axis(chronology.on_one_axis(fake_rows()[0][:0], merged)),
        event_findings.of_undated(chronology.undated(merged)),
    ]
    assert all(sentence.endswith(".") for sentence in said)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{}], "None of the 1 happening has a date"),
        ([dated("2020-01-05")], "The only happening has a date: 5 Jan 2020; 1 by a full date in the text."),
        ([dated("2020-01-05"), dated("2020-02-05")], "All happenings have a date: 5 Jan 2020 to 5 Feb 2020"),
        ([dated("2020-01-05"), {}], "1 of 2 happenings has a date: 5 Jan 2020"),
    ],
)
def test_dates_are_told_in_grammar(rows, words) -> None:
    assert words in event_findings.of_dates(chronology.merge(events(*rows)))
