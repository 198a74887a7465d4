"""What the network learns of a text with its events: the labels of the word pieces."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.schema import EVENT_TYPES
from analysis.tagger import load_tagger, make_windows
from training.events import read_marked
from training.examples import IGNORE, Example, unknown
from training.happenings import mark_events

MARKED = "[act1,2 Peru] [trig1:REQUEST:occurred urged] [rec1 Chile] to [trig2:COOPERATE:considered trade] more."
DOUBTFUL = {role: [] for role in ("actors", "recipients", "object", "place", "date")} | {
    "type": None,
    "status": None,
    "core": False,
}


def labels(text: str, events: list[dict[str, Any]]) -> tuple[Example, dict[str, int]]:
    """The example of a text, and the label of each of its words by its first piece."""
    (window,) = make_windows(text, [(0, len(text))], load_tagger().tokenizer)
    example = unknown(window)
    mark_events(example, window, events)
    words = {word: text.index(word) for word in text.rstrip(".").split()}
    return example, {word: int(example.type_tags[np.flatnonzero(window.starts == at)[-1]]) for word, at in words.items()}


@pytest.fixture
def text_and_events() -> tuple[str, list[dict[str, Any]]]:
    return read_marked(MARKED)


def test_every_word_is_labelled(text_and_events: tuple[str, list[dict[str, Any]]]) -> None:
    example, found = labels(*text_and_events)
    types = {"urged": 1 + EVENT_TYPES.index("REQUEST"), "trade": 1 + EVENT_TYPES.index("COOPERATE")}
    assert found == dict.fromkeys(("Peru", "Chile", "to", "more"), 0) | types
    assert len(example.events) == len(example.statuses) == 2


def test_of_words_about_which_coders_differ_nothing_is_learned(text_and_events: tuple[str, list[dict[str, Any]]]) -> None:
    text, (urged, _) = text_and_events
    at = text.index("trade")
    example, found = labels(text, [urged, {**DOUBTFUL, "trigger": [[at, at + 5]]}])
    assert found["trade"] == IGNORE
    assert found["more"] == 0
    assert len(example.events) == 1
