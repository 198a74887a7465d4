"""Whom words mean that stand for somebody told elsewhere in the article: he, it, they, "the country", "both sides"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from analysis.setting import Setting
from analysis.sides.mentions import PREPOSITION
from analysis.sides.party import I_WORDS, IT_WORDS, THEY_WORDS, WE_WORDS, Naming, Party
from analysis.sides.voices import Voices
from analysis.speakers import RELATIVE, SINGULAR
from analysis.tagger import Span
from analysis.wordlists import PERSON

OBJECT_FORMS = frozenset(("him",))  # never the speaker of the statement in which they stand
THE_STATE = re.compile(r"(?:the|this|that|our) (?:country|nation|state|kingdom|republic)", re.IGNORECASE)
# "the two countries", "both sides"
STATES_IN_PAIRS = "countries states nations neighbours neighbors capitals governments allies sides parties".split()
PEOPLE_IN_PAIRS = (
    "leaders,presidents,premiers,ministers,officials,diplomats,heads of state,men,women,statesmen,politicians".split(",")
)
FIRMS_IN_PAIRS = "companies firms groups airlines carriers banks manufacturers carmakers automakers planemakers".split()
PAIR = re.compile(
    r"(?:the (?:two|pair)|these two|both)(?: (?:of them|(?:\w+ )?"
    rf"(?P<noun>{'|'.join([*STATES_IN_PAIRS, *PEOPLE_IN_PAIRS, *FIRMS_IN_PAIRS])})))?",
    re.IGNORECASE,
)
NEAR_SENTENCES = 2


class StandIns:
    """Finds out whom the pronouns among one article's participants mean.

    Its methods take the mention, the row of the innermost statement around it or None, and the mentions of the event's other
    side, whom a pronoun cannot mean. A party without a name comes back where the article does not tell who is meant.

    Args:
        setting: what helps to look things up in the article.
        naming: makes participants.
        voices: tells who speaks.
        sides: the spans of those who act and of those whom they act on, of each of its events.
        read: the participants that a mention names.
    """

    def __init__(
        self,
        setting: Setting,
        naming: Naming,
        voices: Voices,
        sides: Iterable[tuple[Sequence[Span], Sequence[Span]]],
        read: Callable[[Span], list[Party]],
    ) -> None:
        self.setting, self.text, self.cast = setting, setting.text, naming.cast
        self.naming, self.voices, self.read = naming, voices, read
        sides = list(sides)
        self.groups = sorted((sorted(set(group)) for both in sides for group in both if group), key=lambda group: group[0])
        self.acting = {span for actors, _ in sides for span in actors}
        self.mentions = sorted({span for group in self.groups for span in group})

    def several(self, span: Span, said: Mapping[str, Any] | None, others: Sequence[Span]) -> list[Party]:
        """Whom "they" means: the participants of an event told just before, several of one side or a plural one."""
        start, _ = self.setting.sentences.span(span[0])
        number = self.setting.sentences.number(span[0])
        first = self.setting.sentences.spans[max(0, number - 1)][0] if self.setting.sentences.spans else 0
        for low, high in ((start, span[0]), (first, start)):
            mentions = [m for m in self._mentions(low, high) if not self._is_other(m, others)]
            near = self.groups[bisect_left(self.groups, [(low, 0)]) : bisect_left(self.groups, [(high, 0)])]
            groups = [[m for m in group if m in mentions] for group in near]
            together = [group for group in groups if len(group) > 1]
            found = [*together, *([m] for m in mentions if self._is_plural(m))]
            # In the sentence before, the subject rather than whom it did something to.
            acting = [group for group in found if low == first and self.acting.issuperset(group)]
            nearest = max(acting or found, key=lambda group: group[-1], default=None)
            if nearest:
                parties = [party for mention in nearest for party in self._described(mention)]
                if parties:
                    return [party._replace(span=span) for party in parties]
        return [self.voices.speaking_group(said, span)]

    def thing(self, span: Span, said: Mapping[str, Any] | None, others: Sequence[Span], *, states_only: bool) -> Party:
        """The state or organisation that "it" or "the country" means.

        The nearest in the same statement or sentence that stands there by itself, not after a preposition; else the speaker
        of the statement, if that is no person; else the subject of a sentence just before.
        """
        start, _ = self.setting.sentences.span(span[0])
        content = max((a for a, b in said["content_spans"] if a <= span[0] < b), default=start) if said else start
        for first, stop in ((max(start, content), span[0]), (start, span[0])):
            found = self._nearest_thing(first, stop, others, states_only)
            if found:
                return found._replace(span=span)
            if said and not states_only and said["speaker_kind"] != PERSON and first == max(start, content):
                speaker = self.voices.who_says(said, span)
                if speaker.name and speaker.name.lower() not in IT_WORDS:
                    return speaker
        number = self.setting.sentences.number(span[0])
        for back in range(1, NEAR_SENTENCES + 1):
            if number - back < 0:
                break
            first, stop = self.setting.sentences.spans[number - back]
            things = self._things(first, stop, others, states_only)
            if things:
                return things[-1 if states_only else 0]._replace(span=span)
        return self.naming.as_written(span) if states_only else Party(None, span)

    def person(self, word: str, span: Span, said: Mapping[str, Any] | None, others: Sequence[Span]) -> Party:
        """Whom "he" or "she" means: a person named before or the speaker, else one who takes part in an event told before.

        In a question it is the one who is asked: "asked Roe how he would pay".
        """
        asked = self.naming.people.get(said["addressee"] or "") if said and said["act"] == "ask" else None
        if asked and asked.gender in ("", SINGULAR[word]):
            return self.naming.of_actor(asked, span)
        pronouns = self.setting.speakers.pronouns
        speaker = said["speaker"] if said else None
        excluded = {party.name for other in others for party in self._described(other) if party.name}
        if speaker and pronouns.quoted(span[0]):
            excluded.add(speaker)
        actor = pronouns.person(span[0], other_than=excluded)
        if actor is None and speaker and speaker not in excluded and word not in OBJECT_FORMS:
            told = self.naming.people.get(speaker)
            actor = told if told and pronouns.may_be(told, SINGULAR[word], span[0]) else None
        if actor:
            return self.naming.of_actor(actor, span)
        source = said["source_spans"] if said and word not in OBJECT_FORMS else []
        if source and said and said["speaker_kind"] == PERSON and not said["speaker"]:
            return self.naming.as_written((source[0][0], source[-1][1]))._replace(span=span, kind=PERSON)
        number = self.setting.sentences.number(span[0])
        first = self.setting.sentences.spans[max(0, number - 1)][0]
        for mention in reversed(self._mentions(first, span[0])):
            if not self._is_other(mention, others) and self._is_of_gender(mention, SINGULAR[word]):
                found = [party for party in self._described(mention) if party.kind == PERSON]
                if found and not self._is_plural(mention):
                    return found[0]._replace(span=span)
        return Party(None, span)

    def pair(self, span: Span, noun: str) -> list[Party]:
        """The two states, persons or firms named last before "the two countries", "the two leaders", "the two firms".

        Nobody where there are fewer or more than two.
        """
        kinds: tuple[str, ...] = ("government", "organisation")
        if noun in PEOPLE_IN_PAIRS or noun in FIRMS_IN_PAIRS:
            kinds = (PERSON,) if noun in PEOPLE_IN_PAIRS else ("organisation",)
        number = self.setting.sentences.number(span[0])
        for back in range(NEAR_SENTENCES + 1):
            if number - back < 0:
                break
            first, stop = self.setting.sentences.spans[number - back]
            named: dict[str, Party] = {}
            for _, actor in self.cast.inside(first, min(stop, span[0])):
                if actor and actor.kind in kinds:
                    party = self.naming.of_actor(actor, span)
                    named.setdefault(party.name or "", party)
            if len(named) == 2:
                return list(named.values())
            if len(named) > 2:
                return []
        return []

    def _is_of_gender(self, mention: Span, gender: str) -> bool:
        """Whether the persons named in a mention are, as far as is known, of a gender."""
        return all(actor.gender in ("", gender) for _, actor in self.cast.inside(*mention) if actor and actor.kind == PERSON)

    def _nearest_thing(self, first: int, stop: int, others: Sequence[Span], states_only: bool) -> Party | None:
        things = self._things(first, stop, others, states_only)
        if states_only:
            return things[-1] if things else None
        alone = [party for party in things if not PREPOSITION.search(self.text[max(first, party.span[0] - 14) : party.span[0]])]
        return alone[-1] if alone else things[-1] if things else None

    def _things(self, first: int, stop: int, others: Sequence[Span], states_only: bool) -> list[Party]:
        """States and organisations in a stretch of text: the names, and what takes part in an event there."""
        found = []
        for name, actor in self.cast.inside(first, stop):
            if actor is None or self._is_other((name.start, name.end), others):
                continue
            is_state = actor.kind == "government" and actor.known is not None
            if is_state or (not states_only and actor.kind in ("organisation", "government")):
                found.append(self.naming.of_actor(actor, (name.start, name.end)))
        if not states_only:
            for mention in self._mentions(first, stop):
                if self._is_other(mention, others) or self._is_plural(mention):
                    continue
                if not any(mention[0] <= p.span[0] < mention[1] for p in found):
                    found += [p for p in self._described(mention) if p.kind in ("organisation", "unknown", "government")]
        return sorted(found, key=lambda party: party.span)

    def _described(self, mention: Span) -> list[Party]:
        words = self.text[mention[0] : mention[1]]
        if words.lower() in I_WORDS | WE_WORDS | IT_WORDS | THEY_WORDS | set(SINGULAR) | RELATIVE:
            return []
        return [party for party in self.read(mention) if party.name]

    def _mentions(self, first: int, stop: int) -> list[Span]:
        low, high = bisect_left(self.mentions, (first, 0)), bisect_left(self.mentions, (stop, 0))
        return [span for span in self.mentions[low:high] if span[1] <= stop]

    def _is_other(self, span: Span, others: Sequence[Span]) -> bool:
        return any(a < span[1] and span[0] < b for a, b in others)

    def _is_plural(self, mention: Span) -> bool:
        head = re.split(r"\s(?:of|in|from|at|for|on|who|that|with)\s", self.text[mention[0] : mention[1]])[0].split()
        if not head:
            return False
        role = self.cast.words.role(head[-1])
        return (
            head[-1].lower() == "police"
            or bool(role and role.kind == "group")
            or (head[-1].endswith("s") and not head[-1][0].isupper())
        )
