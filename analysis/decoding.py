"""Scores of word pieces -> spans: what the read-outs of the tagger's network have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Span = tuple[int, int]
Array = np.ndarray
Found = tuple[int, int, float]  # a cue or trigger: first piece, stop, probability

BUCKETS = 32
# A piece may continue a span only after the beginning or the inside of a span of the same role.
FORBIDDEN = -1e4
NO_DOUBT = np.log(0.999)  # a piece that is so likely no part is none


def log_softmax(logits: Array) -> Array:
    """Logarithms of the probabilities over the last axis."""
    logits = logits - logits.max(-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def log_odds(p: float) -> float:
    """Logarithm of the odds of a probability, kept within what 0.005 and 0.995 give."""
    p = min(max(p, 0.005), 0.995)
    return float(np.log(p / (1 - p)))


def calibrated(weights: Array, features: Sequence[float]) -> float:
    """A probability from features by logistic regression; the first weight is the constant."""
    return 1 / (1 + float(np.exp(-(weights[0] + np.dot(weights[1:], features)))))


def runs(tags: Array, begin: int, inside: int) -> list[Span]:
    """(first, stop) of every span in an array of tags, `begin` opening and `inside` continuing one.

    >>> runs(np.array([0, 1, 2, 1, 0, 2]), 1, 2)
    [(1, 3), (3, 4), (5, 6)]
    """
    member = (tags == begin) | (tags == inside)
    if not member.any():
        return []
    opens = member & ((tags == begin) | ~np.append(False, member[:-1]))
    ends = member & np.append(~member[1:] | opens[1:], True)
    return list(zip(np.flatnonzero(opens).tolist(), (np.flatnonzero(ends) + 1).tolist(), strict=True))


def distance_buckets(pieces: int, first: Array, last: Array) -> Array:
    """Bucket of the distance of every piece from spans, (spans, pieces), log-spaced: below 16 before a span, else above."""
    places = np.arange(pieces)[None, :]
    size = np.maximum(np.maximum(first[:, None] - places, 0), np.maximum(places - last[:, None], 0))
    far = np.minimum(8 + (np.log2(np.maximum(size, 1) / 8) * 1.5).astype(np.int64), 15)
    step = np.where(size < 8, size, far)
    return np.where(places < first[:, None], step, 16 + step)


def part_scores(spans: Sequence[Found], query: Array, key: Array, unary: Array, distance: Array) -> Array:
    """Log-probabilities (spans, pieces, roles) of every piece's role as seen from every span.

    query and key are (pieces, roles * width), unary (pieces, roles), distance (BUCKETS, roles).
    """
    pieces, roles = unary.shape
    width = key.shape[1] // roles
    asked = np.stack([query[a:b].mean(0) for a, b, _ in spans]).reshape(-1, roles, width)
    score = np.einsum("nrd,prd->npr", asked, key.reshape(pieces, roles, width), optimize=True) / np.float32(width**0.5)
    first = np.array([a for a, _, _ in spans])
    last = np.array([b - 1 for _, b, _ in spans])
    return log_softmax(score + unary[None] + distance[distance_buckets(pieces, first, last)])


def best_paths(scores: Array) -> Array:
    """The most probable allowed tag sequences, int8 of shape (spans, pieces), for log-probabilities (spans, pieces, tags).

    Tag 0 is none; every role has two tags, an odd one that begins it and the next, which goes on. Where the most probable
    tags of all pieces are an allowed sequence, that is it; the other sequences are searched for.
    """
    path = scores.argmax(-1).astype(np.int8)
    before = np.concatenate([np.zeros((len(path), 1), np.int8), path[:, :-1]], axis=1)
    goes_on = (path > 0) & (path % 2 == 0)
    rows = (goes_on & (before != path) & (before != path - 1)).any(1)
    if rows.any():
        path[rows] = _search_doubtful(scores[rows])
    return path


def _search_doubtful(scores: Array) -> Array:
    """`_search` over the pieces that may be a part, and one of those between them."""
    doubtful = (scores[:, :, 0] < NO_DOUBT).any(0)
    looked_at = doubtful | np.concatenate([[True], doubtful[:-1]])
    path = np.zeros(scores.shape[:2], np.int8)
    path[:, looked_at] = _search(scores[:, looked_at])
    return path


def _search(scores: Array) -> Array:
    """The most probable allowed tag sequences by dynamic programming, all spans at once."""
    spans, pieces, tags = scores.shape
    goes_on = np.arange(2, tags, 2)
    allowed = np.zeros((tags, tags), dtype=np.float32)
    allowed[:, goes_on] = FORBIDDEN
    allowed[goes_on, goes_on] = allowed[goes_on - 1, goes_on] = 0
    back = np.zeros((pieces, spans, tags), dtype=np.int8)
    total = scores[:, 0] + allowed[0]
    for place in range(1, pieces):
        step = total[:, :, None] + allowed
        back[place] = step.argmax(1)
        total = step.max(1) + scores[:, place]
    path = np.zeros((spans, pieces), dtype=np.int8)
    path[:, -1] = total.argmax(-1)
    rows = np.arange(spans)
    for place in range(pieces - 1, 0, -1):
        path[:, place - 1] = back[place][rows, path[:, place]]
    return path


def offsets_of(found: Sequence[Span], chosen: Array, window: Any) -> list[tuple[Span, float]]:
    """Offsets and probability of runs of pieces; pieces between paragraphs do not count.

    chosen: log-probabilities (pieces,) of the tags that the pieces have. window: a tagger.Window.
    """
    out = []
    for a, b in found:
        real = [i for i in range(a, b) if window.ends[i] > window.starts[i]]
        if real:
            span = int(window.starts[real[0]]), int(window.ends[real[-1]])
            out.append((span, float(np.exp(chosen[a:b].mean()))))
    return out
