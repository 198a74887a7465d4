"""Who says and does what to whom, who quotes whom, what outlets report -> sentences; see findings.py."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.findings import capital, listed, many, name, nearest, share
from analysis.parameters import fold


def of_actor(actor: str, names: Sequence[str], present: pd.DataFrame, *, asked: str = "") -> str:
    """Whose record it is, and how often the actor speaks, acts and is spoken of.

    Args:
        actor: the name as shown.
        names: all names of the actor, as `relations.names_of` returns them.
        present: as `relations.presence` returns it.
        asked: the name that was asked for, if any.
    """
    if present.empty:
        return "The tables name no actor."
    own = present[present["actor"].isin(list(names))]
    if own.empty:
        near = nearest(asked or actor, present["actor"].tolist())
        hint = f"; the nearest are: {listed([name(n) for n in near])}" if near else ""
        return f"Nobody in these tables has the name {name(asked or actor)}{hint}."
    sums = own[["said", "did", "received", "mentioned"]].sum()
    others = [name(n) for n in names if fold(n) != fold(actor)]
    also = f" (also as {listed(others)})" if others else ""
    first = "" if asked else f"{name(actor)} occurs most often. "
    said = f"{name(actor)}{also} makes {many(int(sums['said']), 'statement')}"
    does = f"takes part in {many(int(sums['did'] + sums['received']), 'event')}"
    about = f"{many(int(sums['mentioned']), 'statement')} of others"
    return f"{first}{said}, {does}, and is named in {about}."


def of_counterparts(counted: pd.DataFrame, *, actor: str) -> str:
    """With whom an actor has most to do.

    Args:
        counted: as `relations.counterparts` returns it.
        actor: the name as shown.
    """
    if counted.empty:
        return f"No event tells with whom {name(actor)} has to do."
    parts = [f"{name(who)} ({n:,})" for who, n in zip(counted["counterpart"][:4], counted["n"][:4], strict=True)]
    conflict = int(counted[["verbal conflict", "material conflict"]].to_numpy().sum())
    total = int(counted["n"].sum())
    first = f"{name(actor)} has most to do with {listed(parts)}"
    return f"{first}. {share(conflict, total)} of it is conflict."


def of_statements(statements: pd.DataFrame, *, actor: str, about: bool = False) -> str:
    """How many statements an actor makes, or others make about the actor, and in which acts.

    Args:
        statements: those of the actor, or about the actor.
        actor: the name as shown.
        about: whether they are about the actor.
    """
    if statements.empty:
        return f"No statement names {name(actor)}." if about else f"No statement is by {name(actor)}."
    acts = statements["act"].value_counts()
    acts = acts[sorted(acts.index, key=lambda act: (-acts[act], act))]
    said = listed([f"{int(n):,} “{act}”" for act, n in list(acts.items())[:4]])
    if about:
        speakers = statements["speaker"].value_counts()
        top = sorted(speakers.index, key=lambda who: (-speakers[who], who))[:3]
        who = f": {listed([f'{name(s)} ({int(speakers[s]):,})' for s in top])}" if top else ""
        return f"{capital(many(len(statements), 'statement'))} of others {_verb(len(statements), 'name')} {name(actor)}{who}."
    quoted = int((statements["quote_type"] == "direct").sum())
    return f"{capital(many(len(statements), 'statement'))} {_verb(len(statements), 'is', 'are')} by {name(actor)}: {said}; \
{quoted:,} quoted in full."


def _verb(n: int, one: str, more: str | None = None) -> str:
    if more is None:
        return f"{one}s" if n == 1 else one
    return one if n == 1 else more


def of_deeds(happenings: pd.DataFrame, *, actor: str, received: bool = False) -> str:
    """What an actor does, or is done to the actor.

    Args:
        happenings: as `chronology.merge` returns them, of the actor.
        actor: the name as shown.
        received: whether they are done to the actor.
    """
    if happenings.empty:
        return f"No event is done to {name(actor)}." if received else f"No event is by {name(actor)}."
    types = happenings["type"].value_counts()
    types = types[sorted(types.index, key=lambda kind: (-types[kind], kind))]
    said = listed([f"{kind} ({int(n):,})" for kind, n in list(types.items())[:4]])
    unreal = int((~happenings["happened"]).sum())
    apart = f" {unreal:,} of them {_verb(unreal, 'has', 'have')} not happened, or not yet." if unreal else ""
    number = many(len(happenings), "happening")
    if received:
        return f"{capital(number)} {_verb(len(happenings), 'is', 'are')} done to {name(actor)}: {said}.{apart}"
    return f"{name(actor)} is an actor in {number}: {said}.{apart}"


def of_quoting(counted: pd.DataFrame) -> str:
    """Who quotes whom most often.

    Args:
        counted: as `relations.quoting` returns it.
    """
    named = counted[counted["quoted"].notna()]
    if named.empty:
        return "Nobody is quoted by name."
    top = named.iloc[0]
    first = f"{name(top['quoting'])} quotes {name(top['quoted'])} most often ({many(int(top['n']), 'time')})"
    kinds = counted.groupby("kind")["n"].sum()
    through = [
        f"{int(kinds[kind]):,} {words}"
        for kind, words in (("speaker", "within the statement of another speaker"), ("medium", "through another medium"))
        if kind in kinds
    ]
    total = int(counted["n"].sum())
    return f"{first}. Of {many(total, 'quotation')}, {listed(through)} reach the reader." if through else f"{first}."


def of_outlets(counted: pd.DataFrame, articles: pd.DataFrame) -> str:
    """Which outlets there are, and whom each quotes most.

    Args:
        counted: as `relations.outlet_speakers` returns it.
        articles: the articles table.
    """
    if counted.empty:
        return "There is no statement to compare."
    unknown = int(articles["outlet"].isna().sum())
    apart = ""
    if unknown:
        whose = "an article" if unknown == 1 else f"{unknown:,} articles"
        apart = f" The outlet of {whose} is not known; {'it' if unknown == 1 else 'each'} stands for itself, by its title."
    named = counted[counted["speaker"].notna()]
    tops = named.drop_duplicates("outlet")
    totals = counted.groupby("outlet")["n"].sum()
    said = [
        f"{name(row.outlet)} quotes {name(row.speaker)} most ({row.n:,} of {int(totals[row.outlet]):,})"
        for row in list(tops.itertuples())[:4]
    ]
    return f"{'; '.join(said)}.{apart}" if said else f"No speaker has a name.{apart}"


def of_shared_speakers(counted: pd.DataFrame) -> str:
    """Which speakers more than one outlet quotes.

    Args:
        counted: as `relations.outlet_speakers` returns it.
    """
    named = counted[counted["speaker"].notna()]
    if named.empty:
        return "No speaker has a name."
    outlets = named.groupby("speaker")["outlet"].nunique()
    several = outlets[outlets > 1]
    several = several[sorted(several.index, key=lambda who: (-several[who], who))]
    if several.empty:
        return f"No speaker is quoted by more than one of them; {many(len(outlets), 'speaker')} by one."
    who = listed([f"{name(s)} ({int(n):,})" for s, n in list(several.items())[:4]])
    verb = "is" if len(several) == 1 else "are"
    return f"{len(several):,} of {many(len(outlets), 'speaker')} {verb} quoted by more than one of them: {who}."


def of_coverage(covered: pd.DataFrame) -> str:
    """How many happenings more than one outlet reports.

    Args:
        covered: as `relations.coverage` returns it.

    >>> of_coverage(pd.DataFrame({"n": [2, 1, 1], "reported_by": [["A", "B"], ["A"], ["B"]]}))
    '1 of 3 happenings is reported by more than one of them, 2 by one only.'
    """
    if covered.empty:
        return "There is no event to compare."
    several = int((covered["n"] > 1).sum())
    total, outlets = len(covered), len({who for names in covered["reported_by"] for who in names})
    if outlets == 1:
        return f"All of the {many(total, 'happening')} come from one source; there is nothing to compare."
    if not several:
        return f"None of {many(total, 'happening')} is reported by more than one of them."
    number = f"{several:,}"
    verb = "is" if several <= 1 else "are"
    return f"{number} of {many(total, 'happening')} {verb} reported by more than one of them, {total - several:,} by one only."


def of_wordings(worded: pd.DataFrame) -> str:
    """In how many of the shared happenings the outlets use different words.

    Args:
        worded: as `relations.wordings` returns them.
    """
    if worded.empty:
        return "No happening is told by two of them, so that there are no words to compare."
    words = worded.assign(trigger=worded["trigger"].map(fold)).groupby("event_key")["trigger"].nunique()
    different = int((words > 1).sum())
    number = f"{different:,} of them" if different else "none of them"
    verb = "is" if len(words) == 1 else "are"
    return f"{capital(many(len(words), 'happening'))} {verb} told by two or more; {number} in different words."
