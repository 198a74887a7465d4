"""Tagged events -> rows of the events table: who did what to whom, when, where, how certain, and according to whom."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from analysis.authority import Authority
from analysis.event_dates import EventDates
from analysis.places import fold
from analysis.schema import EVENT_TYPES, NOT_STATEMENTS, QUAD_CLASSES
from analysis.sentences import whole_words
from analysis.setting import Setting
from analysis.sides.despite import fill_in_despite
from analysis.sides.directions import sides_of
from analysis.sides.mentions import OPEN_END, whole_mention
from analysis.sides.parties import Parties
from analysis.sides.partners import Deed, fill_in, named
from analysis.sides.party import Party
from analysis.sides.unnamed import TOLD_BY, may_be_named, name_the_unnamed
from analysis.tagger import Span, Tagged, TaggedEvent
from analysis.wordlists import PERSON, Words, read_words

Row = dict[str, Any]

LEAST = 0.15  # an event that is less likely to be right gives no row; the notebooks show those from 0.3 on
# The four classes of PLOVER's types, in the order of schema.EVENT_TYPES.
QUADS = (0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3)
QUAD_OF = {kind: QUAD_CLASSES[quad] for kind, quad in zip(EVENT_TYPES, QUADS, strict=True)}
FOLLOWS = re.compile(r"\s*,?\s*(?:following|after|before|ahead of|prior to|because of|in response to)\b", re.IGNORECASE)
DATES = ("date_start", "date_end", "date_basis", "date_text")
# Between two words that tell two deeds: "bombed and shelled", "sued and sued again", "a second raid".
BESIDE = re.compile(r"[;:–—]|\b(?:and|or|but|then|nor|again|another|second|third|further|more)\b", re.IGNORECASE)
# What is asked in a question, and not for; "whether they could help" and "Could you help?" may be requests.
ASKING = r"(?:about|how|why|what|whom?|whose|which|when|where)\b"
QUESTION = re.compile(
    rf"\W*{ASKING}|\W*(?:whether|if)\b(?![^,;.]*\b(?:could|would|can|might|will)\b)|"
    r"(?!\W*(?:could|would|can|will)\s+you\b).*\?\W*$",
    re.IGNORECASE | re.DOTALL,
)
ASKING_BEFORE = re.compile(rf"\b{ASKING}\W*$", re.IGNORECASE)
# "But in a long [meeting]"
OPENING = re.compile(
    r"(?:(?:but|and|then|later|also|meanwhile|earlier),?\s+)?(?:in|at|after|before|during|following)\s+(?:[\w'’-]+\s+){0,4}",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"^(?:the|a|an|its|his|her|their|our|my)\s+", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\s*\([^()\n]{0,60}\)\s*")
# "cooperation between Chad" and what makes it whole, " and Peru"
BETWEEN_ONE = re.compile(r"\bbetween\s+(?:(?!\band\b)[^,;.:])+$")
AND_THE_OTHER = re.compile(r"\s+and\s+(?:(?:the|its|his|her|their)\s+)?[\w'’-]+(?:\s+[A-Z][\w'’-]*)*")
DETERMINER = re.compile(r"\s+(?:the|an?|its|his|her|their|our|my)$", re.IGNORECASE)
ACCORD = re.compile(
    r"\b(?:agree\w*|sign(?:s|ed|ing)?|signatur\w*|signator\w*|accord\w*|deals?|pacts?|contract\w*|treat(?:y|ies)|settl\w*|"
    r"initial(?:l?ed|l?ing|s)?|ink(?:s|ed|ing)?|clinch\w*|finali[sz]\w*|conclu\w*|terms|memorand\w*|protocol\w*|compromis\w*)\b",
    re.IGNORECASE,
)
IN_A_PHRASE = 25  # characters between two words for one deed: "met at a two-hour meeting"
NEAR_THE_CUE = 40  # characters between "said" and "talks" in "said on Monday after talks with"


class EventReader:
    """Turns the tagger's events of an article into rows.

    Args:
        authority: what is known about actors.
        folder: where the word lists of `read_words` lie.
        words: the word lists, where they have been read already.
    """

    def __init__(self, authority: Authority, folder: Path | str, words: Words | None = None) -> None:
        self.authority = authority
        self.words: Words = words or read_words(folder)

    def rows(
        self,
        article: Mapping[str, Any],
        tagged: Tagged,
        statements: Sequence[Mapping[str, Any]],
        *,
        setting: Setting | None = None,
    ) -> list[Row]:
        """The rows of one article.

        Args:
            article: a row of the articles table, with dates as `datetime.date` or None.
            tagged: what the tagger found in its headline and body.
            statements: the rows of the statements table for the same article.
            setting: the article's setting, where it has been made already.

        Returns:
            Dictionaries with the keys of schema.TABLES["events"], in text order. An event of which nobody is known to act
            gives no row, nor does one that the tagger thinks unlikely.

        Does not tell which rows are the same happening: `event_key` is the row's own id here.
        """
        events = [event for event in tagged.events if event.trigger]
        likely = [event for event in events if event.confidence >= LEAST]
        if not likely:
            return []
        setting = setting or Setting(article, tagged, self.words, self.authority)
        unnamed = [event for event in events if event.confidence < LEAST and not event.actors and may_be_named(event.type)]
        return _Events(setting, likely, statements).rows(unnamed)


class Said:
    """The statements of an article by where something is said, for many look-ups."""

    def __init__(self, setting: Setting, statements: Sequence[Mapping[str, Any]]) -> None:
        self.statements, self.sentences = statements, setting.sentences
        self.asked = [row for row in statements if row["act"] == "ask"]
        self._in_sentence: dict[int, list[tuple[int, int, int, int]]] = {}
        for number, row in enumerate(statements):
            for start, end in row["content_spans"]:
                for sentence in range(self.sentences.number(start), self.sentences.number(end - 1) + 1):
                    self._in_sentence.setdefault(sentence, []).append((end - start, number, start, end))

    def around(self, place: int) -> Mapping[str, Any] | None:
        """The innermost statement in whose content a character stands, or None."""
        here = self._in_sentence.get(self.sentences.number(place), ())
        found = [(size, number) for size, number, start, end in here if start <= place < end]
        return self.statements[min(found)[1]] if found else None


class _Events:
    """One article being read: its events, its statements, and who takes part."""

    def __init__(self, setting: Setting, events: Iterable[TaggedEvent], statements: Sequence[Mapping[str, Any]]) -> None:
        self.setting, self.text = setting, setting.text
        self.said = Said(setting, [row for row in statements if row["act"] not in NOT_STATEMENTS])
        self.events = [self._in_one_sentence(event) for event in events]
        self.dates = EventDates(setting, self.events)
        self.parties = Parties(setting, ((event.actors, event.recipients) for event in self.events))

    def rows(self, unnamed: Iterable[TaggedEvent]) -> list[Row]:
        """One row an event, in text order; of two with the same trigger the likelier.

        unnamed: unlikely events without actors; they give a row if the article tells elsewhere who acts. They date nothing, and
            no pronoun is read with them in view.
        """
        deeds = self._deeds(self.events)
        fill_in(deeds)
        fill_in_despite(deeds, self.text, self.setting.sentences)
        deeds += self._named_elsewhere(deeds, unnamed)
        rows = [self._row(deed) for deed in sorted(deeds, key=lambda deed: deed.start) if deed.actors]
        return self._told_once(rows)

    def _told_once(self, rows: Sequence[Row]) -> list[Row]:
        """The likeliest of the rows in which a sentence tells a deed twice: "met" at a "meeting", "sentenced" to "prison"."""
        kept: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: -row["confidence"]):
            sentence = self.setting.whole_sentence(row["trigger_spans"][0][0])
            alike = kept[sentence, *row["actors"], None, *row["recipients"], row["type"], row["status"], row["statement_id"]]
            same = next((other for other in alike if self._tell_one_deed(row, other)), None)
            if same:
                same.update({name: row[name] for name in ("object", "place") if same[name] is None})
                same.update({name: row[name] for name in DATES if same["date_text"] is None})
            else:
                alike.append(row)
        return sorted(chain.from_iterable(kept.values()), key=lambda row: row["trigger_spans"][0])

    def _tell_one_deed(self, one: Row, other: Row) -> bool:
        """Whether two rows with the same sides and of one kind differ in nothing, and their words stand in one phrase."""
        for name in ("object", "place", "date_text"):
            words, other_words = (set((row[name] or "").lower().split()) for row in (one, other))
            if words and other_words and not (words <= other_words or other_words <= words):
                return False
        (_, end), (start, _) = sorted((row["trigger_spans"][0] for row in (one, other)), key=lambda span: span[0])
        return start - end <= IN_A_PHRASE and BESIDE.search(self.text, end, max(start, end)) is None

    def _named_elsewhere(self, deeds: Sequence[Deed], unnamed: Iterable[TaggedEvent]) -> list[Deed]:
        """The unlikely deeds that are likely enough by what others tell; deeds without actors get theirs in place."""
        taken = {deed.event.trigger[0] for deed in deeds}
        others = [deed for deed in self._deeds(map(self._in_one_sentence, unnamed)) if deed.event.trigger[0] not in taken]
        named = [deed for deed in deeds if deed.actors]
        name_the_unnamed([deed for deed in (*deeds, *others) if not deed.actors], named, self.text, self.parties.makers)
        return [deed for deed in others if deed.actors and deed.confidence >= LEAST]

    def _deeds(self, events: Iterable[TaggedEvent]) -> list[Deed]:
        chosen: dict[Span, TaggedEvent] = {}
        for event in sorted(events, key=lambda e: (e.trigger[0], -e.confidence)):
            if self.setting.zone(event.trigger[0][0]) != "boilerplate":
                chosen.setdefault(event.trigger[0], event)
        return [self._deed(event) for event in chosen.values() if not self._is_question(event)]

    def _is_question(self, event: TaggedEvent) -> bool:
        """Whether a request is but a question, a way of speaking: "asked him whether the road was safe"."""
        if event.type != "REQUEST":
            return False
        start, end = event.trigger[0]
        for row in self.said.asked:
            if any(a < end and start < b for a, b in row["cue_spans"]) and row["content_spans"]:
                place = row["content_spans"][0][0]
                before = ASKING_BEFORE.search(self.text, max(end, place - 12), place) if place >= end else None
                return before is not None or QUESTION.match(row["content"]) is not None
        return False

    def _in_one_sentence(self, event: TaggedEvent) -> TaggedEvent:
        """The event with whole words, its trigger, date and place in one sentence and its participants in the same zone."""
        start, end = self.setting.whole_sentence(event.trigger[0][0])
        zone = self.setting.zone(event.trigger[0][0])

        def inside(spans: Sequence[Span]) -> list[Span]:
            return [(a, min(b, end)) for a, b in map(self._whole, spans) if start <= a < end and a < min(b, end)]

        def in_zone(spans: Sequence[Span]) -> list[Span]:
            cut = [
                (a, min(b, self.setting.whole_sentence(a)[1]))
                for a, b in (whole_mention(self.setting.cast, span) for span in spans)
            ]
            return [(a, b) for a, b in cut if a < b and self.setting.zone(a) == zone]

        return event._replace(
            trigger=self._without_determiners(inside(event.trigger) or [self._whole(event.trigger[0])]),
            actors=in_zone(event.actors),
            recipients=in_zone(event.recipients),
            object=inside([self._with_the_other(span) for span in event.object]),
            place=inside(event.place),
            date=[span for span in inside(event.date) if not FOLLOWS.match(self.text, span[1], event.trigger[0][0])],
        )

    def _without_determiners(self, spans: Sequence[Span]) -> list[Span]:
        """Triggers without a determiner at the end, which belongs to what follows: "left [the base]"."""
        cut = [DETERMINER.search(self.text, *span) for span in spans]
        return [(a, found.start() if found else b) for (a, b), found in zip(spans, cut, strict=True)]

    def _with_the_other(self, span: Span) -> Span:
        """An object with the second of two between whom it is."""
        start, end = self._whole(span)
        other = AND_THE_OTHER.match(self.text, end) if BETWEEN_ONE.search(self.text, start, end) else None
        return start, other.end() if other else end

    def _whole(self, span: Span) -> Span:
        return whole_words(self.text, span)

    # -------------------------------------------------------------- one row

    def _row(self, deed: Deed) -> Row:
        event, actors, recipients = deed.event, deed.actors, deed.recipients
        said = self.said.around(event.trigger[0][0])
        when = self.dates.when(event)
        start, end = self.setting.clause_of(event)
        row_id = self._id(event)
        return {
            "event_id": row_id,
            "article_id": self.setting.article["article_id"],
            "zone": self.setting.zone(event.trigger[0][0]),
            "statement_id": said["statement_id"] if said else None,
            "start": start,
            "end": end,
            "trigger_spans": [list(span) for span in event.trigger],
            "trigger": self.setting.text_of(event.trigger),
            "type": event.type,
            "quad_class": QUAD_OF[event.type],
            "actors": [party.name for party in actors],
            "recipients": [party.name for party in recipients],
            "actor_spans": [[list(party.span)] for party in actors],
            "recipient_spans": [[list(party.span)] for party in recipients],
            "countries": sorted({code for party in deed.parties for code in party.countries}),
            "status": event.status,
            "date_start": when.first,
            "date_end": when.last,
            "date_basis": when.basis,
            "date_text": when.text,
            "place": self._plain(event.place),
            "object": self._plain(event.object),
            "event_key": row_id,
            "confidence": round(deed.confidence, 4),
            "review": "none",
        }

    def _id(self, event: TaggedEvent) -> str:
        spans = json.dumps([event.trigger, event.actors, event.recipients], separators=(",", ":"))
        return f"{self.setting.article['article_id']}-e{hashlib.sha256(spans.encode()).hexdigest()[:8]}"

    def _plain(self, spans: Sequence[Span]) -> str | None:
        """The words of an object or a place on one line, without the article or possessive before them or a loose end.

        What stands in brackets between two pieces comes along: "boats (of steel) and engines".
        """
        joined: list[Span] = []
        for start, end in spans:
            if joined and self._are_joined_by_brackets(joined[-1], start):
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        words = " ".join((self.setting.text_of(joined) or "").split())
        return OPEN_END.sub("", ARTICLE.sub("", words, count=1)) or None

    def _are_joined_by_brackets(self, span: Span, start: int) -> bool:
        piece, gap = self.text[slice(*span)], self.text[span[1] : start]
        return IN_BRACKETS.fullmatch("(" * (piece.count("(") > piece.count(")")) + gap) is not None

    # -------------------------------------------------------------- who

    def _deed(self, event: TaggedEvent) -> Deed:
        """The event with both sides by name, each name once; whoever acts is no recipient too."""
        sides = sides_of(event, self.text)
        actors = self._each_once(event, sides.actors, sides.recipients)
        actors = [party for party in self._who_can_act(actors) if not self._but_reports(party, event)]
        if len(actors) > 2:
            actors = named(actors)
        if event.type in TOLD_BY:
            actors = self._for_their_state(event, actors)
        if event.type == "AGREE":
            actors = [party for party in actors if not self._speaks_for_one_of(party, actors)]
        names = {party.name for party in actors}
        recipients = [party for party in self._each_once(event, sides.recipients, sides.actors) if party.name not in names]
        if event.type == "COOPERATE" and len(actors) == 1 and not recipients:
            recipients = self.parties.makers.maker_before(event.object, actors[0])
        if event.type == "CONSULT" and sides.mutual and len(actors) == 1 and not recipients:
            actors += self._who_tells_of_it(event, actors[0]) or self._who_acts_after_it(event, actors[0])
        is_accord = event.type == "AGREE" and ACCORD.search(self.setting.text_of(event.trigger) or "") is not None
        things = event.object or [span for span in sides.recipients if self.parties.makers.is_thing(span)]
        return Deed(event, event.confidence, actors, recipients, sides.mutual, self.setting.text_of(things), is_accord)

    def _who_can_act(self, actors: Iterable[Party]) -> list[Party]:
        """The actors, each once; in place of a thing who acts by it, if that is told."""
        found = (self.parties.behind(party) if self.parties.cannot_act(party) else [party] for party in actors)
        return _by_name(chain.from_iterable(found))

    def _but_reports(self, party: Party, event: TaggedEvent) -> bool:
        """Whether somebody is a medium that only reports the event: "boats will be built in Fiji, reported the Suva Times"."""
        said = self.said.around(event.trigger[0][0])
        if said is None or fold(party.name or "") not in self.setting.cast.words.media:
            return False
        return party.name in said["via"] or _tells(party, said)

    def _speaks_for_one_of(self, party: Party, others: Sequence[Party]) -> bool:
        """Whether somebody is an official of a state that is party to the same deal, of which both are one side."""
        states = {
            code for other in others if other.kind == "government" and other.name != party.name for code in other.countries
        }
        return party.kind == PERSON and bool(states & set(party.countries)) and self.parties.voices.is_official(party)

    def _who_tells_of_it(self, event: TaggedEvent, other: Party) -> list[Party]:
        """Who speaks in a sentence that tells of talks with somebody outside what is said: "she said after talks with Roe"."""
        place = event.trigger[0][0]
        start, end = self.setting.whole_sentence(place)
        for row in self.said.statements:
            cues = [cue for cue in row["cue_spans"] if start <= cue[0] < end]
            if not cues or not row["source_spans"] or any(a <= place < b for a, b in row["content_spans"]):
                continue
            if cues[0][1] <= place <= cues[0][1] + NEAR_THE_CUE:
                found = self.parties.read(tuple(row["source_spans"][0]))
                return [party for party in found[:1] if party.name and party.name != other.name]
        return []

    def _who_acts_after_it(self, event: TaggedEvent, other: Party) -> list[Party]:
        """The subject of a sentence that begins with talks with somebody: "in talks with Roe in Oslo, she thanked them"."""
        start, end = self.setting.whole_sentence(event.trigger[0][0])
        if not OPENING.fullmatch(self.text, start, event.trigger[0][0]):
            return []
        acting = [span for deed in self.events for span in deed.actors]
        acting += [tuple(row["source_spans"][0]) for row in self.said.statements if row["source_spans"]]
        after = sorted(span for span in acting if event.trigger[0][1] < span[0] < end)
        subject = next((span for span in after if self.text.endswith(", ", 0, span[0])), None)
        found = self.parties.read(subject) if subject else []
        return [party for party in found[:1] if party.name and party.name != other.name]

    def _each_once(self, event: TaggedEvent, spans: Sequence[Span], others: Sequence[Span]) -> list[Party]:
        said = self.said.around(event.trigger[0][0])
        found: list[Party] = []
        for span in spans:
            if any(self.parties.nouns.goes_on(one, span) for one in spans):
                continue
            apart = [other for other in others if other[1] <= span[0] or span[1] <= other[0]]
            found += self.parties.read(span, said, others=apart, in_person=event.type == "CONSULT")
        return _by_name(party for party in found if party.name)

    def _for_their_state(self, event: TaggedEvent, actors: Sequence[Party]) -> list[Party]:
        """Who punishes: an official who but says that somebody will be punished speaks for the state."""
        said = self.said.around(event.trigger[0][0])
        if said is None:
            return list(actors)
        for_it = (_tells(party, said) and self.parties.voices.is_official(party) for party in actors)
        return _by_name(self.parties.state_of(party) if so else party for party, so in zip(actors, for_it, strict=True))


def _tells(party: Party, said: Mapping[str, Any]) -> bool:
    """Whether a mention stands in the source of a statement."""
    return any(start < party.span[1] and party.span[0] < end for start, end in said["source_spans"])


def _by_name(parties: Iterable[Party]) -> list[Party]:
    """The parties, each name once, with its first mention."""
    found: dict[str | None, Party] = {}
    for party in parties:
        found.setdefault(party.name, party)
    return list(found.values())
