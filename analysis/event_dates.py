"""When an event happened or is to happen: a time expression that the tagger links to it, or one that stands at its clause."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from analysis.dates import TimeExpression, date_ranges, time_expressions
from analysis.setting import Setting
from analysis.tagger import Span, TaggedEvent

# On which side of the day of the article an event lies by its status; 0: the words around its date must tell.
SIDE_OF = {"occurred": -1, "ongoing": -1, "planned": 1, "considered": 1, "threatened": 0, "refused": 0}
# A day or month that is named without its year, week or number of years.
MONTHS = (
    "jan(?:uary)?|febr?(?:uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|"
    "dec(?:ember)?"
)
BARE = re.compile(
    rf"(?:(?:early|late|mid-?)\s*)?(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
    rf"(?:\s+(?:morning|afternoon|evening|night))?|(?:\d\d?(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?:{MONTHS})\.?"
    r"(?:\s+\d\d?(?:st|nd|rd|th)?)?|spring|summer|autumn|winter)",
    re.IGNORECASE,
)
# What may stand between a day and the clause that it dates: ", late on".
LEADS_IN = re.compile(
    r",?\s*(?:(?:early|late|later|earlier)\s+)?(?:(?:on|in|at|since|from|during)\s+)?(?:the\s+)?", re.IGNORECASE
)
ONLY_NOUNS = re.compile(  # "sanctions on the bank, its head and three aides in "
    r"(?:(?!\b(?:to|that|which|who|whom|whose|when|where|while|if|as|because|will|would|could|can|may|might|is|are|was|were|be|"
    r"been|has|have|had|said|says|\w+ing)\b)[^.;:()\"“”\n])*\s(?:in|on|since|during)\s+(?:the\s+)?",
    re.IGNORECASE,
)
WHEN = re.compile(r",?\s+when\s+(?:(?:the|an?|its|his|her|their)\s+(?:[\w-]+\s+){0,2})?", re.IGNORECASE)
TO_THE_ACTOR = re.compile(r",?\s+(?:the\s+|an?\s+)?", re.IGNORECASE)
OF_A_THING = re.compile(r"['’]s?\s+\w")  # what follows the time in "Monday's attack"
RELATIVE_CLAUSE = re.compile(r",\s(?:who|whom|whose|which|where)\s[^,;]*$")  # one that goes on
SINCE = re.compile(r"\bsince\s+(?:the\s+)?$", re.IGNORECASE)  # what stands before a day with which a time begins
# And before one with which it ends; what is not done until a day is done then.
UNTIL = re.compile(r"\b(?:until|till|up to)\s+(?:at least\s+|about\s+|around\s+|after\s+)?(?:the\s+)?$", re.IGNORECASE)
NOT = re.compile(r"\b(?:not|never|nor|no|nothing|nobody)\b|n['’]t\b", re.IGNORECASE)
HALF_A_YEAR = 183
FEW_MORE_DAYS = 366  # an attached expression that covers more days than this dates nothing


class When(NamedTuple):
    """The columns date_start, date_end, date_basis, date_text; without `last` the time has no known end ("since Monday")."""

    first: date | None = None
    last: date | None = None
    basis: str = "none"
    text: str | None = None


UNDATED = When()


class EventDates:
    """Dates the events of one article.

    Args:
        setting: what helps to look things up in the article.
        events: all of its events, with whole words.
    """

    def __init__(self, setting: Setting, events: Sequence[TaggedEvent]) -> None:
        self.setting, self.text = setting, setting.text
        self.dated: dict[Span, list[TaggedEvent]] = defaultdict(list)  # what dates events, and which
        for event in events:
            for span in event.date:
                self.dated[span].append(event)
        self.dates_taken = sorted(self.dated)
        self.triggers = sorted(event.trigger[0][0] for event in events)

    def when(self, event: TaggedEvent) -> When:
        """When it happened or is to happen: what the tagger says dates it, else an expression that stands at its clause."""
        attached = self._attached_time(event) if not event.date or self._is_shared(event) else None
        found = attached or (self._tagged_time(event) if event.date else None)
        if found is None:
            return When(text=self.setting.text_of(event.date)) if event.date else UNDATED
        if not attached and self._is_of_another(found, event):
            return UNDATED
        found = self._on_its_side(found, SIDE_OF[event.status])
        if found.first_day is None or found.last_day is None or self._is_but_an_end(found, event):
            return When(text=found.text)
        if self._is_yet_to_come(found, event):
            return When(text=found.text)
        open_end = SINCE.search(self.text, max(0, found.start - 20), found.start)
        return When(found.first_day, None if open_end else found.last_day, found.basis, found.text)

    def _is_but_an_end(self, found: TimeExpression, event: TaggedEvent) -> bool:
        """Whether a time is the end of what was done before, on a day that is not told: "barred him until May".

        Not where something was not done until then, or is told with a "when"; what is to be done until a day is dated to it.
        """
        lead = UNTIL.search(self.text, max(0, found.start - 30), found.start)
        side = SIDE_OF[event.status]
        if lead is None or side > 0 or self._goes_with_when(found, event):
            return False
        start, _ = self.setting.whole_sentence(found.start)
        return not (side < 0 and NOT.search(self.text, start, lead.start()))

    def _is_shared(self, event: TaggedEvent) -> bool:
        """Whether what dates an event dates another one too: "attacked on Monday and freed them two days later"."""
        return any(len(self.dated[span]) > 1 for span in event.date)

    def _is_of_another(self, found: TimeExpression, event: TaggedEvent) -> bool:
        """Whether a time is nearer to a deed on the other side of the article's day: "agreed on Monday to buy"."""
        side = SIDE_OF[event.status]
        if not side or not BARE.fullmatch(found.text):
            return False

        def distance(deed: TaggedEvent) -> tuple[int, bool]:
            start, end = deed.trigger[0][0], deed.trigger[-1][1]
            return max(found.start - end, start - found.end), start > found.start  # the one before, of two as near

        sharing = [deed for span in event.date for deed in self.dated[span]]
        return any(SIDE_OF[deed.status] == -side and distance(deed) < distance(event) for deed in sharing)

    def _is_yet_to_come(self, found: TimeExpression, event: TaggedEvent) -> bool:
        """Whether a time lies wholly after the day of the article, although the event has happened or goes on."""
        today = self.setting.article["reference_date"]
        return bool(today and found.first_day and found.first_day > today and SIDE_OF[event.status] < 0)

    def _tagged_time(self, event: TaggedEvent) -> TimeExpression | None:
        """The time expression under the event's date; of several, the two ends of a range, else the narrowest."""
        times = self._times_in(*self.setting.whole_sentence(event.trigger[0][0]))
        times = date_ranges(self.text, times)
        touched = [t for t in times if any(t.start < b and a < t.end for a, b in event.date) and not self._is_aside(t, event)]
        dated = [t for t in touched if t.first_day and t.last_day]
        if dated:
            return min(dated, key=lambda t: (t.last_day - t.first_day).days if t.first_day and t.last_day else 0)
        return touched[0] if touched else None

    def _is_aside(self, found: TimeExpression, event: TaggedEvent) -> bool:
        """Whether a time stands in a relative clause that is over before the trigger: "Peru, which votes in May, urged"."""
        start, _ = self.setting.whole_sentence(found.start)
        over = "," in self.text[found.end : event.trigger[0][0]]
        return over and RELATIVE_CLAUSE.search(self.text, start, found.start) is not None

    def _attached_time(self, event: TaggedEvent) -> TimeExpression | None:
        """A day that opens the sentence right before the actor, stands right between actor and trigger, right after the clause,
        after the trigger with nothing but nouns between, or right before a "when" with the event, and is no other event's."""
        first, last = self.setting.whole_sentence(event.trigger[0][0])
        _, end = self.setting.clause_of(event)
        begin, stop = event.trigger[0][0], event.trigger[-1][1]
        taken = self.dates_taken[bisect_left(self.dates_taken, (first, 0)) : bisect_left(self.dates_taken, (last, 0))]
        for found in self._times_in(first, last):
            if any(a < found.end and found.start < b for a, b in taken) or OF_A_THING.match(self.text, found.end):
                continue
            days = (found.last_day - found.first_day).days if found.first_day and found.last_day else FEW_MORE_DAYS
            if days >= FEW_MORE_DAYS:
                continue
            if any(found.end <= a < begin and self._opens(first, found, a) for a, _ in event.actors):
                return found
            if self._goes_with_when(found, event):
                return found
            between = [b for _, b in event.actors if b <= found.start < begin]
            if between and self._is_lead(max(between), found.start) and not self.text[found.end : begin].strip(" ,"):
                return found
            ends = {end, stop}
            if (event.actors or event.recipients) and any(e <= found.start and self._is_lead(e, found.start) for e in ends):
                return found
            if event.actors and event.status != "considered" and stop < found.start and self._only_nouns(stop, found.start):
                return found
        return None

    def _opens(self, first: int, found: TimeExpression, actor: int) -> bool:
        """Whether a time opens a sentence right before the actor: "A week later, [Peru]"."""
        return self._is_lead(first, found.start) and TO_THE_ACTOR.fullmatch(self.text, found.end, actor) is not None

    def _only_nouns(self, start: int, end: int) -> bool:
        """Whether a stretch before a time holds no other deed, nor a word with which another clause begins."""
        others = bisect_left(self.triggers, start) < bisect_left(self.triggers, end)
        return not others and ONLY_NOUNS.fullmatch(self.text, start, end) is not None

    def _times_in(self, first: int, last: int) -> list[TimeExpression]:
        """The time expressions of a stretch of text."""
        low = bisect_left(self.setting.times, first, key=lambda found: found.start)
        high = bisect_left(self.setting.times, last, key=lambda found: found.start)
        return [found for found in self.setting.times[low:high] if found.end <= last]

    def _goes_with_when(self, found: TimeExpression, event: TaggedEvent) -> bool:
        """Whether the event is what a "when" after a day tells of it: "until 12 May, when the miners' strike begins"."""
        here = [span for span in (*event.actors, *event.recipients, *event.trigger) if span[0] > found.end]
        return bool(here) and WHEN.fullmatch(self.text, found.end, min(here)[0]) is not None

    def _is_lead(self, start: int, end: int) -> bool:
        return LEADS_IN.fullmatch(self.text, start, end) is not None

    def _on_its_side(self, found: TimeExpression, side: int) -> TimeExpression:
        """A bare weekday or month on the side of the article's day on which the status puts the event; far ahead, no day."""
        today = self.setting.article["reference_date"]
        if not side or found.basis != "resolved" or not BARE.fullmatch(found.text):
            return found
        start, _ = self.setting.sentences.span(found.start)
        again = time_expressions(self.text[start : found.end], today, side=side)
        if not again or start + again[-1].start != found.start or again[-1].first_day is None:
            return found
        if again[-1].first_day != found.first_day and today and (again[-1].first_day - today).days > HALF_A_YEAR:
            return found._replace(first_day=None, last_day=None)
        return found._replace(value=again[-1].value, first_day=again[-1].first_day, last_day=again[-1].last_day)
