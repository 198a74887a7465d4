"""What helps to look things up in one article, made once and shared by those who read its statements and its events."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from analysis.authority import Authority
from analysis.dates import TimeExpression, time_expressions
from analysis.laters import with_laters
from analysis.names import Cast
from analysis.sentences import Sentences
from analysis.speakers import Speakers
from analysis.tagger import Span, Tagged, TaggedEvent
from analysis.wordlists import Words

ENDS = ".!?:;…\"”»'’)"
LONG_LINE = 55  # a line of so many characters without a full stop is no heading, but broken
# Inside a sentence: a word in small letters stands before.
NOT_FIRST = re.compile(r"(?:^|\s)[a-z]+ $")


class Setting:
    """The sentences, the actors, who is meant by which words, and the time expressions of one article.

    Args:
        article: a row of the articles table, with dates as `datetime.date` or None.
        tagged: what the tagger found in it.
        words: the word lists.
        authority: what is known about actors.
    """

    def __init__(self, article: Mapping[str, Any], tagged: Tagged, words: Words, authority: Authority) -> None:
        self.article, self.text = article, str(article["text"])
        self.sentences = Sentences(self.text)
        self.cast = Cast(self.text, tagged.names, words, authority, article["reference_date"])
        self.speakers = Speakers(self.text, self.cast, self.sentences)

    @cached_property
    def times(self) -> list[TimeExpression]:
        """The time expressions of the text, in its order; without "Today" in the middle of a sentence, which is a name."""
        found = with_laters(self.text, time_expressions(self.text, self.article["reference_date"]))
        return [one for one in found if not self._is_name(one)]

    def _is_name(self, found: TimeExpression) -> bool:
        """Whether a time word is a name by its capital: "told the Today programme", not "Today he said"."""
        return found.text in ("Today", "Tonight") and bool(NOT_FIRST.search(self.text, 0, found.start))

    def zone(self, place: int) -> str:
        """The zone that a character stands in: headline, body or boilerplate."""
        return next((str(z["kind"]) for z in self.article["zones"] if z["start"] <= place < z["end"]), "body")

    def whole_sentence(self, place: int) -> Span:
        """The sentence of a character; one that is broken over lines is whole."""
        sentences = self.sentences
        first = last = sentences.number(place)
        while first and self._goes_on(first - 1):
            first -= 1
        while last + 1 < len(sentences.spans) and self._goes_on(last):
            last += 1
        return (sentences.spans[first][0], sentences.spans[last][1]) if sentences.spans else (0, 0)

    def _goes_on(self, number: int) -> bool:
        """Whether a line ends inside a sentence, which goes on in the next line."""
        (start, end), (after, _) = self.sentences.spans[number : number + 2]
        if self.text[end:after].count("\n") != 1 or self.text[end - 1] in ENDS or self.zone(start) != self.zone(after):
            return False
        return self.text[after].islower() or end - self.text.rfind("\n", 0, end) > LONG_LINE

    def text_of(self, spans: Sequence[Span]) -> str | None:
        """The words of some spans, with dots between them; None where there are none."""
        return " ... ".join(self.text[a:b] for a, b in spans) or None

    def clause_of(self, event: TaggedEvent) -> Span:
        """From the first to the last word of the event in its sentence; the whole sentence where there is but the trigger."""
        first, last = self.whole_sentence(event.trigger[0][0])
        parts = [*event.actors, *event.recipients, *event.object, *event.place, *event.date]
        here = [span for span in parts if first <= span[0] and span[1] <= last]
        if not here:
            return min(first, event.trigger[0][0]), max(last, event.trigger[-1][1])
        spans = [*here, *event.trigger]
        return min(a for a, _ in spans), max(b for _, b in spans)
