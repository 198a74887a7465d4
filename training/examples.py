"""One window of word pieces with all that is known about it: what the network is trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.tagger import Window

EVENT_ROLES = ("trigger", "actors", "recipients", "object", "place", "date")
IGNORE = -100  # label of pieces about which the annotation says nothing


@dataclass
class Example:
    """One window: arrays of shape (pieces,), and what is known of its cues and events.

    cue_tags, name_tags: 0, or begin and inside; type_tags: 0 for no event, else 1 + the number of the type in EVENT_TYPES;
    IGNORE where nothing is known.
    cues, events: (first piece, stop) of every cue and trigger, and for each a row of role tags: 0 for none, else begin and
    inside of each role; statuses and core: a number for each event. clauses, clause_roles: the same of verbs.
    """

    ids: np.ndarray
    kinds: np.ndarray
    cue_tags: np.ndarray
    name_tags: np.ndarray
    type_tags: np.ndarray
    cues: list[tuple[int, int]] = field(default_factory=list)
    roles: list[np.ndarray] = field(default_factory=list)
    events: list[tuple[int, int]] = field(default_factory=list)
    event_roles: list[np.ndarray] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    core: list[int] = field(default_factory=list)
    clauses: list[tuple[int, int]] = field(default_factory=list)
    clause_roles: list[np.ndarray] = field(default_factory=list)


def unknown(window: Window) -> Example:
    """An example of which nothing is known yet."""
    tags = [np.full(len(window.ids), IGNORE, np.int64) for _ in range(3)]
    return Example(window.ids, window.kinds, *tags)


def pieces_of(span: Sequence[int], window: Window) -> np.ndarray:
    """Numbers of the pieces of a window that a span of the text touches."""
    return np.flatnonzero((window.starts < span[1]) & (window.ends > span[0]) & (window.ends > window.starts))


def role_tags(marked: Mapping[str, Sequence[Sequence[int]]], roles: Sequence[str], window: Window) -> np.ndarray:
    """The tags of all pieces of a window where each of the roles has its spans: 0 for none, else begin and inside."""
    tags = np.zeros(len(window.ids), np.int64)
    for number, role in enumerate(roles):
        mark(tags, marked[role], 1 + 2 * number, window)
    return tags


def mark(tags: np.ndarray, spans: Sequence[Sequence[int]], begin: int, window: Window) -> np.ndarray:
    """Write the tag `begin`, then `begin` + 1, on the pieces of every span; return all these pieces."""
    found = [pieces_of(span, window) for span in spans]
    for pieces in found:
        if len(pieces):
            tags[pieces] = begin + 1
            tags[pieces[0]] = begin
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
