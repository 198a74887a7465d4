"""Counted events and happenings -> sentences; see findings.py."""

from __future__ import annotations

import pandas as pd

from analysis.chronology import is_dated
from analysis.counts import span_label
from analysis.findings import capital, listed, many, name, share
from analysis.schema import STATUSES

# What is said of happenings of each status.
STATUS_WORDS = {
    "occurred": "occurred", "ongoing": "go on", "planned": "are planned", "considered": "are considered",
    "threatened": "are threatened", "refused": "are refused",
}  # fmt: skip
SINGLE = {"occurred": "occurred", "ongoing": "goes on"} | {
    status: f"is {status}" for status in STATUSES if status not in ("occurred", "ongoing")
}
DATE_WORDS = {
    "explicit": "by a full date in the text",
    "resolved": "by a partial or relative expression",
    "context": "by a dated event or statement beside it",
    "article": "by the date of the article",
}
NOTHING = "No event meets the conditions."


def overview(events: pd.DataFrame, happenings: pd.DataFrame, every: pd.DataFrame) -> str:
    """How many happenings there are, in how many mentions, articles and outlets.

    Args:
        events: events, as filtered.
        happenings: as `chronology.merge` makes them of these.
        every: all events of the tables.

    >>> from analysis.schema import table
    >>> overview(table("events"), table("events"), table("events"))
    'The tables hold no event yet. What follows is empty until they do.'
    """
    if every.empty:
        return "The tables hold no event yet. What follows is empty until they do."
    if events.empty:
        return f"{NOTHING} The tables hold {many(len(every), 'event')}."
    mentions = many(len(events), "mention")
    shared = int((happenings["mentions"] > 1).sum())
    single = len(happenings) == 1
    first = f"{capital(many(len(happenings), 'happening'))} {'is' if single else 'are'} told in {mentions}"
    first += f" in {many(events['article_id'].nunique(), 'article')}"
    told = f" {shared:,} of them {'is' if shared == 1 else 'are'} told more than once." if shared and not single else ""
    return f"{first}.{told}"


def of_dates(happenings: pd.DataFrame) -> str:
    """How many happenings have a date, over what time, and how many stand beside the axis.

    Args:
        happenings: as `chronology.merge` returns them.
    """
    if happenings.empty:
        return NOTHING
    dated = happenings[is_dated(happenings)]
    undated = len(happenings) - len(dated)
    if dated.empty:
        return f"None of the {many(undated, 'happening')} has a date; all stand beside the axis."
    first = dated["date_start"].fillna(dated["date_end"]).min()
    last = dated["date_end"].fillna(dated["date_start"]).max()
    number = "All" if not undated and len(dated) > 1 else f"{len(dated):,} of {len(happenings):,}" if undated else "The only"
    noun = "happening" if number == "The only" else "happenings"
    sentence = f"{number} {noun} {'have' if len(dated) > 1 else 'has'} a date: {span_label(first.to_numpy(), last.to_numpy())}"
    sums = dated["date_basis"].value_counts()
    known = [f"{int(sums[basis]):,} {words}" for basis, words in DATE_WORDS.items() if basis in sums]
    beside = f" {capital(many(undated, 'happening'))} without a date {'stands' if undated == 1 else 'stand'} beside the axis."
    return f"{sentence}; {listed(known)}.{beside if undated else ''}"


def of_statuses(happenings: pd.DataFrame) -> str:
    """What happened, and what has not, or not yet.

    Args:
        happenings: as `chronology.merge` returns them.

    >>> of_statuses(pd.DataFrame({"status": ["occurred", "planned", "planned"]}))
    'Of 3 happenings, 1 occurred and 2 are planned.'
    """
    if happenings.empty:
        return NOTHING
    sums = happenings["status"].value_counts()
    said = [
        f"{int(sums[status]):,} {(SINGLE if sums[status] == 1 else STATUS_WORDS)[status]}"
        for status in STATUSES
        if status in sums
    ]
    return f"Of {many(len(happenings), 'happening')}, {listed(said)}."


def of_types(counted: pd.DataFrame) -> str:
    """Which types are most common, and how much of it is conflict.

    Args:
        counted: as `chronology.by_type` returns it.

    >>> quads = ["material cooperation", "verbal conflict"]
    >>> frame = pd.DataFrame({"type": ["AID", "ACCUSE"], "quad_class": quads, "n": [3, 1]})
    >>> of_types(frame)
    'The most common type is AID (3 of 4 happenings). 75% are cooperation, 25% conflict.'
    """
    total = int(counted["n"].sum())
    if not total:
        return NOTHING
    top = counted[counted["n"] == counted["n"].max()]
    number = f"{int(top['n'].iloc[0]):,} of {many(total, 'happening')}{' each' if len(top) > 1 else ''}"
    if len(top) > 3:
        first = f"No type stands out: {many(len(top), 'type')} have {number}"
    else:
        kinds = f"type is {top['type'].iloc[0]}" if len(top) == 1 else f"types are {listed(top['type'].tolist())}"
        first = f"The most common {kinds} ({number})"
    conflict = int(counted.loc[counted["quad_class"].str.endswith("conflict"), "n"].sum())
    return f"{first}. {share(total - conflict, total)} are cooperation, {share(conflict, total)} conflict."


def of_lanes(counted: pd.DataFrame, *, by: str = "actor") -> str:
    """Who does most, or which country takes part in most.

    Args:
        counted: as `chronology.by_lane` returns it.
        by: actor or country.
    """
    named = counted[~counted["lane"].isin(["others", "not named"])]
    if counted.empty:
        return NOTHING
    unnamed = int(counted.loc[counted["lane"] == "not named", "n"].sum())
    rest = f" {capital(many(unnamed, 'happening'))} {'names' if unnamed == 1 else 'name'} no {by}." if unnamed else ""
    if named.empty:
        return f"No happening names {'an actor' if by == 'actor' else 'a country'}."
    parts = [f"{name(lane)} ({n:,})" for lane, n in zip(named["lane"][:4], named["n"][:4], strict=True)]
    verb = "does most of it" if by == "actor" else "takes part most often"
    first = f"{parts[0]} {verb}" if len(named) == 1 or named["n"].iloc[0] > named["n"].iloc[1] else f"{listed(parts[:2])} lead"
    following = parts[1:] if first.startswith(parts[0] + " ") else parts[2:]
    return f"{first}{'; then ' + listed(following) if following else ''}.{rest}"


def of_busiest(happenings: pd.DataFrame) -> str:
    """The busiest stretch of time, where there is too much to see at once; else that there is not.

    Args:
        happenings: as `chronology.busiest` returns them.
    """
    if happenings.empty:
        return "The timeline shows every happening by itself; no stretch of it needs to be seen from nearer."
    label = span_label(happenings["date_start"].min().to_numpy(), happenings["date_end"].max().to_numpy())
    return f"The busiest stretch is {label}, with {many(len(happenings), 'happening')} shown here."


def of_axis(counted: pd.DataFrame, *, frequency: str = "month") -> str:
    """In which periods statements and happenings stand together.

    Args:
        counted: as `chronology.on_one_axis` returns it.
        frequency: what it was counted by.
    """
    periods = counted[counted["kind"] == "period"]
    both = periods[(periods["statements"] > 0) & (periods["happenings"] > 0)]
    if periods.empty:
        return f"Nothing falls into a single {frequency}."
    number = many(len(periods), frequency)
    if both.empty:
        return f"{capital(number)} {'holds' if len(periods) == 1 else 'hold'} statements or happenings, none of them both."
    top = both.loc[both[["statements", "happenings"]].sum(axis=1).idxmax()]
    most = f"{many(int(top['statements']), 'statement')} and {many(int(top['happenings']), 'happening')}"
    return (
        f"{len(both):,} of {number} {'holds' if len(both) == 1 else 'hold'} both; the fullest is {top['period']}, with {most}."
    )


def of_undated(happenings: pd.DataFrame) -> str:
    """How many happenings have no date and are listed apart.

    Args:
        happenings: those without a date.
    """
    if happenings.empty:
        return "Every happening has a date."
    return f"{capital(many(len(happenings), 'happening'))} {'has' if len(happenings) == 1 else 'have'} no date:"
