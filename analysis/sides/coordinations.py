"""A mention that names several: cut at "and" and at commas, where each part names somebody of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.names import Cast
from analysis.sides.mentions import EDGES, PREPOSITION, in_a_name
from analysis.sides.party import OPENS_A_PHRASE
from analysis.speakers import SINGULAR
from analysis.tagger import Span

# Where a coordination is parted. A comma parts only before another name or in a list that ends in "and".
AND = re.compile(r",?\s+(?:and|as well as|along with|together with|&)\s+(?:also\s+)?|(?<!\d)\s*/\s*(?!\d)")
COMMA = re.compile(r",\s+")
# "the presidents of Ghana and Togo" is no list of a president and a state.
PLURAL_OF = re.compile(r"\b\w+s(?:\s+\w+)?\s+(?:of|in|from)\s", re.IGNORECASE)
BOTH = re.compile(r"both\s", re.IGNORECASE)


class Coordinations:
    """Parts mentions in one article.

    Args:
        cast: the names of the article.
    """

    def __init__(self, cast: Cast) -> None:
        self.cast, self.text, self.places = cast, cast.text, cast.words.places

    def parts(self, span: Span) -> list[Span]:
        """A mention cut at "and" and at commas where each part names somebody of its own."""
        span = self._trim(span)
        words = self.text[span[0] : span[1]]
        if not words or self.places.find(words):
            return [span]
        if (both := BOTH.match(words)) and AND.search(words):
            span, words = (span[0] + both.end(), span[1]), words[both.end() :]
        cuts = [match.span() for match in AND.finditer(words) if not in_a_name(self.cast, span[0] + match.start())]
        if not cuts:
            return self._headline_list(span)
        commas = [m.span() for m in COMMA.finditer(words, 0, cuts[-1][0]) if not in_a_name(self.cast, span[0] + m.start())]
        edges = sorted([*commas, *cuts])
        parts = self._cut(span, edges)
        if len(parts) > 1 and all(self._is_phrase(part) for part in parts) and not self._shares_a_noun(parts):
            return parts
        parts = self._cut(span, cuts)
        if parts and all(self._is_phrase(part) for part in parts) and not self._shares_a_noun(parts):
            return parts
        return [span]

    def _cut(self, span: Span, edges: Sequence[Span]) -> list[Span]:
        starts = [span[0], *(span[0] + end for _, end in edges)]
        ends = [*(span[0] + start for start, _ in edges), span[1]]
        return [self._trim((a, b)) for a, b in zip(starts, ends, strict=True) if a < b]

    def _headline_list(self, span: Span) -> list[Span]:
        """ "Chad, Niger" of a headline; a comma before anything but a bare name is that of an apposition."""
        parts = self._cut(span, [match.span() for match in COMMA.finditer(self.text[span[0] : span[1]])])
        bare = all(self.places.find(self.text[a:b]) for a, b in parts)
        return parts if bare else [span]

    def _is_phrase(self, part: Span) -> bool:
        words = self.text[part[0] : part[1]]
        if not words:
            return False
        if OPENS_A_PHRASE.match(words) or words.lower() in SINGULAR or self.places.find(words):
            return True
        if not words[0].isupper():
            return self._ends_in_a_person(part)
        named = [name.start for name, _ in self.cast.inside(*part)]
        if named:
            return not PREPOSITION.search(self.text[part[0] : named[0]])
        return bool(self.places.all_in(words))

    def _ends_in_a_person(self, part: Span) -> bool:
        """Whether a part is a title and a name: "former mayor Ann Roe"."""
        named = self.cast.inside(*part)
        if not named or named[-1][0].kind != "PERSON" or named[-1][0].end != part[1]:
            return False
        before = self.text[part[0] : named[-1][0].start].split()
        return bool(before) and self.cast.words.role(before[-1]) is not None

    def _shares_a_noun(self, parts: Sequence[Span]) -> bool:
        """Whether the last part only goes on with the first one's "of": "the presidents of Ghana and Togo"."""
        first, last = (self.text[a:b] for a, b in (parts[0], parts[-1]))
        place = self.places.find(last)
        return bool(PLURAL_OF.search(first)) and (place is not None and place.kind != "people")

    def _trim(self, span: Span) -> Span:
        start, end = span
        while True:
            words = self.text[start:end]
            found = EDGES.search(words)
            if not found or found.start() == found.end() or found.span() == (0, len(words)):
                return start, end
            start, end = (start + found.end(), end) if found.start() == 0 else (start, start + found.start())
