"""The network's scores -> events: which words name one, of which type and status, and who takes part."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from analysis.schema import EVENT_TYPES, STATUSES
from analysis.tagging.decoding import Array, Found, Parts, Span, log_odds, log_softmax, means, runs
from analysis.tagging.word_counts import WordCounts

LIKELY_EVENT = 0.3  # pieces from this probability on are a trigger together
LEAST_EVENT = 0.05  # and what stands apart from those, from this one on
PROBABILITIES = ("p_event", "p_type", "p_status", "p_core", "p_parts", "p_actors")
FEATURES = len(PROBABILITIES) + 9  # of features_of_events
ACTOR_TAGS = (1, 2)
MUTUAL = frozenset({"CONSULT", "COOPERATE", "AGREE"})  # both sides act
COORDINATED = re.compile(r"\s*(?:,|&|(?:and|or|nor|with|as well as|along with|plus)\b)[^.;:!?\n]{0,40}")
PARTS = 5  # actors, recipients, object, place, date
EMPTY = frozenset("the a an and or of to in".split())
LITTLE_TEXT, LITTLE_TOLD = 30, 0.5  # words and events that are added, so that a single sentence is like any text


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
    """What the network says of events, of every piece, float32 of shape (pieces, n): see training/network.py."""

    event: Array
    status: Array
    core: Array


def features_of_events(
    events: Sequence[TaggedEvent], text: str, words: WordCounts, places: Sequence[Span]
) -> list[list[float]]:
    """What the calibration looks at: what the network says, how often the words named such an event, who takes part, and how
    much else happens in the text.

    Args:
        events: all of a text, as `events_of` makes them.
        text: the text of their offsets.
        words: how often words named events in what the network learned from, by the number of the type in EVENT_TYPES.
        places: the names of places in the text.

    Returns:
        FEATURES numbers for each event: the probabilities as bounded log odds; the log odds of the trigger's words, for any
        event and for this type; then 1 or 0 for: nobody acts, one side where two do, a recipient, a date, all actors after the
        trigger, a place (as a rule a state) among the actors; and the logarithm of how many other events a hundred words of
        the text tell. What looks like an event is one more often in a report of many than in a comment.
    """
    told = sum(event.p_event for event in events)
    hundreds = (len(text.split()) + LITTLE_TEXT) / 100
    return [
        [*_features(event, text, words, places), math.log((told - event.p_event + LITTLE_TOLD) / hundreds)] for event in events
    ]


def _features(event: TaggedEvent, text: str, words: WordCounts, places: Sequence[Span]) -> list[float]:
    """Those of one event by itself."""
    acting = len(event.actors)
    trigger = " ".join(text[start:end] for start, end in event.trigger)
    return [
        *(log_odds(getattr(event, name)) for name in PROBABILITIES),
        words.of_any(trigger),
        words.of_kind(trigger, EVENT_TYPES.index(event.type)),
        float(acting == 0),
        float(acting == 1 and event.type in MUTUAL),
        float(bool(event.recipients)),
        float(bool(event.date)),
        float(bool(acting) and event.actors[0][0] >= event.trigger[-1][1]),
        float(any(a < end and start < b for a, b in event.actors for start, end in places)),
    ]


def find_triggers(event: Array, window: Any, text: str) -> list[Found]:
    """(first piece, stop, probability) of every run of pieces that name an event; the pieces of a word belong together."""
    chance = 1 - np.exp(log_softmax(event)[:, 0])
    chance[window.ends <= window.starts] = 0
    inside, perhaps = chance >= LIKELY_EVENT, chance >= LEAST_EVENT
    if not perhaps.any():
        return []
    # Beside a likely trigger an unlikely word is no part of it.
    apart = [run for run in runs(2 * perhaps, 1, 2) if not inside[slice(*run)].any()]
    found: list[Found] = []
    likely = [part for run in runs(2 * inside, 1, 2) for part in _without_its_topic(event, run, window, text)]
    for first, stop in sorted([*likely, *apart]):
        while first > 0 and _goes_on(first, window, text):
            first -= 1
        while stop < len(chance) and _goes_on(stop, window, text):
            stop += 1
        # No deed begins with a digit: that is a thing ("the C-[400 ferries]"); and an article or "to" alone names none.
        named = not text[int(window.starts[first])].isdigit() and _words(first, stop, window, text) not in EMPTY
        if named and (not found or first >= found[-1][1]):
            found.append((first, stop, float(chance[first:stop].max())))
    return found


def _without_its_topic(event: Array, run: tuple[int, int], window: Any, text: str) -> list[tuple[int, int]]:
    """A run of pieces, a meeting cut from what it is about, which is another event: "discussed | military cooperation"."""
    first, stop = run
    likely = np.exp(log_softmax(event[first:stop]))[:, 1:]
    meeting, sure = likely.argmax(-1) == EVENT_TYPES.index("CONSULT"), likely.max(-1) >= LIKELY_EVENT
    cuts = [
        place
        for place in range(first + 1, stop)
        if meeting[place - first] != meeting[place - first - 1]
        and sure[place - first]
        and sure[place - first - 1]
        and not _goes_on(place, window, text)
    ]
    return list(itertools.pairwise([first, *cuts, stop]))


def _words(first: int, stop: int, window: Any, text: str) -> str:
    return text[int(window.starts[first]) : int(window.ends[stop - 1])].lower()


def _goes_on(place: int, window: Any, text: str) -> bool:
    """Whether a piece belongs to the same word as the one before it."""
    start, end = int(window.starts[place]), int(window.ends[place])
    return start == window.ends[place - 1] < end and text[start].isalnum() and text[start - 1].isalnum()


def events_of(scores: EventScores, parts_of: Callable[[Sequence[Found]], Parts], window: Any, text: str) -> list[TaggedEvent]:
    """The events of a text; parts_of gives the parts of triggers, window is a tagger.Window with all pieces."""
    triggers = find_triggers(scores.event, window, text)
    if not triggers:
        return []
    parts = parts_of(triggers)
    types, statuses = (np.exp(log_softmax(means(of, triggers))) for of in (scores.event[:, 1:], scores.status))
    core = 1 / (1 + np.exp(-means(scores.core, triggers)[:, 0]))
    out = []
    rows = zip(triggers, types, statuses, core, parts.found, parts.path, parts.sure, strict=True)
    for (first, stop, p_event), of_type, of_status, p_core, found, path, sure in rows:
        kind = EVENT_TYPES[int(of_type.argmax())]
        actors, *others = (_joined([span for number, span, _ in found if number == role], text) for role in range(PARTS))
        if kind not in MUTUAL:
            actors = _one_side(actors, {span[0]: p for number, span, p in found if number == 0}, text)
        recipients, thing, place, date = others
        acting = np.isin(path, ACTOR_TAGS)
        out.append(
            TaggedEvent(
                [(int(window.starts[first]), int(window.ends[stop - 1]))],
                kind,
                STATUSES[int(of_status.argmax())],
                actors,
                recipients,
                thing,
                place,
                date,
                p_event=p_event,
                p_type=float(of_type.max()),
                p_status=float(of_status.max()),
                p_core=float(p_core),
                p_parts=float(sure[path > 0].mean()) if path.any() else 0.0,
                p_actors=float(sure[acting].mean()) if acting.any() else 0.0,
            )
        )
    return out


def _one_side(actors: list[Span], sure_of: dict[int, float], text: str) -> list[Span]:
    """The likeliest actor with those that are named in one breath with it: who does something to others is one side."""
    sides: list[list[Span]] = []
    for span in actors:
        if sides and COORDINATED.fullmatch(text, sides[-1][-1][1], span[0]):
            sides[-1].append(span)
        else:
            sides.append([span])
    return max(sides, key=lambda side: max(sure_of.get(start, 0.0) for start, _ in side), default=[])


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
