"""Cue words -> what kind of speech act they are, and whether it is negated. The word list is data/cues.csv."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import NamedTuple

from analysis.schema import ACTS

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|:")
NEGATION = re.compile(r"\b(?:not|never|n['’]t|cannot|neither|nor|no longer)\b|n['’]t\b", re.IGNORECASE)
# "Nor did he" and "neither confirmed nor" before "mention" or "denied", "Neither side" before "commented".
NEITHER = re.compile(
    r"\b(?:neither|nor)\s+(?:(?:did|do|does|has|have|had|would|could|can)\s+)?(?:(?:the\s+)?\w+\s+)?$", re.IGNORECASE
)
CLAUSE_START = re.compile(
    r"\W*(?:that|if|whether|how|why|what|who|which|when|where|there|it|this|these|those|he|she|they|we|i|you)\b", re.IGNORECASE
)
FINITE = re.compile(
    r"\b(?:is|are|was|were|will|would|has|have|had|can|could|may|might|must|should|do|does|did|[^\W\d_]+n['’]t)\b",
    re.IGNORECASE,
)
PREPOSITION = re.compile(r"\W*(?:on|to|with|of|for|in|at|from|over|about|against|by|upon|into)\b", re.IGNORECASE)
INFINITIVE = re.compile(r"\W*(?:not )?to\s", re.IGNORECASE)
# A noun as a cue ("his decision", "criticism of", "the claim that") tells of an attitude or a deed, not of an utterance.
NOUN_LEAD = re.compile(
    r"(?:^|\s)(?:the|a|an|his|her|its|their|my|our|your|this|that|any|some|no)\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE
)
POSSESSIVE = re.compile(r"(?:['’]s|s['’]|\bhis|\bher|\bits|\btheir|\bmy|\bour|\byour|\bthe|\ba|\ban)\s+$", re.IGNORECASE)
AUXILIARY = frozenset(
    "is are was were be been being am has have had do does did will would can could may might must should to".split()
)
ANSWERING = re.compile(
    r"^\W*(?:in (?:response|reply|answer)\b|(?:when |if |while )?(?:he|she|they)?\s?(?:was |were |is )?asked\b"
    r"|responding to|replying to|pressed on)",
    re.IGNORECASE,
)
PENALTY = re.compile(
    r"\b(?:will|would|could|must|shall) (?:\w+ )?"
    r"(?:face|suffer|pay|lose|forfeit|regret|bear|be (?:punished|sanctioned|expelled|held))\b"
    r"|\bconsequences?\b|\bretaliat",
    re.IGNORECASE,
)
# Verbs that say what somebody has in mind or is about to do take the verb after them along: "hopes to announce".
GOVERNING = frozenset("decide refuse decline plan fail".split())


class Cue(NamedTuple):
    """One line of the word list: the act it stands for, and the act where no clause and no quotation follows."""

    lemma: str
    act: str
    otherwise: str


class Act(NamedTuple):
    """What a cue means: an act of schema.ACTS, whether it is negated, and the line of the word list that told so, or None."""

    act: str
    negated: bool
    lemma: str | None


class CueError(ValueError):
    """A line of the word list cannot be used; the message names file, line and reason."""


def inflections(verb: str) -> list[str]:
    """The regular forms of a verb: base, -s, -ed, -ing.

    >>> inflections("deny"), inflections("stop over")
    (['deny', 'denies', 'denied', 'denying'], ['stop over', 'stops over', 'stopped over', 'stopping over'])
    """
    head, _, rest = verb.partition(" ")
    rest = " " + rest if rest else ""
    if head.endswith("y") and head[-2] not in "aeiou":
        forms = [head, head[:-1] + "ies", head[:-1] + "ied", head + "ing"]
    elif head.endswith("e"):
        forms = [head, head + "s", head + "d", (head if head.endswith("ee") else head[:-1]) + "ing"]
    else:
        doubled = (
            head + head[-1]
            if re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]", head) or head in ("admit", "permit", "rebut", "regret", "refer")
            else head
        )
        sibilant = head.endswith(("s", "sh", "ch", "x", "z"))
        forms = [head, head + ("es" if sibilant else "s"), doubled + "ed", doubled + "ing"]
    return [form + rest for form in forms]


def plural(noun: str) -> str:
    """The regular plural of a noun.

    >>> plural("policy"), plural("crash"), plural("bomb")
    ('policies', 'crashes', 'bombs')
    """
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x")) else "s")


class CueWords:
    """The word list, ready for look-up."""

    def __init__(self, cues: list[tuple[tuple[str, ...], Cue]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Cue]]] = {}
        for words, cue in sorted(cues, key=lambda c: -len(c[0])):
            self._by_first.setdefault(words[0], []).append((words, cue))

    def has(self, phrase: str) -> bool:
        """Whether the list has this phrase as it is."""
        words = tuple(phrase.split())
        return any(form == words for form, _ in self._by_first.get(words[0], ()))

    def matches(self, words: list[str]) -> list[tuple[int, Cue]]:
        """(place, line) of every cue among the words, longest first at each place, none inside another."""
        found, place = [], 0
        while place < len(words):
            for form, cue in self._by_first.get(words[place], ()):
                if tuple(words[place : place + len(form)]) == form or _with_gap(words, place, form):
                    found.append((place, cue))
                    place += len(form) - 1
                    break
            place += 1
        return found


def _with_gap(words: list[str], place: int, form: tuple[str, ...]) -> bool:
    """A phrase of two words also with one or two words between them: "made her position clear"."""
    return len(form) == 2 and form[1] in words[place + 1 : place + 4] and form[1] not in {"of", "to", "on", "for", "in", "it"}


def read_cues(path: Path | str) -> CueWords:
    """The word list of a CSV file with the columns cue, forms, act, otherwise, note.

    Args:
        path: the file. `forms` holds the forms of an irregular verb, with | between them; the base form and, where it is
            empty, the regular forms are added. `otherwise` is the act where neither a clause nor a quotation follows.

    Raises:
        CueError: a line has no cue or an act that there is not; the message names file, line and reason.
    """
    path = Path(path)
    cues = []
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            cue, act, otherwise = (row.get(key) or "" for key in ("cue", "act", "otherwise"))
            if not cue or act not in ACTS or (otherwise and otherwise not in ACTS):
                raise CueError(
                    f"{path}, line {number}: cue {cue!r}, act {act!r}, otherwise {otherwise!r}; "
                    f"an act is one of {', '.join(ACTS)}"
                )
            forms = [cue, *row["forms"].split("|")] if row["forms"] else inflections(cue)
            cues += [(tuple(form.split()), Cue(cue, act, otherwise or act)) for form in dict.fromkeys(forms)]
    return CueWords(cues)


def is_clause(content: str, *, quoted: bool) -> bool:
    """Whether a content is something said, not only what the talk is about.

    >>> is_clause("that prices would rise", quoted=False), is_clause("the plan", quoted=False)
    (True, False)
    """
    if quoted or CLAUSE_START.match(content):
        return True
    return not PREPOSITION.match(content) and bool(FINITE.search(content[:120]))


def act_of(
    cue: str,
    content: str,
    cues: CueWords,
    *,
    quoted: bool = False,
    direct: bool = False,
    before: str = "",
    lead: str = "",
    after: bool = True,
) -> Act:
    """The speech act of a cue.

    Args:
        cue: the words of the cue; may be empty, for a quotation that stands alone.
        content: the words of what is said.
        cues: the word list.
        quoted: whether part of the content stands in quotation marks.
        direct: whether all of it does, and it is a sentence rather than a few words.
        before: some words in front of the cue: a possessive shows that the cue is a noun, "nor" that it is negated.
        lead: the words from the beginning of the sentence to the statement ("In response, ").
        after: whether the content follows the cue.

    Returns:
        The act; "other" for words that the list does not know, "say" if a direct quotation goes with them.

    Does not know the grammar of the sentence, only its words.
    """
    text = cue.lower().replace("’", "'")
    words = WORD.findall(text)
    negated = bool(NEGATION.search(text) or NEITHER.search(before))
    if not [w for w in words if w != ":"]:
        return Act("say", negated, None)
    # "declined" + "to comment", "call" + "off the strike": some cues go on into the content.
    follows = WORD.findall(content.lower())[:2] if after else []
    found = [(place, line) for place, line in cues.matches(words + follows) if place < len(words)]
    clause = is_clause(content, quoted=quoted)
    noun = _is_noun(words, found[0][0] if found else 0, before)
    if not found:
        return Act("say" if direct and not noun else "other", negated, None)
    if any(" not " in line.lemma for _, line in found):
        negated = False  # "pleaded not guilty": the negation is the phrase's own
    place, chosen = found[0]
    if chosen.act != "think" and chosen.lemma not in GOVERNING:
        place, chosen = next(((p, c) for p, c in found if c.act != "other"), found[0])
    if chosen.act in ("urge", "promise") and INFINITIVE.match(content):
        clause = True
    act = chosen.act if clause else chosen.otherwise
    if act == "other" and direct and not noun:
        act = "say"  # whatever else it did, it was done in these words
    if act not in ("think", "other") and noun and place <= found[0][0]:
        act = "other"
    return Act(_refine(act, chosen.lemma, content, lead, words), negated, chosen.lemma)


def _is_noun(words: list[str], place: int, before: str) -> bool:
    """Whether the word at `place` is a noun: a determiner or possessive stands before it, in the cue or just in front of it."""
    inside = " ".join(words[:place]) + " " if place else ""
    if place and NOUN_LEAD.search(inside):
        return True
    return not any(word in AUXILIARY for word in words[:place]) and place <= 1 and bool(POSSESSIVE.search(before))


def _refine(act: str, lemma: str, content: str, lead: str, words: list[str]) -> str:
    """What the words around the cue add to it."""
    start = content.lstrip("“\"'‘ ").lower()
    if lemma in ("tell", "ask") and start.startswith("to "):
        return "urge"
    if lemma == "call" and (start.startswith(("for ", "on ")) or words[-1] in ("for", "on", "upon")):
        return "urge"
    if lemma in ("make clear", "make it clear", "make plain") and PENALTY.search(content):
        return "warn"
    if act == "say" and lead and ANSWERING.match(lead):
        return "answer"
    return act
