"""Counted tables -> figures: each function takes a table and an optional Axes and returns Axes; none shows or saves it.

Colours are from the palette of Okabe and Ito, which colour-blind readers can tell apart; where colour carries meaning, a
hatch carries it too. Words from articles reach a figure only through `label`, and never as mathematics.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from analysis.counts import period_label, period_start
from analysis.findings import capital, listed, many, one_line
from analysis.parameters import FREQUENCIES, choose
from analysis.schema import QUOTE_TYPES

INK, QUIET, GRID = "#1d1f24", "#5f646d", "#d5d3cc"
BLUE, ORANGE, GREEN, GREY = "#0072b2", "#e69f00", "#009e73", "#9a9da3"
FILLS = {"direct": (BLUE, ""), "mixed": (ORANGE, "//"), "indirect": (GREEN, "\\\\")}
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "hatch.linewidth": 0.6,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}
MOST_BARS = 200  # drawn one by one
MOST_GAPS = 8  # so many stretches of empty periods are cut out of a time axis at most
SHORT_GAP = 6  # a stretch of so many empty periods, or fewer, stays in


def label(text: object, *, limit: int = 60) -> str:
    """Text as it may stand in a figure: one line, shortened, hidden characters as codes, no leading underscore.

    Matplotlib leaves a label with a leading underscore out of a legend.

    >>> label("_x\\u202e" + "y" * 100, limit=12)
    '‗x[U+202E]y…'
    """
    line = one_line("" if text is None or text is pd.NA or text != text else text, limit=limit)
    return "‗" + line[1:] if line.startswith("_") else line


def _axes(ax: Axes | None, width: float, height: float) -> Axes:
    if ax is not None:
        return ax
    return Figure(figsize=(width, height), layout="constrained").subplots()


def nothing(ax: Axes, words: str) -> Axes:
    """Empty Axes that say why."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, words, ha="center", va="center", color=QUIET, transform=ax.transAxes, parse_math=False)
    return ax


def plot_speakers(counted: pd.DataFrame, *, ax: Axes | None = None, top: int = 15) -> Axes:
    """A bar for each speaker; those beyond `top` as one bar, and statements without a named speaker as one, in grey.

    Args:
        counted: as `counts.by_speaker` returns it.
        ax: where to draw; a new figure if None.
        top: how many speakers get a bar of their own.

    Returns:
        The Axes.

    >>> plot_speakers(pd.DataFrame({"speaker": ["Ada"], "n": [3]})).get_xlabel()
    'statements'
    """
    return _ranked_bars(counted, "speaker", ax=ax, top=top, unnamed="no named speaker")


def plot_outlets(counted: pd.DataFrame, *, ax: Axes | None = None, top: int = 15, what: str = "statements") -> Axes:
    """A bar for each outlet, as `counts.by_outlet` counts them; see `plot_speakers`.

    >>> len(plot_outlets(pd.DataFrame({"outlet": ["Harbour News", None], "n": [3, 1]})).patches)
    2
    """
    return _ranked_bars(counted, "outlet", ax=ax, top=top, unnamed="outlet unknown", what=what)


def plot_ranked(counted: pd.DataFrame, column: str, *, what: str, ax: Axes | None = None, top: int = 15) -> Axes:
    """A bar for each value of a column; see `plot_speakers`.

    Args:
        counted: with the columns `column` and `n`, in the order of the bars.
        column: whose values the bars stand for.
        what: what is counted, in the plural.
        ax: where to draw; a new figure if None.
        top: how many values get a bar of their own.

    >>> plot_ranked(pd.DataFrame({"actor": ["Norway"], "n": [3]}), "actor", what="events").get_xlabel()
    'events'
    """
    return _ranked_bars(counted, column, ax=ax, top=top, unnamed="none", what=what)


def plot_lengths(counted: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Articles by their length.

    Args:
        counted: as `corpus.by_length` returns it.
        ax: where to draw; a new figure if None.

    >>> plot_lengths(pd.DataFrame({"words": ["under 100"], "n": [2]})).get_ylabel()
    'articles'
    """
    with rc_context(STYLE):
        ax = _axes(ax, 6.4, 2.6 if len(counted) else 1.2)
        if counted.empty:
            return nothing(ax, "no article to show")
        place = np.arange(len(counted))
        ax.bar(place, counted["n"], width=0.92, color=BLUE)
        for x, n in zip(place, counted["n"], strict=True):
            if n:
                ax.annotate(f"{n:,}", (x, n), xytext=(0, 3), textcoords="offset points", ha="center", color=INK)
        many_bars = len(counted) > 6
        ax.set_xticks(place, counted["words"], rotation=35 if many_bars else 0, ha="right" if many_bars else "center")
        ax.tick_params(axis="x", length=0)
        ax.set_xlabel("words")
        _count_axis(ax, "y", int(counted["n"].max()), words="articles")
        return ax


def ranked(counted: pd.DataFrame, column: str, *, top: int, unnamed: str) -> pd.DataFrame:
    """The rows that a bar chart of names shows.

    Returns:
        Columns `label`, `n` and `apart` (bool: the rows for all others and for those without a name).

    >>> counted = pd.DataFrame({"speaker": ["a", "b", "c", None], "n": [3, 1, 1, 2]})
    >>> ranked(counted, "speaker", top=1, unnamed="none")["n"].tolist()
    [3, 2, 2]
    """
    named, rest = counted[counted[column].notna()], counted[counted[column].isna()]
    rows = [(label(n, limit=34), int(many), False) for n, many in zip(named[column][:top], named["n"][:top], strict=True)]
    if len(named) > top:
        rows.append((f"{many(len(named) - top, 'other')}", int(named["n"][top:].sum()), True))
    if len(rest):
        rows.append((unnamed, int(rest["n"].sum()), True))
    return pd.DataFrame(rows, columns=["label", "n", "apart"])


def _ranked_bars(
    counted: pd.DataFrame, column: str, *, ax: Axes | None, top: int, unnamed: str, what: str = "statements"
) -> Axes:
    rows = ranked(counted, column, top=top, unnamed=unnamed)
    with rc_context(STYLE):
        ax = _axes(ax, 6.4, 0.9 + 0.32 * max(len(rows), 2))
        if rows.empty:
            return nothing(ax, f"no {what.removesuffix('s')} to show")
        place = np.arange(len(rows)) + 0.35 * rows["apart"].cumsum().clip(upper=1)
        ax.barh(place, rows["n"], height=0.72, color=[GREY if apart else BLUE for apart in rows["apart"]])
        for y, n in zip(place, rows["n"], strict=True):
            ax.annotate(f"{n:,}", (n, y), xytext=(4, 0), textcoords="offset points", va="center", color=INK, parse_math=False)
        ax.set_yticks(place, rows["label"], parse_math=False)
        ax.invert_yaxis()
        _count_axis(ax, "x", rows["n"].max(), words=what)
        ax.tick_params(axis="y", length=0)
        return ax


def _count_axis(ax: Axes, axis: str, most: int, *, words: str = "statements") -> None:
    """Whole numbers from zero, with room for the number at the end of the longest bar."""
    ax.grid(axis=axis, linewidth=0.6)  # type: ignore[arg-type]
    (ax.xaxis if axis == "x" else ax.yaxis).set_major_locator(MaxNLocator("auto", integer=True))
    (ax.set_xlim if axis == "x" else ax.set_ylim)(0, max(1, most) * 1.12)
    (ax.set_xlabel if axis == "x" else ax.set_ylabel)(words)


def plot_acts(counted: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """A bar for each act, parted by quote type, by colour and hatch.

    Args:
        counted: as `counts.by_act` returns it.
        ax: where to draw; a new figure if None.

    Returns:
        The Axes.

    >>> plot_acts(pd.DataFrame({"act": ["say"], "quote_type": ["direct"], "n": [2]})).get_legend_handles_labels()[1]
    ['direct', 'mixed', 'indirect']
    """
    acts = list(dict.fromkeys(counted["act"]))
    with rc_context(STYLE):
        ax = _axes(ax, 6.4, 1.25 + 0.32 * max(len(acts), 2))
        if not acts:
            return nothing(ax, "no statement to show")
        place, left = np.arange(len(acts)), np.zeros(len(acts))
        for kind in QUOTE_TYPES:
            row = counted[counted["quote_type"] == kind].set_index("act")["n"].reindex(acts, fill_value=0).to_numpy()
            colour, hatch = FILLS[kind]
            ax.barh(place, row, left=left, height=0.72, color=colour, hatch=hatch, edgecolor="white", linewidth=0.8, label=kind)
            left += row
        for y, n in zip(place, left, strict=True):
            ax.annotate(f"{int(n):,}", (n, y), xytext=(4, 0), textcoords="offset points", va="center", color=INK)
        ax.set_yticks(place, [label(act) for act in acts], parse_math=False)
        ax.invert_yaxis()
        _count_axis(ax, "x", int(left.max()))
        ax.tick_params(axis="y", length=0)
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False, handlelength=1.4)
        return ax


def plot_periods(counted: pd.DataFrame, *, frequency: str = "month", ax: Axes | None = None, what: str = "statements") -> Axes:
    """Statements over time: a bar for each period, dashed outlines for longer spans, undated ones in grey at the right.

    A long stretch of periods that hold nothing is cut out of the axis; a hatched band in its place says how long it is.

    Args:
        counted: as `counts.by_period` returns it.
        frequency: what it was counted by.
        ax: where to draw; a new figure if None.
        what: what is counted, in the plural.

    Returns:
        The Axes.

    >>> days = pd.to_datetime(pd.Series(["2019-06-01", "2019-06-30"])).astype("datetime64[s]")
    >>> row = {"kind": ["period"], "period": ["Jun 2019"], "first_day": days[:1], "last_day": days[1:].values, "n": [2]}
    >>> plot_periods(pd.DataFrame(row)).get_ylabel()
    'statements'
    """
    within, wider = counted[counted["kind"] == "period"], counted[counted["kind"] == "wider"]
    undated = int(counted.loc[counted["kind"] == "undated", "n"].sum())
    with rc_context(STYLE):
        ax = _axes(ax, 6.4, 1.2 if counted.empty else 3.2)
        if counted.empty:
            return nothing(ax, f"no {what.removesuffix('s')} to show")
        axis = TimeAxis(within["first_day"], wider, frequency=frequency)
        draw_bars(ax, axis.of(within["first_day"]), within["n"].to_numpy(), width=0.8, color=BLUE, label=f"in one {frequency}")
        for row in wider.itertuples():
            left, right = axis.span(row.first_day, row.last_day)
            ax.bar(
                (left + right) / 2, row.n, width=right - left, fill=False, edgecolor=INK, linestyle=(0, (3, 2)), linewidth=1.1
            )
        if len(wider):
            ax.bar([np.nan], [0], fill=False, edgecolor=INK, linestyle=(0, (3, 2)), label=f"over more than one {frequency}")
        draw_breaks(ax, axis)
        ticks, names = axis.ticks(within["first_day"] if len(within) else wider["first_day"].dropna())
        tallest = max(1, int(counted.loc[counted["kind"] != "undated", "n"].max() if len(counted) > 1 else undated))
        right = axis.width - 0.2
        if undated:
            right += _undated_bar(ax, undated, tallest=min(tallest, undated), at=axis.width, width=max(1.0, 0.06 * axis.width))
            ticks, names = [*ticks, right - 0.75 * max(1.0, 0.06 * axis.width)], [*names, "undated"]
        ax.set_xticks(ticks, names, rotation=35 if len(names) > 6 else 0, ha="right" if len(names) > 6 else "center")
        ax.set_xlim(-0.8, right)
        _count_axis(ax, "y", max(tallest, min(undated, 2 * tallest)), words=what)
        ax.tick_params(axis="x", length=0)
        if len(wider) or undated:
            ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, frameon=False, handlelength=1.4)
        return ax


def draw_bars(
    ax: Axes, place: np.ndarray, heights: np.ndarray, *, width: float, bottom: np.ndarray | None = None, **style: Any
) -> None:
    """Bars, up or down from `bottom`; very many as one shape, which is a hundred times quicker and a smaller file."""
    bottom = np.zeros(len(place)) if bottom is None else bottom
    if len(place) <= MOST_BARS:
        ax.bar(place, heights, bottom=bottom, width=width, **style)
        return
    place, heights, bottom = (values[heights != 0].astype(float) for values in (place, heights, bottom))
    left, right, top = place - width / 2, place + width / 2, bottom + heights
    corners = np.stack([(left, bottom), (left, top), (right, top), (right, bottom), (left, bottom)]).transpose(2, 0, 1)
    codes = np.tile([Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY], len(place))
    style = {"facecolor": style.pop("color"), "linewidth": 0} | style
    ax.add_patch(PathPatch(Path(corners.reshape(-1, 2), codes), **style))


def draw_breaks(ax: Axes, axis: TimeAxis) -> None:
    """A hatched band, with how long it is, for every stretch that is cut out of a time axis."""
    half = axis.cut / 2
    for centre, empty in axis.breaks:
        ax.axvspan(centre - half, centre + half, facecolor="none", edgecolor=GRID, hatch="///", linewidth=0)
        words = many(empty, f"empty {axis.frequency}")
        ax.text(
            centre, 0.97, words, rotation=90, ha="center", va="top", transform=ax.get_xaxis_transform(), color=QUIET, size=8
        )


def _undated_bar(ax: Axes, n: int, *, tallest: int, at: float, width: float) -> float:
    """Draw the bar of undated statements right of the others, cut where it would dwarf them; how much room it takes."""
    height, centre = min(n, 2 * tallest), at + 0.75 * width
    ax.bar([centre], [height], width=0.8 * width, color=GREY, hatch="xx", edgecolor="white", linewidth=0.8, label="undated")
    words = f"{n:,}" if height == n else f"{n:,}\n(bar cut)"
    ax.annotate(words, (centre, height), xytext=(0, 3), textcoords="offset points", ha="center", color=INK)
    ax.axvline(at, color=QUIET, linewidth=0.8, linestyle=":")
    return 1.5 * width + 0.2


class TimeAxis:
    """Places for periods on an axis, one apart, with long empty stretches cut to one place.

    Attributes:
        slots: first days of the periods that have a place, datetime64[D].
        breaks: (place, number of empty periods) of every stretch that is cut.
        cut: room that a cut stretch takes, in places.
        width: the first place after the last one.
    """

    def __init__(self, first_days: pd.Series, wider: pd.DataFrame, *, frequency: str) -> None:
        choose(frequency, FREQUENCIES, what="frequency")
        self.frequency = frequency
        ends = pd.concat([first_days, wider["first_day"], wider["last_day"]]).dropna().to_numpy().astype("datetime64[D]")
        needed = np.unique(period_start(ends, frequency))
        number = self._number(needed)
        empty = np.diff(number) - 1
        long = sorted(np.flatnonzero(empty > SHORT_GAP), key=lambda i: -empty[i])[:MOST_GAPS]
        # All empty periods of a cut stretch together take the room of `cut`.
        saved = np.zeros(len(needed))
        kept = (number[-1] - number[0] + 1 - sum(empty[long])) if len(needed) else 0
        self.cut = max(1.0, 0.03 * float(kept))
        for i in long:
            saved[i + 1 :] += empty[i] - self.cut
        self.slots = needed
        self.place = number - (number[0] if len(number) else 0) - saved
        self.breaks = [(float(self.place[i] + 0.5 + self.cut / 2), int(empty[i])) for i in sorted(long)]
        self.width = float(self.place[-1]) + 1 if len(needed) else 0.0

    def _number(self, starts: np.ndarray) -> np.ndarray:
        if self.frequency in ("day", "week"):
            return starts.astype(np.int64) // (7 if self.frequency == "week" else 1)
        return starts.astype("datetime64[M]").astype(np.int64) // {"month": 1, "quarter": 3, "year": 12}[self.frequency]

    def of(self, days: pd.Series) -> np.ndarray:
        """Places of the periods that hold these days."""
        starts = period_start(days.to_numpy().astype("datetime64[D]"), self.frequency)
        return self.place[np.searchsorted(self.slots, starts)].astype(float)

    def span(self, first: Any, last: Any) -> tuple[float, float]:
        """Left and right edge of an interval; an open side reaches the end of the axis."""
        left, right = -0.5, self.width - 0.5
        if not pd.isna(first):
            left = float(self.of(pd.Series([first]))[0]) - 0.45
        if not pd.isna(last):
            right = float(self.of(pd.Series([last]))[0]) + 0.45
        return left, right

    def ticks(self, first_days: pd.Series, *, most: int = 12) -> tuple[list[float], list[str]]:
        """Places of at most about so many of these days, not too close to each other, and what to write there."""
        places: list[float] = []
        names: list[str] = []
        for day in first_days.to_numpy().astype("datetime64[D]"):
            place = float(self.of(pd.Series([day]))[0])
            if not places or place - places[-1] >= self.width / most:
                places.append(place)
                names.append(self._name(period_start(np.array([day]), self.frequency)[0]))
        return places, names

    def _name(self, start: np.datetime64) -> str:
        return period_label(start, self.frequency).removeprefix("week of ")


def alt_text(counted: pd.DataFrame, names: str, *, what: str, top: int = 8) -> str:
    """What a chart shows, in words, for readers who do not see it.

    Args:
        counted: the table that was drawn, with the columns `names` and `n`.
        names: the column whose values the bars stand for.
        what: what is counted, "Statements by speaker".
        top: how many values are read out.

    >>> alt_text(pd.DataFrame({"speaker": ["Ada", None], "n": [3, 1]}), "speaker", what="Statements by speaker")
    'Bar chart. Statements by speaker: Ada 3 and none 1.'
    """
    sums = counted.groupby(names, sort=False, dropna=False)["n"].sum()
    if sums.empty:
        return f"Empty chart. {what}: there is nothing to show."
    read = [f"{'none' if value is None or value != value else one_line(value, limit=80)} {n:,}" for value, n in sums.items()]
    rest = [f"{many(len(read) - top, 'more bar')} with {int(sums.iloc[top:].sum()):,}"] if len(read) > top else []
    return f"Bar chart. {capital(what)}: {listed(read[:top] + rest)}."
