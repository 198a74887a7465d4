"""From tagged events to rows, from the examples in examples/events.yaml; no model is needed, the words are marked."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.authority import Authority
from analysis.events import LEAST, QUAD_OF, EventReader
from analysis.parameters import MIN_EVENT_CONFIDENCE
from analysis.schema import EVENT_TYPES, TABLES, check_table, table
from analysis.statements import StatementReader
from analysis.tagger import Name, Tagged, TaggedEvent
from analysis.tagging.attributions import Attribution
from training.events import read_marked

HERE = Path(__file__).parent
EXAMPLES = yaml.safe_load((HERE / "examples" / "events.yaml").read_text(encoding="utf-8"))
Row = dict[str, Any]
Readers = tuple[StatementReader, EventReader]


@pytest.fixture(scope="module")
def readers() -> Readers:
    statements = StatementReader(Authority(), HERE.parent / "data")
    return statements, EventReader(Authority(), HERE.parent / "data", statements.words)


def spans(found: list[list[int]]) -> list[tuple[int, int]]:
    return [(start, end) for start, end in found]


def tagged_event(event: Row) -> TaggedEvent:
    parts: Any = {role: spans(event[role]) for role in ("trigger", "actors", "recipients", "object", "place", "date")}
    return TaggedEvent(type=event["type"], status=event["status"], **parts)


def where(text: str, words: str | None) -> list[tuple[int, int]]:
    return [(text.index(words), text.index(words) + len(words))] if words else []


def article_of(example: Row, text: str) -> Row:
    day, title = example.get("published"), len(example.get("headline", ""))
    zones = [{"start": 0, "end": title, "kind": "headline"}] if title else []
    return {
        "article_id": "a",
        "text": text,
        "zones": [*zones, {"start": title, "end": len(text), "kind": "body"}],
        "published": day,
        "reference_date": day,
        "reference_basis": "published" if day else "none",
    }


def read(readers: Readers, example: Row) -> tuple[Row, list[Row], list[Row]]:
    """The article of an example, the rows of its statements and those of its events."""
    text, events = read_marked(example["text"], actors=False)
    names = [
        Name(found.start(), found.end(), kind)
        for kind, words in example.get("names", {}).items()
        for word in words
        for found in re.finditer(rf"\b{re.escape(word)}\b", text)
    ]
    longest = [n for n in names if not any(m != n and m.start <= n.start and n.end <= m.end for m in names)]
    said = [
        Attribution(where(text, one.get("source")), where(text, one.get("cue")), where(text, one.get("content")))
        for one in example.get("said", ())
    ]
    tagged = Tagged(said, sorted(longest), [tagged_event(event) for event in events])
    article = article_of(example, text)
    statements = readers[0].rows(article, tagged)
    return article, statements, readers[1].rows(article, tagged, statements)


def marked(example: Row) -> Any:
    marks = [pytest.mark.xfail(reason=example["fails"], strict=True)] if "fails" in example else []
    return pytest.param(example, id=example["title"], marks=marks)


@pytest.mark.parametrize("example", [marked(example) for example in EXAMPLES])
def test_rows(readers: Readers, example: Row) -> None:
    article, statements, rows = read(readers, example)
    cues = {row["statement_id"]: row["cue"] for row in statements}
    got = [
        {**row, "statement": cues.get(row["statement_id"]), "clause": article["text"][row["start"] : row["end"]]}
        for row in rows
    ]
    assert [row["trigger"] for row in got] == [expected["trigger"] for expected in example["expect"]]
    for row, expected in zip(got, example["expect"], strict=True):
        assert {key: row[key] for key in expected} == expected


def test_examples_are_many_and_titled() -> None:
    titles = [example["title"] for example in EXAMPLES]
    assert len(titles) >= 80
    assert len(set(titles)) == len(titles)


def test_rows_keep_to_the_table_and_to_the_text(readers: Readers) -> None:
    for example in EXAMPLES:
        article, _, rows = read(readers, example)
        check_table(table("events", rows), "events")
        for row in rows:
            assert set(row) == set(TABLES["events"])
            assert row["trigger"] == " ... ".join(article["text"][a:b] for a, b in row["trigger_spans"])
            for role in ("actor", "recipient"):
                assert len(row[f"{role}s"]) == len(set(row[f"{role}s"])) == len(row[f"{role}_spans"])
            assert not set(row["actors"]) & set(row["recipients"])
            assert row["quad_class"] == QUAD_OF[row["type"]]
            assert row["date_basis"] in ("explicit", "resolved", "none")
            assert (row["date_basis"] == "none") == (row["date_start"] is None)
            assert row["date_end"] is None or row["date_start"] is not None  # "since Monday" has no end


def test_ids_do_not_move_when_something_else_changes(readers: Readers) -> None:
    example = EXAMPLES[0]
    longer = {**example, "text": example["text"] + " It rained."}
    later = {**example, "published": date(2031, 3, 13)}
    ids = [[row["event_id"] for row in read(readers, e)[2]] for e in (example, longer, later)]
    assert ids[0] == ids[1] == ids[2]
    assert re.fullmatch(r"a-e[0-9a-f]{8}", ids[0][0])


def test_every_type_has_its_class() -> None:
    assert list(QUAD_OF) == list(EVENT_TYPES)
    assert (QUAD_OF["CONCEDE"], QUAD_OF["RETREAT"]) == ("verbal cooperation", "material cooperation")
    assert (QUAD_OF["THREATEN"], QUAD_OF["PROTEST"]) == ("verbal conflict", "material conflict")


# ------------------------------------------------------------------ what the tagger may get wrong


PERU = "Peru sued Chile. Bolivia watched."


def rows_of(readers: Readers, text: str, *events: TaggedEvent, zones: list[Row] | None = None) -> list[Row]:
    article = article_of({}, text) | ({"zones": zones} if zones else {})
    return readers[1].rows(article, Tagged([], [], events), [])


def sued(**changes: Any) -> TaggedEvent:
    return TaggedEvent([(5, 9)], "ACCUSE", "occurred", [(0, 4)], [(10, 15)], [], [], [])._replace(**changes)


def test_what_is_unlikely_to_be_an_event_gives_no_row(readers: Readers) -> None:
    assert len(rows_of(readers, PERU, sued(confidence=LEAST))) == 1
    assert rows_of(readers, PERU, sued(confidence=LEAST - 0.01)) == []


def test_an_event_in_which_nobody_is_named_gives_no_row(readers: Readers) -> None:
    assert rows_of(readers, PERU, sued(actors=[], recipients=[])) == []


SOLD = "Ghana sold Peru six RK-20 boats. The RK-20 boats will be delivered in May."


def trades(**changes: Any) -> list[TaggedEvent]:
    """A sale, and a delivery of which the sentence does not say who makes it, with changes."""
    sale = TaggedEvent([(6, 10)], "COOPERATE", "occurred", [(0, 5)], [(11, 15)], [(16, 31)], [], [])
    delivery = TaggedEvent(
        [(57, 66)], "COOPERATE", "planned", [], [], [(37, 48)], [], [], p_event=0.9, p_type=0.8, p_status=0.5
    )
    return [sale, delivery._replace(confidence=0.02)._replace(**changes)]


def test_an_unlikely_event_is_likelier_where_the_article_tells_who_acts(readers: Readers) -> None:
    sale, delivery = rows_of(readers, SOLD, *trades())
    assert (delivery["trigger"], delivery["actors"], delivery["recipients"]) == ("delivered", ["Ghana"], ["Peru"])
    assert delivery["confidence"] == pytest.approx(0.6 * 0.9 * 0.8 * 0.5)
    assert sale["confidence"] == 1
    assert rows_of(readers, SOLD, *reversed(trades())) == [sale, delivery]  # in text order


def test_an_unlikely_event_stays_out_where_it_is_unlikely_all_the_same(readers: Readers) -> None:
    assert len(rows_of(readers, SOLD, *trades(p_event=0.1))) == 1
    assert len(rows_of(readers, SOLD, *trades(object=[]))) == 1
    assert len(rows_of(readers, SOLD, *trades(type="AID"))) == 1
    assert rows_of(readers, SOLD, trades()[1]) == []


def test_a_likely_event_keeps_its_trigger_to_itself(readers: Readers) -> None:
    sale, delivery = trades()
    rows = rows_of(readers, SOLD, sale, delivery, sale._replace(trigger=delivery.trigger, confidence=0.7))
    assert [row["confidence"] for row in rows] == [1, 0.7]


def test_many_events_without_actors_take_little_time(readers: Readers) -> None:
    text = SOLD + " " + "\n\n".join([SOLD] * 600)
    events = []
    for place in (found.start() for found in re.finditer("Ghana", text)):
        for one in trades():
            moved = {
                name: [(a + place, b + place) for a, b in getattr(one, name)]
                for name in ("trigger", "actors", "recipients", "object")
            }
            events.append(one._replace(**moved))
    begun = time.perf_counter()
    assert len(rows_of(readers, text, *events)) == len(events)
    assert time.perf_counter() - begun < 20


def test_of_two_events_on_one_trigger_the_likelier_gives_the_row(readers: Readers) -> None:
    (row,) = rows_of(readers, PERU, sued(confidence=0.4), sued(type="REJECT", confidence=0.6))
    assert row["type"] == "REJECT"


def test_a_trigger_that_crosses_a_sentence_is_cut(readers: Readers) -> None:
    (row,) = rows_of(readers, PERU, sued(trigger=[(5, 24)], recipients=[(17, 24)]))
    assert row["trigger"] == "sued Chile."
    assert PERU[row["start"] : row["end"]] == "Peru sued Chile."


def test_a_piece_in_another_sentence_is_left_out_of_the_clause(readers: Readers) -> None:
    (row,) = rows_of(readers, PERU, sued(place=[(17, 24)], date=[(25, 32)]))
    assert (row["place"], row["date_text"], PERU[row["start"] : row["end"]]) == (None, None, "Peru sued Chile")


def test_a_participant_in_the_title_takes_no_part_in_an_event_of_the_body(readers: Readers) -> None:
    text = "Peru in court\nChile was sued."
    zones = [{"start": 0, "end": 13, "kind": "headline"}, {"start": 14, "end": len(text), "kind": "body"}]
    event = TaggedEvent([(24, 28)], "ACCUSE", "occurred", [(14, 19)], [(0, 4)], [], [], [])
    (row,) = rows_of(readers, text, event, zones=zones)
    assert (row["zone"], row["actors"], row["recipients"]) == ("body", ["Chile"], [])


def test_nothing_is_read_in_boilerplate(readers: Readers) -> None:
    zones = [{"start": 0, "end": len(PERU), "kind": "boilerplate"}]
    assert rows_of(readers, PERU, sued(), zones=zones) == []


def test_half_words_are_made_whole(readers: Readers) -> None:
    (row,) = rows_of(readers, PERU, sued(trigger=[(6, 8)], actors=[(0, 2)]))
    assert (row["trigger"], row["actors"]) == ("sued", ["Peru"])


def test_an_article_without_events_costs_nothing(readers: Readers) -> None:
    assert readers[1].rows({}, Tagged([], []), []) == []


def test_the_notebooks_show_less_than_the_table_holds() -> None:
    assert 0 < LEAST < MIN_EVENT_CONFIDENCE.default <= 1
