"""The own event passages: they can be read, they are as many and as varied as they should be, and the two sets are apart."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from analysis.schema import EVENT_TYPES, STATUSES
from training.events import EXAMPLES, MarkupError, read_examples, read_marked, read_pairs

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
SEEDS = sorted((BENCHMARKS.parent / "seeds").glob("*.txt"))
TRAIN = [example for path in sorted(EXAMPLES.parent.glob("events*.yaml")) for example in read_examples(path)]
KEPT_OUT = read_examples(BENCHMARKS / "events.yaml")
SEEN_PAIRS = read_pairs(EXAMPLES.parent / "same_events.yaml")
PAIRS = read_pairs(BENCHMARKS / "same_events.yaml")
REPORTS = [pair[side] for pair in [*PAIRS, *SEEN_PAIRS] for side in ("first", "second")]
ROLES = ("trigger", "trigger_accept", "actors", "recipients", "date", "object", "place")

# People and things of the three seed articles; nothing written here may be about them.
SEED_NAMES = re.compile(
    r"\b(?:Putin|Peskov|Mikh?eyev|Miheyev|Rosoboronexport|Erdo[gğ]an|[İI]smail Demir|Trump|Obama|Esper|S-400s?|F-35s?)\b"
)


def events_of(examples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for example in examples for event in example["events"]]


def runs(text: str, length: int = 6) -> set[tuple[str, ...]]:
    """Every run of so many words, without case and punctuation."""
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.casefold())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


# ------------------------------------------------------------------ how many, and of what


def test_enough_passages() -> None:
    assert len(TRAIN) >= 420
    assert len(KEPT_OUT) >= 150


@pytest.mark.parametrize(("examples", "least"), [(TRAIN, 15), (KEPT_OUT, 5)], ids=["train", "kept out"])
def test_every_type_has_enough_examples(examples: list[dict[str, Any]], least: int) -> None:
    counts = Counter(event["type"] for event in events_of(examples))
    assert {name: counts[name] for name in EVENT_TYPES if counts[name] < least} == {}


@pytest.mark.parametrize(("examples", "least"), [(TRAIN, 40), (KEPT_OUT, 10)], ids=["train", "kept out"])
def test_every_status_has_enough_examples(examples: list[dict[str, Any]], least: int) -> None:
    counts = Counter(event["status"] for event in events_of(examples))
    assert {name: counts[name] for name in STATUSES if counts[name] < least} == {}


def test_every_type_but_threats_is_trained_in_every_status_that_makes_sense() -> None:
    seen = {(event["type"], event["status"]) for event in events_of(TRAIN)}
    plain = [name for name in EVENT_TYPES if name != "THREATEN"]
    statuses = [name for name in STATUSES if name != "threatened"]
    assert [pair for pair in ((kind, status) for kind in plain for status in statuses) if pair not in seen] == []
    threatened = {kind for kind, status in seen if status == "threatened"}
    assert {"THREATEN", "SANCTION", "PROTEST", "COERCE", "ASSAULT"} <= threatened


@pytest.mark.parametrize("examples", [TRAIN, KEPT_OUT], ids=["train", "kept out"])
def test_a_third_of_the_events_is_dated_and_a_quarter_of_the_passages_is_empty(examples: list[dict[str, Any]]) -> None:
    examples = [example for example in examples if not example["id"].startswith("form")]  # those are as articles happen to be
    events = events_of(examples)
    assert 0.30 <= sum(bool(event["date"]) for event in events) / len(events) <= 0.48
    passages = [example for example in examples if not example["id"].startswith("article")]
    assert 0.20 <= sum(not example["events"] for example in passages) / len(passages) <= 0.30


def test_the_hard_pairs_can_be_read() -> None:
    pairs = read_pairs(EXAMPLES.parent / "same_events_hard.yaml")
    assert (len(pairs), sum(pair["same"] for pair in pairs)) == (120, 60)


def test_pairs_are_half_the_same_and_every_one_has_a_reason() -> None:
    assert len(PAIRS) == 40
    assert sum(pair["same"] for pair in PAIRS) == 20
    assert all(pair["why"] for pair in PAIRS)
    assert all(pair["first"]["outlet"] != pair["second"]["outlet"] for pair in PAIRS)
    assert any(report["reference"] is None for report in REPORTS)


# ------------------------------------------------------------------ what is marked


@pytest.mark.parametrize("examples", [TRAIN, KEPT_OUT, REPORTS], ids=["train", "kept out", "pairs"])
def test_types_and_statuses_are_those_of_the_tables(examples: list[dict[str, Any]]) -> None:
    for event in events_of(examples):
        assert set(event["type_accept"]) <= set(EVENT_TYPES)
        assert event["type"] == event["type_accept"][0]
        assert event["status"] in STATUSES
        assert not (event["status"] == "considered" and event["core"])


@pytest.mark.parametrize("examples", [TRAIN, KEPT_OUT, REPORTS], ids=["train", "kept out", "pairs"])
def test_pieces_are_whole_words(examples: list[dict[str, Any]]) -> None:
    for example in examples:
        text = example["text"]
        assert not set("[]") & set(text), example["id"]
        for start, end in chain.from_iterable(event[role] for event in example["events"] for role in ROLES):
            assert not text[start - 1 : start].isalnum(), (example["id"], text[start:end])
            assert not text[end : end + 1].isalnum(), (example["id"], text[start:end])
            assert text[end - 1] not in ".,;:", (example["id"], text[start:end])


@pytest.mark.parametrize("examples", [TRAIN, KEPT_OUT, REPORTS], ids=["train", "kept out", "pairs"])
def test_no_two_events_have_the_same_trigger(examples: list[dict[str, Any]]) -> None:
    for example in examples:
        triggers = [tuple(span) for event in example["events"] for span in event["trigger"]]
        assert len(triggers) == len(set(triggers)), example["id"]


def test_each_report_of_a_pair_marks_one_happening() -> None:
    assert [report["id"] for report in REPORTS if len(report["events"]) != 1] == []


def test_undated_events_have_no_days() -> None:
    assert [event for event in events_of([*TRAIN, *KEPT_OUT, *REPORTS]) if event["days"] and not event["date"]] == []


# ------------------------------------------------------------------ apart from each other and from the seeds


def test_train_and_kept_out_share_no_run_of_six_words() -> None:
    trained = set(chain.from_iterable(runs(example["text"]) for example in TRAIN))
    kept = {example["id"]: runs(example["text"]) & trained for example in [*KEPT_OUT, *REPORTS]}
    assert {name: shared for name, shared in kept.items() if shared} == {}


def test_no_passage_is_written_twice() -> None:
    texts = [example["text"] for example in [*TRAIN, *KEPT_OUT, *REPORTS]]
    assert len(texts) == len(set(texts))


def test_no_passage_is_about_what_the_seeds_tell() -> None:
    named = {example["id"]: SEED_NAMES.findall(example["text"]) for example in [*TRAIN, *KEPT_OUT, *REPORTS]}
    assert {name: found for name, found in named.items() if found} == {}


def test_no_passage_shares_a_run_of_six_words_with_the_seeds() -> None:
    seeds = set(chain.from_iterable(runs(path.read_text(encoding="utf-8")) for path in SEEDS))
    told = {example["id"]: runs(example["text"]) & seeds for example in [*TRAIN, *KEPT_OUT, *REPORTS]}
    assert len(seeds) > 1000
    assert {name: shared for name, shared in told.items() if shared} == {}


# ------------------------------------------------------------------ the reader


def test_pieces_may_be_shared_nested_and_discontinuous() -> None:
    text, events = read_marked(
        "[act1,2 Peru] [trig1:COERCE:occurred took] [obj1 the [rec2 radio]] [trig1 off the air] "
        "and [trig2:SANCTION/COERCE:occurred:noncore fined] it."
    )
    first, second = events
    assert [text[start:end] for start, end in first["trigger"]] == ["took", "off the air"]
    assert [text[start:end] for start, end in second["recipients"]] == ["radio"]
    assert first["actors"] == second["actors"] == [[0, 4]]
    assert (second["type"], second["type_accept"], second["core"]) == ("SANCTION", ["SANCTION", "COERCE"], False)


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("[act1 Peru] [trig1:SANCTON:occurred expelled] two.", "event 1 has the type 'SANCTON'"),
        ("[act1 Peru] [trig1:SANCTION:done expelled] two.", "event 1 has the status 'done'"),
        ("[act1 Peru] [trig1:SANCTION:occurred expelled two.", "a bracket is not closed, from 'expelled two.'"),
        ("[act1 Peru] [trig1:SANCTION:occurred expelled]] two.", "a bracket is closed that was not opened"),
        ("[act1 Peru] expelled [rec1 two].", "event 1 has no trigger"),
        ("[act1 Peru] [trig1 expelled] two.", "event 1 has no type and status"),
        ("[trig1:SANCTION:occurred expelled] [rec1 two].", "event 1 has no actor"),
        ("[act1 Peru] [trig1:AID:occurred paid] and [trig1:AID:occurred gave].", "the type of event 1 is given twice"),
        ("[who1 Peru] [trig1:AID:occurred paid].", "'\\[who1 ' opens no piece"),
        ("[act1 Peru] [act2:AID:occurred paid].", "type and status belong to the trigger"),
        ("[act1 Peru ][trig1:AID:occurred paid].", "a piece is empty, or begins or ends with a space"),
        ("[act1 Peru] may [trig1:AID:considered:noncore pay].", "leave out ':noncore'"),
    ],
)
def test_a_mistake_in_the_markup_is_named(marked: str, message: str) -> None:
    with pytest.raises(MarkupError, match=message):
        read_marked(marked)


DATED = "text: '[act1 Peru] [trig1:AID:occurred paid] on [date1 Monday].'"


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ("- {id: a, text: '[act1 Peru'}", "a: a bracket is not closed"),
        ("- {id: a, text: Rain.}\n- {id: a, text: Snow.}", "the id 'a' is used twice"),
        ("- {text: Rain.}", "entry 1 has no id"),
        ("- {id: a}", "a: there is no 'text'"),
        ("- {id: a, text: Rain., date: 2021-03-05}", "a: unknown key 'date'"),
        (f"- id: a\n  reference: 2021-03-05\n  {DATED}", "a: event 1 is dated and there is a reference"),
        (f"- id: a\n  reference: March\n  {DATED}", "a: 'March' is no day"),
        (f"- id: a\n  days: {{1: [2021-03-02, 2021-03-01]}}\n  {DATED}", "a: the days of event 1 end before they begin"),
        (f"- id: a\n  days: {{2: [2021-03-01, 2021-03-01]}}\n  {DATED}", "a: days are given for event 2"),
        (f"- id: a\n  days: {{1: [2021-03-01]}}\n  {DATED}", "a: the days of event 1 are"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_passage(tmp_path: Path, entries: str, message: str) -> None:
    file = tmp_path / "passages.yaml"
    file.write_text(entries, encoding="utf-8")
    with pytest.raises(MarkupError, match=f"{file}.*{message}"):
        read_examples(file)


def test_a_pair_without_an_answer_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pairs.yaml"
    report = "{outlet: Post, text: '[act1 Peru] [trig1:AID:occurred paid].'}"
    file.write_text(f"- {{id: a, same: perhaps, why: none, first: {report}, second: {report}}}", encoding="utf-8")
    with pytest.raises(MarkupError, match="a: 'same' is 'perhaps'"):
        read_pairs(file)
