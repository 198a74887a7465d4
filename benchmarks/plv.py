"""PLOVER types and participants on PLV's sentences: `python -m benchmarks plv --models FOLDER`.

Each sentence is an article. Its answer is the row with the highest confidence among those that an export to PLOVER holds, with
its exported type; a sentence without such a row is wrong. PLV counts CONCEDE and RETREAT as one type, YIELD, and a retreat that
is promised as AGREE (30 of its 37; the export follows PLOVER's manual, for which it is CONCEDE).

Overlap F1, over all sentences: a mention in `actor_spans` is right when it shares a character with one that PLV marks as
source, and a source is hit when such a mention does; the same with `recipient_spans` and target.

FOLDER holds five models, fold-0/tagger.onnx to fold-4/tagger.onnx, none of which saw the sentences of its own fold
(`python -m training --folds` makes them). Without them the shipped model answers, which saw all these sentences in training:
then there are figures, and no floors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.exports.plover import plover_coding
from benchmarks.attributions import read_jsonl
from benchmarks.extraction import rows_by_article, tables_of
from benchmarks.folds import FOLDS, fold_of
from benchmarks.overlaps import Counts, class_f1, confusions, count_overlaps, count_words, macro_f1, share
from benchmarks.results import BenchmarkError, Figure, corpus_file, missing_corpus, number

Row = dict[str, Any]
YIELD = ("CONCEDE", "RETREAT")
QUADS = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT"), "VERBAL COOPERATION"),
    **dict.fromkeys(("COOPERATE", "AID", "YIELD"), "MATERIAL COOPERATION"),
    **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), "VERBAL CONFLICT"),
    **dict.fromkeys(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"), "MATERIAL CONFLICT"),
}
MODEL = "tagger.onnx"


def exported_type(row: Row) -> str | None:
    """The type under which an export to PLOVER codes a row, None where it leaves the row out.

    >>> sides = {"actors": ["Chile"], "recipients": ["Haiti"]}
    >>> exported_type({"type": "AID", "status": "planned", "trigger": "will send", **sides})
    'AGREE'
    >>> exported_type({"type": "AID", "status": "considered", "trigger": "could send", **sides}) is None
    True
    """
    coding = plover_coding(row)
    return coding and coding.event


def _merged(kind: str | None) -> str | None:
    """A type as PLV counts types."""
    return "YIELD" if kind in YIELD else kind


def plv_type(row: Row) -> str | None:
    """The exported type of a row as PLV counts types.

    >>> row = {"type": "RETREAT", "status": "planned", "trigger": "withdraw", "actors": ["Chile"], "recipients": []}
    >>> plv_type(row), plv_type(row | {"status": "occurred"})
    ('AGREE', 'YIELD')
    """
    if row["type"] == "RETREAT" and row["status"] == "planned":
        return "AGREE"
    return _merged(exported_type(row))


def best(rows: Sequence[Row], *, exported: bool = True) -> Row | None:
    """The row with the highest confidence, the first of equals; with `exported`, of those that an export holds."""
    kept = [row for row in rows if not exported or exported_type(row)]
    return max(kept, key=lambda row: row["confidence"], default=None)


def extract_sentences(texts: Sequence[str], *, models: Path | None) -> dict[str, list[Row]]:
    """Text -> its rows, each text an article; every fold with its own model, or all with the shipped one.

    Raises:
        BenchmarkError: a fold has no model, or the extraction failed.
    """
    found: dict[str, list[Row]] = {}
    for fold in range(FOLDS):
        some = [text for text in dict.fromkeys(texts) if fold_of(text) == fold]
        model = models / f"fold-{fold}" / MODEL if models else None
        if model and not model.is_file():
            raise BenchmarkError(f"{model}: no such file; make the models of all folds with: python -m training --folds")
        names = {f"{fold}-{number}": text for number, text in enumerate(some)}
        tables = tables_of(({"id": name, "text": text} for name, text in names.items()), model=model)
        found |= {names[name]: rows for name, rows in rows_by_article(tables, "events").items()}
    return found


def participants(sentences: Sequence[Row], found: Mapping[str, Sequence[Row]]) -> dict[str, Counts]:
    """Counts of mentions and of words of both sides; "mutual split": where the second of two actors counts as recipient."""
    counts: dict[str, Counts] = defaultdict(Counts)
    for sentence in sentences:
        row = best(found[sentence["text"]]) or {"actor_spans": [], "recipient_spans": []}
        spans = {side: [[[span["start"], span["end"]]] for span in sentence[side]] for side in ("source", "target")}
        for side, column in (("source", "actor_spans"), ("target", "recipient_spans")):
            counts[side] = counts[side].plus(count_overlaps(spans[side], row[column]))
            counts[f"{side} words"] = counts[f"{side} words"].plus(count_words(sentence["text"], spans[side], row[column]))
        one, other = _split_mutual(row)
        counts["source, mutual split"] = counts["source, mutual split"].plus(count_overlaps(spans["source"], one))
        counts["target, mutual split"] = counts["target, mutual split"].plus(count_overlaps(spans["target"], other))
    return counts


def _split_mutual(row: Row) -> tuple[Sequence[Any], Sequence[Any]]:
    """Both sides of a mutual event are actors in the table; PLV marks the first as source and the second as target."""
    actors, recipients = row["actor_spans"], row["recipient_spans"]
    return (actors[:1], actors[1:]) if len(actors) > 1 and not recipients else (actors, recipients)


def figures_of(sentences: Sequence[Row], found: Mapping[str, Sequence[Row]], *, seen: bool) -> tuple[list[Figure], str]:
    """All figures of the rows of PLV's sentences, and what a table cannot hold.

    Args:
        sentences: records with `text`, `event`, and `source` and `target` as lists of {start, end}.
        found: text -> rows of the events table.
        seen: the model saw the sentences in training, so that floors mean nothing.
    """
    gold = [sentence["event"] for sentence in sentences]
    rows = [best(found[sentence["text"]]) for sentence in sentences]
    types = [plv_type(row) if row else None for row in rows]
    counts = participants(sentences, found)
    classes = sorted(QUADS)
    head = "PLV train, seen in training, " if seen else "PLV train, five folds, "

    def figure(what: str, value: float | None, floor: float, goal: float) -> Figure:
        return Figure(head + what, value) if seen else Figure(head + what, value, floor, goal)

    figures = [
        figure("type, accuracy", share([one == other for one, other in zip(gold, types, strict=True)]), 0.78, 0.86),
        figure("type, macro F1", macro_f1(gold, types, classes), 0.72, 0.83),
        figure("actors with source, overlap F1", counts["source"].f1, 0.82, 0.92),
        figure("recipients with target, overlap F1", counts["target"].f1, 0.65, 0.82),
    ]
    quads = [one is not None and QUADS.get(one) == QUADS[kind] for one, kind in zip(types, gold, strict=True)]
    plain = [best(found[sentence["text"]], exported=False) for sentence in sentences]
    own = [_merged(row["type"]) if row else None for row in plain]
    kept = [(plv_type(row) or one) if row else None for row, one in zip(plain, own, strict=True)]
    lines = [
        f"{len(sentences)} sentences: {sum(not found[s['text']] for s in sentences)} without any row, "
        f"{sum(row is None for row in rows)} without an exported one; "
        f"{sum(len(found[s['text']]) for s in sentences) / len(sentences):.2f} rows a sentence",
        f"quad class, share right: {number(share(quads))}",
        f"accuracy where rows that are only considered count with their type: {number(_same(gold, kept))}; "
        f"with the table's types, nothing exported: {number(_same(gold, own))}",
        f"type F1: {', '.join(f'{name} {number(score)}' for name, score in class_f1(gold, types, classes).items())}",
        f"type, found for marked: {confusions(gold, types, most=15)}",
        *(
            f"{name}: precision {number(one.precision)}, recall {number(one.recall)}, F1 {number(one.f1)}"
            for name, one in counts.items()
        ),
    ]
    return figures, "".join(f"{line}\n" for line in lines)


def _same(gold: Sequence[Any], found: Sequence[Any]) -> float | None:
    return share([one == other for one, other in zip(gold, found, strict=True)])


def measure(corpora: Path | None, *, models: Path | None = None) -> tuple[list[Figure], str]:
    """All figures, and what a table cannot hold; nothing but a line of text where the corpus is missing."""
    path = corpus_file(corpora, "events", "plv_train.jsonl.gz")
    if path is None:
        return [], f"plv: {missing_corpus('plv')}\n"
    sentences = list(read_jsonl(path))
    found = extract_sentences([sentence["text"] for sentence in sentences], models=models)
    figures, text = figures_of(sentences, found, seen=models is None)
    note = "the shipped model saw these sentences in training; for the figures with floors give --models FOLDER\n"
    return figures, text if models else note + text
