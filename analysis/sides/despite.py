"""Against whom an objection is, or of whom a request, when only the main clause tells: "bought it despite objections by"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.sentences import Sentences
from analysis.sides.directions import HARMS
from analysis.sides.parties import Party
from analysis.sides.partners import Deed

FEW = r"(?:[\w'’-]+\s+){0,4}$"
DESPITE = re.compile(rf"\b(?:despite|in spite of|notwithstanding|over|defying|ignoring|in defiance of)\s+{FEW}", re.IGNORECASE)
UPON = re.compile(rf"\b(?:at|upon|on|following|in response to|answering|meeting)\s+{FEW}", re.IGNORECASE)
WIDTH = 60  # characters before the trigger in which "despite" may stand


def fill_in_despite(deeds: Sequence[Deed], text: str, sentences: Sentences) -> None:
    """Give an objection or a request without addressee the actors of the clause that it hangs on, in place.

    Args:
        deeds: the events of one article in text order.

    Only those that hang on a clause of the same sentence by "despite", or "at the request of", and only an actor that is not on
    its own side.
    """
    for number, deed in enumerate(deeds):
        if deed.recipients or not deed.actors or not _hangs(deed, text):
            continue
        main = _main(number, deeds, sentences)
        others = [party for party in main.actors if not any(_same(party, own) for own in deed.actors)] if main else []
        deed.recipients.extend(others)


def _hangs(deed: Deed, text: str) -> bool:
    start = deed.event.trigger[0][0]
    if deed.event.type == "REQUEST":
        return UPON.search(text, max(0, start - WIDTH), start) is not None
    return deed.event.type in HARMS and DESPITE.search(text, max(0, start - WIDTH), start) is not None


def _main(number: int, deeds: Sequence[Deed], sentences: Sentences) -> Deed | None:
    """The deed of the same sentence on which one hangs: the nearest before, else the nearest after, that somebody does."""
    here = sentences.number(deeds[number].event.trigger[0][0])
    near = [*reversed(deeds[:number]), *deeds[number + 1 :]]
    return next((one for one in near if one.actors and sentences.number(one.event.trigger[0][0]) == here), None)


def _same(one: Party, other: Party) -> bool:
    return one.name == other.name or bool(set(one.countries) & set(other.countries))
