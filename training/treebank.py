"""The weblogs and newsgroups of UD English EWT as plain texts.

The treebank (universaldependencies.org, CC BY-SA 4.0) keeps a text as sentences; here a document is put together again, a
sentence after the other with a space between, and an empty line between paragraphs.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

GENRES = ("weblog", "newsgroup")


def read_documents(path: Path) -> Iterator[tuple[str, str]]:
    """The name and the text of each weblog and newsgroup of a gzipped CoNLL-U file."""
    name, paragraphs = "", [""]
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            key, _, value = line.rstrip("\n").partition(" = ")
            if key == "# newdoc id":
                yield from _document(name, paragraphs)
                name, paragraphs = value, [""]
            elif key == "# newpar id":
                paragraphs.append("")
            elif key == "# text":
                paragraphs[-1] += f" {value}"
    yield from _document(name, paragraphs)


def _document(name: str, paragraphs: list[str]) -> Iterator[tuple[str, str]]:
    if name.startswith(GENRES):
        yield name, "\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph)
