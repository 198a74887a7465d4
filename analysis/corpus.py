"""What a corpus holds: its articles counted by date, outlet, length and language, and how their dates are known."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.counts import by_period, date_reasons, first_reasons, name_reasons, typed_frame
from analysis.schema import DATE_BASES

LENGTHS = (0, 100, 200, 300, 400, 500, 750, 1_000, 1_500, 2_000, 5_000, 10_000)  # least words of each bar but the last


def with_rows(articles: pd.DataFrame, statements: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Articles with how many rows of the other tables they gave.

    Returns:
        The articles, in their order, with `n_statements` and `n_events` (int64), and `date_start` and `date_end`, both the
        day of publication, or else the reference date that the researcher or the text gives.

    >>> from analysis.schema import table
    >>> with_rows(table("articles"), table("statements"), table("events")).columns[-1]
    'date_end'
    """
    joined = articles.copy()
    for name, rows in (("n_statements", statements), ("n_events", events)):
        joined[name] = articles["article_id"].map(rows["article_id"].value_counts()).fillna(0).astype("int64")
    joined["date_start"] = joined["date_end"] = articles["published"].fillna(articles["reference_date"])
    return joined


def filter_articles(
    articles: pd.DataFrame, *, since: object = None, until: object = None, outlets: str | Iterable[str] | None = ()
) -> pd.DataFrame:
    """The articles that meet every condition, in their order.

    Args:
        articles: as `with_rows` returns them.
        since, until: first and last day; with either, articles without a day are left out.
        outlets: outlets to keep; empty keeps all.
    """
    reasons = _reasons(articles, since, until, outlets)
    gone = np.logical_or.reduce([mask for _, mask in reasons]) if reasons else np.zeros(len(articles), dtype=bool)
    return articles[~gone].copy()


def left_out(
    articles: pd.DataFrame, *, since: object = None, until: object = None, outlets: str | Iterable[str] | None = ()
) -> pd.DataFrame:
    """How many articles `filter_articles` leaves out with the same arguments; columns `reason` and `n`."""
    return first_reasons(_reasons(articles, since, until, outlets))


def _reasons(
    articles: pd.DataFrame, since: object, until: object, outlets: str | Iterable[str] | None
) -> list[tuple[str, np.ndarray]]:
    dates = date_reasons(articles["date_start"], articles["date_end"], since, until)
    return [*name_reasons(articles, "outlet", outlets), *dates]


def by_outlet(articles: pd.DataFrame) -> pd.DataFrame:
    """Articles counted by outlet.

    Args:
        articles: as `with_rows` returns them.

    Returns:
        Columns `outlet`, `n`, `words`, `statements`, `events`; most articles first, those without an outlet (NA) last.

    >>> from analysis.schema import table
    >>> by_outlet(with_rows(table("articles"), table("statements"), table("events"))).columns.tolist()
    ['outlet', 'n', 'words', 'statements', 'events']
    """
    groups = articles.groupby("outlet", dropna=False, sort=False)
    counted = pd.DataFrame({"n": groups.size(), "words": groups["n_words"].sum(), "statements": groups["n_statements"].sum()})
    counted = counted.assign(events=groups["n_events"].sum()).reset_index()
    counted["missing"] = counted["outlet"].isna()
    counted = counted.sort_values(["missing", "n", "outlet"], ascending=[True, False, True], ignore_index=True)
    numbers = dict.fromkeys(("n", "words", "statements", "events"), "int64")
    return counted.drop(columns="missing").astype({"outlet": "str", **numbers})


def by_length(articles: pd.DataFrame) -> pd.DataFrame:
    """Articles counted by how many words they have.

    Returns:
        Columns `words` (a range, as words) and `n`; the ranges from that of the shortest to that of the longest.

    >>> by_length(pd.DataFrame({"n_words": [20, 350]}))["words"].tolist()
    ['under 100', '100 to 199', '200 to 299', '300 to 399']
    """
    if articles.empty:
        return typed_frame([], words="str", n="int64")
    place = np.searchsorted(np.array(LENGTHS), articles["n_words"].to_numpy(), side="right") - 1
    rows = [(_range(i), int((place == i).sum())) for i in range(place.min(), place.max() + 1)]
    return typed_frame(rows, words="str", n="int64")


def _range(i: int) -> str:
    if i == 0:
        return f"under {LENGTHS[1]}"
    if i + 1 == len(LENGTHS):
        return f"{LENGTHS[i]:,} or more"
    return f"{LENGTHS[i]:,} to {LENGTHS[i + 1] - 1:,}"


def by_dates(articles: pd.DataFrame) -> pd.DataFrame:
    """Articles counted by how their day of publication and their reference date are known.

    Returns:
        Columns `published`, `reference` (where each comes from) and `n`, most first.

    >>> by_dates(pd.DataFrame({"published_basis": ["text"], "reference_basis": ["published"]})).values.tolist()
    [['text', 'published', 1]]
    """
    pairs = articles.groupby(["published_basis", "reference_basis"]).size()
    rows = [(published, reference, int(n)) for (published, reference), n in pairs.items()]
    counted = typed_frame(rows, published="str", reference="str", n="int64")
    return counted.sort_values(["n", "published", "reference"], ascending=[False, True, True], ignore_index=True)


def by_row_dates(statements: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Statements and events counted by how their dates are known.

    Returns:
        Columns `date_basis`, `statements`, `events`; in the order of the bases, those that occur.

    >>> from analysis.schema import table
    >>> len(by_row_dates(table("statements"), table("events")))
    0
    """
    sums = [rows["date_basis"].value_counts() for rows in (statements, events)]
    rows = [(basis, *(int(counted.get(basis, 0)) for counted in sums)) for basis in DATE_BASES]
    return typed_frame([row for row in rows if any(row[1:])], date_basis="str", statements="int64", events="int64")


def by_value(articles: pd.DataFrame, column: str) -> pd.DataFrame:
    """Articles counted by language or format.

    Returns:
        The column and `n`, most first; a missing value is NA.

    >>> by_value(pd.DataFrame({"language": ["en", "en", "fr"]}), "language")["n"].tolist()
    [2, 1]
    """
    counted = articles[column].astype("str").value_counts(dropna=False).rename("n").rename_axis(column).reset_index()
    return counted.sort_values(["n", column], ascending=[False, True], ignore_index=True).astype({"n": "int64"})


def over_time(articles: pd.DataFrame, *, frequency: str = "month") -> pd.DataFrame:
    """Articles counted by the period of their day; see `counts.by_period`.

    Args:
        articles: as `with_rows` returns them.
        frequency: day, week, month, quarter or year.
    """
    return by_period(articles, frequency=frequency)
