"""A row -> the passage of its article with its words marked, between the sentences beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from analysis.findings import visible
from analysis.schema import Tables
from analysis.sentences import sentence_spans
from analysis.showing.markup import Shown, coded, text_html

ROLES = ("source", "cue", "content")
EVENT_ROLES = ("actor", "trigger", "recipient")


class Passage(NamedTuple):
    """Where the words of a row stand: offsets into the article's text.

    Attributes:
        sentences: (start, end) of the sentences that hold its words; neighbours are joined.
        before: start of the sentence before them (or of the first of them).
        after: end of the sentence after them (or of the last of them).
    """

    sentences: list[tuple[int, int]]
    before: int
    after: int


def passage(spans: Sequence[Sequence[int]], sentences: Sequence[tuple[int, int]]) -> Passage:
    """The sentences in which spans stand, and their neighbours.

    Args:
        spans: (start, end) of the words of a row.
        sentences: (start, end) of every sentence of the text, in order.

    >>> passage([[6, 8]], [(0, 4), (5, 9), (10, 14)])
    Passage(sentences=[(5, 9)], before=0, after=14)
    """
    held = [i for i, (a, b) in enumerate(sentences) if any(start < b and end > a for start, end in spans)]
    if not held:
        first, last = min((s[0] for s in spans), default=0), max((s[1] for s in spans), default=0)
        return Passage([(first, last)], first, last)
    parts: list[tuple[int, int]] = []
    for number, i in enumerate(held):
        if number and held[number - 1] == i - 1:
            parts[-1] = (parts[-1][0], sentences[i][1])
        else:
            parts.append(sentences[i])
    return Passage(parts, sentences[max(held[0] - 1, 0)][0], sentences[min(held[-1] + 1, len(sentences) - 1)][1])


def marked(text: str, start: int, end: int, marks: Iterable[tuple[int, int, str]]) -> Markup:
    """A stretch of text with some of its words marked.

    Args:
        text: the article's text.
        start, end: the stretch.
        marks: (start, end, role); of marks that overlap the first wins.

    >>> marked("Ada said so.", 0, 12, [(0, 3, "source")])
    Markup('<mark class="source">Ada</mark> said so.')
    """
    parts, at = [], start
    for a, b, role in sorted(marks):
        a, b = max(a, at), min(b, end)
        if a < b:
            parts += [coded(text[at:a]), Markup('<mark class="{}">{}</mark>').format(role, coded(text[a:b]))]
            at = b
    return Markup("").join([*parts, coded(text[at:end])])


def flat_spans(spans: Sequence[Any]) -> list[tuple[int, int]]:
    """Spans as (start, end), from a list of spans or a list of lists of spans.

    >>> flat_spans([[0, 3]]), flat_spans([[[0, 3], [5, 6]], []])
    ([(0, 3)], [(0, 3), (5, 6)])
    """
    found: list[tuple[int, int]] = []
    for span in spans:
        if len(span) == 2 and not isinstance(span[0], Sequence):
            found.append((span[0], span[1]))
        else:
            found += flat_spans(span)
    return found


def roles_of(columns: Iterable[object]) -> tuple[str, ...]:
    """The roles whose words are marked in rows with these columns: those of statements or of events."""
    return EVENT_ROLES if "trigger_spans" in set(columns) else ROLES


def marks_of(row: Mapping[str, Any], roles: Sequence[str]) -> list[tuple[int, int, str]]:
    """(start, end, role) of every word of a row that is marked."""
    return [(a, b, role) for role in roles for a, b in flat_spans(row[f"{role}_spans"])]


def evidence(row: pd.Series, articles: pd.DataFrame | Tables) -> Shown:
    """A statement or an event in its article: its sentences with its words marked, between their neighbours.

    Args:
        row: a row of the statements table or of the events table.
        articles: the articles table, or the tables.

    Returns:
        Shown; its text is the passage.

    Raises:
        KeyError: the row's article is not there.
    """
    articles = articles.articles if isinstance(articles, Tables) else articles
    found = articles[articles["article_id"] == row["article_id"]]
    if found.empty:
        raise KeyError(f"article {row['article_id']!r} is not in these articles; give the tables that the row comes from")
    article = found.iloc[0]
    return Shown(
        Markup('<figure class="evidence">{}</figure>').format(quotation(row, article)), visible(passage_text(row, article))
    )


def _passage_of(row: pd.Series, text: str) -> tuple[Passage, list[tuple[int, int, str]]]:
    marks = marks_of(row, roles_of(row.index))
    return passage([(a, b) for a, b, _ in marks] or [(row["start"], row["end"])], sentence_spans(text)), marks


def passage_text(row: pd.Series, article: pd.Series) -> str:
    """The sentences of a row and their neighbours, as they stand in the article."""
    where, _ = _passage_of(row, article["text"])
    return str(article["text"][where.before : where.after])


def quotation(row: pd.Series, article: pd.Series, *, wide: bool = True) -> Markup:
    """The passage of a row as a quotation, with its source below.

    Args:
        row: of the statements table or of the events table.
        article: its row of the articles table.
        wide: with the sentences beside those that hold its words.
    """
    text = article["text"]
    where, marks = _passage_of(row, text)
    first, last = where.sentences[0][0], where.sentences[-1][1]
    body = marked(text, first, last, marks)
    if wide:
        beside = Markup('<span class="beside">{}</span>')
        body = Markup("").join(
            [beside.format(coded(text[where.before : first])), body, beside.format(coded(text[last : where.after]))]
        )
    source = [value for value in (article["title"], article["outlet"], article["article_id"]) if isinstance(value, str)]
    return Markup('<blockquote><bdi class="passage">{}</bdi></blockquote><figcaption>{}</figcaption>').format(
        body, Markup(" · ").join(text_html(value) for value in source)
    )
