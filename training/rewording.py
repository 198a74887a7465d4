"""A text in other words: what stands in the place of a verb or noun has its form, and as a rule a meaning near it.

The annotation shows a few deeds in many places; a reworded text shows many deeds in the same places. It has no annotation any
more: what it tells then is for a teacher to say (training/teacher.py).
"""

from __future__ import annotations

import gzip
import random
import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

FORMS = {"VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "NN", "NNS", "JJ"}
SELDOM = 3  # a word seen less often has no form
STAY = set("said says say told has have had was were been being did does done made make makes".split())
WORD = re.compile(r"(?<![\w'’-])[a-z]{3,}(?![\w'’-])")
SHARE, NEAR = 0.25, 0.7  # of the words that change, and of these that take one near in meaning


class Words(NamedTuple):
    """form_of: the usual form of a word; of_form: a form's words and the sums of their weights; near: the words near a word."""

    form_of: dict[str, str]
    of_form: dict[str, tuple[list[str], list[float]]]
    near: Mapping[str, Sequence[str]] = {}


def read_forms(treebank: Path) -> dict[str, Counter[str]]:
    """How often the small words of a gzipped treebank have which form: the word in the second column, its form in the fifth."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    with gzip.open(treebank, "rt", encoding="utf-8") as lines:
        for columns in (line.split("\t") for line in lines):
            if len(columns) > 5 and WORD.fullmatch(columns[1]):
                seen[columns[1]][columns[4]] += 1
    return seen


def words_of(treebanks: Iterable[Mapping[str, Counter[str]]]) -> Words:
    """The words whose usual form is one of FORMS; their weight is the root of how often they are seen.

    >>> words_of([{"signed": Counter(VBD=4), "sold": Counter(VBD=9, VBN=1), "of": Counter(IN=99)}]).of_form["VBD"][0]
    ['signed', 'sold']
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for treebank in treebanks:
        for word, forms in treebank.items():
            seen[word] += forms
    usual = {word: max(forms, key=lambda form: forms[form]) for word, forms in seen.items() if forms.total() >= SELDOM}
    form_of = {word: form for word, form in usual.items() if form in FORMS and word not in STAY}
    of_form: dict[str, tuple[list[str], list[float]]] = {}
    for form in sorted(FORMS):
        words = [word for word, its in form_of.items() if its == form]
        of_form[form] = words, list(accumulate(seen[word].total() ** 0.5 for word in words))
    return Words(form_of, of_form)


def reword(text: str, words: Words, rng: random.Random) -> str:
    """The text with others in the place of some of its words; names, numbers and what is written with a capital stay."""

    def other(match: re.Match[str]) -> str:
        word = match[0]
        if word not in words.form_of or rng.random() >= SHARE:
            return word
        if words.near.get(word) and rng.random() < NEAR:
            return rng.choice(words.near[word])
        every, sums = words.of_form[words.form_of[word]]
        return every[bisect(sums, rng.random() * sums[-1])]

    return WORD.sub(other, text)
