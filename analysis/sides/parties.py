"""Who takes part in an event: the words that name its participants -> canonical names, each with its mention and its states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis.same.phrases import HEAD_END
from analysis.setting import Setting
from analysis.sides.coordinations import Coordinations
from analysis.sides.makers import Makers
from analysis.sides.mentions import DETERMINER
from analysis.sides.nouns import Nouns
from analysis.sides.party import ADJECTIVES, I_WORDS, IT_WORDS, THEY_WORDS, WE_WORDS, Naming, Party
from analysis.sides.stand_ins import PAIR, THE_STATE, StandIns
from analysis.sides.voices import Voices
from analysis.speakers import RELATIVE, SINGULAR
from analysis.tagger import Span


class Parties:
    """Reads the participants of the events of one article.

    Args:
        setting: what helps to look things up in the article.
        sides: the spans of those who act and of those whom they act on, of each of its events, for what "they" and "it" mean.
    """

    def __init__(self, setting: Setting, sides: Iterable[tuple[Sequence[Span], Sequence[Span]]] = ()) -> None:
        self.setting, self.text, self.cast = setting, setting.text, setting.cast
        self.coordinations = Coordinations(self.cast)
        self.naming = Naming(setting)
        self.voices = Voices(self.naming)
        self.makers = Makers(self.naming)
        self.nouns = Nouns(setting, self.naming, self.voices, self.makers)
        self.stand_ins = StandIns(setting, self.naming, self.voices, sides, self.read)
        self._known: dict[tuple[Span, str | None, tuple[Span, ...], bool], list[Party]] = {}

    def read(
        self, span: Span, said: Mapping[str, Any] | None = None, *, others: Sequence[Span] = (), in_person: bool = False
    ) -> list[Party]:
        """The participants that one mention names: mostly one, several where it is a coordination or a plural.

        Args:
            span: offsets of the mention.
            said: the row of the innermost statement in whose content it stands; its speaker is "I" and often "he" and "we".
            others: mentions of the event's other side, whom a pronoun cannot mean.
            in_person: whether "we" is the speaker, as in a meeting, and not for whom the speaker speaks.

        Returns:
            Parties in text order; one without a name where the article does not tell who is meant.
        """
        key = (span, said["statement_id"] if said else None, tuple(others), in_person)
        if key not in self._known:
            self._known[key] = [
                party for part in self.coordinations.parts(span) for party in self._one(part, said, others, in_person)
            ]
        return self._known[key]

    def state_of(self, party: Party) -> Party:
        """The state of a participant that is of one state; else the participant."""
        return self.naming.of_state(party.countries[0], party.span) if len(party.countries) == 1 else party

    def cannot_act(self, party: Party) -> bool:
        """Whether a participant is but described, by a noun for a thing: "two bombs", "a statement of the ministry"."""
        head = HEAD_END.split(party.name or "", maxsplit=1)[0].rpartition(" ")[2]
        return head in self.cast.words.things

    def behind(self, party: Party) -> list[Party]:
        """Who acts by a thing: whom its words name, or the state of which it is: "a report by Roe", "Kenyan missiles"."""
        named = (actor for _, actor in self.cast.inside(*party.span) if actor and actor.kind != "unknown")
        if actor := next(named, None):
            return [self.naming.of_actor(actor, party.span)]
        return [self.state_of(party)] if len(party.countries) == 1 else []

    def _one(self, span: Span, said: Mapping[str, Any] | None, others: Sequence[Span], in_person: bool) -> list[Party]:
        words = " ".join(self.text[span[0] : span[1]].split())
        if words in ADJECTIVES and self._before_a_noun(span):
            return []
        pronoun = "" if words == "US" else words.lower()
        if pronoun in I_WORDS | WE_WORDS:
            return [self.voices.who_says(said, span, for_whom=pronoun in WE_WORDS and not in_person)]
        if pronoun in THEY_WORDS:
            return self.stand_ins.several(span, said, others)
        if pronoun in IT_WORDS or THE_STATE.fullmatch(words):
            return [self.stand_ins.thing(span, said, others, states_only=pronoun not in IT_WORDS)]
        if pronoun in SINGULAR:
            return [self.stand_ins.person(pronoun, span, said, others)]
        if pronoun in RELATIVE:
            return [self.naming.of_speaker(self.setting.speakers.resolve(span), span)]
        if (thing := self.makers.designated(words, span)) is not None:
            return thing
        pair = PAIR.fullmatch(words)
        if pair and (found := self.stand_ins.pair(span, (pair["noun"] or "").lower())):
            return found
        return [self.nouns.read(words, span, said, others)]

    def _before_a_noun(self, span: Span) -> bool:
        """Whether another word follows an adjective that no article makes a noun ("the military fired")."""
        before, after = self.text[max(0, span[0] - 7) : span[0]], self.text[span[1] : span[1] + 2]
        return after[:1].isspace() and after[1:].islower() and not DETERMINER.search(before)
