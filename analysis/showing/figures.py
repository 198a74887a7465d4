"""Figures and small tables -> HTML: a scalable image with its words, and its numbers under it."""

from __future__ import annotations

import base64
import io
import warnings
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from analysis.counts import span_label
from analysis.findings import many, one_line, plain, visible
from analysis.showing.grid import View, plain_values, table_html
from analysis.showing.markup import Shown, sentence_html, text_html

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Colours of a figure and what they become: names of colours, so that a figure follows the reader's light or dark setting.
FIGURE_COLOURS = {
    "#1d1f24": ("ink", "#e8e6e1"),
    "#5f646d": ("quiet", "#a9adb5"),
    "#d5d3cc": ("grid", "#3a3d44"),
    "#0072b2": ("blue", "#56b4e9"),
    "#e69f00": ("orange", "#f0b83c"),
    "#d55e00": ("vermilion", "#ff8a4c"),
    "#009e73": ("green", "#35c29a"),
    "#9a9da3": ("grey", "#7d828b"),
    "#ffffff": ("paper", "#17191d"),
}
MOST_NUMBERS = 40  # rows of numbers that stand under a figure as they are; more get a search
MOST_TEXT_ROWS, MOST_TEXT_CELL = 12, 40  # of the numbers in the text of a figure
FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def figure(
    ax: Axes, *, alt: str, caption: str, numbers: pd.DataFrame | None = None, label: str = "The numbers", wide: bool = False
) -> Shown:
    """A figure as scalable image with its alternative text, caption, and a table of its numbers.

    Args:
        ax: what plots.py or timeline.py returns.
        alt: what the figure shows, from an `alt_text` of these.
        caption: what it is.
        numbers: the table that was drawn.
        label: what opens that table.
        wide: let it take the width of the page; on a narrow screen it can then be moved sideways.

    Returns:
        Shown; its text is the alternative text and the first of the numbers.

    Raises:
        ValueError: no alternative text.
    """
    if not alt.strip():
        raise ValueError("a figure needs an alternative text; plots.alt_text makes one from the table")
    drawn = figure_svg(ax)
    width, height = (round(96 * side) for side in ax.figure.get_size_inches())  # type: ignore[union-attr]
    table = Markup("")
    if numbers is not None and len(numbers):
        table = Markup("<details><summary>{}</summary>{}</details>").format(label, numbers_html(numbers, caption=caption))
    image = Markup('<img src="data:image/svg+xml;base64,{}" width="{}" height="{}" alt="{}">').format(
        base64.b64encode(drawn.encode()).decode(), width, height, visible(alt)
    )
    if wide:
        holder = Markup('<div class="scroll" role="region" aria-label="{}" tabindex="0">{}</div>')
        image = holder.format(f"Figure: {plain(caption)}", image)
    html = Markup("<figure{}>{}<figcaption>{}</figcaption>{}</figure>").format(
        Markup(' class="wide"') if wide else Markup(""), image, sentence_html(caption), table
    )
    return Shown(html, "\n".join([alt, *(text_table(numbers) if numbers is not None and len(numbers) else [])]))


def text_table(frame: pd.DataFrame, *, rows: int = MOST_TEXT_ROWS, cell: int = MOST_TEXT_CELL) -> list[str]:
    """The first rows of a table as lines of text, for terminals and for the outputs that notebooks keep.

    >>> print(*text_table(pd.DataFrame({"speaker": ["Ada", None], "n": [3, 1]})), sep="\\n")
    speaker  n
    Ada      3
    none     1
    """
    cells = [[str(column).replace("_", " ") for column in frame]]
    shown = [_shown_values(frame[column][:rows]) for column in frame]
    cells += [[one_line(value, limit=cell) or "none" for value in row] for row in zip(*shown, strict=True)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    more = len(frame) - rows
    return [*lines, f"and {many(more, 'more row')}"] if more > 0 else lines


def figure_svg(ax: Axes) -> str:
    """The figure of an Axes as SVG with real text, in colours that follow a light or dark setting."""
    from matplotlib import rc_context

    buffer = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "attest", "text.parse_math": False}), warnings.catch_warnings():
        # A letter that this computer's font lacks is drawn with the reader's: the text stays text.
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        unknown = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        ax.figure.savefig(buffer, format="svg", transparent=True, metadata=unknown)  # type: ignore[union-attr]
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :].replace("'DejaVu Sans'", FONTS)
    for colour, (name, _) in FIGURE_COLOURS.items():
        svg = svg.replace(f": {colour}", f": var(--{name})").replace(f'fill="{colour}"', f'style="fill: var(--{name})"')
    light = ";".join(f"--{name}:{colour}" for colour, (name, _) in FIGURE_COLOURS.items())
    dark = ";".join(f"--{name}:{other}" for name, other in FIGURE_COLOURS.values())
    style = f"<style>:root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"
    end = svg.index(">") + 1
    return svg[:end] + style + svg[end:]


def numbers_html(frame: pd.DataFrame, *, caption: str) -> Markup:
    """A table of numbers as HTML, every row of it; a long one can be searched and sorted."""
    if len(frame) > MOST_NUMBERS:
        columns = {str(column): _grid_values(frame[column]) for column in frame}
        views = [View(name.replace("_", " "), name, kind=_kind(frame[name]), head=not i) for i, name in enumerate(columns)]
        return table_html("rows", columns, {}, views, caption=plain(caption))
    heads = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_numeric(frame[column]), str(column).replace("_", " ")) for column in frame
    )
    lines = []
    for row in zip(*(_shown_values(frame[column]) for column in frame), strict=True):
        cells = Markup("").join(
            Markup("<td{}>{}</td>").format(_numeric(frame[column]), _cell(value, numeric=bool(_numeric(frame[column]))))
            for column, value in zip(frame, row, strict=True)
        )
        lines.append(Markup("<tr>{}</tr>").format(cells))
    return Markup(
        '<div class="scroll" role="region" aria-label="{}" tabindex="0"><table class="numbers"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(plain(caption), sentence_html(caption), heads, Markup("").join(lines))


def _cell(value: str, *, numeric: bool) -> Markup | str:
    """A value as it stands in a cell; figures, which this program wrote, need no isolation."""
    if not value:
        return Markup('<span class="none">none</span>')
    return value if numeric else text_html(value)


def _kind(series: pd.Series) -> str:
    return "number" if _numeric(series) else "text"


def _grid_values(series: pd.Series) -> list[object]:
    """Values for the table with a search: lists and truth values as they are written, numbers as numbers."""
    if pd.api.types.is_datetime64_any_dtype(series) or (_numeric(series) and series.dtype.kind in "iu"):
        return plain_values(series)
    return [value or None for value in _shown_values(series)]


def _numeric(series: pd.Series) -> Markup:
    numeric = pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series)
    return Markup(' class="number"') if numeric else Markup("")


def _shown_values(series: pd.Series) -> list[str]:
    if pd.api.types.is_datetime64_any_dtype(series):
        return [span_label(day, day) if day == day else "" for day in series.to_numpy()]
    if pd.api.types.is_bool_dtype(series):
        return ["yes" if value else "no" for value in series]
    if pd.api.types.is_numeric_dtype(series):
        return [f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" for value in series.tolist()]
    return [_written(value) for value in series]


def _written(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(inner) for inner in value)
    return "" if value is None or value != value else str(value)
