"""Events -> PLOVER records, coded as PLOVER's manual has it: the event type follows from plain type and status."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from analysis.exports.told import UNDATED, Book, Files, Told
from analysis.manifest import VERSION

Row = dict[str, Any]

CODER = f"attest {VERSION}"
# PLOVER's quad codes and conflict-cooperation scores of its types.
QUADS = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), 1),
    **dict.fromkeys(("COOPERATE", "AID", "RETREAT"), 2),
    **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), 3),
    **dict.fromkeys(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"), 4),
}
SCORES = {
    "AGREE": 2.5, "CONSULT": 2.5, "SUPPORT": 5.0, "CONCEDE": 4.5, "COOPERATE": 9.5, "AID": 10.0, "RETREAT": 6.5, "REQUEST": 0.0,
    "ACCUSE": -3.0, "REJECT": -2.0, "THREATEN": -3.5, "PROTEST": -5.0, "SANCTION": -6.0, "MOBILIZE": -5.5, "COERCE": -7.0,
    "ASSAULT": -9.0,
}  # fmt: skip
WITH_RECIPIENT = frozenset(("COOPERATE", "AID", "SANCTION"))  # types of which PLOVER wants a recipient
PLANNED_AS = {
    **dict.fromkeys(("CONSULT", "SUPPORT", "COOPERATE", "AID"), "AGREE"),
    "RETREAT": "CONCEDE",
    **dict.fromkeys(("SANCTION", "COERCE", "MOBILIZE", "ASSAULT"), "THREATEN"),
}
SIGNING = re.compile(
    r"\b(?:(?:co-?)?sign(?:s|ed|ing|ings|ature|atures)?|initial(?:s|l?ed|l?ing)?|ink(?:s|ed|ing)?|ratif\w+)\b", re.IGNORECASE
)
# A deal that is made counts as one signed: "reached an agreement", "agreed a trade deal"; "agreed to talk" does not.
DEAL = r"\b(?:agreement|deal|accord|pact|treat(?:y|ie)|ceasefire|truce|settlement)s?\b"
CONCLUDING = re.compile(
    r"(?:(?:has|have|had|finally|also) )*(?:reach|conclud|str(?:ike|iking|uck)|clinch|seal|finali[sz])\w* "
    rf"(?:(?!(?:no|out|about|on|talks|to) )\S+ )*?{DEAL}",
    re.IGNORECASE,
)
AGREEING = re.compile(r"(?:(?:has|have|had) )?agree(?:s|d)?(?: on| upon| to)?", re.IGNORECASE)
A_DEAL = re.compile(rf"(?:(?!(?:to|talks|on|for) )[\w-]+ ){{0,4}}{DEAL}(?! talks)", re.IGNORECASE)
# CAMEO's 163 (impose sanctions, embargo or boycott) is a kind of COERCE in PLOVER; the table has it as SANCTION.
RESTRICTING = re.compile(r"\b(?:sanction|embargo|boycott)", re.IGNORECASE)
# What a threat is of, by PLOVER's modes of THREATEN.
THREATS = {
    "expel": "expel",
    "deport": "expel",
    "arrest": "arrest",
    "restrict": "restrict",
    "censor": "restrict",
    "curfew": "restrict",
}
THREATS_BY_TYPE = {"ASSAULT": "violence", "SANCTION": "relations"}
# PLOVER writes Kosovo in its own way.
CODES = {"XKX": "KOS", "UNK": "KOS"}

CONSIDERED = "considered"
NO_REFUSER = "refused, by whom is not told"
NO_ACTOR = "without an actor"
NO_RECIPIENT = "without the recipient that PLOVER wants"


class Coding(NamedTuple):
    """PLOVER's coding of an event: type, actors and recipients by name, and what may be left open otherwise ("future")."""

    event: str
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    auxiliary: str | None = None


def plover_coding(event: Mapping[str, Any], speaker: str | None = None) -> Coding | None:
    """How PLOVER codes an event, from its plain type and its status; None where it is left out.

    Args:
        event: a row of the events table.
        speaker: who says so, where the event stands in a statement; in a mutual act that was refused it tells by whom.

    >>> row = {"type": "AID", "status": "planned", "trigger": "send", "actors": ["Chile"], "recipients": ["Haiti"]}
    >>> [plover_coding(row | {"status": status}) for status in ("refused", "considered")]
    [Coding(event='REJECT', actors=('Chile',), recipients=('Haiti',), auxiliary=None), None]
    >>> plover_coding(row).event
    'AGREE'
    """
    kind, status = event["type"], event["status"]
    actors, recipients = tuple(event["actors"]), tuple(event["recipients"])
    if kind == "AGREE" and _is_concluded(event):
        kind = "SUPPORT"
    if kind == "SANCTION" and RESTRICTING.search(event["trigger"]):
        kind = "COERCE"
    if status == "considered":
        return None
    if status == "threatened":
        return Coding("THREATEN", actors, recipients)
    if status == "planned":
        coded = PLANNED_AS.get(kind, kind)
        return Coding(coded, actors, recipients, "future" if coded == kind else None)
    if status != "refused":
        return Coding(kind, actors, recipients)
    if recipients or len(actors) < 2:
        return Coding("REJECT", actors, recipients) if actors else None
    if speaker is None or speaker not in actors:
        return None
    return Coding("REJECT", (speaker,), tuple(name for name in actors if name != speaker))


def _is_concluded(event: Mapping[str, Any]) -> bool:
    """Whether an agreement is signed or made, not only promised."""
    trigger, thing = event["trigger"], event.get("object") or ""
    if SIGNING.search(trigger) or CONCLUDING.match(trigger):
        return True
    return bool(AGREEING.fullmatch(trigger) and len(event["actors"]) > 1 and A_DEAL.match(thing))


# ------------------------------------------------------------------ records


def plover(book: Book, out: Path) -> Files:
    """Records in JSONL, one for each mention; those without a date in a file of their own."""
    dated: list[str] = []
    undated: list[str] = []
    left: Counter[str] = Counter()
    for told in book.told:
        coding = plover_coding(told.event, book.speaker_among(told))
        if coding is None:
            left[CONSIDERED if told.event["status"] == CONSIDERED else NO_REFUSER] += 1
            continue
        lacking = _lacking(coding)
        if lacking:
            left[lacking] += 1
            continue
        record = json.dumps(_record(book, told, coding), ensure_ascii=False)
        (dated if told.is_dated else undated).append(record)
    files = {out: _lines(dated)}
    aside = out.with_name(f"{out.stem}-undated{out.suffix}")
    files[aside] = _lines(undated)
    left[UNDATED] += len(undated)
    return Files(files, left)


def _lacking(coding: Coding) -> str | None:
    """What a coding lacks that PLOVER wants; of a mutual act all are actors."""
    if not coding.actors:
        return NO_ACTOR
    alone = not coding.recipients and len(coding.actors) < 2
    return NO_RECIPIENT if alone and coding.event in WITH_RECIPIENT else None


def _lines(records: Sequence[str]) -> str:
    return "".join(record + "\n" for record in records)


def _record(book: Book, told: Told, coding: Coding) -> Row:
    event, article = told.event, told.article
    first, last = told.days if told.is_dated else (None, None)
    modes = list(book.deeds.find(event["type"], event["trigger"]).modes)
    if coding.event != event["type"]:
        threat = [THREATS[mode] for mode in modes if mode in THREATS] or [THREATS_BY_TYPE.get(event["type"], "")]
        modes = [mode for mode in threat[:1] if mode] if coding.event == "THREATEN" else []
    cited = {key: article[name] for key, name in CITED.items() if article[name]}
    record = {
        "id": event["event_id"],
        "date": first and first.isoformat(),
        "enddate": last.isoformat() if last and last != first else None,
        "actor": [_actor(book, told, name) for name in coding.actors],
        "recipient": [_actor(book, told, name) for name in coding.recipients],
        "event": [coding.event],
        "mode": modes + ([coding.auxiliary] if coding.auxiliary else []),
        "quad_code": QUADS[coding.event],
        "event_scale": SCORES[coding.event],
        "event_loc": {"name": event["place"]} if event["place"] else None,
        "event_text": [event["trigger"]],
        "link": event["event_key"],
        "text": told.words,
        "text_info": {"start": event["start"], "end": event["end"]},
        "cite_info": cited | {"coder": CODER, "codebook": "PLOVER 2.0 draft"},
        "coder": CODER,
        "comment": _comment(told),
    }
    return {key: value for key, value in record.items() if value not in (None, [])}


CITED = {"citation": "article_id", "title": "title", "publication": "outlet", "url": "url", "language": "language"}


def _actor(book: Book, told: Told, name: str) -> Row:
    event, row = told.event, book.actors.get(name)
    country = book.country_of(name)
    if country is None and len(event["countries"]) == len({*event["actors"], *event["recipients"]}) == 1:
        country = event["countries"][0]
    sector = "GOV" if row and row["kind"] == "government" else getattr(book.sectors.find(name), "code", None)
    code = CODES.get(country or "", country)
    found = {"country": code, "code": code, "sector": sector, "actor_text": _mention(told, name), "identifier_text": name}
    return {key: value for key, value in found.items() if value}


def _mention(told: Told, name: str) -> str | None:
    """The words by which an event names one of its participants."""
    for side, spans in (("actors", "actor_spans"), ("recipients", "recipient_spans")):
        names, places = told.event[side], told.event[spans]
        if name in names and len(names) == len(places):
            span = places[names.index(name)]
            pieces = span if span and not isinstance(span[0], int) else [span]
            return " ".join(" ".join(told.article["text"][a:b] for a, b in pieces).split()) or None
    return None


def _comment(told: Told) -> str:
    event = told.event
    parts = [f"plain type {event['type']}", f"status {event['status']}", f"date {event['date_basis']}"]
    parts += ["no end given"] if event["date_start"] and event["date_end"] is None else []
    parts += [f"confidence {event['confidence']:g}", f"{told.n_articles} articles"]
    return "; ".join(parts)
