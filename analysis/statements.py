"""Tagged attributions -> rows of the statements table: who said what, how, when, to whom, and how sure we are."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.acts import Act, CueWords, act_of, read_cues
from analysis.authority import Authority
from analysis.dates import TimeExpression
from analysis.interviews import Turn, turns
from analysis.names import Actor
from analysis.places import fold
from analysis.quotes import Quotes
from analysis.schema import NOT_STATEMENTS
from analysis.sentences import whole_words
from analysis.setting import Setting
from analysis.speakers import NOBODY, SINGULAR, Speaker
from analysis.tagger import Tagged
from analysis.tagging.attributions import Attribution, parents
from analysis.wordlists import PERSON, Words, read_words

Span = tuple[int, int]

COMPLEMENTISER = re.compile(r"\W*(?:that|if|whether|to)\b\s*", re.IGNORECASE)
# "She was asked": who stands before the cue hears it.
PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|be|get|gets|got)\b(?:\s+\w+){0,2}?\s+(?:asked|told|urged|warned|informed|reminded|advised|assured|ordered|instructed|accused)\b",
    re.IGNORECASE,
)
# "Ministers accused of lying", "Nurses urged to strike": a headline leaves out "are".
HEADLINE_PASSIVE = re.compile(
    r"(?:accused\s+(?:of|over)|warned\s+(?:to|over)|(?:asked|told|urged|ordered)\s+to)\s", re.IGNORECASE
)
BY = re.compile(r"\bby\b", re.IGNORECASE)
# ", reported Reuters" at the end of a sentence passes the statement on and is no part of it.
RELAY_TAIL = re.compile(r",\s+(?:as\s+)?(?:reported|according to|(?:wrote|reports|citing)\s)[^,;.“\"]{2,80}$", re.IGNORECASE)
# A word at the end of a content that leads on to what follows it: "no path" as.
LEADING_ON = re.compile(r"[\s,;]+(?:as|and|but|while)$")
# What a newspaper puts before a headline, with a colon, to say what kind of article it is.
RUBRIC = re.compile(
    r"(?:(?:news )?analysis|opinion|comment|commentary|editorial|explainer|explained|exclusive|factbox|fact[ -]check|feature|"
    r"live|live (?:blog|updates?)|long read|obituary|podcast|profile|q ?& ?a|recap|review|timeline|updates?|video|watch|listen|"
    r"in pictures|photos?|gallery|breaking|breaking news|read more|related|see also|read|(?:key|main) points?)",
    re.IGNORECASE,
)
# Cues that put the act away from the day of the article, without saying when.
ELSEWHEN = re.compile(
    r"\b(?:previously|repeatedly|often|frequently|long|once|always|never|sometimes|twice|consistently|formerly|originally|"
    r"had|in the past|over the years|time and again|regularly|routinely)\b",
    re.IGNORECASE,
)
ADDRESSED = frozenset(
    "tell urge ask warn remind inform assure advise promise brief order instruct implore beg notify petition".split()
) | {"call on", "call upon"}
# Verbs that always have an addressee; what follows one of the others may be something else: "he warned again".
ALWAYS_ADDRESSED = frozenset("tell inform assure remind brief notify".split())
# Where an addressee ends: "reporters | after the meeting", "the crowd | , which".
ADDRESSEE_END = re.compile(
    r"[,;:\n(]|\s[–—-]+\s|(?:^|\s)(?:in|on|at|by|about|after|during|outside|inside|before|following|through|via|over|near|"
    r"when|while|as|who|whom|which|that|if|whether|how|why|because|where|and then|"
    r"late|later|early|earlier|recently|afterwards?|again|separately|privately|repeatedly|last|this (?:morning|week|month))\b",
    re.IGNORECASE,
)
TO_NOBODY_NAMED = frozenset("them it you me us himself herself themselves itself".split())
DETERMINER = re.compile(r"(?:the|a|an|his|her|its|their|our|my|this|these|those|all|any|other|some|many|both)\s", re.IGNORECASE)
# Words for media beside a name; an agency, a service, a network or a station may be of another kind ("the weather service").
MEDIA_NOUN = re.compile(
    r"\b(?i:(?:news|press|wire|radio|television|tv|cable|broadcasting) "
    r"(?:agency|service|network|station|channel|site|portal|outlet)|"
    r"newspaper|daily|weekly|magazine|broadcaster|television|tv|channel|radio|website|newswire|tabloid|media|outlet)\b"
    r"|\b(?:Times|Post|News|Herald|Tribune|Journal|Gazette|Press)\b"
)
# An address on the web that is a source: "kompas.com".
SITE = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|tv|news|(?:co|com|org|net)\.[a-z]{2}|[a-z]{2})\b")
RELAYING = re.compile(
    r"\b(?:report(?:s|ed|ing)?|said|says|wrote|writes|quot(?:e|es|ed|ing)|cit(?:e|es|ed|ing)|according to|revealed|told|"
    r"carried|published)\b",
    re.IGNORECASE,
)
QUOTING = re.compile(r"\b(?:quot|cit)(?:es?|ed|ing)\b", re.IGNORECASE)
REPORTEDLY = re.compile(r"\breportedly\b", re.IGNORECASE)
REPORTED = re.compile(r"(?:has |have )?(?:reported|wrote|reports)", re.IGNORECASE)
FOLLOWING = re.compile(r"\s+(?:the\s+)?([^,.;:\n“”\"]{2,60})")
TIME_LEAD = re.compile(
    r"(?:^|\s)((?:(?:earlier|late|later|early) )?(?:on|in|at|during|since|by|after|before) "
    r"|(?:earlier|late|later|early) )(?:the )?$"
)
# What is still to be said may have a day after the article's: "will tell parliament on Friday".
TO_COME = re.compile(r"\b(?:will|shall|would|to|going|['’]ll)\b|['’]ll\b", re.IGNORECASE)
# A relative clause that is still open: ", who retires in".
RELATIVE_CLAUSE = re.compile(r",\s+(?:who|whom|whose|which|where)\b[^,;:]*$")
# What leads into the time after an addressee: "parliament late [on] Tuesday".
BEFORE_TIME = re.compile(
    r"\s+(?:(?:early|late|later|earlier)\s*)?(?:(?:on|in|at|during|since|by|the|this)\s*){0,2}$", re.IGNORECASE
)
QUOTED_BY = re.compile(r"\b(?:quoted|cited|reported) by\b", re.IGNORECASE)
# "urged the king to abdicate": the words before "to" are the addressee, though the annotation counts them as content.
URGED = re.compile(r"([^,.;:“”\"\n]{2,90}?)\s+(?:not )?to\s")
AUXILIARIES = re.compile(
    r"(?:^|\s)((?:(?:has|have|had|did|does|do|is|are|was|were|will|would|could|should|may|might|must|can|cannot|not|never|been|be|"
    r"(?:has|have|had|did|does|do|is|are|was|were|would|could|should)n['’]t)\s)+)$",
    re.IGNORECASE,
)
PARTICLE = re.compile(r"\s(?:out|on|for|off|back|up|upon|aside)\b")
IN_PLACE = re.compile(r"\b(?:in|at)\s+(?:the\s+)?$", re.IGNORECASE)
SENTENCE_IN_QUOTES = re.compile(r"[.!?…][\"”»’'“]*\W*$")
CERTAIN = 0.95  # a turn of an interview
FEW_WORDS = 3  # so many words left out of a content are an oversight of the tagger
FEW_PARAGRAPHS = 5
STANDS_ALONE = 25  # a free-standing quotation has at least so many characters


@dataclass
class Draft:
    """A statement on its way to a row."""

    source: list[Span]
    cue: list[Span]
    content: list[Span]
    confidence: float
    shy: bool = False
    heard: list[Span] = field(default_factory=list)  # who is spoken to, where the tagger took that for the source
    parent: Draft | None = None
    turn: Turn | None = None  # of an interview
    act: Act = field(default_factory=lambda: Act("say", False, None))
    quote_type: str = "indirect"
    speaker: Speaker = NOBODY
    via: list[str] = field(default_factory=list)
    addressee: str | None = None
    when: TimeExpression | None = None
    date_basis: str = "none"
    days: tuple[date | None, date | None] = (None, None)

    @property
    def start(self) -> int:
        return min(a for a, _ in [*self.source, *self.cue, *self.content])

    @property
    def end(self) -> int:
        return max(b for _, b in [*self.source, *self.cue, *self.content])

    @property
    def anchor(self) -> int:
        """Where the statement is made: at its cue, or at its content where there is no cue."""
        return (self.cue or self.content or self.source)[0][0]


class StatementReader:
    """Turns the tagger's attributions of an article into rows.

    Args:
        authority: what is known about actors.
        folder: where the word lists lie (cues.csv, places.csv, roles.csv, first_names.csv, media.csv, things.csv).
        words: the word lists but cues.csv, where they have been read already.
    """

    def __init__(self, authority: Authority, folder: Path | str, words: Words | None = None) -> None:
        self.authority = authority
        self.words: Words = words or read_words(folder)
        self.cues: CueWords = read_cues(Path(folder) / "cues.csv")

    def rows(self, article: Mapping[str, Any], tagged: Tagged, *, setting: Setting | None = None) -> list[dict[str, Any]]:
        """The rows of one article.

        Args:
            article: a row of the articles table, with dates as `datetime.date` or None.
            tagged: what the tagger found in its headline and body.
            setting: the article's setting, where it has been made already.

        Returns:
            Dictionaries with the keys of schema.TABLES["statements"], in text order.
        """
        setting = setting or Setting(article, tagged, self.words, self.authority)
        return _Reading(article, tagged, self, setting).rows()


class _Reading:
    """One article being read: its text, what helps to look things up in it, and its statements."""

    def __init__(self, article: Mapping[str, Any], tagged: Tagged, reader: StatementReader, setting: Setting) -> None:
        self.article, self.reader, self.setting = article, reader, setting
        self.text = setting.text
        self.quotes = Quotes(self.text)
        self.sentences, self.cast, self.speakers = setting.sentences, setting.cast, setting.speakers
        self._paragraphs = self._paragraph_starts()
        self.drafts = self._with_turns(self._drafts(tagged.attributions))
        self._media_seen: list[tuple[int, str]] = []

    def rows(self) -> list[dict[str, Any]]:
        self._add_free_standing()
        self.drafts.sort(key=lambda d: (d.start, d.end, d.anchor))
        for draft in self.drafts:
            self._read_act(draft)
        self._drop_unsaid_inside()
        self._find_relaying_media()
        self._read_relays()
        self._read_speakers()
        self._read_dates()
        numbers = {id(draft): self._id(draft) for draft in self.drafts}
        return [self._row(draft, numbers) for draft in self.drafts]

    def _paragraph_starts(self) -> list[int]:
        starts = {self.sentences.paragraph(a)[0] for a, _ in self.sentences.spans}
        parts = [(z["start"], z["end"]) for z in self.article["zones"] if z["kind"] != "boilerplate"]
        return sorted(start for start in starts if any(a <= start < b for a, b in parts))

    # -------------------------------------------------------------- spans

    def _drafts(self, attributions: list[Attribution]) -> list[Draft]:
        drafts = []
        for found in attributions:
            cue = [self._whole_cue(*found.cue[0], [*found.source, *found.content])]
            source = [self._whole_source(self._whole_words(s), cue[0]) for s in found.source]
            heard = source if self._is_heard(found) else []
            source = [] if heard else source
            content = self._joined([self._whole_words(span) for span in found.content], [*cue, *found.source])
            content = self._own_paragraph(cue, self._whole_quotes(content, cue))
            if cue and source and self._is_rubric(source, cue):
                continue
            words = any(c.isalpha() or c == ":" for c in self.text[cue[0][0] : cue[0][1]])
            if (content or source) and (words or self._quote_type(content, cue) == "direct"):
                drafts.append(Draft(source, cue, content, found.confidence, shy=found.shy, heard=heard))
        for draft, parent in zip(drafts, parents([Attribution(d.source, d.cue, d.content) for d in drafts]), strict=True):
            draft.parent = drafts[parent] if parent is not None else None
        return [draft for draft in drafts if draft.parent or not draft.shy]

    def _with_turns(self, drafts: list[Draft]) -> list[Draft]:
        """The statements with one for each turn of an interview, in place of those that the tagger cut from its label."""
        told = turns(self._paragraphs_of_body(), self.cast, self.speakers)
        if not told:
            return drafts
        labels = [(turn.label[0], turn.mark[1]) for turn in told]
        kept = [d for d in drafts if not any(_touches(span, labels) for span in [*d.source, *d.cue])]
        made = [Draft([turn.label], [turn.mark], turn.words, CERTAIN, turn=turn) for turn in told]
        holders = sorted((span, number) for number, draft in enumerate(made) for span in draft.content)
        still = {id(draft) for draft in kept}
        for draft in kept:
            place = bisect_right(holders, ((draft.anchor, len(self.text)), 0)) - 1
            (start, end), number = holders[max(place, 0)]
            if start <= draft.anchor < end:
                draft.content = [(max(a, start), min(b, end)) for a, b in draft.content if a < end and start < b]
                draft.parent = draft.parent if id(draft.parent) in still else made[number]
        return [*made, *(draft for draft in kept if draft.content or draft.source)]

    def _paragraphs_of_body(self) -> list[Span]:
        return [self.sentences.paragraph(start) for start in self._paragraphs if self.setting.zone(start) == "body"]

    def _is_rubric(self, source: list[Span], cue: list[Span]) -> bool:
        """Whether "Analysis: Why the port closed" was taken for a statement."""
        return self.text[slice(*cue[0])] == ":" and bool(RUBRIC.fullmatch(self._words(source) or ""))

    def _whole_words(self, span: Span) -> Span:
        return whole_words(self.text, span)

    def _joined(self, spans: list[Span], between: list[Span]) -> list[Span]:
        """Pieces of content as one where only a few words part them; a content is split by its own source or cue, else not."""
        out: list[Span] = []
        for start, end in spans:
            before = out[-1][1] if out else start
            gap = self.text[before:start]
            parted = any(before <= a < start for a, _ in between) or "\n" in gap or len(gap.split()) > FEW_WORDS
            if not out or parted or (self.quotes.around(before - 1) is None) != (self.quotes.around(start) is None):
                out.append((start, end))
            else:
                out[-1] = (out[-1][0], end)
        return out

    def _whole_cue(self, start: int, end: int, others: list[Span]) -> Span:
        """A cue with the auxiliaries and negations before it, and the particle after it: "rule" in "did not rule out"."""
        lead = AUXILIARIES.search(self.text, max(0, start - 40), start)
        if lead and not any(a < start and lead.start(1) < b for a, b in others):
            start = lead.start(1)
        particle = PARTICLE.match(self.text, end)
        phrase = (self.text[start:end].split()[-1] + particle.group()).lower() if particle else ""
        if particle and self.reader.cues.has(phrase) and not any(a < particle.end() and end < b for a, b in others):
            end = particle.end()
        return start, end

    def _whole_source(self, span: Span, cue: Span) -> Span:
        """A source of which the tagger saw only the first words: "the" of "the president said", "Rome and" of two."""
        rest = self.text[span[1] : cue[0]]
        if (
            self.text[span[0] : span[1]].lower().rpartition(" ")[2] in ("the", "a", "an", "and", "or")
            and 1 < len(rest) < 60
            and re.fullmatch(r"(?:\s[\w'’.-]+)+\s", rest)
        ):
            return span[0], cue[0] - 1
        return span

    def _own_paragraph(self, cue: list[Span], spans: list[Span]) -> list[Span]:
        """The pieces of a content in the paragraph of the cue, if any; a quotation in another one stands by itself."""
        here = self.sentences.paragraph(cue[0][0])
        own = [span for span in spans if here[0] <= span[0] < here[1]]
        return own or spans

    def _is_heard(self, found: Attribution) -> bool:
        """Whether the tagger took for the source who is spoken to: the subject of "was asked", unless "by" names another.

        In a headline also the subject of a bare "told to", "accused of".
        """
        if not found.source or found.source[-1][1] > found.cue[0][0]:
            return False
        cue_start, cue_end = found.cue[0][0], found.cue[-1][1]
        if self.setting.zone(cue_start) == "headline" and HEADLINE_PASSIVE.match(self.text, cue_start):
            return self.text[found.source[-1][1] : cue_start].isspace()
        return bool(PASSIVE.search(self.text[max(cue_start - 12, found.source[-1][1]) : cue_end])) and not BY.search(
            self.text[cue_start:cue_end]
        )

    def _whole_quotes(self, spans: list[Span], cue: list[Span]) -> list[Span]:
        """Content spans with quotation marks as hard edges: a span that holds most of a quotation holds all of it.

        Not so for marks that stand round the cue too.
        """
        out: list[Span] = []
        outer = self.quotes.around(cue[0][0])
        for start, end in spans:
            start = self._after_closing_mark(start, end)
            for edge in (start, end - 1):
                quote = self.quotes.around(edge)
                if quote is None or quote == outer:
                    continue
                a, b = quote
                covered = min(end, b) - max(start, a)
                if 2 * covered > b - a:
                    start, end = min(start, a), max(end, b)
            tail = RELAY_TAIL.search(self.text, max(start, end - 110), end)
            if tail and not self.quotes.around(tail.start()) and tail.start() > start:
                end = tail.start()
            end = self._without_tail(start, end)
            onward = LEADING_ON.search(self.text, max(start, end - 12), end)
            if onward and not self.quotes.around(end - 1) and onward.start() > start:
                end = self._without_tail(start, onward.start())
            if out and start <= out[-1][1]:
                out[-1] = (out[-1][0], max(end, out[-1][1]))
            elif any(map(str.isalnum, self.text[start:end])):
                out.append((start, end))
        return out

    def _without_tail(self, start: int, end: int) -> int:
        """Where a content ends without the white space and the commas after it."""
        while end > start and (
            self.text[end - 1].isspace() or (self.text[end - 1] in ",;" and not self.quotes.around(end - 1))
        ):
            end -= 1
        return end

    def _after_closing_mark(self, start: int, end: int) -> int:
        """Where a content begins without the mark that closes the quotation before it."""
        before = self.quotes.around(start)
        if before and before[1] == start + 1 < end:
            rest = self.text[start + 1 : end]
            return end - len(rest.lstrip())
        return start

    def _add_free_standing(self) -> None:
        """Quotations of whole sentences that no statement holds: they belong to who spoke last, close before."""
        taken = [span for draft in self.drafts for span in draft.content]
        zones = [(z["start"], z["end"]) for z in self.article["zones"] if z["kind"] == "body"]
        for start, end in self.quotes.spans:
            if end - start < STANDS_ALONE or not any(a <= start and end <= b for a, b in zones):
                continue
            if any(self._holds(span, (start, end)) for span in taken) or self._said_elsewhere((start, end), taken):
                continue
            sentence_start, _ = self.sentences.span(start)
            if start - sentence_start > 1 or not SENTENCE_IN_QUOTES.search(self.text[start:end]):
                continue
            paragraph = self.sentences.paragraph(start)
            if end < paragraph[1] and not self._sentence_ends_at(end):
                continue
            self.drafts = [d for d in self.drafts if not (d.content and all(self._is_stub(s, (start, end)) for s in d.content))]
            self.drafts.append(Draft([], [], [(start, end)], 0.7))

    def _holds(self, span: Span, quote: Span) -> bool:
        """Whether a content holds a quotation; its first word or two alone are too little."""
        shared = min(span[1], quote[1]) - max(span[0], quote[0])
        return shared > 0 and (2 * shared >= quote[1] - quote[0] or not self._is_stub(span, quote))

    def _is_stub(self, span: Span, quote: Span) -> bool:
        """Whether a content is no more than the first word or two of a quotation."""
        return quote[0] <= span[0] <= quote[0] + 1 and span[1] < quote[1] and len(self.text[slice(*span)].split()) <= FEW_WORDS

    def _said_elsewhere(self, quote: Span, contents: list[Span]) -> bool:
        """Whether a quotation says again, word for word, what a content says: a newspaper prints such ones large."""
        words = _bare_words(self.text[slice(*quote)])
        return any(f" {words} " in f" {_bare_words(self.text[a:b])} " for a, b in contents)

    def _sentence_ends_at(self, end: int) -> bool:
        return any(
            b == end for _, b in self.sentences.spans[max(0, self.sentences.number(end) - 2) : self.sentences.number(end) + 2]
        )

    # -------------------------------------------------------------- acts

    def _read_act(self, draft: Draft) -> None:
        draft.quote_type = self._quote_type(draft.content, draft.cue)
        content = self._words(draft.content) or ""
        if draft.turn:
            draft.act = Act("ask" if draft.turn.asks else "say", False, None)
            return
        if not draft.cue:
            return
        (cue_start, cue_end) = draft.cue[0][0], draft.cue[-1][1]
        sentence_start, _ = self.sentences.span(draft.start)
        after = not draft.content or draft.content[0][0] >= cue_start or len(draft.content) > 1
        draft.act = act_of(
            self.text[cue_start:cue_end],
            content,
            self.reader.cues,
            quoted=draft.quote_type != "indirect",
            direct=draft.quote_type == "direct" and len(content.split()) > 4,
            before=self.text[max(0, cue_start - 30) : cue_start],
            lead=self.text[sentence_start : draft.start],
            after=after,
        )

    def _quote_type(self, spans: list[Span], cue: list[Span]) -> str:
        """direct, mixed or indirect, by the letters inside quotation marks; a leading "that", "if" or "to" does not count.

        Marks that stand round the cue too are those of another statement, or of a title, around this one.
        """
        inside = total = 0
        around = self.quotes.around(cue[0][0]) if cue else None
        if around and any(around[0] <= a and b <= around[1] for a, b in spans):
            return "indirect"
        for number, (start, end) in enumerate(spans):
            lead = COMPLEMENTISER.match(self.text, start, end) if number == 0 else None
            if lead and not self.quotes.around(lead.start() + 1):
                start = lead.end()
            quoted, letters = self.quotes.letters(start, end)
            inside += quoted
            total += letters
        if not inside:
            return "indirect"
        return "direct" if inside >= 0.97 * total else "mixed"

    def _drop_unsaid_inside(self) -> None:
        """Inside another statement only what is said counts; the annotation behind the tagger marks no thoughts there."""
        kept = [d for d in self.drafts if d.parent is None or d.act.act not in NOT_STATEMENTS]
        ids = {id(d) for d in kept}
        for draft in kept:
            while draft.parent is not None and id(draft.parent) not in ids:
                draft.parent = draft.parent.parent
        self.drafts = kept

    # -------------------------------------------------------------- media

    def _find_relaying_media(self) -> None:
        """The medium right after "reported" is its source, whatever name stands nearer to the statement."""
        for draft in self.drafts:
            if not REPORTED.fullmatch(self._cue_words(draft)):
                continue
            end = draft.cue[-1][1]
            following = FOLLOWING.match(self.text, end)
            if (
                following
                and self._medium_in(following.start(1), following.end(1))
                and not any(a >= end for a, _ in draft.source)
            ):
                draft.source = [(following.start(1), following.end(1))]

    def _read_relays(self) -> None:
        """A medium that only passes on a statement is credited with it, and makes none itself."""
        for draft in self.drafts:
            medium = self._medium_of(draft)
            if medium is None:
                continue
            relayed = [d for d in self.drafts if d is not draft and (d.parent is draft or self._about_the_same(d, draft))]
            relayed = [d for d in relayed if d.act.act not in NOT_STATEMENTS and self._medium_of(d) is None]
            if not QUOTING.search(self._cue_words(draft)):  # ", warning that": who says two things relays neither
                relayed = [d for d in relayed if d.source != draft.source]
            if relayed and self.sentences.number(draft.anchor) - self.sentences.number(relayed[0].anchor) <= 1:
                draft.act = draft.act._replace(act="other")
                for other in relayed:
                    other.via.append(medium)
            self._media_seen.append((draft.anchor, medium))
        for draft in self.drafts:
            if draft.act.act in NOT_STATEMENTS or draft.via:
                continue
            medium = self._medium_beside(draft)
            if medium is None and REPORTEDLY.search(self._cue_words(draft)):
                earlier = [name for place, name in self._media_seen if place < draft.anchor]
                medium = earlier[-1] if earlier else None
            if medium:
                draft.via.append(medium)

    def _about_the_same(self, one: Draft, relay: Draft) -> bool:
        """Whether what a medium passes on is the other statement: they share words, and neither stands in the other."""
        return relay.parent is None and any(a < one.end and one.start < b for a, b in relay.content)

    def _medium_of(self, draft: Draft) -> str | None:
        """The medium that is the source of a statement of relaying, or None."""
        if not draft.source or not RELAYING.search(self._cue_words(draft)):
            return None
        return self._medium_in(draft.source[0][0], draft.source[-1][1])

    def _medium_in(self, start: int, end: int) -> str | None:
        """The name of the medium that a phrase names: one of the list, or a name with a word for media beside it."""
        names = [(name, actor) for name, actor in self.cast.inside(start, end) if actor is None or actor.kind != PERSON]
        for name, _ in names:
            written = fold(self.text[name.start : name.end])
            known = self.reader.words.media.get(written) or self._medium_for_short(written)
            if known:
                return known
        if names and len(names) < 3 and MEDIA_NOUN.search(self.text[start:end]):
            for _, actor in names:
                if actor is not None and actor.kind == "organisation":
                    return self.reader.words.media.get(fold(actor.name), actor.name)
        site = SITE.fullmatch(self.text[start:end].strip(" ,"))
        return site.group() if site else None

    def _medium_for_short(self, word: str) -> str | None:
        """The medium that its last word alone means, because the article names or comes from it: "the Times"."""
        for name, medium in self._media_in_full:
            if name.endswith(f" {word}"):
                return medium
        return None

    @cached_property
    def _media_in_full(self) -> list[tuple[str, str]]:
        """The media that the article names, and its own outlet: as written, folded, and as the list calls them."""
        written = [fold(self.text[name.start : name.end]) for name in self.cast.names]
        written.append(fold(self.article.get("outlet") or ""))
        return [(form, self.reader.words.media[form]) for form in written if form in self.reader.words.media]

    def _medium_beside(self, draft: Draft) -> str | None:
        """A medium that the same sentence credits outside the statement: ", the X news agency reported"."""
        start, end = self.sentences.span(draft.anchor)
        if QUOTED_BY.search(self._cue_words(draft)):
            return self._medium_in(draft.cue[0][0], draft.cue[-1][1])
        for name, _ in self.cast.inside(start, end):
            if any(a <= name.start < b for a, b in [*draft.content, *draft.source]):
                continue
            around = self.text[max(start, name.start - 30) : min(end, name.end + 40)]
            left, right = self.text[max(start, name.start - 30) : name.start], self.text[name.end : min(end, name.end + 40)]
            credited = re.search(
                r"(?:,|\bas)\s+(?:as\s+)?(?:reported(?:\s+by)?|according to|citing|quoted by|cited by)\s+(?:the\s+)?[\w\s]*$",
                left,
            ) or re.match(r"(?:['’]s)?(?:\s+[\w-]+){0,3}\s+(?:reported|reports|has reported)\b", right)
            if credited and name.start >= draft.anchor:
                medium = self.reader.words.media.get(fold(self.text[name.start : name.end])) or (
                    self._medium_in(max(start, name.start - 5), min(end, name.end + 25)) if MEDIA_NOUN.search(around) else None
                )
                if medium:
                    self._media_seen.append((name.start, medium))
                    return medium
        return None

    # -------------------------------------------------------------- speakers

    def _read_speakers(self) -> None:
        previous: Draft | None = None
        for draft in self.drafts:
            near = previous if previous and (self._close(previous, draft) or self._nobody_between(previous, draft)) else None
            draft.speaker = self._speaker_of(draft, near)
            self._read_addressee(draft, near)
            if draft.parent is None and draft.act.act != "other" and (draft.speaker.name or draft.source):
                previous = draft

    def _close(self, before: Draft, draft: Draft) -> bool:
        """Whether one statement stands in the same paragraph as another, or in the next one; captions and such do not count."""
        return abs(self._paragraph_number(draft.start) - self._paragraph_number(before.anchor)) <= 1

    def _nobody_between(self, before: Draft, draft: Draft) -> bool:
        """Whether a statement follows another some paragraphs later, and no other person is named in between."""
        if self._paragraph_number(draft.start) - self._paragraph_number(before.anchor) > FEW_PARAGRAPHS:
            return False
        between = self.cast.inside(before.end, draft.start) if before.end < draft.start else []
        return all(actor is None or actor.kind != PERSON or actor is before.speaker.actor for _, actor in between)

    def _paragraph_number(self, place: int) -> int:
        return bisect_right(self._paragraphs, place)

    def _speaker_of(self, draft: Draft, near: Draft | None) -> Speaker:
        if draft.turn:
            return draft.turn.speaker
        previous = near.speaker if near else None
        parent = draft.parent.speaker if draft.parent else None
        if not draft.cue:
            if near is None or previous is None or previous.name is None:
                return self._introduced(draft)
            draft.source = list(near.source)
            return previous._replace(basis="implied")
        if draft.source:
            span = (draft.source[0][0], draft.source[-1][1])
            return self.speakers.resolve(span, previous=previous, parent=parent)
        first = self._cue_words(draft).split()[0].lower()
        if first.endswith("ing") and near and previous and previous.name and self._same_sentence(near, draft):
            return previous._replace(basis="implied")
        return NOBODY

    def _introduced(self, draft: Draft) -> Speaker:
        """Who a quotation that stands alone belongs to when nobody spoke before: the one person of the paragraph before it."""
        number = self._paragraph_number(draft.start) - 2
        if number < 0:
            return NOBODY
        start = self._paragraphs[number]
        people = [(name, actor) for name, actor in self.cast.inside(start, draft.start) if actor and actor.kind == PERSON]
        if len({id(actor) for _, actor in people}) != 1:
            return NOBODY
        name, _ = people[0]
        draft.source = [(name.start, name.end)]
        return self.speakers.resolve(draft.source[0])._replace(basis="implied")

    def _same_sentence(self, one: Draft, other: Draft) -> bool:
        return self.sentences.number(one.anchor) == self.sentences.number(other.anchor)

    def _read_addressee(self, draft: Draft, near: Draft | None) -> None:
        """To whom it was said: the words after the cue; for a passive, who stands before it."""
        if draft.act.lemma not in ADDRESSED or not draft.cue or not draft.content:
            return
        if self._is_passive(draft):
            draft.addressee = self._passive_subject(draft)
            return
        words = self._addressed_words(draft)
        if words is None:
            return
        start, end = words
        low = self.text[start:end].lower()
        if low in ("him", "her"):
            draft.addressee = self._other_person(low, start, draft, near)
            return
        found = self.speakers.resolve((start, end), parent=draft.parent.speaker if draft.parent else None)
        name = None if found.actor is not None and found.actor is draft.speaker.actor else found.name
        plain = low if self.text[start].islower() and end - start < 60 and low not in TO_NOBODY_NAMED else None
        draft.addressee = name or (self.text[start:end] if plain else None)
        medium = self._medium_in(start, end)
        if medium and draft.act.lemma == "tell" and medium not in draft.via:
            draft.via.append(medium)  # "told Radio Lome": it passed on what it was told

    def _is_passive(self, draft: Draft) -> bool:
        """Whether who stands before the cue is spoken to: "she was told", "she was told by officials"."""
        cue_start, cue_end = draft.cue[0][0], draft.cue[-1][1]
        if draft.source and draft.source[0][0] < cue_start:
            return False
        return bool(draft.heard) or bool(PASSIVE.search(self.text[max(0, cue_start - 12) : cue_end]))

    def _passive_subject(self, draft: Draft) -> str | None:
        """Who was told: the subject that the tagger took for the source, else the name nearest before the cue."""
        if draft.heard:
            found = self.speakers.resolve((draft.heard[0][0], draft.heard[-1][1]))
            words = self.text[draft.heard[0][0] : draft.heard[-1][1]]
            return found.name or (words if words[0].islower() and " " in words and len(words) < 60 else None)
        cue_start = draft.cue[0][0]
        names = [actor for _, actor in self.cast.inside(self.sentences.span(cue_start)[0], cue_start) if actor]
        return names[-1].name if names else None

    def _addressed_words(self, draft: Draft) -> Span | None:
        """The words after the cue that say to whom, without the time and the place of it; None where there are none."""
        cue_end = draft.cue[-1][1]
        later = [a for a, _ in [*draft.content, *draft.source] if a >= cue_end]
        inverted = not any(a >= cue_end for a, _ in draft.content)
        start, end = cue_end, min([*later, self.sentences.span(draft.cue[-1][0])[1]])
        if not self.text[start:end].strip() and not inverted:
            urged = URGED.match(self.text, start)
            if draft.act.act != "urge" or not urged:
                return None
            start, end = urged.span(1)
        when = next((e.start for e in self.setting.times if start <= e.start < end), None)
        if when is not None:
            end = start + len(BEFORE_TIME.sub("", self.text[start:when]))
        names = [name for name, _ in self.cast.inside(start, end)]
        for stop in ADDRESSEE_END.finditer(self.text, start, end):
            if not any(name.start <= stop.start() < name.end for name in names):
                end = stop.start()
                break
        words = self.text[start:end]
        start += len(words) - len(words.lstrip(" \n“„\"‘'"))
        end -= len(words) - len(words.rstrip(" \n.!?"))
        if start >= end or end - start > 120 or not self.text[start].isalnum():
            return None
        certain = draft.act.lemma in ALWAYS_ADDRESSED or not inverted or any(name.start < end for name in names)
        return (start, end) if certain or DETERMINER.match(self.text, start, end) else None

    def _other_person(self, word: str, start: int, draft: Draft, near: Draft | None) -> str | None:
        """Whom "told him" means, never the speaker: who spoke before, else the one other person named just before."""
        speaker = draft.speaker.actor
        if speaker is None and draft.speaker.kind == PERSON:
            return None  # a man of whom we know nothing told another
        gender = SINGULAR[word]
        for said in (draft.parent, near):
            actor = said.speaker.actor if said else None
            if actor and actor.kind == PERSON and actor is not speaker and actor.gender in ("", gender):
                return actor.name
        here = self.sentences.number(start)
        for number in (here, here - 1):
            people = {
                id(actor): actor
                for name, actor in self.cast.before(start)
                if self.sentences.number(name.start) == number
                and actor.kind == PERSON
                and actor is not speaker
                and actor.gender in ("", gender)
            }
            if people:
                return next(iter(people.values())).name if len(people) == 1 else None
        return None

    # -------------------------------------------------------------- dates

    def _read_dates(self) -> None:
        """When it was said: a time beside the cue, else the occasion of a dated statement nearby, else the article's day."""
        said = [d for d in self.drafts if d.cue]
        expressions = self.setting.times if said else []
        for draft in said:
            draft.when = self._time_of(draft, expressions)
            if draft.when and draft.when.first_day:
                draft.days = (draft.when.first_day, draft.when.last_day)
                draft.date_basis = draft.when.basis
        previous: Draft | None = None
        for draft in self.drafts:
            if draft.date_basis == "none":
                self._date_from_around(draft, previous)
            if draft.parent is None:
                previous = draft

    def _time_of(self, draft: Draft, expressions: list[TimeExpression]) -> TimeExpression | None:
        """The time expression of the cue's own clause: in its sentence, in no content, the nearest to the cue."""
        start, end = self.sentences.span(draft.anchor)
        cue_start, cue_end = draft.cue[0][0], draft.cue[-1][1]
        published, still_to_come = self.article["published"], TO_COME.search(self._cue_words(draft))
        best, distance = None, 90
        for found in expressions:
            if found.start < start or found.end > end or found.type in ("DURATION", "SET"):
                continue
            if published and found.first_day and found.first_day > published and not still_to_come:
                continue  # "posted the matter for 7 June": nobody says something after the article
            if any(
                a <= found.start < b for d in self.drafts for a, b in d.content if not (d.parent is None and draft.parent is d)
            ):
                continue
            if draft.parent and not any(a <= found.start < b for a, b in draft.parent.content):
                continue
            clause = RELATIVE_CLAUSE.search(self.text, start, found.start)
            if clause and not clause.start() <= cue_start < self._clause_end(found.end, end):
                continue  # "Roe, who retires in December, said"
            gap = self._gap(found, (cue_start, cue_end), draft)
            if found.first_day and found.last_day and (found.last_day - found.first_day).days > 31:
                gap += 40  # a day says more than the year beside it
            if gap < distance:
                best, distance = found, gap
        return best

    def _clause_end(self, start: int, end: int) -> int:
        """Where a comma ends a clause, at the latest at `end`."""
        comma = self.text.find(",", start, end)
        return comma if comma >= 0 else end

    def _gap(self, found: TimeExpression, cue: Span, draft: Draft) -> int:
        """Characters between a time expression and a cue, what the statement itself puts between them left out."""
        if cue[0] <= found.start < cue[1]:
            return 0
        low, high = (cue[1], found.start) if found.start >= cue[1] else (found.end, cue[0])
        inside = sum(max(0, min(b, high) - max(a, low)) for a, b in [*draft.content, *draft.source])
        return high - low - inside

    def _time_words(self, when: TimeExpression) -> str:
        """The time expression with the words that lead into it: "earlier on Saturday"."""
        lead = TIME_LEAD.search(self.text, max(0, when.start - 25), when.start)
        return self.text[lead.start(1) : when.end] if lead else when.text

    def _date_from_around(self, draft: Draft, previous: Draft | None) -> None:
        cue = self._cue_words(draft)
        if draft.when is not None or ELSEWHEN.search(cue):
            return
        if (
            previous
            and previous.date_basis in ("explicit", "resolved", "context")
            and previous.speaker.name
            and previous.speaker.name == draft.speaker.name
            and self._close(previous, draft)
        ):
            draft.days, draft.date_basis = previous.days, "context"
            return
        day = self.article["published"] or (
            self.article["reference_date"] if self.article["reference_basis"] == "researcher" else None
        )
        if day:
            draft.days, draft.date_basis = (day, day), "article"

    # -------------------------------------------------------------- rows

    def _cue_words(self, draft: Draft) -> str:
        """The words of a statement's cue; empty where it has none."""
        return self.text[draft.cue[0][0] : draft.cue[-1][1]] if draft.cue else ""

    def _words(self, spans: list[Span]) -> str | None:
        return " ... ".join(self.text[a:b] for a, b in spans) or None

    def _id(self, draft: Draft) -> str:
        spans = json.dumps([draft.source, draft.cue, draft.content], separators=(",", ":"))
        return f"{self.article['article_id']}-s{hashlib.sha256(spans.encode()).hexdigest()[:8]}"

    def _zone(self, draft: Draft) -> str:
        return "headline" if self.setting.zone(draft.anchor) == "headline" else "body"

    def _place(self, draft: Draft) -> str | None:
        """Where it was said: a place with "in" or "at" in the sentence, outside what was said."""
        start, end = self.sentences.span(draft.anchor)
        for name, _ in self.cast.inside(start, end):
            if name.kind != "LOCATION" or any(a <= name.start < b for a, b in [*draft.content, *draft.source]):
                continue
            if IN_PLACE.search(self.text[max(0, name.start - 8) : name.start]):
                return self.text[name.start : name.end]
        return None

    def _mentions(self, draft: Draft) -> list[str]:
        names: dict[str, None] = {}
        for a, b in draft.content:
            for _, actor in self.cast.inside(a, b):
                if actor:
                    names.setdefault(self._plain_name(actor))
        return list(names)

    def _plain_name(self, actor: Actor) -> str:
        """The name of an actor as it is talked about: a state by its plain name."""
        if actor.kind == "government" and actor.country and actor.name.endswith(" government"):
            return self.reader.words.places.short_name(actor.country)
        return actor.name

    def _row(self, draft: Draft, numbers: dict[int, str]) -> dict[str, Any]:
        speaker = draft.speaker
        return {
            "statement_id": numbers[id(draft)],
            "article_id": self.article["article_id"],
            "zone": self._zone(draft),
            "start": draft.start,
            "end": draft.end,
            "source_spans": [list(span) for span in draft.source],
            "cue_spans": [list(span) for span in draft.cue],
            "content_spans": [list(span) for span in draft.content],
            "source": self._words(draft.source),
            "cue": self._words(draft.cue),
            "content": self._words(draft.content),
            "speaker": speaker.name,
            "speaker_basis": speaker.basis,
            "speaker_kind": speaker.kind,
            "country": speaker.country,
            "affiliation": speaker.affiliation,
            "via": list(dict.fromkeys(draft.via)),
            "quote_type": draft.quote_type,
            "act": draft.act.act,
            "negated": draft.act.negated,
            "parent_id": numbers[id(draft.parent)] if draft.parent else None,
            "date_start": draft.days[0],
            "date_end": draft.days[1],
            "date_basis": draft.date_basis,
            "date_text": self._time_words(draft.when) if draft.when else None,
            "place": self._place(draft),
            "addressee": draft.addressee,
            "mentions": self._mentions(draft),
            "confidence": round(draft.confidence, 4),
            "review": "none",
        }


def _touches(span: Span, spans: Sequence[Span]) -> bool:
    """Whether a span shares a character with one of others, which are sorted and apart."""
    place = bisect_right(spans, (span[1] - 1, span[1])) - 1
    return place >= 0 and span[0] < spans[place][1]


def _bare_words(text: str) -> str:
    """The words of a text in small letters, without what stands between them."""
    return " ".join(re.findall(r"\w+", text.lower()))
