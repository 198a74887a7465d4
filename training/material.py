"""All that the network is shown: PolNeAR's articles, own passages with statements, and passages, sentences and excerpts of
articles with every event marked.

Articles are shown in several versions: other quotation marks, other people's names. What the network learns is then less
tied to the layout and the people of the articles that happen to be annotated.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from itertools import chain
from multiprocessing import Pool
from pathlib import Path
from typing import Any, NamedTuple

from tokenizers import Tokenizer

from benchmarks.folds import fold_of
from training.attributions import (
    examples_of,
    frames_and_sentences,
    nested_article,
    own_articles,
    read_jsonl,
    read_name_lists,
    read_parses,
    restyle_quotes,
    swap_names,
)
from training.events import read_examples as read_events
from training.examples import Example
from training.happenings import event_examples, own_event_articles
from training.marked import is_sentence, read_marked, read_texts
from training.nested import read_examples

HERE = Path(__file__).parent
RESTYLED, RESTYLED_OWN, SWAPPED = 0.5, 0.3, 0.4  # shares of texts with other quotation marks, and with other names
KEPT = 12  # of so many passages with events one is kept for calibration
NESTED = 120  # made-up articles of nested statements in a version


class Sources(NamedTuple):
    """Where the material lies: PolNeAR's folder (train.jsonl.gz, train.conllu.gz), plv_train.jsonl.gz, meantime.jsonl.gz, and
    the encoder's tokenizer.json.

    held_out: so many of PolNeAR's articles are kept for calibration. fold: of PLV's sentences, left out.
    """

    polnear: Path
    plv: Path
    meantime: Path
    tokenizer: Path
    held_out: int = 60
    fold: int | None = None


def read_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of a file, which cuts nothing off."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def split_articles(polnear: Path, held_out: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """PolNeAR's training articles: those kept for calibration, and those to learn from."""
    articles = list(read_jsonl(polnear / "train.jsonl.gz"))
    random.Random(0).shuffle(articles)
    return articles[:held_out], articles[held_out:]


def versions_of(sources: Sources, count: int, *, seed: int) -> list[list[Example]]:
    """So many versions of all examples, made by processes side by side."""
    with Pool(min(count, 8)) as pool:
        return pool.starmap(_version, [(sources, seed * 1000 + number) for number in range(count)])


def _version(sources: Sources, seed: int) -> list[Example]:
    rng = random.Random(seed)
    tokenizer = read_tokenizer(sources.tokenizer)
    _, articles = split_articles(sources.polnear, sources.held_out)
    examples = [
        *_of_articles(articles, sources, tokenizer, rng),
        *_of_own_statements(tokenizer, rng),
        *_of_events(sources, tokenizer, rng),
    ]
    frames, sentences = frames_and_sentences(articles)
    for _ in range(NESTED):
        examples += examples_of(nested_article(frames, sentences, rng), tokenizer)
    return examples


def _of_articles(articles: list, sources: Sources, tokenizer: Tokenizer, rng: random.Random) -> Iterator[Example]:
    parses = read_parses(sources.polnear / "train.conllu.gz")
    names = read_name_lists(HERE.parent / "data" / "first_names.csv", HERE / "surnames.txt")
    for article in articles:
        parse = parses.get(article["id"])
        if parse and rng.random() < SWAPPED:
            article, parse = swap_names(article, parse, names, rng)
        if rng.random() < RESTYLED:
            article = {**article, "text": restyle_quotes(article["text"], rng)}
        yield from examples_of(article, tokenizer, parse=parse)


def _of_own_statements(tokenizer: Tokenizer, rng: random.Random) -> Iterator[Example]:
    passages = [passage for name in ("nested.yaml", "statements.yaml") for passage in read_examples(HERE / name)]
    for article in own_articles(passages, rng):
        if rng.random() < RESTYLED_OWN:
            article = {**article, "text": restyle_quotes(article["text"], rng)}
        yield from examples_of(article, tokenizer)


def event_passages(sources: Sources, *, kept: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Short passages with events (own ones, PLV's sentences), and excerpts of articles.

    One in twelve, by its id, is kept for calibration; the others are learned from. A fold of PLV's may be left out.
    """
    short = [passage for path in sorted(HERE.glob("events*.yaml")) for passage in read_events(path)]
    excerpts = []
    for record in read_marked(read_texts(sources.polnear, sources.meantime, sources.plv)):
        if not is_sentence(record):
            excerpts.append(record)
        elif fold_of(record["text"]) != sources.fold:
            short.append(record)
    short, excerpts = ([p for p in some if (zlib.crc32(p["id"].encode()) % KEPT == 0) == kept] for some in (short, excerpts))
    return short, excerpts


def _of_events(sources: Sources, tokenizer: Tokenizer, rng: random.Random) -> Iterator[Example]:
    short, excerpts = event_passages(sources, kept=False)
    for article in chain(own_event_articles(short, rng), excerpts):
        yield from event_examples(article, tokenizer)
