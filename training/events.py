"""Own news passages with their events -> records with offsets.

Corpora with the sixteen PLOVER types hold one event a sentence and no sentence without one. These passages were written for
training, in events.yaml beside this file, and are marked up in the text itself:

    [act1 Peru] [trig1:SANCTION:occurred expelled] [rec1 two envoys] on [date1 Monday].

The number tells which event a piece belongs to; a piece of several events carries several (`[act1,2 Peru]`), and a
discontinuous one repeats its bracket (`[trig1:COERCE:occurred took] the radio [trig1 off the air]`). The first lines of
events.yaml are the scheme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from analysis.schema import EVENT_TYPES, STATUSES

EXAMPLES = Path(__file__).with_name("events.yaml")
ROLES = {
    "trig": "trigger",
    "alt": "trigger_accept",
    "act": "actors",
    "rec": "recipients",
    "date": "date",
    "obj": "object",
    "place": "place",
}
OPENING = re.compile(r"\[(trig|alt|act|rec|date|obj|place)(\d+(?:,\d+)*)(?::([^\s:\[\]]+):([^\s:\[\]]+)(:noncore)?)? ")

Record = dict[str, Any]


class MarkupError(ValueError):
    """A marked-up passage cannot be read; the message says where and why."""


def new_event(number: int, types: str, status: str, noncore: bool) -> Record:
    """An event without any words yet, from the head of its trigger's bracket (`SANCTION/COERCE`, `occurred`)."""
    names = types.split("/")
    for name in names:
        if name not in EVENT_TYPES:
            raise MarkupError(f"event {number} has the type {name!r}; the types are {', '.join(EVENT_TYPES)}")
    if status not in STATUSES:
        raise MarkupError(f"event {number} has the status {status!r}; the statuses are {', '.join(STATUSES)}")
    if noncore and status == "considered":
        raise MarkupError(f"event {number} is considered, so it is never core: leave out ':noncore'")
    core = not noncore and status != "considered"
    return {"number": number, "type": names[0], "type_accept": names, "status": status, "core": core}


def read_marked(marked: str) -> tuple[str, list[Record]]:
    """The plain text of a marked-up passage, and its events.

    Args:
        marked: text with the brackets that the module's first lines describe.

    Returns:
        The text without brackets; and for each event, in the order of the numbers, `number`, `type`, `type_accept` (every
        type that counts as right, the first is `type`), `status`, `core`, and lists of [start, end] offsets into that text:
        `trigger`, `trigger_accept` (other words that count as the trigger), `actors`, `recipients`, `date`, `object`, `place`.

    Raises:
        MarkupError: a bracket is not closed, not opened or not of the form above; a type or status is not in the scheme; an
            event has no trigger or no actor, or its type is given twice or not at all; a piece begins or ends with a space.

    >>> text, events = read_marked("[act1 Peru] [trig1:SANCTION:occurred expelled] [rec1 two envoys] on [date1 Monday].")
    >>> text
    'Peru expelled two envoys on Monday.'
    >>> [(row["type"], row["status"], row["core"], row["trigger"], row["recipients"]) for row in events]
    [('SANCTION', 'occurred', True, [[5, 13]], [[14, 24]])]
    >>> read_marked("[act1 Peru] [trig1:SANCTON:occurred expelled] two envoys.")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    training.events.MarkupError: event 1 has the type 'SANCTON'; the types are AGREE, CONSULT, ...
    """
    text = ""
    opened: list[tuple[str, list[int], int]] = []
    heads: dict[int, Record] = {}
    pieces: dict[int, dict[str, list[list[int]]]] = {}
    at = 0
    while at < len(marked):
        sign = marked[at]
        if sign == "[":
            bracket = OPENING.match(marked, at)
            if not bracket:
                raise MarkupError(
                    f"no such bracket: {marked[at : at + 40]!r}; one looks like '[act1 ...' or '[trig1:AID:occurred ...'"
                )
            role, numbers = bracket[1], [int(number) for number in bracket[2].split(",")]
            if bracket[3]:
                if role != "trig" or len(numbers) > 1:
                    raise MarkupError(f"type and status belong to the trigger of one event, not to {bracket[0]!r}")
                if numbers[0] in heads:
                    raise MarkupError(f"the type of event {numbers[0]} is given twice")
                heads[numbers[0]] = new_event(numbers[0], bracket[3], bracket[4], bool(bracket[5]))
            opened.append((ROLES[role], numbers, len(text)))
            at = bracket.end()
            continue
        if sign == "]":
            if not opened:
                raise MarkupError(f"a bracket is closed that was not opened, after {text[-40:]!r}")
            role, numbers, start = opened.pop()
            piece = text[start:]
            if not piece or piece != piece.strip():
                raise MarkupError(f"a piece is empty, or begins or ends with a space: {piece!r}")
            for number in numbers:
                pieces.setdefault(number, {name: [] for name in ROLES.values()})[role].append([start, len(text)])
        else:
            text += sign
        at += 1
    if opened:
        raise MarkupError(f"a bracket is not closed, from {text[opened[-1][2] :][:40]!r}")
    for number, found in sorted(pieces.items()):
        if not found["trigger"]:
            raise MarkupError(f"event {number} has no trigger")
        if number not in heads:
            raise MarkupError(f"the trigger of event {number} has no type and status, such as '[trig{number}:AID:occurred ...'")
        if not found["actors"]:
            raise MarkupError(f"event {number} has no actor")
    return text, [
        {**heads[number], **{role: sorted(spans) for role, spans in pieces[number].items()}} for number in sorted(pieces)
    ]


def iso_day(value: object) -> str:
    """A day of the file as an ISO string; YAML has read it as a date already.

    >>> iso_day(date(2021, 3, 1))
    '2021-03-01'
    """
    if type(value) is not date:
        raise MarkupError(f"{value!r} is no day; write it as 2021-03-01")
    return value.isoformat()


def read_days(days: Mapping[int, Any], events: list[Record]) -> dict[int, list[str]]:
    """The first and last day of the dated events, by number, as ISO strings."""
    dated = {row["number"] for row in events if row["date"]}
    found = {}
    for number, pair in days.items():
        if number not in dated:
            raise MarkupError(f"days are given for event {number}, which has no date in the text")
        if not isinstance(pair, list) or len(pair) != 2:
            raise MarkupError(f"the days of event {number} are {pair!r}; write [first, last]")
        first, last = (iso_day(day) for day in pair)
        if first > last:
            raise MarkupError(f"the days of event {number} end before they begin: {first} to {last}")
        found[number] = [first, last]
    return found


def read_example(example: Mapping[str, Any]) -> Record:
    """One entry of the file as a record; see `read_examples`."""
    unknown = sorted(set(example) - {"id", "text", "reference", "days"})
    if unknown:
        raise MarkupError(f"unknown key {unknown[0]!r}; the keys are id, text, reference, days")
    text, events = read_marked(example["text"])
    reference = iso_day(example["reference"]) if "reference" in example else None
    days = read_days(example.get("days", {}), events)
    for row in events:
        if reference and row["date"] and row["number"] not in days:
            raise MarkupError(f"event {row['number']} is dated and the passage has a reference, but its days are not given")
        row["days"] = days.get(row["number"])
    return {"id": example["id"], "text": text, "reference": reference, "events": events}


def read_examples(path: str | Path = EXAMPLES) -> list[Record]:
    """The passages of a file.

    Args:
        path: a YAML list of entries with `id`, `text` (marked up) and, where needed, `reference` (the day against which
            "on Monday" is resolved) and `days` (number of a dated event -> [first, last] day).

    Returns:
        Records with `id`, `text`, `reference` (ISO string or None) and `events`, as `read_marked` gives them, each with
        `days`: [first, last] as ISO strings, or None where the event has no date or the date cannot be resolved.

    Raises:
        MarkupError: a passage cannot be read, or two have the same id; the message names the file and the passage.

    >>> examples = read_examples()
    >>> len(examples) >= 420
    True
    >>> sorted(examples[0])
    ['events', 'id', 'reference', 'text']
    """
    records: list[Record] = []
    for place, example in enumerate(yaml.safe_load(Path(path).read_text(encoding="utf-8")), start=1):
        if not isinstance(example, dict) or not {"id", "text"} <= set(example):
            raise MarkupError(f"{path}, entry {place}: an entry needs an id and a text")
        try:
            records.append(read_example(example))
        except MarkupError as error:
            raise MarkupError(f"{path}, {example['id']}: {error}") from None
    ids = [record["id"] for record in records]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise MarkupError(f"{path}: the id {twice[0]!r} is used twice")
    return records
