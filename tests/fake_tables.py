"""Tables like those that extraction writes, from sentences of our own: counting and showing can be tested alone."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from analysis.schema import Tables, check_table, table

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
OUTLETS = ["Nordlys Daily", "Puerto Abierto", "The Lakeside Post"]


class _Article:
    """Text that grows sentence by sentence, with the statements in it."""

    def __init__(self, article_id: str, title: str) -> None:
        self.article_id, self.text = article_id, title + "\n\n"
        self.rows: list[dict[str, Any]] = []

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


def fake_tables(n_articles: int = 3, per_article: int = 11, *, filler: int = 0) -> Tables:
    """Tables of `n_articles` articles with about `per_article` statements each; every third article is undated.

    `filler` more sentences without a statement follow every third one.
    """
    articles, statements = [], []
    for i in range(n_articles):
        day = None if i % 3 == 1 else date(2012, 1, 2) + timedelta(days=(i * 37) % 4000)
        by_researcher = i % 3 == 2
        article = _Article(f"port/{i:04d}", f"Harbour report number {i}")
        for n in range(per_article):
            _sentence(article, i * per_article + n, day, filler)
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
    problems = [
        {"path": "port/blank.txt", "stage": "read", "reason": "empty file", "detail": "the file holds no text; delete it"}
    ]
    tables = Tables(table("articles", articles), table("statements", statements), problems=table("problems", problems))
    check_table(tables.articles, "articles")
    check_table(tables.statements, "statements", articles=tables.articles if statements else None)
    return tables
