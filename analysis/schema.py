"""The five tables: their columns, types and meaning; empty tables, tables from rows, and checks.

Everything the suite shows is read from these tables. A column is declared once, here; its pandas dtype, its Arrow type
and its description all come from that declaration.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

ACTS = (
    "say", "announce", "claim", "deny", "recall", "warn", "urge", "ask", "answer", "promise", "agree", "refuse",
    "express", "tell", "think", "other",
)  # fmt: skip
NOT_STATEMENTS = ("think", "other")
QUOTE_TYPES = ("direct", "mixed", "indirect")
SPEAKER_BASES = ("named", "pronoun", "role", "implied", "none")
SPEAKER_KINDS = ("person", "organisation", "government", "group", "unknown")
ZONES = ("headline", "body", "boilerplate")
FORMATS = ("text", "html", "jsonl", "json", "csv", "parquet")
DATE_BASES = ("explicit", "resolved", "context", "article", "none")
PUBLISHED_BASES = ("researcher", "record", "text", "none")
REFERENCE_BASES = ("researcher", "published", "inferred", "none")
REVIEWS = ("none", "confirmed", "corrected", "added")
EVENT_TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
QUAD_CLASSES = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
STATUSES = ("occurred", "ongoing", "planned", "considered", "threatened", "refused")
STAGES = ("read", "extract", "metadata", "actors")

# The kinds of column; see `pandas_dtype` for their form in memory and store.py for that on disk.
TEXT, CATEGORY, INT, FLOAT, BOOL, DATE = "text", "category", "int", "float", "bool", "date"
NAMES, SPANS, SPAN_LISTS, ZONE_LIST = "names", "spans", "span lists", "zones"
LISTS = (NAMES, SPANS, SPAN_LISTS, ZONE_LIST)


class Column(NamedTuple):
    """One column: its kind, what it means, the values it may hold (any if None), and whether it may be missing."""

    kind: str
    meaning: str
    values: tuple[str, ...] | None = None
    missing: bool = False


DATES = {
    "date_start": Column(DATE, "first day", missing=True),
    "date_end": Column(DATE, "last day", missing=True),
    "date_basis": Column(TEXT, "where the date comes from", DATE_BASES),
    "date_text": Column(TEXT, "the time expression as written", missing=True),
}

TABLES: dict[str, dict[str, Column]] = {
    "articles": {
        "article_id": Column(TEXT, "unique name of the article"),
        "path": Column(TEXT, "file below the corpus folder"),
        "format": Column(CATEGORY, "format of the file", FORMATS),
        "sha256": Column(TEXT, "hash of the article's bytes as read"),
        "title": Column(TEXT, "title", missing=True),
        "outlet": Column(TEXT, "who published it", missing=True),
        "author": Column(TEXT, "who wrote it", missing=True),
        "url": Column(TEXT, "address, http or https", missing=True),
        "language": Column(TEXT, "ISO 639-1 code of the text's language", missing=True),
        "published": Column(DATE, "day of publication", missing=True),
        "published_basis": Column(TEXT, "where the day of publication comes from", PUBLISHED_BASES),
        "reference_date": Column(DATE, "day against which relative dates are resolved", missing=True),
        "reference_basis": Column(TEXT, "where the reference date comes from", REFERENCE_BASES),
        "text": Column(TEXT, "the text that all offsets index"),
        "zones": Column(ZONE_LIST, "headline, body and boilerplate parts of the text"),
        "n_words": Column(INT, "words in headline and body"),
        "metadata_note": Column(TEXT, "note of the researcher's metadata row", missing=True),
    },
    "statements": {
        "statement_id": Column(TEXT, "unique, from the article's id and the statement's spans"),
        "article_id": Column(TEXT, "article it stands in"),
        "zone": Column(TEXT, "headline or body", ZONES[:2]),
        "start": Column(INT, "offset of its first character"),
        "end": Column(INT, "offset after its last character"),
        "source_spans": Column(SPANS, "offsets of the words that name the source"),
        "cue_spans": Column(SPANS, "offsets of the words that attribute"),
        "content_spans": Column(SPANS, "offsets of what is said"),
        "source": Column(TEXT, "words of the source", missing=True),
        "cue": Column(TEXT, "words of the cue", missing=True),
        "content": Column(TEXT, "words of the content", missing=True),
        "speaker": Column(TEXT, "canonical name of who said it", missing=True),
        "speaker_basis": Column(TEXT, "how the speaker was found", SPEAKER_BASES),
        "speaker_kind": Column(TEXT, "what the speaker is", SPEAKER_KINDS),
        "country": Column(TEXT, "ISO 3166 alpha-3 code of the speaker's state", missing=True),
        "affiliation": Column(TEXT, "office or organisation named in the article", missing=True),
        "via": Column(NAMES, "media credited with the statement"),
        "quote_type": Column(TEXT, "share of the content inside quotation marks", QUOTE_TYPES),
        "act": Column(TEXT, "kind of speech act", ACTS),
        "negated": Column(BOOL, "whether the act is negated"),
        "parent_id": Column(TEXT, "statement in whose content it stands", missing=True),
        **DATES,
        "place": Column(TEXT, "where it was said", missing=True),
        "addressee": Column(TEXT, "to whom it was said", missing=True),
        "mentions": Column(NAMES, "actors named in the content"),
        "confidence": Column(FLOAT, "calibrated probability that the row is right"),
        "review": Column(TEXT, "what a person did to the row", REVIEWS),
    },
    "events": {
        "event_id": Column(TEXT, "unique, from the article's id and the event's spans"),
        "article_id": Column(TEXT, "article it stands in"),
        "zone": Column(TEXT, "headline or body", ZONES[:2]),
        "statement_id": Column(TEXT, "innermost statement in whose content it stands", missing=True),
        "start": Column(INT, "offset of its first character"),
        "end": Column(INT, "offset after its last character"),
        "trigger_spans": Column(SPANS, "offsets of the words that name the event"),
        "trigger": Column(TEXT, "words that name the event"),
        "type": Column(TEXT, "PLOVER event type", EVENT_TYPES),
        "quad_class": Column(TEXT, "PLOVER quad class", QUAD_CLASSES),
        "actors": Column(NAMES, "canonical names of who does it"),
        "recipients": Column(NAMES, "canonical names of to whom it is done"),
        "actor_spans": Column(SPAN_LISTS, "mentions of the actors, in their order"),
        "recipient_spans": Column(SPAN_LISTS, "mentions of the recipients, in their order"),
        "countries": Column(NAMES, "sorted alpha-3 codes of all participants"),
        "status": Column(TEXT, "whether it happened", STATUSES),
        **DATES,
        "place": Column(TEXT, "where it happened", missing=True),
        "object": Column(TEXT, "what it is about", missing=True),
        "event_key": Column(TEXT, "shared by all mentions of the same happening", missing=True),
        "confidence": Column(FLOAT, "calibrated probability that the row is right"),
        "review": Column(TEXT, "what a person did to the row", REVIEWS),
    },
    "actors": {
        "actor": Column(TEXT, "canonical name, unique"),
        "of": Column(TEXT, "the state whose government it is", missing=True),
        "kind": Column(TEXT, "what it is", SPEAKER_KINDS),
        "country": Column(TEXT, "ISO 3166 alpha-3 code", missing=True),
        "aliases": Column(NAMES, "other names seen"),
        "n_statements": Column(INT, "statements it made"),
        "n_events": Column(INT, "events it takes part in"),
        "basis": Column(TEXT, "where the name comes from", ("authority", "found")),
    },
    "problems": {
        "article_id": Column(TEXT, "article concerned", missing=True),
        "path": Column(TEXT, "file concerned"),
        "stage": Column(TEXT, "step that met the problem", STAGES),
        "reason": Column(TEXT, "what kind of problem, in a few fixed words"),
        "detail": Column(TEXT, "what was given, what was expected, what to do", missing=True),
    },
}
KEYS = {"articles": "article_id", "statements": "statement_id", "events": "event_id", "actors": "actor"}


class TableError(ValueError):
    """A table does not keep to its declaration; the message says which column, what was found and what is allowed."""


def pandas_dtype(column: Column) -> Any:
    """The pandas dtype of a column: str, category, int64, float64, bool, datetime64[s], or object for lists."""
    if column.kind == CATEGORY:
        return pd.CategoricalDtype(list(column.values or ()))
    return {TEXT: "str", INT: "int64", FLOAT: "float64", BOOL: "bool", DATE: "datetime64[s]"}.get(column.kind, object)


def table(name: str, rows: Iterable[dict[str, Any]] = ()) -> pd.DataFrame:
    """A table from rows, with the declared columns in the declared order and dtypes.

    Args:
        name: one of articles, statements, events, actors, problems.
        rows: one dictionary a row. A key that is left out, or None, is missing; lists are copied as they are. Dates are
            `datetime.date`, ISO strings or None.

    Returns:
        A DataFrame with a RangeIndex.

    Raises:
        TableError: a row has a key that is no column of the table.

    >>> table("problems", [{"path": "a.txt", "stage": "read", "reason": "empty file"}])["reason"].tolist()
    ['empty file']
    >>> len(table("events"))
    0
    """
    columns = TABLES[name]
    rows = list(rows)
    for row in rows:
        unknown = set(row) - set(columns)
        if unknown:
            raise TableError(f"{name} has no column {sorted(unknown)}; its columns are {list(columns)}")
    data = {key: _series([row.get(key) for row in rows], column) for key, column in columns.items()}
    return pd.DataFrame(data, columns=list(columns))


def _series(values: list[Any], column: Column) -> pd.Series:
    if column.kind in LISTS:
        series = pd.Series([None] * len(values), dtype=object)
        series[:] = [value if value is not None else [] for value in values]
        return series
    if column.kind == DATE:
        return pd.Series(
            np.array([np.datetime64(str(v), "s") if v is not None else np.datetime64("NaT") for v in values], "datetime64[s]")
        )
    return pd.Series(values, dtype=pandas_dtype(column))


def check_table(frame: pd.DataFrame, name: str, *, articles: pd.DataFrame | None = None) -> pd.DataFrame:
    """The same table, after checking it against its declaration.

    Checks the columns and their order, dtypes, missing values, allowed values and the key; no empty string where a value
    is missing; with `articles`, that every row's article is there and that offsets lie inside its text.

    Raises:
        TableError: with the first thing that is wrong.

    >>> check_table(table("events"), "events").empty
    True
    >>> check_table(table("events").drop(columns="type"), "events")
    Traceback (most recent call last):
    analysis.schema.TableError: events: columns missing ['type'], unknown []
    """
    columns = TABLES[name]
    if list(frame.columns) != list(columns):
        missing = [c for c in columns if c not in frame]
        unknown = [c for c in frame if c not in columns]
        if missing or unknown:
            raise TableError(f"{name}: columns missing {missing}, unknown {unknown}")
        raise TableError(f"{name}: columns in the order {list(frame.columns)}, expected {list(columns)}")
    for key, column in columns.items():
        _check_column(frame[key], column, f"{name}.{key}")
    if name in KEYS and frame[KEYS[name]].duplicated().any():
        twice = frame.loc[frame[KEYS[name]].duplicated(), KEYS[name]].iloc[0]
        raise TableError(f"{name}.{KEYS[name]}: {twice!r} stands in more than one row")
    if articles is not None and len(frame) and {"article_id", "start", "end"} <= set(columns):
        length = frame["article_id"].map(articles.set_index("article_id")["text"].str.len())
        wrong = frame[length.isna() | (frame["start"] < 0) | (frame["start"] >= frame["end"]) | (frame["end"] > length)]
        if len(wrong):
            row = wrong.iloc[0]
            raise TableError(f"{name}: [{row['start']}, {row['end']}] is no span of article {row['article_id']!r}")
    return frame


def _check_column(series: pd.Series, column: Column, where: str) -> None:
    wanted = pandas_dtype(column)
    if series.dtype != wanted and not (column.kind == CATEGORY and isinstance(series.dtype, pd.CategoricalDtype)):
        raise TableError(f"{where}: dtype {series.dtype}, expected {wanted}")
    if column.kind in LISTS:
        if not series.map(lambda value: isinstance(value, list)).all():
            raise TableError(f"{where}: every value must be a list, an empty one where there is nothing")
        return
    if not column.missing and series.isna().any():
        raise TableError(f"{where}: {int(series.isna().sum())} missing values, none allowed")
    if column.kind == TEXT and (series == "").any() and where != "articles.text":
        raise TableError(f"{where}: an empty string; a missing value must be NA")
    if column.values is not None:
        odd = sorted(set(series.dropna().astype(str)) - set(column.values))
        if odd:
            raise TableError(f"{where}: {odd[0]!r} is none of {list(column.values)}")


@dataclass
class Tables:
    """The five tables of a corpus, each a DataFrame as declared above.

    >>> Tables()
    Tables: 0 articles, 0 statements, 0 events, 0 actors, 0 problems
    """

    articles: pd.DataFrame = field(default_factory=lambda: table("articles"))
    statements: pd.DataFrame = field(default_factory=lambda: table("statements"))
    events: pd.DataFrame = field(default_factory=lambda: table("events"))
    actors: pd.DataFrame = field(default_factory=lambda: table("actors"))
    problems: pd.DataFrame = field(default_factory=lambda: table("problems"))

    def __repr__(self) -> str:
        return "Tables: " + ", ".join(f"{len(getattr(self, name)):,} {name}" for name in TABLES)

    def _repr_html_(self) -> str:
        """What a notebook shows: how much there is, and the problems."""
        shown: str = import_module("analysis.show").tables(self)._repr_html_()
        return shown

    def check(self) -> Tables:
        """The same tables after `check_table` of each; raises TableError."""
        for name in TABLES:
            check_table(getattr(self, name), name, articles=self.articles)
        return self
