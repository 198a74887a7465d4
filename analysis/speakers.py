"""The words that name a source -> the speaker: named, meant by a pronoun, by a role, or not to be known."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from typing import NamedTuple

from analysis.descriptions import ROLE_BEFORE
from analysis.names import Actor, Cast
from analysis.places import american_states, fold
from analysis.pronouns import GENDERS, Pronouns
from analysis.sentences import Sentences
from analysis.tagger import Name
from analysis.wordlists import PERSON

SINGULAR = {word: GENDERS[word] for word in ("he", "him", "his", "she", "her")}
PLURAL = frozenset("they we them us our their these those".split())
FIRST = frozenset("i me my we us our".split())
RELATIVE = frozenset("who which that whom".split())
ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
WHOLE = re.compile(r"^[\W_]+|[\W_]+$")
# The head of a noun phrase ends before these; names that hold them have been found by then. The short form of a name in
# brackets does not end it when more words follow: "the World Bank (WB) economist".
ENDS_HEAD = r"(?:of|for|at|in|from|during|after|who|whose|which|that|with|on|to|by|and|including|along)"
HEAD_END = re.compile(rf",|\((?![A-Z][\w&.]{{1,9}}\)\s+(?!{ENDS_HEAD}\b)\w)|\s{ENDS_HEAD}\s|\s[–—-]\s|:")
# "Karl Ek and Foreign Minister Per Dahl"
COORDINATION = re.compile(r"(?:\s*\([^)]*\))?,?\s*(?:and|&)\s+(?:[\w.’'-]+\s+){0,6}")
# "Peru, Chile and the UN"
LAST_OF_LIST = re.compile(r",?\s+(?:and|&|as well as|along with|together with)\s+(?:[Tt]he\s+)?")
LISTED = re.compile(rf"{LAST_OF_LIST.pattern}|,\s+(?:[Tt]he\s+)?")
# "Peru and its allies", "the minister and his aides"; after a name also "Peru and the rebels", "Peru and Chilean officials"
AND_OTHERS = re.compile(
    r",?\s+and\s+(?:his|her|its|their|other|others|several|some|many|most|all|both|two|three|four|five|six|dozens|hundreds)\b"
)
AND_SOMEBODY = re.compile(rf"{AND_OTHERS.pattern}|\s+and\s+(?:(?:the|a|an)\s|[A-Z])")
DEFINITE = re.compile(r"^(?:the|this|that|our|his|her|its|their)\s", re.IGNORECASE)
THEIRS = re.compile(r"^(?:his|her|its|their)\s", re.IGNORECASE)
# What tells one office from another of the same noun; of the first ones none may be missing or too much.
RANKS = frozenset("prime vice deputy shadow opposition".split())
FORMER = frozenset("former ex".split())
COURTESY = frozenset("secretary governor ambassador general".split())  # "Secretary Roe", also when the office is past
PORTFOLIOS = frozenset(
    "foreign defence interior justice finance treasury health education trade energy home labour transport environment "
    "agriculture press majority minority".split()
)
AS_IN_BRITAIN = {"defense": "defence", "labor": "labour"}
LEADERS = frozenset("president premier chancellor king queen emir sultan".split())  # "the Omani leader"
OF_STATE = re.compile(r" of (?:the )?([A-Z][\w.’'-]*(?: [A-Z][\w’'-]*){0,2})")
PLACE_OF_WORK = re.compile(r"\s(?:in|at|near)\s")
PLACE_BEFORE = re.compile(r"\b(?:in|near|outside)\s+(?:the\s+)?$")
POSTED = frozenset(  # who mostly come from elsewhere, or speak of it
    "diplomat ambassador envoy analyst expert source correspondent reporter journalist observer economist trader coalition "
    "mission delegation embassy consulate investor strategist".split()
)
# "X, the trade union," and what an outlet's name ends in
KIND_AFTER = re.compile(
    r",\s+(?:the|a|an|its|their)\s+([^\s,.;:()][^,.;:()\n]{1,80}?)(?=[,.;:(\n]|\s(?:of|in|for|with|that|which|based)\s)"
)
KIND_NEXT = re.compile(r"[^\S\n]+([a-z]+)\b")  # of "the Port Workers union"
RULING = frozenset("government administration regime authorities state cabinet".split())
# "the Omani government", "Oman's cabinet", "the government of Oman"
GOVERNMENT_OF = re.compile(
    r"\b((?:[A-Z][\w.]*\s)?[A-Z][\w.]+?)(?:['’]s)?\s+(?:government|regime|cabinet)\b"
    r"|\b(?:government|cabinet)\s+of\s+(?:the\s+)?([A-Z]\w+(?:\s[A-Z]\w+)?)"
)
IN_A_STATE = re.compile(r"In ((?:[A-Z][\w.]*\s)?[A-Z][\w.]+),")
OUTLET = re.compile(r"\b(?:daily|times|post|herald|tribune|gazette|journal|magazine|news|newspaper|radio|tv|television)$")
# Words that say what kind of thing the name before them is: "the Kyodo news agency" is Kyodo.
KIND_WORDS = re.compile(
    r"\s+(?:news |wire |state |central |broadcasting )?(?:agency|service|newspaper|daily|weekly|magazine|network|channel|"
    r"station|website|"
    r"company|firm|group|airline|bank|party|union|foundation|think tank)$",
    re.IGNORECASE,
)
MEDIA_WORDS = frozenset("newspaper paper magazine network website station broadcaster channel outlet".split())
ANY_FIRM = frozenset(
    "company firm corporation manufacturer maker exporter importer seller supplier retailer producer operator giant "
    "carmaker automaker planemaker airframer drugmaker chipmaker".split()
)
OTHER_KINDS = frozenset(
    "bank party ministry university court council union parliament committee commission army police department agency "
    "association federation foundation institute campaign team club church charity government republicans democrats".split()
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
        self._kinds: dict[int, set[str]] = {}  # what organisations are called beside their names, by the actor's id
        self._ends = frozenset(name.end for name in cast.names)
        self.pronouns = Pronouns(text, cast, sentences)

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
        head_end = self._head_end(span, names)
        whole = self._titled(span, names) or self._listed(span, names) or self._with_others(head_end, span, names)
        if whole:
            return whole
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

    def _with_others(self, head_end: int, span: tuple[int, int], names: list[tuple[Name, Actor | None]]) -> Speaker | None:
        """Somebody with others beside, so that it is not one speaker: "Peru and its allies"."""
        is_name = any(name.end == head_end for name, _ in names)
        others = (AND_SOMEBODY if is_name else AND_OTHERS).match(self.text, head_end, span[1])
        country = self._country(span) if self._two_people(span) else None
        return Speaker(None, "none", "group", country) if others else None

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
            return self._of_title(name, span) if name.kind == "PERSON" else None
        return self._of(actor, "named", span)

    def _of_title(self, name: Name, span: tuple[int, int]) -> Speaker:
        """The one bearer of a shared surname who is known to have the gender of the title: "Mrs. Park"."""
        title = self.cast.title_before(name.start)
        role = self.words.role(title.split()[-1]) if title else None
        surname = fold(self.text[name.start : name.end])
        bearers = [a for a in self.cast.people() if role and role.gender and (a.surname, a.gender) == (surname, role.gender)]
        return self._of(bearers[0], "named", span) if len(bearers) == 1 else Speaker(None, "none", PERSON)

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
            if comma >= 0 and all(map(self._is_of_a_title, title)):
                return self._of(actor, "named", span)
        return None

    def _is_of_a_title(self, word: str) -> bool:
        """Whether a word names a person's role, or the state of one: "Vermont Sen."."""
        role = self.words.role(word)
        return role.kind == PERSON if role else bool(self.words.places.find(word) or word in american_states())

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
        country = self._country((start, head_end)) or self._country(self._without_place(noun, head_end, span))
        if role is None:
            capitals = [t for t in tokens[1:] or tokens if t[:1].isupper()]
            if tokens[0][:1].isupper() and len(tokens) <= 5 and capitals and not self._is_but_first(start, tokens):
                return self._unlisted(head, country)
            return Speaker(None, "none", "unknown", country)
        if role.kind == "group" or self._two_people(span):
            return Speaker(None, "none", "group", country)
        if role.kind == "document":
            return Speaker(None, "none", "unknown", None)
        definite = bool(DEFINITE.match(head)) or bool(self.words.places.find(tokens[0]))
        if role.kind == PERSON:
            qualified = [name for name, _ in self.cast.inside(head_end, span[1]) if name.kind == "ORGANIZATION"]
            sole = definite and not qualified
            found = self._by_role(tokens, noun, role.gender, start, country, previous) if sole else None
            if found and THEIRS.match(head) and not any(actor is found.actor for _, actor in self.cast.inside(*span)):
                found = None  # "its president" need not be the one president of the article
            return found or Speaker(None, "role" if definite else "none", PERSON, country, self._employer(span))
        return self._by_organisation_word(head, noun, start, country, definite)

    def _without_place(self, noun: str, head_end: int, span: tuple[int, int]) -> tuple[int, int]:
        """The span up to where somebody works who is often from elsewhere: "a diplomat in Lima" need not be Peruvian."""
        place = PLACE_OF_WORK.search(self.text, head_end, span[1]) if noun.lower().removesuffix("s") in POSTED else None
        return (span[0], place.start()) if place else span

    def _is_but_first(self, start: int, tokens: list[str]) -> bool:
        """Whether a word has its capital only as the first one of its sentence, and none elsewhere: "Police said"."""
        word = tokens[0]
        if len(tokens) > 1 or not re.fullmatch(r"[A-Z][a-z]+", word) or self.words.places.find(word):
            return False
        first = not re.search(r"\w", self.text[self.sentences.span(start)[0] : start])
        known = fold(word) in self.words.media or self.cast.authority.find(word, self.cast.day)
        surnames = (actor.surname for actor in self.cast.people())
        if not first or known or fold(word) in surnames:
            return False
        return not re.search(rf"[a-z,;] {re.escape(word)}\b", self.text)

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
        self, tokens: list[str], noun: str, gender: str, start: int, country: str | None, previous: Speaker | None
    ) -> Speaker | None:
        """The one person of the article who has this office; with a state named, of that state."""
        key = noun.strip(".,").lower()
        office = _office(tokens, key)
        fitting = [
            actor
            for actor in self.cast.people()
            if (self._holds(actor, key, office) or (key == "leader" and country and not office and self.leads(actor)))
            and (country is None or self._country_of(actor) == country)
            and (not gender or actor.gender in ("", gender))
        ]
        if len(fitting) > 1:
            spoke = previous.actor if previous else None
            fitting = [spoke] if spoke is not None and spoke in fitting else self._named_near(fitting, start)
        if len(fitting) == 1:
            return self._of(fitting[0], "role")
        if not fitting and country:
            entry = self.cast.authority.find(
                f"{' '.join([self.words.places.short_name(country), *office, key])}", self.cast.day
            )
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

    def _holds(self, actor: Actor, key: str, office: list[str]) -> bool:
        """Whether a person is described by this noun, and not for another office: the prime minister is no defence minister."""
        if key not in actor.roles:
            return False
        titles = [title.lower() for title in actor.titles]
        if "former" in office and key in COURTESY and key in titles:
            return True
        return any(_same_office(set(office), set(_office(title.split(), key))) for title in titles if key in title)

    def leads(self, actor: Actor) -> bool:
        """Whether a person is the head of a state or of its government."""
        return any(self._holds(actor, key, []) for key in LEADERS) or self._holds(actor, "minister", ["prime"])

    def _country_of(self, actor: Actor) -> str | None:
        """The country of a person, also by the words after the name: "President Ana Ruiz of Chile"."""
        if actor.country:
            return actor.country
        ends = [name.end for name, other in zip(self.cast.names, self.cast.actors, strict=True) if other is actor]
        states = (self.words.places.find(found[1]) for end in ends if (found := OF_STATE.match(self.text, end)))
        return next((place.country for place in states if place and place.kind == "name"), None)

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
        capitals = [word for word in bare.split() if word[:1].isupper()]
        but_first = capitals and bare == head and self._is_but_first(start, capitals)
        if capitals and not but_first and not self.words.places.find(bare.split()[0]):
            return Speaker(bare, "named", "organisation", country)
        if country and noun.lower() in RULING:
            return Speaker(f"{self.words.places.short_name(country)} government", "named", "government", country)
        if definite and bare.lower() in ("government", "cabinet"):
            country = self._governed_before(start)
            if country:
                return Speaker(f"{self.words.places.short_name(country)} government", "role", "government", country)
        if country and bare.split()[0][:1].isupper() and len(bare.split()) > 1:
            return Speaker(bare, "named", "organisation", country)
        found = self._organisation_before(start, noun.lower()) if definite else None
        return self._of(found, "role") if found else Speaker(None, "role" if definite else "none", "organisation", country)

    def _organisation_before(self, start: int, noun: str) -> Actor | None:
        """The organisation that was named last, not far before, of those that can be meant by a noun."""
        here = self.sentences.number(start)
        near = takewhile(lambda one: here - self.sentences.number(one[0].start) <= 2 * NEAR_SENTENCES, self.cast.before(start))
        return next((actor for _, actor in near if self._is_body(actor, noun) and self._is_a(actor, noun)), None)

    def _is_body(self, actor: Actor, noun: str) -> bool:
        """Whether an actor is no state: an organisation, or a seat of government that bears the noun: "State Department"."""
        place = self.words.places.find(actor.name)
        is_seat = place is not None and place.kind == "seat"
        return actor.kind == "organisation" or (is_seat and fold(actor.name).endswith(f" {noun}"))

    def _governed_before(self, start: int) -> str | None:
        """The state of "the government": whose government was named last, not far before, or that of "In Oman," before it."""
        far = max(0, self.sentences.number(start) - 2 * NEAR_SENTENCES)
        found = list(GOVERNMENT_OF.finditer(self.text, self.sentences.spans[far][0], start))
        in_a_state = IN_A_STATE.match(self.text, self.sentences.span(start)[0], start)
        words = (found[-1][1] or found[-1][2]) if found else in_a_state[1] if in_a_state else ""
        place = self.words.places.find(words) or self.words.places.find(words.split(" ")[-1])
        return place.country if place else None

    def _is_a(self, actor: Actor, noun: str) -> bool:
        """Whether an organisation can be meant by "the newspaper", "the company", "the ministry"."""
        name = fold(actor.name)
        if noun in MEDIA_WORDS or name in self.words.media:
            return noun in MEDIA_WORDS and name in self.words.media
        kinds = self._called(actor)
        if noun in ANY_FIRM and noun not in kinds:
            surnames = {person.surname for person in self.cast.people()}
            other = OTHER_KINDS & {*name.split(), *kinds} or OUTLET.search(name) or self.words.places.find(name)
            return not other and name not in surnames
        return self.is_called(actor, noun)

    def is_called(self, actor: Actor, noun: str) -> bool:
        """Whether the article calls an organisation by this noun: in its name, or right before or after it."""
        words = {word.removesuffix("s").replace("airway", "airline") for word in fold(actor.name).split()}
        return noun in words or noun in self._called(actor) or noun in self.words.bodies.get(fold(actor.name), ())

    def _called(self, actor: Actor) -> set[str]:
        """What kind of organisation the article says it is, right before or after its name: "the union X", "X, a bank"."""
        if id(actor) not in self._kinds:
            words: list[str] = []
            for name, other in zip(self.cast.names, self.cast.actors, strict=True):
                if other is actor:
                    before = ROLE_BEFORE.search(self.text, max(0, name.start - 25), name.start)
                    if before and before.start(1) - 1 in self._ends:
                        before = None  # "the Port Workers union, Vattenverk": what another one is
                    after = KIND_AFTER.match(self.text, name.end)
                    # "The Volvo union" is another one than Volvo.
                    next_word = KIND_NEXT.match(self.text, name.end) if " " in self.text[name.start : name.end] else None
                    words += [found[1] for found in (before, next_word) if found]
                    words += [after[1].split()[-1]] if after else []
            roles = [(word.lower(), self.words.role(word)) for word in words]
            self._kinds[id(actor)] = {word for word, role in roles if role and role.kind == "organisation"}
        return self._kinds[id(actor)]

    def _employer(self, span: tuple[int, int]) -> str | None:
        """The organisation for which an unnamed person speaks: "a spokesman for the ministry of trade"."""
        names = [(name, actor) for name, actor in self.cast.inside(*span) if actor and actor.kind != PERSON]
        actors = [a for name, a in names if not (self._state(name) and PLACE_BEFORE.search(self.text, span[0], name.start))]
        return actors[-1].name if actors else None

    # -------------------------------------------------------------- pronouns

    def _pronoun(self, word: str, start: int, previous: Speaker | None, parent: Speaker | None) -> Speaker:
        if word in FIRST:
            return parent._replace(basis="pronoun") if parent and parent.name else Speaker(None, "pronoun", "unknown")
        if word in RELATIVE:
            return self._antecedent(word, start)
        if word in SINGULAR:
            return self._person(SINGULAR[word], start, previous, parent)
        if word == "it":
            for speaker in (parent, previous):
                if speaker and speaker.name and speaker.kind in ("organisation", "government"):
                    return speaker._replace(basis="pronoun")
            return Speaker(None, "pronoun", "unknown")
        return Speaker(None, "pronoun", "group")

    def _antecedent(self, word: str, start: int) -> Speaker:
        """Who "who" means: the name right before it, or the head of the phrase that ends there; "which" is no person."""
        for name, actor in self.cast.before(start)[:2]:
            if word != "that" and (actor.kind in (PERSON, "group")) != (word in ("who", "whom")):
                continue
            between = self.text[name.end : start]
            if len(between) < 100 and not re.search(r"[.;:!?\n]\s", between):
                tail = between.strip(" ,’'\"”)")
                if not tail or between.startswith(",") or between.lstrip().startswith("("):
                    return self._of(actor, "pronoun")
        return Speaker(None, "pronoun", "unknown")

    def _person(self, gender: str, start: int, previous: Speaker | None, parent: Speaker | None) -> Speaker:
        """The person meant by "he" or "she".

        In a statement inside a statement the speaker of the outer one, but never in that one's own words; else whoever
        stands out most before it; else whoever made the statement before.
        """
        quoted = self.pronouns.quoted(start)
        if parent and parent.actor and not quoted and self._may_be(parent, gender, start):
            return parent._replace(basis="pronoun")
        actor = self.pronouns.person(start, other_than={parent.name} if parent and parent.name and quoted else ())
        if actor:
            return self._of(actor, "pronoun")
        if previous and previous.actor and self._may_be(previous, gender, start):
            return previous._replace(basis="pronoun")
        return Speaker(None, "pronoun", PERSON)

    def _may_be(self, speaker: Speaker, gender: str, start: int) -> bool:
        return speaker.kind == PERSON and speaker.actor is not None and self.pronouns.may_be(speaker.actor, gender, start)


def _office(words: list[str], noun: str) -> list[str]:
    """The words before a noun that tell its office from others.

    >>> _office("The former Irish Defense Minister".split(), "minister")
    ['former', 'defence']
    """
    plain = [AS_IN_BRITAIN.get(low, low) for word in words if (low := word.lower().strip(".,’'"))]
    before = plain[: plain.index(noun)] if noun in plain else []
    return [word for word in before if word in RANKS | FORMER | PORTFOLIOS]


def _same_office(wanted: set[str], held: set[str]) -> bool:
    """Whether a description can mean somebody of an office; a portfolio may be left out, and so may "former" in the first.

    >>> _same_office(set(), {"foreign"}), _same_office({"prime"}, {"foreign"}), _same_office({"former"}, set())
    (True, False, False)
    """
    portfolios = wanted & PORTFOLIOS, held & PORTFOLIOS
    return (
        wanted & RANKS == held & RANKS and wanted & FORMER <= held and (not all(portfolios) or bool(wanted & held & PORTFOLIOS))
    )
