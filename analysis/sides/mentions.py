"""The whole of a mention: with the name, title or compound that the tagger cut, and without a loose end."""

from __future__ import annotations

import re

from analysis.names import Cast
from analysis.places import american_states
from analysis.sentences import whole_words
from analysis.tagger import Span
from analysis.wordlists import PERSON

FAR = 60  # characters within which a name begins, and a title stands before it
COMPOUND = re.compile(r"\b[a-z]+-$")  # "veto-" before "wielding"
# Both parts of a designation: "KR-12s".
LETTERS, FIGURES = re.compile(r"\b[A-Z]{1,3}$"), re.compile(r"-\d\w*")
EDGES = re.compile(r"^[\s\"“”'‘’«»(\[]+|[\s\"“”«»)\],;:]+$|(?:['’]s|(?<=s)['’])$")  # what is not of a mention at its ends
DETERMINER = re.compile(r"\b(?:the|its|his|her|their|our)\s$", re.IGNORECASE)
PREPOSITION = re.compile(
    r"\b(?:of|to|with|in|at|from|against|by|over|for|on|into|towards?|between|about|near|under|via)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
OPEN_START = re.compile(r"(?:in|on|of|to|by|with|from|against|into|and|or)\s+(?=\S)")  # "in" of "took [in 10,000 refugees]"
OPEN_END = re.compile(
    r"(?:\s+(?:and|or|of|to|with|in|at|from|against|by|over|for|on|into|between|about|near|under|"
    r"through|across|along|during|after|before|inside|outside|towards?|without|among|amid|the|an?|as|who|that))+$",
    re.IGNORECASE,
)
# "three other" names nobody without its noun; "each other", "the other" do without one
UNFINISHED = re.compile(r"\w(?<!\beach)(?<!\bthe)\s+other$", re.IGNORECASE)
NEXT_WORD = re.compile(r"\s+[a-z][a-z'’-]*")


def whole_mention(cast: Cast, span: Span) -> Span:
    """A mention with all of its words.

    A name that it cuts is whole ("[Secret] Service"), and so are a compound ("veto-[wielding] members"), the noun after "other"
    ("[three other] men") and a person after a title ("[the Kenyan] President Jane Roe", "[Kenya's president], Jane Roe,"). A
    preposition or a conjunction at its beginning goes, and one or an article at its end, with a participle before it ("judges
    [sitting in]").

    Args:
        cast: the names of the article.
        span: offsets into the article's text.
    """
    text = cast.text
    start, end = whole_words(text, span)
    compound = COMPOUND.search(text, max(0, start - FAR), start) if text[start].islower() else None
    start = compound.start() if compound else start
    figures = FIGURES.match(text, end) if LETTERS.search(text, start, end) else None
    end = figures.end() if figures else end
    if text[end - 1] == "-":
        end = whole_words(text, (start, min(end + 1, len(text))))[1]
    noun = NEXT_WORD.match(text, end) if UNFINISHED.search(text, start, end) else None
    end = noun.end() if noun else end
    for name, _ in cast.inside(max(0, start - FAR), end + FAR):
        start = name.start if name.start < start < name.end else start
        end = name.end if name.start < end < name.end else end
    open_start = OPEN_START.match(text, start, end)
    start = open_start.end() if open_start else start
    open_end = OPEN_END.search(text, start, end)
    if open_end and not any(name.end >= end for name, _ in cast.inside(start, end)):
        end = _without_participle(cast, start, open_end.start())
    return start, _with_person(cast, start, end)


def _without_participle(cast: Cast, start: int, end: int) -> int:
    """The end of a mention without the participle after a group of people: "protesters [marching]"."""
    words = cast.text[start:end].split()
    role = cast.words.role(words[-2]) if len(words) > 1 and words[-1].endswith("ing") and words[-2].isalpha() else None
    return start + len(cast.text[start : end - len(words[-1])].rstrip()) if role and role.kind == "group" else end


def _with_person(cast: Cast, start: int, end: int) -> int:
    """The end of a mention with the person whose name follows its title."""
    text = cast.text
    following = next((name for name, actor in cast.inside(end, end + FAR) if actor and actor.kind == PERSON), None)
    if following is None or not (text[end].isspace() or text.startswith(", ", end)):
        return end
    titles, last = text[end : following.start].strip(",").split(), text[start:end].split()[-1]
    if not all(cast.words.role(word) or cast.place(word) or word in american_states() for word in titles):
        return end
    role = cast.words.role(last)
    if text[end] == ",":  # "Mali's president, Jane Roe, said"
        return following.end if role and role.kind == PERSON and text.startswith(",", following.end) else end
    return following.end if role or (titles and last[0].isupper()) else end


def in_a_name(cast: Cast, place: int) -> bool:
    """Whether a character stands in a name of the article."""
    return any(name.start <= place < name.end for name, _ in cast.inside(max(0, place - 80), place + 80))
