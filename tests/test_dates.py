"""Time expressions: small titled examples from examples/dates.yaml, and the borders of the public functions."""

from __future__ import annotations

import datetime
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.dates import time_expressions

EXAMPLES = yaml.safe_load((Path(__file__).parent / "examples" / "dates.yaml").read_text(encoding="utf-8"))


def marked(example: dict[str, Any]) -> Any:
    reason = example.get("fails")
    return pytest.param(example, id=example["title"], marks=[pytest.mark.xfail(reason=reason, strict=True)] if reason else [])


def shown(text: str, reference: Any, order: str | None) -> list[list[str]]:
    """What was found, in the form of the examples."""
    rows = []
    for found in time_expressions(text, reference, order):
        assert text[found.start : found.end] == found.text
        row = [found.text, found.type, found.value, "none"]
        if found.first_day and found.last_day:
            days = [found.first_day.isoformat(), found.last_day.isoformat()]
            row[3:] = [days[0] if days[0] == days[1] else "/".join(days), found.basis]
        else:
            assert (found.first_day, found.last_day, found.basis) == (None, None, "none")
        rows.append(row)
    return rows


@pytest.mark.parametrize("example", [marked(example) for example in EXAMPLES])
def test_example(example: dict[str, Any]) -> None:
    assert shown(example["text"], example.get("reference"), example.get("order")) == example["expect"]


def test_examples_are_many_and_titled() -> None:
    titles = [example["title"] for example in EXAMPLES]
    assert len(titles) >= 200
    assert len(set(titles)) == len(titles)
