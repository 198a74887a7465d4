"""Against whom an objection is, or of whom a request, when only the main clause tells: "bought it despite objections by"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from analysis.sentences import Sentences
from analysis.sides.directions import DESPITE, HARMS
from analysis.sides.partners import Deed, same_side

FEW = r"(?:(?!(?:and|but|or|of|by|from)\b)[\w'’-]+\s+){0,4}$"
AGAINST = re.compile(rf"(?:{DESPITE}|\b(?:defying|ignoring|in defiance of)\b)\s+{FEW}", re.IGNORECASE)
OVER = re.compile(rf"\bover\s+{FEW}", re.IGNORECASE)  # over objections; sanctions "over attacks" are no such thing
UPON = re.compile(rf"\b(?:at|upon|in response to|heeding|answering)\s+{FEW}", re.IGNORECASE)
ASKED = re.compile(r"\b(?:requests?|pleas?|appeals?|calls?|invitations?|demands?|urging|behest|insistence)\b", re.IGNORECASE)
WIDTH = 60  # characters before the trigger in which "despite" may stand


def fill_in_despite(deeds: Sequence[Deed], text: str, sentences: Sentences) -> None:
    """Give an objection or a request without addressee the actors of the clause that it hangs on, in place.

    Args:
        deeds: the events of one article in text order.

    Only those that hang on a clause of the same sentence by "despite" and its like, by "over" (objections alone), or by "at the
    request of", and only an actor that is not on its own side.
    """
    for number, deed in enumerate(deeds):
        if deed.recipients or not deed.actors or not _hangs(deed, text):
            continue
        main = _main(number, deeds, sentences)
        others = [party for party in main.actors if not any(same_side(party, own) for own in deed.actors)] if main else []
        deed.recipients.extend(others)


def _hangs(deed: Deed, text: str) -> bool:
    start, kind = deed.event.trigger[0][0], deed.event.type
    patterns = [AGAINST] if kind in HARMS else []
    if kind == "REQUEST" and ASKED.match(text, start):
        patterns = [UPON, AGAINST]
    elif kind in ("REJECT", "PROTEST"):
        patterns = [AGAINST, OVER]
    return any(pattern.search(text, max(0, start - WIDTH), start) for pattern in patterns)


def _main(number: int, deeds: Sequence[Deed], sentences: Sentences) -> Deed | None:
    """The deed of the same sentence on which one hangs: the nearest before, else the nearest after, that somebody does."""

    def sentence(deed: Deed) -> int:
        return sentences.number(deed.event.trigger[0][0])

    here = sentence(deeds[number])
    for others in (range(number - 1, -1, -1), range(number + 1, len(deeds))):
        for one in takewhile(lambda deed: sentence(deed) == here, (deeds[place] for place in others)):
            if one.actors:
                return one
    return None
