"""A participant of an event, and how names, offices and words become one."""

from __future__ import annotations

import re
from typing import NamedTuple

from analysis.names import Actor
from analysis.setting import Setting
from analysis.sides.mentions import EDGES, in_a_name
from analysis.speakers import ARTICLE, Speaker
from analysis.tagger import Span

I_WORDS = frozenset("i me my myself".split())
WE_WORDS = frozenset("we us our ourselves".split())
THEY_WORDS = frozenset("they them their themselves".split())
IT_WORDS = frozenset("it its itself".split())
CUT = re.compile(r",(?!\d)|;|\s(?:who|whom|whose|which|that)\s|\s[–—-]\s|\s\(|\n")
UNCLOSED = re.compile(r"\s\([^)]*$")
# "(as) many as 40 percent of the voters", "a number of firms": what is left of a description without them tells who it is
HOW_MANY = re.compile(
    r"(?:as )?(?:many|few) as\s+|"
    r"(?:an?|the)\s+(?:\w+\s+)?(?:number|handful|couple|mix|range|variety|series|lot|bunch)\s+of\s+(?:the\s+|its\s+|their\s+)?",
    re.IGNORECASE,
)
OPENS_A_PHRASE = re.compile(
    r"(?:the|a|an|its|his|her|their|our|two|three|four|five|six|seven|eight|nine|ten|\d[\d,.]*|several|some|many|other|"
    r"hundreds|thousands|dozens|scores)\s",
    re.IGNORECASE,
)
HIS = re.compile(r"(?:his|her)\s", re.IGNORECASE)
BEYOND_DOUBT = 2.0  # so many times more than the next one must an owner stand out
TO_ANOTHER = re.compile(r"\s(?:to|against|on)\s")  # an envoy to a state is not its own
# Before the noun of a deed these name nobody: "military cooperation", "local production".
ADJECTIVES = frozenset(
    "military local bilateral joint mutual economic political technical international national foreign domestic regional "
    "diplomatic nuclear legal public further recent possible new several many some any".split()
)
NO_NOUNS = ADJECTIVES - {"military", "public"}  # nor do these by themselves
# Figures, pronouns that are left, and a single letter (the "A" of an answer)
NAMES_NOBODY = re.compile(
    r"|.|[\d.,$€£%]+|me|my|you|your|yours|nobody|no one|none|anybody|anyone|everybody|everyone|"
    r"we|us|they|them|it|its|he|him|his|she|her|their|which|who|whom|this|that|these|those|others?|another|one|both|"
    r"former|latter|each other|one another|all",
    re.IGNORECASE,
)


class Party(NamedTuple):
    """A participant: canonical name or None where nobody can tell who is meant, mention, alpha-3 codes of its states."""

    name: str | None
    span: Span
    countries: tuple[str, ...] = ()
    kind: str = "unknown"


class Naming:
    """Makes participants of what the article tells of them.

    Args:
        setting: what helps to look things up in the article.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting, self.text = setting, setting.text
        self.cast, self.places = setting.cast, setting.cast.words.places
        self.people = {actor.name: actor for actor in reversed(self.cast.people())}

    def of_state(self, country: str, span: Span) -> Party:
        """A state, by its alpha-3 code."""
        return Party(self.places.short_name(country), span, (country,), "government")

    def of_actor(self, actor: Actor, span: Span) -> Party:
        """One whom the article names."""
        name = self.cast.plain_name(actor.name, actor.kind, actor.country)
        return Party(name, span, (actor.country,) if actor.country else (), actor.kind)

    def of_speaker(self, speaker: Speaker, span: Span) -> Party:
        """One whom `Speakers.resolve` found behind the words."""
        name = self.cast.plain_name(speaker.name, speaker.kind, speaker.country) if speaker.name else None
        countries = {speaker.country} if speaker.country else set()
        if not countries and name:
            countries = self.countries(span)
        return Party(name, span, tuple(sorted(countries)), speaker.kind)

    def as_written(self, span: Span, speaker: Speaker | None = None) -> Party:
        """A participant that is but described: the words, without article and relative clause.

        Without a name where they name nobody: figures, pronouns, adjectives.
        """
        words = self.text[span[0] : span[1]]
        cut = next((m for m in CUT.finditer(words) if m.start() and not in_a_name(self.cast, span[0] + m.start())), None)
        written = " ".join(UNCLOSED.sub("", words[: cut.start() if cut else None]).split())
        words = EDGES.sub("", ARTICLE.sub("", HOW_MANY.sub("", written, count=1), count=1))
        if HIS.match(words) and (owner := self.setting.speakers.pronouns.person(span[0], clear=BEYOND_DOUBT)):
            words = HIS.sub(f"{owner.name}{'’' if owner.name.endswith('s') else '’s'} ", words, count=1)
        first = words.split()[0] if words.split() else ""
        following = words[len(first) + 1 :][:1]
        is_common = bool(self.cast.words.role(first) or OPENS_A_PHRASE.match(words))
        common = following.islower() or (is_common and not following.isupper())
        at_start = words == written and self.setting.sentences.span(span[0])[0] == span[0]
        if at_start and common and not self.places.find(first) and not self.cast.inside(span[0], span[0] + len(first)):
            words = words[:1].lower() + words[1:]
        countries = self.countries(span)
        if speaker and speaker.country:
            countries = countries or {speaker.country}
        name = None if written.lower() in NO_NOUNS or NAMES_NOBODY.fullmatch(words) else words
        return Party(name, span, tuple(sorted(countries)), speaker.kind if speaker else "unknown")

    def countries(self, span: Span) -> set[str]:
        """The alpha-3 codes of the states that a mention names or describes, but not those to which somebody is sent."""
        words = TO_ANOTHER.split(self.text[span[0] : span[1]])[0]
        for name, _ in self.cast.inside(*span):
            if name.kind == "PERSON":
                words = words.replace(self.text[name.start : name.end], "")  # Paris Hilton is not of France
        return {place.country for _, place in self.places.all_in(words)}
