"""Events, filtered, counted, and merged into happenings that can stand on a date axis. Tables in, tidy tables out.

A happening is what one or more mentions report: rows of the events table with one `event_key`. What a filter leaves out
and what has no date is counted, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analysis.counts import by_period, date_reasons, first_reasons, join_articles, name_reasons, typed_frame
from analysis.parameters import LANES, as_names, choose, fold
from analysis.schema import DATE_BASES, EVENT_TYPES, QUAD_CLASSES, STATUSES

HAPPENED = ("occurred", "ongoing")  # the other statuses are of what has not happened, or not yet
INFERRED = ("resolved", "context", "article")  # dates that do not stand in the text in full
OTHERS, UNNAMED = "others", "not named"
HAPPENING_COLUMNS = {
    "key": "str", "date_start": "datetime64[s]", "date_end": "datetime64[s]", "date_basis": "str", "inferred": "bool",
    "type": "str", "quad_class": "str", "status": "str", "happened": "bool", "actors": "object", "recipients": "object",
    "countries": "object", "what": "str", "place": "str", "mentions": "int64", "articles": "int64", "outlets": "int64",
    "event_id": "str",
}  # fmt: skip


def join_events(events: pd.DataFrame, articles: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Events with what their articles and statements say of them.

    Args:
        events, articles, statements: these tables.

    Returns:
        The events, in their order, with the columns that `counts.join_articles` adds, and `according_to`: the speaker of
        the statement in which the event stands; NA where there is none, or none is named.

    >>> from analysis.schema import table
    >>> join_events(table("events"), table("articles"), table("statements")).columns[-1]
    'according_to'
    """
    joined = join_articles(events, articles)
    speakers = statements.set_index("statement_id")["speaker"]
    joined["according_to"] = speakers.reindex(joined["statement_id"]).set_axis(joined.index).astype("str")
    return joined


def filter_events(
    events: pd.DataFrame,
    *,
    since: object = None,
    until: object = None,
    speakers: str | Iterable[str] | None = (),
    countries: str | Iterable[str] | None = (),
    outlets: str | Iterable[str] | None = (),
    actors: str | Iterable[str] | None = (),
    types: str | Iterable[str] | None = (),
    statuses: str | Iterable[str] | None = (),
    min_confidence: float = 0.0,
) -> pd.DataFrame:
    """The events that meet every condition, in their order.

    Args:
        events: as `join_events` returns them.
        since, until: first and last day; an event dated to an interval stays if it may lie in that time. With either, events
            without a date are left out.
        speakers: keep what these say; empty keeps also what the articles say themselves.
        countries: keep events with a participant of these; three letters.
        outlets, actors: names to keep; actors are matched as actors and as recipients.
        types, statuses: types and statuses to keep; empty keeps all.
        min_confidence: least confidence, 0 to 1.

    Returns:
        A DataFrame with the same columns and index labels.

    Raises:
        ChoiceError: an unknown type or status, or a date that is none. An unknown name is no error: it keeps nothing.

    >>> from analysis.schema import table
    >>> len(filter_events(join_events(table("events"), table("articles"), table("statements")), types=["AID"]))
    0
    """
    reasons = _reasons(events, since, until, speakers, countries, outlets, actors, types, statuses, min_confidence)
    return events[~np.logical_or.reduce([mask for _, mask in reasons])].copy()


def left_out(
    events: pd.DataFrame,
    *,
    since: object = None,
    until: object = None,
    speakers: str | Iterable[str] | None = (),
    countries: str | Iterable[str] | None = (),
    outlets: str | Iterable[str] | None = (),
    actors: str | Iterable[str] | None = (),
    types: str | Iterable[str] | None = (),
    statuses: str | Iterable[str] | None = (),
    min_confidence: float = 0.0,
) -> pd.DataFrame:
    """How many rows `filter_events` leaves out with the same arguments, each counted under its first reason.

    Returns:
        Columns `reason` and `n`, reasons without rows left out.
    """
    return first_reasons(_reasons(events, since, until, speakers, countries, outlets, actors, types, statuses, min_confidence))


def _reasons(
    events: pd.DataFrame,
    since: object,
    until: object,
    speakers: str | Iterable[str] | None,
    countries: str | Iterable[str] | None,
    outlets: str | Iterable[str] | None,
    actors: str | Iterable[str] | None,
    types: str | Iterable[str] | None,
    statuses: str | Iterable[str] | None,
    min_confidence: float,
) -> list[tuple[str, np.ndarray]]:
    """(reason, mask of the rows it leaves out) for every condition."""
    reasons = [(f"confidence below {min_confidence:g}", (events["confidence"] < min_confidence).to_numpy())]
    for column, given, valid in (("type", types, EVENT_TYPES), ("status", statuses, STATUSES)):
        wanted = [choose(value, valid, what="types" if column == "type" else "statuses") for value in as_names(given)]
        if wanted:
            reasons.append((f"another {column}", ~events[column].isin(wanted).to_numpy()))
    kept = {fold(name) for name in as_names(actors)}
    if kept:
        named = [
            any(fold(name) in kept for name in (*a, *b)) for a, b in zip(events["actors"], events["recipients"], strict=True)
        ]
        reasons.append(("other actors, or none", ~np.array(named, dtype=bool)))
    kept = {fold(name) for name in as_names(countries)}
    if kept:
        named = [any(fold(code) in kept for code in codes) for codes in events["countries"]]
        reasons.append(("other countries, or none", ~np.array(named, dtype=bool)))
    reasons += [("another speaker, or none", mask) for _, mask in name_reasons(events, "according_to", speakers)]
    reasons += name_reasons(events, "outlet", outlets)
    reasons += date_reasons(events["date_start"], events["date_end"], since, until)
    return [(reason, np.asarray(mask, dtype=bool)) for reason, mask in reasons]


# ------------------------------------------------------------------ counts


def by_type(happenings: pd.DataFrame) -> pd.DataFrame:
    """Happenings counted by type, with how many of them happened and how many have not, or not yet.

    Args:
        happenings: as `merge` returns them; events do as well.

    Returns:
        Columns `type`, `quad_class`, one of each status, and `n`; most first.

    >>> from analysis.schema import table
    >>> by_type(table("events")).columns.tolist()[:3]
    ['type', 'quad_class', 'occurred']
    """
    pairs = happenings.groupby(["type", "status"]).size()
    quads = dict(zip(happenings["type"], happenings["quad_class"], strict=True))
    rows = [(kind, quads[kind], *(int(pairs.get((kind, status), 0)) for status in STATUSES)) for kind in sorted(quads)]
    counted = typed_frame(
        [(*row, sum(row[2:])) for row in rows], type="str", quad_class="str", **dict.fromkeys((*STATUSES, "n"), "int64")
    )
    return counted.sort_values("n", ascending=False, kind="stable", ignore_index=True)


def by_date_basis(events: pd.DataFrame) -> pd.DataFrame:
    """Happenings or events counted by how their date is known.

    Returns:
        Columns `date_basis` and `n`, in the order of the bases.

    >>> from analysis.schema import table
    >>> len(by_date_basis(table("events")))
    0
    """
    sums = events["date_basis"].value_counts()
    return typed_frame([(basis, int(sums[basis])) for basis in DATE_BASES if basis in sums], date_basis="str", n="int64")


def on_one_axis(statements: pd.DataFrame, happenings: pd.DataFrame, *, frequency: str = "month") -> pd.DataFrame:
    """Statements and happenings counted by period, for one axis.

    Args:
        statements: statements, as filtered.
        happenings: as `merge` returns them.
        frequency: day, week, month, quarter or year.

    Returns:
        Rows as of `counts.by_period`, in time order, with `statements` and `happenings` in the place of `n`, and one column
        for the happenings of each quad class.

    >>> from analysis.schema import table
    >>> on_one_axis(table("statements"), merge(table("events").assign(outlet=""))).columns.tolist()[:5]
    ['kind', 'period', 'first_day', 'last_day', 'statements']
    """
    keys = ["kind", "period", "first_day", "last_day"]
    parts = {"statements": statements, "happenings": happenings}
    parts |= {quad: happenings[happenings["quad_class"] == quad] for quad in QUAD_CLASSES}
    tables = [by_period(part, frequency=frequency).rename(columns={"n": name}) for name, part in parts.items()]
    merged = tables[0]
    for counted in tables[1:]:
        merged = merged.merge(counted, on=keys, how="outer")
    order = merged["kind"].map({"period": 0, "wider": 1, "undated": 2})
    merged = merged.assign(order=order).sort_values(["order", "first_day", "last_day"], ignore_index=True).drop(columns="order")
    return merged.fillna(dict.fromkeys(parts, 0)).astype(dict.fromkeys(parts, "int64"))


# ------------------------------------------------------------------ happenings


def merge(events: pd.DataFrame) -> pd.DataFrame:
    """Mentions of the same happening as one row, by `event_key`; a mention without a key stands for itself.

    Args:
        events: events, as filtered, with `outlet`.

    Returns:
        One row a happening: dated ones first, in time order. `key`, the values of its best dated and fullest mention
        (`date_start`, `date_end`, `date_basis`, `type`, `quad_class`, `actors`, `recipients`, `countries`, `place`,
        `event_id`), `status` (that of most mentions), `inferred` (bool: its date does not stand in the text in full),
        `happened` (bool: occurred or ongoing), `what` (the words that name it and what it is about), and how many `mentions`,
        `articles` and known `outlets` report it.

    >>> from analysis.schema import table
    >>> len(merge(table("events").assign(outlet="")))
    0
    """
    groups: dict[str, list[dict[Any, Any]]] = {}
    for row in events.to_dict("records"):
        groups.setdefault(row["event_key"] if isinstance(row["event_key"], str) else row["event_id"], []).append(row)
    rows = [_merged(key, mentions) for key, mentions in groups.items()]
    frame = pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=d) for name, d in HAPPENING_COLUMNS.items()})
    first = frame["date_start"].fillna(frame["date_end"])
    return frame.assign(first=first).sort_values(["first", "key"], ignore_index=True).drop(columns="first")


def _merged(key: str, mentions: list[dict[Any, Any]]) -> dict[str, Any]:
    best = min(mentions, key=_rank)
    statuses = [row["status"] for row in mentions]
    status = max(statuses, key=lambda value: (statuses.count(value), value == best["status"]))
    return {
        **{name: best[name] for name in HAPPENING_COLUMNS if name in best},
        "key": key,
        "status": status,
        "happened": status in HAPPENED,
        "inferred": best["date_basis"] in INFERRED,
        "what": _what(best),
        "mentions": len(mentions),
        "articles": len({row["article_id"] for row in mentions}),
        "outlets": len({row["outlet"] for row in mentions if isinstance(row["outlet"], str)}),
    }


def _rank(row: dict[Any, Any]) -> tuple[Any, ...]:
    """Small for a mention whose date is well known and narrow, that names many, and that is sure."""
    start, end = row["date_start"], row["date_end"]
    length = (end - start).days if start == start and end == end else 10**7
    return DATE_BASES.index(row["date_basis"]), length, -len(row["actors"]) - len(row["recipients"]), -row["confidence"]


def _what(row: dict[Any, Any]) -> str:
    about = row["object"]
    trigger = " ".join(str(row["trigger"]).split())
    return f"{trigger}: {' '.join(about.split())}" if isinstance(about, str) and fold(about) not in fold(trigger) else trigger


def is_dated(happenings: pd.DataFrame) -> pd.Series:
    """Whether each has a first or a last day."""
    return happenings["date_start"].notna() | happenings["date_end"].notna()


def lanes(happenings: pd.DataFrame, *, by: str = "actor", top: int = 8) -> pd.DataFrame:
    """Happenings by the lane of a timeline in which they stand.

    Args:
        happenings: as `merge` returns them.
        by: actor (who does it) or country (of anybody who takes part).
        top: how many actors or countries get a lane; the happenings of the others share one.

    Returns:
        The happenings with `lane` before their columns, lanes with most happenings first. A happening of two actors stands
        in the lanes of both; one without a name in a lane of its own, the last.

    Raises:
        ChoiceError: an unknown `by`.

    >>> from analysis.schema import table
    >>> lanes(merge(table("events").assign(outlet=""))).columns[0]
    'lane'
    """
    choose(by, LANES, what="by")
    named = [list(dict.fromkeys(values)) for values in happenings["actors" if by == "actor" else "countries"]]
    sums: dict[str, int] = {}
    for name in (name for values in named for name in values):
        sums[name] = sums.get(name, 0) + 1
    # One more lane is better than a lane for a single other.
    ranked = sorted(sums, key=lambda name: (-sums[name], name))
    kept = ranked if len(ranked) <= top + 1 else ranked[:top]
    order = {name: number for number, name in enumerate([*kept, OTHERS, UNNAMED])}
    rows, found = [], []
    for number, values in enumerate(named):
        own = [name for name in values if name in order] or [OTHERS if values else UNNAMED]
        rows += [number] * len(own)
        found += own
    laned = happenings.iloc[rows].reset_index(drop=True)
    laned.insert(0, "lane", pd.Series(found, dtype="str"))
    return laned.iloc[np.argsort([order[lane] for lane in found], kind="stable")].reset_index(drop=True)


def by_lane(laned: pd.DataFrame) -> pd.DataFrame:
    """Happenings counted by lane.

    Args:
        laned: as `lanes` returns them.

    Returns:
        Columns `lane`, `n`, `dated`, `undated`, `not_happened`, and one for each quad class; in the order of the lanes.

    >>> from analysis.schema import table
    >>> len(by_lane(lanes(merge(table("events").assign(outlet="")))))
    0
    """
    rows = []
    for lane, part in laned.groupby("lane", sort=False):
        dated = int(is_dated(part).sum())
        quads = part["quad_class"].value_counts()
        not_happened = int((~part["happened"]).sum())
        rows.append((lane, len(part), dated, len(part) - dated, not_happened, *(int(quads.get(q, 0)) for q in QUAD_CLASSES)))
    return typed_frame(rows, lane="str", **dict.fromkeys(("n", "dated", "undated", "not_happened", *QUAD_CLASSES), "int64"))


def numbers(happenings: pd.DataFrame) -> pd.DataFrame:
    """The happenings as the table under a timeline.

    Returns:
        Columns `what`, `first_day`, `last_day`, `date`, `type`, `status`, `actors`, `recipients`, `mentions`, `articles`,
        `outlets`.
    """
    named = happenings.rename(columns={"date_start": "first_day", "date_end": "last_day", "date_basis": "date"})
    return named[["what", "first_day", "last_day", "date", "type", "status", "actors", "recipients", "mentions", "articles",
                  "outlets"]]  # fmt: skip


def undated(happenings: pd.DataFrame) -> pd.DataFrame:
    """The happenings without a date, as a table: `what`, `type`, `status`, `actors`, `recipients`, `articles`."""
    columns = ["what", "type", "status", "actors", "recipients", "articles"]
    return happenings.loc[~is_dated(happenings), columns]


def names(events: pd.DataFrame) -> pd.Series:
    """All names of actors and recipients, each once."""
    found = {name for column in ("actors", "recipients") for values in events[column] for name in values}
    return pd.Series(sorted(found), dtype="str")


def busiest(happenings: pd.DataFrame, *, most: int = 40) -> pd.DataFrame:
    """The happenings of the busiest stretch of time, for a look from near; none where all can be seen at once.

    Args:
        happenings: as `merge` returns them.
        most: how many dated happenings can be seen at once, and how many the stretch holds at most.

    Returns:
        The part of the happenings whose first days lie in the shortest stretch that holds `most` of them.

    >>> from analysis.schema import table
    >>> len(busiest(merge(table("events").assign(outlet=""))))
    0
    """
    exact = happenings[happenings["date_start"].notna() & (happenings["date_start"] == happenings["date_end"])]
    if int(is_dated(happenings).sum()) <= most or len(exact) < 2:
        return happenings[:0]
    days = np.sort(exact["date_start"].to_numpy())
    most = min(most, len(days))
    lengths = days[most - 1 :] - days[: len(days) - most + 1]
    at = int(np.argmin(lengths))
    first, last = days[at], days[at + most - 1]
    part = exact[(exact["date_start"] >= first) & (exact["date_start"] <= last)]
    # A single day with very many: the ones that most articles report.
    ranked = part.sort_values(["articles", "mentions", "key"], ascending=[False, False, True])[:most]
    return happenings.loc[ranked.index.sort_values()]
