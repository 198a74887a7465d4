"""Sentences with events -> windows of word pieces with labels, the training material of the event heads.

Two kinds: own passages, in which every event is marked with its words, type, status and participants; and PLV's sentences, of
which only the type and the words of source and target are known, not which word names the event.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from analysis.schema import EVENT_TYPES, STATUSES
from analysis.tagger import Window, make_windows
from benchmarks.folds import fold_of
from training.attributions import read_jsonl
from training.examples import Example, mark, pieces_of, unknown

ROLES = ("actors", "recipients", "object", "place", "date")
# PLV counts two types as one.
YIELD = ("CONCEDE", "RETREAT")


def own_event_articles(passages: list[dict[str, Any]], rng: random.Random, *, words: int = 150) -> list[dict[str, Any]]:
    """Own passages, shuffled and put together into articles of about so many words: a window is then well filled."""
    order = list(passages)
    rng.shuffle(order)
    articles = []
    text, events = "", []
    for passage in order:
        base = len(text)
        for event in passage["events"]:
            moved = {role: [[a + base, b + base] for a, b in event[role]] for role in ("trigger", *ROLES)}
            events.append({**event, **moved})
        text += passage["text"] + "\n"
        if text.count(" ") > words or passage is order[-1]:
            articles.append({"text": text, "events": events})
            text, events = "", []
    return articles


def event_examples(article: dict[str, Any], tokenizer: Tokenizer) -> list[Example]:
    """The windows of an article in which every event is marked."""
    out = []
    for window in make_windows(article["text"], [(0, len(article["text"]))], tokenizer):
        example = unknown(window)
        example.type_tags[:] = 0
        for event in sorted(article["events"], key=lambda e: e["core"]):  # where two share a word, the core one names it
            pieces = [p for span in event["trigger"] for p in pieces_of(span, window)]
            if not pieces:
                continue
            example.type_tags[pieces] = 1 + EVENT_TYPES.index(event["type"])
            example.events.append((int(pieces[0]), int(pieces[-1]) + 1))
            example.statuses.append(STATUSES.index(event["status"]))
            example.core.append(int(event["core"]))
            example.event_roles.append(_role_tags(event, ROLES, window))
        out.append(example)
    return out


def plv_examples(path: Path, tokenizer: Tokenizer) -> list[Example]:
    """PLV's sentences, a window each: the type is known, and a row of roles with source as actor and target as recipient.

    Which words name the event is not known; those that name a participant do not.
    """
    out = []
    for record in read_jsonl(path):
        types = YIELD if record["event"] == "YIELD" else (record["event"],)
        window = make_windows(record["text"], [(0, len(record["text"]))], tokenizer)[0]
        example = unknown(window)
        event = {"actors": _spans(record["source"]), "recipients": _spans(record["target"])}
        example.event_roles.append(_role_tags(event, ROLES[:2], window))
        example.type_tags[example.event_roles[0] > 0] = 0
        example.types = tuple(EVENT_TYPES.index(name) for name in types)
        example.fold = fold_of(record["text"])
        out.append(example)
    return out


def _role_tags(event: dict[str, Any], roles: tuple[str, ...], window: Window) -> np.ndarray:
    tags = np.zeros(len(window.ids), np.int64)
    for number, role in enumerate(roles):
        mark(tags, event[role], 1 + 2 * number, window)
    return tags


def _spans(marked: list[dict[str, Any]]) -> list[list[int]]:
    return [[span["start"], span["end"]] for span in marked or ()]
