"""Whom "he" and "she" mean: each pronoun of an article -> the person who stands out most before it.

After the salience of Lappin and Leass (1994, "An Algorithm for Pronominal Anaphora Resolution"), without a parse: a mention
counts more as the first person of a sentence than later or after a preposition, half as much with each sentence that follows,
and pronouns whose meaning is settled count as mentions. Whoever does something does not do it to "him".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection
from typing import NamedTuple

from analysis.names import Actor, Cast
from analysis.quotes import quoted_spans
from analysis.sentences import Sentences
from analysis.wordlists import PERSON

GENDERS = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
PRONOUN = re.compile(rf"\b(?:{'|'.join(GENDERS)})\b", re.IGNORECASE)
FAR = 4  # sentences
FADING = 0.5  # what a mention keeps of its weight with each sentence
FIRST, OTHER, IN_A_PHRASE, MODIFIER = 1.0, 0.6, 0.4, 0.2  # weights of mentions
QUOTED = 0.3  # what a mention in a quotation counts outside of it
SUBJECT_FOR_SUBJECT = 1.2  # what the first person of a sentence counts more for "he" than for "him"
CLEAR = 1.1  # so many times more than the next one must the likeliest stand out
PREPOSITION = re.compile(
    r"\b(?:of|to|with|in|at|from|against|by|over|for|on|into|towards?|between|about|near|under|than|like|including|after|"
    r"before|behind|without|among|alongside)\s+(?:[\w.'’-]+\s+){0,2}$",
    re.IGNORECASE,
)
# Between a subject and its own object: no end of a clause.
ENDS_A_CLAUSE = r"(?:that|who|which|when|as|because|if|while|after|before|and|but|or|said|says)\b"
ONE_CLAUSE = re.compile(rf"\s(?:(?!{ENDS_A_CLAUSE})[\w'’-]+\s){{1,5}}")
# What somebody says to her, who is then another: "Ek told her that", "put it to her."
TOLD_HER, TOLD_HIM = (
    re.compile(
        rf"\b(?:told|asked|to|reminded|warned|urged|assured|with)\s+{word}"
        rf"(?=[,.;:?!“”\"]|\s(?:that|if|whether|to|why|how|about|what|when)\b)"
    )
    for word in ("her", "him")
)
MODIFIES = re.compile(r"(?:['’]s?)?\s+([a-z][\w-]*|[A-Z][\w-]*)")


class Mention(NamedTuple):
    """Where a person is named or meant."""

    place: int
    sentence: int
    weight: float
    quote: int | None  # where the quotation begins in which it stands
    end: int
    actor: Actor


class Pronouns:
    """Whom the pronouns of one article mean.

    Args:
        text: the article; cast: who is named in it, and where; sentences: where its sentences are.
    """

    def __init__(self, text: str, cast: Cast, sentences: Sentences) -> None:
        self.text, self.cast, self.sentences = text, cast, sentences
        self._quotes = quoted_spans(text)
        self._starts = [start for start, _ in self._quotes]
        self._named: dict[int, list[int]] = {}  # where the names of a person end, by the id of the actor
        self._mentions: list[Mention] = []
        self._collect()

    def person(self, place: int, *, other_than: Collection[str] = (), clear: float = CLEAR) -> Actor | None:
        """The person whom the pronoun at a place means, None where none fits or two do.

        other_than: names of persons who cannot be meant, such as the speaker of the quotation around it; clear: so many times
        more than the next one must the likeliest stand out.
        """
        found = PRONOUN.match(self.text, place)
        return self._likeliest(found, other_than, clear) if found else None

    def quoted(self, place: int) -> bool:
        """Whether a place lies in a quotation."""
        return self._quote(place) is not None

    def may_be(self, actor: Actor, gender: str, place: int) -> bool:
        """Whether a person may be "she": not one of unknown gender who, when last named, told "her" something."""
        if actor.gender:
            return actor.gender == gender
        ends = self._named.get(id(actor), [])
        at = bisect_left(ends, place) - 1
        if at < 0:
            return True
        told = TOLD_HIM if gender == "m" else TOLD_HER
        return not told.search(self.text, ends[at], min(place, self.sentences.span(ends[at] - 1)[1]))

    def _collect(self) -> None:
        """The mentions in text order, pronouns outside quotations among them."""
        named = [(n.start, n.end, a) for n, a in zip(self.cast.names, self.cast.actors, strict=True) if a and a.kind == PERSON]
        for _, end, person in named:
            self._named.setdefault(id(person), []).append(end)
        meant = [found.span() for found in PRONOUN.finditer(self.text) if not self.quoted(found.start())]
        places: list[tuple[int, int, Actor | None]] = [*named, *((start, end, None) for start, end in meant)]
        seen: set[int] = set()
        for place, end, actor in sorted(places, key=lambda one: one[0]):
            who = actor or self.person(place)
            if who is None:
                continue
            quote, sentence = self._quote(place), self.sentences.number(place)
            first = sentence not in seen and quote is None
            weight = self._weight(place, end, first=first, named=actor is not None)
            if quote is None:
                seen.add(sentence)
            self._mentions.append(Mention(place, sentence, weight, quote, end, who))

    def _quote(self, place: int) -> int | None:
        at = bisect_left(self._starts, place + 1) - 1
        return self._starts[at] if at >= 0 and place < self._quotes[at][1] else None

    def _weight(self, place: int, end: int, *, first: bool, named: bool) -> float:
        after = MODIFIES.match(self.text, end) if named else None
        if after and self.cast.words.role(after[1]):
            return MODIFIER
        if PREPOSITION.search(self.text[max(0, place - 40) : place]):
            return IN_A_PHRASE
        return FIRST if first else OTHER

    def _likeliest(self, pronoun: re.Match[str], other_than: Collection[str], clear: float) -> Actor | None:
        word, place = pronoun[0].lower(), pronoun.start()
        here, quote = self.sentences.number(place), self._quote(place)
        scores: dict[int, float] = {}
        actors: dict[int, Actor] = {}
        for mention in reversed(self._mentions[: bisect_left(self._mentions, place, key=lambda one: one.place)]):
            if here - mention.sentence > FAR:
                break
            actor = mention.actor
            if actor.name in other_than or self._does_it_to(mention, pronoun) or not self.may_be(actor, GENDERS[word], place):
                continue
            weight = mention.weight * FADING ** (here - mention.sentence)
            if mention.quote is not None and mention.quote != quote:
                weight *= QUOTED
            if word in ("he", "she") and mention.weight == FIRST:
                weight *= SUBJECT_FOR_SUBJECT
            scores[id(actor)] = scores.get(id(actor), 0.0) + weight
            actors[id(actor)] = actor
        ranked = sorted(scores.items(), key=lambda one: -one[1])
        if not ranked or (len(ranked) > 1 and ranked[0][1] < clear * ranked[1][1]):
            return None
        return actors[ranked[0][0]]

    def _does_it_to(self, mention: Mention, pronoun: re.Match[str]) -> bool:
        """Whether a mention is the subject of whose verb the pronoun is the object: "Roe called him"."""
        word = pronoun[0].lower()
        if word != "him" and not (word == "her" and not re.match(r"\s[a-z]", self.text[pronoun.end() : pronoun.end() + 2])):
            return False
        return bool(ONE_CLAUSE.fullmatch(self.text, mention.end, pronoun.start()))
