"""Own sentences with statements inside statements -> records like PolNeAR's.

PolNeAR marks no statement inside another. These sentences were written for training, in nested.yaml beside this file, and
are marked up in the text itself:

    [who1 The envoy] [cue1 said] [what1 that [who2 her guide] [cue2 had promised] [what2 to wait]].

The number tells which statement a piece belongs to; a piece of several statements carries several (`[who1,2 The envoy]`).
A statement stands inside the one in whose innermost content its cue is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

EXAMPLES = Path(__file__).with_name("nested.yaml")
ROLES = {"who": "source", "cue": "cue", "what": "content"}
BRACKET = re.compile(r"\[(who|cue|what)(\d+(?:,\d+)*) |\]")

Record = dict[str, Any]


class MarkupError(ValueError):
    """A marked-up sentence cannot be read; the message says where and why."""


def read_marked(marked: str) -> tuple[str, list[Record]]:
    """The plain text of a marked-up sentence, and its statements.

    Args:
        marked: text with the brackets that the module's first lines describe.

    Returns:
        The text without brackets; and for each statement, in the order of the numbers, `id` (the number as a string),
        `source`, `cue` and `content` (lists of [start, end] offsets into that text) and `parent` (an id or None).

    Raises:
        MarkupError: a bracket is not closed or not opened, or a statement has no cue or no content.

    >>> text, statements = read_marked("[who1 Ana] [cue1 said] [what1 that [who2 Bo] [cue2 denied] [what2 it]].")
    >>> text
    'Ana said that Bo denied it.'
    >>> [(row["id"], row["content"], row["parent"]) for row in statements]
    [('1', [[9, 26]], None), ('2', [[24, 26]], '1')]
    """
    text, at = "", 0
    opened: list[tuple[str, list[str], int]] = []
    statements: dict[str, Record] = {}
    for bracket in BRACKET.finditer(marked):
        text += marked[at : bracket.start()]
        at = bracket.end()
        if bracket[1]:
            numbers = bracket[2].split(",")
            opened.append((ROLES[bracket[1]], numbers, len(text)))
            for number in numbers:
                row = statements.setdefault(number, {"id": number, "source": [], "cue": [], "content": [], "parent": None})
                if bracket[1] == "cue":
                    row["parent"] = next((ids[0] for role, ids, _ in reversed(opened) if role == "content"), None)
        elif opened:
            role, numbers, start = opened.pop()
            for number in numbers:
                statements[number][role].append([start, len(text)])
        else:
            raise MarkupError(f"a bracket is closed that was not opened, after {text[-40:]!r}")
    if opened:
        raise MarkupError(f"a bracket is not closed, from {text[opened[-1][2] :][:40]!r}")
    bare = [number for number, row in statements.items() if not (row["cue"] and row["content"])]
    if bare:
        raise MarkupError(f"statement {bare[0]} has no cue or no content in {text[:60]!r}")
    return text + marked[at:], [statements[number] for number in sorted(statements, key=int)]


def read_examples(path: str | Path = EXAMPLES) -> list[Record]:
    """The examples of a file as records with `id`, `text` and `attributions`, as `read_marked` gives them.

    An example of several paragraphs is a literal block of the file (`|-`), a line a paragraph.

    Raises:
        MarkupError: an example cannot be read, or two have the same id.

    >>> examples = read_examples()
    >>> len(examples) >= 40
    True
    >>> sorted(examples[0])
    ['attributions', 'id', 'text']
    """
    records = []
    for example in yaml.safe_load(Path(path).read_text(encoding="utf-8")):
        try:
            text, statements = read_marked(example["text"])
        except MarkupError as error:
            raise MarkupError(f"{path}, {example['id']}: {error}") from None
        records.append({"id": example["id"], "text": text, "attributions": statements})
    ids = [record["id"] for record in records]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise MarkupError(f"{path}: the id {twice[0]!r} is used twice")
    return records
