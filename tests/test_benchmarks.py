"""The scorers: known scores on small cases, the gold against itself, and agreement with other scorers where they are there.

Cases are marked sentences, once as gold and once as prediction: [who1 source], [cue1 cue], [what1 content].
"""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.schema import Tables, table
from analysis.store import save_tables
from benchmarks import __main__ as everything
from benchmarks import accuracy, attributions, from_tables, gold, nested, peers, results
from training.nested import MarkupError, read_examples, read_marked

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
needs_shared = pytest.mark.skipif(not (SHARED / "tools").is_dir(), reason="the scorers to agree with are not here")
needs_polnear = pytest.mark.skipif(not (SHARED / "corpora" / "polnear").is_dir(), reason="PolNeAR is not here")


def flat(scores: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Scores of a nested dictionary by their path."""
    for key, value in scores.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{key}.")
        else:
            yield above + key, value


def scored(marked_gold: str, marked_predicted: str) -> dict[str, Any]:
    text, right = read_marked(marked_gold)
    other_text, guess = read_marked(marked_predicted)
    assert text == other_text, "both sides of a case must be the same sentence"
    return dict(flat(attributions.score_attributions([{"id": "a", "text": text, "attributions": right}], {"a": guess})))


# ------------------------------------------------------------------ attributions

CASES: dict[str, tuple[str, str, dict[str, float]]] = {
    "the same rows": (
        "[who1 Ilse Brandt] [cue1 said] [what1 that the farm was sold].",
        "[who1 Ilse Brandt] [cue1 said] [what1 that the farm was sold].",
        {"attrib.f1": 1, "attrib.strict.f1": 1, "tokens.macro": 1, "spans.content.f1": 1, "indirect.gold": 1, "direct.gold": 0},
    ),
    "a content too short is found but not strict": (
        "[who1 Ilse Brandt] [cue1 said] [what1 that the farm was sold].",
        "[who1 Ilse Brandt] [cue1 said] that the [what1 farm was sold].",
        {"attrib.f1": 1, "attrib.strict.f1": 0, "attrib.content_f1": 0.75, "tokens.content.r": 3 / 5, "spans.content.f1": 0},
    ),
    "signs at the edge of a span do not count": (
        "[who1 Ilse Brandt,] [cue1 said:] [what1 the farm was sold.]",
        "[who1 Ilse Brandt], [cue1 said]: [what1 the farm was sold].",
        {"attrib.strict.f1": 1, "spans.source.f1": 1, "tokens.macro": 1},
    ),
    "the wrong speaker": (
        "[who1 Ilse Brandt] met Tariq, and [cue1 said] [what1 the farm was sold].",
        "Ilse Brandt met [who1 Tariq], and [cue1 said] [what1 the farm was sold].",
        {"attrib.f1": 1, "attrib.source_overlap": 0, "attrib.exact_content.f1": 1, "attrib.strict.f1": 0},
    ),
    "a small word alone makes no right speaker": (
        "[who1 The aunt of the mayor] [cue1 said] [what1 it was late].",
        "The aunt [who1 of the] mayor [cue1 said] [what1 it was late].",
        {"attrib.source_overlap": 0},
    ),
    "two rows for a split quotation: one is too much": (
        "[what1 “We paid,”] [who1 she] [cue1 said]. [what1 “They did not deliver a thing.”]",
        "[what1 “We paid,”] [who1,2 she] [cue1,2 said]. [what2 “They did not deliver a thing.”]",
        {"attrib.p": 0.5, "attrib.r": 1, "quotes.units": 1, "quotes.speaker": 1, "direct.precision": 0.5},
    ),
    "no source in the gold": (
        "It [cue1 was said] [what1 that the farm was sold] by Tariq.",
        "It [cue1 was said] [what1 that the farm was sold] by [who1 Tariq].",
        {"attrib.nosource_acc": 0, "attrib.f1": 1, "tokens.source.p": 0},
    ),
    "part of the content in quotation marks": (
        "[who1 He] [cue1 called] [what1 the offer “a bad joke at our cost”].",
        "He called the offer “a bad joke at our cost”.",
        {"mixed.gold": 1, "mixed.recall": 0, "quotes.units": 1, "quotes.e2e": 0, "attrib.f1": 0},
    ),
    "the best pair comes first": (
        "[who1 She] [cue1 said] [what1 the boat was old] and [cue2 added] [what2 that it was slow].",
        "She said [what2 the] boat was old and [cue1,2 added] [what1 that it was slow].",
        {"attrib.f1": 1, "attrib.content_f1": 0.7, "attrib.strict.f1": 0.5},
    ),
}


@pytest.mark.parametrize("title", CASES)
def test_attributions(title: str) -> None:
    marked_gold, marked_predicted, expected = CASES[title]
    scores = scored(marked_gold, marked_predicted)
    assert {key: scores[key] for key in expected} == pytest.approx(expected)


def test_examples_against_themselves_score_one() -> None:
    articles = read_examples()
    scores = attributions.score_attributions(articles, {article["id"]: article["attributions"] for article in articles})
    for key in (
        "attrib.f1",
        "attrib.strict.f1",
        "tokens.macro",
        "tokens_all.macro",
        "quotes.e2e",
        "direct.speaker",
        "spans.cue.f1",
    ):
        assert dict(flat(scores))[key] == 1, key


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ('He said "no" and «never».', ['"no"', "«never»"]),
        ("„So“ is not closed here, “this is”.", ["„So“ is not closed here, “this is”"]),
        ("``Yes,'' she said.", ["``Yes,'"]),
        ("“One.\n\n“Two.”\nAn “open one\nstays out.", ["“One.", "“Two.”"]),
        ("Don't 'quote' me.", []),
    ],
)
def test_quoted_passages(text: str, passages: list[str]) -> None:
    assert [text[start:end] for start, end in attributions.quoted_passages(text)] == passages


def test_a_long_text_with_marks_is_quick() -> None:
    assert len(attributions.quoted_passages('" ' * 200_000)) == 100_000


def test_intervals_hold_the_score_and_repeat() -> None:
    articles = read_examples()
    halves = {article["id"]: article["attributions"][:1] for article in articles}
    counts = attributions.count_all(articles, halves)
    score = attributions.figures(attributions.total(counts))["attrib"]["f1"]
    intervals = attributions.confidence_intervals(counts, rounds=200)
    low, high = intervals["attribution F1"]
    assert low < score < high < 1
    assert intervals == attributions.confidence_intervals(counts, rounds=200)


def noisy(rows: list[dict[str, Any]], rng: random.Random, length: int) -> list[dict[str, Any]]:
    """The rows with some left out, some spans moved or lost, and some rows too much."""

    def moved(spans: list[list[int]]) -> list[list[int]]:
        ends = [[max(0, a + rng.choice((0, 0, -7, 5))), min(length, b + rng.choice((0, 0, 9, -4)))] for a, b in spans]
        return [[a, b] for a, b in ends if a < b and rng.random() > 0.05]

    kept = [{role: moved(row[role]) for role in from_tables.ROLES} for row in rows if rng.random() > 0.15]
    place = rng.randrange(max(1, length - 60))
    extra = {"source": [[place, place + 8]], "cue": [[place + 9, place + 14]], "content": [[place + 15, place + 50]]}
    return [*kept, extra]


def shared_tool(name: str) -> Any:
    """A scorer of somebody else's, as a module."""
    spec = importlib.util.spec_from_file_location(f"shared_{name}", SHARED / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@needs_shared
@needs_polnear
def test_attributions_agree_with_the_shared_scorer() -> None:
    other, rng = shared_tool("evaluate_statements"), random.Random(7)
    articles = list(attributions.read_jsonl(SHARED / "corpora" / "polnear" / "dev.jsonl.gz"))[:25]
    predicted = {article["id"]: noisy(article["attributions"], rng, len(article["text"])) for article in articles[1:]}
    counts = [other.count_article(a["text"], a["attributions"], predicted.get(a["id"], [])) for a in articles]
    assert dict(flat(attributions.score_attributions(articles, predicted))) == pytest.approx(
        dict(flat(other.scores(other.total(counts))))
    )
    ours = attributions.confidence_intervals(attributions.count_all(articles, predicted), rounds=50)
    theirs = other.bootstrap(counts, 50)
    assert ours["strict F1"] == pytest.approx(theirs["strict F1"])
    assert ours["token macro F1"] == pytest.approx(theirs["macro token F1"])


# -------------------------------------------------------------------------- gold


def annotation(marked: str, **values: Any) -> dict[str, Any]:
    """A record in the form of the gold, with the first statement's values given and plain ones elsewhere."""
    plain = {"speaker": None, "country": None, "quote_type": "indirect", "negated": False, "date": {"start": None, "end": None}}
    text, rows = read_marked(marked)
    statements = [{**plain, **row} for row in rows]
    statements[0].update(values)
    return {"body_text": text, "statements": statements, "events": []}


def gold_scores(right: dict[str, Any], guess: dict[str, Any]) -> dict[str, Any]:
    annotated = {"a": gold.Annotation("a", right, right["body_text"])}
    return gold.score(annotated, {"a": guess})["overall"]["statements"]


SENTENCE = "[who1 Siân Ødegård] [cue1 said] [what1 that [who2 her brother] [cue2 had denied] [what2 the theft]]."


@pytest.mark.parametrize(
    ("title", "right", "guess", "expected"),
    [
        ("accents and signs", {"speaker": "Siân Ødegård"}, {"speaker": "Sian Odegard"}, {"speaker": 1, "speaker_exact": 1}),
        ("last name", {"speaker": "Siân Ødegård"}, {"speaker": "Ødegård"}, {"speaker": 1, "speaker_exact": 0.5}),
        ("a body has no last name", {"speaker": "Chad government"}, {"speaker": "Mali government"}, {"speaker": 0.5}),
        ("unknown is not a name", {"speaker": None}, {"speaker": "Ødegård"}, {"speaker": 0.5}),
        (
            "one of several readings",
            {"date": {"start": "2020-05-01", "end": "2020-05-01"}, "date_accept": [{"start": None, "end": None}]},
            {},
            {"date": 1, "date_known": 1},
        ),
        ("another day", {"date": {"start": "2020-05-01", "end": "2020-05-01"}}, {}, {"date": 0.5, "date_known": 0}),
        ("country only where the gold has it", {"country": "NOR"}, {"country": "NOR"}, {"country": 1}),
        ("media", {"via": ["Reuters"]}, {"via": ["Reuters", "AFP"]}, {"via_f1": 2 / 3}),
        ("nested", {}, {}, {"nested": 1, "parent": 1}),
    ],
)
def test_gold_values(title: str, right: dict[str, Any], guess: dict[str, Any], expected: dict[str, float]) -> None:
    scores = gold_scores(annotation(SENTENCE, **right), annotation(SENTENCE, **guess))
    assert {key: scores[key] for key in expected} == pytest.approx(expected), title


def test_a_lost_parent_and_a_row_too_much() -> None:
    right, guess = annotation(SENTENCE), annotation(SENTENCE)
    guess["statements"][1]["parent"] = None
    scores = gold_scores(right, guess)
    assert (scores["f1"], scores["nested"], scores["parent"]) == (1, 0, 0.5)
    guess["statements"].append({**guess["statements"][0], "id": "3", "cue": [[0, 4]], "content": [[0, 4]]})
    assert gold_scores(right, guess)["precision"] == pytest.approx(2 / 3)
    pairing = gold.pair_all({"a": gold.Annotation("a", right, right["body_text"])}, {"a": guess})["a"]
    assert [line.split()[0] for line in gold.differences(pairing)] == ["parent", "too"]


def test_words_are_aligned_when_the_texts_differ() -> None:
    right, guess = annotation(SENTENCE), annotation("Oslo, Monday. " + SENTENCE)
    scores = gold_scores(right, guess)
    assert (scores["f1"], scores["content_exact"], scores["nested"]) == (1, 1, 1)


def test_events() -> None:
    def event(trigger: list[int], **values: Any) -> dict[str, Any]:
        plain = {"type": "CONSULT", "countries": ["NOR"], "status": "occurred", "statement": None, "actors": ["Norway"]}
        return {"trigger": [trigger], "date": {"start": None, "end": None}, **plain, **values}

    text = "Norway met Chad and will sign a deal; the talks were short."
    right: dict[str, Any] = {"body_text": text, "statements": []}
    met = event([7, 10], type_accept=["CONSULT", "AGREE"], same_as="talks")
    talks = event([42, 47], core=False, same_as="talks")
    right["events"] = [met, event([25, 29], status="planned", type="AGREE"), talks]
    guess: dict[str, Any] = {"body_text": text, "statements": []}
    guess["events"] = [event([7, 10], type="AGREE", event_key="x", actors=["Norway", "Chad"]), event([42, 47], event_key="x")]
    scores = gold.score({"a": gold.Annotation("a", right, text)}, {"a": guess})["overall"]["events"]
    expected = {"precision": 1.0, "recall_core": 0.5, "type": 1.0, "status": 1.0, "actors_f1": (2 / 3 + 1) / 2, "same_f1": 1.0}
    assert {key: scores[key] for key in expected} == pytest.approx(expected)
    assert scores["on_core"]["actors_f1"] == pytest.approx(2 / 3)


def test_gold_against_itself_is_one() -> None:
    scores = gold.score(gold.read_gold(), gold.read_records(gold.GOLD))
    wrong = {key: value for key, value in flat(scores) if isinstance(value, float) and value != 1}
    assert not wrong
    assert scores["overall"]["statements"]["nested"] == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cue": [[5, 900]]}, "is no span"),
        ({"parent": "s9"}, "there is no statement 's9'"),
        ({"date": {"start": "May", "end": None}}, "expected YYYY-MM-DD"),
        ({"id": "2"}, "same id"),
        ({"cue": [], "content": []}, "no words"),
    ],
)
def test_what_cannot_be_scored_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(gold.GoldError, match=message):
        gold_scores(annotation(SENTENCE), annotation(SENTENCE, **change))


def test_a_missing_article_is_named() -> None:
    with pytest.raises(gold.GoldError, match="no tables for the articles"):
        gold.score(gold.read_gold(), {})


def noisy_record(record: dict[str, Any], rng: random.Random, length: int) -> dict[str, Any]:
    """A gold record with rows lost, spans moved and values changed."""
    record = json.loads(json.dumps(record))
    rows = [row for row in record["statements"] if rng.random() > 0.15]
    kept = {row["id"] for row in rows}
    for row in rows:
        start = row["cue"][0][0] if row["cue"] else 0
        row["cue"] = [[max(0, start - rng.choice((0, 9))), min(length, start + rng.choice((4, 12)))]]
        row["content"] = [[a, max(a + 1, b - rng.choice((0, 0, 12)))] for a, b in row["content"]]
        row["speaker"] = rng.choice((row["speaker"], row["speaker"], "Ministry", None, "Washington"))
        row["country"], row["via"] = rng.choice((row["country"], "USA")), rng.choice((row["via"], ["Reuters"]))
        row["date"] = rng.choice((row["date"], {"start": None, "end": None}))
        row["parent"] = row["parent"] if row["parent"] in kept else rng.choice((None, rows[0]["id"]))
    events = [row for row in record["events"] if rng.random() > 0.2]
    for row in events:
        row["type"], row["status"] = rng.choice((row["type"], "CONSULT")), rng.choice((row["status"], "planned"))
        row["actors"] = rng.choice((row["actors"], [*row["actors"], "Chad"]))
        row["event_key"] = rng.choice((row.pop("same_as"), "k"))
        row["statement"] = row["statement"] if row["statement"] in kept else None
    return {**record, "statements": rows, "events": events}


@needs_shared
def test_gold_agrees_with_the_shared_scorer(tmp_path: Path) -> None:
    other = shared_tool("evaluate_gold")
    assert other.GENERIC_LAST == gold.BODIES
    annotated = other.load_gold(gold.GOLD, [gold.TEXTS])
    for seed in range(4):
        rng = random.Random(seed)
        predicted = {
            name: noisy_record(record, rng, len(annotated[f"{name}.json"][1]))
            for name, record in gold.read_records(gold.GOLD).items()
        }
        for name, record in predicted.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(record))
        theirs, sums = other.load_pred(tmp_path, annotated, False), (other.Score(), other.Score())
        for name, (truth, _) in annotated.items():
            for together, one in zip(sums, other.score_article(truth, theirs[name])[:2], strict=True):
                together.add(one)
        ours = gold.score(gold.read_gold(), predicted)["overall"]
        assert dict(flat(ours)) == pytest.approx(dict(flat(other.summary(*sums))))


# ------------------------------------------------------------------- from tables


def stored(folder: Path, records: list[dict[str, Any]], *, suffix: str = ".jsonl#1") -> Path:
    """Store tables that hold the records' statements, their values from the rows where they have them."""
    articles, statements = [], []
    for record in records:
        text = record["text"]
        articles.append(
            {"article_id": record["id"], "path": record["id"] + suffix, "format": "jsonl", "sha256": "0" * 64, "text": text}
            | {"published_basis": "none", "reference_basis": "none", "n_words": len(text.split())}
        )
        for row in record["attributions"]:
            spans = sorted(span for role in from_tables.ROLES for span in row[role])
            date = row.get("date", {"start": None, "end": None})
            statements.append(
                {"statement_id": f"{record['id']}-{row['id']}", "article_id": record["id"], "zone": "body", "review": "none"}
                | {
                    "start": spans[0][0],
                    "end": max(end for _, end in spans),
                    "speaker_basis": "none",
                    "speaker_kind": "unknown",
                }
                | {f"{role}_spans": row[role] for role in from_tables.ROLES}
                | {
                    "quote_type": row.get("quote_type", "indirect"),
                    "act": row.get("act", "say"),
                    "negated": row.get("negated", False),
                }
                | {key: row.get(key) for key in ("speaker", "country", "via", "addressee")}
                | {
                    "parent_id": f"{record['id']}-{row['parent']}" if row["parent"] else None,
                    "confidence": row.get("confidence", 0.9),
                }
                | {"date_start": date["start"], "date_end": date["end"], "date_basis": "none"}
            )
    save_tables(Tables(articles=table("articles", articles), statements=table("statements", statements)), folder)
    return folder


def test_rows_that_do_not_count_are_left_out(tmp_path: Path) -> None:
    text, rows = read_marked(SENTENCE)
    rows[0]["act"] = "think"
    folder = stored(tmp_path / "tables", [{"id": "a/b", "text": text, "attributions": rows}])
    record = from_tables.gold_records(folder)["a/b"]
    assert [row["parent"] for row in record["statements"]] == [None]
    assert record["body_text"] == text
    assert [row["act"] for row in from_tables.attributions(folder)["a/b"]] == ["think"]
    assert [row["parent"] for row in from_tables.attributions(folder, nested=True)["a/b"]] == [None, "a/b-1"]


def test_an_unwritten_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="analysis extract"):
        from_tables.read_rows(tmp_path, "articles")
    with pytest.raises(ValueError, match="is no table"):
        from_tables.read_rows(tmp_path, "quotes")


@needs_shared
def test_files_agree_with_the_shared_tool(tmp_path: Path) -> None:
    other = shared_tool("tables_to_scorer")
    examples = read_examples()
    examples[0]["attributions"][0] |= {
        "speaker": "Ines Paredes",
        "via": ["Reuters"],
        "date": {"start": "2020-05-01", "end": "2020-05-31"},
    }
    examples[1]["attributions"][0]["act"] = "think"
    tables = stored(tmp_path / "tables", examples[:6], suffix=".txt")
    other.for_gold(tables, tmp_path / "theirs")
    other.for_polnear(tables, tmp_path / "theirs.jsonl")
    from_tables.main([str(tables), str(tmp_path / "ours"), "--for", "gold"])
    from_tables.main([str(tables), str(tmp_path / "ours.jsonl"), "--for", "polnear"])
    assert (tmp_path / "ours.jsonl").read_text() == (tmp_path / "theirs.jsonl").read_text()
    theirs = {path.name: json.loads(path.read_text()) for path in (tmp_path / "theirs").iterdir()}
    assert {path.name: json.loads(path.read_text()) for path in (tmp_path / "ours").iterdir()} == theirs


# ------------------------------------------------------------------------ nested


def test_benchmark_and_training_passages_are_apart() -> None:
    def runs(examples: list[dict[str, Any]]) -> set[tuple[str, ...]]:
        words = [example["text"].lower().split() for example in examples]
        return {tuple(line[place : place + 6]) for line in words for place in range(len(line) - 5)}

    measured, learned = read_examples(nested.PASSAGES), read_examples()
    assert len(measured) == 30
    assert not runs(measured) & runs(learned)
    assert not {example["id"] for example in measured} & {example["id"] for example in learned}


@pytest.mark.parametrize(
    ("title", "predicted", "found", "guessed"),
    [
        ("all", SENTENCE, 1, 1),
        ("only the outer one", "[who1 Siân Ødegård] [cue1 said] [what1 that her brother had denied the theft].", 0, 0),
        (
            "beside, not inside",
            "[who1 Siân Ødegård] [cue1 said] [what1 that] [who2 her brother] [cue2 had denied] [what2 the theft].",
            0,
            0,
        ),
        (
            "under a parent that is none",
            "[who1 Siân Ødegård] [cue1 said] [what1 that] [cue3 her] [what3 brother [cue2 had denied] [what2 the theft]].",
            0,
            1,
        ),
        ("another cue", "[who1 Siân Ødegård] [cue1 said] [what1 that her [cue2 brother] had denied [what2 the theft]].", 0, 1),
    ],
)
def test_nested(title: str, predicted: str, found: int, guessed: int) -> None:
    text, right = read_marked(SENTENCE)
    other_text, rows = read_marked(predicted)
    assert text == other_text
    scores = nested.score_nested([{"id": "a", "text": text, "attributions": right}], {"a": rows})
    assert (scores["found"], scores["predicted"]) == (found, guessed), title


def test_thoughts_are_no_nested_statements() -> None:
    text, rows = read_marked(SENTENCE)
    example = {"id": "a", "text": text, "attributions": rows}
    thought = [rows[0], {**rows[1], "act": "think"}]
    assert nested.score_nested([example], {"a": thought})["predicted"] == 0
    assert list(nested.errors([example], {"a": thought})) == ["missed   a: her brother / had denied / the theft"]


@pytest.mark.parametrize(
    ("marked", "message"),
    [("[who1 Ana said", "not closed"), ("Ana] said", "not opened"), ("[who1 Ana] [cue1 said] it", "no cue or no content")],
)
def test_wrong_markup_is_named(marked: str, message: str) -> None:
    with pytest.raises(MarkupError, match=message):
        read_marked(marked)


# --------------------------------------------------- the commands, with fake parts


def test_calibration() -> None:
    assert accuracy.calibration([], []) == (None, None)
    assert accuracy.calibration([1.0, 1.0], [True, True]) == (0.0, None)
    error, area = accuracy.calibration([0.9, 0.8, 0.3, 0.2], [True, True, False, False])
    assert (error, area) == (pytest.approx(0.2), 1.0)
    assert accuracy.calibration([0.5, 0.5], [True, False])[1] == 0.5


@pytest.fixture
def perfect_extraction(monkeypatch: pytest.MonkeyPatch) -> None:
    """An `extract` that finds what the gold says, in the seeds, the passages and one article of PolNeAR's form."""

    def extract(corpus: Path, out: Path, *, own_files: bool = False, jobs: int = 1) -> float:  # noqa: ARG001
        if corpus.is_dir():
            texts = {path.stem: path.read_bytes().decode() for path in corpus.glob("*.txt")}
            records = [
                {"id": name, "text": texts[name], "attributions": record["statements"]}
                for name, record in gold.read_records(gold.GOLD).items()
            ]
            stored(out, records, suffix=".txt")
        else:
            known = {
                example["text"]: example["attributions"] for example in [*read_examples(nested.PASSAGES), polnear_article()]
            }
            lines = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]
            stored(out, [{**line, "attributions": known.get(line["text"], [])} for line in lines])
        return 0.5 if corpus.name == "one.jsonl" else 1.0

    monkeypatch.setattr(accuracy, "extract", extract)
    monkeypatch.setattr(nested, "extract", extract)


def polnear_article() -> dict[str, Any]:
    text, rows = read_marked(
        "[what1 “Nobody has asked the farmers,”] [cue1 said] [who1 Ilse Brandt]. [who2 She] [cue2 hopes] [what2 to]."
    )
    return {"id": "p", "title": "Farm", "text": text, "published": "2020-05-01", "attributions": rows}


@pytest.mark.usefixtures("perfect_extraction")
def test_accuracy_of_a_perfect_extraction(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "polnear").mkdir()
    (tmp_path / "polnear" / "dev.jsonl").write_text(json.dumps(polnear_article()) + "\n", encoding="utf-8")
    figures, text = accuracy.measure(tmp_path, rounds=20)
    below = {figure.what: figure.measured for figure in figures if results.reached(figure) == "below"}
    # Confidence is 0.9 in every row of the fake, and no row is wrong.
    assert set(below) == {"confidence, PolNeAR dev: expected calibration error"}
    assert "| Attest | 1.000 |" in text
    assert "peers are left out" in text
    accuracy.main(["--polnear", str(tmp_path / "polnear")])
    assert "| PolNeAR dev, strict F1 | 1.000 | 0.520 | 0.660 | goal |" in capsys.readouterr().out


@pytest.mark.usefixtures("perfect_extraction")
def test_without_a_corpus_it_says_where_it_comes_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(results.CORPORA_VARIABLE, raising=False)
    monkeypatch.delenv(accuracy.PEERS_VARIABLE, raising=False)
    assert everything.main(["accuracy", "--bootstrap", "0"]) == 0
    out = capsys.readouterr().out
    assert "github.com/networkdynamics/PolNeAR" in out
    assert "| seeds, statements F1 | 1.000 | 0.950 | 1.000 | goal |" in out


def test_a_benchmark_that_fails_is_told_and_the_table_still_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise results.BenchmarkError("the command ended with code 1")

    monkeypatch.setattr(accuracy, "measure", fail)
    assert everything.main(["accuracy", "--bootstrap", "0"]) == 1
    out = capsys.readouterr().out
    assert "could not be run: the command ended with code 1" in out
    assert out.endswith("|---|---|---|---|---|\n")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(results.BenchmarkError, match="no such folder"):
        results.corpora_folder(tmp_path / "none")
    with pytest.raises(results.BenchmarkError, match=r"no dev.jsonl.gz.*PolNeAR"):
        accuracy.read_dev(tmp_path)


def test_reached() -> None:
    figure = results.Figure("error", 0.04, 0.05, 0.03, lower=True)
    assert results.reached(figure) == "floor"
    assert results.reached(figure._replace(measured=0.02)) == "goal"
    assert results.reached(figure._replace(measured=0.06)) == "below"
    assert results.reached(figure._replace(measured=None)) == ""


def test_a_peer_that_is_not_installed_says_how(tmp_path: Path) -> None:
    with pytest.raises(peers.PeerError, match=r"pip install textacy"):
        peers.run_peer("textacy", [], python=sys.executable)
    with pytest.raises(peers.PeerError, match="sayswho"):
        peers.run_peer("sayswho", [], python=tmp_path / "no-python")


def test_spans_of_a_peers_tokens() -> None:
    class Token:
        def __init__(self, i: int, idx: int, text: str) -> None:
            self.i, self.idx, self.text = i, idx, text

        def __len__(self) -> int:
            return len(self.text)

    ana, maria, said = Token(0, 0, "Ana"), Token(1, 4, "Maria"), Token(3, 12, "said")
    assert peers.spans_of([maria, ana, said, ana], 100) == [[100, 109], [112, 116]]
