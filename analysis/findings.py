"""Counted tables -> sentences: what a table shows, computed, in plain words. Plain text only; show.py makes HTML of it.

Words from articles stand between the characters FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE, so that text in
another direction cannot reorder a sentence, and characters that cannot be seen are written as their codes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.parameters import as_names, fold, nearest
from analysis.schema import DATE_BASES, QUOTE_TYPES

ISOLATE, POP = "\u2068", "\u2069"
# Controls, direction marks and overrides, invisible joiners and fillers, tag characters. Tab and line ends stay.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
BASIS_WORDS = {
    "explicit": "by a full date in the text",
    "resolved": "by a partial or relative expression",
    "context": "by a dated statement beside it",
    "article": "by the date of the article",
    "none": "have no date",
}
QUOTE_WORDS = {"direct": "quoted in full", "mixed": "quoted in part", "indirect": "reported without quotation"}


def visible(text: object) -> str:
    """Text with every character that cannot be seen, or that changes the direction of others, written as its code.

    >>> visible("Ann\\u202eeB\\x07")
    'Ann[U+202E]eB[U+0007]'
    """
    return HIDDEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", str(text))


def one_line(text: object, *, limit: int = 200) -> str:
    """Text on one line: `visible`, without line ends, at most `limit` characters.

    >>> one_line("a\\nb\\x1b[31m")
    'a b[U+001B][31m'
    """
    line = visible(" ".join(str(text).split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def name(text: object) -> str:
    """A word from an article as it may stand in a sentence: visible, on one line, isolated."""
    return f"{ISOLATE}{one_line(text, limit=120)}{POP}"


def plain(sentence: str) -> str:
    """A sentence without the isolating characters, for terminals and comparisons."""
    return sentence.replace(ISOLATE, "").replace(POP, "")


def many(n: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun.

    >>> many(1, "statement"), many(0, "person", "people"), many(1200, "row")
    ('1 statement', 'no people', '1,200 rows')
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}" if n else f"no {plural or noun + 's'}"


def listed(parts: Sequence[str]) -> str:
    """Parts as a list in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def share(n: int, total: int) -> str:
    """A share in whole per cent; never 0% for some, nor 100% for not all.

    >>> share(1, 3), share(1, 1000), share(999, 1000)
    ('33%', 'under 1%', 'over 99%')
    """
    per_cent = round(100 * n / total) if total else 0
    if n and per_cent == 0:
        return "under 1%"
    return "over 99%" if n < total and per_cent == 100 else f"{per_cent}%"


def capital(sentence: str) -> str:
    """The sentence with its first letter as a capital."""
    return sentence[:1].upper() + sentence[1:]


def overview(statements: pd.DataFrame, articles: pd.DataFrame) -> str:
    """How many statements, speakers, articles and outlets there are.

    Args:
        statements: statements as filtered.
        articles: all articles that were read.

    >>> from analysis.schema import table
    >>> overview(table("statements"), table("articles"))
    'No statement meets the conditions; no articles were read.'
    """
    read = f"{many(len(articles), 'article')} {'was' if len(articles) == 1 else 'were'} read"
    if statements.empty:
        return f"No statement meets the conditions; {read}."
    speakers, holding = statements["speaker"].nunique(), statements["article_id"].nunique()
    who = f" by {many(speakers, 'named speaker')}" if speakers else ", none by a named speaker,"
    where = "it" if len(articles) == 1 == holding else f"{many(holding, 'of them', 'of them')}"
    where = "all of them" if holding == len(articles) > 1 else where
    outlets = articles["outlet"].nunique()
    source = f", from {many(outlets, 'known outlet')}" if outlets else ""
    return f"{capital(read)}{source}. {capital(many(len(statements), 'statement'))}{who} {_stand(len(statements))} in {where}."


def _stand(n: int) -> str:
    return "stands" if n == 1 else "stand"


def of_speakers(counted: pd.DataFrame) -> str:
    """Who speaks most often.

    Args:
        counted: as `counts.by_speaker` returns it.

    >>> plain(of_speakers(pd.DataFrame({"speaker": ["Ada", "Ben"], "n": [3, 1]})))
    'Ada speaks most often: 3 of 4 statements (75%); then Ben (1).'
    """
    total, named = int(counted["n"].sum()), counted[counted["speaker"].notna()]
    unnamed = total - int(named["n"].sum())
    if not total:
        return "There is no statement to count."
    if named.empty:
        return f"None of the {many(total, 'statement')} has a speaker who could be named."
    if total == 1:
        return f"The only statement is by {name(named['speaker'].iloc[0])}."
    top = named[named["n"] == named["n"].max()]
    most = int(top["n"].iloc[0])
    if len(top) == 1:
        following = named.iloc[1:4]
        rest = "; then " + listed([f"{name(s)} ({n})" for s, n in zip(following["speaker"], following["n"], strict=True)])
        first = (
            f"{name(top['speaker'].iloc[0])} speaks most often: {most:,} of {many(total, 'statement')} ({share(most, total)})"
        )
        sentence = first + (rest if len(following) else "")
    elif len(top) <= 4:
        sentence = f"{listed([name(s) for s in top['speaker']])} speak most often, with {many(most, 'statement')} each"
    else:
        sentence = f"{capital(many(len(top), 'speaker'))} share the first place, with {many(most, 'statement')} each"
    if unnamed:
        sentence += f". {capital(many(unnamed, 'statement'))} {'has' if unnamed == 1 else 'have'} no speaker who could be named"
    return sentence + "."


def of_periods(counted: pd.DataFrame, *, frequency: str = "month", what: str = "statement") -> str:
    """When statements were made, or articles appeared, and how many have no date or a span wider than a period.

    Args:
        counted: as `counts.by_period` returns it.
        frequency: what it was counted by.
        what: what was counted, "statement".

    >>> of_periods(pd.DataFrame({"kind": ["period", "undated"], "period": ["Jun 2019", "undated"], "n": [2, 3]}))
    '2 of 5 statements fall into a single month: Jun 2019. 3 have no date and stand apart.'
    """
    total = int(counted["n"].sum())
    within, wider = counted[counted["kind"] == "period"], int(counted.loc[counted["kind"] == "wider", "n"].sum())
    undated = int(counted.loc[counted["kind"] == "undated", "n"].sum())
    if not total:
        return f"There is no {what} to count."
    dated = int(within["n"].sum())
    number = "All" if dated == total > 1 else f"{dated:,}" if dated else "None"
    if len(within) > 1:
        parts = [f"{number} of {many(total, what)} can be placed in one {frequency} each"]
    else:
        parts = [f"{number} of {many(total, what)} {'falls' if dated == 1 else 'fall'} into a single {frequency}"]
    if len(within) == 1:
        parts[0] += f": {within['period'].iloc[0]}"
    elif len(within):
        top = within[within["n"] == within["n"].max()]
        most = int(top["n"].iloc[0])
        names = listed(top["period"].tolist()) if len(top) <= 3 else f"{many(len(top), frequency)} each"
        parts[0] += f"; the highest number is {most:,}, in {names}"
    apart = [f"{wider:,} {'is' if wider == 1 else 'are'} dated to a longer or open span"] if wider else []
    apart += [f"{undated:,} {'has' if undated == 1 else 'have'} no date"] if undated else []
    if apart:
        stand = "stands" if wider + undated == 1 else "stand"
        parts.append(f"{capital(listed(apart))} and {stand} apart")
    return ". ".join(parts) + "."


def of_acts(counted: pd.DataFrame) -> str:
    """Which acts are most common and how much is quoted.

    Args:
        counted: as `counts.by_act` returns it.

    >>> of_acts(pd.DataFrame({"act": ["say"], "quote_type": ["direct"], "n": [2]}))
    'The most common act is “say” (2 of 2 statements). By form, 2 are quoted in full.'
    """
    total = int(counted["n"].sum())
    if not total:
        return "There is no statement to count."
    acts = counted.groupby("act", sort=False)["n"].sum()
    top = acts[acts == acts.max()]
    words = listed([f"“{act}”" for act in top.index])
    number = f"{int(top.iloc[0]):,}"
    first = f"The most common act is {words}" if len(top) == 1 else f"The most common acts are {words}"
    forms = counted.groupby("quote_type")["n"].sum()
    kinds = [(int(forms.get(kind, 0)), QUOTE_WORDS[kind]) for kind in QUOTE_TYPES]
    said = [f"{n:,} {'is' if n == 1 else 'are'} {kind}" for n, kind in kinds if n]
    return f"{first} ({number} of {many(total, 'statement')}{' each' if len(top) > 1 else ''}). By form, {listed(said)}."


def of_dates(counted: pd.DataFrame) -> str:
    """How the dates are known.

    Args:
        counted: as `counts.by_date_basis` returns it.

    >>> of_dates(pd.DataFrame({"date_basis": ["explicit"], "from_researcher": [False], "n": [2]}))
    '2 statements are dated by a full date in the text.'
    """
    sums = counted.groupby("date_basis")["n"].sum()
    numbers = [(int(sums.get(basis, 0)), basis) for basis in DATE_BASES]
    dated = [(n, basis) for n, basis in numbers if n and basis != "none"]
    undated = int(sums.get("none", 0))
    if not sums.sum():
        return "There is no statement to count."
    if not dated:
        return f"{capital(many(undated, 'statement'))} {'has' if undated == 1 else 'have'} no date."
    first, *rest = dated
    parts = [f"{many(first[0], 'statement')} {'is' if first[0] == 1 else 'are'} dated {BASIS_WORDS[first[1]]}"]
    parts += [f"{n:,} {BASIS_WORDS[basis]}" for n, basis in rest]
    parts += [f"{undated:,} {'has' if undated == 1 else 'have'} no date"] if undated else []
    own = int(counted.loc[counted["from_researcher"], "n"].sum())
    marked = f" {capital(many(own, 'date'))} {'rests' if own == 1 else 'rest'} on what the researcher supplied." if own else ""
    return f"{capital(listed(parts))}.{marked}"


def of_left_out(counted: pd.DataFrame, *, what: str = "row") -> str:
    """What the filters leave out and why.

    Args:
        counted: as `counts.left_out` returns it.
        what: what a row is.

    >>> of_left_out(pd.DataFrame({"reason": ["no date"], "n": [3]}))
    'The conditions leave out 3 rows: 3 (no date).'
    """
    total = int(counted["n"].sum())
    if not total:
        return f"The conditions leave out no {what}."
    reasons = [f"{n:,} ({visible(reason)})" for reason, n in zip(counted["reason"], counted["n"], strict=True)]
    return f"The conditions leave out {many(total, what)}: {listed(reasons)}."


def of_problems(counted: pd.DataFrame) -> str:
    """What could not be read.

    Args:
        counted: as `counts.by_problem` returns it.

    >>> of_problems(pd.DataFrame({"stage": ["read"], "reason": ["empty file"], "n": [2]}))
    'There are 2 problems: empty file (2).'
    """
    total = int(counted["n"].sum())
    if not total:
        return "Everything that was found could be read, and nothing had to be changed to read it."
    sums = counted.groupby("reason", sort=False)["n"].sum()
    reasons = [f"{visible(reason)} ({n:,})" for reason, n in list(sums.items())[:5]]
    more = [many(len(sums) - 5, "more kind")] if len(sums) > 5 else []
    return f"There {'is' if total == 1 else 'are'} {many(total, 'problem')}: {listed(reasons + more)}."


def of_articles(articles: pd.DataFrame, problems: pd.DataFrame) -> str:
    """How many articles there are, how long they are, and from whom.

    Args:
        articles: as `corpus.with_rows` returns them, filtered.
        problems: the problems table.

    >>> from analysis.schema import table
    >>> of_articles(table("articles"), table("problems"))
    'No article meets the conditions. There is no problem to report.'
    """
    trouble = f"There {_is(len(problems))} {many(len(problems), 'problem')} to report."
    if problems.empty:
        trouble = "There is no problem to report."
    if articles.empty:
        return f"No article meets the conditions. {trouble}"
    words = int(articles["n_words"].sum())
    outlets, unknown = articles["outlet"].nunique(), int(articles["outlet"].isna().sum())
    source = f" from {many(outlets, 'known outlet')}" if outlets else ""
    apart = (
        f"; the {'outlet of ' + many(unknown, 'article') + ' is' if outlets else 'outlets are'} not known" if unknown else ""
    )
    rows = f"{many(int(articles['n_statements'].sum()), 'statement')} and {many(int(articles['n_events'].sum()), 'event')}"
    first = f"{capital(many(len(articles), 'article'))}{source} with {many(words, 'word')} {_is(len(articles))} here{apart}"
    return f"{first}. They hold {rows}. {trouble}"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def of_outlets(counted: pd.DataFrame) -> str:
    """From which outlets most articles come.

    Args:
        counted: as `corpus.by_outlet` returns it.

    >>> plain(of_outlets(pd.DataFrame({"outlet": ["Harbour News", None], "n": [3, 1]})))
    'Harbour News has 3 of 4 articles. The outlet of 1 article is not known.'
    """
    total, named = int(counted["n"].sum()), counted[counted["outlet"].notna()]
    unknown = total - int(named["n"].sum())
    if not total:
        return "There is no article to count."
    apart = f"The outlet of {many(unknown, 'article')} is not known." if unknown else ""
    if named.empty:
        return "No outlet is known."
    parts = [f"{name(outlet)} has {n:,}" for outlet, n in zip(named["outlet"][:4], named["n"][:4], strict=True)]
    parts[0] += f" of {many(total, 'article')}"
    more = f", {many(len(named) - 4, 'more outlet')} the others" if len(named) > 4 else ""
    return f"{listed(parts)}{more}. {apart}".strip()


def of_lengths(articles: pd.DataFrame) -> str:
    """How long the articles are.

    >>> of_lengths(pd.DataFrame({"n_words": [100, 300, 200]}))
    'Half of the articles have 200 words or more; the shortest has 100, the longest 300.'
    """
    words = articles["n_words"]
    if words.empty:
        return "There is no article to measure."
    if len(words) == 1:
        return f"The only article has {many(int(words.iloc[0]), 'word')}."
    middle = int(words.median())
    return f"Half of the articles have {middle:,} words or more; the shortest has {words.min():,}, the longest {words.max():,}."


def of_article_dates(counted: pd.DataFrame) -> str:
    """How the days of publication and the reference dates of articles are known.

    Args:
        counted: as `corpus.by_dates` returns it.

    >>> of_article_dates(pd.DataFrame({"published": ["text"], "reference": ["published"], "n": [2]}))
    'Of 2 articles the day of publication is known for all: 2 state it. Relative ones (“on Saturday”) can be resolved in all.'
    """
    total = int(counted["n"].sum())
    if not total:
        return "There is no article to date."
    sums = counted.groupby("published")["n"].sum()
    words = {"text": "state it", "record": "have it in their record", "researcher": "have it from the researcher"}
    known = [f"{int(sums[basis]):,} {said}" for basis, said in words.items() if basis in sums]
    dated = int(sums.drop("none", errors="ignore").sum())
    day = f"Of {many(total, 'article')} the day of publication is known for {_share_words(dated, total)}"
    day += f": {listed(known)}" if known else ""
    reference = counted.groupby("reference")["n"].sum()
    resolved = total - int(reference.get("none", 0))
    sentence = f"{day}. Relative ones (“on Saturday”) can be resolved in {_share_words(resolved, total)}"
    said = {"inferred": "by the latest day that it reports", "researcher": "by a day that the researcher supplied"}
    extra = [f"in {int(reference[basis]):,} {how}" for basis, how in said.items() if basis in reference]
    return sentence + (f", {listed(extra)}." if extra else ".")


def _share_words(n: int, total: int) -> str:
    return "all" if n == total else f"{n:,} of them" if n else "none"


def of_row_dates(counted: pd.DataFrame) -> str:
    """How many statements and events are dated.

    Args:
        counted: as `corpus.by_row_dates` returns it.

    >>> of_row_dates(pd.DataFrame({"date_basis": ["explicit", "none"], "statements": [3, 1], "events": [0, 2]}))
    '3 of 4 statements and none of 2 events have a date.'
    """
    parts = []
    for what in ("statements", "events"):
        total = int(counted[what].sum())
        dated = total - int(counted.loc[counted["date_basis"] == "none", what].sum())
        if total:
            parts.append(f"{f'{dated:,}' if dated else 'none'} of {many(total, what.removesuffix('s'))}")
    return f"{capital(listed(parts))} have a date." if parts else "There is no statement and no event to date."


def of_missing(asked: str | Sequence[str], known: pd.Series, *, what: str, where: str = "statement") -> str:
    """Which of the names asked for do not occur, with the nearest that do; an empty string where all occur.

    Args:
        asked: names, as given.
        known: names that occur, with missing values.
        what: what they are, "speaker".
        where: what a row is, "statement".

    >>> plain(of_missing(["Ada Lovelase"], pd.Series(["Ada Lovelace"]), what="speaker"))
    'No statement in these tables has the speaker Ada Lovelase; the nearest are: Ada Lovelace.'
    """
    names: list[Any] = sorted(set(known.dropna()))
    there, sentences = {fold(name) for name in names}, []
    for wanted in as_names(asked):
        if fold(wanted) not in there:
            near = nearest(wanted, names)
            hint = f"; the nearest are: {listed([name(n) for n in near])}" if near else ""
            sentences.append(f"No {where} in these tables has the {what} {name(wanted)}{hint}.")
    return " ".join(sentences)
