"""What an article may smuggle in: one list of strings for every border, and tables full of them."""

from __future__ import annotations

from fake_tables import fake_tables

from analysis.schema import Tables, table
from analysis.store import rows_of

PAYLOADS = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 2</script>",
    "<img src=x onerror='window.ran = 3'>",
    "<svg onload='window.ran = 4'>",
    "<iframe srcdoc='<script>parent.ran = 5</script>'></iframe>",
    "javascript:window.ran=6",
    "\"><b onmouseover='window.ran = 7'>",
    "<!--<script>",
    "]]></style><script>window.ran = 8</script>",
    "{{ 7 * 7 }} {% raw %} ${7 * 7} {0} %s %(x)s",
    "$\\frac{1$ and $5 and $6",
    "_hidden from legends",
    "=HYPERLINK('http://example.org')",
    "\u202egnirts desrever\u202c and \u2066isolated",
    "zero\u200bwidth\ufeff bell\x07 escape\x1b[31m nul-like\x00",
    "\U000e0041\U000e0042 tags, \U0001d504\U0001f600 beyond the first plane, 人民日报, שלום עולם",
    "name, with comma; semicolon | pipe \"quotes\" and 'apostrophes'",
    "x" * 5_000,
)


def hostile_tables() -> Tables:
    """Every payload as a title, outlet, speaker, mention, content, actor, object, path and reason, with offsets that hold."""
    made = fake_tables(len(PAYLOADS), 2, events=2)
    articles, statements = list(rows_of(made.articles, "articles")), list(rows_of(made.statements, "statements"))
    events = list(rows_of(made.events, "events"))
    for article, payload in zip(articles, PAYLOADS, strict=True):
        shift = len(payload) + 1
        article |= {"text": f"{payload}\n{article['text']}", "title": payload, "outlet": payload, "author": payload}
        article |= {"url": "https://example.org/" if payload.startswith("x") else payload, "path": payload}
        own = [row for row in statements if row["article_id"] == article["article_id"]]
        for row in own:
            for role in ("source", "cue", "content"):
                row[f"{role}_spans"] = [[a + shift, b + shift] for a, b in row[f"{role}_spans"]]
            row |= {"start": row["start"] + shift, "end": row["end"] + shift, "speaker": payload, "affiliation": payload}
            row |= {"place": payload, "addressee": payload, "mentions": [payload], "via": [payload], "date_text": payload}
        for row in (row for row in events if row["article_id"] == article["article_id"]):
            row["trigger_spans"] = [[a + shift, b + shift] for a, b in row["trigger_spans"]]
            for role in ("actor", "recipient"):
                row[f"{role}_spans"] = [[[a + shift, b + shift] for a, b in spans] for spans in row[f"{role}_spans"]]
            row |= {"start": row["start"] + shift, "end": row["end"] + shift, "trigger": payload, "object": payload}
            row |= {"actors": [payload, *row["actors"]], "actor_spans": [[], *row["actor_spans"]], "place": payload}
            row |= {"date_text": payload, "event_key": payload[:40]}
        first = own[0]
        first |= {"source": payload, "source_spans": [[0, len(payload)]], "start": 0}
    problems = [{"path": p, "stage": "read", "reason": p[:80], "detail": p} for p in PAYLOADS]
    return Tables(
        table("articles", articles),
        table("statements", statements),
        table("events", events),
        problems=table("problems", problems),
    )
