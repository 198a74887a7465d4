"""Events -> a timeline that TimelineJS shows: JSON, or the columns of its spreadsheet."""

from __future__ import annotations

import html
import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from analysis.exports.told import UNDATED_HAPPENINGS, Book, Files, Told, csv_text
from analysis.schema import TEXT
from analysis.store import cell_of

Row = dict[str, Any]

COLUMNS = (
    "Year", "Month", "Day", "Time", "End Year", "End Month", "End Day", "End Time", "Display Date", "Headline", "Text", "Media",
    "Media Credit", "Media Caption", "Media Thumbnail", "Type", "Group", "Background",
)  # fmt: skip


def timelinejs(book: Book, out: Path) -> Files:
    """One slide for each happening that has a date, oldest first: JSON, or the columns of its spreadsheet for a .csv file.

    TimelineJS shows its texts as HTML, so every word of an article is escaped.
    """
    happenings: dict[str, list[Told]] = defaultdict(list)
    for told in book.told:
        happenings[told.event["event_key"] or told.event["event_id"]].append(told)
    slides: list[Row] = []
    left = Counter({UNDATED_HAPPENINGS: 0})
    for key, mentions in happenings.items():
        dated = [told for told in mentions if told.is_dated]
        if dated:
            slides.append(_slide(key, min(dated, key=_exactness)))
        else:
            left[UNDATED_HAPPENINGS] += 1
    slides.sort(key=lambda slide: (slide["start"], slide["end"], slide["unique_id"]))
    if out.suffix.lower() == ".csv":
        return Files({out: csv_text([COLUMNS, *map(_cells, slides)])}, left)
    return Files({out: json.dumps({"events": list(map(_as_json, slides))}, ensure_ascii=False, indent=1) + "\n"}, left)


def _exactness(told: Told) -> tuple[Any, ...]:
    """The mention that tells a happening best: what came about before what was to come, few days before many, the surest."""
    event, (first, last) = told.event, told.days
    stage = 0 if event["status"] in ("occurred", "ongoing") else 1
    return stage, (last - first).days, -event["confidence"], event["event_id"]


def _slide(key: str, told: Told) -> Row:
    event, (first, last) = told.event, told.days
    sides = [", ".join(event[side]) for side in ("actors", "recipients")]
    status = "" if event["status"] == "occurred" else f" ({event['status']})"
    headline = f"{' → '.join(filter(None, sides))}: {event['trigger']}{status}"
    outlet = f", {told.article['outlet']}" if told.article["outlet"] else ""
    source = told.article["title"] or told.article["article_id"]
    count = f"{told.n_articles} article{'s' * (told.n_articles > 1)}"
    count += f", {told.n_outlets} outlet{'s' * (told.n_outlets > 1)}" if told.n_outlets else ""
    return {
        "unique_id": key,
        "start": first,
        "end": last,
        "headline": html.escape(headline),
        "text": f"<p>{html.escape(told.words)}</p><p>{html.escape(source + outlet)} ({count})</p>",
        "group": event["quad_class"],
        "display_date": _display(first, last, open_end=event["date_end"] is None),
    }


def _display(first: date, last: date, *, open_end: bool) -> str:
    if open_end:
        return f"since {first.isoformat()}"
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"


def _as_json(slide: Row) -> Row:
    days = {"start_date": slide["start"], "end_date": slide["end"] if slide["end"] != slide["start"] else None}
    return {
        "unique_id": slide["unique_id"],
        **{key: {"year": day.year, "month": day.month, "day": day.day} for key, day in days.items() if day},
        "display_date": slide["display_date"],
        "text": {"headline": slide["headline"], "text": slide["text"]},
        "group": slide["group"],
        "autolink": False,
    }


def _cells(slide: Row) -> list[str]:
    first, last = slide["start"], slide["end"]
    ends = [last.year, last.month, last.day] if last != first else ["", "", ""]
    texts = [cell_of(slide[key], TEXT) for key in ("headline", "text", "group")]
    days = [first.year, first.month, first.day, "", *ends, "", slide["display_date"]]
    return [*map(str, days), *texts[:2], "", "", "", "", "", texts[2], ""]
