"""Tables of statements, events, articles and problems -> tables to look at, each row with its words marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from markupsafe import Markup

from analysis.counts import join_articles, span_label
from analysis.findings import listed, many
from analysis.schema import TABLES
from analysis.sentences import sentence_spans
from analysis.showing.evidence import EVENT_ROLES, ROLES, Passage, flat_spans, marked, marks_of, passage
from analysis.showing.figures import numbers_html
from analysis.showing.grid import FIRST_ROWS, View, plain_values, table_html
from analysis.showing.links import page_name
from analysis.showing.markup import Shown

FEW_ROWS = 10  # so many problems need no search
BASIS = {"explicit": "in the text", "context": "from its context", "article": "date of the article", "none": ""}
SUPPLIED = "researcher\u2019s date"
LINK = re.compile(r"https?://[^\s<>\"'`{}|\\^]{1,2000}")
STATEMENT_VIEW = (
    View("Date", "shown_date", ("date_note",), sort="date_start", missing="undated"),
    View("Speaker", "speaker", ("affiliation", "country"), filter="speaker", head=True, missing="not named"),
    View("Act", "act", ("quote_type",), filter="act"),
    View("In these words", "words", kind="words"),
    View("Outlet", "outlet", filter="outlet", missing="unknown"),
    View("Conf.", "confidence", kind="number"),
)
EVENT_VIEW = (
    View("Date", "shown_date", ("date_note",), sort="date_start", missing="undated"),
    View("Event", "type", ("quad_class",), filter="type", head=True),
    View("Status", "status", filter="status"),
    View("Who", "who", ("whom",), missing="not named"),
    View("In these words", "words", kind="words"),
    View("According to", "according_to", ("outlet",), filter="according_to", missing="the article"),
    View("Conf.", "confidence", kind="number"),
)
ARTICLE_VIEW = (
    View("Article", "title", ("article_id",), head=True, missing="no title"),
    View("Outlet", "outlet", ("author",), filter="outlet", missing="unknown"),
    View("Published", "shown_published", ("published_note",), sort="published", missing="unknown"),
    View("Reference day", "shown_reference", ("reference_note",), sort="reference_date", missing="none"),
    View("Words", "n_words", kind="number"),
    View("Statements", "n_statements", kind="number"),
    View("Events", "n_events", kind="number"),
)
PROBLEM_VIEW = (
    View("File", "path", head=True),
    View("Step", "stage", filter="stage"),
    View("Reason", "reason", filter="reason"),
    View("Detail", "detail", missing=""),
)
STATEMENT_DETAILS = {
    "Speaker found by": "speaker_basis",
    "Said to": "addressee",
    "Place": "place",
    "Reported by": "via",
    "Mentions": "mentions",
    "Negated": "negation",
    "Within the statement of": "parent_speaker",
    "Date taken from": "date_text",
    "Row": "statement_id",
}
EVENT_DETAILS = {
    "Words that name it": "trigger",
    "About": "object",
    "Place": "place",
    "Countries": "countries",
    "Date taken from": "date_text",
    "Within the statement": "statement_id",
    "Same happening": "event_key",
    "Row": "event_id",
}
ARTICLE_BASIS = {
    "researcher": SUPPLIED,
    "record": "from the record",
    "text": "in the text",
    "published": "day of publication",
    "inferred": "latest day it reports",
    "none": None,
}


# ------------------------------------------------------------------ rows with their words


class _Places(NamedTuple):
    """Where the words of rows stand: the articles used, each row's article by number, and its passage."""

    used: pd.DataFrame
    number: list[int]
    passages: list[Passage]


def _places(rows: pd.DataFrame, articles: pd.DataFrame, roles: Sequence[str]) -> _Places:
    used = articles[articles["article_id"].isin(set(rows["article_id"]))]
    place = {article_id: i for i, article_id in enumerate(used["article_id"])}
    sentences = [sentence_spans(text) for text in used["text"]]
    number = rows["article_id"].map(place).tolist()
    spans = zip(*(rows[f"{role}_spans"] for role in roles), strict=True)
    passages = [
        passage([span for group in groups for span in flat_spans(group)], sentences[i])
        for i, groups in zip(number, spans, strict=True)
    ]
    return _Places(used, number, passages)


def _word_table(
    name: str,
    rows: pd.DataFrame,
    articles: pd.DataFrame,
    extra: Mapping[str, list[Any]],
    views: Sequence[View],
    *,
    roles: Sequence[str],
    details: Mapping[str, str],
    caption: str,
) -> Shown:
    """A table whose rows show their words; see `statement_table`."""
    used, number, passages = _places(rows, articles, roles)
    texts = used["text"].tolist()
    about = [_article_data(row) for row in used[["article_id", "title", "outlet", "url", "text"]].to_dict("records")]
    first = rows[:FIRST_ROWS].to_dict("records")
    words = [_words(texts[number[i]], passages[i], marks_of(row, roles)) for i, row in enumerate(first)]  # type: ignore[arg-type]
    everywhere = {
        "shown_date": [None if a != a and b != b else span_label(a, b) for a, b in _days(rows)],
        "date_note": [
            _date_note(*values)
            for values in zip(rows["date_basis"], rows["date_text"], rows["date_from_researcher"], strict=True)
        ],
        "outlet": plain_values(rows["outlet"]),
        "article": number,
        "sentences": [[p.before, p.after, *(side for span in p.sentences for side in span)] for p in passages],
    }
    html = table_html(
        name,
        {column: plain_values(rows[column]) for column in TABLES[name]},
        everywhere | dict(extra),
        views,
        caption=caption,
        words=words,
        more={"floats": ["confidence"], "details": details, "roles": roles, "articles": about},
    )
    return Shown(html, many(len(rows), name.removesuffix("s")) + " in a table")


def _days(statements: pd.DataFrame) -> Iterable[tuple[np.datetime64, np.datetime64]]:
    return zip(statements["date_start"].to_numpy(), statements["date_end"].to_numpy(), strict=True)


def _date_note(basis: str, words: object, supplied: bool) -> str | None:
    if basis == "article":
        return SUPPLIED if supplied else BASIS[basis]
    said = f"“{words}”" if basis == "resolved" and isinstance(words, str) else BASIS.get(basis, basis)
    return " · ".join(part for part in (said, SUPPLIED if supplied else "") if part) or None


def _parent(parent: object, speakers: Mapping[str, object]) -> str | None:
    if not isinstance(parent, str):
        return None
    speaker = speakers.get(parent)
    return speaker if isinstance(speaker, str) else parent


def _article_data(article: Mapping[Any, Any]) -> dict[str, Any]:
    found = {key: value if isinstance(value, str) else None for key, value in article.items()}
    url = found["url"]
    safe = url if url and LINK.fullmatch(url) else None
    about = {"id": found["article_id"], "title": found["title"], "outlet": found["outlet"], "url": safe, "text": found["text"]}
    return about | {"page": page_name(article["article_id"])}


def _words(text: str, where: Passage, marks: Iterable[tuple[int, int, str]]) -> Markup:
    """The sentences that hold a row's words, its words marked."""
    marks = list(marks)
    return Markup('<bdi class="words">{}</bdi>').format(
        Markup(" … ").join(marked(text, a, b, marks) for a, b in where.sentences)
    )


# ------------------------------------------------------------------ the tables


def statement_table(statements: pd.DataFrame, articles: pd.DataFrame, *, caption: str = "Statements") -> Shown:
    """All statements as a table that can be searched, sorted, filtered and saved as CSV, each with its words marked.

    Args:
        statements: statements, as filtered; all columns of the statements table.
        articles: the articles table.
        caption: what the table holds.

    Returns:
        Shown; its text says how many rows there are.

    The whole table is in the page, every column and row. The first rows stand there as HTML, the others as data from
    which the script makes rows when they are looked at. Texts of articles stand there once.
    """
    joined = statements if "date_from_researcher" in statements else join_articles(statements, articles)
    speakers = dict(zip(joined["statement_id"], joined["speaker"], strict=True))
    extra: dict[str, list[Any]] = {
        "negation": ["yes" if value else None for value in joined["negated"]],
        "parent_speaker": [_parent(parent, speakers) for parent in joined["parent_id"]],
    }
    values: dict[str, Any] = {"roles": ROLES, "details": STATEMENT_DETAILS, "caption": caption}
    return _word_table("statements", joined, articles, extra, STATEMENT_VIEW, **values)


def event_table(events: pd.DataFrame, articles: pd.DataFrame, *, caption: str = "Events") -> Shown:
    """All events as a table like that of `statement_table`.

    Args:
        events: events, as filtered, with the columns that `chronology.join_events` adds.
        articles: the articles table.
        caption: what the table holds.

    Returns:
        Shown; its text says how many rows there are.
    """
    inside = events["statement_id"].notna()
    extra: dict[str, list[Any]] = {
        "who": [", ".join(names) or None for names in events["actors"]],
        "whom": [f"to {listed(names)}" if names else None for names in events["recipients"]],
        "according_to": [
            name if isinstance(name, str) else "an unnamed speaker" if within else None
            for name, within in zip(events["according_to"], inside, strict=True)
        ],
    }
    values: dict[str, Any] = {"roles": EVENT_ROLES, "details": EVENT_DETAILS, "caption": caption}
    return _word_table("events", events, articles, extra, EVENT_VIEW, **values)


def article_table(articles: pd.DataFrame, *, caption: str = "Articles") -> Shown:
    """All articles as a table; their texts and zones are not in it.

    Args:
        articles: as `corpus.with_rows` returns them.
        caption: what the table holds.
    """
    columns = {column: plain_values(articles[column]) for column in TABLES["articles"] if column not in ("text", "zones")}
    extra: dict[str, list[Any]] = {name: articles[name].tolist() for name in ("n_statements", "n_events")}
    extra["page"] = [page_name(article_id) for article_id in articles["article_id"]]
    for shown, day in (("published", "published"), ("reference", "reference_date")):
        extra[f"shown_{shown}"] = [None if value != value else span_label(value, value) for value in articles[day].to_numpy()]
        extra[f"{shown}_note"] = [ARTICLE_BASIS[basis] for basis in articles[f"{shown}_basis"]]
    extra["page"] = [page_name(article_id) for article_id in articles["article_id"]]
    html = table_html("articles", columns, extra, ARTICLE_VIEW, caption=caption)
    return Shown(html, many(len(articles), "article") + " in a table")


def problem_table(problems: pd.DataFrame, *, caption: str = "What could not be read, or was changed to be read") -> Shown:
    """The problems table, every row.

    Args:
        problems: the problems table.
        caption: what the table holds.

    >>> from analysis.schema import table
    >>> problem_table(table("problems"))
    no problems
    """
    text = many(len(problems), "problem")
    if len(problems) <= FEW_ROWS:
        few = numbers_html(problems[["path", "stage", "reason", "detail"]], caption=caption) if len(problems) else Markup("")
        return Shown(few, text)
    columns = {column: plain_values(problems[column]) for column in TABLES["problems"]}
    return Shown(table_html("problems", columns, {}, PROBLEM_VIEW, caption=caption), text + " in a table")
