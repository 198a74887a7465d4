"""Things that are no participants, and the state from which they are: "Omani-made boats", "US Hawk missiles"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from analysis.places import Place
from analysis.sides.mentions import DETERMINER, in_a_name
from analysis.sides.party import Naming, Party
from analysis.speakers import ARTICLE
from analysis.tagger import Span

# "the Indian KR-12 missiles": no party, but the state that makes them is
DESIGNATION = re.compile(r"(?:the |an? )?(?:(?P<maker>\w+) )?[A-Z][A-Za-z]{0,3}-\d+\w*(?: [a-z]+)*")
MADE_THERE = re.compile(r"([A-Z]\w+)-(?:made|built|designed|developed|produced|supplied)")  # of "Omani-made boats"
SHORT_FOR_STATE = re.compile(r"(?:[A-Z]\.?){2,3}")  # "US missiles"


class Makers:
    """Finds out from which states the things of one article are.

    Args:
        naming: makes participants.
    """

    def __init__(self, naming: Naming) -> None:
        self.naming, self.text, self.cast, self.places = naming, naming.text, naming.cast, naming.places
        self._makers: dict[str, list[Party]] = {}

    def maker_before(self, thing: Sequence[Span], other: Party) -> list[Party]:
        """The state from which a thing is, by the first word for it: "Omani boats"; nobody if that is the other side's."""
        words = ARTICLE.sub("", self.text[slice(*thing[0])], count=1).split() if thing else []
        if len(words) < 2:
            return []
        place = self._maker_by(words[0])
        if place is None or place.country in other.countries:
            return []
        begin = self.text.index(words[0], thing[0][0])
        return [self.naming.of_state(place.country, (begin, begin + len(words[0])))]

    def is_thing(self, span: Span) -> bool:
        """Whether a mention is a designation of a thing: "the RK-20s"."""
        words = ARTICLE.sub("", " ".join(self.text[span[0] : span[1]].split()), count=1)
        return DESIGNATION.fullmatch(words) is not None and not in_a_name(self.cast, span[1] - 1)

    def designated(self, words: str, span: Span) -> list[Party] | None:
        """Who is meant by a designation, the state before it or nobody: "the Indian KR-12s"; None if it is none."""
        thing = DESIGNATION.fullmatch(words)
        if thing is None or in_a_name(self.cast, span[1] - 1):
            return None
        maker = self.places.find(thing["maker"] or "")
        return [self.naming.of_state(maker.country, span) if maker else Party(None, span)]

    def made_there(self, words: str, span: Span) -> Party | None:
        """The state of "Omani-made"."""
        made = MADE_THERE.fullmatch(words)
        maker = self.places.find(made[1]) if made else None
        return self.naming.of_state(maker.country, span) if maker else None

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
        return self.naming.of_state(place.country, found.span(1)) if place else None

    def _maker_by(self, word: str) -> Place | None:
        """The state that a word before a thing tells: "Omani", "Omani-made"."""
        made = MADE_THERE.fullmatch(word)
        place = self.places.find(made[1] if made else word)
        return place if place and (made or place.kind == "people") else None
