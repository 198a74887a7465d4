"""What the words around a name say of who bears it: a title before it, an apposition beside it, the state they tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from analysis.places import fold
from analysis.sentences import ABBREVIATIONS
from analysis.tagger import Name
from analysis.wordlists import ORGANISATION, PERSON, Words

# Words that may stand in a title or an apposition before or among its roles.
IN_TITLES = frozenset(
    "former ex acting deputy vice assistant associate prime foreign defense defence finance interior first second chief senior "
    "top state national general press campaign presidential parliamentary party opposition then outgoing incoming late veteran "
    "newly elected minority majority house senate military army police federal supreme high public communications political "
    "economic security trade energy health education justice leading longtime long-time retired and of for the de".split()
)
NO_TITLE = frozenset(
    "when but while as and after in on if yet meanwhile however the a an for since because though although at by with from "
    "that this then so or nor of to before until where which who like unlike even only what why how".split()
)
PARTY_AND_STATE = re.compile(
    r"\s*\((?:R|D|I|Republican|Democrat|Independent)[-–,\s]|,\s[RDI][-–][A-Z]"
)  # as US newspapers mark legislators
NOT_AMERICAN = re.compile(r"\b(?:Liberal|Social|Christian|Free) Democrat(?:s|ic)?\b")  # parties of other states
CIVIL = r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lord|Lady)\.?"
CIVIL_TITLE = re.compile(rf"(?<=,\s){CIVIL}\s$")
ROLE_BEFORE = re.compile(r"(?:^|[^\w.])([\w-]+),?[^\S\n]$")  # the word before a name, with no end of a sentence between
APPOSITION = re.compile(
    r",\s+((?:the |a |an |its |his |her |their )?[^,.;:()\n“”\"]{3,110}?)(?=,|\.|;|:|\n|$| who\b| which\b|\s[—–-]\s)"
)
DETERMINERS = frozenset("the a an its his her their our one another".split())
IS = re.compile(r"(?:who (?:is|was|serve[sd]|has been)|now|then|also|once|himself|herself|currently|formerly)(?: as)? ")
SEAT_FOR = re.compile(r"\b(?:MPs?|MEP|MSP|TD|[Ss]enator|[Cc]ongress(?:wo)?man|[Ll]awmaker|[Ll]egislator)\s+(?:for|from)\s")
HONORIFIC = re.compile(rf"(?:^|\s){CIVIL}$|^{CIVIL}\s")
LEADING = re.compile(
    r"(?:^|[\s(“\"])((?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|(?:[A-Z][\w.-]+ )?[A-Z][\w.’'-]+['’]s?)\s+"
    r"[^,.;:()\n“”\"]{3,110}),\s+$"
)


class Description(NamedTuple):
    """A title or an apposition of a person, as it is written, and what it tells."""

    words: str
    own: str  # its words before "to" or "against": an ambassador to a state does not speak for it
    roles: list[str]
    gender: str
    country: str | None
    affiliation: str | None


class Descriptions:
    """Titles and appositions in one article.

    Args:
        text: the article.
        words: the word lists.
    """

    def __init__(self, text: str, words: Words) -> None:
        self.text, self.words = text, words

    def of_person(self, name: Name, title: str) -> list[Description]:
        """What describes a person at one place: the title before the name, what follows it after a comma, what leads to it."""
        following = APPOSITION.match(self.text[name.end : name.end + 130])
        leading = LEADING.search(CIVIL_TITLE.sub("", self.text[max(0, name.start - 130) : name.start]))
        apposition = IS.sub("", following.group(1)) if following else ""
        if not self._begins_as_description(apposition):
            apposition = ""
        parts = (title, apposition, leading.group(1) if leading else "")
        return [description for words in parts if (description := self._description(words))]

    def _begins_as_description(self, words: str) -> bool:
        """Whether what follows a name and a comma describes it: "head of", not "told the judge", "and his counterpart"."""
        first = words.split()[0] if words.split() else ""
        if first.lower() in DETERMINERS:
            return True
        if first.lower() in NO_TITLE:
            return False
        role = self.words.role(first)
        if first[:1].isupper() or first.lower() in IN_TITLES or (role and role.kind in (PERSON, ORGANISATION)):
            return True
        # "urban policy professor at", but not "says his man", "have supported major reforms"
        plain = re.match(r"((?:[a-z-]+ ){1,3}[a-z-]+)(?=$| (?:and|of|at|for|in|with|from|to)\b)", words)
        if not plain or (DETERMINERS | NO_TITLE) & set(plain[1].split()):
            return False
        role = self.words.role(plain[1].split()[-1])
        return bool(role and role.kind == PERSON)

    def _description(self, words: str) -> Description | None:
        """What words around a name tell, if there is a person's role among them."""
        head = re.split(r"\s(?:who|that|which|whose|with|during|since|at a|in a)\b", words)[0]
        tokens = head.split()
        roles = [(token, role) for token in tokens[:8] if (role := self.words.role(token)) and role.kind == PERSON]
        if not roles:
            return None
        own = NOT_AMERICAN.sub("", re.split(r"\s(?:to|against|with|over|on)\s", head)[0])
        return Description(
            head,
            own,
            [token.strip(".,").lower() for token, _ in roles],
            next((role.gender for _, role in roles if role.gender), ""),
            self.words.places.country_in(own),
            self._affiliation(own),
        )

    def _affiliation(self, words: str) -> str | None:
        """The organisation of a description that ends in or begins with one, else the description, without its article."""
        organisation = re.search(r"\b(?:of|at|for|from)\s+(?:the\s+)?((?:[a-z][\w-]*\s+){0,6})([A-Z].*)$", words)
        if SEAT_FOR.search(words):
            organisation = None
        if organisation and not re.match(r"(?:State|the Interior|Defen[sc]e|Foreign)\b", organisation.group(2)):
            name = organisation.group(2).strip()
            if not self.words.places.find(name):
                return name
        words = re.sub(r"^(?:the|a|an|its|his|her|their)\s+", "", words, flags=re.IGNORECASE).strip()
        first = re.match(
            r"((?:[A-Z][\w.&'’-]*\s+)+)(?:[a-z-]+\s+)*(?:spokes|director|manager|adviser|advisor|aide|analyst|head|chief)",
            words,
        )
        plain = re.sub(r"\s(?:in|of|at|for|to|by|with|under)$", "", HONORIFIC.sub("", words)).strip()
        if plain != words and not any(is_title(word, self.words) for word in plain.split()):
            return None
        named = HONORIFIC.sub("", first.group(1).strip()) if first else ""
        return (plain if not named or named.endswith(("'s", "’s")) else named) or None

    def title_before(self, start: int, names: Sequence[Name] = ()) -> str:
        """The title directly in front of a name: "Acting US Defense Secretary", "spokesman"; empty if there is none.

        Of the names, which are those of the text in its order, no other person's is part of it.
        """
        begin = max(0, start - 110)
        before = self.text[begin:start]
        before = before[before.rfind("\n") + 1 :]
        if not before.endswith((" ", "\u00a0")):
            return ""
        somebody = next((n for n in reversed(names) if n.kind == "PERSON" and n.end <= start), None)
        if somebody and somebody.end > begin and not self.words.places.all_in(self.text[somebody.start : somebody.end]):
            before = before[max(0, somebody.end - start + len(before)) :]  # another person's name is no part of it
        tokens = list(re.finditer(r"\S+", before))
        kept = len(tokens)
        while kept and len(tokens) - kept < 9:
            word = tokens[kept - 1].group()
            bare = word.strip("“\"‘'(").removesuffix("'s").removesuffix("’s")
            if word[-1] in ",;:)”!?" or (word.endswith(".") and not self._is_short(word)):
                break
            role = self.words.role(bare)
            if not (bare[:1].isupper() or bare.lower() in IN_TITLES or (role and role.kind in (PERSON, ORGANISATION))):
                break
            kept -= 1
            if word[0] in '“"‘(':
                break
        while kept < len(tokens) and tokens[kept].group().lower() in NO_TITLE:
            kept += 1
        title = before[tokens[kept].start() :].strip() if kept < len(tokens) else ""
        if not any((role := self.words.role(word)) and role.kind == PERSON for word in title.split()):
            return ""
        return title.lstrip("“\"‘'(")

    def _is_short(self, word: str) -> bool:
        """Whether a word with a full stop is an abbreviation and no end of a sentence: "U.S.", "Sen.", "Lt."."""
        low = word.rstrip(".").lower()
        return bool(re.fullmatch(r"(?:[A-Z]\.)+", word)) or low in ABBREVIATIONS or bool(self.words.role(word) and len(low) < 5)

    def style(self, title: str) -> str:
        """The end of a title that stays before a name of one word: "Pope" or "King"; empty if there is none."""
        style = title.split()[-1] if title else ""
        role = self.words.role(style) if style[:1].isupper() else None
        return style if role and role.stays else ""

    def country_before(self, start: int) -> str | None:
        """The state that the words of the same phrase in front of a name tell: "Iran's", "the Russian arms exporter"."""
        before = self.text[max(0, start - 90) : start]
        before = re.split(r"[\n,.;:()“”\"](?![A-Z]\.)", before)[-1]
        tokens = before.split()
        phrase: list[str] = []
        while tokens and len(phrase) < 7:
            word = tokens.pop()
            if word.lower() in NO_TITLE - {"the"} or word.lower() in ("the", "said", "says", "told", "and"):
                break
            phrase.insert(0, word)
        if not phrase:
            return None
        found = self.words.places.all_in(" ".join(phrase))
        if not found:
            return None
        # Next to the name, or with a word for organisations between: not any state earlier in the clause.
        last = phrase[-1].replace("’", "'").removesuffix("'s").removesuffix("'")
        role = self.words.role(phrase[-1])
        beside = self.words.places.find(last) is not None or (role is not None and role.kind == ORGANISATION)
        countries = {place.country for _, place in found}
        return countries.pop() if beside and len(countries) == 1 else None

    def country_after(self, end: int) -> str | None:
        """The state of a legislator whose party and constituency follow the name: "(R-Ohio)", ", D-Calif."."""
        return "USA" if PARTY_AND_STATE.match(self.text[end : end + 130]) else None


def is_title(word: str, words: Words) -> bool:
    """Whether a word is a person's role, or says that it was one."""
    role = words.role(word)
    return bool(role and role.kind == PERSON) or fold(word) in ("former", "ex")
