"""How often a word was a cue, or named an event and of which type, in the texts that the network learned from.

The network is too sure of words that it has seldom seen. What was counted beside it tells that: it is part of what the
calibrations look at.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

WORD = re.compile(r"[A-Za-z][\w'’-]*|:")
ENDINGS = ("'s", "’s", "ing", "ed", "es", "s", "ion", "ment", "al")
SHORTEST = 4  # letters that are left of a word without its ending
FUNCTION_WORDS = frozenset(
    "is are was were be been being am has have had do does did will would can could may might must should to the a an his her "
    "its their not of in on for at with by and up out off down over".split()
)
FLOOR = -3.0  # of both log odds
# What is added to the counts of what is and what is not marked, so that seldom words are near what words in general are.
MARKED, UNMARKED = 0.3, 2.0
RIGHT, OTHER = 0.2, 1.0
SELDOM = 2  # what was marked less often is not kept


def stem(word: str) -> str:
    """What the forms of a word have in common, roughly: one ending less.

    >>> [stem(word) for word in ("accuses", "Accused", "accusing", "talks", "ban")]
    ['accus', 'accus', 'accus', 'talk', 'ban']
    """
    word = word.lower()
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return word.removesuffix(ending).rstrip("e")
    return word.rstrip("e")


def stems(words: str) -> list[str]:
    """The stems of the words that matter in a cue or a trigger: all but function words, if there are others.

    >>> stems("has been accused of"), stems("over")
    (['accus'], ['over'])
    """
    found = WORD.findall(words)
    return [stem(word) for word in found if word.lower() not in FUNCTION_WORDS] or [stem(word) for word in found]


class WordCounts:
    """The counts, ready for look-up.

    Args:
        counts: by stem how often it stood in the texts, and then (kind, how often it was marked as one of that kind) in pairs,
            one after the other; as `count_words` gives them. A kind is a number, as the caller likes.
    """

    def __init__(self, counts: Mapping[str, Sequence[int]]) -> None:
        self.counts = counts

    def of_any(self, words: str) -> float:
        """Log odds that these words are marked, of whatever kind: those of the likeliest of them."""
        return max((self._any(one) for one in stems(words)), default=FLOOR)

    def of_kind(self, words: str, kind: int) -> float:
        """Log odds that these words, where they are marked, are of this kind: those of the likeliest of them."""
        return max((self._kind(one, kind) for one in stems(words)), default=FLOOR)

    def _any(self, one: str) -> float:
        seen, *pairs = self.counts.get(one, (0,))
        marked = sum(pairs[1::2])
        return max(FLOOR, math.log((marked + MARKED) / (max(0, seen - marked) + UNMARKED)))

    def _kind(self, one: str, kind: int) -> float:
        _, *pairs = self.counts.get(one, (0,))
        marked = dict(zip(pairs[::2], pairs[1::2], strict=True))
        right = marked.get(kind, 0)
        return max(FLOOR, math.log((right + RIGHT) / (sum(marked.values()) - right + OTHER)))


def count_words(texts: Iterable[tuple[str, Iterable[tuple[str, int]]]]) -> dict[str, list[int]]:
    """The counts of texts, for `WordCounts`; words that were marked less than twice are left out.

    Args:
        texts: (text, what is marked in it as (words, kind)).

    >>> count_words([("Oslo met Riga. They met, and met again.", [("met", 7), ("met", 7), ("again", 7)])])
    {'met': [3, 7, 2]}
    """
    seen: Counter[str] = Counter()
    marked: dict[str, Counter[int]] = {}
    for text, found in texts:
        seen.update(stem(word) for word in WORD.findall(text))
        for words, kind in found:
            for one in stems(words):
                marked.setdefault(one, Counter())[kind] += 1
    return {
        one: [seen[one], *(n for pair in sorted(kinds.items()) for n in pair)]
        for one, kinds in sorted(marked.items())
        if kinds.total() >= SELDOM
    }
