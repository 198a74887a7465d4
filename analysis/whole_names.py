"""Names that the tagger found -> names as they are written in full, without titles, and with one kind for each spelling."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from itertools import combinations

from analysis.descriptions import IN_TITLES, NO_TITLE, ROLE_BEFORE, Descriptions, is_title
from analysis.places import american_states, fold
from analysis.tagger import Name
from analysis.wordlists import ORGANISATION, PERSON, Role, Words

POSSESSIVE = re.compile(r"['’]s?$")
INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.\s?)+$")  # "N. S. " before "Tomar"
NO_INITIALS = frozenset("us uk un eu dc uae ussr am pm".split())  # "in the U.S. Roe said"
# "Ng'ang" and "'a", "Roe" and "-Lind", "Rodrigo" and " de la Cerda y Bulnes".
GOES_ON = re.compile(
    r"['’](?!s\b)(?:[a-z]{1,3}\b|[A-Z])[\w]*|-[A-Z][\w'’]+|"
    r" (?:(?:de|del|dela|da|das|do|dos|di|du|van|von|der|den|ter|ten|zu|bin|bint|ibn|ould|wa|al|el|la|las|le|los|y) ){1,3}"
    r"(?!(?:The|A|An)\b)[A-Z][\w'’-]+"
)
# Where the tagger cuts an organisation's name: "E" of "E.U.", "Ministry" of "Ministry of Health and Welfare", "& Sons".
LETTERS_BEFORE = re.compile(r"(?<![\w.])(?:[A-Z]\.)*[A-Z]\.?$")
LETTERS_AFTER = re.compile(r"(?:\.?[A-Z]\.)+(?!\w)|-(?=[A-Z])[\w'’-]+|(?<=-)[A-Z][\w'’-]+")
JOINED_BEFORE = re.compile(r"(?:[A-Z][\w.'’-]* ){1,4}$")
WORDS_BEFORE = re.compile(r"(?<=[\w,;] )((?:[A-Z][\w'’]+ ){1,2})$")
DAYS = frozenset(name.lower() for name in (*calendar.day_name, *calendar.month_name))
OPEN = re.compile(r"(?: (?:of|for|and|the)| ?&)+$")
CAPITALS_AFTER = re.compile(r"(?: [A-Z][\w'’-]*)+")
OF_AFTER = re.compile(
    r" (?:of|for)(?: the)?(?: [A-Z][\w'’-]*)+(?:,(?: [A-Z][\w'’-]*)+ and(?: [A-Z][\w'’-]*)+)?(?: (?:and|&)(?: [A-Z][\w'’-]*)+)?"
)
# "Air [India]", "Bank of [America]": no state
NAMED_AFTER = re.compile(r"\b(?:Air|Team|Radio|Telecom|Virgin|(?:Royal )?Bank of|Voice of) $")
# A company, unlike a foundation or a tower, is often called by its first word alone.
COMPANY = re.compile(
    r"\b(?:Company|Co|Corp|Corporation|Inc|Ltd|Limited|PLC|plc|AG|SA|SpA|NV|Motors?|Airlines?|Airways|Industries|Brothers)\.?$"
)
# What a company is in law, which the tagger may take for a name of its own: "Ekby [S.A.]"
IN_LAW = re.compile(r"(?:S\.?A\.?S?|S\.?p\.?A|N\.?V|B\.?V|A\.?G|A\.?S|A/S|AB|GmbH|Inc|Corp|Ltd|LLC|PLC|plc|Cos?|Cie)\.?")
FOUNDATION = re.compile(r"\b(?:Foundation|Institute|Trust|Organi[sz]ation|Hospital|Library|Center|Centre)$")
# "German [Football Association]"
SOCIETY = re.compile(r"\b(?:Foundation|Association|Federation|Society|League|Institute|Workers|Union)$")
# "Ekby Children's [Hospital]"
FOR_WHOM = re.compile(r"\b(?:Children|Women|Men|People|Workers|Veterans|Farmers|Teachers|Nurses)(?:['’]s|s['’])$")
GENERATIONS = frozenset("jr sr ii iii iv".split())  # "Jr." is another person than the one of the same name without it
HOLDER_OF = re.compile(
    r"\b([\w-]+) of (?:(?:the|its|his|her|their|our|an?)\s)?(?:[\w-]+\s){0,2}$"
)  # "head of the spy [agency]"
PEOPLE = re.compile(r"[A-Z]\w+(?:ans|ese|ers|ites)")  # "Texans" before "Ana Roe", but not a first name
ON_BOARD = re.compile(r"\b(?:on|across the) board$")  # no organisation, as in "get on board"
BEFORE_SURNAME = re.compile(r"(?:^|[\s(“\"])([A-Z][\w.'’-]*)\s$")  # the capitalised word before a name
FIRST_NAME = re.compile(r"(?:^|[\s(“\"])([A-Z][a-z'’-]+) $")
# First names that are other words as well: "Will Roe pay?", "Mark Roe absent"
NO_FIRST_NAMES = frozenset("will may mark grant bill pat sue art grace faith hope joy chase drew rob rich christian".split())
SMALL = re.compile(r"\b[a-z][\w'’-]*\b")
# A capitalised word with no other beside it that may belong to its name: "Soto's", not "Soto Street", "anti-Soto", "@Soto"
LONE = re.compile(r"(?<![\w'’@#/.-])[A-Z][\w-]*(?:['’][A-Z]\w*)?(?![\w@/-]|['’](?!s?\b)| [A-Z])")
NOW_AND_THEN, MOSTLY = 0.2, 0.7  # shares of its mentions in which the tagger takes a surname for a person's
SOME, MANY_WORDS = 3, 4  # mentions of a surname alone; words before it that are no first names any more
TITLE_AND_NAME = re.compile(r"(?:^|\s)([A-Z][\w.]+) ([A-Z][\w'’-]+) $")


class WholeNames:
    """The names that the tagger found in one article, made whole.

    Args:
        text: the article.
        words: the word lists.
        descriptions: the titles and appositions in the article.
    """

    def __init__(self, text: str, words: Words, descriptions: Descriptions) -> None:
        self.text, self.words, self._descriptions = text, words, descriptions

    def of(self, names: list[Name]) -> list[Name]:
        """The names as they are written in full, in text order, without what is none, and with one kind for each spelling."""
        cleaned = self._without_strangers(self._clean_all(self._put_together(names)))
        return self._with_surnames(self._settle(cleaned))

    def _without_strangers(self, names: list[Name]) -> list[Name]:
        """The names without the words of a headline around a person named in full elsewhere: "Hails [Ana Roe] Donor"."""
        words = {name: self.text[name.start : name.end].split() for name in names if name.kind == "PERSON"}
        full = {tuple(some) for some in words.values() if len(some) > 1}
        return [self._inner(name, words[name], full) if len(words.get(name, ())) > 2 else name for name in names]

    def _inner(self, name: Name, words: list[str], full: set[tuple[str, ...]]) -> Name:
        """The full name that stands in a longer one, but not at its end: there the longer one is the same person's."""
        for first, last in combinations(range(len(words) - 1), 2):
            if tuple(words[first : last + 1]) in full and fold(words[last + 1]).strip(".") not in GENERATIONS:
                inner = re.compile(r"\s+".join(map(re.escape, words[first : last + 1])))
                if found := inner.search(self.text, name.start, name.end):
                    return name._replace(start=found.start(), end=found.end())
        return name

    def _with_surnames(self, names: list[Name]) -> list[Name]:
        """The names with the surnames of persons named in full, where they stand alone and the tagger passed them over.

        Only where no capitalised word beside one may belong to it, and the word is nothing else in the article, such as a firm.
        """
        people = [self.text[name.start : name.end].split() for name in names if name.kind == "PERSON"]
        others = {self.text[name.start : name.end] for name in names if name.kind != "PERSON"}
        full = {words[-1] for words in people if len(words) > 1} - others
        common = set(SMALL.findall(self.text))
        surnames = {word for word in full if len(word) > 2 and word[0].isupper() and not self._is_a_word(word, common)}
        starts = [name.start for name in names]
        added = []
        for found in LONE.finditer(self.text) if surnames else ():
            if found[0] not in surnames:
                continue
            at = bisect_right(starts, found.start()) - 1
            inside = at >= 0 and names[at].end > found.start()
            if not inside and self._begins_a_name(found.start()):
                added.append(Name(found.start(), found.end(), "PERSON"))
        return sorted([*names, *added])

    def _is_a_word(self, surname: str, common: Collection[str]) -> bool:
        """Whether a surname is a title, a place, a day, or a common word of the article too: "Judge", "Price", "May"."""
        low = surname.lower()
        if low in DAYS or low in common or fold(surname) in self.words.media:
            return True
        return self.words.role(surname) is not None or self.words.places.find(surname) is not None

    def _begins_a_name(self, start: int) -> bool:
        """Whether no capitalised word that may be a first name stands before: "when Roe", "Mr. Roe", "When Roe"."""
        before = BEFORE_SURNAME.search(self.text, max(0, start - 40), start)
        if before is None:
            return True
        return before[1].lower() in NO_TITLE or is_title(before[1], self.words)

    def _put_together(self, names: list[Name]) -> list[Name]:
        """The names with the pieces of one name put together: "Oman" and "Airlines", "Ann Roe" and "Trust", "Ann" and "Roe".

        So are those that the article names as one elsewhere.
        """
        joined: list[Name] = []
        elsewhere = {self.text[name.start : name.end]: name.kind for name in names}
        for name in names:
            while joined and self._is_one_name(joined[-1], name):
                name = Name(joined.pop().start, name.end, "ORGANIZATION")
            whole = elsewhere.get(self.text[joined[-1].start : name.end]) if joined else None
            if whole and not is_title(self.text[joined[-1].start : joined[-1].end], self.words):
                name = Name(joined.pop().start, name.end, whole)
            if joined and self._is_one_person(joined[-1], name):
                name = name._replace(start=joined.pop().start)
            joined.append(name)
        return joined

    def _is_one_person(self, one: Name, other: Name) -> bool:
        """Whether two names are a person's first name and the rest."""
        first = self.text[one.start : one.end]
        return one.kind == other.kind == "PERSON" and self.text[one.end : other.start] == " " and self._is_first_name(first)

    def _is_one_name(self, one: Name, other: Name) -> bool:
        """Whether two names are pieces of an organisation's, by what the second one ends in or the first one is."""
        first, second = self.text[one.start : one.end], self.text[other.start : other.end]
        if self._is_in_law(one, other):
            return True
        if self.text[one.end : other.start] != " ":
            return False
        if (one.kind, other.kind) == ("ORGANIZATION", "PERSON"):
            return self._is_half_of_a_firm(first, second)
        if other.kind != "ORGANIZATION":
            return False
        if FOR_WHOM.search(first) or fold(first) in self.words.genders:
            return True
        if one.kind == "MISC" and " " in second and SOCIETY.search(second):
            return not self._stands_alone(second)
        place = self.words.places.find(first)
        if POSSESSIVE.search(first) or (place and place.kind == "people") or is_title(first, self.words):
            return False
        if one.kind == "PERSON" and not self.words.role(first.split()[-1]):
            return " " in first or bool(FOUNDATION.search(second))
        return one.kind in ("LOCATION", "ORGANIZATION") and bool(COMPANY.search(second))

    def _is_half_of_a_firm(self, first: str, second: str) -> bool:
        """Whether what looks like a surname after an organisation is part of its name: "Lindwick Marlo"."""
        last = first.split()[-1]
        known = self.words.places.find(first) or fold(first) in self.words.media or fold(last) in self.words.genders
        if known or " " in second or any(is_title(word, self.words) or self.words.role(word) for word in (last, second)):
            return False
        return self.text.count(second) == self.text.count(f"{first} {second}")

    def _stands_alone(self, words: str) -> bool:
        """Whether these words stand anywhere without a capitalised one before them."""
        return len(re.findall(rf"\b[A-Z]\w+ {re.escape(words)}", self.text)) < self.text.count(words)

    def _is_in_law(self, one: Name, other: Name) -> bool:
        """Whether a name is but what the one before is in law; a place is no company: "Reno, NV"."""
        first, second = self.text[one.start : one.end], self.text[other.start : other.end]
        if one.kind == "LOCATION" or self.words.places.find(first) or not IN_LAW.fullmatch(second):
            return False
        gap = self.text[one.end : other.start]
        return gap == " " or (gap == ", " and (len(second) > 2 or "." in second))

    def _clean_all(self, names: list[Name]) -> list[Name]:
        """The names as they are written in full; a piece that lies in an organisation's full name is no name of its own."""
        barriers = [name for name in names if name.kind != "ORGANIZATION"]
        pairs = [(old, new) for old in names if (new := self._clean(old, barriers))]
        grown = [new for old, new in pairs if new.kind != "PERSON" and (new.start < old.start or new.end > old.end)]
        once = {(new.start, new.end): new for _, new in reversed(pairs)}
        pieces = {span for span in once for big in grown if big.start <= span[0] and span[1] <= big.end and big[:2] != span}
        return [once[span] for span in sorted(once.keys() - pieces)]

    def _clean(self, name: Name, barriers: list[Name]) -> Name | None:
        """The whole name, without a possessive ending, an article or a title; it does not grow into one of the barriers."""
        start, end = self._in_full(name, barriers)
        kind = name.kind
        text = self.text[start:end]
        shorter = POSSESSIVE.sub("", text)
        end -= len(text) - len(shorter)
        words = list(re.finditer(r"\S+", self.text[start:end]))
        while words and kind == "PERSON" and len(words) > 1 and is_title(words[0].group(), self.words):
            words.pop(0)
        while (
            kind == "PERSON" and len(words) > 2 and PEOPLE.fullmatch(words[0].group()) and not self._is_first_name(words[0][0])
        ):
            words.pop(0)
        while words and words[0].group().lower() in ("the", "a", "an"):
            words.pop(0)
        if not words:
            return None
        end = start + words[-1].end()
        start += words[0].start()
        if kind == "PERSON":
            start = self._with_first_name(start)
        text = self.text[start:end]
        if not any(c.isupper() for c in text) or len(text) < 2:
            return None
        if kind == "PERSON" and self.words.role(text) and " " not in text:
            return None
        of_a_state = NAMED_AFTER.search(self.text, max(0, start - 20), start)
        if self.words.places.find(text) and kind != "PERSON":
            start, kind = (of_a_state.start(), "ORGANIZATION") if of_a_state else (start, "LOCATION")
        elif kind in ("LOCATION", "MISC", "PERSON") and fold(text) in self.words.media:
            kind = "ORGANIZATION"
        return Name(start, end, kind)

    def _in_full(self, name: Name, barriers: list[Name]) -> tuple[int, int]:
        """A name with what the tagger cut."""
        if name.kind == "PERSON":
            return self._whole(name)
        if name.kind not in ("ORGANIZATION", "LOCATION"):
            return name.start, name.end
        start, end = self._whole_letters(name.start, name.end, {n.start for n in barriers})
        return self._whole_organisation(start, end, barriers) if name.kind == "ORGANIZATION" else (start, end)

    def _whole(self, name: Name) -> tuple[int, int]:
        """A person's name with what the tagger cut: initials before it, and what an apostrophe, hyphen or particle adds."""
        start, end = name.start, name.end
        while start < end and not self.text[start].isalnum():
            start += 1
        initials = INITIALS.search(self.text, max(0, start - 12), start)
        if initials and fold(initials[0]).replace(" ", "") not in NO_INITIALS:
            start = initials.start()
        while more := GOES_ON.match(self.text, end):
            end = more.end()
        return start, end

    def _whole_letters(self, start: int, end: int, others: set[int]) -> tuple[int, int]:
        """A name with the letters and the part after a hyphen that the tagger cut: "E" of "E.U.", "Coca-" of "Coca-Cola"."""
        letters = LETTERS_BEFORE.search(self.text, max(0, start - 10), start)
        if letters and (self.text[start].isalnum() or self.text[start] == "."):
            start = letters.start()
            end += self.text.startswith(".", end) and self.text[end - 2 : end - 1] == "."
        more = LETTERS_AFTER.match(self.text, end)
        if more and not {end, end + 1} & others:
            end = more.end()
        return start, end

    def _whole_organisation(self, start: int, end: int, barriers: list[Name]) -> tuple[int, int]:
        """An organisation's name with the words joined by "of" or "&" that the tagger cut: "Bank" and "of England"."""
        free_until = next((n.start for n in barriers if n.start >= end), len(self.text))
        words = self.text[start:end]
        if words.startswith(("of ", "for ", "& ", "and ")):
            free_from = max((n.end for n in barriers if n.end <= start), default=0)
            if before := JOINED_BEFORE.search(self.text, max(free_from, start - 60), start):
                start = before.start()
        left_open = OPEN.search(words)
        more = None
        if left_open:
            more = CAPITALS_AFTER.match(self.text, end)
        elif (role := self.words.role(words.split()[-1])) and role.kind == ORGANISATION:
            more = OF_AFTER.match(self.text, end)
        if more and more.end() <= free_until:
            end = more.end()
        elif left_open:
            end -= len(left_open[0])
        people = [n for n in barriers if n.kind == "PERSON"]
        return self._with_words_before(start, max(start, end), people), max(start, end)

    def _with_words_before(self, start: int, end: int, people: list[Name]) -> int:
        """Where an organisation's name begins of which the tagger found the last word alone: "Yorkshire" before "Water".

        Only where this word stands after no other one in the article, and before it no title, state or person.
        """
        word = self.text[start:end]
        before = WORDS_BEFORE.search(self.text, max(0, start - 50), start)
        if not before or " " in word or word.isupper() or not word[:1].isupper() or fold(word) in self.words.media:
            return start
        first, words = before.start(1), before[1].split()
        place = self.words.places.find(self.text[first:end])
        if place and place.kind == "seat":
            return first
        if any(is_title(w, self.words) or w.lower() in IN_TITLES | NO_TITLE | DAYS or self.words.places.find(w) for w in words):
            return start
        if any(n.start < start and n.end > first for n in people) or self._in_capitals(first):
            return start
        again = len(re.findall(rf"\b{re.escape(word)}\b", self.text))
        return first if again == len(re.findall(rf"\b{re.escape(self.text[first:end])}\b", self.text)) else start

    def _in_capitals(self, place: int) -> bool:
        """Whether a line is written like a headline, most of its words with a capital."""
        end = self.text.find("\n", place)
        words = self.text[self.text.rfind("\n", 0, place) + 1 : end if end >= 0 else len(self.text)].split()
        return 2 * sum(word[:1].isupper() for word in words) > len(words) > 3

    def _with_first_name(self, start: int) -> int:
        """Where a person's name begins: with the word before it, if that is a first name, or has a title before it."""
        first = FIRST_NAME.search(self.text, max(0, start - 20), start)
        if first and self._is_first_name(first[1]):
            return first.start(1)
        before = TITLE_AND_NAME.search(self.text, max(0, start - 60), start)
        if not before or not is_title(before.group(1), self.words):
            return start
        word = before.group(2)
        if self.words.role(word) or self.words.places.find(word) or word.lower() in IN_TITLES | NO_TITLE:
            return start
        return before.start(2)

    def _is_first_name(self, word: str) -> bool:
        """Whether a word is known as a first name and as nothing else: not "April", "Virginia", "Will"."""
        if fold(word) not in self.words.genders or self.words.places.find(word) or word in american_states():
            return False
        return word.lower() not in DAYS | NO_FIRST_NAMES and self.words.role(word) is None

    def _settle(self, names: list[Name]) -> list[Name]:
        """The same names with one kind for each spelling: what stands beside a name tells more than the tagger's guess.

        A state stays a state unless it is the surname of somebody in the article; what an organisation's role stands before
        ("the arms maker X") is an organisation, and so is a surname whose company is named before its bearer; else the kind
        that the tagger gave most often.
        """
        firms = self._first_full([n for n in names if COMPANY.search(self.text[n.start : n.end])], "ORGANIZATION", 0)
        bearers = self._first_full(names, "PERSON", -1)
        people = [self.text[n.start : n.end].split() for n in names if n.kind == "PERSON"]
        surnames = {fold(words[-1]) for words in people if len(words) > 1}
        parts = {fold(part) for words in people for part in words[1:] if part[:1].isupper()}
        alone = self._kinds_alone(names)
        called = {key for key in surnames - firms.keys() if _share_of_persons(alone[key]) >= NOW_AND_THEN}
        votes: dict[str, Counter] = {}
        for name in names:
            key = fold(self.text[name.start : name.end])
            kind = name.kind
            role = self._role_beside(name)
            if key not in parts and self.words.places.find(key):
                kind = "LOCATION"
            elif kind == "PERSON" and self._is_firm(name, firms.get(key), bearers.get(key)):
                kind = "ORGANIZATION"
            elif kind in ("ORGANIZATION", "MISC") and (key in called or self._is_bearer(key, alone)):
                kind = "PERSON"
            weight = 1
            if kind in ("ORGANIZATION", "PERSON") and self._is_titled_person(name):
                kind, weight = "PERSON", 100
            elif role and role.kind == ORGANISATION and kind != "LOCATION" and key not in surnames:
                kind, weight = "ORGANIZATION", 100
            votes.setdefault(key, Counter())[kind] += weight
        return [name._replace(kind=votes[fold(self.text[name.start : name.end])].most_common(1)[0][0]) for name in names]

    def _role_beside(self, name: Name) -> Role | None:
        """The role that the word before a name tells: "arms maker", but not "agency" of "the head of the agency, Bo Lind"."""
        before = ROLE_BEFORE.search(self.text, max(0, name.start - 25), name.start)
        if before is None or ON_BOARD.search(self.text, max(0, before.start(1) - 12), before.end(1)):
            return None
        if "," in before[0] and name.kind == "PERSON" and self._has_first_name(name):
            return None  # "for his campaign, Ana Roe said"
        of = HOLDER_OF.search(self.text, max(0, before.start(1) - 50), before.start(1))
        holder = self.words.role(of[1]) if of else None
        return None if holder and holder.kind == PERSON else self.words.role(before[1])

    def _has_first_name(self, name: Name) -> bool:
        first, *rest = self.text[name.start : name.end].split()
        return bool(rest) and fold(first) in self.words.genders

    def _kinds_alone(self, names: list[Name]) -> dict[str, Counter]:
        """What the tagger takes each word for where it is a name by itself."""
        alone: dict[str, Counter] = defaultdict(Counter)
        for name in names:
            words = self.text[name.start : name.end]
            if " " not in words:
                alone[fold(words)][name.kind] += 1
        return alone

    def _is_bearer(self, key: str, alone: Mapping[str, Counter]) -> bool:
        """Whether a name of a few words ends in one that by itself is mostly a person's: "Xochitl Soto", then "Soto"."""
        *first, last = key.split()
        kinds = alone.get(last, Counter())
        is_surname = kinds["PERSON"] >= SOME and _share_of_persons(kinds) >= MOSTLY
        return 0 < len(first) < MANY_WORDS and is_surname and not any(self.words.role(word) for word in (*first, last))

    def _is_titled_person(self, name: Name) -> bool:
        """Whether a name of several words with a person's title before it is a person: "Secretary of State Ann B. Lee"."""
        words = self.text[name.start : name.end].split()
        if len(words) < 2 or not all(word[:1].isupper() for word in words) or any(self.words.role(word) for word in words):
            return False
        known = fold(words[0]) in self.words.genders and fold(" ".join(words)) not in self.words.media
        return known and bool(self._descriptions.title_before(name.start)) and not COMPANY.search(" ".join(words))

    def _is_firm(self, name: Name, firm: int | None, bearer: int | None) -> bool:
        """Whether a surname stands for the firm named so at one place, rather than for its bearer, who is named at another."""
        if firm is None or firm >= (name.start if bearer is None else bearer):
            return False
        return not self._descriptions.title_before(name.start)

    def _first_full(self, names: list[Name], kind: str, part: int) -> dict[str, int]:
        """Where a name of this kind with several words is first seen, by its first (0) or last (-1) word."""
        found: dict[str, int] = {}
        for name in names:
            words = self.text[name.start : name.end].split()
            if name.kind == kind and len(words) > 1:
                found.setdefault(fold(words[part]), name.start)
        return found


def _share_of_persons(kinds: Counter) -> float:
    return kinds["PERSON"] / kinds.total() if kinds else 0.0
