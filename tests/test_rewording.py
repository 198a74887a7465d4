"""A reworded text: the same places, other deeds."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from training.rewording import SHARE, Words, reword, words_of

SEEN = {
    "signed": Counter(VBD=9, VBN=1),
    "seized": Counter(VBD=9),
    "ships": Counter(NNS=5, VBZ=1),
    "farms": Counter(NNS=5),
    "said": Counter(VBD=99),
    "scarce": Counter(JJ=2),
    "under": Counter(IN=50),
}


@pytest.fixture
def words() -> Words:
    return words_of([SEEN])


def _often(text: str, words: Words) -> list[str]:
    return [reword(text, words, random.Random(seed)) for seed in range(200)]


def test_another_word_has_the_same_form(words: Words) -> None:
    assert set(_often("They signed under ships", words)) == {
        f"They {verb} under {noun}" for verb in ("signed", "seized") for noun in ("ships", "farms")
    }


@pytest.mark.parametrize(
    "text",
    ["Signed", "SIGNED", "co-signed", "signed-off", "signed's", "said", "scarce", "under", "ship2signed"],
    ids=["capital", "capitals", "after a hyphen", "before a hyphen", "genitive", "speech", "seldom", "preposition", "number"],
)
def test_what_stays(text: str, words: Words) -> None:
    assert set(_often(text, words)) == {text}


def test_so_many_words_change(words: Words) -> None:
    text = " ".join(["signed"] * 4000)
    near = words._replace(near={"signed": ["sealed"]})
    changed = sum(word != "signed" for word in reword(text, near, random.Random(1)).split()) / 4000
    # Where no near word is taken, the word may be drawn for itself.
    assert 0.7 * SHARE < changed < SHARE


def test_near_words_come_first(words: Words) -> None:
    near = words._replace(near={"signed": ["sealed"]})
    drawn = Counter(reword(" ".join(["signed"] * 4000), near, random.Random(2)).split())
    assert drawn["sealed"] > 2 * drawn["seized"] > 0


def test_a_word_takes_the_form_that_it_has_in_all_treebanks_together() -> None:
    words = words_of([{"run": Counter(NN=4)}, {"run": Counter(VB=7)}])
    assert words.form_of == {"run": "VB"}
