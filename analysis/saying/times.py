"""When a statement was made: a time beside its cue, the occasion of one nearby, or the day of the article."""

from __future__ import annotations

import re

from analysis.dates import TimeExpression
from analysis.saying.drafts import Draft, Reading
from analysis.tagger import Span

# Cues that put the act away from the day of the article, without saying when.
ELSEWHEN = re.compile(
    r"\b(?:previously|repeatedly|often|frequently|long|once|always|never|sometimes|twice|consistently|formerly|originally|"
    r"had|in the past|over the years|time and again|regularly|routinely)\b",
    re.IGNORECASE,
)
TIME_LEAD = re.compile(
    r"(?:^|\s)((?:(?:earlier|late|later|early) )?(?:on|in|at|during|since|by|after|before) "
    r"|(?:earlier|late|later|early) )(?:the )?$"
)
# What is still to be said may have a day after the article's: "will tell parliament on Friday".
TO_COME = re.compile(r"\b(?:will|shall|would|to|going|['’]ll)\b|['’]ll\b", re.IGNORECASE)
# A relative clause that is still open: ", who retires in".
RELATIVE_CLAUSE = re.compile(r",\s+(?:who|whom|whose|which|where)\b[^,;:]*$")


class Times:
    """Dates the statements of an article.

    Args:
        reading: the article.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading, self.setting, self.text = reading, reading.setting, reading.text
        self.sentences = reading.sentences

    def read(self) -> None:
        """When it was said: a time beside the cue, else the occasion of a dated statement nearby, else the article's day."""
        said = [d for d in self.reading.drafts if d.cue]
        expressions = self.setting.times if said else []
        for draft in said:
            draft.when = self._time_of(draft, expressions)
            if draft.when and draft.when.first_day:
                draft.days = (draft.when.first_day, draft.when.last_day)
                draft.date_basis = draft.when.basis
        previous: Draft | None = None
        for draft in self.reading.drafts:
            if draft.date_basis == "none":
                self._date_from_around(draft, previous)
            if draft.parent is None:
                previous = draft

    def time_words(self, when: TimeExpression) -> str:
        """The time expression with the words that lead into it: "earlier on Saturday"."""
        lead = TIME_LEAD.search(self.text, max(0, when.start - 25), when.start)
        return self.text[lead.start(1) : when.end] if lead else when.text

    def _time_of(self, draft: Draft, expressions: list[TimeExpression]) -> TimeExpression | None:
        """The time expression of the cue's own clause: in its sentence, in no content, the nearest to the cue."""
        start, end = self.sentences.span(draft.anchor)
        cue_start, cue_end = draft.cue[0][0], draft.cue[-1][1]
        published, still_to_come = self.reading.article["published"], TO_COME.search(self.reading.cue_words(draft))
        best, distance = None, 90
        for found in expressions:
            if found.start < start or found.end > end or found.type in ("DURATION", "SET"):
                continue
            if published and found.first_day and found.first_day > published and not still_to_come:
                continue  # "posted the matter for 7 June": nobody says something after the article
            if any(
                a <= found.start < b
                for d in self.reading.drafts
                for a, b in d.content
                if not (d.parent is None and draft.parent is d)
            ):
                continue
            if draft.parent and not any(a <= found.start < b for a, b in draft.parent.content):
                continue
            clause = RELATIVE_CLAUSE.search(self.text, start, found.start)
            if clause and not clause.start() <= cue_start < self._clause_end(found.end, end):
                continue  # "Roe, who retires in December, said"
            gap = self._gap(found, (cue_start, cue_end), draft)
            if found.first_day and found.last_day and (found.last_day - found.first_day).days > 31:
                gap += 40  # a day says more than the year beside it
            if gap < distance:
                best, distance = found, gap
        return best

    def _clause_end(self, start: int, end: int) -> int:
        """Where a comma ends a clause, at the latest at `end`."""
        comma = self.text.find(",", start, end)
        return comma if comma >= 0 else end

    def _gap(self, found: TimeExpression, cue: Span, draft: Draft) -> int:
        """Characters between a time expression and a cue, what the statement itself puts between them left out."""
        if cue[0] <= found.start < cue[1]:
            return 0
        low, high = (cue[1], found.start) if found.start >= cue[1] else (found.end, cue[0])
        inside = sum(max(0, min(b, high) - max(a, low)) for a, b in [*draft.content, *draft.source])
        return high - low - inside

    def _date_from_around(self, draft: Draft, previous: Draft | None) -> None:
        cue = self.reading.cue_words(draft)
        if draft.when is not None or ELSEWHEN.search(cue):
            return
        if (
            previous
            and previous.date_basis in ("explicit", "resolved", "context")
            and previous.speaker.name
            and previous.speaker.name == draft.speaker.name
            and self.reading.close(previous, draft)
        ):
            draft.days, draft.date_basis = previous.days, "context"
            return
        day = self.reading.article["published"] or (
            self.reading.article["reference_date"] if self.reading.article["reference_basis"] == "researcher" else None
        )
        if day:
            draft.days, draft.date_basis = (day, day), "article"
