"""Score statements and events against the hand annotation of the seed articles.

    python -m benchmarks.gold TABLES [--errors]      stored tables, or a folder of JSON files in the form of the gold
    python -m benchmarks.gold --self                 the gold against itself; every score is 1

The scheme is data/gold/GUIDELINES.md. How a score is made:
- Statements pair one to one, the best first, when their cues share a token or their contents have a word F1 of 0.5; events
  pair when the triggers share a token, where any of the gold's accepted triggers will do.
- Of paired rows: the share with the right value in a column, the mean F1 where the column holds words or names.
- A speaker is right with the same name, whatever its case, accents and signs, or with the same last name of a person;
  `speaker_exact` wants the whole name.
- A date is right when both its ends are those of an accepted reading. `date_known` looks only at rows that have a date.
- `nested`: of all gold statements inside another, the share that is found and has the right parent.
- Precision of events counts all gold rows, recall the core ones. `same_f1`: pairs of mentions told to be the same happening.
A score that has nothing to look at is None.
"""

from __future__ import annotations

import argparse
import difflib
import itertools
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import from_tables
from benchmarks.results import ROOT, BenchmarkError

GOLD = ROOT / "data" / "gold"
TEXTS = ROOT / "seeds"
STATEMENT_FIELDS = ("source", "cue", "content", "speaker", "quote_type", "negated", "parent", "date")
EVENT_FIELDS = ("trigger", "type", "countries", "status", "date", "statement")
STATEMENT_MEASURES = (
    "content_token_f1", "content_exact", "speaker", "speaker_exact", "country", "quote_type", "act", "via_f1", "addressee",
    "negated", "parent", "date", "date_known",
)  # fmt: skip
EVENT_MEASURES = ("type", "status", "actors_f1", "recipients_f1", "countries_f1", "date", "date_known", "statement")
# Words that end the name of a body or an office, which has no last name as a person has.
BODIES = frozenset(
    word
    for line in (
        "state states country kingdom republic union nations council court system",
        "government administration cabinet presidency president minister ministry department bureau directorate office",
        "officials authority agency service commission committee embassy spokesman spokesperson spokeswoman",
        "parliament assembly congress senate house party alliance federation organisation organization group",
        "army military force forces defence defense command police",
        "bank company corporation industry industries press news foundation institute university center centre",
    )
    for word in line.split()
)
# Letters that Unicode does not take apart into a plain one and an accent.
LETTERS = str.maketrans("\u0131łŁøØđĐð", "illooddd") | str.maketrans({"æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th"})

Record = dict[str, Any]
Outcome = dict[str, float]


class GoldError(BenchmarkError):
    """An annotation cannot be scored; the message says where, what was given and what was expected."""


# ------------------------------------------------------------------- reading


class Annotation:
    """The rows of one article, and its tokens under the numbers that they have in the gold text.

    Args:
        name: what messages call the article.
        record: statements and events; its `body_text`, where it has one, is the text that its offsets index.
        gold_text: the text of the gold annotation. Where the two differ, tokens are aligned, and one without a
            counterpart gets a number of its own.

    Raises:
        GoldError: a row lacks a field, or an offset, date or id in it cannot be right.
    """

    def __init__(self, name: str, record: Record, gold_text: str) -> None:
        own = body_text(record)
        self.text = gold_text if own is None else own
        self.statements: list[Record] = record.get("statements", [])
        self.events: list[Record] = record.get("events", [])
        self.places = {row.get("id", f"s{number}"): number - 1 for number, row in enumerate(self.statements, 1)}
        wrong = list(itertools.islice(self._mistakes(), 10))
        if wrong:
            raise GoldError("\n".join(f"{name}: {mistake}" for mistake in wrong))
        found = list(re.finditer(r"(\w+)|[^\w\s]", self.text))
        numbers = aligned([token[0] for token in found], re.findall(r"\w+|[^\w\s]", gold_text))
        self.tokens = [(*token.span(), number, token[1] is not None) for token, number in zip(found, numbers, strict=True)]

    def touched(self, spans: Sequence[Sequence[int]], *, words: bool = False) -> frozenset[int]:
        """Numbers of the tokens that the spans touch; with `words`, without signs."""
        return frozenset(
            number
            for start, end, number, is_word in self.tokens
            if (is_word or not words) and any(start < stop and first < end for first, stop in spans)
        )

    def _mistakes(self) -> Iterator[str]:
        for kind, rows, fields in (("statement", self.statements, STATEMENT_FIELDS), ("event", self.events, EVENT_FIELDS)):
            for number, row in enumerate(rows, 1):
                where = f"{kind} {number} ({row.get('id', 'no id')})"
                missing = [field for field in fields if field not in row]
                if missing:
                    yield f"{where}: no field {missing}"
                else:
                    yield from (f"{where}: {mistake}" for mistake in self._mistakes_of(row))
        if len(self.places) < len(self.statements):
            yield "two statements have the same id"

    def _mistakes_of(self, row: Record) -> Iterator[str]:
        for field in ("source", "cue", "content", "trigger"):
            for start, end in row.get(field, ()):
                if not 0 <= start < end <= len(self.text):
                    yield f"{field}: [{start}, {end}] is no span of a text of {len(self.text)} characters"
        if not (row.get("trigger") or row.get("cue") or row.get("content")):
            yield "no words: cue and content, or the trigger, are empty"
        for field in ("parent", "statement"):
            if row.get(field) is not None and row[field] not in self.places:
                yield f"{field}: there is no statement {row[field]!r}"
        for field, value in row["date"].items():
            if field in ("start", "end") and value is not None and not _is_day(value):
                yield f"date: {field} is {value!r}, expected YYYY-MM-DD or null"


def _is_day(value: Any) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except (TypeError, ValueError):
        return False


def body_text(record: Record) -> str | None:
    """The text that a record carries itself, or None."""
    return record["body_text"] if "body_text" in record else record.get("article", {}).get("body_text")


def aligned(tokens: list[str], gold: list[str]) -> list[int]:
    """For each token the number of its counterpart among the gold tokens, or a negative number of its own.

    >>> aligned(["It", "ran", "off"], ["Then", "It", "ran"])
    [1, 2, -3]
    """
    if tokens == gold:
        return list(range(len(gold)))
    numbers = [-1 - place for place in range(len(tokens))]
    for block in difflib.SequenceMatcher(None, tokens, gold, autojunk=False).get_matching_blocks():
        numbers[block.a : block.a + block.size] = range(block.b, block.b + block.size)
    return numbers


def read_records(folder: str | Path) -> dict[str, Record]:
    """Article -> record, from the annotation files of a folder; other JSON files in it are left alone."""
    records = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.json"))}
    return {name: record for name, record in records.items() if {"article", "statements", "events"} & set(record)}


def read_gold(folder: str | Path = GOLD, *, texts: str | Path = TEXTS) -> dict[str, Annotation]:
    """Article -> gold annotation.

    Args:
        folder: the annotation files.
        texts: the articles, one .txt file each.

    Raises:
        GoldError: there is no annotation in the folder, or an article is missing.
    """
    gold = {}
    for name, record in read_records(folder).items():
        text, path = body_text(record), Path(texts) / f"{name}.txt"
        if text is None and not path.is_file():
            raise GoldError(f"{name}: the article is not in {texts}; give the folder of the articles with --texts")
        gold[name] = Annotation(name, record, path.read_bytes().decode() if text is None else text)
    if not gold:
        raise GoldError(f"{folder}: no annotation files in this folder")
    return gold


# ------------------------------------------------------------------- pairing


def f1(a: frozenset[Any] | set[Any], b: frozenset[Any] | set[Any]) -> float:
    """F1 of two sets; 1 where both are empty."""
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def best_pairs(candidates: Iterable[tuple[tuple[float, ...], int, int]]) -> dict[int, int]:
    """Gold row -> predicted row, one to one, from (merits, gold row, predicted row), the highest merits first.

    >>> best_pairs([((0.5,), 0, 0), ((0.9,), 0, 1), ((0.4,), 1, 1)])
    {0: 1}
    """
    pairs: dict[int, int] = {}
    for _, g, p in sorted(candidates, key=lambda c: ([-merit for merit in c[0]], c[1], c[2])):
        if g not in pairs and p not in pairs.values():
            pairs[g] = p
    return pairs


def pair_statements(gold: Annotation, predicted: Annotation) -> dict[int, int]:
    """Gold statement -> predicted statement."""
    cues = [[side.touched(row["cue"]) for row in side.statements] for side in (gold, predicted)]
    contents = [[side.touched(row["content"], words=True) for row in side.statements] for side in (gold, predicted)]
    candidates = []
    for g, p in itertools.product(range(len(gold.statements)), range(len(predicted.statements))):
        same_cue, likeness = bool(cues[0][g] & cues[1][p]), f1(contents[0][g], contents[1][p])
        if same_cue or (contents[0][g] and likeness >= 0.5):
            candidates.append(((same_cue + likeness,), g, p))
    return best_pairs(candidates)


def pair_events(gold: Annotation, predicted: Annotation) -> dict[int, int]:
    """Gold event -> predicted event."""
    triggers = [predicted.touched(row["trigger"]) for row in predicted.events]
    candidates = []
    for g, row in enumerate(gold.events):
        accepted = [gold.touched(spans) for spans in (row["trigger"], *row.get("trigger_accept", ()))]
        for p, trigger in enumerate(triggers):
            if any(form & trigger for form in accepted):
                likeness = [f1(form, trigger) for form in accepted]
                right = type_right(row, predicted.events[p])
                candidates.append(((max(likeness), likeness[0], row.get("core", True), right), g, p))
    return best_pairs(candidates)


# ------------------------------------------------------------------- columns


def name_words(name: str | None) -> list[str]:
    """The words of a name without case, accents, signs and the possessive.

    >>> name_words("Siân O'Malley's")
    ['sian', 'omalley']
    """
    parts = unicodedata.normalize("NFKD", (name or "").translate(LETTERS))
    plain = "".join(part for part in parts if not unicodedata.combining(part)).casefold()
    return re.findall(r"\w+", re.sub(r"['\u2019](?:s\b)?", "", plain))


def speaker_right(gold: Record, predicted: Record) -> bool:
    """The same name, or the same last name of a person; unknown against unknown is right too."""
    a, b = name_words(gold["speaker"]), name_words(predicted["speaker"])
    return a == b or bool(a and b and a[-1] == b[-1] and a[-1] not in BODIES)


def date_right(gold: Record, predicted: Record) -> bool:
    """Both ends as in one of the accepted readings."""
    return any(
        (reading["start"], reading["end"]) == (predicted["date"]["start"], predicted["date"]["end"])
        for reading in (gold["date"], *gold.get("date_accept", ()))
    )


def type_right(gold: Record, predicted: Record) -> bool:
    """The gold's event type or one that it accepts."""
    return predicted["type"] == gold["type"] or predicted["type"] in gold.get("type_accept", ())


def names_f1(gold: Iterable[str], predicted: Iterable[str] | None) -> float:
    """F1 of two lists of names, as `name_words` reads them."""
    return f1({" ".join(name_words(name)) for name in gold}, {" ".join(name_words(name)) for name in predicted or ()})


class Pairing(NamedTuple):
    """Two annotations of an article and how their rows pair."""

    gold: Annotation
    predicted: Annotation
    statements: dict[int, int]
    events: dict[int, int]

    def same_statement(self, gold_id: str | None, predicted_id: str | None) -> bool:
        """Both None, or two statements that pair."""
        if gold_id is None or predicted_id is None:
            return gold_id is predicted_id
        return self.statements.get(self.gold.places[gold_id]) == self.predicted.places[predicted_id]


def pair(gold: Annotation, predicted: Annotation) -> Pairing:
    """Pair the rows of two annotations of the same article."""
    return Pairing(gold, predicted, pair_statements(gold, predicted), pair_events(gold, predicted))


def statement_outcomes(pairing: Pairing) -> list[Outcome]:
    """For each paired statement what is right, by measure, 0 to 1; a measure that does not apply is left out."""
    outcomes = []
    for g, p in pairing.statements.items():
        gold, predicted = pairing.gold.statements[g], pairing.predicted.statements[p]
        contents = (
            pairing.gold.touched(gold["content"], words=True),
            pairing.predicted.touched(predicted["content"], words=True),
        )
        right: Outcome = {
            "content_token_f1": f1(*contents),
            "content_exact": contents[0] == contents[1],
            "speaker": speaker_right(gold, predicted),
            "speaker_exact": name_words(gold["speaker"]) == name_words(predicted["speaker"]),
            "parent": pairing.same_statement(gold["parent"], predicted["parent"]),
            "date": date_right(gold, predicted),
        }
        right |= {key: gold[key] == predicted.get(key) for key in ("country", "quote_type", "negated") if key in gold}
        if "act" in gold and "act" in predicted:
            right["act"] = gold["act"] == predicted["act"]
        if "via" in gold and "via" in predicted:
            right["via_f1"] = names_f1(gold["via"], predicted["via"])
        if "addressee" in gold and "addressee" in predicted:
            right["addressee"] = name_words(gold["addressee"]) == name_words(predicted["addressee"])
        if gold["date"]["start"]:
            right["date_known"] = right["date"]
        outcomes.append(right)
    return outcomes


def nested_found(pairing: Pairing) -> list[bool]:
    """For each gold statement inside another: whether it is found with the right parent."""
    return [
        g in pairing.statements
        and pairing.same_statement(row["parent"], pairing.predicted.statements[pairing.statements[g]]["parent"])
        for g, row in enumerate(pairing.gold.statements)
        if row["parent"]
    ]


def event_outcomes(pairing: Pairing) -> list[tuple[bool, Outcome]]:
    """For each paired event whether it is a core one, and what is right, by measure."""
    outcomes = []
    for g, p in pairing.events.items():
        gold, predicted = pairing.gold.events[g], pairing.predicted.events[p]
        right: Outcome = {
            "type": type_right(gold, predicted),
            "status": gold["status"] == predicted["status"],
            "countries_f1": f1(set(gold["countries"]), set(predicted["countries"])),
            "date": date_right(gold, predicted),
            "statement": pairing.same_statement(gold["statement"], predicted["statement"]),
        }
        for key in ("actors", "recipients"):
            if key in gold and key in predicted:
                right[f"{key}_f1"] = names_f1(gold[key], predicted[key])
        if gold["date"]["start"]:
            right["date_known"] = right["date"]
        outcomes.append((gold.get("core", True), right))
    return outcomes


def same_happening(pairing: Pairing) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Pairs of mentions told to be the same happening, by the gold and by the prediction, as gold rows."""
    predicted_key = "event_key" if any("event_key" in row for row in pairing.predicted.events) else "same_as"
    gold = {g: pairing.gold.events[g].get("same_as") for g in pairing.events}
    predicted = {g: pairing.predicted.events[p].get(predicted_key) for g, p in pairing.events.items()}
    return _sharing(gold), _sharing(predicted)


def _sharing(keys: Mapping[int, str | None]) -> set[tuple[int, int]]:
    return {(i, j) for i, j in itertools.combinations(sorted(keys), 2) if keys[i] and keys[i] == keys[j]}


# ------------------------------------------------------------------- figures


def _mean(outcomes: Iterable[Outcome], measure: str) -> float | None:
    values = [float(outcome[measure]) for outcome in outcomes if measure in outcome]
    return sum(values) / len(values) if values else None


def _share(part: int, whole: int, *, else_: float | None = None) -> float | None:
    return part / whole if whole else else_


def _harmonic(p: float | None, r: float | None) -> float | None:
    if p is None or r is None:
        return None
    return 2 * p * r / (p + r) if p + r else 0.0


def figures(pairings: Sequence[Pairing]) -> dict[str, Record]:
    """The scores of some articles together: a dictionary for statements and one for events."""
    return {"statements": _statement_figures(pairings), "events": _event_figures(pairings)}


def _statement_figures(pairings: Sequence[Pairing]) -> Record:
    gold = sum(len(pairing.gold.statements) for pairing in pairings)
    predicted = sum(len(pairing.predicted.statements) for pairing in pairings)
    matched = sum(len(pairing.statements) for pairing in pairings)
    # Where there was something to find, nothing predicted is worth 0; the same the other way round.
    precision = _share(matched, predicted, else_=0.0 if gold else None)
    recall = _share(matched, gold, else_=0.0 if predicted else None)
    outcomes = [outcome for pairing in pairings for outcome in statement_outcomes(pairing)]
    nested = [found for pairing in pairings for found in nested_found(pairing)]
    return {
        "gold": gold,
        "pred": predicted,
        "matched": matched,
        "precision": precision,
        "recall": recall,
        "f1": _harmonic(precision, recall),
        **{measure: _mean(outcomes, measure) for measure in STATEMENT_MEASURES},
        "nested": _share(sum(nested), len(nested)),
    }


def _event_figures(pairings: Sequence[Pairing]) -> Record:
    rows = [row for pairing in pairings for row in pairing.gold.events]
    core = sum(row.get("core", True) for row in rows)
    predicted = sum(len(pairing.predicted.events) for pairing in pairings)
    outcomes = [outcome for pairing in pairings for outcome in event_outcomes(pairing)]
    on_core = [right for is_core, right in outcomes if is_core]
    told = [same_happening(pairing) for pairing in pairings]
    same = {
        "gold": sum(len(g) for g, _ in told),
        "pred": sum(len(p) for _, p in told),
        "both": sum(len(g & p) for g, p in told),
    }
    precision = _share(len(outcomes), predicted, else_=0.0 if core else None)
    recall = _share(len(on_core), core)
    return {
        "gold": len(rows),
        "gold_core": core,
        "pred": predicted,
        "matched": len(outcomes),
        "matched_core": len(on_core),
        **{f"same_{side}": number for side, number in same.items()},
        "precision": precision,
        "recall_core": recall,
        "f1": _harmonic(precision, recall),
        **{measure: _mean((right for _, right in outcomes), measure) for measure in EVENT_MEASURES},
        "same_f1": _harmonic(_share(same["both"], same["pred"]), _share(same["both"], same["gold"])),
        "on_core": {measure: _mean(on_core, measure) for measure in EVENT_MEASURES},
    }


def pair_all(gold: Mapping[str, Annotation], predicted: Mapping[str, Record]) -> dict[str, Pairing]:
    """Article -> its pairing, for every gold article.

    Raises:
        GoldError: an article has no prediction, or one that cannot be scored.
    """
    missing = sorted(set(gold) - set(predicted))
    if missing:
        raise GoldError(f"no tables for the articles {missing}; extract the corpus that the annotation is of")
    return {name: pair(one, Annotation(name, predicted[name], one.text)) for name, one in gold.items()}


def score(gold: Mapping[str, Annotation], predicted: Mapping[str, Record]) -> dict[str, Any]:
    """Scores of predicted statements and events against the gold, over all articles and for each.

    Args:
        gold: as `read_gold` gives it.
        predicted: article -> record in the form of the gold, as `from_tables.gold_records` or `read_records` give it.

    Returns:
        {"overall": {"statements": ..., "events": ...}, "articles": {article: the same}}, each a dictionary of counts and
        of scores between 0 and 1, None where there is nothing to look at.
    """
    pairings = pair_all(gold, predicted)
    return {"overall": figures([*pairings.values()]), "articles": {name: figures([one]) for name, one in pairings.items()}}


# -------------------------------------------------------------------- errors


def differences(pairing: Pairing) -> Iterator[str]:
    """What was missed, what is too much, and every value that differs, a line each."""
    yield from _statement_differences(pairing)
    yield from _event_differences(pairing)


def _words(annotation: Annotation, row: Record) -> str:
    spans = row.get("trigger") or row["cue"] or row["content"]
    return repr(" | ".join(annotation.text[start:end] for start, end in spans)[:60])


def _statement_differences(pairing: Pairing) -> Iterator[str]:
    for g, row in enumerate(pairing.gold.statements):
        head = f"{row.get('id', g + 1)} {_words(pairing.gold, row)}"
        if g not in pairing.statements:
            yield f"missed     {head}"
            continue
        other = pairing.predicted.statements[pairing.statements[g]]
        checks: dict[str, bool] = {
            "speaker": name_words(row["speaker"]) == name_words(other["speaker"]),
            **{key: row[key] == other.get(key) for key in ("country", "quote_type", "negated") if key in row},
            **{key: row[key] == other[key] for key in ("act",) if key in row and key in other},
            "via": "via" not in row or "via" not in other or names_f1(row["via"], other["via"]) == 1,
            "addressee": "addressee" not in row or name_words(row["addressee"]) == name_words(other.get("addressee")),
            "parent": pairing.same_statement(row["parent"], other["parent"]),
            "date": date_right(row, other),
        }
        yield from (
            f"{key:<10} {head}: gold {row.get(key)}, found {other.get(key)}" for key, right in checks.items() if not right
        )
        contents = [side.touched(r["content"], words=True) for side, r in ((pairing.gold, row), (pairing.predicted, other))]
        if contents[0] != contents[1]:
            texts = [side.text for side in (pairing.gold, pairing.predicted)]
            both = [" | ".join(text[a:b] for a, b in r["content"]) for text, r in zip(texts, (row, other), strict=True)]
            yield f"content    {head}: gold {both[0]!r}, found {both[1]!r}"
    for p in sorted(set(range(len(pairing.predicted.statements))) - set(pairing.statements.values())):
        yield f"too much   {_words(pairing.predicted, pairing.predicted.statements[p])}"


def _event_differences(pairing: Pairing) -> Iterator[str]:
    if pairing.gold.events and not pairing.predicted.events:
        yield f"missed     all {len(pairing.gold.events)} events: the tables hold none"
        return
    for g, row in enumerate(pairing.gold.events):
        head = f"{row.get('id', g + 1)} {_words(pairing.gold, row)}"
        if g not in pairing.events:
            yield f"missed     {head}" + ("" if row.get("core", True) else ", not core")
            continue
        other = pairing.predicted.events[pairing.events[g]]
        checks: dict[str, bool] = {
            "type": type_right(row, other),
            "status": row["status"] == other["status"],
            "countries": set(row["countries"]) == set(other["countries"]),
            **{key: names_f1(row[key], other[key]) == 1 for key in ("actors", "recipients") if key in row and key in other},
            "date": date_right(row, other),
            "statement": pairing.same_statement(row["statement"], other["statement"]),
        }
        yield from (
            f"{key:<10} {head}: gold {row.get(key)}, found {other.get(key)}" for key, right in checks.items() if not right
        )
    for p in sorted(set(range(len(pairing.predicted.events))) - set(pairing.events.values())):
        yield f"too much   {_words(pairing.predicted, pairing.predicted.events[p])}"


# ------------------------------------------------------------------- command


def describe(scores: Mapping[str, Any]) -> str:
    """The scores as text, one table for statements and one for events, a column an article and the last for all."""
    names = [*scores["articles"], "overall"]
    columns = [*scores["articles"].values(), scores["overall"]]
    lines = []
    for kind in ("statements", "events"):
        if not scores["overall"][kind]["pred"]:
            lines.append(f"{kind}: none in the tables, {scores['overall'][kind]['gold']} in the gold")
            continue
        lines.append(f"{kind:<24}" + "".join(f"{name[:12]:>14}" for name in names))
        rows = [
            {**column[kind], **{f"core {key}": value for key, value in column[kind].get("on_core", {}).items()}}
            for column in columns
        ]
        for measure in rows[0]:
            if measure != "on_core":
                lines.append(f"  {measure:<22}" + "".join(f"{_shown(row[measure]):>14}" for row in rows))
    return "\n".join(lines) + "\n"


def _shown(value: float | None) -> str:
    return "-" if value is None else str(value) if isinstance(value, int) else f"{value:.3f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Score tables against the gold and print the scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", type=Path, nargs="?")
    parser.add_argument("--gold", type=Path, default=GOLD, help="folder of the annotation")
    parser.add_argument("--texts", type=Path, default=TEXTS, help="folder of the articles")
    parser.add_argument("--self", action="store_true", help="score the gold against itself")
    parser.add_argument("--errors", action="store_true", help="list everything that is missed, too much or different")
    parser.add_argument("--json", type=Path, help="write the scores to this file too")
    args = parser.parse_args(arguments)
    if not (args.self or args.tables):
        parser.error("give a folder of tables, or --self")
    try:
        _run(args)
    except (GoldError, FileNotFoundError) as problem:
        parser.exit(2, f"{problem}\n")


def _run(args: argparse.Namespace) -> None:
    gold = read_gold(args.gold, texts=args.texts)
    if args.self:
        predicted = read_records(args.gold)
    else:
        stored = (args.tables / "articles.parquet").is_file()
        predicted = from_tables.gold_records(args.tables) if stored else read_records(args.tables)
    if args.errors:
        for name, pairing in pair_all(gold, predicted).items():
            sys.stdout.write("\n".join([name, *(f"  {line}" for line in differences(pairing))]) + "\n")
    scores = score(gold, predicted)
    if args.json:
        args.json.write_text(json.dumps(scores, ensure_ascii=False, indent=1), encoding="utf-8")
    sys.stdout.write(describe(scores))


if __name__ == "__main__":
    main()
