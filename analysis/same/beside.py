"""What the words beside an act tell of it: whether it is another one than those told before, or only where others met."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]

# What makes an act another one than those before: "[further] talks", "agreed on [other] projects". What is called new with
# "the" was told before: "the new sanctions".
ANOTHER = r"(?:other|another|more(?!\s+than)|second|third|fourth|fifth|subsequent)\b"
NEWLY = r"(?:further|additional|new|fresh)\b"
PART = r"(?:first|last|final|next) (?:batch|part|shipment|delivery|tranche|stage|phase|lot|instalment|installment)\b"
ANOTHER_THING = re.compile(
    rf"(?!New\s+[A-Z])(?i:(?:an?\s+|the\s+|some\s+|any\s+)?(?:{ANOTHER}|{PART})|(?:an?\s+|some\s+|any\s+)?{NEWLY})"
)
GOES_ON = r"(?:continuation|continuing|extension|renewal|resumption|expansion|deepening|strengthening|improvement)\s+of"
BEFORE_ANOTHER = re.compile(
    rf"\b(?:(?:{ANOTHER}|(?<![Tt]he\s)(?<![Tt]his\s)(?<![Tt]hat\s)(?!New\s+[A-Z])(?i:{NEWLY}))(?:\s+[a-z][\w'’-]*){{0,2}}|"
    rf"{GOES_ON}(?:\s+[\w'’-]+){{0,3}})\s+$"
)
# Those who meet "on the sidelines of the summit" are not known to be the ones who hold it.
BESIDE = re.compile(r"\b(?:sidelines|margins)\s+of(?:\s+[\w'’-]+){0,3}\s+$", re.IGNORECASE)
AFTER_IT = re.compile(r"\s+(?:(?:on|in|about|for|with|to|of|over)\s+)?", re.IGNORECASE)
FAR = 60  # so many characters before an act are looked at


def tells_another(row: Row, text: str, *, is_noun: bool) -> bool:
    """Whether the words at an act or its object tell that it is another one than those told before.

    Args:
        row: of the events table.
        text: of its article, empty where that is not known; then only the object tells.
        is_noun: whether a noun names the act, whose adjectives are its own.

    >>> row = {"start": 8, "end": 24, "trigger_spans": [[8, 13]], "object": None}
    >>> tells_another(row, "Further talks are due.", is_noun=True), tells_another(row, "The new talks are due.", is_noun=True)
    (True, False)
    """
    if ANOTHER_THING.match(row.get("object") or ""):
        return True
    if not text:
        return False
    if is_noun and BEFORE_ANOTHER.search(_before(row, text)):
        return True
    after = AFTER_IT.match(text, _place(row)[1])
    return bool(after and ANOTHER_THING.match(text, after.end()))


def stands_beside(row: Row, text: str) -> bool:
    """Whether a meeting is only that on the sidelines of which others meet."""
    return BESIDE.search(_before(row, text)) is not None


def _before(row: Row, text: str) -> str:
    start = _place(row)[0] if text else 0
    return text[max(0, start - FAR) : start]


def _place(row: Row) -> tuple[int, int]:
    """Where the words that name an act begin and end; its clause, where these are not told."""
    spans = row.get("trigger_spans") or [(row["start"], row["end"])]
    return spans[0][0], spans[-1][1]
