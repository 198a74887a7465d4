"""Sentences with events -> windows of word pieces with labels, the training material of the event heads.

Two kinds: own passages, in which every event is marked with its words, type, status and participants; and PLV's sentences, of
which only the type and the words of source and target are known, not which word names the event.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from analysis.schema import EVENT_TYPES, STATUSES
from analysis.tagger import make_windows
from training.attributions import IGNORE, read_jsonl

ROLES = ("actors", "recipients", "object", "place", "date")
# PLV counts two types as one.
YIELD = ("CONCEDE", "RETREAT")


@dataclass
class EventExample:
    """One window: arrays of shape (pieces,), and what is known of its events.

    type_tags: 0 for no event, else 1 + the number of the type in EVENT_TYPES; IGNORE where only the sentence's type is known.
    spans: first piece and stop of every trigger; statuses, core: a number for each; roles: a row of tags for each: 0 for none,
    else 1 + 2 * role, + 1 inside. sentence: the numbers of the types that the window as a whole may have, if known.
    """

    ids: np.ndarray
    kinds: np.ndarray
    type_tags: np.ndarray
    spans: list[tuple[int, int]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    core: list[int] = field(default_factory=list)
    roles: list[np.ndarray] = field(default_factory=list)
    sentence: tuple[int, ...] = ()


def _pieces(span: list[int], starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    return np.flatnonzero((starts < span[1]) & (ends > span[0]) & (ends > starts))


def _mark_roles(event: dict[str, Any], roles: tuple[str, ...], starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    tags = np.zeros(len(starts), np.int64)
    for number, role in enumerate(roles):
        for span in event[role]:
            pieces = _pieces(span, starts, ends)
            if len(pieces):
                tags[pieces] = 2 + 2 * number
                tags[pieces[0]] = 1 + 2 * number
    return tags


def own_event_articles(passages: list[dict[str, Any]], rng: random.Random, *, size: int = 5) -> list[dict[str, Any]]:
    """Own passages, shuffled and put together into articles of some lines each."""
    order = list(passages)
    rng.shuffle(order)
    articles = []
    for first in range(0, len(order), size):
        text, events = "", []
        for passage in order[first : first + size]:
            base = len(text)
            for event in passage["events"]:
                moved = {role: [[a + base, b + base] for a, b in event[role]] for role in ("trigger", *ROLES)}
                events.append({**event, **moved})
            text += passage["text"] + "\n"
        articles.append({"text": text, "events": events})
    return articles


def event_examples(article: dict[str, Any], tokenizer: Tokenizer) -> list[EventExample]:
    """The windows of an article in which every event is marked."""
    out = []
    for window in make_windows(article["text"], [(0, len(article["text"]))], tokenizer):
        starts, ends = window.starts, window.ends
        example = EventExample(window.ids, window.kinds, np.zeros(len(window.ids), np.int64))
        for event in sorted(article["events"], key=lambda e: e["core"]):  # where two share a word, the core one names it
            pieces = [p for span in event["trigger"] for p in _pieces(span, starts, ends)]
            if not pieces:
                continue
            example.type_tags[pieces] = 1 + EVENT_TYPES.index(event["type"])
            example.spans.append((int(pieces[0]), int(pieces[-1]) + 1))
            example.statuses.append(STATUSES.index(event["status"]))
            example.core.append(int(event["core"]))
            example.roles.append(_mark_roles(event, ROLES, starts, ends))
        out.append(example)
    return out


def plv_examples(path: Path, tokenizer: Tokenizer) -> list[EventExample]:
    """PLV's sentences, a window each; roles hold one row, with the marked source as actor and target as recipient."""
    out = []
    for record in read_jsonl(path):
        types = YIELD if record["event"] == "YIELD" else (record["event"],)
        (window,) = make_windows(record["text"], [(0, len(record["text"]))], tokenizer)[:1]
        example = EventExample(window.ids, window.kinds, np.full(len(window.ids), IGNORE, np.int64))
        event = {"actors": _spans(record["source"]), "recipients": _spans(record["target"])}
        example.roles.append(_mark_roles(event, ROLES[:2], window.starts, window.ends))
        example.sentence = tuple(EVENT_TYPES.index(name) for name in types)
        out.append(example)
    return out


def _spans(marked: list[dict[str, Any]]) -> list[list[int]]:
    return [[span["start"], span["end"]] for span in marked or ()]
