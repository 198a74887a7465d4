"""Who takes part in an event: the words that name its participants -> canonical names, each with its mention and its states."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from analysis.names import Actor
from analysis.places import Place, american_states
from analysis.same.phrases import HEAD_END
from analysis.setting import Setting
from analysis.speakers import ARTICLE, RELATIVE, SINGULAR, Speaker
from analysis.tagger import Span
from analysis.wordlists import PERSON

I_WORDS = frozenset("i me my myself".split())
WE_WORDS = frozenset("we us our ourselves".split())
IT_WORDS = frozenset("it its itself".split())
THEY_WORDS = frozenset("they them their themselves".split())
OBJECT_FORMS = frozenset(("him",))  # never the speaker of the statement in which they stand
GOVERNMENT = " government"
# Offices whose holder, when saying "we", speaks for the state.
STATE_OFFICES = frozenset(
    "president premier minister chancellor king queen emperor emir sultan prince ambassador envoy secretary general admiral "
    "spokesman spokeswoman spokesperson diplomat official undersecretary governor commander".split()
)
WHOLE = re.compile(r"^[\s\"“”'‘’«»(\[]+|[\s\"“”«»)\],;:]+$|(?:['’]s|(?<=s)['’])$")
POSSESSIVE = re.compile(r"['’]s?$")
THE_STATE = re.compile(r"(?:the|this|that|our) (?:country|nation|state|kingdom|republic)", re.IGNORECASE)
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
# "the Indian KR-12 missiles": no party, but the state that makes them is
DESIGNATION = re.compile(r"(?:the |an? )?(?:(?P<maker>\w+) )?[A-Z][A-Za-z]{0,3}-\d+\w*(?: [a-z]+)*")
# Before the noun of a deed these name nobody: "military cooperation", "local production".
ADJECTIVES = frozenset(
    "military local bilateral joint mutual economic political technical international national foreign domestic regional "
    "diplomatic nuclear legal public further recent possible new several many some any".split()
)
NO_NOUNS = ADJECTIVES - {"military", "public"}  # nor do these by themselves
MADE_THERE = re.compile(r"([A-Z]\w+)-(?:made|built|designed|developed|produced|supplied)")  # of "Omani-made boats"
SHORT_FOR_STATE = re.compile(r"(?:[A-Z]\.?){2,3}")  # "US missiles"
DETERMINER = re.compile(r"\b(?:the|its|his|her|their|our)\s$", re.IGNORECASE)
# Where a coordination is parted. A comma parts only before another name or in a list that ends in "and".
AND = re.compile(r",?\s+(?:and|as well as|along with|together with|&)\s+(?:also\s+)?|(?<!\d)\s*/\s*(?!\d)")
COMMA = re.compile(r",\s+")
OPENS_A_PHRASE = re.compile(
    r"(?:the|a|an|its|his|her|their|our|two|three|four|five|six|seven|eight|nine|ten|\d[\d,.]*|several|some|many|other|"
    r"hundreds|thousands|dozens|scores)\s",
    re.IGNORECASE,
)
# "the presidents of Ghana and Togo" is no list of a president and a state.
PLURAL_OF = re.compile(r"\b\w+s(?:\s+\w+)?\s+(?:of|in|from)\s", re.IGNORECASE)
CUT = re.compile(r",(?!\d)|;|\s(?:who|whom|whose|which|that)\s|\s[–—-]\s|\s\(|\n")
PREPOSITION = re.compile(
    r"\b(?:of|to|with|in|at|from|against|by|over|for|on|into|towards?|between|about|near|under|via)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
SHARED_NOUN = re.compile(r"(?:,\s+[A-Z]\w+)*,?\s+(?:and|or)\s+([A-Z]\w+(?: [A-Z]\w+)?)((?:\s+[a-z][\w-]*)+)")
CAPITALISED = re.compile(r"[A-Z][\w-]*")
UNCLOSED = re.compile(r"\s\([^)]*$")
# "(as) many as 40 percent of the voters", "a number of firms": what is left of a description without them tells who it is
HOW_MANY = re.compile(
    r"(?:as )?(?:many|few) as\s+|"
    r"(?:an?|the)\s+(?:\w+\s+)?(?:number|handful|couple|mix|range|variety|series|lot|bunch)\s+of\s+(?:the\s+|its\s+|their\s+)?",
    re.IGNORECASE,
)
CHAMBERS = frozenset("House Senate Assembly".split())  # of "House Republicans"
BOTH = re.compile(r"both\s", re.IGNORECASE)
THE_PLACE = re.compile(r"(?:the|this|that) (?:city|town|village)", re.IGNORECASE)
HIS = re.compile(r"(?:his|her)\s", re.IGNORECASE)
OFTEN = 3  # so often a town is named at least that is called the city
BEYOND_DOUBT = 2.0  # so many times more than the next one must an owner stand out
NEAR_SENTENCES = 2
TO_ANOTHER = re.compile(r"\s(?:to|against|on)\s")  # an envoy to a state is not its own


# Figures, pronouns that are left, and a single letter (the "A" of an answer)
NAMES_NOBODY = re.compile(
    r"|.|[\d.,$€£%]+|me|my|you|your|yours|nobody|no one|none|anybody|anyone|everybody|everyone|"
    r"we|us|they|them|it|its|he|him|his|she|her|their|which|who|whom|that|these|those|others?|another|one|both|"
    r"all",
    re.IGNORECASE,
)


class Party(NamedTuple):
    """A participant: canonical name or None where nobody can tell who is meant, mention, alpha-3 codes of its states."""

    name: str | None
    span: Span
    countries: tuple[str, ...] = ()
    kind: str = "unknown"


class Parties:
    """Reads the participants of the events of one article.

    Args:
        setting: what helps to look things up in the article.
        sides: the spans of those who act and of those whom they act on, of each of its events, for what "they" and "it" mean.
    """

    def __init__(self, setting: Setting, sides: Iterable[tuple[Sequence[Span], Sequence[Span]]] = ()) -> None:
        self.setting, self.text = setting, setting.text
        self.cast, self.places = setting.cast, setting.cast.words.places
        sides = list(sides)
        self.groups = sorted((sorted(set(group)) for both in sides for group in both if group), key=lambda group: group[0])
        self.acting = {span for actors, _ in sides for span in actors}
        self.mentions = sorted({span for group in self.groups for span in group})
        self._people_by_name = {actor.name: actor for actor in reversed(self.cast.people())}
        self._known: dict[tuple[Span, str | None, tuple[Span, ...], bool], list[Party]] = {}
        self._makers: dict[str, list[Party]] = {}

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
            self._known[key] = [party for part in self.parts(span) for party in self._one(part, said, others, in_person)]
        return self._known[key]

    def goes_on(self, span: Span, other: Span) -> bool:
        """Whether a mention only goes on with the one before it, of a state: "our Omani partners" and "friends"."""
        words = " ".join(self.text[span[0] : other[1]].split())
        return " " not in self.text[slice(*other)] and span[1] < other[0] and OF_A_PEOPLE.fullmatch(words) is not None

    def is_official(self, party: Party) -> bool:
        """Whether a participant is a person with an office of state."""
        actor = self._people_by_name.get(party.name or "")
        return bool(actor and actor.roles & STATE_OFFICES)

    def state_of(self, party: Party) -> Party:
        """The state of a participant that is of one state; else the participant."""
        return self._as_state(party.countries[0], party.span) if len(party.countries) == 1 else party

    def makers(self, thing: Sequence[Span], other: Party) -> list[Party]:
        """The state from which a thing is, by the first word for it, if that is not the other side's: "Omani boats"."""
        words = ARTICLE.sub("", self.text[slice(*thing[0])], count=1).split() if thing else []
        if len(words) < 2:
            return []
        place = self._maker_by(words[0])
        if place is None or place.country in other.countries:
            return []
        begin = self.text.index(words[0], thing[0][0])
        return [self._as_state(place.country, (begin, begin + len(words[0])))]

    def is_thing(self, span: Span) -> bool:
        """Whether a mention is a designation of a thing: "the RK-20s"."""
        words = ARTICLE.sub("", " ".join(self.text[span[0] : span[1]].split()), count=1)
        return DESIGNATION.fullmatch(words) is not None and not self._in_a_name(span[1] - 1)

    def maker_of(self, names: Iterable[str]) -> Party | None:
        """The state that the article names as the one from which a thing is: "Omani-made RK-20 boats", "US Hawk missiles".

        names: the names or designations of the thing, as `partners.names_in` gives them. None where it names none, or several.
        """
        found = {maker.countries: maker for name in names for maker in self._makers_of(name)}
        return next(iter(found.values())) if len(found) == 1 else None

    def _makers_of(self, name: str) -> list[Party]:
        if name not in self._makers:
            before = re.compile(rf"(?<![\w.-])([\w.-]{{2,30}})\s+({re.escape(name)}s?)\b", re.IGNORECASE)
            self._makers[name] = [maker for found in before.finditer(self.text) if (maker := self._maker(found))]
        return self._makers[name]

    def _maker(self, found: re.Match[str]) -> Party | None:
        """The state that the word before a name tells: an adjective ("Omani", not "the Omanis"), "-made", or "US"."""
        word, name = found.groups()
        if not (name[0].isupper() or any(map(str.isdigit, name))):
            return None
        place = self._maker_by(word) if not word.endswith("s") else None
        # "sold the US Hawk missiles" may tell who gets them.
        if SHORT_FOR_STATE.fullmatch(word) and not DETERMINER.search(self.text[max(0, found.start() - 6) : found.start()]):
            place = self.places.find(word)
        return self._as_state(place.country, found.span(1)) if place else None

    def _maker_by(self, word: str) -> Place | None:
        """The state that a word before a thing tells: "Omani", "Omani-made"."""
        made = MADE_THERE.fullmatch(word)
        place = self.places.find(made[1] if made else word)
        return place if place and (made or place.kind == "people") else None

    def _as_state(self, country: str, span: Span) -> Party:
        return Party(self.places.short_name(country), span, (country,), "government")

    def _as_actor(self, actor: Actor, span: Span) -> Party:
        return Party(self.plain_name(actor), span, (actor.country,) if actor.country else (), actor.kind)

    # -------------------------------------------------------------- coordination

    def parts(self, span: Span) -> list[Span]:
        """A mention cut at "and" and at commas where each part names somebody of its own."""
        span = self._trim(span)
        words = self.text[span[0] : span[1]]
        if not words or self.places.find(words) or PAIR.fullmatch(words):
            return [span]
        if (both := BOTH.match(words)) and AND.search(words):
            span, words = (span[0] + both.end(), span[1]), words[both.end() :]
        cuts = [match.span() for match in AND.finditer(words) if not self._in_a_name(span[0] + match.start())]
        if not cuts:
            return self._headline_list(span)
        commas = [m.span() for m in COMMA.finditer(words, 0, cuts[-1][0]) if not self._in_a_name(span[0] + m.start())]
        edges = sorted([*commas, *cuts])
        parts = self._cut(span, edges)
        if len(parts) > 1 and all(self._is_phrase(part) for part in parts) and not self._shares_a_noun(parts):
            return parts
        parts = self._cut(span, cuts)
        if parts and all(self._is_phrase(part) for part in parts) and not self._shares_a_noun(parts):
            return parts
        return [span]

    def _cut(self, span: Span, edges: Sequence[Span]) -> list[Span]:
        starts = [span[0], *(span[0] + end for _, end in edges)]
        ends = [*(span[0] + start for start, _ in edges), span[1]]
        return [self._trim((a, b)) for a, b in zip(starts, ends, strict=True) if a < b]

    def _headline_list(self, span: Span) -> list[Span]:
        """ "Chad, Niger" of a headline; a comma before anything but a bare name is that of an apposition."""
        parts = self._cut(span, [match.span() for match in COMMA.finditer(self.text[span[0] : span[1]])])
        bare = all(self.places.find(self.text[a:b]) for a, b in parts)
        return parts if bare else [span]

    def _in_a_name(self, place: int) -> bool:
        return any(name.start <= place < name.end for name, _ in self.cast.inside(max(0, place - 80), place + 80))

    def _is_phrase(self, part: Span) -> bool:
        words = self.text[part[0] : part[1]]
        if not words:
            return False
        if OPENS_A_PHRASE.match(words) or words.lower() in SINGULAR or self.places.find(words):
            return True
        if not words[0].isupper():
            return self._ends_in_a_person(part)
        named = [name.start for name, _ in self.cast.inside(*part)]
        if named:
            return not PREPOSITION.search(self.text[part[0] : named[0]])
        return bool(self.places.all_in(words))

    def _ends_in_a_person(self, part: Span) -> bool:
        """Whether a part is a title and a name: "former mayor Ann Roe"."""
        named = self.cast.inside(*part)
        if not named or named[-1][0].kind != "PERSON" or named[-1][0].end != part[1]:
            return False
        before = self.text[part[0] : named[-1][0].start].split()
        return bool(before) and self.cast.words.role(before[-1]) is not None

    def _shares_a_noun(self, parts: Sequence[Span]) -> bool:
        """Whether the last part only goes on with the first one's "of": "the presidents of Ghana and Togo"."""
        first, last = (self.text[a:b] for a, b in (parts[0], parts[-1]))
        place = self.places.find(last)
        return bool(PLURAL_OF.search(first)) and (place is not None and place.kind != "people")

    def _trim(self, span: Span) -> Span:
        start, end = span
        while True:
            words = self.text[start:end]
            found = WHOLE.search(words)
            if not found or found.start() == found.end() or found.span() == (0, len(words)):
                return start, end
            start, end = (start + found.end(), end) if found.start() == 0 else (start, start + found.start())

    # -------------------------------------------------------------- one mention

    def _one(self, span: Span, said: Mapping[str, Any] | None, others: Sequence[Span], in_person: bool) -> list[Party]:
        words = " ".join(self.text[span[0] : span[1]].split())
        if words in ADJECTIVES and self._before_a_noun(span):
            return []
        pronoun = "" if words == "US" else words.lower()
        if pronoun in I_WORDS | WE_WORDS:
            return [self._speaker(said, span, for_whom=pronoun in WE_WORDS and not in_person)]
        if pronoun in THEY_WORDS:
            return self._several(span, said, others)
        if pronoun in IT_WORDS or THE_STATE.fullmatch(words):
            return [self._thing(span, said, others, states_only=pronoun not in IT_WORDS)]
        if pronoun in SINGULAR:
            return [self._person(pronoun, span, said, others)]
        if pronoun in RELATIVE:
            return [self._from(self.setting.speakers.resolve(span), span)]
        if (thing := DESIGNATION.fullmatch(words)) and not self._in_a_name(span[1] - 1):
            maker = self.places.find(thing["maker"] or "")
            return [self._as_state(maker.country, span) if maker else Party(None, span)]
        pair = PAIR.fullmatch(words)
        if pair and (found := self._pair(span, (pair["noun"] or "").lower())):
            return found
        return [self._noun_phrase(words, span, said, others)]

    def _before_a_noun(self, span: Span) -> bool:
        """Whether another word follows an adjective that no article makes a noun ("the military fired")."""
        before, after = self.text[max(0, span[0] - 7) : span[0]], self.text[span[1] : span[1] + 2]
        return after[:1].isspace() and after[1:].islower() and not DETERMINER.search(before)

    def _noun_phrase(self, words: str, span: Span, said: Mapping[str, Any] | None, others: Sequence[Span]) -> Party:
        """Who is meant by a name or a description."""
        made = MADE_THERE.fullmatch(words)
        maker = self.places.find(made[1]) if made else None
        if maker:
            return self._as_state(maker.country, span)
        place = self.places.find(words)
        if place:
            return self._people(words, place, span) if place.kind == "people" else self._state(words, place, span)
        state = self._government(words, span, said)
        if state:
            return self._as_state(state.country, span)
        if THE_PLACE.fullmatch(words) and (town := self._town(span)):
            return town
        speaker = self.setting.speakers.resolve(span)
        if speaker.name is None or self._is_but_a_part(speaker, span) or self._is_another(speaker, span, said, others):
            return self._as_written(span, speaker)
        return self._with_first_words(self._from(speaker, span), speaker)

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
        return people if not ours or self._speaker(said, span, for_whom=True).kind == "government" else None

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
            name = self.plain_name(actor) if actor else ARTICLE.sub("", words, count=1)
            return Party(name, span, (place.country,), actor.kind if actor else "government")
        return self._as_state(place.country, span)

    def _people(self, words: str, place: Place, span: Span) -> Party:
        """A word for a people alone: the state for "a Kenyan [ship]", what follows for "[Saudi] and Bahraini troops"."""
        words = ARTICLE.sub("", words)
        after = self.text[span[1] : span[1] + 80]
        shared = None if words.endswith("s") and words != "Swiss" else SHARED_NOUN.match(after)
        if shared and (other := self.places.find(shared[1])) and other.kind == "people":
            noun = self._first_noun(shared[2])
            return Party(f"{words} {noun}", span, (place.country,), "group")
        if re.match(r"[\s-]+[A-Za-z]", after) and not words.endswith("s") and self.text[span[0] : span[1]] == words:
            return self._as_state(place.country, span)
        return Party(words, span, (place.country,), "group")

    def _first_noun(self, words: str) -> str:
        """The words up to the first that names a role or is a plural, among the first three; else the first one."""
        first = words.split()[:3]
        for number, word in enumerate(first, 1):
            more = first[number : number + 1]
            if (self.cast.words.role(word) or word.endswith("s")) and not (more and more[0].endswith("s")):
                return " ".join(first[:number])
        return first[0]

    def _from(self, speaker: Speaker, span: Span) -> Party:
        name = speaker.name
        if name and speaker.kind == "government" and speaker.country and name.endswith(GOVERNMENT):
            name = self.places.short_name(speaker.country)
        countries = {speaker.country} if speaker.country else set()
        if not countries and name:
            countries = self._countries(span)
        return Party(name, span, tuple(sorted(countries)), speaker.kind)

    def _as_written(self, span: Span, speaker: Speaker | None = None) -> Party:
        """A participant that has no name: the words, without article and relative clause."""
        words = self.text[span[0] : span[1]]
        cut = next((m for m in CUT.finditer(words) if m.start() and not self._in_a_name(span[0] + m.start())), None)
        written = " ".join(UNCLOSED.sub("", words[: cut.start() if cut else None]).split())
        words = WHOLE.sub("", ARTICLE.sub("", HOW_MANY.sub("", written, count=1), count=1))
        if HIS.match(words) and (owner := self.setting.speakers.pronouns.person(span[0], clear=BEYOND_DOUBT)):
            words = HIS.sub(f"{owner.name}{'’' if owner.name.endswith('s') else '’s'} ", words, count=1)
        first = words.split()[0] if words.split() else ""
        following = words[len(first) + 1 :][:1]
        is_common = bool(self.cast.words.role(first) or OPENS_A_PHRASE.match(words))
        common = following.islower() or (is_common and not following.isupper())
        at_start = words == written and self.setting.sentences.span(span[0])[0] == span[0]
        if at_start and common and not self.places.find(first) and not self.cast.inside(span[0], span[0] + len(first)):
            words = words[:1].lower() + words[1:]
        countries = self._countries(span)
        if speaker and speaker.country:
            countries = countries or {speaker.country}
        name = None if written.lower() in NO_NOUNS or NAMES_NOBODY.fullmatch(words) else words
        return Party(name, span, tuple(sorted(countries)), speaker.kind if speaker else "unknown")

    def _countries(self, span: Span) -> set[str]:
        words = TO_ANOTHER.split(self.text[span[0] : span[1]])[0]
        for name, _ in self.cast.inside(*span):
            if name.kind == "PERSON":
                words = words.replace(self.text[name.start : name.end], "")  # Paris Hilton is not of France
        return {place.country for _, place in self.places.all_in(words)}

    def cannot_act(self, party: Party) -> bool:
        """Whether a participant is but described, by a noun for a thing: "two bombs", "a statement of the ministry"."""
        head = HEAD_END.split(party.name or "", maxsplit=1)[0].rpartition(" ")[2]
        return head in self.cast.words.things

    def behind(self, party: Party) -> list[Party]:
        """Who acts by a thing: whom its words name, or the state of which it is: "a report by Roe", "Kenyan missiles"."""
        named = (actor for _, actor in self.cast.inside(*party.span) if actor and actor.kind != "unknown")
        if actor := next(named, None):
            return [self._as_actor(actor, party.span)]
        return [self.state_of(party)] if len(party.countries) == 1 else []

    def plain_name(self, actor: Actor) -> str:
        """The name of an actor as one who acts: a state by its plain name."""
        if actor.kind == "government" and actor.country and actor.name.endswith(GOVERNMENT):
            return self.places.short_name(actor.country)
        return actor.name

    # -------------------------------------------------------------- I and we

    def _as_speaker(self, said: Mapping[str, Any] | None) -> Speaker | None:
        if not said or not said["speaker"]:
            return None
        actor = self._people_by_name.get(said["speaker"])
        return Speaker(said["speaker"], "named", said["speaker_kind"], said["country"], said["affiliation"], actor)

    @cached_property
    def _organisations(self) -> list[Actor]:
        return [actor for actor in {id(a): a for a in self.cast.actors if a}.values() if actor.kind == "organisation"]

    def _speaker(self, said: Mapping[str, Any] | None, span: Span, *, for_whom: bool = False) -> Party:
        """Who says "I"; for "we" the organisation or the state for which a person speaks."""
        if said is None:
            return Party(None, span)
        if not said["speaker"]:
            source = said["source_spans"]
            return self._as_written((source[0][0], source[-1][1]))._replace(span=span) if source else Party(None, span)
        speaker = self._as_speaker(said)
        assert speaker is not None
        if for_whom and speaker.kind == PERSON:
            return self._spoken_for(speaker, span)
        return self._from(speaker, span)

    def _spoken_for(self, speaker: Speaker, span: Span) -> Party:
        affiliation = speaker.affiliation or ""
        for actor in self._organisations if affiliation else ():
            if any(form in affiliation for form in actor.forms):
                return self._as_actor(actor, span)
        roles = {word.strip(",.").lower() for word in affiliation.split()}
        roles |= speaker.actor.roles if speaker.actor else set()
        if speaker.country and roles & STATE_OFFICES:
            return self._as_state(speaker.country, span)
        return self._from(speaker, span)

    # -------------------------------------------------------------- he, it and they

    def _person(self, word: str, span: Span, said: Mapping[str, Any] | None, others: Sequence[Span]) -> Party:
        """Whom "he" or "she" means: a person named before or the speaker, else one who takes part in an event told before.

        In a question it is the one who is asked: "asked Roe how he would pay".
        """
        asked = self._people_by_name.get(said["addressee"] or "") if said and said["act"] == "ask" else None
        if asked and asked.gender in ("", SINGULAR[word]):
            return self._as_actor(asked, span)
        pronouns = self.setting.speakers.pronouns
        speaker = said["speaker"] if said else None
        excluded = {party.name for other in others for party in self._described(other) if party.name}
        if speaker and pronouns.quoted(span[0]):
            excluded.add(speaker)
        actor = pronouns.person(span[0], other_than=excluded)
        if actor is None and speaker and speaker not in excluded and word not in OBJECT_FORMS:
            told = self._people_by_name.get(speaker)
            actor = told if told and pronouns.may_be(told, SINGULAR[word], span[0]) else None
        if actor:
            return self._as_actor(actor, span)
        source = said["source_spans"] if said and word not in OBJECT_FORMS else []
        if source and said and said["speaker_kind"] == PERSON and not said["speaker"]:
            return self._as_written((source[0][0], source[-1][1]))._replace(span=span, kind=PERSON)
        number = self.setting.sentences.number(span[0])
        first = self.setting.sentences.spans[max(0, number - 1)][0]
        for mention in reversed(self._mentions(first, span[0])):
            if not self._is_other(mention, others) and self._is_of_gender(mention, SINGULAR[word]):
                found = [party for party in self._described(mention) if party.kind == PERSON]
                if found and not self._is_plural(mention):
                    return found[0]._replace(span=span)
        return Party(None, span)

    def _is_of_gender(self, mention: Span, gender: str) -> bool:
        """Whether the persons named in a mention are, as far as is known, of a gender."""
        return all(actor.gender in ("", gender) for _, actor in self.cast.inside(*mention) if actor and actor.kind == PERSON)

    def _thing(self, span: Span, said: Mapping[str, Any] | None, others: Sequence[Span], *, states_only: bool) -> Party:
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
                speaker = self._speaker(said, span)
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
        return self._as_written(span) if states_only else Party(None, span)

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
                found.append(self._as_actor(actor, (name.start, name.end)))
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

    def _several(self, span: Span, said: Mapping[str, Any] | None, others: Sequence[Span]) -> list[Party]:
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
        return [self._group_that_speaks(said, span)]

    def _group_that_speaks(self, said: Mapping[str, Any] | None, span: Span) -> Party:
        """The group that says so, or for which a person says so: "the farmers said they", "the union's chairman said they"."""
        speaker = self._as_speaker(said)
        if said and speaker and speaker.kind == PERSON:
            group = self._spoken_for(speaker, span)
            return group if group.name != speaker.name else Party(None, span)
        party = self._speaker(said, span)
        return party if party.name and party.name.lower() not in THEY_WORDS else Party(None, span)

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

    def _pair(self, span: Span, noun: str) -> list[Party]:
        """The two states, persons or firms named last before "the two countries", "the two leaders", "the two firms"."""
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
                    named.setdefault(self.plain_name(actor), self._as_actor(actor, span))
            if len(named) == 2:
                return list(named.values())
            if len(named) > 2:
                return []
        return []
