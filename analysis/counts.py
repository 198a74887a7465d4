"""Count and join: statements with their articles, filtered, by speaker, period, act and outlet. Tables in, tidy tables out.

No function changes the frame it is given. What a filter leaves out and what has no date is counted, never dropped in silence.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.parameters import FREQUENCIES, ChoiceError, as_day, as_names, choose, fold
from analysis.schema import ACTS, NOT_STATEMENTS, QUOTE_TYPES

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ARTICLE_COLUMNS = ("title", "outlet", "url", "published")
MONDAY = np.datetime64("0001-01-01", "D")  # a Monday in the calendar that all dates are written in


def join_articles(statements: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Statements with the title, outlet, url and publication date of their articles.

    Args:
        statements: the statements table.
        articles: the articles table.

    Returns:
        The statements, in their order, with the columns `title`, `outlet`, `url`, `published` added, and
        `date_from_researcher` (bool): the date rests on a date that the researcher supplied and the article does not state.

    >>> from analysis.schema import table
    >>> join_articles(table("statements"), table("articles")).columns[-1]
    'date_from_researcher'
    """
    known = articles.set_index("article_id")
    joined = statements.copy()
    for column in ARTICLE_COLUMNS:
        joined[column] = known[column].reindex(joined["article_id"]).set_axis(joined.index)
    reference = known["reference_basis"] == "researcher"
    supplied = (known["published_basis"] == "researcher") | (known["published"].isna() & reference)
    basis, article = joined["date_basis"].to_numpy(), joined["article_id"]
    dated_by_article = supplied.reindex(article, fill_value=False).to_numpy() & (basis == "article")
    resolved = (supplied | reference).reindex(article, fill_value=False).to_numpy() & np.isin(basis, ("resolved", "context"))
    joined["date_from_researcher"] = (dated_by_article | resolved).astype(bool)
    return joined


def filter_statements(
    statements: pd.DataFrame,
    *,
    since: object = None,
    until: object = None,
    speakers: str | Iterable[str] | None = (),
    countries: str | Iterable[str] | None = (),
    outlets: str | Iterable[str] | None = (),
    acts: str | Iterable[str] | None = (),
    min_confidence: float = 0.0,
) -> pd.DataFrame:
    """The statements that meet every condition, in their order.

    Args:
        statements: the statements table; with `outlets`, as `join_articles` returns it.
        since, until: first and last day. A statement dated to an interval stays if it may have been made in that time. With
            either, statements without a date are left out (`left_out` counts them).
        speakers, countries, outlets: names to keep, compared without case and diacritics; empty keeps all.
        acts: acts to keep; empty keeps all but think and other, which a reader would not call statements.
        min_confidence: least confidence, 0 to 1.

    Returns:
        A DataFrame with the same columns and index labels.

    Raises:
        ChoiceError: an unknown act, or a date that is none. An unknown name is no error: it keeps nothing.

    >>> from analysis.schema import table
    >>> len(filter_statements(table("statements"), acts=["say"], since="2019"))
    0
    """
    reasons = _reasons(statements, since, until, speakers, countries, outlets, acts, min_confidence)
    return statements[~np.logical_or.reduce([mask for _, mask in reasons])].copy()


def left_out(
    statements: pd.DataFrame,
    *,
    since: object = None,
    until: object = None,
    speakers: str | Iterable[str] | None = (),
    countries: str | Iterable[str] | None = (),
    outlets: str | Iterable[str] | None = (),
    acts: str | Iterable[str] | None = (),
    min_confidence: float = 0.0,
) -> pd.DataFrame:
    """How many rows `filter_statements` leaves out with the same arguments, each counted under its first reason.

    Returns:
        Columns `reason` (str) and `n` (int64), reasons without rows left out.

    >>> from analysis.schema import table
    >>> left_out(table("statements")).columns.tolist()
    ['reason', 'n']
    """
    return first_reasons(_reasons(statements, since, until, speakers, countries, outlets, acts, min_confidence))


def first_reasons(reasons: list[tuple[str, np.ndarray]]) -> pd.DataFrame:
    """How many rows each reason leaves out, each row counted under its first one.

    >>> first_reasons([("a", np.array([True, False])), ("b", np.array([True, True]))]).values.tolist()
    [['a', 1], ['b', 1]]
    """
    rows, gone = [], np.zeros(len(reasons[0][1]) if reasons else 0, dtype=bool)
    for reason, mask in reasons:
        n = int((mask & ~gone).sum())
        gone = gone | mask
        if n:
            rows.append((reason, n))
    return typed_frame(rows, reason="str", n="int64")


def _reasons(
    statements: pd.DataFrame,
    since: object,
    until: object,
    speakers: str | Iterable[str] | None,
    countries: str | Iterable[str] | None,
    outlets: str | Iterable[str] | None,
    acts: str | Iterable[str] | None,
    min_confidence: float,
) -> list[tuple[str, np.ndarray]]:
    """(reason, mask of the rows it leaves out) for every condition."""
    wanted = [choose(act, ACTS, what="acts") for act in as_names(acts)]
    reasons = []
    if wanted:
        reasons.append(("another act", ~statements["act"].isin(wanted)))
    else:
        reasons.append(("a thought, attitude or deed rather than a statement", statements["act"].isin(NOT_STATEMENTS)))
    reasons.append((f"confidence below {min_confidence:g}", statements["confidence"] < min_confidence))
    for column, names in (("speaker", speakers), ("country", countries), ("outlet", outlets)):
        reasons += name_reasons(statements, column, names)
    reasons += date_reasons(statements["date_start"], statements["date_end"], since, until)
    return [(reason, np.asarray(mask, dtype=bool)) for reason, mask in reasons]


def name_reasons(rows: pd.DataFrame, column: str, names: str | Iterable[str] | None) -> list[tuple[str, np.ndarray]]:
    """(reason, mask of the rows it leaves out), one if names are given: rows whose name is another, or none.

    >>> name_reasons(pd.DataFrame({"outlet": ["A", "B"]}), "outlet", "a")[0][1].tolist()
    [False, True]
    """
    kept = {fold(name) for name in as_names(names)}
    if not kept:
        return []
    folded = rows[column].map(fold, na_action="ignore")
    return [(f"another {column}, or none", ~folded.isin(kept).to_numpy())]


def date_reasons(start: pd.Series, end: pd.Series, since: object, until: object) -> list[tuple[str, np.ndarray]]:
    """(reason, mask of the rows it leaves out) of a first and a last day; see `filter_statements`."""
    first, final = as_day(since), as_day(until, last=True)
    if first is not None and final is not None and first > final:
        raise ChoiceError(f"since ({first}) is later than until ({final}); swap them, or leave one out")
    reasons = []
    if first is not None or final is not None:
        reasons.append(("no date", (start.isna() & end.isna()).to_numpy()))
    if first is not None:
        reasons.append((f"before {first}", (end < np.datetime64(first, "s")).to_numpy()))
    if final is not None:
        reasons.append((f"after {final}", (start > np.datetime64(final, "s")).to_numpy()))
    return reasons


def typed_frame(rows: list[tuple], **dtypes: str) -> pd.DataFrame:
    """A table from rows, with its columns and their dtypes also where there is no row."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(dtypes)
    return pd.DataFrame({name: pd.Series(list(c), dtype=d) for (name, d), c in zip(dtypes.items(), columns, strict=True)})


def by_speaker(statements: pd.DataFrame) -> pd.DataFrame:
    """Statements counted by speaker.

    Args:
        statements: the statements table.

    Returns:
        One row a speaker, most statements first, then by name; the row without a speaker (NA) last. Columns: `speaker`,
        `country`, `n`, `direct`, `mixed`, `indirect` (counts), `articles` (in how many), `first_day`, `last_day`.

    >>> from analysis.schema import table
    >>> by_speaker(table("statements")).columns.tolist()[:3]
    ['speaker', 'country', 'n']
    """
    groups = statements.groupby("speaker", dropna=False, sort=False)
    counted = pd.DataFrame({"n": groups.size()})
    counted.insert(0, "country", groups["country"].agg(_most_common))
    for kind in QUOTE_TYPES:
        counted[kind] = (statements["quote_type"] == kind).groupby(statements["speaker"], dropna=False, sort=False).sum()
    counted["articles"] = groups["article_id"].nunique()
    counted["first_day"] = groups["date_start"].min()
    counted["last_day"] = groups["date_end"].max()
    numbers = dict.fromkeys(("n", *QUOTE_TYPES, "articles"), "int64")
    return _ranked(counted, "speaker").astype({"speaker": "str", "country": "str", **numbers})


def _most_common(values: pd.Series) -> object:
    known = values.dropna()
    return known.value_counts(sort=False).sort_index().idxmax() if len(known) else None


def by_outlet(statements: pd.DataFrame) -> pd.DataFrame:
    """Statements, as `join_articles` returns them, counted by outlet.

    Returns:
        One row an outlet, most statements first, the row without an outlet (NA) last. Columns: `outlet`, `n`, `articles`,
        `speakers` (how many different ones).

    >>> from analysis.schema import table
    >>> by_outlet(join_articles(table("statements"), table("articles"))).columns.tolist()
    ['outlet', 'n', 'articles', 'speakers']
    """
    groups = statements.groupby("outlet", dropna=False, sort=False)
    counted = pd.DataFrame({"n": groups.size()})
    counted["articles"], counted["speakers"] = groups["article_id"].nunique(), groups["speaker"].nunique()
    return _ranked(counted, "outlet").astype({"outlet": "str", **dict.fromkeys(("n", "articles", "speakers"), "int64")})


def _ranked(counted: pd.DataFrame, name: str) -> pd.DataFrame:
    """Most first, then by name; the row without a name last."""
    counted = counted.reset_index()
    counted["missing"] = counted[name].isna()
    counted = counted.sort_values(["missing", "n", name], ascending=[True, False, True], ignore_index=True)
    return counted.drop(columns="missing")


def by_act(statements: pd.DataFrame) -> pd.DataFrame:
    """Statements counted by act and quote type.

    Returns:
        One row for each act that occurs and each quote type, acts with most statements first. Columns: `act`, `quote_type`,
        `n` (zero where the pair does not occur).

    >>> from analysis.schema import table
    >>> len(by_act(table("statements")))
    0
    """
    order = statements["act"].value_counts(sort=False).sort_index().sort_values(ascending=False, kind="stable").index
    pairs = statements.groupby(["act", "quote_type"]).size()
    rows = [(act, kind, int(pairs.get((act, kind), 0))) for act in order for kind in QUOTE_TYPES]
    return typed_frame(rows, act="str", quote_type="str", n="int64")


def across(counted: pd.DataFrame, rows: str, columns: str) -> pd.DataFrame:
    """Pairs counted as a table with one row for each value of one and one column for each value of the other.

    Args:
        counted: with the columns `rows`, `columns` and `n`, as `by_act` returns it.
        rows, columns: names of two columns.

    Returns:
        `rows`, a column of counts for each value of `columns`, and `n`, the sum; in the order in which they occur.

    >>> pairs = pd.DataFrame({"act": ["say", "say"], "quote_type": ["direct", "mixed"], "n": [2, 1]})
    >>> across(pairs, "act", "quote_type").values.tolist()
    [['say', 2, 1, 3]]
    """
    names = list(dict.fromkeys(counted[columns]))
    wide = counted.pivot_table(index=rows, columns=columns, values="n", aggfunc="sum", fill_value=0, sort=False)
    wide = wide.reindex(columns=names, fill_value=0).astype("int64")
    wide["n"] = wide.sum(axis=1).astype("int64")
    return wide.rename_axis(columns=None).reset_index()


def by_date_basis(statements: pd.DataFrame) -> pd.DataFrame:
    """Statements, as `join_articles` returns them, counted by how their date is known.

    Returns:
        Columns `date_basis`, `from_researcher` (bool), `n`, most first.

    >>> from analysis.schema import table
    >>> len(by_date_basis(join_articles(table("statements"), table("articles"))))
    0
    """
    counted = _pairs(statements, "date_basis", "date_from_researcher")
    return counted.rename(columns={"date_from_researcher": "from_researcher"})


def by_problem(problems: pd.DataFrame) -> pd.DataFrame:
    """Problems counted by stage and reason.

    Returns:
        Columns `stage`, `reason`, `n`, most first.

    >>> from analysis.schema import table
    >>> by_problem(table("problems", [{"path": "a.txt", "stage": "read", "reason": "empty file"}]))["n"].tolist()
    [1]
    """
    return _pairs(problems, "stage", "reason")


def _pairs(frame: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    counted = frame.groupby([first, second]).size().rename("n").reset_index()
    return counted.sort_values(["n", first, second], ascending=[False, True, True], ignore_index=True)


def by_period(statements: pd.DataFrame, *, frequency: str = "month") -> pd.DataFrame:
    """Statements counted by period, with those that no single period holds counted apart.

    Args:
        statements: the statements table.
        frequency: day, week (from Monday), month, quarter or year.

    Returns:
        Columns `kind`, `period` (label), `first_day`, `last_day` (datetime64[s]) and `n`; `n` adds up to all statements.
        Rows of kind "period": the periods that hold statements, in time order. Kind "wider": intervals that reach over more
        than one period, or are open on one side, one row for each interval. Kind "undated": one row, if any have no date.
        Periods without statements have no row.

    Raises:
        ChoiceError: an unknown frequency.

    >>> days = pd.Series(np.array(["2019-06-29", "NaT"], "datetime64[s]"))
    >>> counted = by_period(pd.DataFrame({"date_start": days, "date_end": days}), frequency="year")
    >>> counted[["kind", "period", "n"]].values.tolist()
    [['period', '2019', 1], ['undated', 'undated', 1]]
    """
    choose(frequency, FREQUENCIES, what="frequency")
    start = statements["date_start"].to_numpy().astype("datetime64[D]")
    end = statements["date_end"].to_numpy().astype("datetime64[D]")
    undated, opened = np.isnat(start) & np.isnat(end), np.isnat(start) ^ np.isnat(end)
    first = period_start(start, frequency)
    within = ~undated & ~opened & (first == period_start(end, frequency))
    periods, many = np.unique(first[within], return_counts=True)
    rows = [
        ("period", period_label(day, frequency), day, last, int(n))
        for day, last, n in zip(periods, period_end(periods, frequency), many, strict=True)
    ]
    wider = pd.DataFrame({"a": start, "b": end})[~within & ~undated].groupby(["a", "b"], dropna=False).size()
    rows += [("wider", span_label(a, b), a, b, int(n)) for (a, b), n in wider.items()]
    if undated.any():
        rows.append(("undated", "undated", np.datetime64("NaT"), np.datetime64("NaT"), int(undated.sum())))
    return typed_frame(rows, kind="str", period="str", first_day="datetime64[s]", last_day="datetime64[s]", n="int64")


def period_start(days: np.ndarray, frequency: str) -> np.ndarray:
    """First day of the period in which each day lies; arrays of datetime64[D], any shape, NaT stays NaT.

    >>> period_start(np.array(["2019-06-29"], dtype="datetime64[D]"), "quarter").tolist()
    [datetime.date(2019, 4, 1)]
    """
    if frequency == "day":
        return days
    if frequency == "week":
        return days - (days - MONDAY) % np.timedelta64(7, "D")
    months = days.astype("datetime64[M]")
    step = {"month": 1, "quarter": 3, "year": 12}[frequency]
    return (months - (months - np.datetime64("0001-01", "M")) % np.timedelta64(step, "M")).astype("datetime64[D]")


def period_end(starts: np.ndarray, frequency: str) -> np.ndarray:
    """Last day of the periods that begin on these days; arrays of datetime64[D].

    >>> period_end(np.array(["2020-02-01"], dtype="datetime64[D]"), "month").tolist()
    [datetime.date(2020, 2, 29)]
    """
    if frequency in ("day", "week"):
        return starts + np.timedelta64(0 if frequency == "day" else 6, "D")
    step = {"month": 1, "quarter": 3, "year": 12}[frequency]
    following = (starts.astype("datetime64[M]") + np.timedelta64(step, "M")).astype("datetime64[D]")
    return following - np.timedelta64(1, "D")


def period_label(start: np.datetime64, frequency: str) -> str:
    """The name of the period that begins on a day.

    >>> [period_label(np.datetime64("2019-04-01"), frequency) for frequency in FREQUENCIES]
    ['1 Apr 2019', 'week of 1 Apr 2019', 'Apr 2019', 'Q2 2019', '2019']
    """
    day = pd.Timestamp(start)
    return {
        "day": _day_label(day),
        "week": f"week of {_day_label(day)}",
        "month": f"{MONTHS[day.month - 1]} {day.year}",
        "quarter": f"Q{(day.month - 1) // 3 + 1} {day.year}",
        "year": f"{day.year}",
    }[frequency]


def span_label(start: object, end: object) -> str:
    """Two days as one reader would write them; one of them may be missing.

    >>> span_label(np.datetime64("2021-09-01"), np.datetime64("2021-09-30"))
    'Sep 2021'
    >>> span_label(np.datetime64("2021-09-03"), None)
    'from 3 Sep 2021'
    """
    first = None if start is None or pd.isna(start) else pd.Timestamp(start)  # type: ignore[arg-type, call-overload]
    last = None if end is None or pd.isna(end) else pd.Timestamp(end)  # type: ignore[arg-type, call-overload]
    if first is None and last is None:
        return "undated"
    if first is None or last is None:
        return f"until {_day_label(last)}" if first is None else f"from {_day_label(first)}"
    whole_month = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    if whole_month and (first.year, first.month) == (last.year, last.month):
        return f"{MONTHS[first.month - 1]} {first.year}"
    if whole_month and first.month == 1 and last.month == 12:
        return f"{first.year}" if first.year == last.year else f"{first.year} to {last.year}"
    if whole_month:
        return f"{MONTHS[first.month - 1]} {first.year} to {MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return _day_label(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {last.day} {MONTHS[last.month - 1]} {last.year}"
    return f"{_day_label(first)} to {_day_label(last)}"


def _day_label(day: pd.Timestamp) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
