"""Tables like those that extraction writes, from sentences of our own: counting and showing can be tested alone."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from analysis.schema import STATUSES, Tables, check_table, table

SPEAKERS = [
    ("Ingrid Solheim", "person", "NOR", "Energy Minister Ingrid Solheim"),
    ("Tomás Quiroga", "person", "CHL", "Tomás Quiroga, head of the port authority"),
    ("Canada government", "government", "CAN", "Ottawa"),
    ("Nomvula Dube", "person", "ZAF", "Nomvula Dube"),
    ("Lakeside Fishers' Union", "organisation", "KEN", "the Lakeside Fishers' Union"),
    (None, "group", None, "two harbour officials"),
]
CONTENTS = [
    "the new ferry line will open before the summer",
    "no ship has been turned away since the storm",
    "prices for diesel have doubled within a year",
    "the treaty leaves every question about quotas open",
    "we were never asked about the closing of the canal",
    "a second terminal would cost more than the first",
    "repairs on the northern pier are almost finished",
]
CUES = [
    ("said", "say"),
    ("announced", "announce"),
    ("warned", "warn"),
    ("denied", "deny"),
    ("told reporters", "tell"),
    ("claimed", "claim"),
    ("believes", "think"),
]
# (words before the trigger, trigger, words after it; type, quad class, actors, recipients, countries, object)
EVENTS = [
    ("Norway", "sent", "two ships to Chile", "AID", "material cooperation", ["Norway"], ["Chile"], "CHL NOR", "ships"),
    ("Kenya and Canada", "met", "in Oslo", "CONSULT", "verbal cooperation", ["Kenya", "Canada"], [], "CAN KEN", None),
    ("Chile", "accused", "Norway of overfishing", "ACCUSE", "verbal conflict", ["Chile"], ["Norway"], "CHL NOR", "overfishing"),
    ("Dockers", "blocked", "the northern pier", "PROTEST", "material conflict", [], [], "", "the northern pier"),
    ("Canada", "imposed", "a fee on Kenya", "SANCTION", "material conflict", ["Canada"], ["Kenya"], "CAN KEN", "a fee"),
    ("Nomvula Dube", "praised", "the Lakeside Fishers' Union", "SUPPORT", "verbal cooperation", ["Nomvula Dube"],
     ["Lakeside Fishers' Union"], "KEN ZAF", None),
]  # fmt: skip
EVENT_DATES = ["explicit", "resolved", "interval", "none", "context", "outlier", "none", "open"]
OUTLETS = ["Nordlys Daily", "Puerto Abierto", "The Lakeside Post"]


class _Article:
    """Text that grows sentence by sentence, with the statements in it."""

    def __init__(self, article_id: str, title: str) -> None:
        self.article_id, self.text = article_id, title + "\n\n"
        self.rows: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []

    def add(self, text: str) -> list[int]:
        start = len(self.text)
        self.text += text
        return [start, len(self.text)]

    def statement(self, pieces: dict[str, list[list[int]]], **values: object) -> dict[str, Any]:
        spans = sorted(span for group in pieces.values() for span in group)
        row: dict[str, Any] = {f"{role}_spans": pieces.get(role, []) for role in ("source", "cue", "content")}
        row |= {
            role: " ... ".join(self.text[a:b] for a, b in pieces.get(role, [])) or None for role in ("source", "cue", "content")
        }
        key = hashlib.sha256(repr(spans).encode()).hexdigest()[:8]
        row |= {"statement_id": f"{self.article_id}-s{key}", "article_id": self.article_id, "zone": "body", "negated": False}
        row |= {"start": spans[0][0], "end": spans[-1][1], "review": "none", "speaker_basis": "named", "date_basis": "none"}
        row |= values
        self.rows.append(row)
        return row

    def event(self, n: int, day: date | None, statement: str | None) -> dict[str, Any]:
        """One sentence with one event; types, statuses and kinds of dates in turn."""
        before, trigger, after, plover, quad, actors, recipients, countries, about = EVENTS[n % len(EVENTS)]
        start, mentions = len(self.text), []
        who = self.add(before)
        self.add(" ")
        named = self.add(trigger)
        self.add(" ")
        at = len(self.text)
        self.add(after)
        mentions = [[at + after.index(name), at + after.index(name) + len(name)] for name in recipients]
        row: dict[str, Any] = {"event_id": f"{self.article_id}-e{n:08x}", "article_id": self.article_id, "zone": "body"}
        row |= {"start": start, "end": len(self.text), "trigger_spans": [named], "trigger": trigger, "object": about}
        row |= {"type": plover, "quad_class": quad, "actors": actors, "recipients": recipients, "countries": countries.split()}
        row |= {"actor_spans": [[who] for _ in actors], "recipient_spans": [[span] for span in mentions]}
        # The mentions n and n + 6, in one article or in two, are of the same happening, and agree in all that matters.
        kind, happening = n % len(EVENTS), n // (2 * len(EVENTS))
        row |= {"status": STATUSES[(kind + happening) % len(STATUSES)], "confidence": round(0.5 + (n * 29 % 50) / 100, 2)}
        row |= {"statement_id": statement, "event_key": f"k{kind}-{happening}", "review": "none"}
        row |= _event_date(kind + happening, day and date(2012, 1, 2) + timedelta(days=(happening * 37 + kind * 3) % 4000))
        self.text += ". "
        self.events.append(row)
        return row


def _event_date(n: int, day: date | None) -> dict[str, Any]:
    kind = EVENT_DATES[n % len(EVENT_DATES)]
    if kind == "none" or day is None:
        return {"date_basis": "none"}
    basis = kind if kind in ("explicit", "resolved", "context") else "explicit"
    row: dict[str, Any] = {"date_basis": basis, "date_start": day, "date_end": day, "date_text": "on Monday"}
    if kind == "interval":
        row["date_end"] = day + timedelta(days=25)
    if kind == "outlier":
        row |= {"date_start": date(1814, 5, 17), "date_end": date(1814, 5, 17)} if n % 3 == 0 else {}
    if kind == "open":
        row["date_end"] = None
    return row


def _sentence(article: _Article, n: int, day: date | None, filler: int) -> None:
    """One sentence with one statement: direct, split, mixed or indirect in turn; every seventh holds another statement."""
    name, kind, country, mention = SPEAKERS[(n * n + n // 3) % len(SPEAKERS)]
    cue, act = CUES[(n * 5 + n // 7) % len(CUES)]
    content, form = CONTENTS[(n * 3) % len(CONTENTS)], n % 4
    values: dict[str, object] = {"speaker": name, "speaker_kind": kind, "country": country, "act": act}
    values["confidence"] = round(0.55 + (n * 37 % 45) / 100, 2)
    values["speaker_basis"] = "named" if name else "none"
    if day is not None:
        whole_month = n % 11 == 5
        month_end = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        begin, end = (day.replace(day=1), month_end) if whole_month else (day, day)
        basis = "resolved" if n % 2 else "article"
        values |= {"date_start": begin, "date_end": end, "date_basis": basis, "date_text": "on Monday" if n % 2 else None}
    if form == 0:
        said = article.add(f"“{content[0].upper()}{content[1:]},”")
        article.add(" ")
        who = article.add(mention)
        article.add(" ")
        verb = article.add(cue)
        row = article.statement({"source": [who], "cue": [verb], "content": [said]}, quote_type="direct", **values)
    elif form == 1:
        words = content.split()
        first = article.add(f"“{' '.join(words[:4]).capitalize()},”")
        article.add(" ")
        verb = article.add(cue)
        article.add(" ")
        who = article.add(mention)
        article.add(", ")
        second = article.add(f"“{' '.join(words[4:])}”")
        row = article.statement({"source": [who], "cue": [verb], "content": [first, second]}, quote_type="direct", **values)
    else:
        who = article.add(mention[0].upper() + mention[1:])
        article.add(" ")
        verb = article.add(cue)
        article.add(" ")
        start = len(article.text)
        if n % 7 == 6:
            article.add("that ")
            inner_who = article.add("the mayor")
            article.add(" ")
            inner_verb = article.add("had promised")
            article.add(" ")
            inner = article.add(f"that {content}")
        else:
            article.add(
                f"that {content}" if form == 2 else f"that “{' '.join(content.split()[:3])}” {' '.join(content.split()[3:])}"
            )
        said = [start, len(article.text)]
        row = article.statement(
            {"source": [who], "cue": [verb], "content": [said]}, quote_type="indirect" if form == 2 else "mixed", **values
        )
        if n % 7 == 6:
            pieces = {"source": [inner_who], "cue": [inner_verb], "content": [inner]}
            nested = {"speaker": None, "speaker_basis": "none", "speaker_kind": "person", "act": "promise", "confidence": 0.6}
            article.statement(pieces, quote_type="indirect", parent_id=row["statement_id"], **nested)
    article.add(". ")
    if n % 3 == 2:
        article.add("Nobody else in the harbour would comment. " * (1 + filler) + "\n\n")


def fake_tables(n_articles: int = 3, per_article: int = 11, *, filler: int = 0, events: int = 0) -> Tables:
    """Tables of `n_articles` articles with about `per_article` statements each; every third article is undated.

    `filler` more sentences without a statement follow every third one. With `events`, each article has so many, of all types
    of dates and statuses, some of the same happening.
    """
    articles, statements, happened = [], [], []
    for i in range(n_articles):
        day = None if i % 3 == 1 else date(2012, 1, 2) + timedelta(days=(i * 37) % 4000)
        by_researcher = i % 3 == 2
        article = _Article(f"port/{i:04d}", f"Harbour report number {i}")
        for n in range(per_article):
            _sentence(article, i * per_article + n, day, filler)
        for n in range(events):
            said = article.rows[n % len(article.rows)]["statement_id"] if n % 4 == 1 and article.rows else None
            article.event(i * events + n, day, said)
        basis = "none" if day is None else "researcher" if by_researcher else "text"
        articles.append(
            {
                "article_id": article.article_id,
                "path": f"port/{i:04d}.txt",
                "format": "text",
                "sha256": hashlib.sha256(article.text.encode()).hexdigest(),
                "title": f"Harbour report number {i}",
                "outlet": None if i % 5 == 4 else OUTLETS[i % 3],
                "url": "https://example.org/harbour" if i % 2 else None,
                "language": "en",
                "published": day,
                "published_basis": basis,
                "reference_date": day,
                "reference_basis": "none" if day is None else "researcher" if by_researcher else "published",
                "text": article.text,
                "zones": [{"start": 0, "end": len(article.text), "kind": "body"}],
                "n_words": len(article.text.split()),
            }
        )
        statements += article.rows
        happened += article.events
    problems = [
        {"path": "port/blank.txt", "stage": "read", "reason": "empty file", "detail": "the file holds no text; delete it"}
    ]
    tables = Tables(
        table("articles", articles),
        table("statements", statements),
        table("events", happened),
        problems=table("problems", problems),
    )
    check_table(tables.events, "events", articles=tables.articles)
    check_table(tables.articles, "articles")
    check_table(tables.statements, "statements", articles=tables.articles if statements else None)
    return tables
