"""PolNeAR's articles and own passages with statements, in other styles and with other names, and their labels."""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from analysis.tagger import NAME_KINDS, Window
from training.clauses import ROLES as CLAUSE_ROLES
from training.clauses import Token, clauses_of
from training.examples import EVENT_ROLES, IGNORE, Example, mark, pieces_of, role_tags

STATEMENT_ROLES = ("source", "cue", "content")
# Pairs of marks of one character each: swapping them leaves every offset where it was.
QUOTE_STYLES = ("“”", "“”", '""', '""', "«»", "„“", "‘’", "''")


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a .jsonl or .jsonl.gz file."""
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def read_parses(path: Path) -> dict[str, dict[str, list]]:
    """What CoreNLP's analysis says of every article: its names (start, end, kind), the offsets of its verbs, and its clauses.

    Names are runs of tokens with the same label. Some documents are cut off; what is missing is simply not there.
    """
    parses: dict[str, dict[str, list]] = {}
    current: dict[str, list] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for is_sentence, some in groupby(lines, key=lambda line: line.count("\t") >= 7):
            if is_sentence:
                _add_sentence(current, [line.rstrip("\n").split("\t") for line in some])
            for line in () if is_sentence else some:
                if line.startswith("# doc = "):
                    current = parses.setdefault(line[8:].strip(), {"names": [], "verbs": [], "clauses": []})
    return parses


def _add_sentence(parse: dict[str, list], rows: list[list[str]]) -> None:
    """Add the rows of a sentence: number, word, start, end, part of speech, lemma, kind of name, head, relation."""
    tokens = [Token(int(row[2]), int(row[3]), row[4], int(row[7]) - 1, row[8], row[1]) for row in rows]
    parse["verbs"] += [token.start for token in tokens if token.tag.startswith("VB")]
    for kind, some in groupby(zip(rows, tokens, strict=True), key=lambda both: both[0][6]):
        if kind in NAME_KINDS:
            named = [token for _, token in some]
            parse["names"].append((named[0].start, named[-1].end, kind))
    parse["clauses"] += clauses_of(tokens)


class Names:
    """Names of people from many countries, to put in the place of those of an article."""

    def __init__(self, first: list[str], last: list[str]) -> None:
        self.first, self.last = first, last

    def like(self, name: str, rng: random.Random) -> str:
        """Another name with as many parts."""
        parts = name.split()
        return " ".join([*(rng.choice(self.first) for _ in parts[1:]), rng.choice(self.last)])


def swap_names(article: dict[str, Any], parse: dict[str, list], names: Names, rng: random.Random) -> tuple[dict, dict]:
    """The article and its parse with other people: every surname becomes another one, the same throughout.

    What the tagger learns is then less tied to who was in the news in 2016. Offsets of statements and events are moved along.
    """
    text = article["text"]
    surnames: dict[str, str] = {}
    pieces: list[tuple[int, int, str]] = []
    for start, end, kind in parse["names"]:
        old = text[start:end]
        if kind != "PERSON" or "\n" in old or not old.replace(" ", "").replace(".", "").replace("-", "").isalpha():
            continue
        new = names.like(old, rng)
        last = surnames.setdefault(old.split()[-1], new.split()[-1])
        pieces.append((start, end, " ".join([*new.split()[: len(old.split()) - 1], last])))
    out, at, moved = "", 0, [(0, 0)]
    for start, end, new in sorted(pieces):
        if start < at:
            continue
        out += text[at:start] + new
        at = end
        moved += [(start, len(out) - len(new)), (end, len(out))]
    out += text[at:]
    olds = [old for old, _ in moved]

    def move(place: int) -> int:
        number = bisect_right(olds, place) - 1
        old, new = moved[number]
        inside = number % 2 == 1  # between the start and the end of a name
        return new if inside and place > old else new + place - old

    def shifted(rows: list[dict[str, Any]], roles: tuple[str, ...]) -> list[dict[str, Any]]:
        return [{**row, **{role: [[move(a), move(b)] for a, b in row[role]] for role in roles}} for row in rows]

    parse = {
        "names": [(move(a), move(b), kind) for a, b, kind in parse["names"]],
        "verbs": [move(verb) for verb in parse["verbs"]],
        "clauses": shifted(parse["clauses"], CLAUSE_ROLES),
    }
    attributions, events = shifted(article["attributions"], STATEMENT_ROLES), shifted(article.get("events", []), EVENT_ROLES)
    return {**article, "text": out, "attributions": attributions, **({"events": events} if events else {})}, parse


def read_name_lists(first_names: Path, surnames: Path) -> Names:
    """The first names of data/first_names.csv and the surnames beside this file."""
    with first_names.open(encoding="utf-8", newline="") as lines:
        first = [row["name"] for row in csv.DictReader(lines)]
    # A surname of two words ("Van Dijk") is written as one with a hyphen here, so that parts can be counted.
    words = (
        surnames.read_text(encoding="utf-8")
        .replace("Van der ", "Van-der-")
        .replace("Van ", "Van-")
        .replace("De ", "De-")
        .replace("Le ", "Le-")
        .split()
    )
    return Names(first, words)


def restyle_quotes(text: str, rng: random.Random) -> str:
    """The text with its double quotation marks in another style, at the same offsets."""
    opening, closing = rng.choice(QUOTE_STYLES)
    inside, out = False, list(text)
    for place, char in enumerate(text):
        if char == "\n":
            inside = False
        elif char == "“" or (char == '"' and not inside):
            out[place], inside = opening, True
        elif char in '”"':
            out[place], inside = closing, False
    return "".join(out)


def excerpt_of(article: dict[str, Any], parse: dict[str, list], start: int, end: int) -> tuple[dict, dict]:
    """A part of an article and of its parse, at their own offsets; of what lies partly outside, the part that is inside."""

    def inside(spans: list[list[int]]) -> list[list[int]]:
        return [[max(a, start) - start, min(b, end) - start] for a, b in spans if a < end and b > start]

    attributions = [{role: inside(one[role]) for role in STATEMENT_ROLES} for one in article["attributions"]]
    names = [(a - start, b - start, kind) for a, b, kind in parse["names"] if start <= a and b <= end]
    verbs = [verb - start for verb in parse["verbs"] if start <= verb < end]
    clauses = [{role: inside(one[role]) for role in CLAUSE_ROLES} for one in parse["clauses"]]
    part = {"names": names, "verbs": verbs, "clauses": [one for one in clauses if one["verb"]]}
    return {**article, "text": article["text"][start:end], "attributions": attributions}, part


def mark_statements(example: Example, window: Window, article: dict[str, Any], parse: dict[str, list] | None = None) -> None:
    """Write the labels of an article's statements into the example of one of its windows.

    PolNeAR marks no attribution inside the content of another, so verbs in a content are no negative examples of cues;
    an article with "complete" set to true has these marked too. Without a parse neither names nor clauses are known.
    """
    example.cue_tags[:] = 0
    if parse is not None:
        _mark_names(example, window, parse)
        _mark_clauses(example, window, parse)
    if not article.get("complete"):
        verb = np.isin(window.starts, parse["verbs"]) if parse is not None else np.ones(len(window.ids), bool)
        for attribution in article["attributions"]:
            for span in attribution["content"]:
                pieces = pieces_of(span, window)
                example.cue_tags[pieces[verb[pieces]]] = IGNORE
    for attribution in article["attributions"]:
        cue = mark(example.cue_tags, attribution["cue"][:1], 1, window)
        if len(cue):
            example.cues.append((int(cue[0]), int(cue[-1]) + 1))
            example.roles.append(role_tags(attribution, ("source", "content"), window))


def _mark_clauses(example: Example, window: Window, parse: dict[str, list]) -> None:
    for clause in parse["clauses"]:
        verb = pieces_of(clause["verb"][0], window)
        if len(verb):
            example.clauses.append((int(verb[0]), int(verb[-1]) + 1))
            example.clause_roles.append(role_tags(clause, CLAUSE_ROLES[1:], window))


def _mark_names(example: Example, window: Window, parse: dict[str, list]) -> None:
    starts, ends = window.starts, window.ends
    example.name_tags[(ends > starts[0]) & (ends > starts)] = 0
    for start, end, kind in parse["names"]:
        if start < ends[-1] and end > starts[0]:
            mark(example.name_tags, [(start, end)], 1 + 2 * NAME_KINDS.index(kind), window)


# ------------------------------------------------------------------ statements inside statements

SENTENCE_END = re.compile(r"[.!?][”\"]?$")


def _is_plain(attribution: dict[str, Any]) -> bool:
    return len(attribution["source"]) == len(attribution["cue"]) == len(attribution["content"]) == 1


def frames_and_sentences(articles: list[dict[str, Any]]) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    """From the annotation: (source, cue) pairs that introduce a "that" clause, and whole sentences that hold one attribution.

    Put together they make sentences with a statement inside a statement, of which PolNeAR marks none.
    """
    frames, sentences = [], []
    for article in articles:
        text = article["text"]
        taken = sorted((s, e) for a in article["attributions"] for role in ("source", "cue", "content") for s, e in a[role])
        for attribution in article["attributions"]:
            if not _is_plain(attribution):
                continue
            (source,), (cue,), (content,) = attribution["source"], attribution["cue"], attribution["content"]
            said = text[content[0] : content[1]]
            if said.startswith("that ") and source[1] <= cue[0] <= source[1] + 1 and 0 <= content[0] - cue[1] <= 1:
                frames.append((text[source[0] : source[1]], text[cue[0] : cue[1]]))
            start = min(source[0], cue[0], content[0])
            end = max(source[1], cue[1], content[1])
            whole = text[start:end]
            before, after = text[:start].rstrip(" ")[-1:], text[end : end + 1]
            alone = sum(s < end and e > start for s, e in taken) == 3
            if (
                alone
                and before in ("\n", ".", "")
                and after == "."
                and 30 < len(whole) < 260
                and '"' not in whole
                and "“" not in whole
            ):
                move = {role: [[s - start, e - start] for s, e in attribution[role]] for role in ("source", "cue", "content")}
                sentences.append({"text": whole, "attribution": move})
    return frames, sentences


def nested_article(frames: list, sentences: list, rng: random.Random, *, lines: int = 6) -> dict[str, Any]:
    """A made-up article in which every line is a statement that holds another."""
    text, attributions = "", []
    for _ in range(lines):
        source, cue = rng.choice(frames)
        inner = rng.choice(sentences)
        lead = rng.random()
        if lead < 0.6:  # SOURCE CUE that INNER.
            head = f"{source} {cue} "
            outer = {"source": (0, len(source)), "cue": (len(source) + 1, len(head) - 1), "content": (len(head), len(head) + 5)}
            begin = len(head) + 5
            line = head + "that " + inner["text"] + "."
            outer["content"] = (len(head), len(line) - 1)
        elif lead < 0.8:  # INNER, SOURCE CUE.
            begin = 0
            line = f"{inner['text']}, {source} {cue}."
            at = len(inner["text"]) + 2
            outer = {"content": (0, at - 2), "source": (at, at + len(source)), "cue": (at + len(source) + 1, len(line) - 1)}
        else:  # “INNER,” SOURCE CUE.
            begin = 1
            line = f"“{inner['text']},” {source} {cue}."
            at = len(inner["text"]) + 4
            outer = {"content": (0, at - 1), "source": (at, at + len(source)), "cue": (at + len(source) + 1, len(line) - 1)}
        base = len(text)
        attributions.append({role: [[base + a, base + b]] for role, (a, b) in outer.items()})
        attributions.append(
            {
                role: [[base + begin + a, base + begin + b] for a, b in inner["attribution"][role]]
                for role in ("source", "cue", "content")
            }
        )
        text += line + "\n"
    return {"id": "nested", "text": text, "attributions": attributions, "complete": False}


def own_articles(passages: list[dict[str, Any]], rng: random.Random, *, size: int = 5) -> list[dict[str, Any]]:
    """Own passages, shuffled and put together into articles of some lines each; nothing in them is left unmarked."""
    order = list(passages)
    rng.shuffle(order)
    articles = []
    for first in range(0, len(order), size):
        text, attributions = "", []
        for passage in order[first : first + size]:
            for attribution in passage["attributions"]:
                attributions.append(
                    {
                        role: [[a + len(text), b + len(text)] for a, b in attribution[role]]
                        for role in ("source", "cue", "content")
                    }
                )
            text += passage["text"] + "\n"
        articles.append({"id": "own", "text": text, "attributions": attributions, "complete": True})
    return articles
