"""Events from the network's scores: triggers, types, statuses and parts."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.schema import EVENT_TYPES, STATUSES
from analysis.tagger import EVENT_ROLES, Tagger, load_tagger
from analysis.tagging.decoding import Vectors, best_paths, find_parts, log_softmax, part_scores
from analysis.tagging.triggers import (
    COORDINATED,
    FEATURES,
    EventScores,
    TaggedEvent,
    events_of,
    features_of_events,
    find_triggers,
)
from analysis.tagging.word_counts import WordCounts

TEXT = "Peru expelled two envoys on Monday."
WORDS = [(0, 4), (5, 8), (8, 13), (14, 17), (18, 24), (25, 27), (28, 34), (34, 35)]  # "expelled" is two pieces
DISTANCE = np.zeros((32, EVENT_ROLES), np.float32)


def window() -> SimpleNamespace:
    starts, ends = (np.array([0, *(word[n] for word in WORDS), 35]) for n in (0, 1))
    starts[0] = ends[0] = 0
    return SimpleNamespace(starts=starts, ends=ends)


def scores(named: dict[int, str], status: str = "occurred") -> EventScores:
    """Scores of a network that is sure which pieces name an event of a type."""
    pieces = len(WORDS) + 2
    event = np.zeros((pieces, 1 + len(EVENT_TYPES)), np.float32)
    event[:, 0] = 8
    for place, kind in named.items():
        event[place, 0], event[place, 1 + EVENT_TYPES.index(kind)] = 0, 8
    statuses = np.zeros((pieces, len(STATUSES)), np.float32)
    statuses[:, STATUSES.index(status)] = 8
    return EventScores(event, statuses, np.full((pieces, 1), 3, np.float32))


def events(named: dict[int, str], *, status: str = "occurred", parts: dict[int, int] | None = None) -> list[TaggedEvent]:
    """The events where a network is sure which pieces name one, and of the role tags of pieces."""
    pieces = len(WORDS) + 2
    unary = np.zeros((pieces, EVENT_ROLES), np.float32)
    unary[:, 0] = 4
    for place, tag in (parts or {}).items():
        unary[place, tag] = 12
    flat = np.zeros((pieces, EVENT_ROLES), np.float32)
    vectors, edges = Vectors(flat, flat, unary), np.array([0, pieces])
    return events_of(
        scores(named, status), lambda spans: find_parts(*part_scores(spans, vectors, DISTANCE, edges), window()), window(), TEXT
    )


def test_no_scores_no_events() -> None:
    assert events({}) == []


def test_the_pieces_of_a_word_belong_together() -> None:
    (found,) = find_triggers(scores({2: "SANCTION"}).event, window(), TEXT)
    assert found[:2] == (2, 4)


def test_a_meeting_and_what_it_is_about_are_two_events() -> None:
    found = find_triggers(scores({4: "CONSULT", 5: "COOPERATE"}).event, window(), TEXT)
    assert [trigger[:2] for trigger in found] == [(4, 5), (5, 6)]


def test_a_word_of_two_types_is_one_event() -> None:
    (found,) = find_triggers(scores({2: "SANCTION", 3: "CONSULT"}).event, window(), TEXT)
    assert found[:2] == (2, 4)


def test_other_types_side_by_side_are_one_event() -> None:
    (found,) = find_triggers(scores({4: "SANCTION", 5: "COERCE"}).event, window(), TEXT)
    assert found[:2] == (4, 6)


def test_an_unsure_type_cuts_nothing() -> None:
    of_event = scores({4: "CONSULT", 5: "COOPERATE"}).event
    of_event[5, 1 + EVENT_TYPES.index("CONSULT")] = 7.9  # about as likely
    of_event[5, 1 + EVENT_TYPES.index("AID")] = of_event[5, 1 + EVENT_TYPES.index("ACCUSE")] = 7.9
    (found,) = find_triggers(of_event, window(), TEXT)
    assert found[:2] == (4, 6)


def test_no_deed_begins_with_a_digit() -> None:
    assert len(find_triggers(scores({7: "SANCTION"}).event, window(), TEXT)) == 1
    assert find_triggers(scores({7: "SANCTION"}).event, window(), TEXT.replace("Monday", "2 July")) == []


def test_an_article_names_no_deed() -> None:
    assert len(find_triggers(scores({4: "SANCTION"}).event, window(), TEXT)) == 1
    assert find_triggers(scores({4: "SANCTION"}).event, window(), TEXT.replace("two", "the")) == []


def test_type_status_and_parts_are_read() -> None:
    parts = {1: 1, 4: 3, 5: 4, 7: 9}  # actor; recipient begins and goes on; date
    (event,) = events({2: "SANCTION", 3: "SANCTION"}, status="planned", parts=parts)
    assert (event.type, event.status) == ("SANCTION", "planned")
    assert [TEXT[a:b] for a, b in event.trigger] == ["expelled"]
    assert [TEXT[a:b] for a, b in event.actors] == ["Peru"]
    assert [TEXT[a:b] for a, b in event.recipients] == ["two envoys"]
    assert [TEXT[a:b] for a, b in event.date] == ["Monday"]
    assert event.p_event > 0.99
    assert event.p_parts > 0.9
    assert event.p_actors > 0.9


def test_neighbouring_pieces_of_one_role_are_one_mention() -> None:
    (event,) = events({2: "SANCTION"}, parts={4: 3, 5: 3})
    assert [TEXT[a:b] for a, b in event.recipients] == ["two envoys"]


def test_one_side_does_what_is_not_done_together() -> None:
    apart = {1: 1, 5: 1}  # "Peru" and "envoys", with the trigger between them
    assert [len(event.actors) for event in events({2: "SANCTION"}, parts=apart)] == [1]
    assert [len(event.actors) for event in events({2: "CONSULT"}, parts=apart)] == [2]


@pytest.mark.parametrize("between", [" and ", ", ", ", as well as ", ", the "])
def test_what_stands_in_one_breath_is_one_side(between: str) -> None:
    assert COORDINATED.fullmatch(between)
    assert not COORDINATED.fullmatch(f" said{between}")


def test_a_mark_alone_is_no_mention() -> None:
    (event,) = events({2: "SANCTION"}, parts={8: 5})
    assert event.object == []


@pytest.mark.parametrize("tags", [5, EVENT_ROLES])
def test_a_path_goes_on_only_where_something_began(tags: int) -> None:
    noisy = log_softmax(np.random.default_rng(1).normal(size=(30, 12, tags)).astype(np.float32) * 2)
    for path in best_paths(noisy).tolist():
        for before, tag in zip([0, *path], path, strict=False):
            assert tag == 0 or tag % 2 or before in (tag, tag - 1)


def test_part_scores_are_probabilities_of_the_pieces_of_a_span_s_own_window() -> None:
    rng = np.random.default_rng(2)
    query, key = (rng.normal(size=(14, EVENT_ROLES * 4)).astype(np.float32) for _ in range(2))
    vectors = Vectors(query, key, rng.normal(size=(14, EVENT_ROLES)).astype(np.float32))
    spans = [(1, 3, 1.0), (10, 11, 1.0)]
    found, begin = part_scores(spans, vectors, DISTANCE, np.array([0, 9, 14]))
    assert found.shape == (2, 9, EVENT_ROLES)
    assert begin.tolist() == [0, 9]
    assert np.exp(found).sum(-1) == pytest.approx(1, abs=1e-5)
    assert np.exp(found[1, 5:, 0]) == pytest.approx(1)
    alone, _ = part_scores([(1, 2, 1.0)], Vectors(*(of[9:] for of in vectors)), DISTANCE, np.array([0, 5]))
    assert found[1, :5] == pytest.approx(alone[0], abs=1e-5)


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


# ------------------------------------------------------------------ how sure

COUNTED = WordCounts({"accus": [5, EVENT_TYPES.index("ACCUSE"), 4]})


def test_what_the_calibration_of_an_event_looks_at() -> None:
    text = "Meanwhile Oslo was accused by Riga on Monday."
    event = TaggedEvent([(19, 26)], "ACCUSE", "occurred", [(30, 34)], [(10, 14)], [], [], [(35, 44)])
    (features,) = features_of_events([event], text, COUNTED, [(10, 14), (30, 34)])
    assert len(features) == FEATURES
    assert features[6:8] == [COUNTED.of_any("accused"), COUNTED.of_kind("accused", EVENT_TYPES.index("ACCUSE"))]
    # nobody acts, one side where two do, a recipient, a date, actors after the trigger, a place among them
    assert features[8:-1] == [0, 0, 1, 1, 1, 1]
    alone = event._replace(type="CONSULT", actors=[(10, 14)], recipients=[], date=[])
    assert features_of_events([alone], text, COUNTED, [])[0][8:-1] == [0, 1, 0, 0, 0, 0]
    assert features_of_events([alone._replace(actors=[])], text, COUNTED, [])[0][8:-1] == [1, 0, 0, 0, 0, 0]


def test_the_calibration_knows_how_much_else_happens_in_a_text() -> None:
    event = TaggedEvent([(0, 3)], "ACCUSE", "occurred", [], [], [], [], [])

    def last_of(chances: list[float], words: int) -> float:
        events = [event._replace(p_event=chance) for chance in chances]
        return features_of_events(events, "word " * words, COUNTED, [])[0][-1]

    assert last_of([1.0], 20) == 0  # a single sentence is like any text
    assert last_of([1.0, 0.5, 0.5], 120) == 0  # its own chance does not count
    assert last_of([1.0, 1.0, 1.0], 120) > 0 > last_of([1.0], 120)
