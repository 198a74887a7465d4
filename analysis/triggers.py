"""The network's scores -> events: which words name one, of which type and status, and who takes part."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from analysis.decoding import Array, Found, Span, best_paths, log_odds, log_softmax, offsets_of, part_scores, runs
from analysis.schema import EVENT_TYPES, STATUSES

# Words that are less likely than this to name an event are no trigger.
LEAST_EVENT = 0.3
EVENT_FEATURES = ("p_event", "p_type", "p_status", "p_core", "p_parts", "p_actors")
ACTOR_TAGS = (1, 2)
EMPTY = frozenset("the a an and or of to in".split())


class TaggedEvent(NamedTuple):
    """One word or group of words that names an event, and who takes part; spans are lists of (start, end) offsets.

    type is one of schema.EVENT_TYPES, status one of schema.STATUSES. The p_ are the model's own probabilities: p_event that
    the words name any event, p_type and p_status of the type and the status chosen, p_core that it is no mere mention; p_parts
    the mean of the pieces of all parts, p_actors that of the actors (0 where there are none). confidence is the calibrated
    probability that type, status and actors are right.
    """

    trigger: list[Span]
    type: str
    status: str
    actors: list[Span]
    recipients: list[Span]
    object: list[Span]
    place: list[Span]
    date: list[Span]
    p_event: float = 1.0
    p_type: float = 1.0
    p_status: float = 1.0
    p_core: float = 1.0
    p_parts: float = 1.0
    p_actors: float = 1.0
    confidence: float = 1.0


class EventScores(NamedTuple):
    """What the network says of events in a window, float32 of shape (pieces, n): see training/network.py."""

    event: Array
    status: Array
    core: Array
    query: Array
    key: Array
    unary: Array


def event_features(event: TaggedEvent) -> list[float]:
    """What the calibration looks at: the probabilities as bounded log odds."""
    return [log_odds(getattr(event, name)) for name in EVENT_FEATURES]


def find_triggers(event: Array, window: Any, text: str) -> list[Found]:
    """(first piece, stop, probability) of every run of pieces that name an event; the pieces of a word belong together."""
    chance = 1 - np.exp(log_softmax(event)[:, 0])
    chance[window.ends <= window.starts] = 0
    inside = chance >= LEAST_EVENT
    if not inside.any():
        return []
    found: list[Found] = []
    for first, stop in runs(2 * inside, 1, 2):
        while first > 0 and _goes_on(first, window, text):
            first -= 1
        while stop < len(inside) and _goes_on(stop, window, text):
            stop += 1
        if not found or first >= found[-1][1]:
            found.append((first, stop, float(chance[first:stop].max())))
    return found


def _goes_on(place: int, window: Any, text: str) -> bool:
    """Whether a piece belongs to the same word as the one before it."""
    start, end = int(window.starts[place]), int(window.ends[place])
    return start == window.ends[place - 1] < end and text[start].isalnum() and text[start - 1].isalnum()


def events_of(scores: EventScores, distance: Array, window: Any, text: str) -> list[TaggedEvent]:
    """The events of a window (a tagger.Window) of a text; distance is the network's term (BUCKETS, 11) for the distance."""
    triggers = find_triggers(scores.event, window, text)
    if not triggers:
        return []
    parts = part_scores(triggers, scores.query, scores.key, scores.unary, distance)
    out = []
    for (first, stop, p_event), path, score in zip(triggers, best_paths(parts), parts, strict=True):
        types = np.exp(log_softmax(scores.event[first:stop, 1:].mean(0)))
        statuses = np.exp(log_softmax(scores.status[first:stop].mean(0)))
        chosen = np.take_along_axis(score, path[:, None].astype(np.int64), 1)[:, 0]
        actors, recipients, thing, place, date = (
            _joined([span for span, _ in offsets_of(runs(path, begin, begin + 1), chosen, window)], text)
            for begin in range(1, parts.shape[2], 2)
        )
        sure = np.exp(chosen)
        marked, acting = sure[path > 0], sure[np.isin(path, ACTOR_TAGS)]
        out.append(
            TaggedEvent(
                [(int(window.starts[first]), int(window.ends[stop - 1]))],
                EVENT_TYPES[int(types.argmax())],
                STATUSES[int(statuses.argmax())],
                actors,
                recipients,
                thing,
                place,
                date,
                p_event=p_event,
                p_type=float(types.max()),
                p_status=float(statuses.max()),
                p_core=float(1 / (1 + np.exp(-scores.core[first:stop].mean()))),
                p_parts=float(marked.mean()) if len(marked) else 0.0,
                p_actors=float(acting.mean()) if len(acting) else 0.0,
            )
        )
    return out


def _joined(spans: list[Span], text: str) -> list[Span]:
    """Spans with nothing but white space between them are one; a mark, an article or the "US" of "US$" is no mention."""
    out: list[Span] = []
    for start, end in spans:
        if out and text[out[-1][1] : start].isspace():
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    worded = [(a, b) for a, b in out if text[a:b].lower() not in EMPTY and any(map(str.isalnum, text[a:b]))]
    return [(a, b) for a, b in worded if text[b : b + 1] != "$"]
