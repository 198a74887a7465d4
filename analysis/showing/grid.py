"""Rows -> a table in a page that can be searched, sorted, filtered and saved as CSV, complete, without a library.

The whole table is in the page as data. Its first rows stand there as HTML; a script makes the others when they are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from markupsafe import Markup

from analysis.showing.markup import json_html, text_html

FIRST_ROWS = 8  # rows of a long table that stand in the page as HTML, for readers without the script


class View(NamedTuple):
    """One column that a reader sees, made from columns of the table.

    Attributes:
        label: its head.
        main: the column with the value; "words" for the marked sentence.
        sub: columns with what is said below it, in small.
        sort: the column that it is sorted by, if not `main`.
        filter: the column whose values a reader may choose from, if any.
        kind: text, number or words.
        head: whether it names the row.
        missing: what stands there where there is no value.
    """

    label: str
    main: str
    sub: tuple[str, ...] = ()
    sort: str | None = None
    filter: str | None = None
    kind: str = "text"
    head: bool = False
    missing: str = "none"


def plain_values(series: pd.Series) -> list[Any]:
    """Values as JSON knows them: dates as ISO days, missing ones as None."""
    if pd.api.types.is_datetime64_any_dtype(series):
        days = series.to_numpy().astype("datetime64[D]")
        return [None if missing else str(day) for day, missing in zip(days, np.isnat(days), strict=True)]
    values = series.tolist()
    return [None if not isinstance(value, list) and value != value else value for value in values]


def _coded_column(values: list[Any]) -> dict[str, Any]:
    """A column as its values, or, where they repeat, as its different values (v) and their numbers (c)."""
    if values and all(isinstance(value, str) or value is None for value in values):
        different = list(dict.fromkeys(values))
        if len(different) <= len(values) / 2:
            number = {value: i for i, value in enumerate(different)}
            return {"v": different, "c": [number[value] for value in values]}
    return {"v": values}


def table_html(
    name: str,
    columns: Mapping[str, list[Any]],
    extra: Mapping[str, list[Any]],
    views: Sequence[View],
    *,
    caption: str,
    words: Sequence[Markup] = (),
    more: Mapping[str, Any] | None = None,
) -> Markup:
    """A table for the script: all columns as data, the first rows as HTML.

    Args:
        name: of the CSV file, and what its rows are.
        columns: the complete table, by column; what the CSV file holds.
        extra: what is shown beside it.
        views: the columns that a reader sees.
        caption: what the table holds.
        words: the marked words of the first rows.
        more: what the script needs to mark words: details, roles, articles; and which columns are floats.
    """
    n = len(next(iter(columns.values())))
    given = {"floats": (), "details": {}, "roles": (), "articles": [], **(more or {})}
    data = {
        **given,
        "name": name,
        "n": n,
        "details": [{"label": label, "key": key} for label, key in given["details"].items()],
        "columns": {key: _coded_column(values) for key, values in columns.items()},
        "extra": {key: _coded_column(values) for key, values in extra.items()},
        "view": [view._asdict() for view in views],
    }
    values = {**columns, **extra}
    lines = Markup("").join(
        _line_html({key: values[key][i] for key in values}, views, words[i : i + 1]) for i in range(min(n, FIRST_ROWS))
    )
    heads = Markup("").join(
        Markup('<th scope="col" role="columnheader" class="{}">{}</th>').format(view.kind, view.label) for view in views
    )
    first = (
        Markup('<noscript><p class="status">The first {} of {:,} rows.</p></noscript>').format(FIRST_ROWS, n)
        if n > FIRST_ROWS
        else ""
    )
    legend = Markup(" ").join(Markup('<mark class="{}">{}</mark>').format(role, role) for role in given["roles"])
    return Markup(
        '<div class="attest-table">{legend}<div class="tools"></div>{first}'
        '<div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table role="table"><caption>{caption}</caption>'
        '<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{lines}</tbody></table></div>'
        '<script type="application/json">{data}</script></div>'
    ).format(
        caption=caption,
        legend=Markup('<p class="legend">{}</p>').format(legend) if legend else "",
        first=first,
        heads=heads,
        lines=lines,
        data=json_html(data),
    )


def _line_html(values: Mapping[str, Any], views: Sequence[View], words: Sequence[Markup]) -> Markup:
    """One row as HTML; the script puts a row with more in its place."""
    cells = []
    for view in views:
        body = words[0] if view.kind == "words" else _value_html(values[view.main], view)
        sub = [values[key] for key in view.sub if values[key] is not None]
        below = Markup(' <span class="sub">{}</span>').format(Markup(" · ").join(text_html(s) for s in sub)) if sub else ""
        name = "th" if view.head else "td"
        scope = Markup(' scope="row"') if view.head else ""
        kind = Markup(' class="{}"').format(view.kind) if view.kind != "text" else ""
        cells.append(Markup("<{}{}{}>{}{}</{}>").format(name, kind, scope, body, below, name))
    return Markup('<tr class="row">{}</tr>').format(Markup("").join(cells))


def _value_html(value: object, view: View) -> Markup:
    if value is None:
        return Markup('<span class="none">{}</span>').format(view.missing)
    return text_html(f"{value:.2f}" if isinstance(value, float) else value)
