"""Who says and does what to whom, who quotes whom, and which outlet reports what. Tables in, tidy tables out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.counts import typed_frame
from analysis.findings import one_line
from analysis.parameters import fold
from analysis.schema import QUAD_CLASSES

TITLE = 60  # characters of the title of an article that stands for its outlet


# ------------------------------------------------------------------ one actor


def presence(statements: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """How often each actor occurs.

    Args:
        statements, events: as filtered.

    Returns:
        One row an actor, most present first. Columns `actor`, `said` (statements by it), `did` and `received` (events of which
        it is an actor, a recipient), `mentioned` (statements of others that name it), `n` (their sum).

    >>> from analysis.schema import table
    >>> presence(table("statements"), table("events")).columns.tolist()
    ['actor', 'said', 'did', 'received', 'mentioned', 'n']
    """
    about = [
        name
        for names, speaker in zip(statements["mentions"], statements["speaker"], strict=True)
        for name in set(names) - {speaker}
    ]
    counted = {
        "said": statements["speaker"].dropna().value_counts(),
        "did": _counted(name for names in events["actors"] for name in set(names)),
        "received": _counted(name for names in events["recipients"] for name in set(names)),
        "mentioned": _counted(about),
    }
    names = sorted({name for sums in counted.values() for name in sums.index})
    rows = [(name, *(int(sums.get(name, 0)) for sums in counted.values())) for name in names]
    found = typed_frame([(*row, sum(row[1:])) for row in rows], actor="str", **dict.fromkeys((*counted, "n"), "int64"))
    return found.sort_values(["n", "actor"], ascending=[False, True], ignore_index=True)


def _counted(names: Iterable[str]) -> pd.Series:
    return pd.Series(list(names), dtype="str").value_counts()


def most_present(present: pd.DataFrame) -> str:
    """The actor with the most rows among those who both speak and act, or else who do one of it; empty where there is none.

    Args:
        present: as `presence` returns it.
    """
    if present.empty:
        return ""
    active = present.assign(active=(present["said"] > 0).astype(int) + (present["did"] > 0))
    return str(active.sort_values(["active", "n", "actor"], ascending=[False, False, True])["actor"].iloc[0])


def names_of(actor: str, present: pd.DataFrame, actors: pd.DataFrame) -> list[str]:
    """The names under which an actor stands in the tables: as given, however it is written, a state with its government.

    Args:
        actor: a name.
        present: as `presence` returns it.
        actors: the actors table; may be empty.

    >>> from analysis.schema import table
    >>> names_of("norway", pd.DataFrame({"actor": ["Norway", "Norway government"]}), table("actors"))
    ['Norway', 'Norway government']
    """
    wanted = {fold(actor)}
    for row in actors[["actor", "of", "aliases"]].itertuples(index=False):
        if fold(row.actor) in wanted or wanted & {fold(alias) for alias in row.aliases}:
            wanted |= {fold(name) for name in (row.actor, row.of) if isinstance(name, str)}
    governments = actors.loc[actors["of"].map(fold, na_action="ignore").isin(wanted), "actor"]
    wanted |= {fold(name) for name in governments}
    # A capital that speaks is written so also where the actors table does not know it.
    wanted |= {f"{name} government" for name in list(wanted)} | {name.removesuffix(" government") for name in list(wanted)}
    return [name for name in present["actor"] if fold(name) in wanted]


def said_by(statements: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The statements of these speakers."""
    return statements[statements["speaker"].isin(list(names))]


def said_about(statements: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The statements of others that name one of these."""
    wanted = set(names)
    named = pd.Series([bool(wanted & set(mentions)) for mentions in statements["mentions"]], dtype=bool, index=statements.index)
    return statements[named & ~statements["speaker"].isin(list(names))]


def done_by(events: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The events of which one of these is an actor."""
    return events[pd.Series([bool(set(names) & set(a)) for a in events["actors"]], dtype=bool, index=events.index)]


def done_to(events: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The events of which one of these is a recipient."""
    return events[pd.Series([bool(set(names) & set(a)) for a in events["recipients"]], dtype=bool, index=events.index)]


def done_by_or_to(events: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The events of which one of these is an actor or a recipient."""
    kept = set(done_by(events, names).index) | set(done_to(events, names).index)
    return events[events.index.isin(kept)]


def counterparts(happenings: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """With whom an actor has to do, and in which way.

    Args:
        happenings: as `chronology.merge` returns them.
        names: of the actor.

    Returns:
        Columns `counterpart`, `to_them` (happenings whose actor it is, and they the recipient), `by_them`, `together` (both
        are actors), one for each quad class, `n`; most first.

    >>> frame = pd.DataFrame({"actors": [["Norway"]], "recipients": [["Chile"]], "quad_class": ["material cooperation"]})
    >>> counterparts(frame, ["Norway"])[["counterpart", "to_them", "n"]].values.tolist()
    [['Chile', 1, 1]]
    """
    own, found = set(names), []
    for actors, recipients, quad in zip(happenings["actors"], happenings["recipients"], happenings["quad_class"], strict=True):
        does, gets = own & set(actors), own & set(recipients)
        found += [(name, "to_them", quad) for name in dict.fromkeys(recipients) if does and name not in own]
        found += [(name, "by_them", quad) for name in dict.fromkeys(actors) if gets and not does and name not in own]
        found += [(name, "together", quad) for name in dict.fromkeys(actors) if does and name not in own]
    pairs = pd.DataFrame(found, columns=["counterpart", "way", "quad"])
    rows = []
    for name, part in pairs.groupby("counterpart"):
        ways, quads = part["way"].value_counts(), part["quad"].value_counts()
        numbers = [
            *(int(ways.get(w, 0)) for w in ("to_them", "by_them", "together")),
            *(int(quads.get(q, 0)) for q in QUAD_CLASSES),
        ]
        rows.append((name, *numbers, len(part)))
    columns = dict.fromkeys(("to_them", "by_them", "together", *QUAD_CLASSES, "n"), "int64")
    counted = typed_frame(rows, counterpart="str", **columns)
    return counted.sort_values(["n", "counterpart"], ascending=[False, True], ignore_index=True)


# ------------------------------------------------------------------ who quotes whom


def quoting(statements: pd.DataFrame) -> pd.DataFrame:
    """Who quotes whom.

    Args:
        statements: with `outlet` and `title`, as `counts.join_articles` returns them.

    Returns:
        Columns `quoting`, `kind` (speaker: one statement stands within another; medium: credited with it; outlet: all others),
        `quoted` (NA where the speaker has no name) and `n`; most first.

    A statement within another is quoted by the speaker of that one; where that speaker has no name it counts for the outlet.
    """
    speakers = dict(zip(statements["statement_id"], statements["speaker"], strict=True))
    found = []
    rows = zip(statements["speaker"], statements["parent_id"], statements["via"], publishers(statements), strict=True)
    for quoted, parent, via, outlet in rows:
        above = speakers.get(parent) if isinstance(parent, str) else None
        name = quoted if isinstance(quoted, str) else None
        if isinstance(above, str) and above != name:
            found.append((above, "speaker", name))
        elif via:
            found += [(medium, "medium", name) for medium in via if medium != name]
        else:
            found.append((outlet, "outlet", name))
    frame = pd.DataFrame(found, columns=["quoting", "kind", "quoted"])
    pairs = frame.groupby(["quoting", "kind", "quoted"], dropna=False).size()
    counted = typed_frame([(*key, int(n)) for key, n in pairs.items()], quoting="str", kind="str", quoted="str", n="int64")
    return counted.sort_values(["n", "quoting", "quoted"], ascending=[False, True, True], ignore_index=True)


# ------------------------------------------------------------------ outlets


def publishers(rows: pd.DataFrame) -> list[str]:
    """Who published each row: its outlet, or, where that is not known, its article, by its title or id.

    Args:
        rows: with `outlet`, `title` and `article_id`.

    >>> rows = pd.DataFrame({"outlet": ["Harbour News", None], "title": ["A", "Storm warning"], "article_id": ["1", "2"]})
    >>> publishers(rows)
    ['Harbour News', '“Storm warning”']
    """
    names = zip(rows["outlet"], rows["title"], rows["article_id"], strict=True)
    return [
        outlet if isinstance(outlet, str) else f"“{one_line(title if isinstance(title, str) else key, limit=TITLE)}”"
        for outlet, title, key in names
    ]


def outlet_speakers(statements: pd.DataFrame) -> pd.DataFrame:
    """Which outlet quotes which speaker how often.

    Args:
        statements: as `counts.join_articles` returns them.

    Returns:
        Columns `outlet`, `speaker` (NA: not named), `n`, `share` (of the outlet's statements, 0 to 1), most first.
    """
    frame = pd.DataFrame({"outlet": publishers(statements), "speaker": statements["speaker"].to_numpy()})
    pairs = frame.groupby(["outlet", "speaker"], dropna=False).size()
    totals = frame["outlet"].value_counts()
    rows = [(outlet, speaker, int(n), int(n) / int(totals[outlet])) for (outlet, speaker), n in pairs.items()]
    counted = typed_frame(rows, outlet="str", speaker="str", n="int64", share="float64")
    return counted.sort_values(["n", "outlet", "speaker"], ascending=[False, True, True], ignore_index=True)


def coverage(events: pd.DataFrame, happenings: pd.DataFrame) -> pd.DataFrame:
    """Which outlets report each happening.

    Args:
        events: as `chronology.join_events` returns them, filtered.
        happenings: their happenings, as `chronology.merge` returns them.

    Returns:
        One row a happening: `what`, `type`, `status`, `reported_by` (outlets, or articles of unknown outlets), `n` (how
        many); those that most report first.
    """
    keys = events["event_key"].fillna(events["event_id"])
    by_key: dict[str, dict[str, None]] = {}
    for key, name in zip(keys, publishers(events), strict=True):
        by_key.setdefault(key, {})[name] = None
    found = happenings[["what", "type", "status"]].copy()
    found["reported_by"] = pd.Series([list(by_key[key]) for key in happenings["key"]], index=found.index, dtype=object)
    found["n"] = pd.Series([len(names) for names in found["reported_by"]], index=found.index, dtype="int64")
    return found.sort_values("n", ascending=False, kind="stable", ignore_index=True)


def by_publisher(covered: pd.DataFrame) -> pd.DataFrame:
    """What each outlet reports, and what it alone reports.

    Args:
        covered: as `coverage` returns it.

    Returns:
        Columns `outlet`, `n` (happenings that it reports), `only_here`, `also_elsewhere`; most first.
    """
    rows: dict[str, list[int]] = {}
    for names in covered["reported_by"]:
        for name in names:
            counted = rows.setdefault(name, [0, 0])
            counted[0] += 1
            counted[1] += len(names) == 1
    found = typed_frame(
        [(name, n, only, n - only) for name, (n, only) in rows.items()],
        outlet="str", n="int64", only_here="int64", also_elsewhere="int64",
    )  # fmt: skip
    return found.sort_values(["n", "outlet"], ascending=[False, True], ignore_index=True)


def wordings(events: pd.DataFrame) -> pd.DataFrame:
    """The mentions of every happening that more than one outlet, or article of an unknown outlet, reports.

    Args:
        events: as `chronology.join_events` returns them, filtered.

    Returns:
        The events, one for each happening and publisher, with `publisher`; happenings that most report first.
    """
    joined = events.assign(publisher=pd.Series(publishers(events), index=events.index, dtype="str"))
    joined = joined[joined["event_key"].notna()]
    many = joined.groupby("event_key")["publisher"].nunique()
    many = many[many > 1]
    kept = joined[joined["event_key"].isin(many.index)].drop_duplicates(["event_key", "publisher"])
    kept = kept.assign(many=kept["event_key"].map(many))
    return kept.sort_values(["many", "event_key"], ascending=[False, True], kind="stable").drop(columns="many")


def told(worded: pd.DataFrame) -> pd.DataFrame:
    """How each outlet tells a happening, as a small table.

    Args:
        worded: as `wordings` returns them.

    Returns:
        Columns `happening` (its type and who takes part), `outlet`, `words`, `status`, `according_to`.
    """
    rows = [
        (happening_name(row), row["publisher"], row["trigger"], row["status"], _teller(row))
        for row in worded.to_dict("records")
    ]
    return typed_frame(rows, happening="str", outlet="str", words="str", status="str", according_to="str")


def _teller(row: dict) -> str:
    if isinstance(row["according_to"], str):
        return row["according_to"]
    return "an unnamed speaker" if isinstance(row["statement_id"], str) else "the article"


def happening_name(row: dict) -> str:
    """Type and participants of an event in a line.

    >>> happening_name({"type": "AID", "actors": ["Norway"], "recipients": ["Chile"]})
    'AID: Norway → Chile'
    """
    sides = [", ".join(names) for names in (row["actors"], row["recipients"]) if names]
    return f"{row['type']}: {' → '.join(sides)}" if sides else str(row["type"])
