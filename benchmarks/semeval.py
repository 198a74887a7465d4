"""When events happened, on the timelines of SemEval-2015 task 4: `python -m benchmarks semeval`.

The timelines give a day, a month, a year or no date for mentions of events. A date is right when both its days are those of the
timeline's. Two figures, each over the documents whose number has an odd last digit of its SHA-256, without those that MEANTIME
has in its other half, on which the model was trained (the text has those of all):
- With triggers given, over all mentions that have a date: that of the row which holds the mention, where it has one; else that
  of the nearest time expression of its sentence; else the article's date. This is a function of this benchmark: the table
  itself never falls back on the article's date.
- From the table, over the mentions that it holds and dates: the share of right ones, where a date for a mention without one in
  the timelines is wrong.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from analysis.dates import TimeExpression, date_ranges, time_expressions
from benchmarks.attributions import read_jsonl
from benchmarks.extraction import rows_by_article, tables_of
from benchmarks.overlaps import pair, share
from benchmarks.results import Figure, corpus_file, missing_corpus, number
from benchmarks.timex import half_of

Row = dict[str, Any]
Days = tuple[date, date]
DOCUMENTS, TIMELINES = "semeval2015_docs.jsonl.gz", "semeval2015_timelines.jsonl.gz"


class Mention(NamedTuple):
    """A mention of the timelines: its document, offsets, and the days that it may have, empty where it has no date."""

    document: str
    start: int
    end: int
    days: frozenset[Days]


class Answer(NamedTuple):
    """What is said of a mention: the days of its row, of the nearest time expression, and of the article; None where none."""

    mention: Mention
    held: bool
    table: Days | None
    nearest: Days | None
    article: Days

    @property
    def given(self) -> Days:
        """The answer with the trigger given."""
        return self.table or self.nearest or self.article


def days_of(value: str) -> Days | None:
    """First and last day of a date of the timelines; None where not even the year is known.

    >>> days_of("2008-02-XX")
    (datetime.date(2008, 2, 1), datetime.date(2008, 2, 29))
    >>> days_of("XXXX-XX-XX") is None
    True
    """
    known = [int(part) for part in value.split("-") if "X" not in part]
    if not known:
        return None
    first, last = known + [1, 1][len(known) - 1 :], known + [12, 31][len(known) - 1 :]
    if len(known) == 2:
        last[2] = calendar.monthrange(*known)[1]
    return date(*first), date(*last)


def day_of(value: str) -> date:
    """The day of an article; one of them has it the other way round.

    >>> day_of("2009-02-03") == day_of("03-02-2009")
    True
    """
    parts = value.split("-")
    return date.fromisoformat("-".join(parts if len(parts[0]) == 4 else reversed(parts)))


def mentions_of(timelines: Sequence[Row]) -> list[Mention]:
    """The mentions with offsets, each once; where timelines differ on a date, each of theirs is right."""
    found: dict[tuple[str, int, int], set[Days]] = {}
    for line in timelines:
        days = days_of(line["date"])
        for one in line["mentions"]:
            if one.get("start") is not None:
                found.setdefault((one["doc"], one["start"], one["end"]), set()).update([days] if days else [])
    return [Mention(*place, frozenset(days)) for place, days in found.items()]


def sentence_around(text: str, place: int) -> tuple[int, int]:
    """Offsets of the line in which a place stands: the documents have a sentence a line."""
    end = text.find("\n", place)
    return text.rfind("\n", 0, place) + 1, end if end >= 0 else len(text)


def nearest(mention: Mention, text: str, dates: Sequence[TimeExpression]) -> Days | None:
    """The days of the time expression of its sentence that is nearest to a mention, None where there is none with days."""
    start, end = sentence_around(text, mention.start)
    inside = [one for one in dates if start <= one.start and one.end <= end and one.first_day and one.last_day]
    best = min(inside, key=lambda one: max(one.start - mention.end, mention.start - one.end), default=None)
    return (best.first_day, best.last_day) if best and best.first_day and best.last_day else None


def answers(documents: Sequence[Row], mentions: Sequence[Mention], found: Mapping[str, Sequence[Row]]) -> list[Answer]:
    """What is said of every mention."""
    given = []
    for document in documents:
        text, day = document["text"], day_of(document["dct"])
        ours = [one for one in mentions if one.document == document["doc"]]
        rows = found.get(document["doc"], ())
        dates = date_ranges(text, time_expressions(text, day))
        pairs = pair([[[one.start, one.end]] for one in ours], [row["trigger_spans"] for row in rows])
        for place, one in enumerate(ours):
            row = rows[pairs[place]] if place in pairs else None
            table = (row["date_start"], row["date_end"]) if row and row["date_start"] else None
            given.append(Answer(one, row is not None, table, nearest(one, text, dates), (day, day)))
    return given


def trained_on(meantime: Sequence[str]) -> set[str]:
    """Numbers of the documents that may have been seen in training: those of MEANTIME's even half, by their ids there.

    >>> trained_on(["100911_Northrop_Grumman", "12_Other"]) <= {"100911", "12"}
    True
    """
    return {name.split("_")[0] for name in meantime if half_of(name) == "even"}


def figures_of(given: Sequence[Answer], seen: Collection[str] = ()) -> tuple[list[Figure], str]:
    """Both figures of the odd half without documents seen in training, and those of all with two simpler answers as text."""
    odd = [one for one in given if half_of(one.mention.document) == "odd" and one.mention.document not in seen]
    triggers, table = exact(odd), precision(odd)
    figures = [
        Figure("event date, SemEval-2015 odd half, triggers given, exact", triggers, 0.58, 0.65),
        Figure(f"event date, SemEval-2015 odd half, from the table, precision, {_n_dated(odd)} dated", table, 0.75, 0.85),
    ]
    text = "".join(_described(name, some) for name, some in (("odd half", odd), ("all documents", given)))
    return figures, text


def exact(given: Sequence[Answer]) -> float | None:
    """Share of the mentions with a date whose answer is right, triggers given."""
    return share([one.given in one.mention.days for one in given if one.mention.days])


def precision(given: Sequence[Answer]) -> float | None:
    """Share of the mentions dated by the table whose date is right."""
    return share([one.table in one.mention.days for one in given if one.table])


def _n_dated(given: Sequence[Answer]) -> int:
    return sum(one.table is not None for one in given)


def _described(name: str, given: Sequence[Answer]) -> str:
    dated = [one for one in given if one.mention.days]
    both = [one.table in one.mention.days for one in dated if one.table]
    return (
        f"{name}: {len(given)} mentions, {len(dated)} with a date; triggers given {number(exact(given))}, "
        f"without the table {number(share([(one.nearest or one.article) in one.mention.days for one in dated]))}, "
        f"always the article's date {number(share([one.article in one.mention.days for one in dated]))}\n"
        f"  the table holds {sum(one.held for one in given)} and dates {_n_dated(given)}, right {number(precision(given))}; "
        f"of those that have a date in the timelines {len(both)}, right {number(share(both))}\n"
    )


def measure(corpora: Path | None) -> tuple[list[Figure], str]:
    """Both figures, and what a table cannot hold; nothing but a line of text where the corpus is missing."""
    paths = [corpus_file(corpora, "events", name) for name in (DOCUMENTS, TIMELINES)]
    if not paths[0] or not paths[1]:
        return [], f"semeval: {missing_corpus('semeval')}\n"
    documents, mentions = list(read_jsonl(paths[0])), mentions_of(list(read_jsonl(paths[1])))
    records = ({"id": one["doc"], "text": one["text"], "published": day_of(one["dct"]).isoformat()} for one in documents)
    meantime = corpus_file(corpora, "events", "meantime.jsonl.gz")
    seen = trained_on([one["doc_id"] for one in read_jsonl(meantime)]) if meantime else set()
    return figures_of(answers(documents, mentions, rows_by_article(tables_of(records), "events")), seen)
