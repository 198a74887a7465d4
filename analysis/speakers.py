"""The words that name a source -> the speaker: named, meant by a pronoun, by a role, or not to be known."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from typing import NamedTuple

from analysis.names import PERSON, Actor, Cast
from analysis.places import fold
from analysis.sentences import Sentences
from analysis.tagger import Name

SINGULAR = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
PLURAL = frozenset("they we them us our their these those".split())
FIRST = frozenset("i me my we us our".split())
RELATIVE = frozenset("who which that whom".split())
ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
WHOLE = re.compile(r"^[\W_]+|[\W_]+$")
# The head of a noun phrase ends before these; names that hold them have been found by then.
HEAD_END = re.compile(
    r",|\(|\s(?:of|for|at|in|from|during|after|who|whose|which|that|with|on|to|by|and|including|along)\s|\s[–—-]\s|:"
)
# "Karl Ek and Foreign Minister Per Dahl"
COORDINATION = re.compile(r"(?:\s*\([^)]*\))?,?\s*(?:and|&)\s+(?:[\w.’'-]+\s+){0,6}")
# "Peru, Chile and the UN"
LAST_OF_LIST = re.compile(r",?\s+(?:and|&|as well as|along with|together with)\s+(?:the\s+)?")
LISTED = re.compile(rf"{LAST_OF_LIST.pattern}|,\s+(?:the\s+)?")
DEFINITE = re.compile(r"^(?:the|this|that|our|his|her|its|their)\s", re.IGNORECASE)
# Words that say what kind of thing the name before them is: "the Kyodo news agency" is Kyodo.
KIND_WORDS = re.compile(
    r"\s+(?:news |wire |state |central |broadcasting )?(?:agency|service|newspaper|daily|weekly|magazine|network|channel|"
    r"station|website|"
    r"company|firm|group|airline|bank|party|union|foundation|think tank)$",
    re.IGNORECASE,
)
MEDIA_WORDS = frozenset("newspaper paper magazine network website station broadcaster channel outlet".split())
ANY_FIRM = frozenset(
    "company firm corporation manufacturer maker exporter importer seller supplier retailer producer operator giant".split()
)
OTHER_KINDS = frozenset(
    "bank party ministry university court council union parliament committee commission army police department".split()
)
NEAR_SENTENCES = 3  # a pronoun or a role looks no further back than this, the speaker of the statement before apart


class Speaker(NamedTuple):
    """Who made a statement: the columns speaker, speaker_basis, speaker_kind, country, affiliation; and the actor, if any."""

    name: str | None
    basis: str
    kind: str
    country: str | None = None
    affiliation: str | None = None
    actor: Actor | None = None


NOBODY = Speaker(None, "none", "unknown")


class Speakers:
    """Resolves the sources of one article."""

    def __init__(self, text: str, cast: Cast, sentences: Sentences) -> None:
        self.text, self.cast, self.sentences, self.words = text, cast, sentences, cast.words

    def resolve(
        self, span: tuple[int, int] | None, *, previous: Speaker | None = None, parent: Speaker | None = None
    ) -> Speaker:
        """The speaker that a source stands for.

        Args:
            span: offsets of the source, or None where the text gives none.
            previous: the speaker of the statement before, if it stands close enough to be meant by "he".
            parent: the speaker of the statement around this one, who is "I" and mostly "he" in it.

        Returns:
            A Speaker; its name is None where the article does not tell who it is, or where two people fit.
        """
        if span is None:
            return NOBODY
        words = WHOLE.sub("", self.text[span[0] : span[1]])
        low = words.lower()
        if low in SINGULAR or low in PLURAL or low in FIRST or low in RELATIVE or low == "it":
            return self._pronoun(low, span[0], previous, parent)
        if low in ("the", "a", "an"):
            return NOBODY
        names = self.cast.inside(*span)
        whole = self._titled(span, names) or self._listed(span, names)
        if whole:
            return whole
        head_end = self._head_end(span, names)
        head = [(name, actor) for name, actor in names if name.end <= head_end]
        rest = self.text[head[-1][0].end : head_end] if head else ""
        of_kind = head and head[-1][1] and head[-1][1].kind == "organisation" and KIND_WORDS.fullmatch(rest.rstrip())
        if head and (of_kind or not rest.strip(" '’s.\"”")):
            found = self._named(*head[-1], span)
            if found:
                return found
        if len(names) > 1 and names[-1][0].kind == "PERSON" and names[-1][0].start == names[-2][0].end + 1:
            found = self._named(*names[-1], span)  # "the chairman of the miners' union John Doe"
            if found:
                return found
        in_apposition = self._apposed(names, head_end, span)
        if in_apposition:
            return in_apposition
        return self._described(span[0], head_end, span, previous)

    # -------------------------------------------------------------- names

    def _titled(self, span: tuple[int, int], names: list[tuple[Name, Actor | None]]) -> Speaker | None:
        """A person after a title of several words: "the US Secretary of State Ann Lee"."""
        if not names or names[-1][0].kind != "PERSON" or WHOLE.sub("", self.text[names[-1][0].end : span[1]]):
            return None
        title = ARTICLE.sub("", WHOLE.sub("", self.text[span[0] : names[-1][0].start]))
        if " of " not in f" {title} " and " for " not in title:
            return None
        full = self.cast.title_before(names[-1][0].start)
        return self._named(*names[-1], span) if full.lower().endswith(title.lower()) else None

    def _listed(self, span: tuple[int, int], names: list[tuple[Name, Actor | None]]) -> Speaker | None:
        """Several states or organisations: "Peru, Chile and the UN"."""
        if len(names) < 2 or self.text[span[0] : names[0][0].start].strip().lower() not in ("", "the", "both"):
            return None
        between = [self.text[one.end : other.start] for (one, _), (other, _) in pairwise(names)]
        listed = list(takewhile(LISTED.fullmatch, between))
        members = [(actor, self._state(name)) for name, actor in names[: len(listed) + 1]]
        parties = {(actor.name if actor else None, state) for actor, state in members}
        if not any(map(LAST_OF_LIST.fullmatch, listed)) or len(parties) == 1 or not all(map(any, parties)):
            return None
        states = {(actor.country if actor else None) or state for actor, state in members}
        return Speaker(None, "none", "group", states.pop() if len(states) == 1 else None)

    def _state(self, name: Name) -> str | None:
        place = self.words.places.find(self.text[name.start : name.end])
        return place.country if place and place.kind in ("name", "capital") else None

    def _head_end(self, span: tuple[int, int], names: list[tuple[Name, Actor | None]]) -> int:
        """Where the head of the noun phrase ends: before a comma, "of", "who" ... that is not part of a name."""
        for match in HEAD_END.finditer(self.text, span[0] + 1, span[1]):
            if not any(name.start <= match.start() < name.end for name, _ in names):
                return match.start()
        return span[1]

    def _named(self, name: Name, actor: Actor | None, span: tuple[int, int]) -> Speaker | None:
        words = self.text[name.start : name.end]
        if self._two_people(span):
            return Speaker(None, "none", "group", self._country(span))
        if actor is None:
            place = self.words.places.find(words)
            if place and place.kind == "people":
                return Speaker(None, "none", "group", place.country)
            if name.kind == "MISC":
                return Speaker(None, "none", "group", self._country(span))
            # A surname that two people share.
            return Speaker(None, "none", PERSON) if name.kind == "PERSON" else None
        return self._of(actor, "named", span)

    def _of(self, actor: Actor, basis: str, span: tuple[int, int] | None = None) -> Speaker:
        country = actor.country or (self._country(span) if span and actor.kind != PERSON else None)
        affiliation = actor.affiliation if actor.kind == PERSON else None
        return Speaker(actor.name, basis, actor.kind, country, affiliation, actor)

    def _two_people(self, span: tuple[int, int]) -> bool:
        people = [(name, actor) for name, actor in self.cast.inside(*span) if actor and actor.kind == PERSON]
        return any(
            one[1] is not other[1] and COORDINATION.fullmatch(self.text[one[0].end : other[0].start])
            for one, other in pairwise(people)
        )

    def _apposed(self, names: list[tuple[Name, Actor | None]], head_end: int, span: tuple[int, int]) -> Speaker | None:
        """Whose name follows a description after a comma: "a ministry spokesman, John Doe", "the airline, Fly High"."""
        head = self.words.role(self.text[span[0] : head_end].split()[-1]) if self.text[span[0] : head_end].split() else None
        for name, actor in names:
            fits = actor and (actor.kind == PERSON or (head is not None and head.kind == actor.kind == "organisation"))
            if not actor or not fits or name.start <= head_end:
                continue
            comma = self.text.rfind(",", head_end, name.start)
            title = self.text[comma + 1 : name.start].split()
            if comma >= 0 and all((role := self.words.role(word)) and role.kind == PERSON for word in title):
                return self._of(actor, "named", span)
        return None

    def _country(self, span: tuple[int, int]) -> str | None:
        return self.words.places.country_in(self.text[span[0] : span[1]])

    # -------------------------------------------------------------- descriptions

    def _described(self, start: int, head_end: int, span: tuple[int, int], previous: Speaker | None) -> Speaker:
        """A speaker given by a common noun: a role, an organisation, a group, a document."""
        head = WHOLE.sub("", self.text[start:head_end])
        tokens = head.split()
        if not tokens:
            return NOBODY
        noun = re.split(r"[-–/]", tokens[-1])[-1] if self.words.role(tokens[-1]) is None else tokens[-1]
        role = self.words.role(noun) or self.words.role(" ".join(tokens[-2:]))
        country = self._country((start, head_end)) or self._country(span)
        if role is None:
            if tokens[0][:1].isupper() and len(tokens) <= 5 and any(t[:1].isupper() for t in tokens[1:] or tokens):
                return self._unlisted(head, country)
            return Speaker(None, "none", "unknown", country)
        if role.kind == "group" or self._two_people(span):
            return Speaker(None, "none", "group", country)
        if role.kind == "document":
            return Speaker(None, "none", "unknown", None)
        definite = bool(DEFINITE.match(head)) or bool(self.words.places.find(tokens[0]))
        if role.kind == PERSON:
            qualified = [name for name, _ in self.cast.inside(head_end, span[1]) if name.kind == "ORGANIZATION"]
            found = self._by_role(noun, role.gender, start, country, definite and not qualified, previous)
            return found or Speaker(None, "role" if definite else "none", PERSON, country, self._employer(span))
        return self._by_organisation_word(head, noun, start, country, definite)

    def _unlisted(self, head: str, country: str | None) -> Speaker:
        """A name that the tagger did not mark, such as one of a single odd word: taken as it is written."""
        name = re.sub(r"^(?:the|a|an)\s+", "", head, flags=re.IGNORECASE)
        place = self.words.places.find(name)
        if place and place.kind == "people":
            return Speaker(None, "none", "group", place.country)
        if place and place.kind in ("name", "capital"):
            return Speaker(f"{self.words.places.short_name(place.country)} government", "named", "government", place.country)
        for actor in self.cast.people():
            if fold(name.split()[-1]) == actor.surname:
                return self._of(actor, "named")
        if place:
            return Speaker(name, "named", "government" if place.kind == "seat" else "organisation", place.country)
        known = self.cast.authority.find(name, self.cast.day)
        if known:
            return Speaker(known.name, "named", known.kind, known.country, known.affiliation)
        return Speaker(name, "named", "unknown", country)

    def _by_role(
        self, noun: str, gender: str, start: int, country: str | None, definite: bool, previous: Speaker | None
    ) -> Speaker | None:
        """The one person of the article who has this role; with a state named, of that state."""
        if not definite:
            return None
        key = noun.strip(".,").lower()
        fitting = [
            actor
            for actor in self.cast.people()
            if key in actor.roles
            and (country is None or actor.country == country)
            and (not gender or actor.gender in ("", gender))
        ]
        if len(fitting) > 1:
            spoke = previous.actor if previous else None
            fitting = [spoke] if spoke is not None and spoke in fitting else self._named_near(fitting, start)
        if len(fitting) == 1:
            return self._of(fitting[0], "role")
        if not fitting and country:
            entry = self.cast.authority.find(f"{self.words.places.short_name(country)} {key}", self.cast.day)
            if entry:
                return Speaker(entry.name, "role", entry.kind, entry.country, entry.affiliation)
        if (
            not fitting
            and previous
            and previous.actor
            and previous.kind == PERSON
            and not previous.actor.roles
            and country is None
        ):
            return self._of(previous.actor, "role")
        return None

    def _named_near(self, actors: list[Actor], start: int) -> list[Actor]:
        """Those of the actors who are named in the sentence or in the few before it."""
        here = self.sentences.number(start)
        names = [(name, actor) for name, actor in self.cast.before(start)[:40] if actor in actors]
        return list({id(a): a for name, a in names if here - self.sentences.number(name.start) <= NEAR_SENTENCES}.values())

    def _by_organisation_word(self, head: str, noun: str, start: int, country: str | None, definite: bool) -> Speaker:
        """A named organisation ("the Foreign Ministry") as it is written; "the company" is the one named last, if it fits."""
        bare = re.sub(r"^(?:the|a|an|its|his|her|their|our|this|that)\s+", "", head, flags=re.IGNORECASE)
        if re.match(r"(?:a|an|another|one)\s", head, re.IGNORECASE):
            return Speaker(None, "none", "organisation", country)
        if any(word[:1].isupper() for word in bare.split()) and not self.words.places.find(bare.split()[0]):
            return Speaker(bare, "named", "organisation", country)
        if country and noun.lower() in ("government", "administration", "regime", "authorities", "state", "cabinet"):
            return Speaker(f"{self.words.places.short_name(country)} government", "named", "government", country)
        if country and bare.split()[0][:1].isupper() and len(bare.split()) > 1:
            return Speaker(bare, "named", "organisation", country)
        if definite:
            here = self.sentences.number(start)
            for name, actor in self.cast.before(start):
                if here - self.sentences.number(name.start) > 2 * NEAR_SENTENCES:
                    break
                if actor.kind == "organisation" and self._is_a(actor, noun.lower()):
                    return self._of(actor, "role")
        return Speaker(None, "role" if definite else "none", "organisation", country)

    def _is_a(self, actor: Actor, noun: str) -> bool:
        """Whether an organisation can be meant by "the newspaper", "the company", "the ministry"."""
        name = fold(actor.name)
        if noun in MEDIA_WORDS or name in self.words.media:
            return noun in MEDIA_WORDS and name in self.words.media
        if noun in ANY_FIRM:
            return not any(word in OTHER_KINDS for word in name.split())
        return noun in name.split()

    def _employer(self, span: tuple[int, int]) -> str | None:
        """The organisation for which an unnamed person speaks: "a spokesman for the ministry of trade"."""
        actors = [actor for _, actor in self.cast.inside(*span) if actor and actor.kind != PERSON]
        return actors[-1].name if actors else None

    # -------------------------------------------------------------- pronouns

    def _pronoun(self, word: str, start: int, previous: Speaker | None, parent: Speaker | None) -> Speaker:
        if word in FIRST:
            return parent._replace(basis="pronoun") if parent and parent.name else Speaker(None, "pronoun", "unknown")
        if word in RELATIVE:
            return self._antecedent(start)
        if word in SINGULAR:
            return self._person(SINGULAR[word], start, previous, parent)
        if word == "it":
            for speaker in (parent, previous):
                if speaker and speaker.name and speaker.kind in ("organisation", "government"):
                    return speaker._replace(basis="pronoun")
            return Speaker(None, "pronoun", "unknown")
        return Speaker(None, "pronoun", "group")

    def _antecedent(self, start: int) -> Speaker:
        """Who "who" means: the name right before it, or the head of the phrase that ends there."""
        for name, actor in self.cast.before(start)[:2]:
            between = self.text[name.end : start]
            if len(between) < 100 and not re.search(r"[.;:!?\n]\s", between):
                tail = between.strip(" ,’'\"”)")
                if not tail or between.startswith(",") or between.lstrip().startswith("("):
                    return self._of(actor, "pronoun")
        return Speaker(None, "pronoun", "unknown")

    def _person(self, gender: str, start: int, previous: Speaker | None, parent: Speaker | None) -> Speaker:
        """The person meant by "he" or "she".

        In a statement inside a statement the speaker of the outer one; else whoever made the statement before, when it
        stands close by; else the person named last as the first one of a sentence; nobody where two fit equally.
        """
        for speaker in (parent, previous):
            if speaker and speaker.actor and speaker.kind == PERSON and _fits(speaker.actor, gender):
                speaker.actor.gender = gender
                return speaker._replace(basis="pronoun")
        here = self.sentences.number(start)
        seen: list[tuple[int, bool, Actor]] = []
        for name, actor in self.cast.before(start):
            number = self.sentences.number(name.start)
            if here - number > NEAR_SENTENCES:
                break
            if actor.kind == PERSON and _fits(actor, gender) and not any(actor is other for _, _, other in seen):
                first = not any(
                    other and other.kind == PERSON
                    for _, other in self.cast.inside(self.sentences.span(name.start)[0], name.start)
                )
                seen.append((number, first, actor))
        if not seen:
            return Speaker(None, "pronoun", PERSON)
        nearest = max(number for number, _, _ in seen)
        at_nearest = [(first, actor) for number, first, actor in seen if number == nearest]
        chosen = at_nearest if len(at_nearest) == 1 else [pair for pair in at_nearest if pair[0]]
        if len(chosen) != 1:
            return Speaker(None, "pronoun", PERSON)
        chosen[0][1].gender = gender
        return self._of(chosen[0][1], "pronoun")


def _fits(actor: Actor, gender: str) -> bool:
    return actor.gender in ("", gender)
