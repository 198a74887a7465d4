"""Mentions -> what of their words can be compared: head, other words, states, ordinals. Do two of them mean one thing?"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

import snowballstemmer

from analysis.places import Places, fold

WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
# What comes after the noun of a description: "opponents [of the law]", "lawmakers [backing the bill]".
HEAD_END = re.compile(
    r"[,;:(]|\s(?:of|for|at|in|on|from|to|with|by|near|off|against|over|about|who|whose|which|that|during|under|between|behind|"
    r"after|before|without|among|inside|amid)\s|(?<=s)\s[a-z]+(?:ing|ed)\s"
)
# One office or force, two words.
OFFICES = {"prime minister": "premier", "head of government": "premier", "head of state": "president", "soldiers": "troops"}
OFFICE = re.compile("|".join(OFFICES), re.IGNORECASE)
LONGEST = 200  # characters of a mention that are read
NEAR = 0.84  # names this alike, with the same first letter, are spellings of one name; as for surnames in names.py
ORDINALS = "another first second third fourth fifth sixth seventh eighth ninth tenth".split()
TRANSCRIBED = 0.7  # names whose consonants are the same may differ so much: other writers put other vowels
VOWELS = re.compile(r"[aeiouyh]|(.)(?=\1)")  # and h, and the first of two like letters
# Words that tell nothing of who or what is meant.
EMPTY = frozenset(
    "the a an this that these those its his her their our my your it he she they we i you him them us and or of for at in on "
    "from to with by near off against over about who whose which during under between as one two three four five six seven "
    "eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands "
    "million millions billion dozen dozens some several many few more most less least than around nearly almost over both all "
    "every each any no other others such own same former new old big large small major joint mutual possible people person "
    "persons man men woman women anyone everyone someone member members per cent percent s counterpart "
    "counterparts colleague colleagues".split()
)

# Nor do these, but in names ("Fort Worth"): a sum does not tell what it is for.
MONEY = frozenset(
    "euro euros dollar dollars pound pounds yen yuan rouble roubles ruble rubles franc francs peso pesos rupee rupees krona "
    "kronor krone kroner lira rand sum amount worth".split()
)
# Nor do these tell which happening a report is about.
COMMON = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday thursday "
    "friday saturday sunday yesterday today was were been are has have had will would can could cannot may not did does but "
    "then there here when while after before since until because into out only also still said say says told".split()
)


class Likeness(IntEnum):
    """What comparing two phrases tells: they mean one thing, nothing can be told, other words were used, or two things."""

    SAME = 2
    UNKNOWN = 1
    APART = 0
    CONFLICT = -1


class Phrase(NamedTuple):
    """A mention: stem of its head, stems of all its telling words, those that are names, states it names, and ordinals."""

    head: str
    words: frozenset[str]
    names: frozenset[str]
    countries: frozenset[str]
    ordinals: frozenset[int]


class Phrases:
    """Reads mentions; keeps those it has read, so that the same words are read once.

    >>> phrases = Phrases(Places([("Ruritanian", "RUR", "people")], {}))
    >>> phrases.read("the two Ruritanian ministers of trade")[:2] == ("minist", frozenset({"minist", "trade"}))
    True
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self.read = lru_cache(maxsize=1 << 14)(self._read)

    def _read(self, mention: str, *, is_place: bool = False) -> Phrase:
        """The phrase of a mention; a capital is a state, but in the words for a place it is a town too."""
        mention = OFFICE.sub(lambda found: OFFICES[found[0].lower()], " ".join(mention[:LONGEST].split()))
        states = self._places.all_in(mention)
        countries = frozenset(place.country for _, place in states)
        aliases = {
            word for alias, place in states if not (is_place and place.kind == "capital") for word in fold(alias).split()
        }
        end = HEAD_END.search(mention, 1)
        head, words, names, ordinals = "", [], [], []
        for found in WORD.finditer(mention):
            for part in _parts(found[0]):
                low = fold(part.removesuffix("'s").removesuffix("’s"))
                if low in ORDINALS:
                    ordinals.append(ORDINALS.index(low))
                elif low not in aliases and _tells(low, part):
                    words.append(stem(low))
                    names += [words[-1]] if part[0].isupper() or any(c.isdigit() for c in part) else []
                    head = words[-1] if not end or found.start() < end.start() or not head else head
        return Phrase(head, frozenset(words), frozenset(names), countries, frozenset(ordinals))


def _tells(low: str, part: str) -> bool:
    """Whether a word, in small letters and as it is written, tells something of what is meant."""
    return bool(low) and low not in EMPTY and not low.isdigit() and not (low in MONEY and part.islower())


def telling(text: str) -> set[str]:
    """The stems of the telling words of a text.

    >>> sorted(telling("On Monday the Oslo miners met."))
    ['met', 'miner', 'oslo']
    """
    return {one for word in WORD.findall(text) for one in _telling(word)}


@lru_cache(maxsize=1 << 16)
def _telling(word: str) -> tuple[str, ...]:
    lows = (fold(part.removesuffix("'s").removesuffix("’s")) for part in _parts(word))
    return tuple(stem(low) for low in lows if len(low) > 2 and low not in EMPTY and low not in COMMON and not low.isdigit())


def _parts(word: str) -> list[str]:
    """A word with hyphens in its parts, unless it is a designation such as RK-20."""
    return [word] if any(c.isdigit() for c in word) else word.split("-")


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """The stem of a word in small letters."""
    return word if any(c.isdigit() for c in word) else str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=1 << 14)
def likeness(one: Phrase, other: Phrase) -> Likeness:
    """Whether two phrases mean one thing, from their words alone.

    Two phrases conflict where they name other states, other ordinals, or the same head with nothing else in common
    ("the health minister", "the minister of culture"). Synonyms are not known: "a lake", "a reservoir" are `APART`.

    >>> read = Phrases(Places([], {})).read
    >>> likeness(read("the northern faction"), read("the southern faction")).name
    'CONFLICT'
    >>> likeness(read("treaty on sponge diving"), read("sponge-diving treaty")).name
    'SAME'
    """
    if one == other:
        return Likeness.SAME if one.words or one.countries else Likeness.UNKNOWN
    if one.countries and other.countries and not one.countries & other.countries:
        return Likeness.CONFLICT
    if one.ordinals and other.ordinals and one.ordinals != other.ordinals:
        return Likeness.CONFLICT
    if not one.words or not other.words:
        return Likeness.SAME if one.countries & other.countries else Likeness.UNKNOWN
    shared = common(one, other)
    if not shared:
        return Likeness.SAME if one.countries & other.countries else Likeness.APART
    if one.head == other.head:
        rest, other_rest = one.words - {one.head}, other.words - {other.head}
        if shared == 1 and rest and other_rest:
            named = bool(rest & one.names) != bool(other_rest & other.names)
            return Likeness.UNKNOWN if named else Likeness.CONFLICT  # "the Harbour Union", "the dockers' union"
        if other_names(one, other):
            return Likeness.CONFLICT
    return Likeness.SAME


def other_names(one: Phrase, other: Phrase) -> bool:
    """Whether both phrases hold names and no name of one is a name of the other."""
    return bool(one.names and other.names) and not any(a == b or is_spelling(a, b) for a in one.names for b in other.names)


def exclude(one: Phrase, other: Phrase) -> bool:
    """Whether two phrases cannot mean one thing, whatever words it is given: other states, other ordinals, or other names."""
    return (
        bool(one.countries and other.countries and not one.countries & other.countries)
        or bool(one.ordinals and other.ordinals and one.ordinals != other.ordinals)
        or other_names(one, other)
    )


def common(one: Phrase, other: Phrase) -> int:
    """How many telling words two phrases share; names spelled nearly alike count."""
    shared = one.words & other.words
    left, right = one.names - shared, other.names - shared
    return len(shared) + sum(any(is_spelling(a, b) for b in right) for a in left)


def is_spelling(a: str, b: str) -> bool:
    """Whether two words in small letters are spellings of one name: nearly the same letters, or the same consonants.

    >>> is_spelling("kolomyia", "kolomea"), is_spelling("hama", "homs")
    (True, False)
    """
    if not (len(a) > 4 < len(b) and a[0] == b[0]):
        return False
    ratio = SequenceMatcher(None, a, b).ratio()
    return ratio >= NEAR or (ratio >= TRANSCRIBED and VOWELS.sub("", a) == VOWELS.sub("", b))
