"""Own news passages with their events -> records with offsets.

The corpora with PLOVER's types hold one event a sentence, and no sentence without one. These passages were written for
training, in events.yaml beside this file, and are marked up in the text itself:

    [act1 Peru] [trig1:SANCTION:occurred expelled] [rec1 two envoys] on [date1 Monday].

The number tells which event a piece belongs to; a piece of several events carries several (`[act1,2 Peru]`), and a
discontinuous one repeats its bracket (`[trig1:COERCE:occurred took] the radio [trig1 off the air]`). The first lines of
events.yaml are the scheme: which words are marked, and how.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
BRACKET = re.compile(r"\[[^\s\[\]]*\s?|\]")
OPENING = re.compile(rf"\[({'|'.join(ROLES)})(\d+(?:,\d+)*)(?::([^\s:]+):([^\s:]+)(:noncore)?)?\s")
KEYS = {"id", "text", "reference", "days"}
PAIR_KEYS = {"id", "same", "why", "first", "second"}
REPORT_KEYS = {"outlet", "published", "days", "text"}

Record = dict[str, Any]


class MarkupError(ValueError):
    """A marked-up passage cannot be read; the message says where and why."""


# ------------------------------------------------------------------ the markup


def new_event(number: int, types: str, status: str, noncore: bool) -> Record:
    """An event without words yet, from the head of its trigger's bracket (`SANCTION/COERCE`, `occurred`)."""
    names = types.split("/")
    for name in names:
        if name not in EVENT_TYPES:
            raise MarkupError(f"event {number} has the type {name!r}; the types are {', '.join(EVENT_TYPES)}")
    if status not in STATUSES:
        raise MarkupError(f"event {number} has the status {status!r}; the statuses are {', '.join(STATUSES)}")
    if noncore and status == "considered":
        raise MarkupError(f"event {number} is considered and so never core; leave out ':noncore'")
    core = not noncore and status != "considered"
    words: Record = {role: [] for role in ROLES.values()}
    return {"number": number, "type": names[0], "type_accept": names, "status": status, "core": core, **words}


def read_opening(sign: str) -> tuple[str, list[int], Record | None]:
    """The role and the event numbers of an opening bracket, and a new event where it gives type and status."""
    bracket = OPENING.fullmatch(sign)
    if not bracket:
        raise MarkupError(f"{sign!r} opens no piece; one begins like '[act1 ' or '[trig1:AID:occurred '")
    role, numbers = ROLES[bracket[1]], [int(number) for number in bracket[2].split(",")]
    if not bracket[3]:
        return role, numbers, None
    if role != "trigger" or len(numbers) > 1:
        raise MarkupError(f"type and status belong to the trigger of one event, not to {sign!r}")
    return role, numbers, new_event(numbers[0], bracket[3], bracket[4], bool(bracket[5]))


def check_events(events: Mapping[int, Record], pieces: Mapping[int, set[str]], *, actors: bool = True) -> None:
    """Every numbered piece belongs to an event with a type, and every event has a trigger and, with `actors`, an actor."""
    for number in sorted(pieces):
        if "trigger" not in pieces[number]:
            raise MarkupError(f"event {number} has no trigger")
        if number not in events:
            raise MarkupError(f"event {number} has no type and status; its trigger begins like '[trig{number}:AID:occurred '")
        if actors and "actors" not in pieces[number]:
            raise MarkupError(f"event {number} has no actor")


def read_marked(marked: str, *, actors: bool = True) -> tuple[str, list[Record]]:
    """The plain text of a marked-up passage, and its events.

    Args:
        marked: text with the brackets that the module's first lines describe.
        actors: whether every event must have an actor, as the scheme demands.

    Returns:
        The text without brackets; and for each event, in the order of the numbers, `number`, `type`, `type_accept` (every
        type that counts as right, the first is `type`), `status`, `core`, and lists of [start, end] offsets into that text:
        `trigger`, `trigger_accept` (other words that count as the trigger), `actors`, `recipients`, `date`, `object`, `place`.

    Raises:
        MarkupError: a bracket is not closed, not opened or not of that form; a type or status is not in the scheme; an
            event has no trigger or no actor, or its type is given twice or not at all; a piece begins or ends with a space.

    >>> text, events = read_marked("[act1 Peru] [trig1:SANCTION:occurred expelled] [rec1 two envoys] on [date1 Monday].")
    >>> text
    'Peru expelled two envoys on Monday.'
    >>> [(row["type"], row["status"], row["core"], row["trigger"], row["recipients"]) for row in events]
    [('SANCTION', 'occurred', True, [[5, 13]], [[14, 24]])]
    >>> read_marked("[act1 Peru] [trig1:SANCTION:done expelled] two envoys.")
    Traceback (most recent call last):
    training.events.MarkupError: event 1 has the status 'done'; the statuses are occurred, ongoing, planned, considered, ...
    """
    text, at = "", 0
    opened: list[tuple[str, list[int], int]] = []
    events: dict[int, Record] = {}
    pieces: dict[int, set[str]] = {}
    spans: list[tuple[str, int, list[int]]] = []
    for sign in BRACKET.finditer(marked):
        text += marked[at : sign.start()]
        at = sign.end()
        if sign[0] != "]":
            role, numbers, event = read_opening(sign[0])
            if event and event["number"] in events:
                raise MarkupError(f"the type of event {event['number']} is given twice")
            if event:
                events[event["number"]] = event
            opened.append((role, numbers, len(text)))
            continue
        if not opened:
            raise MarkupError(f"a bracket is closed that was not opened, after {text[-40:]!r}")
        role, numbers, start = opened.pop()
        if not text[start:] or text[start:] != text[start:].strip():
            raise MarkupError(f"a piece is empty, or begins or ends with a space: {text[start:]!r}")
        for number in numbers:
            pieces.setdefault(number, set()).add(role)
            spans.append((role, number, [start, len(text)]))
    text += marked[at:]
    if opened:
        raise MarkupError(f"a bracket is not closed, from {text[opened[-1][2] :][:40]!r}")
    check_events(events, pieces, actors=actors)
    for role, number, span in sorted(spans, key=lambda found: found[2]):
        events[number][role].append(span)
    return text, [events[number] for number in sorted(events)]


# ------------------------------------------------------------------ the files


def iso_day(value: object) -> str:
    """A day of the file as an ISO string; YAML has read it as a date already.

    >>> iso_day(date(2021, 3, 1))
    '2021-03-01'
    """
    if type(value) is not date:
        raise MarkupError(f"{value!r} is no day; write it as 2021-03-01")
    return value.isoformat()


def read_days(days: Mapping[int, Any], events: Sequence[Record]) -> dict[int, list[str]]:
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


def check_keys(entry: Mapping[str, Any], known: set[str], needed: set[str]) -> None:
    """An entry has the keys that it needs, and no other than the known ones."""
    for key in sorted(set(entry) - known):
        raise MarkupError(f"unknown key {key!r}; the keys are {', '.join(sorted(known))}")
    for key in sorted(needed - set(entry)):
        raise MarkupError(f"there is no {key!r}")


def read_example(entry: Mapping[str, Any]) -> Record:
    """One passage of a file as a record; see `read_examples`."""
    check_keys(entry, KEYS, {"id", "text"})
    text, events = read_marked(entry["text"])
    reference = iso_day(entry["reference"]) if "reference" in entry else None
    days = read_days(entry.get("days", {}), events)
    for row in events:
        if reference and row["date"] and row["number"] not in days:
            raise MarkupError(f"event {row['number']} is dated and there is a reference, but its days are not given")
        row["days"] = days.get(row["number"])
    return {"id": entry["id"], "text": text, "reference": reference, "events": events}


def read_entries(path: str | Path) -> list[dict[str, Any]]:
    """The entries of a file, each with an id of its own."""
    entries = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    for place, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or "id" not in entry:
            raise MarkupError(f"{path}, entry {place} has no id")
    ids = [entry["id"] for entry in entries]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise MarkupError(f"{path}: the id {twice[0]!r} is used twice")
    return list(entries)


def read_examples(path: str | Path = EXAMPLES) -> list[Record]:
    """The passages of a file.

    Args:
        path: a YAML list of entries with `id`, `text` (marked up) and, where needed, `reference` (the day against which
            "on Monday" is resolved) and `days` (number of a dated event -> [first, last] day).

    Returns:
        Records with `id`, `text`, `reference` (ISO string or None) and `events`, as `read_marked` gives them, each with
        `days`: [first, last] as ISO strings, or None where the event has no date or the text alone cannot settle it.

    Raises:
        MarkupError: a passage cannot be read, or two have the same id; the message names the file and the passage.

    >>> examples = read_examples()
    >>> len(examples) >= 420
    True
    >>> sorted(examples[0])
    ['events', 'id', 'reference', 'text']
    """
    records = []
    for entry in read_entries(path):
        try:
            records.append(read_example(entry))
        except MarkupError as error:
            raise MarkupError(f"{path}, {entry['id']}: {error}") from None
    return records


def read_report(entry: Mapping[str, Any], name: str) -> Record:
    """One report of a pair: a record as `read_examples` gives it, with `outlet`; its reference is its day of publication."""
    check_keys(entry, REPORT_KEYS, {"outlet", "text"})
    example = {key: entry[key] for key in ("text", "days") if key in entry} | {"id": name}
    if "published" in entry:
        example["reference"] = entry["published"]
    return {**read_example(example), "outlet": entry["outlet"]}


def read_pairs(path: str | Path) -> list[Record]:
    """Pairs of short reports that tell the same happening or not.

    Args:
        path: a YAML list of entries with `id`, `same` (true or false), `why`, and the reports `first` and `second`, each
            with `outlet`, `published` (left out where it has no day), `days` and `text`; event 1 is the happening in question.

    Returns:
        Records with `id`, `same`, `why`, `first` and `second`; a report is a record as `read_examples` gives it, its
        `reference` the day of publication, its id that of the pair with `/first` or `/second`, and `outlet`.

    Raises:
        MarkupError: a pair cannot be read, or two have the same id; the message names the file and the pair.
    """
    pairs = []
    for entry in read_entries(path):
        try:
            check_keys(entry, PAIR_KEYS, PAIR_KEYS)
            if not isinstance(entry["same"], bool):
                raise MarkupError(f"'same' is {entry['same']!r}; write true or false")
            reports = {side: read_report(entry[side], f"{entry['id']}/{side}") for side in ("first", "second")}
        except MarkupError as error:
            raise MarkupError(f"{path}, {entry['id']}: {error}") from None
        pairs.append({"id": entry["id"], "same": entry["same"], "why": entry["why"], **reports})
    return pairs
