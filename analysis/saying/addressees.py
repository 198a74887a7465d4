"""To whom a statement was made."""

from __future__ import annotations

import re

from analysis.saying.drafts import PASSIVE, Draft, Reading
from analysis.saying.relays import Relays
from analysis.speakers import SINGULAR
from analysis.tagger import Span
from analysis.wordlists import PERSON

ADDRESSED = frozenset(
    "tell urge ask warn remind inform assure advise promise brief order instruct implore beg notify petition".split()
) | {"call on", "call upon"}
# Verbs that always have an addressee; what follows one of the others may be something else: "he warned again".
ALWAYS_ADDRESSED = frozenset("tell inform assure remind brief notify".split())
# Where an addressee ends: "reporters | after the meeting", "the crowd | , which".
ADDRESSEE_END = re.compile(
    r"[,;:\n(]|\s[–—-]+\s|(?:^|\s)(?:in|on|at|by|about|after|during|outside|inside|before|following|through|via|over|near|"
    r"when|while|as|who|whom|which|that|if|whether|how|why|because|where|and then|"
    r"late|later|early|earlier|recently|afterwards?|again|separately|privately|repeatedly|last|this (?:morning|week|month))\b",
    re.IGNORECASE,
)
TO_NOBODY_NAMED = frozenset("them it you me us himself herself themselves itself".split())
DETERMINER = re.compile(r"(?:the|a|an|his|her|its|their|our|my|this|these|those|all|any|other|some|many|both)\s", re.IGNORECASE)
# What leads into the time after an addressee: "parliament late [on] Tuesday".
BEFORE_TIME = re.compile(
    r"\s+(?:(?:early|late|later|earlier)\s*)?(?:(?:on|in|at|during|since|by|the|this)\s*){0,2}$", re.IGNORECASE
)
# "urged the king to abdicate": the words before "to" are the addressee, though the annotation counts them as content.
URGED = re.compile(r"([^,.;:“”\"\n]{2,90}?)\s+(?:not )?to\s")


class Addressees:
    """Finds out to whom the statements of an article were made.

    Args:
        reading: the article.
        relays: its media.
    """

    def __init__(self, reading: Reading, relays: Relays) -> None:
        self.setting, self.text, self.relays = reading.setting, reading.text, relays
        self.sentences, self.cast, self.speakers = reading.sentences, reading.cast, reading.speakers

    def read(self, draft: Draft, near: Draft | None) -> None:
        """Set `addressee`: the words after the cue, or who stands before a passive. A medium that is told goes into `via`."""
        if draft.act.lemma not in ADDRESSED or not draft.cue or not draft.content:
            return
        if self._is_passive(draft):
            draft.addressee = self._passive_subject(draft)
            return
        words = self._addressed_words(draft)
        if words is None:
            return
        start, end = words
        low = self.text[start:end].lower()
        if low in ("him", "her"):
            draft.addressee = self._other_person(low, start, draft, near)
            return
        found = self.speakers.resolve((start, end), parent=draft.parent.speaker if draft.parent else None)
        name = None if found.actor is not None and found.actor is draft.speaker.actor else found.name
        plain = low if self.text[start].islower() and end - start < 60 and low not in TO_NOBODY_NAMED else None
        draft.addressee = name or (self.text[start:end] if plain else None)
        medium = self.relays.medium_in(start, end)
        if medium and draft.act.lemma == "tell" and medium not in draft.via:
            draft.via.append(medium)  # "told Radio Lome": it passed on what it was told

    def _is_passive(self, draft: Draft) -> bool:
        """Whether who stands before the cue is spoken to: "she was told", "she was told by officials"."""
        cue_start, cue_end = draft.cue[0][0], draft.cue[-1][1]
        if draft.source and draft.source[0][0] < cue_start:
            return False
        return bool(draft.heard) or bool(PASSIVE.search(self.text[max(0, cue_start - 12) : cue_end]))

    def _passive_subject(self, draft: Draft) -> str | None:
        """Who was told: the subject that the tagger took for the source, else the name nearest before the cue."""
        if draft.heard:
            found = self.speakers.resolve((draft.heard[0][0], draft.heard[-1][1]))
            words = self.text[draft.heard[0][0] : draft.heard[-1][1]]
            return found.name or (words if words[0].islower() and " " in words and len(words) < 60 else None)
        cue_start = draft.cue[0][0]
        names = [actor for _, actor in self.cast.inside(self.sentences.span(cue_start)[0], cue_start) if actor]
        return names[-1].name if names else None

    def _addressed_words(self, draft: Draft) -> Span | None:
        """The words after the cue that say to whom, without the time and the place of it; None where there are none."""
        cue_end = draft.cue[-1][1]
        later = [a for a, _ in [*draft.content, *draft.source] if a >= cue_end]
        inverted = not any(a >= cue_end for a, _ in draft.content)
        start, end = cue_end, min([*later, self.sentences.span(draft.cue[-1][0])[1]])
        if not self.text[start:end].strip() and not inverted:
            urged = URGED.match(self.text, start)
            if draft.act.act != "urge" or not urged:
                return None
            start, end = urged.span(1)
        when = next((e.start for e in self.setting.times if start <= e.start < end), None)
        if when is not None:
            end = start + len(BEFORE_TIME.sub("", self.text[start:when]))
        names = [name for name, _ in self.cast.inside(start, end)]
        for stop in ADDRESSEE_END.finditer(self.text, start, end):
            if not any(name.start <= stop.start() < name.end for name in names):
                end = stop.start()
                break
        words = self.text[start:end]
        start += len(words) - len(words.lstrip(" \n“„\"‘'"))
        end -= len(words) - len(words.rstrip(" \n.!?"))
        if start >= end or end - start > 120 or not self.text[start].isalnum():
            return None
        certain = draft.act.lemma in ALWAYS_ADDRESSED or not inverted or any(name.start < end for name in names)
        return (start, end) if certain or DETERMINER.match(self.text, start, end) else None

    def _other_person(self, word: str, start: int, draft: Draft, near: Draft | None) -> str | None:
        """Whom "told him" means, never the speaker: who spoke before, else the one other person named just before."""
        speaker = draft.speaker.actor
        if speaker is None and draft.speaker.kind == PERSON:
            return None  # a man of whom we know nothing told another
        gender = SINGULAR[word]
        for said in (draft.parent, near):
            actor = said.speaker.actor if said else None
            if actor and actor.kind == PERSON and actor is not speaker and actor.gender in ("", gender):
                return actor.name
        here = self.sentences.number(start)
        for number in (here, here - 1):
            people = {
                id(actor): actor
                for name, actor in self.cast.before(start)
                if self.sentences.number(name.start) == number
                and actor.kind == PERSON
                and actor is not speaker
                and actor.gender in ("", gender)
            }
            if people:
                return next(iter(people.values())).name if len(people) == 1 else None
        return None
