"""Texts of PolNeAR's training part, MEANTIME, QA-SRL's Wikinews, EWT and PLV with every event marked -> records with offsets.

The own passages show what events look like; excerpts of articles show how rare they are there. The marks are ours, the
sentences are not: the file beside this one, marked.jsonl, holds the texts' ids, offsets and values only. Of PLV's sentences
the type and the participants of the main event are PLV's own.

    python -m training.marked --corpora FOLDER MARKED.yaml ... > training/marked.jsonl

writes it from texts that are marked up as in events.yaml, with the article's or sentence's id as id ("#2" after it in the
second excerpt of an article). A square bracket of the text itself stands there as one of ⟦ ⟧.

Afterwards what the tagger of the time took for an event without a mark, and the marks that it did not find, were shown to
coders with their sentences; what they answered is in the file and not in those texts. Where they were unsure, or took back a
mark, an event without a type stands for words of which nothing is known.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.treebank import read_documents
from training.attributions import read_jsonl
from training.events import MarkupError, read_examples

FILE = Path(__file__).with_name("marked.jsonl")
EVENTS = ("plv_train", "meantime", "qasrl_wikinews.dev", "qasrl_wikinews.test")
EWT = ("weblog", "newsgroup")  # the genres of EWT that tell news
BRACKETS = str.maketrans("⟦⟧", "[]")
KEYS = ("type", "type_accept", "status", "core", "trigger", "actors", "recipients", "object", "place", "date")


def read_texts(corpora: Path) -> dict[str, str]:
    """The texts of PolNeAR's training articles, of MEANTIME's and EWT's documents, and of QA-SRL's and PLV's sentences, by id.

    corpora: the folder that training/__main__.py describes.
    """
    files = [corpora / "polnear" / "train.jsonl.gz", *(corpora / "events" / f"{name}.jsonl.gz" for name in EVENTS)]
    records = (record for path in files for record in read_jsonl(path))
    texts = {str(record.get("doc_id") or record["id"]): record["text"] for record in records}
    ewt = read_documents(corpora / "ud" / "ewt_train.conllu.gz")
    return texts | {document.name: document.text for document in ewt if document.name.startswith(EWT)}


def is_of_plv(record: Mapping[str, Any]) -> bool:
    """Whether a record is one of PLV's sentences."""
    return str(record["id"]).startswith("plv-")


def is_sentence(record: Mapping[str, Any]) -> bool:
    """Whether a record is a sentence by itself, of PLV or QA-SRL."""
    return is_of_plv(record) or ":wikinews:" in str(record["id"])


def is_sure(event: Mapping[str, Any]) -> bool:
    """Whether coders agree that an event is one; where they do not, it has no type."""
    return event["type"] is not None


def read_marked(texts: Mapping[str, str], path: Path = FILE) -> Iterator[dict[str, Any]]:
    """The excerpts of these texts as records with `id`, `excerpt`, `text` and `events`.

    excerpt is (start, end) in the text; the events are as training.events gives them, and their offsets the excerpt's own.
    """
    for record in read_jsonl(path):
        if record["id"] in texts:
            start, end = record["excerpt"]
            yield {**record, "text": texts[record["id"]][start:end]}


def write_marked(texts: Mapping[str, str], files: list[Path]) -> Iterator[str]:
    """Lines of marked.jsonl for marked-up excerpts.

    Raises:
        MarkupError: an excerpt is not part of its article.
    """
    for file in files:
        for passage in read_examples(file):
            name = passage["id"].split("#")[0]
            text = passage["text"].translate(BRACKETS)
            start = texts[name].find(text)
            if start < 0:
                raise MarkupError(f"{file}, {passage['id']}: the text is not part of the article")
            events = [{name: event[name] for name in KEYS} for event in passage["events"]]
            excerpt = [start, start + len(text)]
            yield json.dumps({"id": name, "excerpt": excerpt, "events": events}, separators=(",", ":"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("files", nargs="+", type=Path)
    args = parser.parse_args()
    for line in write_marked(read_texts(args.corpora), args.files):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
