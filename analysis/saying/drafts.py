"""An article whose statements are being read: what helps to look things up in it, and the statements so far."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date

from analysis.acts import Act
from analysis.dates import TimeExpression
from analysis.interviews import Turn
from analysis.quotes import Quotes
from analysis.setting import Setting
from analysis.speakers import NOBODY, Speaker
from analysis.tagger import Span

# "She was asked": who stands before the cue hears it.
PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|be|get|gets|got)\b(?:\s+\w+){0,2}?\s+(?:asked|told|urged|warned|informed|reminded|advised|assured|ordered|instructed|accused)\b",
    re.IGNORECASE,
)


@dataclass
class Draft:
    """A statement on its way to a row."""

    source: list[Span]
    cue: list[Span]
    content: list[Span]
    confidence: float
    shy: bool = False
    heard: list[Span] = field(default_factory=list)  # who is spoken to, where the tagger took that for the source
    parent: Draft | None = None
    turn: Turn | None = None  # of an interview
    act: Act = field(default_factory=lambda: Act("say", False, None))
    quote_type: str = "indirect"
    speaker: Speaker = NOBODY
    via: list[str] = field(default_factory=list)
    addressee: str | None = None
    when: TimeExpression | None = None
    date_basis: str = "none"
    days: tuple[date | None, date | None] = (None, None)

    @property
    def start(self) -> int:
        return min(a for a, _ in [*self.source, *self.cue, *self.content])

    @property
    def end(self) -> int:
        return max(b for _, b in [*self.source, *self.cue, *self.content])

    @property
    def anchor(self) -> int:
        """Where the statement is made: at its cue, or at its content where there is no cue."""
        return (self.cue or self.content or self.source)[0][0]


class Reading:
    """What the steps from attributions to rows share.

    Args:
        setting: what helps to look things up in the article.
    """

    def __init__(self, setting: Setting) -> None:
        self.article, self.setting = setting.article, setting
        self.text = setting.text
        self.quotes = Quotes(self.text)
        self.sentences, self.cast, self.speakers = setting.sentences, setting.cast, setting.speakers
        self.paragraphs = self._paragraph_starts()
        self.drafts: list[Draft] = []

    def _paragraph_starts(self) -> list[int]:
        starts = {self.sentences.paragraph(a)[0] for a, _ in self.sentences.spans}
        parts = [(z["start"], z["end"]) for z in self.article["zones"] if z["kind"] != "boilerplate"]
        return sorted(start for start in starts if any(a <= start < b for a, b in parts))

    def paragraphs_of_body(self) -> list[Span]:
        """Offsets of the paragraphs that are neither headline nor boilerplate."""
        return [self.sentences.paragraph(start) for start in self.paragraphs if self.setting.zone(start) == "body"]

    def paragraph_number(self, place: int) -> int:
        """How many paragraphs begin up to a character, captions and such not counted."""
        return bisect_right(self.paragraphs, place)

    def close(self, before: Draft, draft: Draft) -> bool:
        """Whether one statement stands in the same paragraph as another, or in the next one; captions and such do not count."""
        return abs(self.paragraph_number(draft.start) - self.paragraph_number(before.anchor)) <= 1

    def cue_words(self, draft: Draft) -> str:
        """The words of a statement's cue; empty where it has none."""
        return self.text[draft.cue[0][0] : draft.cue[-1][1]] if draft.cue else ""
