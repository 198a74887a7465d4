"""Who does what in every clause, from an automatic parse: subjects and objects of verbs, as the marks of events have them.

Marked events are few, clauses are many. A network that also learns whose deed every verb is knows better who takes part in an
event. The parse makes mistakes, so what is learned here is not used for anything else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

ROLES = ("verb", "subject", "object")
Clause = dict[str, list[list[int]]]  # for each of ROLES spans of the text
# What belongs to the name of a party, and what is cut off from it.
OF_NOUN = frozenset({"det", "amod", "compound", "nummod", "nmod", "nmod:poss", "case", "name", "mwe", "nmod:npmod", "punct"})
AUXILIARY = frozenset({"aux", "auxpass", "cop"})
SUBJECTS = ("nsubj", "nsubjpass")
RELATIVE = frozenset({"WDT", "WP"})


class Token(NamedTuple):
    """A token of a sentence: offsets in the text, part of speech, its head's number (-1: none), relation to it, the word."""

    start: int
    end: int
    tag: str
    head: int
    relation: str
    word: str


def clauses_of(sentence: Sequence[Token]) -> Iterator[Clause]:
    """The clauses of a sentence with at least a subject or an object.

    >>> words = "Peru DT expelled envoys".split()
    >>> tokens = [Token(0, 4, "NNP", 1, "nsubj", "Peru"), Token(5, 13, "VBD", -1, "root", "expelled"),
    ...           Token(14, 20, "NNS", 1, "dobj", "envoys")]
    >>> list(clauses_of(tokens))
    [{'verb': [[5, 13]], 'subject': [[0, 4]], 'object': [[14, 20]]}]
    """
    reader = _Sentence(sentence)
    for number, token in enumerate(sentence):
        if token.tag.startswith("VB") and token.relation not in AUXILIARY:
            subject, thing = reader.subject(number), reader.object(number)
            if subject or thing:
                yield {"verb": [[token.start, token.end]], "subject": reader.spans(subject), "object": reader.spans(thing)}


class _Sentence:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.children: dict[int, list[int]] = defaultdict(list)
        for number, token in enumerate(tokens):
            self.children[token.head].append(number)

    def _under(self, number: int, *relations: str) -> list[int]:
        return [child for child in self.children[number] if self.tokens[child].relation in relations]

    def _passive(self, number: int) -> bool:
        return bool(self._under(number, "auxpass", "nsubjpass"))

    def subject(self, number: int, depth: int = 0) -> list[int]:
        """Who does it: the understood subject where the verb has none, the one after "by" in the passive."""
        if self._passive(number) or self._participle(number):
            return [n for n in self._under(number, "nmod") if self._case(n) == "by"]
        return self._on_top(number, depth)

    def object(self, number: int) -> list[int]:
        """Who or what undergoes it."""
        if self._passive(number):
            return self._on_top(number, 0)
        if self._participle(number):
            return [self.tokens[number].head]
        return self._under(number, "dobj", "iobj")

    def _participle(self, number: int) -> bool:
        """Whether it is a past participle after its noun: "the man arrested by police"."""
        token = self.tokens[number]
        return token.relation == "acl" and token.tag == "VBN"

    def _case(self, number: int) -> str:
        return next((self.tokens[n].word.lower() for n in self._under(number, "case")), "")

    def _on_top(self, number: int, depth: int) -> list[int]:
        token = self.tokens[number]
        own = self._under(number, *SUBJECTS)
        if own:
            if token.relation == "acl:relcl" and self.tokens[own[0]].tag in RELATIVE:
                return [token.head]
            return own
        if depth > 3 or token.head < 0:
            return []
        if token.relation == "acl":
            return [token.head]
        if token.relation == "xcomp":
            return self._under(token.head, "dobj") or self._on_top(token.head, depth + 1)
        if token.relation in ("conj", "advcl") and self.tokens[token.head].tag.startswith("VB"):
            return self._on_top(token.head, depth + 1)
        return []

    def spans(self, heads: Iterable[int]) -> list[list[int]]:
        """The noun phrases of some heads and of those that are coordinated with them, without what follows a comma."""
        every = [n for head in heads for n in (head, *self._under(head, "conj"))]
        return [self._phrase(n) for n in every if self.tokens[n].tag[:2] in ("NN", "PR", "CD", "DT")]

    def _phrase(self, head: int) -> list[int]:
        inside = {head}
        waiting = [n for n in self.children[head] if self.tokens[n].relation in OF_NOUN - {"case"}]
        while waiting:
            number = waiting.pop()
            inside.add(number)
            waiting += [n for n in self.children[number] if self.tokens[n].relation in OF_NOUN]
        first = last = head
        while first - 1 in inside and self.tokens[first - 1].word != ",":
            first -= 1
        while last + 1 in inside and self.tokens[last + 1].word not in ",.;:":
            last += 1
        return [self.tokens[first].start, self.tokens[last].end]
