"""Events from the network's scores: triggers, types, statuses and parts."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.decoding import best_paths, log_softmax, part_scores
from analysis.schema import EVENT_TYPES, STATUSES
from analysis.tagger import EVENT_ROLES, Tagger, load_tagger
from analysis.triggers import EventScores, events_of, find_triggers

TEXT = "Peru expelled two envoys on Monday."
WORDS = [(0, 4), (5, 8), (8, 13), (14, 17), (18, 24), (25, 27), (28, 34), (34, 35)]  # "expelled" is two pieces
DISTANCE = np.zeros((32, EVENT_ROLES), np.float32)


def window() -> SimpleNamespace:
    starts, ends = (np.array([0, *(word[n] for word in WORDS), 35]) for n in (0, 1))
    starts[0] = ends[0] = 0
    return SimpleNamespace(starts=starts, ends=ends)


def scores(named: dict[int, str], *, status: str = "occurred", parts: dict[int, int] | None = None) -> EventScores:
    """Scores of a network that is sure: pieces that name an event of a type, and the role tags of pieces."""
    pieces = len(WORDS) + 2
    event = np.zeros((pieces, 1 + len(EVENT_TYPES)), np.float32)
    event[:, 0] = 8
    for place, kind in named.items():
        event[place, 0], event[place, 1 + EVENT_TYPES.index(kind)] = 0, 8
    statuses = np.zeros((pieces, len(STATUSES)), np.float32)
    statuses[:, STATUSES.index(status)] = 8
    unary = np.zeros((pieces, EVENT_ROLES), np.float32)
    unary[:, 0] = 4
    for place, tag in (parts or {}).items():
        unary[place, tag] = 12
    flat = np.zeros((pieces, EVENT_ROLES), np.float32)
    return EventScores(event, statuses, np.full((pieces, 1), 3, np.float32), flat, flat, unary)


def test_no_scores_no_events() -> None:
    assert events_of(scores({}), DISTANCE, window(), TEXT) == []


def test_the_pieces_of_a_word_belong_together() -> None:
    (found,) = find_triggers(scores({2: "SANCTION"}).event, window(), TEXT)
    assert found[:2] == (2, 4)


def test_type_status_and_parts_are_read() -> None:
    parts = {1: 1, 4: 3, 5: 4, 7: 9}  # actor; recipient begins and goes on; date
    (event,) = events_of(scores({2: "SANCTION", 3: "SANCTION"}, status="planned", parts=parts), DISTANCE, window(), TEXT)
    assert (event.type, event.status) == ("SANCTION", "planned")
    assert [TEXT[a:b] for a, b in event.trigger] == ["expelled"]
    assert [TEXT[a:b] for a, b in event.actors] == ["Peru"]
    assert [TEXT[a:b] for a, b in event.recipients] == ["two envoys"]
    assert [TEXT[a:b] for a, b in event.date] == ["Monday"]
    assert event.p_event > 0.99
    assert event.p_parts > 0.9
    assert event.p_actors > 0.9


def test_neighbouring_pieces_of_one_role_are_one_mention() -> None:
    (event,) = events_of(scores({2: "SANCTION"}, parts={4: 3, 5: 3}), DISTANCE, window(), TEXT)
    assert [TEXT[a:b] for a, b in event.recipients] == ["two envoys"]


def test_a_mark_alone_is_no_mention() -> None:
    (event,) = events_of(scores({2: "SANCTION"}, parts={8: 5}), DISTANCE, window(), TEXT)
    assert event.object == []


@pytest.mark.parametrize("tags", [5, EVENT_ROLES])
def test_a_path_goes_on_only_where_something_began(tags: int) -> None:
    noisy = log_softmax(np.random.default_rng(1).normal(size=(30, 12, tags)).astype(np.float32) * 2)
    for path in best_paths(noisy).tolist():
        for before, tag in zip([0, *path], path, strict=False):
            assert tag == 0 or tag % 2 or before in (tag, tag - 1)


def test_part_scores_are_probabilities() -> None:
    rng = np.random.default_rng(2)
    vectors = (rng.normal(size=(9, EVENT_ROLES * 4)).astype(np.float32) for _ in range(2))
    found = part_scores([(1, 3, 1.0), (5, 6, 1.0)], *vectors, rng.normal(size=(9, EVENT_ROLES)).astype(np.float32), DISTANCE)
    assert found.shape == (2, 9, EVENT_ROLES)
    assert np.exp(found).sum(-1) == pytest.approx(1, abs=1e-5)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger()


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("The Peruvian government expelled two Bolivian diplomats on Monday.", "SANCTION", "occurred"),
        ("Kenyan police arrested the opposition leader in Nairobi.", "COERCE", "occurred"),
        ("Norway will send field hospitals to Haiti next week.", "AID", "planned"),
        ("The union accused the ministry of lying.", "ACCUSE", "occurred"),
        ("Rebels shelled the town of Goma.", "ASSAULT", "occurred"),
    ],
)
def test_the_model_knows_plain_events(tagger: Tagger, text: str, kind: str, status: str) -> None:
    events = tagger.tag(text, [(0, len(text))]).events
    assert (kind, status) in [(event.type, event.status) for event in events if event.confidence >= 0.3]


@pytest.mark.parametrize(
    "text", ["It rained all day in Lima.", "Shares of the brewer rose by 3% on Tuesday.", "He said he was tired."]
)
def test_the_model_finds_no_event_where_there_is_none(tagger: Tagger, text: str) -> None:
    assert [event for event in tagger.tag(text, [(0, len(text))]).events if event.confidence >= 0.3] == []
