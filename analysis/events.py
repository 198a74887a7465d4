"""Tagged events -> rows of the events table: who did what to whom, when, where, how certain, and according to whom."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from analysis.authority import Authority
from analysis.dates import TimeExpression, date_ranges, time_expressions
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

LEAST = 0.1  # an event that is less likely to be right gives no row; the notebooks show those from 0.3 on
# The four classes of PLOVER's types, in the order of schema.EVENT_TYPES.
QUADS = (0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3)
QUAD_OF = {kind: QUAD_CLASSES[quad] for kind, quad in zip(EVENT_TYPES, QUADS, strict=True)}
# On which side of the day of the article an event lies by its status; 0: the words around its date must tell.
SIDE_OF = {"occurred": -1, "ongoing": -1, "planned": 1, "considered": 1, "threatened": 0, "refused": 0}
# A day or month that is named without its year, week or number of years.
MONTHS = (
    "jan(?:uary)?|febr?(?:uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|"
    "dec(?:ember)?"
)
BARE = re.compile(
    rf"(?:(?:early|late|mid-?)\s*)?(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
    rf"(?:\s+(?:morning|afternoon|evening|night))?|(?:\d\d?(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?:{MONTHS})\.?"
    r"(?:\s+\d\d?(?:st|nd|rd|th)?)?|spring|summer|autumn|winter)",
    re.IGNORECASE,
)
# What may stand between a day and the clause that it dates: ", late on".
LEADS_IN = re.compile(
    r",?\s*(?:(?:early|late|later|earlier)\s+)?(?:(?:on|in|at|since|from|during)\s+)?(?:the\s+)?", re.IGNORECASE
)
ONLY_NOUNS = re.compile(  # "sanctions on the bank, its head and three aides in "
    r"(?:(?!\b(?:to|that|which|who|whom|whose|when|where|while|if|as|because|will|would|could|can|may|might|is|are|was|were|be|"
    r"been|has|have|had|said|says|\w+ing)\b)[^.;:()\"“”\n])*\s(?:in|on|since|during)\s+(?:the\s+)?",
    re.IGNORECASE,
)
WHEN = re.compile(r",?\s+when\s+(?:(?:the|an?|its|his|her|their)\s+)?", re.IGNORECASE)
TO_THE_ACTOR = re.compile(r",?\s+(?:the\s+|an?\s+)?", re.IGNORECASE)
OF_A_THING = re.compile(r"['’]s?\s+\w")  # what follows the time in "Monday's attack"
FOLLOWS = re.compile(r"\s*,?\s*(?:following|after|before|ahead of|prior to|because of|in response to)\b", re.IGNORECASE)
# "But in a long [meeting]"
OPENING = re.compile(
    r"(?:(?:but|and|then|later|also|meanwhile|earlier),?\s+)?(?:in|at|after|before|during|following)\s+(?:[\w'’-]+\s+){0,4}",
    re.IGNORECASE,
)
RELATIVE_CLAUSE = re.compile(r",\s(?:who|whom|whose|which|where)\s[^,;]*$")  # one that goes on
SINCE = re.compile(r"\bsince\s+(?:the\s+)?$", re.IGNORECASE)  # what stands before a day with which a time begins
UNTIL = re.compile(r"\b(?:until|till)\s+(?:the\s+)?$", re.IGNORECASE)  # and before one with which it ends
ARTICLE = re.compile(r"^(?:the|a|an|its|his|her|their|our|my)\s+", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\s*\([^()\n]{0,60}\)\s*")
DETERMINER = re.compile(r"\s+(?:the|an?|its|his|her|their|our|my)$", re.IGNORECASE)
ACCORD = re.compile(
    r"\b(?:agree\w*|sign(?:s|ed|ing)?|signatur\w*|signator\w*|accord\w*|deals?|pacts?|contract\w*|treat(?:y|ies)|settl\w*|"
    r"initial(?:l?ed|l?ing|s)?|ink(?:s|ed|ing)?|clinch\w*|finali[sz]\w*|conclu\w*|terms|memorand\w*|protocol\w*|compromis\w*)\b",
    re.IGNORECASE,
)
ENDS = ".!?:;…\"”»'’)"
LONG_LINE = 55  # a line of so many characters without a full stop is no heading, but broken
FEW_WORDS = 40  # characters between "said" and "talks" in "said on Monday after talks with"
HALF_A_YEAR = 183
FEW_MORE_DAYS = 366  # an attached expression that covers more days than this dates nothing


class When(NamedTuple):
    """The columns date_start, date_end, date_basis, date_text; without `last` the time has no known end ("since Monday")."""

    first: date | None = None
    last: date | None = None
    basis: str = "none"
    text: str | None = None


UNDATED = When()


class EventReader:
    """Turns the tagger's events of an article into rows.

    Args:
        authority: what is known about actors.
        folder: where the word lists lie (places.csv, roles.csv, first_names.csv, media.csv, things.csv).
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
        return _Reading(setting, likely, statements).rows(unnamed)


class Said:
    """The statements of an article by where something is said, for many look-ups."""

    def __init__(self, setting: Setting, statements: Sequence[Mapping[str, Any]]) -> None:
        self.statements, self.sentences = statements, setting.sentences
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


class _Reading:
    """One article being read: its events, its statements, and who takes part."""

    def __init__(self, setting: Setting, events: Iterable[TaggedEvent], statements: Sequence[Mapping[str, Any]]) -> None:
        self.setting, self.text = setting, setting.text
        self.said = Said(setting, [row for row in statements if row["act"] not in NOT_STATEMENTS])
        self.events = [self._in_one_sentence(event) for event in events]
        self.dated: dict[Span, list[TaggedEvent]] = defaultdict(list)  # what dates events, and which
        for event in self.events:
            for span in event.date:
                self.dated[span].append(event)
        self.dates_taken = sorted(self.dated)
        self.starts = sorted(event.trigger[0][0] for event in self.events)
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
        return [self._row(deed) for deed in sorted(deeds, key=lambda deed: deed.start) if deed.actors]

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
        return [self._deed(event) for event in chosen.values()]

    def _in_one_sentence(self, event: TaggedEvent) -> TaggedEvent:
        """The event with whole words, its trigger, date and place in one sentence and its participants in the same zone."""
        start, end = self._sentence(event.trigger[0][0])
        zone = self.setting.zone(event.trigger[0][0])

        def inside(spans: Sequence[Span]) -> list[Span]:
            return [(a, min(b, end)) for a, b in map(self._whole, spans) if start <= a < end and a < min(b, end)]

        def in_zone(spans: Sequence[Span]) -> list[Span]:
            cut = [(a, min(b, self._sentence(a)[1])) for a, b in (whole_mention(self.setting.cast, span) for span in spans)]
            return [(a, b) for a, b in cut if a < b and self.setting.zone(a) == zone]

        return event._replace(
            trigger=self._without_determiners(inside(event.trigger) or [self._whole(event.trigger[0])]),
            actors=in_zone(event.actors),
            recipients=in_zone(event.recipients),
            object=inside(event.object),
            place=inside(event.place),
            date=[span for span in inside(event.date) if not FOLLOWS.match(self.text, span[1], event.trigger[0][0])],
        )

    def _without_determiners(self, spans: Sequence[Span]) -> list[Span]:
        """Triggers without a determiner at the end, which belongs to what follows: "left [the base]"."""
        cut = [DETERMINER.search(self.text, *span) for span in spans]
        return [(a, found.start() if found else b) for (a, b), found in zip(spans, cut, strict=True)]

    def _sentence(self, place: int) -> Span:
        """The sentence of a character; one that is broken over lines is whole."""
        sentences = self.setting.sentences
        first = last = sentences.number(place)
        while first and self._goes_on(first - 1):
            first -= 1
        while last + 1 < len(sentences.spans) and self._goes_on(last):
            last += 1
        return (sentences.spans[first][0], sentences.spans[last][1]) if sentences.spans else (0, 0)

    def _goes_on(self, number: int) -> bool:
        """Whether a line ends inside a sentence, which goes on in the next line."""
        (start, end), (after, _) = self.setting.sentences.spans[number : number + 2]
        if (
            self.text[end:after].count("\n") != 1
            or self.text[end - 1] in ENDS
            or self.setting.zone(start) != self.setting.zone(after)
        ):
            return False
        return self.text[after].islower() or end - self.text.rfind("\n", 0, end) > LONG_LINE

    def _whole(self, span: Span) -> Span:
        return whole_words(self.text, span)

    # -------------------------------------------------------------- one row

    def _row(self, deed: Deed) -> Row:
        event, actors, recipients = deed.event, deed.actors, deed.recipients
        said = self.said.around(event.trigger[0][0])
        when = self._when(event)
        start, end = self._clause(event)
        row_id = self._id(event)
        return {
            "event_id": row_id,
            "article_id": self.setting.article["article_id"],
            "zone": self.setting.zone(event.trigger[0][0]),
            "statement_id": said["statement_id"] if said else None,
            "start": start,
            "end": end,
            "trigger_spans": [list(span) for span in event.trigger],
            "trigger": self._words(event.trigger),
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

    def _words(self, spans: Sequence[Span]) -> str | None:
        return " ... ".join(self.text[a:b] for a, b in spans) or None

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
        words = " ".join((self._words(joined) or "").split())
        return OPEN_END.sub("", ARTICLE.sub("", words, count=1)) or None

    def _are_joined_by_brackets(self, span: Span, start: int) -> bool:
        piece, gap = self.text[slice(*span)], self.text[span[1] : start]
        return IN_BRACKETS.fullmatch("(" * (piece.count("(") > piece.count(")")) + gap) is not None

    def _clause(self, event: TaggedEvent) -> Span:
        """From the first to the last word of the event in its sentence; the whole sentence where there is but the trigger."""
        first, last = self._sentence(event.trigger[0][0])
        parts = [*event.actors, *event.recipients, *event.object, *event.place, *event.date]
        here = [span for span in parts if first <= span[0] and span[1] <= last]
        if not here:
            return min(first, event.trigger[0][0]), max(last, event.trigger[-1][1])
        spans = [*here, *event.trigger]
        return min(a for a, _ in spans), max(b for _, b in spans)

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
            recipients = self.parties.makers.before(event.object, actors[0])
        if event.type == "CONSULT" and sides.mutual and len(actors) == 1 and not recipients:
            actors += self._who_tells_of_it(event, actors[0]) or self._who_acts_after_it(event, actors[0])
        is_accord = event.type == "AGREE" and ACCORD.search(self._words(event.trigger) or "") is not None
        things = event.object or [span for span in sides.recipients if self.parties.makers.is_thing(span)]
        return Deed(event, event.confidence, actors, recipients, sides.mutual, self._words(things), is_accord)

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
        start, end = self._sentence(place)
        for row in self.said.statements:
            cues = [cue for cue in row["cue_spans"] if start <= cue[0] < end]
            if not cues or not row["source_spans"] or any(a <= place < b for a, b in row["content_spans"]):
                continue
            if cues[0][1] <= place <= cues[0][1] + FEW_WORDS:
                found = self.parties.read(tuple(row["source_spans"][0]))
                return [party for party in found[:1] if party.name and party.name != other.name]
        return []

    def _who_acts_after_it(self, event: TaggedEvent, other: Party) -> list[Party]:
        """The subject of a sentence that begins with talks with somebody: "in talks with Roe in Oslo, she thanked them"."""
        start, end = self._sentence(event.trigger[0][0])
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

    # -------------------------------------------------------------- when

    def _when(self, event: TaggedEvent) -> When:
        """When it happened or is to happen: what the tagger says dates it, else an expression that stands at its clause."""
        attached = self._attached_time(event) if not event.date or self._is_shared(event) else None
        found = attached or (self._tagged_time(event) if event.date else None)
        if found is None:
            return When(text=self._words(event.date)) if event.date else UNDATED
        if not attached and self._is_of_another(found, event):
            return UNDATED
        found = self._on_its_side(found, SIDE_OF[event.status])
        begins, ends = (word.search(self.text, max(0, found.start - 20), found.start) for word in (SINCE, UNTIL))
        only_ended = ends and SIDE_OF[event.status] < 0  # "barred him until May": the ban came some time before
        if found.first_day is None or found.last_day is None or only_ended or self._is_yet_to_come(found, event):
            return When(text=found.text)
        return When(found.first_day, None if begins else found.last_day, found.basis, found.text)

    def _is_shared(self, event: TaggedEvent) -> bool:
        """Whether what dates an event dates another one too: "attacked on Monday and freed them two days later"."""
        return any(len(self.dated[span]) > 1 for span in event.date)

    def _is_of_another(self, found: TimeExpression, event: TaggedEvent) -> bool:
        """Whether a time is nearer to a deed on the other side of the article's day: "agreed on Monday to buy"."""
        side = SIDE_OF[event.status]
        if not side or not BARE.fullmatch(found.text):
            return False

        def distance(deed: TaggedEvent) -> tuple[int, bool]:
            start, end = deed.trigger[0][0], deed.trigger[-1][1]
            return max(found.start - end, start - found.end), start > found.start  # the one before, of two as near

        sharing = [deed for span in event.date for deed in self.dated[span]]
        return any(SIDE_OF[deed.status] == -side and distance(deed) < distance(event) for deed in sharing)

    def _is_yet_to_come(self, found: TimeExpression, event: TaggedEvent) -> bool:
        """Whether a time lies wholly after the day of the article, although the event has happened or goes on."""
        today = self.setting.article["reference_date"]
        return bool(today and found.first_day and found.first_day > today and SIDE_OF[event.status] < 0)

    def _tagged_time(self, event: TaggedEvent) -> TimeExpression | None:
        """The time expression under the event's date; of several, the two ends of a range, else the narrowest."""
        times = self._times_in(*self._sentence(event.trigger[0][0]))
        touched = [t for t in times if any(t.start < b and a < t.end for a, b in event.date) and not self._is_aside(t, event)]
        if len(touched) > 1:
            touched = date_ranges(self.text, touched)
        dated = [t for t in touched if t.first_day and t.last_day]
        if dated:
            return min(dated, key=lambda t: (t.last_day - t.first_day).days if t.first_day and t.last_day else 0)
        return touched[0] if touched else None

    def _is_aside(self, found: TimeExpression, event: TaggedEvent) -> bool:
        """Whether a time stands in a relative clause that is over before the trigger: "Peru, which votes in May, urged"."""
        start, _ = self._sentence(found.start)
        over = "," in self.text[found.end : event.trigger[0][0]]
        return over and RELATIVE_CLAUSE.search(self.text, start, found.start) is not None

    def _attached_time(self, event: TaggedEvent) -> TimeExpression | None:
        """A day that opens the sentence right before the actor, stands right between actor and trigger, right after the clause,
        after the trigger with nothing but nouns between, or right before a "when" with the event, and is no other event's."""
        first, last = self._sentence(event.trigger[0][0])
        _, end = self._clause(event)
        begin, stop = event.trigger[0][0], event.trigger[-1][1]
        taken = self.dates_taken[bisect_left(self.dates_taken, (first, 0)) : bisect_left(self.dates_taken, (last, 0))]
        for found in self._times_in(first, last):
            if any(a < found.end and found.start < b for a, b in taken) or OF_A_THING.match(self.text, found.end):
                continue
            days = (found.last_day - found.first_day).days if found.first_day and found.last_day else FEW_MORE_DAYS
            if days >= FEW_MORE_DAYS:
                continue
            if any(found.end <= a < begin and self._opens(first, found, a) for a, _ in event.actors):
                return found
            if self._goes_with_when(found, event):
                return found
            between = [b for _, b in event.actors if b <= found.start < begin]
            if between and self._is_lead(max(between), found.start) and not self.text[found.end : begin].strip(" ,"):
                return found
            ends = {end, stop}
            if (event.actors or event.recipients) and any(e <= found.start and self._is_lead(e, found.start) for e in ends):
                return found
            if event.actors and event.status != "considered" and stop < found.start and self._only_nouns(stop, found.start):
                return found
        return None

    def _opens(self, first: int, found: TimeExpression, actor: int) -> bool:
        """Whether a time opens a sentence right before the actor: "A week later, [Peru]"."""
        return self._is_lead(first, found.start) and TO_THE_ACTOR.fullmatch(self.text, found.end, actor) is not None

    def _only_nouns(self, start: int, end: int) -> bool:
        """Whether a stretch before a time holds no other deed, nor a word with which another clause begins."""
        others = bisect_left(self.starts, start) < bisect_left(self.starts, end)
        return not others and ONLY_NOUNS.fullmatch(self.text, start, end) is not None

    def _times_in(self, first: int, last: int) -> list[TimeExpression]:
        """The time expressions of a stretch of text."""
        low = bisect_left(self.setting.times, first, key=lambda found: found.start)
        high = bisect_left(self.setting.times, last, key=lambda found: found.start)
        return [found for found in self.setting.times[low:high] if found.end <= last]

    def _goes_with_when(self, found: TimeExpression, event: TaggedEvent) -> bool:
        """Whether the event is what a "when" after a day tells of it: "until 12 May, when the miners' strike begins"."""
        here = [span for span in (*event.actors, *event.recipients, *event.trigger) if span[0] > found.end]
        return bool(here) and WHEN.fullmatch(self.text, found.end, min(here)[0]) is not None

    def _is_lead(self, start: int, end: int) -> bool:
        return LEADS_IN.fullmatch(self.text, start, end) is not None

    def _on_its_side(self, found: TimeExpression, side: int) -> TimeExpression:
        """A bare weekday or month on the side of the article's day on which the status puts the event; far ahead, no day."""
        today = self.setting.article["reference_date"]
        if not side or found.basis != "resolved" or not BARE.fullmatch(found.text):
            return found
        start, _ = self.setting.sentences.span(found.start)
        again = time_expressions(self.text[start : found.end], today, side=side)
        if not again or start + again[-1].start != found.start or again[-1].first_day is None:
            return found
        if again[-1].first_day != found.first_day and today and (again[-1].first_day - today).days > HALF_A_YEAR:
            return found._replace(first_day=None, last_day=None)
        return found._replace(value=again[-1].value, first_day=again[-1].first_day, last_day=again[-1].last_day)


def _tells(party: Party, said: Mapping[str, Any]) -> bool:
    """Whether a mention stands in the source of a statement."""
    return any(start < party.span[1] and party.span[0] < end for start, end in said["source_spans"])


def _by_name(parties: Iterable[Party]) -> list[Party]:
    """The parties, each name once, with its first mention."""
    found: dict[str | None, Party] = {}
    for party in parties:
        found.setdefault(party.name, party)
    return list(found.values())
