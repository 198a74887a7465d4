"""Time expressions: small titled examples from examples/dates.yaml, and the borders of the public functions."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.dates import TimeExpression, date_ranges, find_dates, time_expressions

EXAMPLES = yaml.safe_load((Path(__file__).parent / "examples" / "dates.yaml").read_text(encoding="utf-8"))
COLUMNS = ["start", "end", "text", "type", "value", "first_day", "last_day", "basis"]


def marked(example: dict[str, Any]) -> Any:
    reason = example.get("fails")
    return pytest.param(example, id=example["title"], marks=[pytest.mark.xfail(reason=reason, strict=True)] if reason else [])


def in_words(found: TimeExpression) -> list[str]:
    """A time expression in the form of the examples."""
    row = [found.text, found.type, found.value, "none"]
    if found.first_day and found.last_day:
        first, last = found.first_day.isoformat(), found.last_day.isoformat()
        row[3:] = [first if first == last else f"{first}/{last}", found.basis]
    return row


@pytest.mark.parametrize("example", [marked(example) for example in EXAMPLES])
def test_example(example: dict[str, Any]) -> None:
    found = time_expressions(example["text"], example.get("reference"), example.get("order"))
    assert [in_words(one) for one in found] == example["expect"]


def test_examples_are_many_and_titled() -> None:
    titles = [example["title"] for example in EXAMPLES]
    assert len(titles) >= 200
    assert len(set(titles)) == len(titles)


def test_rows_are_consistent_in_all_examples() -> None:
    for example in EXAMPLES:
        end = 0
        for found in time_expressions(example["text"], example.get("reference"), example.get("order")):
            assert example["text"][found.start : found.end] == found.text
            assert found.start >= end, "rows overlap"
            end = found.end
            assert found.type in ("DATE", "TIME", "DURATION", "SET")
            assert (found.basis == "none") == (found.first_day is None) == (found.last_day is None)
            assert found.type in ("DATE", "TIME") or found.basis == "none"


def test_table_has_the_declared_columns_and_types() -> None:
    table = find_dates("On 3 May 2016 and for two days after that.")
    assert list(table.columns) == COLUMNS
    assert [str(table[name].dtype) for name in COLUMNS] == [
        "int64",
        "int64",
        "str",
        "str",
        "str",
        "datetime64[s]",
        "datetime64[s]",
        "str",
    ]
    assert table["first_day"].tolist() == [pd.Timestamp("2016-05-03"), pd.NaT]


def test_table_without_rows_has_the_same_columns_and_types() -> None:
    full, empty = find_dates("On 3 May 2016."), find_dates("Nothing here.")
    assert len(empty) == 0
    assert empty.dtypes.equals(full.dtypes)


def test_table_and_list_agree() -> None:
    text = "He came on Friday, left last week and will return on 3 August."
    table, found = find_dates(text, reference="2019-06-29"), time_expressions(text, "2019-06-29")
    assert table["text"].tolist() == [one.text for one in found]
    assert table["last_day"].dt.date.tolist() == [one.last_day for one in found]


@pytest.mark.parametrize(
    "reference",
    [
        "2019-06-29",
        "2019-06-29T13:37",
        date(2019, 6, 29),
        datetime(2019, 6, 29, 13, 37),
        pd.Timestamp("2019-06-29"),
        np.datetime64("2019-06-29"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_reference_in_any_form(reference: Any) -> None:
    assert time_expressions("yesterday", reference)[0].first_day == date(2019, 6, 28)


@pytest.mark.parametrize("reference", [None, pd.NaT], ids=["None", "NaT"])
def test_unknown_reference(reference: Any) -> None:
    assert time_expressions("yesterday", reference)[0].basis == "none"


@pytest.mark.parametrize("reference", ["29 June 2019", "", "2019-13-01", "0000-01-01"])
def test_wrong_reference_is_refused_with_what_was_expected(reference: str) -> None:
    with pytest.raises(ValueError, match="expected a date"):
        find_dates("yesterday", reference=reference)


def test_wrong_order_is_refused_with_the_valid_ones() -> None:
    with pytest.raises(ValueError, match=r"'dmy'.*'mdy'"):
        find_dates("3/4/2019", order="ymd")


@pytest.mark.parametrize("year", [1000, 1582, 1900, 2000, 2019, 9998, 9999])
def test_no_year_crashes(year: int) -> None:
    text = " ".join(example["text"] for example in EXAMPLES)
    for month, day in ((1, 1), (2, 28), (12, 31)):
        for found in time_expressions(text, date(year, month, day)):
            assert found.first_day is None or found.last_day is None or found.first_day <= found.last_day
    assert time_expressions(f"on 5 March {year}")[0].first_day == date(year, 3, 5)


def test_first_and_last_years_of_the_calendar() -> None:
    text = " ".join(example["text"] for example in EXAMPLES)
    for reference in (date.min, date.max):
        assert time_expressions(text, reference)


@pytest.mark.parametrize(
    "text",
    [
        "one hundred and " * 5_000,
        "the last the next " * 3_750,
        "early late mid- " * 3_750,
        "1 2 3 4 5 6 7 8 9 " * 3_750,
        "12-13-14-15/16/17:18 " * 3_000,
        "twenty-" * 10_000,
        "Mon. Tue. Jan. 1, " * 3_750,
        " " * 75_000,
        "\n" * 75_000,
        "a" * 75_000,
        "." * 75_000,
        "week of the year of the week of " * 2_250,
        "Friday, " * 7_500,
        "5 p.m. " * 10_000,
    ],
    ids=lambda text: text[:16].strip() or repr(text[:2]),
)
def test_time_grows_with_the_length_only(text: str) -> None:
    time_expressions("warm up on 1 May", "2019-06-29")
    begin = time.process_time()
    time_expressions(text[: len(text) // 8], "2019-06-29")
    eighth = time.process_time() - begin
    begin = time.process_time()
    time_expressions(text, "2019-06-29")
    assert time.process_time() - begin < max(1.0, 20 * eighth)


def test_import_is_light() -> None:
    code = "import analysis.dates, sys; print([name for name in ('pandas', 'numpy', 'dateutil') if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def ranges(text: str, reference: str | None = None) -> list[list[str]]:
    return [in_words(found) for found in date_ranges(text, time_expressions(text, reference))]


def test_ranges_join_their_two_ends() -> None:
    assert ranges("It rained between March and June.", "2019-11-01") == [
        ["March and June", "DATE", "2019-03/2019-06", "2019-03-01/2019-06-30", "resolved"]
    ]
    assert ranges("He served from 2011 to 2014.") == [
        ["2011 to 2014", "DATE", "2011/2014", "2011-01-01/2014-12-31", "explicit"]
    ]
    assert ranges("The court sits Monday to Thursday.", "2019-06-29") == [
        ["Monday to Thursday", "DATE", "2019-06-24/2019-06-27", "2019-06-24/2019-06-27", "resolved"]
    ]


def test_what_is_no_range_stays_apart() -> None:
    assert len(ranges("It rained in March and June.", "2019-11-01")) == 2
    assert len(ranges("The date moved from 5 May 2019 to 3 April 2019.")) == 2
    assert len(ranges("It rained between March and June.")) == 2
    assert len(ranges("The vote was postponed from 3 April 2019 to 5 May 2019.")) == 2
