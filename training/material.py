"""All that the network is shown: PolNeAR's articles, own passages with statements, and passages, sentences and excerpts of
articles with every event marked.

Articles are shown in several versions: other quotation marks, other people's names. What the network learns is then less
tied to the layout and the people of the articles that happen to be annotated.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from typing import Any, NamedTuple

from tokenizers import Tokenizer

from analysis.tagger import make_windows
from benchmarks.folds import fold_of
from training.attributions import (
    Names,
    excerpt_of,
    frames_and_sentences,
    mark_statements,
    nested_article,
    own_articles,
    read_jsonl,
    read_name_lists,
    read_parses,
    restyle_quotes,
    swap_names,
)
from training.events import read_examples as read_events
from training.examples import Example, unknown
from training.happenings import mark_events, own_event_articles
from training.marked import is_of_plv, is_sentence, read_marked, read_texts
from training.nested import read_examples

Row = dict[str, Any]
Parse = dict[str, list]
HERE = Path(__file__).parent
RESTYLED, RESTYLED_OWN, SWAPPED = 0.5, 0.3, 0.4  # shares of texts with other quotation marks, and with other names
KEPT = 12  # of so many passages with events one is kept for calibration
NESTED = 120  # made-up articles of nested statements in a version


class Sources(NamedTuple):
    """Where the material lies: the corpora's folder (training/__main__.py), and the encoder's tokenizer.json.

    held_out: so many of PolNeAR's articles are kept for calibration. plv: how often PLV's sentences are shown, 0 to do without
    them; fold: of these, left out.
    """

    corpora: Path
    tokenizer: Path
    held_out: int = 60
    plv: int = 1
    fold: int | None = None


def read_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of a file, which cuts nothing off."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def split_articles(sources: Sources) -> tuple[list[Row], list[Row]]:
    """PolNeAR's training articles: those kept for calibration, and those to learn from."""
    articles = list(read_jsonl(sources.corpora / "polnear" / "train.jsonl.gz"))
    random.Random(0).shuffle(articles)
    return articles[: sources.held_out], articles[sources.held_out :]


def versions_of(sources: Sources, count: int, *, seed: int) -> list[list[Example]]:
    """So many versions of all examples, made by processes side by side."""
    with Pool(min(count, 8)) as pool:
        return pool.starmap(_version, [(sources, seed * 1000 + number) for number in range(count)])


def _version(sources: Sources, seed: int) -> list[Example]:
    rng = random.Random(seed)
    tokenizer = read_tokenizer(sources.tokenizer)
    _, articles = split_articles(sources)
    parses = read_parses(sources.corpora / "polnear" / "train.conllu.gz")
    texts = [*_articles(articles, parses, rng), *_own_statements(rng), *_events(sources, articles, parses, rng)]
    frames, sentences = frames_and_sentences(articles)
    texts += [(nested_article(frames, sentences, rng), None) for _ in range(NESTED)]
    return [example for text, parse in texts for example in examples_of(text, tokenizer, parse=parse)]


def examples_of(text: Row, tokenizer: Tokenizer, *, parse: Parse | None = None) -> Iterator[Example]:
    """The windows of a text with the labels of all that is marked in it: `attributions`, `events` or both."""
    for window in make_windows(text["text"], [(0, len(text["text"]))], tokenizer):
        example = unknown(window)
        if "attributions" in text:
            mark_statements(example, window, text, parse)
        if "events" in text:
            mark_events(example, window, text["events"])
        yield example


def _articles(articles: list[Row], parses: dict[str, Parse], rng: random.Random) -> Iterator[tuple[Row, Parse | None]]:
    for article in articles:
        yield _varied(article, parses.get(article["id"]), rng)


def _varied(article: Row, parse: Parse | None, rng: random.Random) -> tuple[Row, Parse | None]:
    """The article, in some cases with other people's names, in some with other quotation marks."""
    if parse and rng.random() < SWAPPED:
        article, parse = swap_names(article, parse, _names(), rng)
    return _restyled(article, RESTYLED, rng), parse


@cache
def _names() -> Names:
    return read_name_lists(HERE.parent / "data" / "first_names.csv", HERE / "surnames.txt")


def _own_statements(rng: random.Random) -> Iterator[tuple[Row, None]]:
    passages = [passage for name in ("nested.yaml", "statements.yaml") for passage in read_examples(HERE / name)]
    for article in own_articles(passages, rng):
        yield _restyled(article, RESTYLED_OWN, rng), None


def _restyled(text: Row, share: float, rng: random.Random) -> Row:
    """The text, in so many cases with other quotation marks."""
    return {**text, "text": restyle_quotes(text["text"], rng)} if rng.random() < share else text


def event_passages(sources: Sources, *, kept: bool) -> tuple[list[Row], list[Row]]:
    """Short passages with events (own ones, single sentences), and excerpts of articles.

    One in twelve, by its id, is kept for calibration; the others are learned from.
    """
    short = [passage for path in sorted(HERE.glob("events*.yaml")) for passage in read_events(path)]
    excerpts = []
    for record in read_marked(read_texts(sources.corpora)):
        if not is_sentence(record):
            excerpts.append(record)
        elif not is_of_plv(record):
            short.append(record)
        elif fold_of(record["text"]) != sources.fold:
            short += [record] * (1 if kept else sources.plv)
    short, excerpts = ([p for p in some if (zlib.crc32(p["id"].encode()) % KEPT == 0) == kept] for some in (short, excerpts))
    return short, excerpts


def _events(
    sources: Sources, articles: list[Row], parses: dict[str, Parse], rng: random.Random
) -> Iterator[tuple[Row, Parse | None]]:
    """Passages put together, and excerpts; an excerpt of an article of PolNeAR's shows its statements too."""
    short, excerpts = event_passages(sources, kept=False)
    known = {article["id"]: article for article in articles}
    for text in own_event_articles(short, rng):
        yield text, None
    for excerpt in excerpts:
        parse = parses.get(excerpt["id"]) if excerpt["id"] in known else None
        if parse:
            article, parse = excerpt_of(known[excerpt["id"]], parse, *excerpt["excerpt"])
            excerpt = {**article, "events": excerpt["events"]}
        yield _varied(excerpt, parse, rng)
