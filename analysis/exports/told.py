"""The stored tables as they are exported: each event with its article, its statement, and how many tell its happening."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from analysis.same.deeds import Deeds, read_deeds
from analysis.same.sectors import Sectors, read_sectors
from analysis.schema import Tables
from analysis.store import rows_of

Row = dict[str, Any]

UNDATED = "undated"
UNDATED_HAPPENINGS = "undated happenings"


class Files(NamedTuple):
    """Texts by file, and how many events the format cannot hold, by reason."""

    texts: dict[Path, str]
    left_out: Counter[str]


class Told(NamedTuple):
    """An event with its article, the statement it stands in, and the number of articles and outlets that tell its happening."""

    event: Row
    article: Row
    statement: Row | None
    n_articles: int
    n_outlets: int

    @property
    def is_dated(self) -> bool:
        """Whether a day of the event is known."""
        return self.event["date_start"] is not None or self.event["date_end"] is not None

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of a dated event; one day where only that is known."""
        first, last = self.event["date_start"], self.event["date_end"]
        return first or last, last or first

    @property
    def words(self) -> str:
        """The clause that holds the event."""
        return " ".join(self.article["text"][self.event["start"] : self.event["end"]].split())


class Book:
    """The stored tables, joined for export.

    Args:
        tables: the five tables.
        folder: where the word lists lie (deeds.csv, sectors.csv).
    """

    def __init__(self, tables: Tables, folder: Path) -> None:
        self.deeds: Deeds = read_deeds(folder / "deeds.csv")
        self.sectors: Sectors = read_sectors(folder / "sectors.csv")
        articles = {row["article_id"]: row for row in rows_of(tables.articles, "articles")}
        statements = {row["statement_id"]: row for row in rows_of(tables.statements, "statements")}
        self.actors = {row["actor"]: row for row in rows_of(tables.actors, "actors")}
        events = list(rows_of(tables.events, "events"))
        in_articles: dict[str, set[str]] = defaultdict(set)
        for row in events:
            in_articles[row["event_key"] or row["event_id"]].add(row["article_id"])
        self.told = []
        for row in events:
            ids = in_articles[row["event_key"] or row["event_id"]]
            outlets = {articles[name]["outlet"] for name in ids} - {None}
            statement = statements.get(row["statement_id"])
            self.told.append(Told(row, articles[row["article_id"]], statement, len(ids), len(outlets)))

    def speaker_among(self, told: Told) -> str | None:
        """The actor of an event for whom the statement's speaker speaks, by name or by state."""
        said, names = told.statement, told.event["actors"]
        if not said or not said["speaker"]:
            return None
        if said["speaker"] in names:
            return str(said["speaker"])
        same = [name for name in names if said["country"] and self.country_of(name) == said["country"]]
        return same[0] if len(same) == 1 else None

    def country_of(self, name: str) -> str | None:
        """The alpha-3 code of an actor, None where it is not known."""
        row = self.actors.get(name)
        return row["country"] if row else None


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """CSV for spreadsheets; the mark at its start tells them that it is UTF-8."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return "\ufeff" + text.getvalue()
