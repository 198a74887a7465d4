"""Documents of a treebank in CoNLL-U as plain texts, with where their words are.

A treebank keeps a text as sentences; here a document is put together again, a sentence after the other with a space between,
and an empty line between paragraphs.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

WORD = re.compile(r"\d+\t")  # no piece of several words, no word left out
PARAGRAPH = re.compile(r"# newpar(?: id = .*)?$")


class Word(NamedTuple):
    """A word of a text: its offsets, and the last of its columns, MISC."""

    start: int
    end: int
    misc: str


class Document(NamedTuple):
    """A document: its name, its text and its words."""

    name: str
    text: str
    words: list[Word]


def read_documents(path: Path) -> Iterator[Document]:
    """The documents of a gzipped CoNLL-U file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        content = lines.read()
    for part in content.split("# newdoc id = ")[1:]:
        name, *rest = part.split("\n")
        yield Document(name, *_put_together(rest))


def _put_together(lines: list[str]) -> tuple[str, list[Word]]:
    text, between, at = "", "", 0
    words = []
    for line in lines:
        if PARAGRAPH.match(line):
            between = "\n\n"
        elif line.startswith("# text = "):
            text += between if text else ""
            at, between = len(text), " "
            text += line.removeprefix("# text = ")
        elif WORD.match(line):
            _, form, *_, misc = line.split("\t")
            found = text.find(form, at, at + len(form) + 2)
            start = at if found < 0 else found  # a piece of "don't" is not as it is written
            at = min(len(text), start + len(form))
            words.append(Word(start, at, misc))
    return text, words
