"""The three example articles against their annotation by hand: the promised figures hold, without the researcher's files."""

from pathlib import Path

import pytest

import analysis as an
from analysis.schema import Tables
from analysis.store import save_tables
from benchmarks import gold
from benchmarks.from_tables import gold_records

SEEDS = Path(__file__).parent.parent / "seeds"
FLOORS = {
    "f1": 0.95,
    "content_token_f1": 0.95,
    "speaker": 0.92,
    "speaker_exact": 0.90,
    "country": 0.92,
    "quote_type": 0.95,
    "act": 0.85,
    "via_f1": 0.90,
    "nested": 1.0,
    "date": 0.92,
    "date_known": 0.90,
}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return an.extract(an.read_articles(SEEDS), actors=None)


@pytest.fixture(scope="module")
def scores(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    folder = tmp_path_factory.mktemp("tables")
    save_tables(tables, folder)
    return gold.score(gold.read_gold(), gold_records(folder))["overall"]["statements"]


@pytest.mark.parametrize(("measure", "floor"), FLOORS.items())
def test_statements_of_the_seeds(scores: dict[str, float], measure: str, floor: float) -> None:
    assert scores[measure] >= floor


def test_tables_keep_to_their_declaration(tables: Tables) -> None:
    assert tables.check() is tables
    assert len(tables.articles) == 3
    assert tables.problems.empty


def test_every_row_shows_the_words_it_came_from(tables: Tables) -> None:
    texts = tables.articles.set_index("article_id")["text"]
    for row in tables.statements.itertuples():
        text = texts[row.article_id]
        for role in ("source", "cue", "content"):
            spans = getattr(row, f"{role}_spans")
            words = " ... ".join(text[a:b] for a, b in spans) or None
            assert getattr(row, role) == words or (words is None and getattr(row, role) != getattr(row, role))
