"""Status of the events of MEANTIME that the table holds: `python -m benchmarks meantime`.

MEANTIME says of a mention how certain it is, whether it is negated, and whether it lies in the future. Of that, four classes
are made: certain, not negated, not future = happened (occurred or ongoing in the table); the same in the future = planned;
possible, probable, underspecified or in a condition = considered; negated = refused. General statements (GEN), and what fits
none, are left out. The table's status is taken as it stands, so `threatened` is never right. A mention is held when the
trigger of a row overlaps it; they pair one to one, grammatical words last.

The figure is that of the documents whose doc_id has an odd last digit of its SHA-256; the text has that of all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.attributions import read_jsonl
from benchmarks.extraction import rows_by_article, tables_of
from benchmarks.overlaps import class_f1, confusions, macro_f1, pair
from benchmarks.results import Figure, corpus_file, missing_corpus, number
from benchmarks.timex import half_of

Row = dict[str, Any]
CLASSES = ("happened", "planned", "considered", "refused")
FROM_STATUS = {"occurred": "happened", "ongoing": "happened"}


class Mention(NamedTuple):
    """A mention that the table holds: its document, the class that MEANTIME gives it, and that of the row."""

    document: str
    gold: str
    found: str


def class_of(event: Row) -> str | None:
    """The class of a mention, None where it is left out.

    >>> class_of({"certainty": "CERTAIN", "polarity": "POS", "time": "FUTURE", "special_cases": "NONE"})
    'planned'
    """
    certainty, polarity, special = event.get("certainty"), event.get("polarity"), event.get("special_cases") or ""
    if special == "GEN":
        return None
    if polarity == "NEG":
        return "refused"
    if certainty in ("POSSIBLE", "PROBABLE", "UNDERSPECIFIED") or special.startswith("COND"):
        return "considered"
    if (certainty, polarity) == ("CERTAIN", "POS"):
        return {"NON_FUTURE": "happened", "FUTURE": "planned"}.get(str(event.get("time")))
    return None


def held(document: Row, rows: Sequence[Row]) -> Iterator[Mention]:
    """The mentions of a document that the table holds."""
    events = [event for event in document["events"] if class_of(event)]
    taken: set[int] = set()
    for kind in (False, True):
        some = [event for event in events if (event.get("class") == "GRAMMATICAL") == kind]
        free = [number for number in range(len(rows)) if number not in taken]
        pairs = pair([[[event["start"], event["end"]]] for event in some], [rows[number]["trigger_spans"] for number in free])
        for g, f in pairs.items():
            taken.add(free[f])
            status = str(rows[free[f]]["status"])
            yield Mention(document["doc_id"], str(class_of(some[g])), FROM_STATUS.get(status, status))


def figures_of(documents: Sequence[Row], found: Mapping[str, Sequence[Row]]) -> tuple[list[Figure], str]:
    """The figure of the odd half of the documents, and the scores of it and of all as text."""
    mentions = [mention for one in documents for mention in held(one, found.get(one["doc_id"], ()))]
    odd = [mention for mention in mentions if half_of(mention.document) == "odd"]
    figure = Figure(f"status, MEANTIME odd half, macro F1 of four, {len(odd)} mentions", _macro(odd), 0.55, 0.70)
    text = "".join(_described(name, some) for name, some in (("odd half", odd), ("all documents", mentions)))
    return [figure], text


def _macro(mentions: Sequence[Mention]) -> float | None:
    return macro_f1([one.gold for one in mentions], [one.found for one in mentions], CLASSES)


def _described(name: str, mentions: Sequence[Mention]) -> str:
    gold, found = [one.gold for one in mentions], [one.found for one in mentions]
    each = ", ".join(
        f"{kind} {number(score)} (of {gold.count(kind)})" for kind, score in class_f1(gold, found, CLASSES).items()
    )
    return f"{name}: {len(mentions)} mentions, macro F1 {number(_macro(mentions))}: {each}; {confusions(gold, found)}\n"


def measure(corpora: Path | None) -> tuple[list[Figure], str]:
    """The figure, and what a table cannot hold; nothing but a line of text where the corpus is missing."""
    path = corpus_file(corpora, "events", "meantime.jsonl.gz")
    if path is None:
        return [], f"meantime: {missing_corpus('meantime')}\n"
    documents = list(read_jsonl(path))
    return figures_of(documents, rows_by_article(tables_of(map(as_article, documents)), "events"))


def as_article(document: Row) -> Row:
    """A document as a record of a corpus."""
    return {"id": document["doc_id"], "text": document["text"], "published": document["dct"]}
