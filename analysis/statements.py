"""Tagged attributions -> rows of the statements table: who said what, how, when, to whom, and how sure we are.

The steps are those of `saying/`: spans.py finds the words of each statement, relays.py the media that pass it on, addressees.py
to whom it was made, times.py when; its act and its speaker are found here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.acts import Act, CueWords, act_of, read_cues
from analysis.authority import Authority
from analysis.saying.addressees import Addressees
from analysis.saying.drafts import Draft, Reading
from analysis.saying.relays import Relays
from analysis.saying.spans import Spans
from analysis.saying.times import Times
from analysis.schema import NOT_STATEMENTS
from analysis.setting import Setting
from analysis.speakers import NOBODY, Speaker
from analysis.tagger import Tagged
from analysis.wordlists import PERSON, Words, read_words

IN_PLACE = re.compile(r"\b(?:in|at)\s+(?:the\s+)?$", re.IGNORECASE)
FEW_PARAGRAPHS = 5


class StatementReader:
    """Turns the tagger's attributions of an article into rows.

    Args:
        authority: what is known about actors.
        folder: where the word lists lie: cues.csv and those of `read_words`.
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
        return _Statements(setting, tagged, self).rows()


class _Statements:
    """The statements of one article, on their way to rows."""

    def __init__(self, setting: Setting, tagged: Tagged, reader: StatementReader) -> None:
        self.reading, self.reader, self.setting, self.text = Reading(setting), reader, setting, setting.text
        self.sentences, self.cast, self.speakers = setting.sentences, setting.cast, setting.speakers
        self.spans, self.relays = Spans(self.reading, reader.cues), Relays(self.reading)
        self.addressees, self.times = Addressees(self.reading, self.relays), Times(self.reading)
        self.reading.drafts = self.spans.drafts(tagged.attributions)

    def rows(self) -> list[dict[str, Any]]:
        for draft in self.reading.drafts:
            self._read_act(draft)
        self._drop_unsaid_inside()
        self.relays.read()
        self._read_speakers()
        self.times.read()
        numbers = {id(draft): self._id(draft) for draft in self.reading.drafts}
        return [self._row(draft, numbers) for draft in self.reading.drafts]

    def _read_act(self, draft: Draft) -> None:
        draft.quote_type = self.spans.quote_type(draft.content, draft.cue)
        content = self.setting.text_of(draft.content) or ""
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

    def _drop_unsaid_inside(self) -> None:
        """Inside another statement only what is said counts; the annotation behind the tagger marks no thoughts there."""
        kept = [d for d in self.reading.drafts if d.parent is None or d.act.act not in NOT_STATEMENTS]
        ids = {id(d) for d in kept}
        for draft in kept:
            while draft.parent is not None and id(draft.parent) not in ids:
                draft.parent = draft.parent.parent
        self.reading.drafts = kept

    def _read_speakers(self) -> None:
        previous: Draft | None = None
        for draft in self.reading.drafts:
            near = (
                previous
                if previous and (self.reading.close(previous, draft) or self._nobody_between(previous, draft))
                else None
            )
            draft.speaker = self._speaker_of(draft, near)
            self.addressees.read(draft, near)
            if draft.parent is None and draft.act.act != "other" and (draft.speaker.name or draft.source):
                previous = draft

    def _nobody_between(self, before: Draft, draft: Draft) -> bool:
        """Whether a statement follows another some paragraphs later, and no other person is named in between."""
        if self.reading.paragraph_number(draft.start) - self.reading.paragraph_number(before.anchor) > FEW_PARAGRAPHS:
            return False
        between = self.cast.inside(before.end, draft.start) if before.end < draft.start else []
        return all(actor is None or actor.kind != PERSON or actor is before.speaker.actor for _, actor in between)

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
        first = self.reading.cue_words(draft).split()[0].lower()
        if first.endswith("ing") and near and previous and previous.name and self._same_sentence(near, draft):
            return previous._replace(basis="implied")
        return NOBODY

    def _introduced(self, draft: Draft) -> Speaker:
        """Who a quotation that stands alone belongs to when nobody spoke before: the one person of the paragraph before it."""
        number = self.reading.paragraph_number(draft.start) - 2
        if number < 0:
            return NOBODY
        start = self.reading.paragraphs[number]
        people = [(name, actor) for name, actor in self.cast.inside(start, draft.start) if actor and actor.kind == PERSON]
        if len({id(actor) for _, actor in people}) != 1:
            return NOBODY
        name, _ = people[0]
        draft.source = [(name.start, name.end)]
        return self.speakers.resolve(draft.source[0])._replace(basis="implied")

    def _same_sentence(self, one: Draft, other: Draft) -> bool:
        return self.sentences.number(one.anchor) == self.sentences.number(other.anchor)

    def _id(self, draft: Draft) -> str:
        spans = json.dumps([draft.source, draft.cue, draft.content], separators=(",", ":"))
        return f"{self.reading.article['article_id']}-s{hashlib.sha256(spans.encode()).hexdigest()[:8]}"

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
                    names.setdefault(self.cast.plain_name(actor.name, actor.kind, actor.country))
        return list(names)

    def _row(self, draft: Draft, numbers: dict[int, str]) -> dict[str, Any]:
        speaker = draft.speaker
        return {
            "statement_id": numbers[id(draft)],
            "article_id": self.reading.article["article_id"],
            "zone": self._zone(draft),
            "start": draft.start,
            "end": draft.end,
            "source_spans": [list(span) for span in draft.source],
            "cue_spans": [list(span) for span in draft.cue],
            "content_spans": [list(span) for span in draft.content],
            "source": self.setting.text_of(draft.source),
            "cue": self.setting.text_of(draft.cue),
            "content": self.setting.text_of(draft.content),
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
            "date_text": self.times.time_words(draft.when) if draft.when else None,
            "place": self._place(draft),
            "addressee": draft.addressee,
            "mentions": self._mentions(draft),
            "confidence": round(draft.confidence, 4),
            "review": "none",
        }
