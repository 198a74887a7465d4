"""Whom a noun means: "the Omani government", "the city", "the firm", "Secretary of State Ann Roe", "Saudi troops"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from analysis.places import Place, american_states
from analysis.setting import Setting
from analysis.sides.makers import Makers
from analysis.sides.party import Naming, Party
from analysis.sides.voices import Voices
from analysis.speakers import ARTICLE, Speaker
from analysis.tagger import Span
from analysis.wordlists import PERSON

POSSESSIVE = re.compile(r"['’]s?$")
# What stands before the name of a place in a description: "miners in Port [Ek]"
LOCATING = re.compile(r"\b(?:in|at|from|near|of|across|around|outside|throughout)\s+(?:[A-Z][\w'’-]*\s+){0,3}$")
# "the Kenyan side", and "our Kenyan partners", "our Kenyan friends and allies" from who speaks for a state: the state
FRIENDS = r"(?:partners?|friends?|colleagues?|counterparts?|allies|ally|neighbou?rs?)"
OF_A_PEOPLE = re.compile(rf"(?:the|our) (?P<people>\w+(?: \w+)?) (?:side|{FRIENDS}(?: and {FRIENDS})?)", re.IGNORECASE)
# "the Omani government", "Oman's authorities": the state
GOVERNMENT_OF = re.compile(
    r"(?:the |an? )?(?P<state>\S+(?: \S+){0,2}?)(?:['’]s?)? (?:government|administration|regime|authorities|cabinet)",
    re.IGNORECASE,
)
STATE_WORDS = re.compile(r"\b(?:government|administration|regime|authorities|cabinet)\b", re.IGNORECASE)
SHARED_NOUN = re.compile(r"(?:,\s+[A-Z]\w+)*,?\s+(?:and|or)\s+([A-Z]\w+(?: [A-Z]\w+)?)((?:\s+[a-z][\w-]*)+)")
CAPITALISED = re.compile(r"[A-Z][\w-]*")
CHAMBERS = frozenset("House Senate Assembly".split())  # of "House Republicans"
THE_PLACE = re.compile(r"(?:the|this|that) (?:city|town|village)", re.IGNORECASE)
OFTEN = 3  # so often a town is named at least that is called the city


class Nouns:
    """Reads the names and descriptions of one article's participants.

    Args:
        setting: what helps to look things up in the article.
        naming: makes participants.
        voices: tells who speaks.
        makers: tells from which states things are.
    """

    def __init__(self, setting: Setting, naming: Naming, voices: Voices, makers: Makers) -> None:
        self.setting, self.text = setting, setting.text
        self.cast, self.places = naming.cast, naming.places
        self.naming, self.voices, self.makers = naming, voices, makers

    def read(self, words: str, span: Span, said: Mapping[str, Any] | None, others: Sequence[Span]) -> Party:
        """Who is meant by a name or a description; without a name where it names nobody ("others", "both").

        Args:
            words: those of the mention, with single blanks.
            span: its offsets.
            said: the row of the innermost statement around it.
            others: mentions of the event's other side.
        """
        maker = self.makers.made_there(words, span)
        if maker:
            return maker
        place = self.places.find(words)
        if place:
            return self._people(words, place, span) if place.kind == "people" else self._state(words, place, span)
        state = self._government(words, span, said)
        if state:
            return self.naming.of_state(state.country, span)
        if THE_PLACE.fullmatch(words) and (town := self._town(span)):
            return town
        speaker = self.setting.speakers.resolve(span)
        if speaker.name is None or self._is_but_a_part(speaker, span) or self._is_another(speaker, span, said, others):
            return self.naming.as_written(span, speaker)
        return self._with_first_words(self.naming.of_speaker(speaker, span), speaker)

    def goes_on(self, span: Span, other: Span) -> bool:
        """Whether a mention only goes on with the one before it, of a state: "our Omani partners" and "friends"."""
        words = " ".join(self.text[span[0] : other[1]].split())
        return " " not in self.text[slice(*other)] and span[1] < other[0] and OF_A_PEOPLE.fullmatch(words) is not None

    def _government(self, words: str, span: Span, said: Mapping[str, Any] | None) -> Place | None:
        """The state of "the Omani government", "the Roe administration" of its president, "the Omani side", and of "our Omani
        friends" where a state speaks."""
        found = GOVERNMENT_OF.fullmatch(words)
        if found:
            return self.places.find(POSSESSIVE.sub("", found["state"])) or self._ruled_by(span)
        found = OF_A_PEOPLE.fullmatch(words)
        people = self.places.find(found["people"]) if found else None
        if people is None or people.kind != "people":
            return None
        ours = words.lower().startswith("our ")
        return people if not ours or self.voices.who_says(said, span, for_whom=True).kind == "government" else None

    def _town(self, span: Span) -> Party | None:
        """The town that "the city" means: the one that the article names three times and more than twice as often as others."""
        named = self._towns.most_common(2)
        if not named or named[0][1] < OFTEN or (len(named) > 1 and named[0][1] <= 2 * named[1][1]):
            return None
        return Party(named[0][0], span, (), "organisation")

    @cached_property
    def _towns(self) -> Counter[str]:
        """How often the article names each place that is no state of its own, nor one of the United States."""
        words = (" ".join(self.text[name.start : name.end].split()) for name in self.cast.names if name.kind == "LOCATION")
        return Counter(word for word in words if not self.places.find(word) and word not in american_states())

    def _ruled_by(self, span: Span) -> Place | None:
        """The state whose head or head of government is named in a mention of their government."""
        named = (actor for _, actor in self.cast.inside(*span) if actor and actor.kind == PERSON and actor.country)
        leader = next((actor for actor in named if self.setting.speakers.leads(actor)), None)
        return self.places.find(self.places.short_name(leader.country)) if leader and leader.country else None

    def _with_first_words(self, party: Party, speaker: Speaker) -> Party:
        """An organisation with the capitalised words before its name, of which the tagger saw only the last ones."""
        if speaker.actor is None or speaker.kind != "organisation" or speaker.basis != "named":
            return party
        mention = next((name for name, actor in self.cast.inside(*party.span) if actor is speaker.actor), None)
        if mention is None:
            return party
        words = ARTICLE.sub("", self.text[party.span[0] : mention.start]).split()
        if not words or not all(map(CAPITALISED.fullmatch, words)):
            return party
        if any(w not in CHAMBERS and (self.places.all_in(w) or self.cast.words.role(w)) for w in words):
            return party
        return party._replace(name=" ".join([*words, self.text[mention.start : mention.end]]))

    def _is_but_a_part(self, speaker: Speaker, span: Span) -> bool:
        """Whether a name is too little: made of some words of a description, a mere role, or a place in it ("in Port Ek")."""
        words, name = self.text[span[0] : span[1]], speaker.name or ""
        if speaker.actor is None:
            return speaker.kind != "government" and name in words
        if speaker.basis != "named":
            return False
        start = next((n.start for n, actor in self.cast.inside(*span) if actor is speaker.actor), span[0])
        before = self.text[span[0] : start]
        if not before or (speaker.kind == "government" and STATE_WORDS.search(before)):
            return False
        title = self.cast.title_before(start) if speaker.kind == PERSON else ""
        if title.lower().endswith(ARTICLE.sub("", before).strip().lower()) and title:
            return False  # "Secretary of State Ann Roe"
        return (
            bool(LOCATING.search(before))
            or before.endswith("-")
            or (" " not in name and self.cast.words.role(name) is not None)
        )

    def _is_another(self, speaker: Speaker, span: Span, said: Mapping[str, Any] | None, others: Sequence[Span]) -> bool:
        """Whether "the company" was taken for an organisation that it cannot be.

        That is one on the other side of the event, or one that is named in the same sentence without being the speaker, unless
        the article calls it so.
        """
        actor = speaker.actor
        if speaker.basis != "role" or actor is None or actor.kind == PERSON:
            return False
        if any(other is actor for a, b in others for _, other in self.cast.inside(a, b)):
            return True
        if self.setting.speakers.is_called(actor, self.text[span[0] : span[1]].split()[-1].lower()):
            return False
        start, _ = self.setting.sentences.span(span[0])
        here = any(other is actor for _, other in self.cast.inside(start, span[0]))
        return here and not (said and said["speaker"] == speaker.name)

    def _state(self, words: str, place: Place, span: Span) -> Party:
        """A state by its plain name; a seat of government, or a person of that name, by the name that it has here."""
        inside = self.cast.inside(*span)
        actor = inside[0][1] if inside else None
        if place.kind in ("seat", "body") or (actor and actor.kind == PERSON):
            name = self.naming.of_actor(actor, span).name if actor else ARTICLE.sub("", words, count=1)
            return Party(name, span, (place.country,), actor.kind if actor else "government")
        return self.naming.of_state(place.country, span)

    def _people(self, words: str, place: Place, span: Span) -> Party:
        """A word for a people alone: the state for "a Kenyan [ship]", what follows for "[Saudi] and Bahraini troops"."""
        words = ARTICLE.sub("", words)
        after = self.text[span[1] : span[1] + 80]
        shared = None if words.endswith("s") and words != "Swiss" else SHARED_NOUN.match(after)
        if shared and (other := self.places.find(shared[1])) and other.kind == "people":
            noun = self._first_noun(shared[2])
            return Party(f"{words} {noun}", span, (place.country,), "group")
        if re.match(r"[\s-]+[A-Za-z]", after) and not words.endswith("s") and self.text[span[0] : span[1]] == words:
            return self.naming.of_state(place.country, span)
        return Party(words, span, (place.country,), "group")

    def _first_noun(self, words: str) -> str:
        """The words up to the first that names a role or is a plural, among the first three; else the first one."""
        first = words.split()[:3]
        for number, word in enumerate(first, 1):
            more = first[number : number + 1]
            if (self.cast.words.role(word) or word.endswith("s")) and not (more and more[0].endswith("s")):
                return " ".join(first[:number])
        return first[0]
