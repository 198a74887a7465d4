"""Counted events and pairs of names -> figures: by type, with statements on one axis, and as a grid of numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.chronology import HAPPENED
from analysis.findings import capital, listed, many, one_line
from analysis.plots import BLUE, GREEN, GREY, GRID, INK, ORANGE, QUIET, STYLE, TimeAxis, draw_bars, draw_breaks, label, nothing
from analysis.schema import QUAD_CLASSES, STATUSES

VERMILION = "#d55e00"
# Colour and hatch of the quad classes; the timeline gives the same colours.
QUAD_FILLS = dict(zip(QUAD_CLASSES, ((BLUE, ""), (GREEN, "\\\\"), (ORANGE, "//"), (VERMILION, "xx")), strict=True))
MOST_LABELS = 24  # bars with their numbers
MOST_WIDER = 40  # intervals drawn one by one
SQUARE = 0.42  # inches, of a grid


def plot_types(counted: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """A bar for each type of event; what has not happened, or not yet, is an outline behind what has.

    Args:
        counted: as `chronology.by_type` returns it.
        ax: where to draw; a new figure if None.

    >>> from analysis.chronology import by_type
    >>> from analysis.schema import table
    >>> plot_types(by_type(table("events"))).texts[0].get_text()
    'no event to show'
    """
    with rc_context(STYLE):
        if ax is None:
            size = (6.4, 1.2 if counted.empty else 1.3 + 0.32 * max(len(counted), 2))
            ax = Figure(figsize=size, layout="constrained").subplots()
        if counted.empty:
            return nothing(ax, "no event to show")
        place = np.arange(len(counted))
        real = counted[list(HAPPENED)].sum(axis=1).to_numpy()
        fills = [QUAD_FILLS[quad] for quad in counted["quad_class"]]
        for y, n, done, (colour, hatch) in zip(place, counted["n"], real, fills, strict=True):
            ax.barh([y], [done], height=0.72, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
            ax.barh(
                [y], [n - done], left=[done], height=0.72, fill=False, edgecolor=colour, linestyle=(0, (3, 2)), linewidth=1.1
            )
            ax.annotate(f"{n:,}", (n, y), xytext=(4, 0), textcoords="offset points", va="center", color=INK)
        for quad in (quad for quad in QUAD_CLASSES if (counted["quad_class"] == quad).any()):
            colour, hatch = QUAD_FILLS[quad]
            ax.barh([np.nan], [0], color=colour, hatch=hatch, edgecolor="white", linewidth=0, label=quad)
        if (counted["n"] > real).any():
            words = "has not happened, or not yet"
            ax.barh([np.nan], [0], fill=False, edgecolor=QUIET, linestyle=(0, (3, 2)), linewidth=1.1, label=words)
        ax.set_yticks(place, counted["type"])
        ax.invert_yaxis()
        ax.grid(axis="x", linewidth=0.6)
        ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
        ax.set_xlim(0, int(counted["n"].max()) * 1.12)
        ax.set_xlabel("happenings")
        ax.tick_params(axis="y", length=0)
        ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, frameon=False, handlelength=1.4)
        return ax


def plot_on_one_axis(counted: pd.DataFrame, *, frequency: str = "month", ax: Axes | None = None) -> Axes:
    """Statements above and happenings below one date axis; those without a date at the right.

    Args:
        counted: as `chronology.on_one_axis` returns it.
        frequency: what it was counted by.
        ax: where to draw; a new figure if None.

    Happenings are parted by quad class, by colour and hatch. Wider intervals are dashed outlines.
    """
    within, wider = counted[counted["kind"] == "period"], counted[counted["kind"] == "wider"]
    undated = counted[counted["kind"] == "undated"]
    with rc_context(STYLE):
        if ax is None:
            ax = Figure(figsize=(9.6, 1.2 if counted.empty else 4.2), layout="constrained").subplots()
        if counted.empty:
            return nothing(ax, "no statement and no event to show")
        # Very many intervals would cover each other: they then stand beside the axis, as one bar.
        drawn = wider if len(wider) <= MOST_WIDER else wider[:0]
        axis = TimeAxis(within["first_day"], drawn, frequency=frequency)
        _mirrored(ax, axis.of(within["first_day"]), within, 0.8)
        for row in drawn.itertuples():
            left, right = axis.span(row.first_day, row.last_day)
            for n in (row.statements, -row.happenings):
                ax.bar(
                    (left + right) / 2, n, width=right - left, fill=False, edgecolor=INK, linestyle=(0, (3, 2)), linewidth=1.0
                )
        draw_breaks(ax, axis)
        ticks, names = axis.ticks(within["first_day"] if len(within) else drawn["first_day"].dropna())
        right, room = axis.width - 0.2, max(1.0, 0.06 * axis.width)
        most = 2 * max(_highest(within, drawn, name) for name in ("statements", "happenings"))
        for part, words in ((wider[len(drawn) :], "longer"), (undated, "undated")):
            if len(part):
                ax.axvline(right + 0.2, color=QUIET, linewidth=0.8, linestyle=":")
                place, sums = right + 0.2 + 0.75 * room, part.select_dtypes("number").sum()
                _mirrored(ax, np.array([place]), sums.to_frame().T, 0.8 * room, most=most)
                ticks, names, right = [*ticks, place], [*names, words], place + 0.75 * room
        single = counted[counted["kind"] != "wider"]
        up, down = (_highest(single, drawn, name, most=most) for name in ("statements", "happenings"))
        ax.axhline(0, color=INK, linewidth=1.2)
        ax.set_xticks(ticks, names, rotation=30 if len(names) > 5 else 0, ha="right" if len(names) > 5 else "center")
        ax.set_xlim(-0.8, right)
        room = 0.2 * (up + down)
        ax.set_ylim(-down - room, up + room)
        ax.yaxis.set_major_locator(MaxNLocator("auto", integer=True))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):,.0f}"))
        ax.grid(axis="y", linewidth=0.6)
        ax.tick_params(axis="x", length=0)
        ax.set_ylabel("happenings   |   statements")
        _key(ax, counted)
        return ax


def _highest(rows: pd.DataFrame, drawn: pd.DataFrame, name: str, *, most: float = np.inf) -> float:
    """The height of the highest bar, at most `most`; with `drawn`, the intervals that have one."""
    heights = [*rows[name], *drawn[name]]
    return float(min(max(heights, default=0), most)) or 1.0


def _mirrored(ax: Axes, place: np.ndarray, rows: pd.DataFrame, width: float, *, most: float = np.inf) -> None:
    """Bars upwards for statements, downwards for happenings, with their numbers; cut where they would dwarf the others."""
    up, down = rows["statements"].to_numpy(), rows["happenings"].to_numpy()
    cut_up, cut_down = np.minimum(up, most), np.minimum(down, most)
    draw_bars(ax, place, cut_up, width=width, color=GREY)
    low = np.zeros(len(rows))
    for quad, (colour, hatch) in QUAD_FILLS.items():
        fill = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0.6}
        height = rows[quad].to_numpy() * cut_down / np.maximum(down, 1)
        draw_bars(ax, place, -height, bottom=low.copy(), width=width, **fill)
        low -= height
    if len(rows) > MOST_LABELS:
        return
    for heights, numbers, sign in ((cut_up, up, 1), (cut_down, down, -1)):
        for x, height, n in zip(place, heights, numbers, strict=True):
            words = f"{n:,}" if n == height else f"{n:,}\n(cut)"
            side, offset = ("bottom", 3) if sign > 0 else ("top", -3)
            if n:
                ax.annotate(
                    words, (x, sign * height), xytext=(0, offset), textcoords="offset points", ha="center", va=side, color=INK
                )


def _key(ax: Axes, counted: pd.DataFrame) -> None:
    ax.bar([np.nan], [0], color=GREY, label="statements")
    for quad, (colour, hatch) in QUAD_FILLS.items():
        if counted[quad].any():
            ax.bar([np.nan], [0], color=colour, hatch=hatch, edgecolor="white", linewidth=0.6, label=quad)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=5, frameon=False, handlelength=1.3, columnspacing=1.3, fontsize=9.5
    )


# ------------------------------------------------------------------ pairs


def grid_of(pairs: pd.DataFrame, rows: str, columns: str, *, most_rows: int = 12, most_columns: int = 12) -> pd.DataFrame:
    """Pairs as a grid: those with most in a row and column of their own, the others added up.

    Args:
        pairs: with the columns `rows`, `columns` and `n`; a missing value is one of its own.
        rows, columns: names of the two columns.
        most_rows, most_columns: how many get their own.

    Returns:
        Row and column labels as index and columns, numbers as values; most first.

    >>> grid_of(pd.DataFrame({"a": ["x", "y"], "b": ["u", "u"], "n": [1, 2]}), "a", "b").values.tolist()
    [[2], [1]]
    """
    part = pairs[[rows, columns, "n"]].copy()
    for column, most in ((rows, most_rows), (columns, most_columns)):
        named = part[column].notna()
        sums = part[named].groupby(part[column][named])["n"].sum().sort_index().sort_values(ascending=False, kind="stable")
        kept = list(sums.index if len(sums) <= most + 1 else sums.index[:most])
        others = many(len(sums) - len(kept), "other")
        values = part[column].where(part[column].isin(kept) | ~named, others).astype(object).where(named, "not named")
        order = [*kept, *([others] if len(sums) > len(kept) else []), *(["not named"] if (~named).any() else [])]
        part[column] = pd.Categorical(values, categories=list(dict.fromkeys(order)))
    return part.pivot_table(index=rows, columns=columns, values="n", aggfunc="sum", fill_value=0, observed=True)


def plot_grid(grid: pd.DataFrame, *, what: str, ax: Axes | None = None) -> Axes:
    """A grid of numbers, the larger the darker.

    Args:
        grid: as `grid_of` returns it.
        what: what is counted, in the plural.
        ax: where to draw; a new figure if None.

    >>> plot_grid(pd.DataFrame({"u": [2, 1]}, index=["y", "x"]), what="statements").texts[0].get_text()
    '2'
    """
    with rc_context(STYLE):
        if grid.empty:
            return nothing(
                ax or Figure(figsize=(6.4, 1.2), layout="constrained").subplots(), f"no {what.removesuffix('s')} to show"
            )
        if ax is None:
            names = min(34, max(len(str(name)) for name in grid.index)) * 0.085
            heads = min(26, max(len(str(name)) for name in grid.columns)) * 0.07
            size = (0.6 + names + 0.52 * len(grid.columns) + 0.5, 0.35 + heads + SQUARE * len(grid))
            ax = Figure(figsize=(max(4.2, size[0]), size[1]), layout="constrained").subplots()
        most = int(grid.to_numpy().max())
        for (y, x), n in np.ndenumerate(grid.to_numpy()):
            strength = 0.12 + 0.88 * (n / most) ** 0.7 if n else 0.0
            ax.add_patch(Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=BLUE, alpha=strength, linewidth=0))
            colour = "#ffffff" if strength > 0.55 else INK if n else GRID
            ax.text(x, y, f"{n:,}" if n else "·", ha="center", va="center", color=colour, size=9)
        ax.set_xlim(-0.5, len(grid.columns) - 0.5)
        ax.set_ylim(len(grid) - 0.5, -0.5)
        ax.xaxis.tick_top()
        ax.set_xticks(
            range(len(grid.columns)), [label(n, limit=26) for n in grid.columns], rotation=40, ha="left", parse_math=False
        )
        ax.set_yticks(range(len(grid)), [label(n, limit=34) for n in grid.index], parse_math=False)
        ax.tick_params(length=0, labelsize=9)
        for spine in ax.spines.values():
            spine.set_visible(False)
        return ax


def grid_alt(grid: pd.DataFrame, *, what: str, top: int = 5) -> str:
    """What a grid shows, in words: its largest numbers.

    >>> grid_alt(pd.DataFrame({"u": [2, 1]}, index=["y", "x"]), what="Who quotes whom")
    'Grid of 2 rows and 1 column. Who quotes whom: y and u 2; x and u 1.'
    """
    if grid.empty:
        return f"Empty grid. {what}: there is nothing to show."
    pairs = grid.stack()
    pairs = pairs[pairs > 0].sort_values(ascending=False, kind="stable")
    read = [f"{one_line(a, limit=60)} and {one_line(b, limit=60)} {n:,}" for (a, b), n in list(pairs.items())[:top]]
    more = f"; {many(len(pairs) - top, 'more pair')} with {int(pairs.iloc[top:].sum()):,}" if len(pairs) > top else ""
    size = f"{many(len(grid), 'row')} and {many(len(grid.columns), 'column')}"
    return f"Grid of {size}. {capital(what)}: {'; '.join(read)}{more}."


def axis_alt(counted: pd.DataFrame, *, frequency: str = "month") -> str:
    """What `plot_on_one_axis` shows, in words.

    Args:
        counted: as `chronology.on_one_axis` returns it.
        frequency: what it was counted by.
    """
    if counted.empty:
        return "Empty chart. There is no statement and no event to show."
    dated = counted[counted["kind"] == "period"]
    read = [f"{row.period} {row.statements:,} and {row.happenings:,}" for row in dated.itertuples()]
    shown = read if len(read) <= 10 else [*read[:10], many(len(read) - 10, f"more {frequency}")]
    apart = [
        f"{kind} {int(part['statements'].sum()):,} and {int(part['happenings'].sum()):,}"
        for kind, part in (
            ("wider spans", counted[counted["kind"] == "wider"]),
            ("undated", counted[counted["kind"] == "undated"]),
        )
        if len(part)
    ]
    return f"Bar chart. Statements above and happenings below one axis, by {frequency}: {listed(shown + apart)}."


def types_alt(counted: pd.DataFrame) -> str:
    """What `plot_types` shows, in words.

    >>> types_alt(pd.DataFrame({"type": [], "n": []}))
    'Empty chart. Happenings by type: there is no event to show.'
    """
    if counted.empty:
        return "Empty chart. Happenings by type: there is no event to show."
    read = [f"{kind} {n:,}" for kind, n in zip(counted["type"], counted["n"], strict=True)]
    sums = {status: int(counted[status].sum()) for status in STATUSES}
    said = listed([f"{status} {n:,}" for status, n in sums.items() if n])
    return f"Bar chart. Happenings by type: {listed(read)}. By status: {said}."
