"""Who acts and who is acted upon: PLOVER's rules for passives, mutual acts, hosts and visitors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from analysis.tagger import Span, TaggedEvent

PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?|got)\s+(?:\w+ly\s+|not\s+|never\s+|already\s+)*$", re.IGNORECASE
)
BY = re.compile(r"\bby\s+$", re.IGNORECASE)
WITH = re.compile(r"\b(?:with|between|alongside)\s+$", re.IGNORECASE)
AND = re.compile(r"\s+and\s+(?:the\s+)?", re.IGNORECASE)
# Triggers that tell what two do together, so that there is no side to whom it is done.
MEETING = re.compile(
    r"\b(?:me[et]t?s?|meetings?|talk(?:s|ed|ing)?|spoke|speak(?:s|ing)?|discuss\w*|discussions?|negotiat\w*|confer(?:s|red|ring)?|"
    r"consult(?:s|ed|ing|ations?)?|summits?|dialogues?|s[ai]t down|sitting down|conversations?|held joint|consultations?)\b",
    re.IGNORECASE,
)
TRAVEL = re.compile(
    r"\b(?:visit\w*|travel\w*|fl(?:y|ies|ew|ying|own)|arriv\w*|tours?|toured|went|go(?:es|ing)?|came|comes?|stopover|mediat\w*|"
    r"shuttl\w*|trips?|journey\w*|host(?:s|ed|ing)?|receiv\w*|welcom\w*|greet\w*)\b",
    re.IGNORECASE,
)
TOGETHER = re.compile(
    r"\b(?:co-?operat\w*|collaborat\w*|joint(?:ly)?|together|team(?:s|ed|ing)? up|partner(?:s|ed|ing|ship)?|exchang\w*|"
    r"trade[ds]?|trading|co-?produc\w*)\b",
    re.IGNORECASE,
)
HOSTING = re.compile(r"\b(?:host(?:s|ed|ing)?|receiv(?:e|es|ed|ing)|welcom(?:e|es|ed|ing)|greet(?:s|ed|ing)?)\b", re.IGNORECASE)
# "faces sanctions", "came under pressure": who stands before it undergoes what the noun tells.
UNDERGOING = re.compile(
    r"\b(?:fac(?:e[sd]?|ing)|c[ao]mes? under|coming under|under|suffer(?:s|ed|ing)?|subject(?:ed)? to)\s+"
    r"(?:(?!(?:by|from|to|and|or|who|that)\b)[\w'’-]+\s+){0,3}$",
    re.IGNORECASE,
)
NO_NAME = re.compile(r"[\sa-z'’,]{1,40}")
HARMS = frozenset({"ACCUSE", "SANCTION", "COERCE", "ASSAULT", "THREATEN", "REJECT", "PROTEST"})
# "discussed trade between Peru and Chile"
DISCUSSING = re.compile(r"\b(?:(?:discuss|address)(?:es|ed|ing)?|rais(?:es|ed|ing)|review(?:s|ed|ing))\b", re.IGNORECASE)
BETWEEN = re.compile(r"\s+[^.;:!?\n]*?\w[^.;:!?\n]*?\bbetween\s")
DESPITE = r"\b(?:despite|in spite of|notwithstanding)\b"
BEHIND = re.compile(rf"{DESPITE}|\bamid\b", re.IGNORECASE)
FAR = 80  # so many characters after the trigger, and after "between", are looked at


class Sides(NamedTuple):
    """The mentions of who acts and of to whom it is done, and whether the act is mutual."""

    actors: list[Span]
    recipients: list[Span]
    mutual: bool


def sides_of(event: TaggedEvent, text: str) -> Sides:
    """The two sides of a tagged event after PLOVER's rules.

    What the tagger says stands, but for six cases in which the words around leave no doubt: nobody takes part who stands in a
    phrase with "despite" after the trigger; "by" names who acts in a passive; who faces a harm does not do it; who is only
    spoken of does not meet; both sides of a meeting, an agreement or a joint work act; who is received is the visitor and acts.

    >>> text = "Peru was sued by Chile."
    >>> sides_of(TaggedEvent([(9, 13)], "ACCUSE", "occurred", [(0, 4)], [(17, 22)], [], [], []), text)
    Sides(actors=[(17, 22)], recipients=[(0, 4)], mutual=False)
    """
    actors, recipients = (_before_despite(event, text, spans) for spans in (event.actors, event.recipients))
    hosting = event.type == "CONSULT" and HOSTING.search(_trigger_words(event, text))
    actors, recipients = (_hosts if hosting else _passive)(event, text, actors, recipients)
    if event.type == "CONSULT":
        actors = _without_the_subject_matter(event, text, actors)
    if event.type in HARMS and not recipients and actors:
        actors, recipients = _undergone(event, text, actors)
    mutual = is_mutual(event, text, actors)
    if mutual and recipients:
        joining = [span for span in recipients if _joins(event, text, span)]
        recipients = [span for span in recipients if span not in joining]
        actors = sorted([*actors, *joining])
    return Sides(actors, [span for span in recipients if span not in actors], mutual)


def is_mutual(event: TaggedEvent, text: str, actors: Sequence[Span]) -> bool:
    """Whether an act has no side to whom it is done: a meeting without a visit, an agreement, a joint work."""
    words = _trigger_words(event, text)
    if event.type == "CONSULT":
        return bool(MEETING.search(words)) and not TRAVEL.search(words)
    if event.type == "AGREE":
        return True
    before = text[max(0, event.trigger[0][0] - 12) : event.trigger[0][0]]
    return event.type == "COOPERATE" and (bool(TOGETHER.search(before + words)) or len(actors) > 1)


def _before_despite(event: TaggedEvent, text: str, spans: Sequence[Span]) -> list[Span]:
    """Who takes part, without those after a "despite": "bought the boats despite pressure from Chile"."""
    end = event.trigger[-1][1]
    return [span for span in spans if not BEHIND.search(text, min(end, span[0]), span[0])]


def _passive(event: TaggedEvent, text: str, actors: list[Span], recipients: list[Span]) -> tuple[list[Span], list[Span]]:
    start, end = event.trigger[0][0], event.trigger[-1][1]
    doers = [span for span in recipients if span[0] >= end and _after(BY, text, span) and span not in actors]
    if not doers or not _is_passive(event, text) or any(_after(BY, text, span) for span in actors):
        return actors, recipients
    suffering = [span for span in actors if span[1] <= start]
    return (
        sorted([*doers, *(span for span in actors if span not in suffering)]),
        sorted([*suffering, *(span for span in recipients if span not in doers)]),
    )


def _without_the_subject_matter(event: TaggedEvent, text: str, actors: list[Span]) -> list[Span]:
    """Who meets, without those of whom they speak: "they discussed trade between Peru and Chile"."""
    end = event.trigger[-1][1]
    if not DISCUSSING.search(_trigger_words(event, text)):
        return actors
    between = BETWEEN.match(text, end, end + FAR)
    return [span for span in actors if not (between and end <= span[0] <= between.end() + FAR)] or actors


def _undergone(event: TaggedEvent, text: str, actors: list[Span]) -> tuple[list[Span], list[Span]]:
    """Both sides where who seems to act stands before "faces" or "came under" and undergoes it: "Peru faces sanctions"."""
    start, end = event.trigger[0]
    noun = text.rfind(" ", start, end) + 1 or start
    light = UNDERGOING.search(text, max(0, start - 40), noun)
    suffering = [span for span in actors if light and NO_NAME.fullmatch(text, span[1], light.start())]
    return [span for span in actors if span not in suffering], suffering


def _hosts(event: TaggedEvent, text: str, actors: list[Span], recipients: list[Span]) -> tuple[list[Span], list[Span]]:
    """The sides the other way round where the tagger took the grammar of "receive" for who travels."""
    start, end = event.trigger[0][0], event.trigger[-1][1]
    before, behind = (recipients, actors) if _is_passive(event, text) else (actors, recipients)
    if before and behind and all(span[1] <= start for span in before) and all(span[0] >= end for span in behind):
        return recipients, actors
    return actors, recipients


def _is_passive(event: TaggedEvent, text: str) -> bool:
    start = event.trigger[0][0]
    return bool(PASSIVE.search(text[max(0, start - 40) : start]))


def _joins(event: TaggedEvent, text: str, span: Span) -> bool:
    """Whether a recipient of a mutual act stands there as its other side: after "with", or as what is met."""
    if _after(WITH, text, span) or any(AND.fullmatch(text, other[1], span[0]) for other in event.actors if other[1] < span[0]):
        return True
    return event.type == "CONSULT" and not text[event.trigger[-1][1] : span[0]].strip()


def _after(pattern: re.Pattern[str], text: str, span: Span) -> bool:
    return bool(pattern.search(text[max(0, span[0] - 14) : span[0]]))


def _trigger_words(event: TaggedEvent, text: str) -> str:
    return " ".join(text[a:b] for a, b in event.trigger)
