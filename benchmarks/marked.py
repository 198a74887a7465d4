"""A tagger that knows the marked events of own passages: what the rules after the tagger reach when it makes no mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis.tagger import Span, Tagged, TaggedEvent, Tagger


class MarkedTagger:
    """Finds statements and names as the tagger does, and the events that are marked.

    Args:
        tagger: the real one.
        passages: records with `text` and `events`, as `training.events.read_examples` gives them.
    """

    def __init__(self, tagger: Tagger, passages: Iterable[Mapping[str, Any]]) -> None:
        self.tagger, self.version = tagger, tagger.version
        self.events = {one["text"]: sorted(map(as_tagged, one["events"])) for one in passages}

    def tag(self, text: str, parts: Sequence[Span]) -> Tagged:
        """As `Tagger.tag`, with the marked events of this text, none where it is no marked one."""
        return self.tagger.tag(text, parts)._replace(events=self.events.get(text, []))


def as_tagged(event: Mapping[str, Any]) -> TaggedEvent:
    """A marked event as the tagger would give it, certain of everything.

    >>> from training.events import read_marked
    >>> as_tagged(read_marked("[act1 Chad] [trig1:AID:occurred fed] [rec1 Niger].")[1][0])[:5]
    ([(5, 8)], 'AID', 'occurred', [(0, 4)], [(9, 14)])
    """

    def spans(role: str) -> list[Span]:
        return [(start, end) for start, end in event[role]]

    return TaggedEvent(
        trigger=spans("trigger"),
        type=event["type"],
        status=event["status"],
        actors=spans("actors"),
        recipients=spans("recipients"),
        object=spans("object"),
        place=spans("place"),
        date=spans("date"),
    )
