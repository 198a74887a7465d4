"""One name for each actor of a corpus, and the actors table."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.across import Corpus
from analysis.actors import Actors, is_name
from analysis.authority import Authority, read_actors
from analysis.manifest import project_root
from analysis.schema import check_table, table
from analysis.wordlists import read_words

DATA = project_root() / "data"
WORDS = read_words(DATA)
AUTHORITY = read_actors(DATA / "actors.csv")
EXAMPLES = yaml.safe_load((Path(__file__).parent / "examples" / "actors.yaml").read_text(encoding="utf-8"))
Row = dict[str, Any]


def said(
    name: str | None, kind: str = "person", country: str | None = None, source: str | None = None, **values: object
) -> Row:
    row = {"speaker": name, "speaker_kind": kind, "country": country, "source": source or name, "speaker_basis": "named"}
    return row | {"mentions": [], "addressee": None} | values


def done(actors: list[str], recipients: list[str] = (), countries: list[str] = (), **values: object) -> Row:  # type: ignore[assignment]
    row = {"actors": list(actors), "recipients": list(recipients), "countries": list(countries)}
    return (
        row
        | {"actor_spans": [[[n, n + 1]] for n in range(len(actors))], "recipient_spans": [[[9, 10]] for _ in recipients]}
        | values
    )


def actors_of(*articles: tuple[list[Row], list[Row]], authority: Authority = AUTHORITY) -> Actors:
    actors = Actors(WORDS, authority)
    for statements, events in articles:
        actors.add(statements, events)
    return actors


def rows_of(*articles: tuple[list[Row], list[Row]]) -> dict[str, Row]:
    rows = actors_of(*articles).rows()
    frame = check_table(table("actors", rows), "actors")
    assert frame["actor"].tolist() == sorted(frame["actor"])
    return {row["actor"]: row for row in rows}


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["title"] for example in EXAMPLES])
def test_examples(example: Row) -> None:
    articles: list[tuple[list[Row], list[Row]]] = []
    for name, known in example["speaking"].items():
        kind, country = known if isinstance(known, list) else (known, None)
        articles.append(([said(name, kind, country)], []))
    for name, country in example.get("acting", {}).items():
        articles.append(([], [done([name], [], [country] if country else [])]))
    names = [*example["speaking"], *example.get("acting", {})]
    expected = {name: group[0] for group in example["one"] for name in group}
    for seed in range(3):
        actors = actors_of(*random.Random(seed).sample(articles, len(articles)))
        assert {name: actors.who(name).name for name in names} == {name: expected.get(name, name) for name in names}


# ------------------------------------------------------------------ the table


def test_a_form_that_is_seldom_is_not_the_name() -> None:
    often = [said("Ana Roe")] * 150
    assert set(rows_of(([*often, said("Texans Ana Roe")], []))) == {"Ana Roe"}
    assert set(rows_of(([*often, *[said("Ana Maria Roe")] * 5], []))) == {"Ana Maria Roe"}


def test_counts_and_aliases_are_those_of_all_forms() -> None:
    one = ([said("Léa Morel", country="FRA", source="President Léa Morel"), said("Léa Morel", source="Morel")], [])
    other = ([said("Lea Morel", mentions=["Lea Morel"])], [done(["Lea Morel"], ["two envoys"]), done(["Lea Morel"], ["Fiji"])])
    row = rows_of(one, other)["Léa Morel"]
    assert (row["n_statements"], row["n_events"], row["country"], row["kind"]) == (3, 2, "FRA", "person")
    assert row["aliases"] == ["Lea Morel", "Morel"]
    assert (row["basis"], row["of"]) == ("found", None)


def test_a_government_is_joined_to_its_state() -> None:
    rows = rows_of(([said("Kenya government", "government", "KEN")], [done(["Kenya", "Peru"], [], ["KEN", "PER"])]))
    assert rows["Kenya government"]["of"] == "Kenya"
    assert [rows["Kenya"][key] for key in ("of", "kind", "country", "n_statements", "n_events")] == [
        None,
        "government",
        "KEN",
        0,
        1,
    ]


def test_a_seat_of_government_is_joined_to_its_state() -> None:
    assert rows_of(([said("Downing Street", "government", "GBR")], []))["Downing Street"]["of"] == "United Kingdom"


def test_descriptions_are_no_actors() -> None:
    assert list(rows_of(([], [done(["gunmen", "Kenyan miners"], ["Fiji"])]))) == ["Fiji"]
    assert not is_name("")


def test_an_actor_who_is_both_sides_of_an_event_counts_once() -> None:
    assert rows_of(([], [done(["Fiji"], ["Fiji"])]))["Fiji"]["n_events"] == 1


def test_a_state_that_is_told_in_two_ways_is_not_told() -> None:
    statements = [said("Jo Ray", country="AUS"), said("Jo Ray", country="NZL")]
    assert rows_of((statements, []))["Jo Ray"]["country"] is None


def test_the_authority_names_and_is_named() -> None:
    row = rows_of(([said("NATO", "organisation")], []))["NATO"]
    assert (row["basis"], row["kind"]) == ("authority", "organisation")


def test_nobody() -> None:
    assert rows_of(([], []), ([said(None)], [])) == {}


@pytest.mark.parametrize(
    ("name", "kind", "country"),
    [
        ("Kenyans", "group", "KEN"),
        ("Greek Cypriots", "group", "CYP"),
        ("Greeks and Cypriots", "group", None),
        ("Kenyan Airlift", "unknown", None),
        ("Russian Defense Ministry", "organisation", "RUS"),
        ("Lakeside Foundation", "organisation", None),
        ("Department of Roads", "organisation", None),
        ("Lakeside State", "unknown", None),
    ],
)
def test_a_name_that_only_takes_part_may_say_what_it_is(name: str, kind: str, country: str | None) -> None:
    row = rows_of(([], [done([name], ["Fiji", "Peru"], ["FJI", "PER"])]))[name]
    assert (row["kind"], row["country"]) == (kind, country)


def test_the_only_one_without_a_state_has_the_state_that_is_left() -> None:
    rows = rows_of(
        ([], [done(["Tui Vaka"], ["Peru"], ["FJI", "PER"]), done(["Olo Pita", "Ane Lagi"], ["Peru"], ["FJI", "PER"])])
    )
    assert [rows[name]["country"] for name in ("Tui Vaka", "Olo Pita", "Ane Lagi")] == ["FJI", None, None]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Energy Minister Vaka", "person"), ("she", "person"), ("the minister's Vaka", "unknown"), ("it", "unknown")],
)
def test_an_office_or_a_pronoun_tells_a_person(text: str, kind: str) -> None:
    actors = Actors(WORDS, AUTHORITY)
    actors.add([], [done(["Vaka"]) | {"actor_spans": [[[0, len(text)]]]}], text)
    assert actors.rows()[0]["kind"] == kind


def test_a_name_with_a_word_for_an_office_is_no_office_before_a_name() -> None:
    actors = Actors(WORDS, AUTHORITY)
    actors.add([], [done(["Liberal Left"]) | {"actor_spans": [[[0, 12]]]}], "Liberal Left")
    assert actors.rows()[0]["kind"] == "unknown"


def test_many_names_with_one_surname_are_quick() -> None:
    names = [f"{a}{b}{c}{d}a Moreno" for a in "BCDFGKLMNPRST" for b in "aeiou" for c in "bcdfg" for d in "klmnprst"]
    actors = actors_of(([said(name) for name in names], []))
    assert len(actors.rows()) == len(names)


# ------------------------------------------------------------------ the rows of an article


def test_rows_get_the_names_of_the_corpus_and_the_article_keeps_its_own() -> None:
    corpus = Corpus(AUTHORITY, DATA)
    first = {"statements": [said("Léa Morel", mentions=["Fiji", "Lea Morel", "Léa Morel"])], "events": []}
    event = done(
        ["Lea Morel", "Léa Morel"], ["Fiji"], event_id="b-e1", start=0, type="CONSULT", status="occurred", trigger="met"
    )
    second = {"statements": [said("Fiji government", "government", "FJI", addressee="Lea Morel")], "events": [event]}
    for name, rows in (("a", first), ("b", second)):
        corpus.add({"article_id": name, "published": date(2020, 1, 1)}, rows)
    assert corpus.rows_of("a", first)["statements"][0]["mentions"] == ["Fiji", "Léa Morel"]
    changed = corpus.rows_of("b", second)
    assert changed["statements"][0]["addressee"] == "Léa Morel"
    assert (changed["events"][0]["actors"], changed["events"][0]["actor_spans"]) == (["Léa Morel"], [[[0, 1]]])
    assert len(changed["events"][0]["event_key"]) == 12
    assert event["actors"] == ["Lea Morel", "Léa Morel"]
    assert "event_key" not in event


def test_names_that_are_one_make_one_happening() -> None:
    def told(name: str, who: str) -> Row:
        day = {"date_start": date(2020, 1, 1), "date_end": date(2020, 1, 1)}
        values = {
            "event_id": f"{name}-e1",
            "start": 0,
            "type": "CONSULT",
            "status": "occurred",
            "trigger": "met",
            "place": "Suva",
        }
        return done([who, "Tui Vaka"], **day, **values)

    corpus = Corpus(AUTHORITY, DATA)
    articles = {"a": told("a", "Sergey Mikhalkin"), "b": told("b", "Sergei Mihalkin"), "c": told("c", "Olga Petrenko")}
    for name, event in articles.items():
        speakers = [said(who, country="KAZ") for who in event["actors"][:1]]
        corpus.add({"article_id": name, "published": date(2020, 1, 2)}, {"statements": speakers, "events": [event]})
    keys = [corpus.rows_of(name, {"events": [event]})["events"][0]["event_key"] for name, event in articles.items()]
    assert keys[0] == keys[1] != keys[2]
