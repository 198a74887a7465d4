"""Quotation marks, from the examples in examples/quotes.yaml."""

import time
from pathlib import Path

import pytest
import yaml

from analysis.quotes import Quotes, quoted_spans

EXAMPLES = yaml.safe_load((Path(__file__).parent / "examples" / "quotes.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", [pytest.param(e, id=e["title"]) for e in EXAMPLES])
def test_quoted_spans(example):
    text = example["text"]
    assert [text[a:b] for a, b in quoted_spans(text)] == example["expect"]


def test_share_counts_letters_only():
    quotes = Quotes('"Never!" he said')
    assert quotes.share(0, 8) == 1.0
    assert quotes.share(0, 16) == pytest.approx(5 / 11)
    assert quotes.around(3) == (0, 8)
    assert quotes.around(10) is None


@pytest.mark.parametrize("mark", ['"', "'", "“", "‘", "' a"])
def test_time_grows_no_faster_than_the_text(mark):
    def seconds(size):
        start = time.process_time()
        quoted_spans(f" {mark}x" * size)
        return time.process_time() - start

    seconds(500)
    assert seconds(4000) < 30 * max(seconds(1000), 0.002)
