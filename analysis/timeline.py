"""Happenings -> a timeline: lanes of marks on a date axis, undated ones beside it.

Nothing is drawn over something else. Where all happenings of a lane have room, each has its mark and its words; where they
have not, the words are left out; where even the marks have none, marks of one place and kind become one with their number.
Lengths are inches: how much room words take can then be told before anything is drawn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from analysis.chronology import is_dated
from analysis.counts import span_label
from analysis.days import DayAxis
from analysis.findings import capital, listed, many, one_line
from analysis.plots import GRID, INK, QUIET, STYLE, label, nothing
from analysis.schema import QUAD_CLASSES

BLUE, GREEN, ORANGE, VERMILION, PAPER = "#0072b2", "#009e73", "#e69f00", "#d55e00", "#ffffff"
MARKS = dict(zip(QUAD_CLASSES, ((BLUE, "o"), (GREEN, "s"), (ORANGE, "^"), (VERMILION, "D")), strict=True))
SIZES = {"o": 7.5, "s": 7.0, "^": 8.5, "D": 6.5}  # points; these look equally large
LETTERS = {"occurred": "", "ongoing": "\u2026", "planned": "P", "considered": "C", "threatened": "T", "refused": "R"}
WIDTH, LANE_NAMES, RIGHT = 9.6, 1.55, 0.1
ROW, LANE_GAP, MARK, LETTER = 0.205, 0.09, 0.16, 0.066
WORDS = 34  # characters beside a mark
MOST_HEIGHTS = (13.0, 9.0)  # of all lanes; above the first the words go, above the second the single marks
BIN = 0.42  # room of a mark with a number


class Layout(NamedTuple):
    """Where everything stands.

    Attributes:
        marks: one row a mark: `lane`, `row` (of its lane, from the top), `x`, `end` (of its bar; NaN without), `open_left`,
            `open_right`, `dated`, `quad_class`, `happened`, `inferred`, `words`, `n`.
        lanes: one row a lane: `lane`, `real` and `unreal` (rows for what happened and what has not), `top`, `height`.
        axis: days to inches; None where nothing is dated.
        undated: where the part for undated marks begins and ends; None where there are none.
        n_undated: how many happenings have no date.
        level: 0 marks with words, 1 marks, 2 marks with numbers.
    """

    marks: pd.DataFrame
    lanes: pd.DataFrame
    axis: DayAxis | None
    undated: tuple[float, float] | None
    n_undated: int
    level: int


def layout(laned: pd.DataFrame, *, width: float = WIDTH) -> Layout:
    """Places for all marks of a timeline.

    Args:
        laned: as `chronology.lanes` returns them.
        width: of the figure, in inches.

    Returns:
        The layout with the most words whose lanes are not higher than `MOST_HEIGHTS` allows.

    >>> from analysis.chronology import lanes, merge
    >>> from analysis.schema import table
    >>> layout(lanes(merge(table("events").assign(outlet="")))).level
    0
    """
    for level, most in enumerate((*MOST_HEIGHTS, np.inf)):
        made = _layout(laned, width, level)
        if made.lanes["height"].sum() <= most:
            break
    return made


def _layout(laned: pd.DataFrame, width: float, level: int) -> Layout:
    dated = is_dated(laned).to_numpy()
    room = width - LANE_NAMES - RIGHT
    share = 0.0 if not dated.any() else 1.0 if dated.all() else float(np.clip(dated.mean() * 1.1, 0.46, 0.74))
    if level == 2 and 0 < share < 1:
        share = 0.88
    edge = LANE_NAMES + share * room
    axis = DayAxis(laned[dated], left=LANE_NAMES + 0.05, right=edge - 0.05) if share else None
    undated = (edge + (0.18 if share else 0.0), width - RIGHT) if share < 1 else None
    marks = _marks(laned, dated, axis, level)
    rows, lanes, top = [], [], 0.0
    for lane, part in marks.groupby("lane", sort=False):
        heights: list[int] = []
        for real in (True, False):
            track = part[part["happened"] == real]
            placed, deep = _stack(track, undated, edge)
            rows.append(placed.assign(row=placed["row"] + (heights[0] if heights else 0)))
            heights.append(deep)
        height = ROW * max(1, sum(heights)) + LANE_GAP
        lanes.append((lane, *heights, top, height))
        top += height
    columns = ["lane", "real", "unreal", "top", "height"]
    placed = pd.concat(rows, ignore_index=True) if rows else marks.assign(row=0)
    n_undated = int(laned.loc[~dated, "key"].nunique())
    return Layout(placed, pd.DataFrame(lanes, columns=columns), axis, undated, n_undated, level)


def _marks(laned: pd.DataFrame, dated: np.ndarray, axis: DayAxis | None, level: int) -> pd.DataFrame:
    """One row a mark, without its row: `x`, `end`, `words`, `room` (what it takes to its right)."""
    marks = laned[["lane", "quad_class", "happened", "inferred", "status", "articles"]].copy()
    marks["dated"], marks["n"] = dated, 1
    start, end = laned["date_start"].to_numpy(), laned["date_end"].to_numpy()
    marks["open_left"], marks["open_right"] = np.isnat(start) & dated, np.isnat(end) & dated
    marks["x"] = marks["end"] = np.nan
    if axis is not None:
        left, right = axis.bars(start[dated], end[dated])
        long = (right - left > MARK) | marks.loc[dated, ["open_left", "open_right"]].any(axis=1).to_numpy()
        marks.loc[dated, "x"] = np.where(long, left + MARK / 2, (left + right) / 2)
        marks.loc[dated, "end"] = np.where(long, right, np.nan)
    if level == 2:
        return _binned(marks, axis)
    if level == 0:
        status = np.where(laned["status"] == "occurred", "", laned["status"] + ": ")
        reports = ["" if n < 2 else f" ×{n}" for n in laned["articles"]]
        words = [label(what, limit=WORDS) for what in laned["what"]]
        marks["words"] = [f"{a}{b}{c}" for a, b, c in zip(status, words, reports, strict=True)]
    else:
        marks["words"] = laned["status"].map(LETTERS)
    return marks


def _binned(marks: pd.DataFrame, axis: DayAxis | None) -> pd.DataFrame:
    """Marks of one lane, place and kind as one, with their number."""
    bins = np.concatenate([_bins(facet.left, facet.right) for facet in axis.facets]) if axis is not None else np.zeros(1)
    place = np.where(marks["dated"], np.searchsorted(bins, marks["x"].to_numpy(), side="right") - 1, -1)
    keys = ["lane", "dated", "place", "happened", "quad_class"]
    grouped = marks.assign(place=place).groupby(keys, sort=False)
    found = grouped.agg(inferred=("inferred", "all"), n=("n", "sum")).reset_index()
    found["x"] = np.where(found["dated"], bins[found["place"].clip(lower=0)] + MARK / 2 + 0.02, np.nan)
    order = {quad: number for number, quad in enumerate(QUAD_CLASSES)}
    lanes = {lane: number for number, lane in enumerate(dict.fromkeys(marks["lane"]))}
    found = found.iloc[np.lexsort((found["quad_class"].map(order), found["place"], found["lane"].map(lanes)))]
    words = [f"{n:,}" for n in found["n"]]
    return found.assign(end=np.nan, open_left=False, open_right=False, status="occurred", articles=1, words=words)


def _bins(left: float, right: float) -> np.ndarray:
    """Left edges of places of equal room between two edges."""
    return np.linspace(left, right, max(1, int((right - left) / BIN)), endpoint=False)


def _stack(track: pd.DataFrame, undated: tuple[float, float] | None, edge: float) -> tuple[pd.DataFrame, int]:
    """A row for every mark of a track so that none touches another, where its words stand, and how many rows that takes."""
    ends: list[float] = []
    placed = []
    at, row = (undated[0] if undated else 0.0), 0
    for x, bar, dated, words in zip(track["x"], track["end"], track["dated"], track["words"], strict=True):
        wide = len(words) * LETTER
        if dated:
            left, after, side, words = _beside(x, bar, words, edge)
            number = next((i for i, taken in enumerate(ends) if taken <= left), len(ends))
            ends[number : number + 1] = [after]
            placed.append((number, x, side, words))
            continue
        assert undated is not None
        words = label(words, limit=max(1, int((undated[1] - undated[0] - MARK) / LETTER)))
        wide = len(words) * LETTER
        if at + MARK + wide > undated[1] and at > undated[0]:
            at, row = undated[0], row + 1
        placed.append((row, at + MARK / 2, "right", words))
        at += MARK + wide + 0.09
    deep = max((number for number, *_ in placed), default=-1) + 1
    columns = ["row", "x", "side", "words"]
    return track.drop(columns=["x", "words"]).join(pd.DataFrame(placed, columns=columns, index=track.index)), deep


def _beside(x: float, bar: float, words: str, edge: float) -> tuple[float, float, str, str]:
    """Left and right end of a dated mark with its words, on which side they stand, and the words, cut where they must be."""
    left, right = x - MARK / 2, x + MARK / 2
    wide = len(words) * LETTER
    if bar == bar:
        # Words stand inside a bar that is long enough, else behind it.
        after = bar + 0.06 if bar - right > wide else bar + 0.1 + wide
        side = "inside" if bar - right > wide else "behind"
        right = bar
    else:
        after, side = right + wide + 0.09, "right"
    if after <= edge or not words:
        return left, min(after, edge), side, words
    if left - wide - 0.12 > LANE_NAMES:
        return left - wide - 0.12, right + 0.04, "left", words
    fits = int((edge - x - MARK / 2 - 0.1) / LETTER)
    return left, edge, "inside" if bar == bar else "right", label(words, limit=max(fits, 1))


# ------------------------------------------------------------------ drawing


def plot_timeline(laned: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Happenings on a date axis, by lane; those without a date at the right.

    Colour and shape tell the quad class. A filled mark has its date in the text in full, a hollow one has it inferred; a bar
    is an interval. What has not happened, or not yet, stands on a shaded track, with its status.

    Args:
        laned: as `chronology.lanes` returns them.
        ax: where to draw; a new figure, as high as its lanes need, if None.

    Returns:
        The Axes; its data coordinates are inches, from the top.

    >>> from analysis.chronology import lanes, merge
    >>> from analysis.schema import table
    >>> plot_timeline(lanes(merge(table("events").assign(outlet="")))).texts[0].get_text()
    'no event to show'
    """
    with rc_context(STYLE):
        if laned.empty:
            return nothing(ax or Figure(figsize=(6.4, 1.2), layout="constrained").subplots(), "no event to show")
        made = layout(laned)
        head, foot = 0.62, 0.5 if made.axis is not None else 0.08
        height = head + float(made.lanes["height"].sum()) + foot
        if ax is None:
            ax = Figure(figsize=(WIDTH, height)).add_axes((0, 0, 1, 1))
        ax.set_axis_off()
        ax.set_xlim(0, WIDTH)
        ax.set_ylim(height - head, -head)
        _draw_lanes(ax, made)
        _draw_axis(ax, made)
        _draw_marks(ax, made)
        _draw_key(ax, made, head)
        return ax


def _draw_lanes(ax: Axes, made: Layout) -> None:
    for lane in made.lanes.itertuples():
        bottom = lane.top + lane.height
        ax.plot([0, WIDTH - RIGHT], [bottom, bottom], color=GRID, linewidth=0.8)
        if lane.unreal:
            top = lane.top + ROW * lane.real + LANE_GAP / 2
            ax.add_patch(
                Rectangle(
                    (LANE_NAMES, top), WIDTH - RIGHT - LANE_NAMES, ROW * lane.unreal, facecolor=GRID, alpha=0.42, linewidth=0
                )
            )
        ax.text(
            0, lane.top + LANE_GAP / 2 + ROW / 2, label(lane.lane, limit=21), va="center", size=9, color=INK, parse_math=False,
            weight="bold",
        )  # fmt: skip


def _draw_axis(ax: Axes, made: Layout) -> None:
    bottom = float(made.lanes["height"].sum())
    if made.axis is not None:
        axis = made.axis
        for centre, half, words in axis.breaks():
            ax.add_patch(
                Rectangle((centre - half, 0), 2 * half, bottom, facecolor="none", edgecolor=GRID, hatch="/////", linewidth=0)
            )
            if bottom > 1:
                ax.text(centre, 0.05, words, size=7.5, color=QUIET, rotation=90, ha="center", va="top", parse_math=False)
        for facet in axis.facets:
            ax.plot([facet.left, facet.right], [bottom, bottom], color=QUIET, linewidth=1.2)
        for x, words in axis.ticks():
            ax.plot([x, x], [0, bottom], color=GRID, linewidth=0.6, zorder=0)
            ax.plot([x, x], [bottom, bottom + 0.05], color=QUIET, linewidth=0.8)
            ax.text(x, bottom + 0.13, words, size=8, ha="center", va="center", color=INK, parse_math=False)
        for x, words in axis.headings():
            ax.text(x, bottom + 0.32, words, size=9, ha="center", va="center", color=INK, weight="bold", parse_math=False)
    if made.undated is not None:
        words = f"{made.n_undated:,} undated"
        left = made.undated[0] - 0.09
        if made.axis is not None:
            ax.plot([left, left], [-0.16, bottom], color=QUIET, linewidth=0.8, linestyle=(0, (1, 2)))
        ax.text(WIDTH - RIGHT, -0.1, words, size=9, va="center", ha="right", color=QUIET, parse_math=False)


def _draw_marks(ax: Axes, made: Layout) -> None:
    tops = dict(zip(made.lanes["lane"], made.lanes["top"], strict=True))
    for mark in made.marks.itertuples():
        y = tops[mark.lane] + LANE_GAP / 2 + ROW * (mark.row + 0.5)
        colour, shape = MARKS[mark.quad_class]
        if mark.end == mark.end:
            _draw_bar(ax, mark.x, mark.end, y, colour, mark)
        fill = PAPER if mark.inferred else colour
        size = SIZES[shape] * (1 + 0.16 * np.log10(mark.n))
        ax.plot([mark.x], [y], marker=shape, markersize=size, color=colour, markerfacecolor=fill, markeredgewidth=1.4, zorder=3)
        if mark.words:
            x = {"left": mark.x - MARK / 2 - 0.04, "behind": mark.end + 0.07}.get(mark.side, mark.x + MARK / 2 + 0.03)
            side = "right" if mark.side == "left" else "left"
            ax.text(x, y, mark.words, size=7.6, va="center", ha=side, color=INK, parse_math=False, zorder=4)


def _draw_bar(ax: Axes, x: float, end: float, y: float, colour: str, mark: object) -> None:
    """The bar of an interval; dashed where its days are inferred, with an arrow where it has no end."""
    left = x - MARK / 2
    dash = (0, (3, 2)) if mark.inferred else "solid"  # type: ignore[attr-defined]
    box = FancyBboxPatch(
        (left, y - 0.075),
        end - left,
        0.15,
        boxstyle="round,pad=0,rounding_size=0.05",
        facecolor=colour,
        alpha=0.22,
        linewidth=0,
    )
    ax.add_patch(box)
    ax.plot([left, end], [y + 0.075, y + 0.075], color=colour, linewidth=1.2, linestyle=dash, zorder=2)
    if mark.open_right:  # type: ignore[attr-defined]
        ax.plot([end], [y], marker=">", markersize=5, color=colour, zorder=3)
    if mark.open_left:  # type: ignore[attr-defined]
        ax.plot([left - 0.04], [y], marker="<", markersize=5, color=colour, zorder=3)


def _draw_key(ax: Axes, made: Layout, head: float) -> None:
    """What the marks mean, in one line above the lanes, and in a second one what else occurs."""
    x, y = LANE_NAMES, -head + 0.13
    present = [quad for quad in QUAD_CLASSES if (made.marks["quad_class"] == quad).any()]
    for quad in present:
        colour, shape = MARKS[quad]
        ax.plot([x + MARK / 2], [y], marker=shape, markersize=SIZES[shape], color=colour, linestyle="none")
        ax.text(x + MARK + 0.05, y, quad, size=8.5, va="center", color=INK)
        x += MARK + 0.05 + len(quad) * 0.072 + 0.22
    x, y = LANE_NAMES, y + 0.21
    dated = made.marks[made.marks["dated"]]
    if dated["inferred"].any():
        ax.plot([x + MARK / 2], [y], marker="o", markersize=7, color=QUIET, markerfacecolor=PAPER, markeredgewidth=1.4)
        x = _key_words(ax, x + MARK + 0.05, y, "date inferred")
    if not dated["inferred"].all():
        ax.plot([x + MARK / 2], [y], marker="o", markersize=7, color=QUIET)
        x = _key_words(ax, x + MARK + 0.05, y, "date in the text")
    if (~made.marks["happened"]).any():
        ax.add_patch(Rectangle((x, y - 0.075), 0.26, 0.15, facecolor=GRID, alpha=0.6, linewidth=0))
        letters = "P planned, C considered, T threatened, R refused" if made.level == 1 else "has not happened, or not yet"
        x = _key_words(ax, x + 0.31, y, letters)
    if made.level == 0 and made.marks["words"].str.contains(" ×", regex=False).any():
        x = _key_words(ax, x, y, "×2: in two articles")
    if made.level == 2:
        _key_words(ax, x, y, "numbers: happenings in one mark")


def _key_words(ax: Axes, x: float, y: float, words: str) -> float:
    ax.text(x, y, words, size=8.5, va="center", color=INK, parse_math=False)
    return x + len(words) * 0.068 + 0.2


def alt_text(laned: pd.DataFrame, *, what: str = "Events") -> str:
    """What a timeline shows, in words, for readers who do not see it.

    Args:
        laned: as `chronology.lanes` returns them.
        what: what they are.

    >>> from analysis.chronology import lanes, merge
    >>> from analysis.schema import table
    >>> alt_text(lanes(merge(table("events").assign(outlet=""))))
    'Empty timeline. Events: there is no event to show.'
    """
    if laned.empty:
        return f"Empty timeline. {what}: there is no event to show."
    single = laned.drop_duplicates("key")
    dated = single[is_dated(single)]
    parts = [f"Timeline. {what}: {many(len(single), 'happening')}"]
    if len(dated):
        first, last = dated["date_start"].fillna(dated["date_end"]).min(), dated["date_end"].fillna(dated["date_start"]).max()
        parts[0] += f", {len(dated):,} of them dated, {span_label(first.to_numpy(), last.to_numpy())}"
    if len(single) > len(dated):
        parts[0] += f", {len(single) - len(dated):,} undated"
    quads = single["quad_class"].value_counts()
    parts.append(capital(listed([f"{quad} {int(quads[quad]):,}" for quad in QUAD_CLASSES if quad in quads])))
    unreal = int((~single["happened"]).sum())
    parts.append(f"{capital(many(unreal, 'of them has', 'of them have'))} not happened, or not yet")
    counted = laned["lane"].value_counts(sort=False)
    lanes = [f"{one_line(lane, limit=60)} {n:,}" for lane, n in counted.items()]
    parts.append(f"By lane: {listed(lanes)}")
    return ". ".join(parts) + "."
