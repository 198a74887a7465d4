"""What single lines are, by tests/examples/layout.yaml; and what layout() makes of whole texts where no fixture says it."""

from __future__ import annotations

import textwrap
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.reading.bylines import byline, is_outlet
from analysis.reading.datelines import full_dates, stamp
from analysis.reading.furniture import is_button, is_caption, is_copyright, is_counter, is_credits, is_link
from analysis.reading.layout import Zone, layout
from analysis.reading.lines import split_lines
from analysis.reading.reference import infer_reference

EXAMPLES: dict[str, list[Any]] = yaml.safe_load(
    (Path(__file__).parent / "examples" / "layout.yaml").read_text(encoding="utf-8")
)
FURNITURE = (is_caption, is_link, is_button, is_copyright, is_counter, is_credits)


def titled(name: str) -> Any:
    return pytest.mark.parametrize("example", EXAMPLES[name], ids=lambda example: example["title"])


def listed(name: str) -> Any:
    return pytest.mark.parametrize("line", EXAMPLES[name])


@titled("full dates")
def test_full_dates(example: dict[str, Any]) -> None:
    found = full_dates(example["text"])
    assert [item.day for item in found] == example["days"]
    assert all(0 <= item.start < item.end <= len(example["text"]) for item in found)


@titled("date lines")
def test_date_lines(example: dict[str, Any]) -> None:
    found = stamp(example["text"])
    assert found is not None
    assert (found.published, found.updated) == (example.get("published"), example.get("updated"))
    assert list(found.rest) == example.get("rest", [])


@listed("no date lines")
def test_no_date_lines(line: str) -> None:
    assert stamp(line) is None


@titled("by-lines")
def test_bylines(example: dict[str, Any]) -> None:
    found = byline(example["text"], bare=example.get("bare", False))
    assert found == (example.get("author"), example.get("outlet"))


@listed("no by-lines")
def test_no_bylines(line: str) -> None:
    assert byline(line, bare=True) is None


@listed("boilerplate")
def test_boilerplate(line: str) -> None:
    assert any(form(line) for form in FURNITURE)


@listed("no boilerplate")
def test_no_boilerplate(line: str) -> None:
    text = f"Council meets\n\n{line}\n\nThe council of Ennis met on Monday, its clerk said.\n\nIt will meet again."
    kinds = {text[zone.start : zone.end]: zone.kind for zone in layout(text).zones}
    assert not any(kind == "boilerplate" for kind in kinds.values())


@listed("outlets")
def test_outlets(line: str) -> None:
    assert is_outlet(line)


@listed("no outlets")
def test_no_outlets(line: str) -> None:
    assert not is_outlet(line)


@titled("reference")
def test_reference(example: dict[str, Any]) -> None:
    text = example["text"]
    assert infer_reference(text, [Zone(0, len(text), "body")]) == example["day"]


def test_a_headline_and_a_caption_say_nothing_about_the_reference() -> None:
    text = "Fair opens on 3 May 2019\nThe fair is open."
    assert infer_reference(text, [Zone(0, 24, "headline"), Zone(25, len(text), "body")]) is None


def test_zones_hold_everything_but_white_space_in_order() -> None:
    text = "Ferry runs\r\n\r\nBy Jane Doe\r\n \r\nIt runs.\u2028Really.\x0c\n\n© Lake Courier\n"
    zones = layout(text).zones
    assert all(a.end <= b.start for a, b in pairwise(zones))
    inside = "".join(text[zone.start : zone.end] for zone in zones)
    assert "".join(inside.split()) == "".join(text.split())
    assert [zone.kind for zone in zones] == ["headline", "boilerplate", "body", "boilerplate"]


def test_lines_are_joined_only_where_they_were_wrapped() -> None:
    sentence = "The town council voted to keep the old bridge open to cars, as traders in the middle of the town had asked. "
    paragraphs = [textwrap.fill(3 * sentence, 60), textwrap.fill(2 * sentence, 60), "Nobody cheered."]
    assert len(split_lines("\n\n".join(paragraphs))) == 3
    assert [line.words for line in split_lines("\n".join(("Bridge stays open", "By Jane Doe", "", *paragraphs)))][:2] == [3, 3]
    short = "One says yes.\nTwo says no.\nThree says nothing.\nFour has left."
    assert len(split_lines(short)) == 4


def test_a_known_title_is_found_in_the_text_whatever_its_marks() -> None:
    lines = ("Social sites overflow; \nTool lets users say they are safe.", "ABSTRACT.", "Sites filled up.", "FULL TEXT.")
    text = "\n\n".join((*lines, "Sites filled up on Friday."))
    page = layout(text, title="Social sites overflow; Tool lets users say they are safe")
    assert [text[z.start : z.end] for z in page.zones if z.kind == "headline"] == [
        "Social sites overflow;",
        "Tool lets users say they are safe.",
        "Sites filled up.",
    ]


def test_a_title_that_the_text_does_not_begin_with_leaves_the_text_alone() -> None:
    page = layout("The ferry runs again\n\nThat is all, said its owner.", title="Another title")
    assert page.title == "Another title"
    assert [zone.kind for zone in page.zones] == ["body"]


def test_an_empty_text_has_no_zones() -> None:
    assert layout("\n \n").zones == []
    assert layout("").title is None
