"""Passages in which every event is marked, put together into articles, and their labels."""

from __future__ import annotations

import random
from typing import Any

from analysis.schema import EVENT_TYPES, STATUSES
from analysis.tagger import Window
from training.examples import EVENT_ROLES, IGNORE, Example, pieces_of, role_tags
from training.marked import is_sure


def own_event_articles(passages: list[dict[str, Any]], rng: random.Random, *, words: int = 160) -> list[dict[str, Any]]:
    """Short passages, shuffled and put together into articles of up to about so many words: windows of all lengths."""
    order = list(passages)
    rng.shuffle(order)
    articles = []
    text, events, enough = "", [], 0.0
    for passage in order:
        base = len(text)
        for event in passage["events"]:
            moved = {role: [[a + base, b + base] for a, b in event[role]] for role in EVENT_ROLES}
            events.append({**event, **moved})
        text += passage["text"] + "\n"
        if text.count(" ") > enough or passage is order[-1]:
            articles.append({"text": text, "events": events})
            text, events, enough = "", [], words * rng.random() ** 0.5
    return articles


def mark_events(example: Example, window: Window, events: list[dict[str, Any]]) -> None:
    """Write the labels of events into the example of a window of a text in which every event is marked.

    Of words about which coders differ (an event without a type) nothing is known.
    """
    example.type_tags[:] = 0
    for event in sorted(events, key=lambda e: (is_sure(e), e["core"])):  # where two share a word, the core one names it
        pieces = [p for span in event["trigger"] for p in pieces_of(span, window)]
        if not pieces:
            continue
        if not is_sure(event):
            example.type_tags[pieces] = IGNORE
            continue
        example.type_tags[pieces] = 1 + EVENT_TYPES.index(event["type"])
        example.events.append((int(pieces[0]), int(pieces[-1]) + 1))
        example.statuses.append(STATUSES.index(event["status"]))
        example.core.append(int(event["core"]))
        example.event_roles.append(role_tags(event, EVENT_ROLES[1:], window))
