"""Who speaks: "I", and for whom, "we", in the words of a statement."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from analysis.names import Actor
from analysis.sides.party import THEY_WORDS, Naming, Party
from analysis.speakers import Speaker
from analysis.tagger import Span
from analysis.wordlists import PERSON

# Offices whose holder, when saying "we", speaks for the state.
STATE_OFFICES = frozenset(
    "president premier minister chancellor king queen emperor emir sultan prince ambassador envoy secretary general admiral "
    "spokesman spokeswoman spokesperson diplomat official undersecretary governor commander".split()
)


class Voices:
    """Tells who speaks in the statements of one article.

    Args:
        naming: makes participants.
    """

    def __init__(self, naming: Naming) -> None:
        self.naming, self.cast = naming, naming.cast

    def named_speaker(self, said: Mapping[str, Any] | None) -> Speaker | None:
        """The named speaker of a statement's row."""
        if not said or not said["speaker"]:
            return None
        actor = self.naming.people.get(said["speaker"])
        return Speaker(said["speaker"], "named", said["speaker_kind"], said["country"], said["affiliation"], actor)

    def who_says(self, said: Mapping[str, Any] | None, span: Span, *, for_whom: bool = False) -> Party:
        """Who says "I"; with `for_whom`, as for "we", the organisation or the state for which a person speaks.

        Without a name where there is no statement around the mention, or nobody knows who makes it.
        """
        if said is None:
            return Party(None, span)
        if not said["speaker"]:
            source = said["source_spans"]
            return self.naming.as_written((source[0][0], source[-1][1]))._replace(span=span) if source else Party(None, span)
        speaker = self.named_speaker(said)
        assert speaker is not None
        if for_whom and speaker.kind == PERSON:
            return self.spoken_for(speaker, span)
        return self.naming.of_speaker(speaker, span)

    def spoken_for(self, speaker: Speaker, span: Span) -> Party:
        """The organisation or the state for which a person speaks, if any, else the person."""
        affiliation = speaker.affiliation or ""
        for actor in self._organisations if affiliation else ():
            if any(form in affiliation for form in actor.forms):
                return self.naming.of_actor(actor, span)
        roles = {word.strip(",.").lower() for word in affiliation.split()}
        roles |= speaker.actor.roles if speaker.actor else set()
        if speaker.country and roles & STATE_OFFICES:
            return self.naming.of_state(speaker.country, span)
        return self.naming.of_speaker(speaker, span)

    def speaking_group(self, said: Mapping[str, Any] | None, span: Span) -> Party:
        """The group that says so, or for which a person says so: "the farmers said they", "the union's chairman said they"."""
        speaker = self.named_speaker(said)
        if said and speaker and speaker.kind == PERSON:
            group = self.spoken_for(speaker, span)
            return group if group.name != speaker.name else Party(None, span)
        party = self.who_says(said, span)
        return party if party.name and party.name.lower() not in THEY_WORDS else Party(None, span)

    def is_official(self, party: Party) -> bool:
        """Whether a participant is a person with an office of state."""
        actor = self.naming.people.get(party.name or "")
        return bool(actor and actor.roles & STATE_OFFICES)

    @cached_property
    def _organisations(self) -> list[Actor]:
        return [actor for actor in {id(a): a for a in self.cast.actors if a}.values() if actor.kind == "organisation"]
