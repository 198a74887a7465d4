"""Interviews and transcripts: paragraphs that begin with who speaks in them, "Q:", "AB:" or "ADA BERG:"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from string import capwords
from typing import NamedTuple

from analysis.names import Actor, Cast
from analysis.places import fold
from analysis.speakers import NOBODY, Speaker, Speakers
from analysis.tagger import Span
from analysis.wordlists import PERSON

LABEL = re.compile(
    r"(?P<label>(?:[A-Z][\w.'’-]*|de|van|von|bin|al)(?: (?:[A-Z][\w.'’-]*|de|van|von|bin|al)){0,4})\s?(?P<mark>:)\s+(?=\S)|"
    r"(?P<letter>[QA])(?P<stop>\.)\s+(?=\S)"
)
ASKING = frozenset("q question interviewer host moderator reporter anchor presenter".split())
QUESTIONING = frozenset(("q", "question"))
ANSWERING = frozenset("a answer".split())
FEWEST = 4  # labelled paragraphs of an interview, with two speakers who have at least two each
A_SENTENCE = 4  # words; a table of results has fewer after its labels
QUESTION = re.compile(r"\?[\"”’']*\s*$")


class Turn(NamedTuple):
    """What somebody says in an interview: the label before it, the mark after that, its paragraphs, who speaks, and whether it
    is a question."""

    label: Span
    mark: Span
    words: list[Span]
    speaker: Speaker
    asks: bool


class _Labelled(NamedTuple):
    """A paragraph with a label, and a key that tells speakers apart: the surname, or the whole of a shorter label."""

    label: Span
    mark: Span
    start: int
    end: int
    key: str


def turns(paragraphs: Sequence[Span], cast: Cast, speakers: Speakers) -> list[Turn]:
    """The turns of an interview, in text order; none where the text is no interview.

    Args:
        paragraphs: of the headline and the body, in text order.
        cast: whom the names of the article mean.
        speakers: resolves a name to a speaker.

    A label is "Q", "A", "Host" and their like, a name of several words or in capitals, initials, or the name of a person of the
    article; two of them come back. A paragraph without one goes on with the turn before it, unless nobody speaks after it. Who
    answers under "A" is the person that the words before the interview name most, of equals the first; who asks under "Q" is
    not known.
    """
    text = speakers.text
    found = [_labelled(text, span, cast) for span in paragraphs]
    labelled = [one for one in found if one]
    often = [key for key, count in Counter(one.key for one in labelled).items() if count > 1]
    speaking = [one for one in labelled if len(text[one.start : one.end].split()) >= A_SENTENCE]
    if len(labelled) < FEWEST or len(often) < 2 or 2 * len(speaking) < len(labelled):
        return []
    known = {key: _speaker(key, [one.label for one in labelled if one.key == key], cast, speakers) for key in often}
    before = _interviewee(cast, labelled[0].label[0], {speaker.name for speaker in known.values()})
    known |= {key: before for key in known if key in ANSWERING}
    told: list[Turn] = []
    for (start, end), one in zip(paragraphs, found, strict=True):
        if one and (one.key in known or one.key in ASKING):
            words = text[one.start : one.end]
            asks = one.key in QUESTIONING or bool(QUESTION.search(words))
            told.append(Turn(one.label, one.mark, [(one.start, end)], known.get(one.key, NOBODY), asks))
        elif told and start < labelled[-1].start:
            told[-1].words.append((start, end))
    return told


def _labelled(text: str, paragraph: Span, cast: Cast) -> _Labelled | None:
    found = LABEL.match(text, *paragraph)
    if not found:
        return None
    name, mark = ("label", "mark") if found["label"] else ("letter", "stop")
    label, words = found.span(name), found[name]
    person = any(actor and actor.kind == PERSON for _, actor in cast.inside(*label))
    if not (words.lower() in ASKING | ANSWERING or words.isupper() or " " in words or person):
        return None
    return _Labelled(label, found.span(mark), found.end(), paragraph[1], fold(words).split()[-1])


def _speaker(key: str, labels: Sequence[Span], cast: Cast, speakers: Speakers) -> Speaker:
    """Whom a label means: the person of that surname or of those initials, else whom the longest form of it names."""
    if key in ASKING | ANSWERING:
        return NOBODY
    people = {actor.name: actor for actor in cast.people() if " " in actor.name}.values()
    longest = max(labels, key=lambda span: span[1] - span[0])
    alone = " " not in speakers.text[slice(*longest)]
    fit = [actor for actor in people if fold(actor.name).split()[-1] == key]
    if not fit and alone and len(key) < 4:
        fit = [actor for actor in people if "".join(part[0] for part in fold(actor.name).split()) == key]
    if len(fit) == 1:
        return _named(fit[0], "named")
    if alone and len(key) < 4:
        return NOBODY
    found = speakers.resolve(longest)
    words = speakers.text[slice(*longest)]
    if found.name and (found.name.isupper() or found.name.count(" ") < words.count(" ")):
        return found._replace(name=capwords(words) if words.isupper() else words)
    return found


def _interviewee(cast: Cast, place: int, labelled: set[str | None]) -> Speaker:
    """The person named most before a place, of equals the first, of those who have no label of their own."""
    people = [actor for _, actor in reversed(cast.before(place)) if actor.kind == PERSON and actor.name not in labelled]
    if not people:
        return NOBODY
    counts = Counter(actor.name for actor in people)
    return _named(max(people, key=lambda actor: counts[actor.name]), "implied")


def _named(actor: Actor, basis: str) -> Speaker:
    return Speaker(actor.name, basis, actor.kind, actor.country, actor.affiliation, actor)
