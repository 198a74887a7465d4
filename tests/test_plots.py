"""Figures: what is drawn is what was counted, and no word from an article is taken for anything but a word."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from fake_tables import fake_tables
from hostile import PAYLOADS
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import counts, plots


@pytest.fixture(scope="module")
def kept():
    tables = fake_tables()
    return counts.filter_statements(counts.join_articles(tables.statements, tables.articles))


def drawings(statements):
    """Every figure of some statements."""
    return [
        plots.plot_speakers(counts.by_speaker(statements)),
        plots.plot_outlets(counts.by_outlet(statements)),
        plots.plot_acts(counts.by_act(statements)),
        *(plots.plot_periods(counts.by_period(statements, frequency=f), frequency=f) for f in ("day", "month", "year")),
    ]


def words_of(ax: Axes) -> str:
    return "\n".join(text.get_text() for text in ax.figure.findobj(plt.Text))


def test_every_figure_draws_also_nothing(kept) -> None:
    for ax in [*drawings(kept), *drawings(kept[:0])]:
        ax.figure.savefig(io.BytesIO(), format="svg")
        assert words_of(ax).strip()


def test_a_figure_draws_where_it_is_told_and_opens_no_window(kept) -> None:
    ours = Figure().subplots()
    assert plots.plot_speakers(counts.by_speaker(kept), ax=ours) is ours
    assert not plt.get_fignums()


def test_settings_of_others_stay(kept) -> None:
    before = dict(plt.rcParams)
    drawings(kept)
    assert dict(plt.rcParams) == before


def test_bars_of_speakers_are_their_counts(kept) -> None:
    counted = counts.by_speaker(kept)
    widths = [bar.get_width() for bar in plots.plot_speakers(counted).patches]
    assert widths == counted["n"].tolist()
    assert "no named speaker" in words_of(plots.plot_speakers(counted))


def test_speakers_beyond_the_first_are_one_bar(kept) -> None:
    counted = counts.by_speaker(kept)
    ax = plots.plot_speakers(counted, top=2)
    assert sum(bar.get_width() for bar in ax.patches) == counted["n"].sum()
    assert f"{counted['speaker'].nunique() - 2} others" in words_of(ax)


def test_acts_are_stacked_by_form(kept) -> None:
    counted = counts.by_act(kept)
    ax = plots.plot_acts(counted)
    assert sum(bar.get_width() for bar in ax.patches) == counted["n"].sum()
    fills = {(bar.get_facecolor(), bar.get_hatch()) for bar in ax.patches}
    assert len(fills) == len({hatch for _, hatch in fills}) == 3, "forms must differ by hatch as well as by colour"


def period(first: str, last: str, n: int, kind: str = "period") -> tuple:
    return kind, counts.span_label(np.datetime64(first), np.datetime64(last)), first, last, n


def periods(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["kind", "period", "first_day", "last_day", "n"])
    return frame.astype({"first_day": "datetime64[s]", "last_day": "datetime64[s]"})


def test_a_day_far_away_does_not_squeeze_the_others() -> None:
    rows = [period("1066-10-01", "1066-10-31", 1), *(period(f"2020-{m:02d}-01", f"2020-{m:02d}-28", m) for m in range(1, 7))]
    ax = plots.plot_periods(periods(*rows))
    left, right = ax.get_xlim()
    assert right - left < 12
    assert "11,438 empty months" in words_of(ax)


def test_short_gaps_stay_in_the_axis() -> None:
    axis = plots.TimeAxis(pd.Series(["2020-01-01", "2020-05-01"]).astype("datetime64[s]"), periods(), frequency="month")
    assert axis.breaks == []
    assert axis.place.tolist() == [0, 4]


def test_undated_statements_stand_apart_and_do_not_dwarf_the_rest() -> None:
    rows = [period("2020-01-01", "2020-01-31", 3), ("undated", "undated", None, None, 500)]
    ax = plots.plot_periods(periods(*rows))
    assert "500\n(bar cut)" in words_of(ax)
    assert ax.get_ylim()[1] < 10
    dated, undated = ax.patches[0], ax.patches[1]
    assert undated.get_x() > dated.get_x() + dated.get_width()


def test_wide_intervals_are_outlines_over_their_whole_span() -> None:
    rows = [
        period("2020-01-01", "2020-01-31", 3),
        period("2020-03-01", "2020-03-31", 1),
        period("2020-01-01", "2020-03-31", 2, "wider"),
    ]
    bars = plots.plot_periods(periods(*rows)).patches
    (outline,) = [bar for bar in bars if not bar.get_fill() and bar.get_height() == 2]
    assert outline.get_x() < bars[0].get_x() + bars[0].get_width()
    assert outline.get_x() + outline.get_width() > bars[1].get_x()


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_names_are_drawn_as_they_are_written(payload) -> None:
    counted = pd.DataFrame({"speaker": [payload, "B"], "outlet": [payload, "B"], "n": [2, 1]})
    for ax in (plots.plot_speakers(counted), plots.plot_outlets(counted)):
        ax.figure.savefig(io.BytesIO(), format="svg")
        assert max(len(text.get_text()) for text in ax.get_yticklabels()) <= 60


def test_labels_hide_nothing_and_are_short() -> None:
    assert plots.label("a\u202eb") == "a[U+202E]b"
    assert len(plots.label("y" * 500)) == 60
    assert not plots.label("_x").startswith("_")
    assert plots.label(None) == plots.label(float("nan")) == ""


def test_alternative_text_holds_the_numbers(kept) -> None:
    counted = counts.by_speaker(kept)
    text = plots.alt_text(counted, "speaker", what="Statements by speaker")
    for name, n in zip(counted["speaker"].dropna(), counted["n"], strict=False):
        assert f"{name} {n}" in text
    short = plots.alt_text(counted, "speaker", what="Statements by speaker", top=2)
    assert f"more bars with {counted['n'][2:].sum()}" in short
