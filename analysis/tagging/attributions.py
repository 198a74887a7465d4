"""The network's scores -> attributions: which words attribute what to whom, how they stand in each other, which to trust."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np

from analysis.acts import POSSESSIVE, is_clause
from analysis.tagging.decoding import Array, Found, Parts, Span, log_odds, log_softmax, runs
from analysis.tagging.word_counts import WordCounts

# On articles kept aside F1 is flat around these two.
LEAST_CUE = 0.35  # what is less likely than this to be a cue is not looked at
LEAST = 0.44  # an attribution that is less likely than this to be right is left out
SURE = 0.5  # only a cue that is likelier than this takes content from another one
# The annotation marks no cue inside what somebody says, so the model is shy there: a cue counts from this probability on.
LEAST_INSIDE = 0.2
FEATURES = 11  # of certainty_features
NEAR = 25  # characters before a cue in which its article or possessive is looked for
MARK = re.compile(r"``|''|[\"“”„«»]")
ON_A_DAY = re.compile(r"\s+on(?=\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)")
PRONOUNS = frozenset("he she it they we i you who which".split())


class Attribution(NamedTuple):
    """One attribution: spans are lists of (start, end) offsets; the others are probabilities.

    p_cue, p_source and p_content are the model's own, of the pieces of each part (0 where there is none); confidence is the
    calibrated probability that the attribution is right. shy: found only by looking again inside what another one says, so it
    counts as a statement inside that statement or not at all.
    """

    source: list[Span]
    cue: list[Span]
    content: list[Span]
    p_cue: float = 1.0
    p_source: float = 1.0
    p_content: float = 1.0
    confidence: float = 1.0
    shy: bool = False


# ------------------------------------------------------------------ cues


def find_cues(logits: Array, starts: Array, ends: Array, *, least: float = LEAST_CUE) -> list[Found]:
    """(first piece, stop, probability) of every cue, from logits of shape (pieces, 3); neighbouring pieces are one cue.

    A cue counts from a probability of `least` on; of those that hardly do, `trusted` leaves out some again.
    """
    return _as_cues(logits, least, ends > starts)


def find_shy_cues(logits: Array, starts: Array, ends: Array, within: Array) -> list[Found]:
    """The cues among the pieces of a mask, each from a probability of LEAST_INSIDE on."""
    return _as_cues(logits, LEAST_INSIDE, (ends > starts) & within)


def _as_cues(logits: Array, least: float, where: Array) -> list[Found]:
    scores = log_softmax(logits)
    inside = (scores[:, 0] < np.log(1 - least)) & where
    return [(a, b, float(np.exp(scores[a:b, 1:].max(-1).mean()))) for a, b in runs(2 * inside, 1, 2)]


def inside_contents(attributions: Sequence[Attribution], starts: Array) -> Array:
    """Mask of the pieces that lie in what somebody says, its cues apart."""
    mask = np.zeros(len(starts), dtype=bool)
    for inside in True, False:
        for attribution in attributions:
            for span in attribution.content if inside else attribution.cue:
                mask[slice(*np.searchsorted(starts, span))] = inside
    return mask


# ------------------------------------------------------------------ attributions


def attributions_of(cues: Sequence[Found], parts: Parts, window: Any) -> list[Attribution]:
    """The attribution of every cue, from its parts: its likeliest source, and all its content; window is a tagger.Window."""
    sources = [[(span, p) for role, span, p in found if role == 0] for found in parts.found]
    contents = [[(span, p) for role, span, p in found if role == 1] for found in parts.found]
    spans = [(int(window.starts[a]), int(window.ends[b - 1])) for a, b, _ in cues]
    _share_out(spans, contents, [p_cue >= SURE for *_, p_cue in cues])
    out = []
    for (_, _, p_cue), span, source, content in zip(cues, spans, sources, contents, strict=True):
        chosen = [max(source, key=lambda s: s[1])] if source else []
        out.append(
            Attribution(
                [place for place, _ in chosen],
                [span],
                [place for place, _ in content],
                p_cue,
                chosen[0][1] if chosen else 0.0,
                sum(p for _, p in content) / len(content) if content else 0.0,
            )
        )
    return out


def _share_out(cues: list[Span], contents: list[list[tuple[Span, float]]], sure: list[bool]) -> None:
    """Give each piece of content that two cues claim to the likelier one, if the other keeps a piece of its own.

    sure: which cues are likelier one than none; the others take nothing from these.

    Where one cue stands inside the content of the other both keep it: that is a statement inside a statement.
    """
    reach = [(min((a for (a, _), _ in c), default=0), max((b for (_, b), _ in c), default=0)) for c in contents]
    for one, other in combinations(range(len(cues)), 2):
        if reach[one][1] <= reach[other][0] or reach[other][1] <= reach[one][0]:
            continue
        if _holds(contents[one], cues[other]) or _holds(contents[other], cues[one]):
            continue
        for a, b in product(list(contents[one]), list(contents[other])):
            shared = min(a[0][1], b[0][1]) - max(a[0][0], b[0][0])
            if 2 * shared <= min(a[0][1] - a[0][0], b[0][1] - b[0][0]):
                continue
            loser, piece = (contents[one], a) if (sure[one], a[1]) < (sure[other], b[1]) else (contents[other], b)
            if len(loser) > 1 and piece in loser:
                loser.remove(piece)


def _holds(content: list[tuple[Span, float]], cue: Span) -> bool:
    return any(a <= cue[0] and cue[1] <= b for (a, b), _ in content)


def parents(attributions: Sequence[Attribution]) -> list[int | None]:
    """For every attribution the number of the innermost other one in whose content its cue stands, or None."""
    contents = [(a, b, n) for n, outer in enumerate(attributions) for a, b in outer.content]
    out: list[int | None] = []
    for number, inner in enumerate(attributions):
        start, end = inner.cue[0]
        first, stop = inner.content[0] if inner.content else (0, 0)
        holders = [
            (b - a, n)
            for a, b, n in contents
            if a <= start and end <= b and n != number and not first <= attributions[n].cue[0][0] < stop
        ]
        out.append(min(holders)[1] if holders else None)
    return out


def outermost(attributions: Sequence[Attribution]) -> list[Attribution]:
    """The attributions that stand in no other's content."""
    return [a for a, parent in zip(attributions, parents(attributions), strict=True) if parent is None]


def without_day(attribution: Attribution, text: str) -> Attribution:
    """The attribution with a cue that does not end in the "on" of a day after it.

    >>> text = "Roe said on Monday that it was open."
    >>> [text[a:b] for a, b in without_day(Attribution([], [(4, 11)], []), text).cue]
    ['said']
    """
    *others, (start, end) = attribution.cue
    found = ON_A_DAY.match(text, max(start, end - len(" on")))
    return attribution._replace(cue=[*others, (start, found.start())]) if found else attribution


# ------------------------------------------------------------------ which to trust


def certainty_features(attribution: Attribution, text: str, words: WordCounts) -> list[float]:
    """What the calibration looks at: what the network says of the three parts, what is missing, and how it all is worded.

    Args:
        attribution: as `attributions_of` makes it.
        text: the text of its offsets.
        words: how often words were cues in what the network learned from.

    Returns:
        The three probabilities as bounded log odds (0 where there is no such part), and the log odds of the cue's words; then 1
        or 0 for: no source, no content, a content that is a clause or quoted, a source that is a pronoun, a content in pieces,
        a cue that is a noun; and the logarithm of how many characters part source and cue.
    """
    spans = (attribution.source, attribution.cue, attribution.content)
    source, cue, content = ([text[a:b] for a, b in some] for some in spans)
    start, end = attribution.cue[0]
    said = " ".join(content)
    quoted = bool(MARK.search(said))
    away = max((max(start - b, a - end, 0) for a, b in attribution.source), default=0)
    before = text[max(0, start - NEAR) : start]
    return [
        log_odds(attribution.p_cue),
        log_odds(attribution.p_source) if source else 0.0,
        log_odds(attribution.p_content) if content else 0.0,
        words.of_any(cue[0]),
        float(not source),
        float(not content),
        float(is_clause(said, quoted=quoted)),
        float(bool(source) and source[0].lower() in PRONOUNS),
        float(len(content) > 1),
        float(bool(POSSESSIVE.search(before))),
        float(np.log1p(away)),
    ]


def trusted(attributions: Sequence[Attribution]) -> list[Attribution]:
    """The attributions that are likely enough to be right, with those that stand inside what they say.

    Of those with the very same content only the likeliest: "said in an interview" has one cue, or one of several words.
    """
    holders = parents(attributions)
    likely = [attribution.confidence >= LEAST for attribution in attributions]
    kept = [a for number, a in enumerate(attributions) if any(likely[n] for n in _outwards(number, holders))]
    surest = {tuple(a.content): a for a in sorted(kept, key=lambda a: a.confidence)}
    return [a for a in kept if not a.content or surest[tuple(a.content)] is a]


def _outwards(number: int | None, holders: Sequence[int | None]) -> Iterator[int]:
    """An attribution, the one that holds it, the one that holds that; two that claim each other's cues hold each other."""
    passed: set[int] = set()
    while number is not None and number not in passed:
        yield number
        passed.add(number)
        number = holders[number]
