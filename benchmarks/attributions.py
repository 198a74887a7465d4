"""Score attributions (source, cue, content) against hand-annotated articles: the measures used for PolNeAR.

    python -m benchmarks.attributions GOLD PREDICTED [--bootstrap 1000]   score a file of predictions
    python -m benchmarks.attributions GOLD --agreement                    one human annotator against another

GOLD is JSONL (also .gz), one article a line: `id`, `text`, `attributions`, and for --agreement `other_annotators`. An
attribution has `source`, `cue` and `content`, each a list of [start, end] offsets into the text. PREDICTED is the same
without the text; an article that is left out counts as one without attributions.

How a score is made:
- tokens: a role's tokens over the whole article, gold against predicted; a word with its apostrophes is one token, any other
  sign is one too. `tokens` counts words only, `tokens_all` signs as well.
- spans: a role's pieces, right only with the same first and last word.
- attrib: rows are paired one to one, the best pair first (F1 of the content words plus F1 of the cue words); two rows
  may pair when content or cue share a word. strict: the pair has the same content words and the same source words.
- direct, mixed, indirect: the same by the share of content words in quotation marks (0.8 and more, some, none).
- quotes: the quoted passages of the text, three words or longer, as units: whether they are a statement, and whose.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import random
import re
import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

ROLES = ("source", "cue", "content")
KINDS = ("direct", "mixed", "indirect")
# Sharing one of these with the gold source does not make a source right.
SMALL_WORDS = {
    "a", "an", "the", "and", "of", "in", "on", "at", "to", "for", "by", "with", "from",
    "my", "our", "its", "his", "her", "their",
}  # fmt: skip
TOKEN = re.compile(r"(\w+(?:['\u2019]\w+)*)|[^\w\s]")
QUOTE_MARK = re.compile(r"``|''|[\"“”„«»]")
CAN_OPEN = {"``", "“", "„", "«", '"'}
CAN_CLOSE = {"''", "”", "»", '"'}

Spans = Sequence[Sequence[int]]
Row = Mapping[str, Spans]
Counts = defaultdict[str, float]


# ------------------------------------------------------------------ the text


class Tokens:
    """The numbered tokens of a text. A set of tokens is an integer in which bit n stands for token n."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(TOKEN.finditer(text))
        self.starts = [token.start() for token in found]
        self.ends = [token.end() for token in found]
        self.words = _bits(n for n, token in enumerate(found) if token[1])
        self.telling = _bits(n for n, token in enumerate(found) if token[1] and token[1].lower() not in SMALL_WORDS)

    def inside(self, spans: Spans) -> int:
        """The tokens that the spans touch."""
        touched = 0
        for start, end in spans:
            first = bisect_right(self.ends, max(0, start))
            stop = bisect_left(self.starts, end)
            if start < end and first < stop:
                touched |= (1 << stop) - (1 << first)
        return touched

    def pieces(self, spans: Spans) -> set[tuple[int, int]]:
        """(first word, last word) of every piece; pieces with nothing but white space between them are one."""
        joined: list[list[int]] = []
        for start, end in sorted((start, end) for start, end in spans):
            if joined and not self.text[joined[-1][1] : start].strip():
                joined[-1][1] = max(joined[-1][1], end)
            else:
                joined.append([start, end])
        words = [self.inside([piece]) & self.words for piece in joined]
        return {((mask & -mask).bit_length() - 1, mask.bit_length() - 1) for mask in words if mask}


def _bits(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in numbers)


def quoted_passages(text: str) -> list[tuple[int, int]]:
    """(start, end) of the passages in double quotation marks, the marks included.

    A mark that is still open at the end of its paragraph counts when the next paragraph opens with a mark again, as
    newspapers set long quotations; else it is left alone.

    >>> quoted_passages('"Yes," she said. He wrote “no” twice.')
    [(0, 6), (26, 30)]
    >>> quoted_passages('"First.\\n\\n"Second." A stray " mark.')
    [(0, 7), (9, 18)]
    """
    passages = []
    for paragraph in re.finditer(r"[^\n]+", text):
        opened = None
        for mark in QUOTE_MARK.finditer(text, *paragraph.span()):
            if opened is None and mark[0] in CAN_OPEN:
                opened = mark.start()
            elif opened is not None and mark[0] in CAN_CLOSE:
                passages.append((opened, mark.start() + 1))
                opened = None
        if opened is not None and text[paragraph.end() :].lstrip()[:1] in {"“", "„", "«", '"'}:
            passages.append((opened, paragraph.end()))
    return passages


# ------------------------------------------------------------------ the rows


class Marked(NamedTuple):
    """One attribution as sets of tokens: with signs, words only, as pieces, and its kind of quotation."""

    number: int
    tokens: dict[str, int]
    words: dict[str, int]
    pieces: dict[str, set[tuple[int, int]]]
    kind: str


def mark(rows: Sequence[Row], tokens: Tokens, quoted: int) -> list[Marked]:
    """The rows that touch any token of the text, with their place in the list."""
    marked = []
    for number, row in enumerate(rows):
        touched = {role: tokens.inside(row.get(role) or ()) for role in ROLES}
        if not any(touched.values()):
            continue
        words = {role: mask & tokens.words for role, mask in touched.items()}
        pieces = {role: tokens.pieces(row.get(role) or ()) for role in ROLES}
        share = _share((words["content"] & quoted).bit_count(), words["content"].bit_count())
        marked.append(Marked(number, touched, words, pieces, KINDS[0] if share >= 0.8 else KINDS[1] if share else KINDS[2]))
    return marked


def overlap(a: int, b: int) -> float:
    """F1 of two sets of words; 0 where one of them is empty."""
    return 2 * (a & b).bit_count() / (a.bit_count() + b.bit_count()) if a and b else 0.0


def pair(gold: list[Marked], predicted: list[Marked]) -> list[tuple[Marked, Marked]]:
    """Gold and predicted rows one to one, the best pair first."""
    candidates = []
    for (i, g), (j, p) in itertools.product(enumerate(gold), enumerate(predicted)):
        likeness = overlap(g.words["content"], p.words["content"]) + overlap(g.words["cue"], p.words["cue"])
        if likeness:
            candidates.append((-likeness, -overlap(g.words["source"], p.words["source"]), i, j))
    free_gold, free_predicted, pairs = set(range(len(gold))), set(range(len(predicted))), []
    for _, _, i, j in sorted(candidates):
        if i in free_gold and j in free_predicted:
            free_gold.remove(i)
            free_predicted.remove(j)
            pairs.append((gold[i], predicted[j]))
    return pairs


def match_attributions(text: str, gold: Sequence[Row], predicted: Sequence[Row]) -> list[tuple[int, int]]:
    """(place in gold, place in predicted) of the rows that the scorer pairs.

    >>> gold = [{"source": [[0, 3]], "cue": [[4, 8]], "content": [[9, 15]]}]
    >>> match_attributions("Ana said it ran", gold, [{"source": [], "cue": [[4, 8]], "content": []}])
    [(0, 0)]
    """
    tokens = Tokens(text)
    return [(g.number, p.number) for g, p in pair(mark(gold, tokens, 0), mark(predicted, tokens, 0))]


# ------------------------------------------------------------------ counting


def count(text: str, gold: Sequence[Row], predicted: Sequence[Row]) -> Counts:
    """Everything that is counted in one article; counts of several articles may be added up."""
    tokens = Tokens(text)
    passages = [tokens.inside([passage]) & tokens.words for passage in quoted_passages(text)]
    quoted = 0
    for passage in passages:
        quoted |= passage
    truth, guess = mark(gold, tokens, quoted), mark(predicted, tokens, quoted)
    n: Counts = defaultdict(int, {"articles": 1, "gold": len(truth), "predicted": len(guess)})
    for role in ROLES:
        _compare(n, f"words {role}", *(_tokens_of(rows, role) & tokens.words for rows in (truth, guess)))
        _compare(n, f"tokens {role}", _tokens_of(truth, role), _tokens_of(guess, role))
        pieces = [set().union(*(row.pieces[role] for row in rows)) for rows in (truth, guess)]
        n[f"pieces {role} both"] = len(pieces[0] & pieces[1])
        n[f"pieces {role} gold"], n[f"pieces {role} predicted"] = len(pieces[0]), len(pieces[1])
    _count_rows(n, tokens, truth, guess)
    for passage in passages:
        if passage.bit_count() >= 3:
            _count_passage(n, tokens, _holder(passage, truth), _holder(passage, guess))
    return n


def _tokens_of(rows: list[Marked], role: str) -> int:
    together = 0
    for row in rows:
        together |= row.tokens[role]
    return together


def _compare(n: Counts, what: str, gold: int, predicted: int) -> None:
    n[f"{what} both"] += (gold & predicted).bit_count()
    n[f"{what} gold"] += gold.bit_count()
    n[f"{what} predicted"] += predicted.bit_count()


def _count_rows(n: Counts, tokens: Tokens, gold: list[Marked], predicted: list[Marked]) -> None:
    pairs = pair(gold, predicted)
    for row in gold:
        n[f"gold {row.kind}"] += 1
        n[f"gold with source {row.kind}"] += bool(row.words["source"])
    for row in predicted:
        n[f"predicted {row.kind}"] += 1
    for _, p in pairs:
        n[f"paired predicted {p.kind}"] += 1
    for g, p in pairs:
        contents, sources = (g.words["content"], p.words["content"]), (g.words["source"], p.words["source"])
        likeness = overlap(*contents) if any(contents) else 1.0
        same_content, same_source = contents[0] == contents[1], sources[0] == sources[1]
        facts = {
            "paired": 1,
            "half": likeness >= 0.5,
            "likeness": likeness,
            "content exact": same_content,
            "strict": same_content and same_source,
        }
        if sources[0]:
            right = same_speaker(tokens, g, p)
            facts |= {"sourced": 1, "source": right, "source exact": same_source, "end to end": right and likeness >= 0.5}
        else:
            facts |= {"sourceless": 1, "sourceless right": not sources[1]}
        for fact, value in facts.items():
            n[fact] += value
            n[f"{fact} {g.kind}"] += value


def same_speaker(tokens: Tokens, gold: Marked, predicted: Marked) -> bool:
    """Whether the two sources share a word that tells something, or any word where the gold has only small ones."""
    shared, telling = gold.words["source"] & predicted.words["source"], gold.words["source"] & tokens.telling
    return bool(shared & telling) if telling else bool(shared)


def _holder(passage: int, rows: list[Marked]) -> Marked | None:
    """The row whose content covers most of a quoted passage, if that is half of it or more."""
    best = max(rows, key=lambda row: (row.words["content"] & passage).bit_count(), default=None)
    covered = (best.words["content"] & passage).bit_count() if best else 0
    return best if 2 * covered >= passage.bit_count() else None


def _count_passage(n: Counts, tokens: Tokens, gold: Marked | None, predicted: Marked | None) -> None:
    sourced = bool(gold and gold.words["source"])
    n["quotes"] += 1
    n["quotes gold"] += gold is not None
    n["quotes predicted"] += predicted is not None
    n["quotes gold with source"] += sourced
    if gold and predicted:
        n["quotes both"] += 1
        n["quotes both with source"] += sourced
        n["quotes right"] += sourced and same_speaker(tokens, gold, predicted)


# ------------------------------------------------------------------- figures


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _p_r_f1(both: float, predicted: float, gold: float) -> dict[str, float]:
    p, r = _share(both, predicted), _share(both, gold)
    return {"p": p, "r": r, "f1": _share(2 * p * r, p + r)}


def figures(n: Counts) -> dict[str, Any]:
    """Counts -> scores between 0 and 1, by group: tokens, tokens_all, spans, attrib, quotes, direct, mixed, indirect."""

    def compared(what: str) -> dict[str, float]:
        return _p_r_f1(n[f"{what} both"], n[f"{what} predicted"], n[f"{what} gold"])

    def rows(what: str) -> dict[str, float]:
        return _p_r_f1(n[what], n["predicted"], n["gold"])

    by_role: dict[str, dict[str, Any]] = {
        name: {role: compared(f"{unit} {role}") for role in ROLES}
        for name, unit in (("tokens", "words"), ("tokens_all", "tokens"), ("spans", "pieces"))
    }
    for name in ("tokens", "tokens_all"):
        by_role[name]["macro"] = sum(by_role[name][role]["f1"] for role in ROLES) / len(ROLES)
    attrib = {
        **rows("paired"),
        "strict": rows("strict"),
        "exact_content": rows("content exact"),
        "content_f1": _share(n["likeness"], n["paired"]),
        "content_f1_all": _share(n["likeness"], n["gold"]),
        "source_overlap": _share(n["source"], n["sourced"]),
        "source_exact": _share(n["source exact"], n["sourced"]),
        "nosource_acc": _share(n["sourceless right"], n["sourceless"]),
    }
    quotes = {
        **compared("quotes"),
        "units": n["quotes"],
        "gold": n["quotes gold"],
        "speaker": _share(n["quotes right"], n["quotes both with source"]),
        "e2e": _share(n["quotes right"], n["quotes gold with source"]),
    }
    head = {"articles": n["articles"], "gold": n["gold"], "pred": n["predicted"]}
    return {**head, **by_role, "attrib": attrib, "quotes": quotes, **{kind: _figures_of_kind(n, kind) for kind in KINDS}}


def _figures_of_kind(n: Counts, kind: str) -> dict[str, float]:
    gold, sourced = n[f"gold {kind}"], n[f"sourced {kind}"]
    return {
        "gold": gold,
        "pred": n[f"predicted {kind}"],
        "recall": _share(n[f"paired {kind}"], gold),
        "recall50": _share(n[f"half {kind}"], gold),
        "exact_content": _share(n[f"content exact {kind}"], gold),
        "strict": _share(n[f"strict {kind}"], gold),
        "precision": _share(n[f"paired predicted {kind}"], n[f"predicted {kind}"]),
        "speaker": _share(n[f"source {kind}"], sourced),
        "speaker_exact": _share(n[f"source exact {kind}"], sourced),
        "e2e": _share(n[f"end to end {kind}"], n[f"gold with source {kind}"]),
    }


def count_all(articles: Iterable[Mapping[str, Any]], predicted: Mapping[str, Sequence[Row]]) -> list[Counts]:
    """The counts of each article, in order."""
    return [count(article["text"], article["attributions"], predicted.get(article["id"], ())) for article in articles]


def total(counts: Iterable[Counts]) -> Counts:
    """The counts of several articles, added up."""
    together: Counts = defaultdict(int)
    for one in counts:
        for what, number in one.items():
            together[what] += number
    return together


def score_attributions(articles: Iterable[Mapping[str, Any]], predicted: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """Scores of predicted attributions over all articles.

    Args:
        articles: records with `id`, `text` and `attributions`, each of these with `source`, `cue` and `content`, lists
            of [start, end] offsets into the text.
        predicted: article id -> its predicted attributions in the same form. A missing article has none.

    Returns:
        Nested dictionary of floats from 0 to 1 (counts are whole numbers): articles, gold, pred; tokens, tokens_all and
        spans by role; attrib; quotes; direct, mixed, indirect.

    >>> article = {"id": "a", "text": "Ana said it ran", "attributions": [
    ...     {"source": [[0, 3]], "cue": [[4, 8]], "content": [[9, 15]]}]}
    >>> score_attributions([article], {"a": article["attributions"]})["attrib"]["strict"]["f1"]
    1.0
    >>> score_attributions([article], {})["attrib"]["f1"]
    0.0
    """
    return figures(total(count_all(articles, predicted)))


# The scores that get a confidence interval.
MAIN: dict[str, Callable[[dict[str, Any]], float]] = {
    "attribution F1": lambda s: s["attrib"]["f1"],
    "strict F1": lambda s: s["attrib"]["strict"]["f1"],
    "token macro F1": lambda s: s["tokens"]["macro"],
    "source spans F1": lambda s: s["spans"]["source"]["f1"],
    "cue spans F1": lambda s: s["spans"]["cue"]["f1"],
    "content spans F1": lambda s: s["spans"]["content"]["f1"],
    "quoted end to end": lambda s: s["quotes"]["e2e"],
    "direct recall": lambda s: s["direct"]["recall50"],
    "direct speaker": lambda s: s["direct"]["speaker"],
}


def confidence_intervals(counts: Sequence[Counts], *, rounds: int, seed: int = 0) -> dict[str, tuple[float, float]]:
    """95% interval of each main score: articles are drawn with replacement, `rounds` times.

    The same seed gives the same interval. It says how much the choice of articles matters, not how good the gold is.
    """
    names = sorted(set().union(*counts))
    table = np.array([[one.get(name, 0) for name in names] for one in counts])
    rng = random.Random(seed)
    drawn: dict[str, list[float]] = {name: [] for name in MAIN}
    for _ in range(rounds):
        sums = table[rng.choices(range(len(counts)), k=len(counts))].sum(0)
        scores = figures(defaultdict(int, zip(names, sums.tolist(), strict=True)))
        for name, value in MAIN.items():
            drawn[name].append(value(scores))
    return {name: tuple(np.quantile(values, (0.025, 0.975), method="lower").tolist()) for name, values in drawn.items()}


# ------------------------------------------------------------------- command


def read_jsonl(path: str | Path) -> Iterator[dict[str, Any]]:
    """The objects of a .jsonl or .jsonl.gz file, one by one."""
    opener: Callable[..., Any] = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def agreement(articles: Iterable[Mapping[str, Any]]) -> list[Counts]:
    """Counts of every annotator against every other one of the same article, both ways."""
    counts = []
    for article in articles:
        views = [article["attributions"], *(other["attributions"] for other in article.get("other_annotators") or ())]
        counts += [count(article["text"], gold, other) for gold, other in itertools.permutations(views, 2)]
    return counts


def describe(scores: Mapping[str, Any], intervals: Mapping[str, tuple[float, float]] | None = None) -> str:
    """The scores as lines of text, in percent."""
    a, q = scores["attrib"], scores["quotes"]
    lines = [f"articles {scores['articles']}, gold {scores['gold']}, predicted {scores['pred']}"]
    for name, group in (("attribution", a), ("strict", a["strict"]), ("content exact", a["exact_content"])):
        lines.append(f"{name:<24} P {group['p']:6.1%}  R {group['r']:6.1%}  F1 {group['f1']:6.1%}")
    for name in ("tokens", "spans"):
        for role in ROLES:
            group = scores[name][role]
            lines.append(f"{name + ' ' + role:<24} P {group['p']:6.1%}  R {group['r']:6.1%}  F1 {group['f1']:6.1%}")
    lines.append(f"token macro F1 {scores['tokens']['macro']:.1%}, with signs {scores['tokens_all']['macro']:.1%}")
    pairs = f"content F1 {a['content_f1']:.1%}, source {a['source_overlap']:.1%}, exactly {a['source_exact']:.1%}"
    lines.append(f"paired rows: {pairs}")
    for kind in KINDS:
        k = scores[kind]
        rates = f"recall {k['recall']:.1%}, precision {k['precision']:.1%}, speaker {k['speaker']:.1%}"
        lines.append(f"{kind:<24} gold {k['gold']}, {rates}")
    lines.append(f"quoted passages {q['units']}, F1 {q['f1']:.1%}, speaker {q['speaker']:.1%}, end to end {q['e2e']:.1%}")
    for name, (low, high) in (intervals or {}).items():
        lines.append(f"95% interval, {name}: {low:.1%} to {high:.1%}")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Score a file of predictions, or annotators against each other, and print the scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("predicted", type=Path, nargs="?")
    parser.add_argument("--agreement", action="store_true")
    parser.add_argument("--bootstrap", type=int, default=0, metavar="ROUNDS")
    args = parser.parse_args(arguments)
    for path in (args.gold, args.predicted):
        if path and not path.is_file():
            parser.error(f"{path}: no such file")
    if args.agreement:
        counts = agreement(read_jsonl(args.gold))
    elif args.predicted:
        counts = count_all(read_jsonl(args.gold), {row["id"]: row["attributions"] for row in read_jsonl(args.predicted)})
    else:
        parser.error("give a file of predictions, or --agreement")
    intervals = confidence_intervals(counts, rounds=args.bootstrap) if args.bootstrap else None
    sys.stdout.write(describe(figures(total(counts)), intervals))


if __name__ == "__main__":
    main()
