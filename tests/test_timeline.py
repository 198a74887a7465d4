"""The timeline: nothing is squeezed, nothing lies on something else, and every happening is there."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from fake_tables import fake_tables
from hostile import hostile_tables
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch
from test_chronology import dated, events

from analysis import chronology, counts, event_plots, timeline
from analysis.days import DayAxis
from analysis.schema import QUAD_CLASSES


def laned(*rows: dict, by: str = "actor") -> pd.DataFrame:
    return chronology.lanes(chronology.merge(events(*rows)), by=by)


def of_tables(tables, by: str = "actor") -> pd.DataFrame:
    joined = chronology.join_events(tables.events, tables.articles, tables.statements)
    return chronology.lanes(chronology.merge(joined), by=by)


def words_of(ax) -> str:
    return "\n".join(text.get_text() for text in ax.texts)


def axis_of(*days: str, width: float = 6.0) -> DayAxis:
    column = pd.Series(np.array(days, "datetime64[s]"))
    return DayAxis(pd.DataFrame({"date_start": column, "date_end": column}), left=0.0, right=width)


# ------------------------------------------------------------------ the axis


def test_an_outlier_takes_little_room() -> None:
    axis = axis_of("1066-10-14", *(f"2019-06-{day:02d}" for day in range(1, 31)))
    assert len(axis.facets) == 2
    june = axis.facets[1]
    assert june.right - june.left > 4
    assert [words for _, _, words in axis.breaks()] == ["952 years"]


def test_days_spread_evenly_stay_on_one_scale() -> None:
    assert len(axis_of("2015-01-01", "2016-01-01", "2017-01-01", "2018-01-01").facets) == 1
    assert len(axis_of(*(f"2019-{month:02d}-01" for month in range(1, 13))).facets) == 1


def test_places_keep_the_order_of_days() -> None:
    days = ["1814-05-17", "2010-01-01", "2010-01-03", "2019-06-01", "2019-06-02", "2019-06-09"]
    places = axis_of(*days).of(np.array(days, "datetime64[D]"))
    assert (np.diff(places) > 0).all()
    assert places.min() >= 0
    assert places.max() <= 6


@pytest.mark.parametrize("year", [1, 1000, 1677, 2262, 9999])
def test_years_far_away_have_ticks(year) -> None:
    axis = axis_of(f"{year:04d}-03-01")
    assert str(year) in " ".join(words for _, words in (*axis.ticks(), *axis.headings()))


@pytest.mark.parametrize(
    "days",
    [("2019-06-26", "2019-06-29"), ("2019-01-01", "2019-12-31"), ("2001-01-01", "2019-12-31"), ("1000-01-01", "2019-12-31")],
)
def test_ticks_do_not_overlap(days) -> None:
    places = [x for x, _ in axis_of(*days).ticks()]
    assert len(places) >= 2
    assert min(np.diff(places)) >= 0.3


def test_an_interval_reaches_from_its_first_to_its_last_day_and_an_open_one_to_the_edge() -> None:
    axis = axis_of("2019-01-01", "2019-12-31")
    none, days = np.datetime64("NaT"), np.array(["2019-03-01", "2019-09-01"], "datetime64[D]")
    left, right = axis.bars(days[:1], days[1:])
    assert (left[0], right[0]) == tuple(axis.of(days))
    left, right = axis.bars(days[:1], np.array([none], "datetime64[D]"))
    assert right[0] > 5.8
    left, right = axis.bars(np.array([none], "datetime64[D]"), days[1:])
    assert left[0] < 0.3


# ------------------------------------------------------------------ the layout


@pytest.mark.parametrize("tables", [fake_tables(6, 8, events=9), fake_tables(60, 4, events=10)], ids=["some", "many"])
@pytest.mark.parametrize("by", ["actor", "country"])
def test_no_mark_lies_on_another(tables, by) -> None:
    made = timeline.layout(of_tables(tables, by))
    for _, row in made.marks.groupby(["lane", "happened", "row", "dated"]):
        places = np.sort(row["x"].to_numpy())
        assert (np.diff(places) >= timeline.MARK - 1e-9).all()


def test_words_do_not_run_into_the_next_mark() -> None:
    made = timeline.layout(of_tables(fake_tables(6, 8, events=9)))
    assert made.level == 0
    right = made.marks[made.marks["side"] == "right"]
    for _, row in right[right["end"].isna()].groupby(["lane", "row", "dated"]):
        row = row.sort_values("x")
        ends = row["x"] + timeline.MARK / 2 + row["words"].str.len() * timeline.LETTER
        assert all(end <= following for end, following in zip(ends, row["x"][1:], strict=False))


def test_every_happening_is_drawn_or_counted_in_a_mark() -> None:
    for size in ((6, 8, 9), (200, 3, 10)):
        rows = of_tables(fake_tables(size[0], size[1], events=size[2]))
        made = timeline.layout(rows)
        assert made.marks["n"].sum() == len(rows)
        assert made.n_undated == rows.loc[~chronology.is_dated(rows), "key"].nunique()


def test_two_thousand_events_make_a_figure_of_one_page() -> None:
    rows = of_tables(fake_tables(200, 3, events=10))
    ax = timeline.plot_timeline(rows)
    assert timeline.layout(rows).level == 2
    assert ax.figure.get_size_inches()[1] < 12
    assert "numbers: happenings in one mark" in words_of(ax)


def test_what_has_not_happened_stands_below_what_has() -> None:
    made = timeline.layout(laned(dated("2020-01-01"), {"status": "planned", **dated("2020-01-01")}))
    rows = made.marks.set_index("happened")["row"]
    assert rows[True] < rows[False]
    assert made.lanes[["real", "unreal"]].to_numpy().tolist() == [[1, 1]]


# ------------------------------------------------------------------ the drawing


def marks_of(ax) -> list:
    """The marks of happenings: those below the key."""
    return [line for line in ax.lines if line.get_marker() in ("o", "s", "^", "D") and line.get_ydata()[0] > 0]


def test_classes_differ_by_colour_and_by_shape() -> None:
    rows = [{"quad_class": quad, **dated(f"2020-0{i + 1}-01")} for i, quad in enumerate(QUAD_CLASSES)]
    drawn = marks_of(timeline.plot_timeline(laned(*rows)))
    assert len({mark.get_marker() for mark in drawn}) == len({mark.get_color() for mark in drawn}) == 4


def test_inferred_dates_are_hollow_and_others_filled() -> None:
    ax = timeline.plot_timeline(laned(dated("2020-01-01"), dated("2020-06-01", basis="resolved"), {}))
    fills = [
        to_hex(mark.get_markerfacecolor()) == timeline.PAPER for mark in sorted(marks_of(ax), key=lambda m: m.get_xdata()[0])
    ]
    assert fills == [False, True, False]
    assert "date inferred" in words_of(ax)


def test_intervals_are_bars() -> None:
    ax = timeline.plot_timeline(laned(dated("2020-01-01", "2020-05-01"), dated("2020-09-01")))
    (bar,) = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    assert bar.get_width() > 1


@pytest.mark.parametrize("status", ["planned", "considered", "threatened", "refused", "ongoing"])
def test_the_status_is_said_beside_the_mark(status) -> None:
    assert f"{status}: sent" in words_of(timeline.plot_timeline(laned({"status": status})))


def test_undated_ones_are_counted_beside_the_axis() -> None:
    ax = timeline.plot_timeline(laned(dated("2020-01-01"), {}, {}))
    assert "2 undated" in words_of(ax)
    axis_end = max(mark.get_xdata()[0] for mark in marks_of(ax)[:1])
    assert sum(mark.get_xdata()[0] > axis_end for mark in marks_of(ax)) == 2


def test_the_number_of_articles_is_said() -> None:
    rows = [{"event_key": "k", "article_id": name, **dated("2020-01-01")} for name in "abc"]
    assert "sent ×3" in words_of(timeline.plot_timeline(laned(*rows)))


@pytest.mark.filterwarnings("ignore:Glyph")
def test_every_figure_draws_also_nothing_and_hostile_names() -> None:
    for tables in (fake_tables(), fake_tables(3, 5, events=5), hostile_tables()):
        rows = of_tables(tables)
        happenings = rows.drop_duplicates("key").drop(columns="lane")
        statements = counts.join_articles(tables.statements, tables.articles)
        grid = event_plots.grid_of(counts.by_act(statements), "act", "quote_type")
        drawn = [
            timeline.plot_timeline(rows),
            event_plots.plot_types(chronology.by_type(happenings)),
            event_plots.plot_on_one_axis(chronology.on_one_axis(statements, happenings)),
            event_plots.plot_on_one_axis(chronology.on_one_axis(statements[:0], happenings[:0])),
            event_plots.plot_grid(grid, what="statements"),
            event_plots.plot_grid(grid[:0], what="statements"),
        ]
        for ax in drawn:
            ax.figure.savefig(io.BytesIO(), format="svg")
            assert max(len(text.get_text()) for text in ax.texts) < 80


# ------------------------------------------------------------------ words for it


def test_alternative_texts_hold_the_numbers() -> None:
    tables = fake_tables(6, 8, events=9)
    rows = of_tables(tables)
    happenings = rows.drop_duplicates("key")
    said = timeline.alt_text(rows)
    assert f"{len(happenings)} happenings" in said
    for lane, n in rows["lane"].value_counts().items():
        assert f"{lane} {n}" in said
    by_type = chronology.by_type(happenings)
    assert f"{by_type['type'].iloc[0]} {by_type['n'].iloc[0]}" in event_plots.types_alt(by_type)
    both = chronology.on_one_axis(tables.statements, happenings)
    assert f"undated {both['statements'].iloc[-1]} and {both['happenings'].iloc[-1]}" in event_plots.axis_alt(both)


def test_a_grid_adds_up_what_has_no_row_of_its_own() -> None:
    rows = [(f"r{i % 9}", None if i % 5 == 0 else f"c{i % 7}", i + 1) for i in range(40)]
    pairs = pd.DataFrame(rows, columns=["a", "b", "n"])
    grid = event_plots.grid_of(pairs, "a", "b", most_rows=3, most_columns=2)
    assert grid.to_numpy().sum() == pairs["n"].sum()
    assert grid.index.tolist()[-1] == "6 others"
    assert grid.columns.tolist()[-2:] == ["5 others", "not named"]
