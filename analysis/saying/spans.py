"""Attributions of the tagger -> statements with whole words, whole quotations and the turns of interviews."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from analysis.acts import CueWords
from analysis.interviews import turns
from analysis.saying.drafts import PASSIVE, Draft, Reading
from analysis.sentences import whole_words
from analysis.tagger import Span
from analysis.tagging.attributions import Attribution, parents

COMPLEMENTISER = re.compile(r"\W*(?:that|if|whether|to)\b\s*", re.IGNORECASE)
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
AUXILIARIES = re.compile(
    r"(?:^|\s)((?:(?:has|have|had|did|does|do|is|are|was|were|will|would|could|should|may|might|must|can|cannot|not|never|been|be|"
    r"(?:has|have|had|did|does|do|is|are|was|were|would|could|should)n['’]t)\s)+)$",
    re.IGNORECASE,
)
PARTICLE = re.compile(r"\s(?:out|on|for|off|back|up|upon|aside)\b")
SENTENCE_IN_QUOTES = re.compile(r"[.!?…][\"”»’'“]*\W*$")
CERTAIN = 0.95  # a turn of an interview
FEW_WORDS = 3  # so many words left out of a content are an oversight of the tagger
STANDS_ALONE = 25  # a free-standing quotation has at least so many characters


class Spans:
    """Finds out which words belong to each statement of an article.

    Args:
        reading: the article.
        cues: the words that attribute.
    """

    def __init__(self, reading: Reading, cues: CueWords) -> None:
        self.reading, self.setting, self.text = reading, reading.setting, reading.text
        self.sentences, self.cast, self.speakers, self.quotes = (
            reading.sentences,
            reading.cast,
            reading.speakers,
            reading.quotes,
        )
        self.cues = cues

    def drafts(self, attributions: list[Attribution]) -> list[Draft]:
        """The statements of these attributions, with an interview's turns and quotations that stand alone, in text order."""
        drafts = self._with_free_standing(self._with_turns(self._drafts(attributions)))
        return sorted(drafts, key=lambda draft: (draft.start, draft.end, draft.anchor))

    def _with_free_standing(self, drafts: list[Draft]) -> list[Draft]:
        """The statements with quotations of whole sentences that none of them holds: they belong to who spoke last before."""
        taken = [span for draft in drafts for span in draft.content]
        zones = [(z["start"], z["end"]) for z in self.reading.article["zones"] if z["kind"] == "body"]
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
            drafts = [d for d in drafts if not (d.content and all(self._is_stub(s, (start, end)) for s in d.content))]
            drafts.append(Draft([], [], [(start, end)], 0.7))
        return drafts

    def quote_type(self, spans: list[Span], cue: list[Span]) -> str:
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
            if (content or source) and (words or self.quote_type(content, cue) == "direct"):
                drafts.append(Draft(source, cue, content, found.confidence, shy=found.shy, heard=heard))
        for draft, parent in zip(drafts, parents([Attribution(d.source, d.cue, d.content) for d in drafts]), strict=True):
            draft.parent = drafts[parent] if parent is not None else None
        return [draft for draft in drafts if draft.parent or not draft.shy]

    def _with_turns(self, drafts: list[Draft]) -> list[Draft]:
        """The statements with one for each turn of an interview, in place of those that the tagger cut from its label."""
        told = turns(self.reading.paragraphs_of_body(), self.cast, self.speakers)
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

    def _is_rubric(self, source: list[Span], cue: list[Span]) -> bool:
        """Whether "Analysis: Why the port closed" was taken for a statement."""
        return self.text[slice(*cue[0])] == ":" and bool(RUBRIC.fullmatch(self.setting.text_of(source) or ""))

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
        if particle and self.cues.has(phrase) and not any(a < particle.end() and end < b for a, b in others):
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


def _touches(span: Span, spans: Sequence[Span]) -> bool:
    """Whether a span shares a character with one of others, which are sorted and apart."""
    place = bisect_right(spans, (span[1] - 1, span[1])) - 1
    return place >= 0 and span[0] < spans[place][1]


def _bare_words(text: str) -> str:
    """The words of a text in small letters, without what stands between them."""
    return " ".join(re.findall(r"\w+", text.lower()))
