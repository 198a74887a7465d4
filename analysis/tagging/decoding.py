"""Scores of word pieces -> spans: what the read-outs of the tagger's network have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

Span = tuple[int, int]
Array = np.ndarray
Found = tuple[int, int, float]  # a cue or trigger: first piece, stop, probability

BUCKETS = 32
# A piece may continue a span only after the beginning or the inside of a span of the same role.
FORBIDDEN = -1e4
NO_DOUBT = np.log(0.999)  # a piece that is so likely no part is none


class Vectors(NamedTuple):
    """What the network says of pieces about being a part: query and key (pieces, roles * width), unary (pieces, roles)."""

    query: Array
    key: Array
    unary: Array


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


def means(values: Array, spans: Sequence[Any]) -> Array:
    """The mean of the rows of (pieces, n) over every span, (spans, n); a span is (first, stop, ...).

    >>> means(np.array([[1.0], [3.0], [8.0]]), [(0, 2), (2, 3)]).tolist()
    [[2.0], [8.0]]
    """
    edges = np.array([span[:2] for span in spans])
    ended = np.concatenate([values, np.zeros_like(values[:1])])  # so that a span may stop at the end
    return np.add.reduceat(ended, edges.ravel())[::2] / (edges[:, 1] - edges[:, 0])[:, None].astype(values.dtype)


def distance_buckets(pieces: int, first: Array, last: Array) -> Array:
    """Bucket of the distance of every piece from spans, (spans, pieces), log-spaced: below 16 before a span, else above."""
    places = np.arange(pieces)[None, :]
    size = np.maximum(np.maximum(first[:, None] - places, 0), np.maximum(places - last[:, None], 0))
    far = np.minimum(8 + (np.log2(np.maximum(size, 1) / 8) * 1.5).astype(np.int64), 15)
    step = np.where(size < 8, size, far)
    return np.where(places < first[:, None], step, 16 + step)


def part_scores(spans: Sequence[Found], vectors: Vectors, distance: Array, windows: Array) -> tuple[Array, Array]:
    """How likely every piece is which part of every span.

    Args:
        spans: cues or triggers, in order.
        vectors: what the network says of the pieces of some windows, one after the other.
        distance: (BUCKETS, roles).
        windows: the number of the first piece of each window, and the number of all pieces.

    Returns:
        Log-probabilities float32 (spans, pieces of the longest window, roles) of the pieces of a span's own window, and the
        number of that window's first piece, (spans,). Beyond the end of a window all pieces are no part.
    """
    roles = vectors.unary.shape[1]
    first, last = (np.array(places) for places in zip(*((a, b - 1) for a, b, _ in spans), strict=True))
    of = np.searchsorted(windows, first, side="right") - 1
    begin, size = windows[of], np.diff(windows)[of]
    asked = means(vectors.query, spans).reshape(len(spans), roles, -1).transpose(1, 0, 2)
    scores = np.full((len(spans), int(size.max()), roles), FORBIDDEN, dtype=np.float32)
    scores[:, :, 0] = 0
    for window in np.unique(of):
        rows = slice(*np.searchsorted(of, [window, window + 1]))
        here = slice(windows[window], windows[window + 1])
        keys = vectors.key[here].reshape(size[rows][0], roles, -1).transpose(1, 2, 0)
        scores[rows, : size[rows][0]] = (asked[:, rows] @ keys).transpose(1, 2, 0) / np.float32(asked.shape[2] ** 0.5)
        scores[rows, : size[rows][0]] += vectors.unary[here]
    scores += distance[distance_buckets(scores.shape[1], first - begin, last - begin)]
    return log_softmax(scores), begin


def best_paths(scores: Array) -> Array:
    """The most probable allowed tag sequences, int8 of shape (spans, pieces), for log-probabilities (spans, pieces, tags).

    Tag 0 is none; every role has two tags, an odd one that begins it and the next, which goes on. Where the most probable
    tags of all pieces are an allowed sequence, that is it; the other sequences are searched for.
    """
    path = scores.argmax(-1).astype(np.int8)
    before = np.concatenate([np.zeros((len(path), 1), np.int8), path[:, :-1]], axis=1)
    goes_on = (path > 0) & (path % 2 == 0)
    wrong = goes_on & (before != path) & (before != path - 1)
    if wrong.any():
        _mend(path, scores, wrong)
    return path


def _mend(path: Array, scores: Array, wrong: Array) -> None:
    """Search the stretches of pieces in which something goes on that did not begin; sure pieces of no part end a stretch."""
    doubtful = scores[:, :, 0] < NO_DOUBT
    edges = np.diff(doubtful.astype(np.int8), axis=1, prepend=0, append=0)
    rows, firsts = np.nonzero(edges == 1)
    stops = np.nonzero(edges == -1)[1]
    up_to = np.cumsum(np.pad(wrong, ((0, 0), (1, 0))), axis=1)
    found = np.flatnonzero(up_to[rows, stops] > up_to[rows, firsts])
    rows, firsts, stops = rows[found], firsts[found], stops[found]
    stretches = np.full((len(found), int((stops - firsts).max()), scores.shape[2]), FORBIDDEN, dtype=np.float32)
    stretches[:, :, 0] = 0
    for stretch, row, first, stop in zip(stretches, rows, firsts, stops, strict=True):
        stretch[: stop - first] = scores[row, first:stop]
    for better, row, first, stop in zip(_search(stretches), rows, firsts, stops, strict=True):
        path[row, first:stop] = better[: stop - first]


def _search(scores: Array) -> Array:
    """The most probable allowed tag sequences by dynamic programming, all stretches at once."""
    count, pieces, tags = scores.shape
    rows = np.arange(count)
    goes_on = np.arange(2, tags, 2, dtype=np.int8)
    back = np.empty((pieces, count, tags), dtype=np.int8)
    total = scores[:, 0].copy()
    total[:, 2::2] += FORBIDDEN
    for place in range(1, pieces):
        # A span goes on from its own tags only; what begins, and none, follow whatever is best.
        best = total.argmax(1)
        begun, inside = total[:, 1::2], total[:, 2::2]
        back[place] = best[:, None]
        back[place][:, 2::2] = goes_on - (begun > inside)
        step = np.repeat(total[rows, best][:, None], tags, axis=1)
        step[:, 2::2] = np.maximum(begun, inside)
        total = step + scores[:, place]
    path = np.zeros((count, pieces), dtype=np.int8)
    path[:, -1] = total.argmax(-1)
    for place in range(pieces - 1, 0, -1):
        path[:, place - 1] = back[place][rows, path[:, place]]
    return path


class Parts(NamedTuple):
    """The parts of some spans: who, what, where.

    found: for every span a list of (role, (start, end), probability), role 0 for the first two tags, 1 for the next two; path,
    int8 (spans, pieces): the tag of every piece; sure: its probability.
    """

    found: list[list[tuple[int, Span, float]]]
    path: Array
    sure: Array


def find_parts(scores: Array, begin: Array, window: Any) -> Parts:
    """The most probable parts, from what `part_scores` gives; window: a tagger.Window with all pieces.

    Pieces between paragraphs do not count.
    """
    path = best_paths(scores)
    chosen = np.take_along_axis(scores, path[:, :, None].astype(np.int64), 2)[:, :, 0]
    found: list[list[tuple[int, Span, float]]] = [[] for _ in path]
    opens = path % 2 == 1
    goes_on = (path > 0) & ~opens
    last = (path > 0) & ~np.concatenate([goes_on[:, 1:], np.zeros((len(path), 1), bool)], axis=1)
    rows, firsts = np.nonzero(opens)
    lasts = np.nonzero(last)[1]
    if len(rows):
        flat = np.stack([rows * path.shape[1] + firsts, rows * path.shape[1] + lasts + 1], axis=1)
        sure = np.exp(means(chosen.reshape(-1, 1), flat.tolist())[:, 0])
        roles = (path[rows, firsts] - 1) // 2
        real = np.flatnonzero(window.ends > window.starts)
        one, other = np.searchsorted(real, begin[rows] + firsts), np.searchsorted(real, begin[rows] + lasts, side="right") - 1
        worded = one <= other
        starts, ends = window.starts[real[one[worded]]], window.ends[real[other[worded]]]
        columns = (rows[worded], roles[worded], starts, ends, sure[worded])
        for row, role, start, end, p in zip(*(column.tolist() for column in columns), strict=True):
            found[row].append((role, (start, end), p))
    return Parts(found, path, np.exp(chosen))
