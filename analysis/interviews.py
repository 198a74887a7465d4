"""Interviews and transcripts: paragraphs that begin with who speaks in them, "Q:", "AB:" or "ADA BERG:"."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from string import capwords
from typing import NamedTuple

from analysis.names import Actor, Cast
from analysis.places import fold
from analysis.speakers import NOBODY, Speaker, Speakers
from analysis.tagger import Span
from analysis.wordlists import PERSON

CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
WORD = rf"(?:{CAPITAL}[\w.'’-]*|de|van|von|bin|al)"
LABEL = re.compile(
    rf"(?P<label>{WORD}(?: {WORD}){{0,4}})(?:,(?: {WORD}){{1,4}}| \([^()\n]{{1,40}}\))?\s?(?P<mark>:)\s+(?=\S)|"
    r"(?P<letter>[QA])(?P<stop>\.)\s+(?=\S)"
)
QUESTIONING = frozenset(("q", "question"))
ASKING = QUESTIONING | frozenset("interviewer host moderator reporter anchor presenter".split())
ANSWERING = frozenset(("a", "answer"))
FEWEST = 4  # labelled paragraphs of an interview, with two speakers who have at least two each
A_SENTENCE = 4  # words; a table of results has fewer after its labels
QUESTION = re.compile(r"\?[\"”’']*\s*$")
TALK = re.compile(r"\b(?:I|we|you|my|our|your|me|us)\b", re.IGNORECASE)
PRESS = frozenset("reporter journalist correspondent interviewer editor columnist".split())


class Turn(NamedTuple):
    """What somebody says in an interview: the label before it, the mark after that, its paragraphs, who speaks, and whether it
    is a question."""

    label: Span
    mark: Span
    words: list[Span]
    speaker: Speaker
    asks: bool


class _Labelled(NamedTuple):
    """A paragraph with a label; the label in small letters, by which speakers are told apart."""

    label: Span
    mark: Span
    start: int
    end: int
    key: str


def turns(paragraphs: Sequence[Span], cast: Cast, speakers: Speakers) -> list[Turn]:
    """The turns of an interview, in text order; none where the text is no interview.

    Args:
        paragraphs: of the body, in text order.
        cast: whom the names of the article mean.
        speakers: resolves a name to a speaker.

    A label is "Q", "A", "Host" and their like, a name of several words or in capitals, initials, or the name of a person of the
    article. It is an interview where two of them come back and what follows them is talk: questions, or "I", "we" and "you". A
    paragraph without a label goes on with the turn before it, unless nobody speaks after it. Who answers under "A" is the
    person, not of the press, that the words before the interview name most, if one is; who asks under "Q" is not known.
    """
    text = speakers.text
    found = [_labelled(text, span, cast) for span in paragraphs]
    labelled = _with_surnames([one for one in found if one])
    if not _is_talk(text, labelled):
        return []
    longest = {one.key: one.label for one in sorted(labelled, key=lambda one: one.label[1] - one.label[0])}
    known = {key: _speaker(key, label, cast, speakers) for key, label in longest.items()}
    answering = _interviewee(cast, labelled[0].label[0], {speaker.name for speaker in known.values()})
    known |= {key: answering for key in known if key in ANSWERING}
    by_start = {one.label[0]: one for one in labelled}
    told: list[Turn] = []
    for start, end in paragraphs:
        one = by_start.get(start)
        if one:
            asks = one.key not in ANSWERING and (one.key in QUESTIONING or bool(QUESTION.search(text[one.start : one.end])))
            told.append(Turn(one.label, one.mark, [(one.start, end)], known[one.key], asks))
        elif told and start < labelled[-1].start:
            told[-1].words.append((start, end))
    return told


def _labelled(text: str, paragraph: Span, cast: Cast) -> _Labelled | None:
    found = LABEL.match(text, *paragraph)
    if not found:
        return None
    name, mark = ("label", "mark") if found["label"] else ("letter", "stop")
    label, words = found.span(name), found[name]
    if cast.words.places.find(words):
        return None
    person = any(actor and actor.kind == PERSON for _, actor in cast.inside(*label))
    if not (words.lower() in ASKING | ANSWERING or words.isupper() or " " in words or person):
        return None
    return _Labelled(label, found.span(mark), found.end(), paragraph[1], fold(words))


def _with_surnames(labelled: list[_Labelled]) -> list[_Labelled]:
    """A label that is the surname of just one other stands for the whole of that."""
    whole: dict[str, set[str]] = defaultdict(set)
    for one in labelled:
        if " " in one.key:
            whole[one.key.split()[-1]].add(one.key)
    return [one._replace(key=min(whole[one.key])) if len(whole[one.key]) == 1 else one for one in labelled]


def _is_talk(text: str, labelled: Sequence[_Labelled]) -> bool:
    """Whether at least two speakers come back, in sentences, with questions or with words that are spoken to somebody."""
    often = [key for key, count in Counter(one.key for one in labelled).items() if count > 1]
    if len(labelled) < FEWEST or len(often) < 2:
        return False
    said = [text[one.start : one.end] for one in labelled]
    sentences = sum(len(words.split()) >= A_SENTENCE for words in said)
    spoken = sum(TALK.search(words) is not None for words in said)
    asked = sum(QUESTION.search(words) is not None for words in said)
    return 2 * sentences >= len(said) and (asked > 1 or 2 * spoken >= len(said))


def _speaker(key: str, label: Span, cast: Cast, speakers: Speakers) -> Speaker:
    """Whom a label, of several the longest, means: the person of that name or of those initials, else whom it names."""
    if key in ASKING | ANSWERING:
        return NOBODY
    people = {actor.name: actor for actor in cast.people() if " " in fold(actor.name)}.values()
    said = key.split()
    fit = [actor for actor in people if fold(actor.name).split()[-len(said) :] == said]
    fit = fit or [actor for actor in people if len(said) > 1 and fold(actor.name).split()[-1] == said[-1]]
    if not fit and len(key) < 4:
        fit = [actor for actor in people if "".join(part[0] for part in fold(actor.name).split()) == key]
    if len(fit) == 1:
        return _named(fit[0], "named")
    if len(key) < 4:
        return NOBODY
    found = speakers.resolve(label)
    words = speakers.text[slice(*label)]
    if found.name and (found.name.isupper() or found.name.count(" ") < words.count(" ")):
        return found._replace(name=capwords(words) if words.isupper() else words)
    return found


def _interviewee(cast: Cast, place: int, labelled: set[str | None]) -> Speaker:
    """The person named most before a place, of those who have no label of their own and are not of the press."""
    before = [actor for _, actor in cast.before(place) if actor.kind == PERSON and actor.name not in labelled]
    people = {actor.name: actor for actor in before if not actor.roles & PRESS}
    counts = Counter(actor.name for actor in before if actor.name in people).most_common(2)
    if not counts or (len(counts) > 1 and counts[0][1] == counts[1][1]):
        return NOBODY
    return _named(people[counts[0][0]], "implied")


def _named(actor: Actor, basis: str) -> Speaker:
    name = capwords(actor.name) if actor.name.isupper() else actor.name
    return Speaker(name, basis, actor.kind, actor.country, actor.affiliation, actor)
