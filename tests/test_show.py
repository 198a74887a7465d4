"""The border to HTML: whatever an article holds becomes text, and every row shows its words."""

from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pandas as pd
import pytest
from fake_tables import fake_tables
from hostile import PAYLOADS, hostile_tables

from analysis import counts, findings, plots, show
from analysis.schema import TABLES

OURS = {
    "article", "bdi", "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h2", "img", "mark",
    "noscript", "p", "script", "section", "span", "style", "summary", "table", "tbody", "td", "th", "thead", "tr",
}  # fmt: skip
ATTRIBUTES = {"alt", "aria-label", "class", "colspan", "height", "role", "scope", "src", "tabindex", "type", "width"}


class Parsed(HTMLParser):
    """Elements, attributes, text and scripts of a piece of HTML, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.scripts, self.text = [], [], [], ""
        self._inside = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self._inside = (dict(attrs).get("type") or "javascript") if tag == "script" else tag if tag == "style" else None
        if tag == "script":
            self.scripts.append((self._inside, ""))

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self._inside = None

    def handle_data(self, data):
        if self.scripts and self._inside == self.scripts[-1][0]:
            self.scripts[-1] = (self._inside, self.scripts[-1][1] + data)
        elif self._inside != "style":
            self.text += data


@pytest.fixture(scope="module")
def tables():
    return fake_tables()


@pytest.fixture(scope="module")
def hostile():
    return hostile_tables()


def everything_shown(tables):
    """All that a page of these tables can hold."""
    joined = counts.join_articles(tables.statements, tables.articles)
    speakers = counts.by_speaker(joined)
    yield show.finding(findings.of_speakers(speakers), findings.of_problems(counts.by_problem(tables.problems)))
    alt = plots.alt_text(speakers, "speaker", what="Statements by speaker")
    yield show.figure(plots.plot_speakers(speakers), alt=alt, caption="Statements by speaker", numbers=speakers)
    yield show.statement_table(joined, tables.articles)
    yield show.problem_table(tables.problems)
    yield show.provenance(tables)
    for _, row in tables.statements[:40].iterrows():
        yield show.evidence(row, tables.articles)


def test_no_article_word_becomes_an_element_or_an_attribute(hostile) -> None:
    for shown in everything_shown(hostile):
        parsed = Parsed(str(shown.html))
        assert set(parsed.tags) <= OURS
        assert {name for name, _ in parsed.attributes} <= ATTRIBUTES
        assert all(kind == "application/json" for kind, _ in parsed.scripts)
        assert all(not str(value).startswith("javascript:") for name, value in parsed.attributes if name in ("href", "src"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_stays_readable(payload) -> None:
    parsed = Parsed(str(show.text_html(payload)))
    assert set(parsed.tags) <= {"bdi", "span"}
    assert parsed.text == re.sub(findings.HIDDEN, lambda hit: f"U+{ord(hit[0]):04X}", payload)


def test_hidden_characters_are_shown_as_codes() -> None:
    html = str(show.text_html("a\u202eb\u200bc\x00d\ne"))
    assert "U+202E" in html
    assert "U+200B" in html
    assert "U+0000" in html
    assert not findings.HIDDEN.search(html)
    assert "d\ne" in html


def test_output_in_a_notebook_carries_its_style_and_script(tables) -> None:
    html = show.statement_table(tables.statements, tables.articles)._repr_html_()
    assert html.startswith('<div class="attest"><style>')
    assert html.endswith("</script></div>")
    assert "https://" not in html.replace("https://example.org", "").replace("https?://", "")


def test_plain_text_of_what_is_shown_is_short_and_harmless(hostile) -> None:
    for shown in everything_shown(hostile):
        assert not findings.HIDDEN.search(repr(shown))


# ------------------------------------------------------------------ figures


def figure(speaker: str) -> show.Shown:
    counted = pd.DataFrame({"speaker": [speaker, "B"], "n": [2, 1]})
    return show.figure(plots.plot_speakers(counted), alt="two bars", caption="Bars", numbers=counted)


def svg_of(shown: show.Shown) -> str:
    return base64.b64decode(re.search(r"base64,([^\"]+)", str(shown.html))[1]).decode()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_names_in_figures_are_text(payload) -> None:
    root = ElementTree.fromstring(svg_of(figure(payload)))
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not names & {"script", "foreignObject", "image", "a", "iframe"}
    texts = ["".join(element.itertext()) for element in root.iter() if element.tag.endswith("}text")]
    assert plots.label(payload, limit=34) in texts


def test_figures_are_the_same_every_time_and_ask_for_nothing() -> None:
    first, second = svg_of(figure("Ada")), svg_of(figure("Ada"))
    assert first == second
    addresses = ["".join(pair) for pair in re.findall(r'(?:href|src)="([^"]*)"|url\(([^)]*)\)', first)]
    assert all(address.startswith("#") for address in addresses)


def test_figures_follow_a_dark_setting() -> None:
    svg = svg_of(figure("Ada"))
    assert "prefers-color-scheme:dark" in svg
    body = svg.split("</style>", 1)[1]
    assert not [colour for colour in show.FIGURE_COLOURS if f": {colour}" in body or f'"{colour}"' in body]


def test_a_figure_needs_an_alternative_text() -> None:
    with pytest.raises(ValueError, match="alternative text"):
        show.figure(plots.plot_speakers(pd.DataFrame({"speaker": ["A"], "n": [1]})), alt=" ", caption="x")


def test_a_figure_has_its_numbers_under_it() -> None:
    parsed = Parsed(str(figure("Ada").html))
    assert "details" in parsed.tags
    assert "Ada" in parsed.text
    assert ("alt", "two bars") in parsed.attributes


# ------------------------------------------------------------------ evidence


def marks_of(html: str) -> list[tuple[str, str]]:
    return [(role, Parsed(words).text) for role, words in re.findall(r'<mark class="(\w+)">(.*?)</mark>', html, flags=re.S)]


def test_evidence_marks_source_cue_and_content_in_their_sentence(tables) -> None:
    for _, row in tables.statements.iterrows():
        shown = show.evidence(row, tables.articles)
        found = marks_of(str(shown.html))
        for role in ("source", "cue", "content"):
            assert " ... ".join(words for kind, words in found if kind == role) == row[role]


def test_evidence_stands_between_its_neighbours(tables) -> None:
    row = tables.statements.iloc[1]
    shown = show.evidence(row, tables.articles)
    beside = re.findall(r'<span class="beside">(.*?)</span>', str(shown.html), flags=re.S)
    assert len(beside) == 2
    assert all(words.strip() for words in beside)


def test_evidence_of_a_row_from_elsewhere_says_so(tables) -> None:
    row = tables.statements.iloc[0].copy()
    row["article_id"] = "elsewhere"
    with pytest.raises(KeyError, match="not in these articles"):
        show.evidence(row, tables.articles)


@pytest.mark.parametrize(
    ("spans", "sentences", "before", "after"),
    [
        ([[0, 3]], [(0, 4)], 0, 9),
        ([[11, 12]], [(10, 14)], 5, 14),
        ([[1, 2], [11, 12]], [(0, 4), (10, 14)], 0, 14),
        ([[1, 2], [6, 7]], [(0, 9)], 0, 14),
        ([[3, 12]], [(0, 14)], 0, 14),
        ([[4, 5]], [(4, 5)], 4, 5),
    ],
)
def test_passages(spans, sentences, before, after) -> None:
    found = show.passage(spans, [(0, 4), (5, 9), (10, 14)])
    assert (found.sentences, found.before, found.after) == (sentences, before, after)


def test_overlapping_marks_lose_no_text() -> None:
    html = show.marked("abcdef", 0, 6, [(0, 4, "source"), (2, 5, "cue"), (5, 9, "content")])
    assert Parsed(str(html)).text == "abcdef"
    assert marks_of(str(html)) == [("source", "abcd"), ("cue", "e"), ("content", "f")]


# ------------------------------------------------------------------ tables


def data_of(shown: show.Shown) -> dict:
    return json.loads(Parsed(str(shown.html)).scripts[0][1])


def decoded(column: dict) -> list:
    return [column["v"][code] for code in column["c"]] if "c" in column else column["v"]


@pytest.mark.parametrize("make", [fake_tables, hostile_tables])
def test_the_page_holds_the_whole_table(make) -> None:
    tables = make()
    data = data_of(show.statement_table(tables.statements, tables.articles))
    assert list(data["columns"]) == list(TABLES["statements"])
    assert data["n"] == len(tables.statements)
    for name in ("statement_id", "content", "speaker", "source_spans", "mentions", "confidence", "negated"):
        values = [None if not isinstance(v, list) and v != v else v for v in tables.statements[name].tolist()]
        assert decoded(data["columns"][name]) == values


def test_texts_stand_in_the_page_once_and_only_those_needed(tables) -> None:
    rows = tables.statements[tables.statements["article_id"] == "port/0001"]
    data = data_of(show.statement_table(rows, tables.articles))
    assert [article["id"] for article in data["articles"]] == ["port/0001"]


def test_a_long_table_has_its_first_rows_as_html() -> None:
    tables = fake_tables(12, 11)
    html = str(show.statement_table(tables.statements, tables.articles).html)
    assert html.count('<tr class="row"') == show.FIRST_ROWS
    assert f"The first {show.FIRST_ROWS} of {len(tables.statements)} rows" in html


def test_dates_of_the_researcher_are_marked(tables) -> None:
    data = data_of(show.statement_table(tables.statements, tables.articles))
    notes, ids = decoded(data["extra"]["date_note"]), decoded(data["columns"]["article_id"])
    bases = decoded(data["columns"]["date_basis"])
    for note, article, basis in zip(notes, ids, bases, strict=True):
        assert (show.SUPPLIED in (note or "")) == (article == "port/0002" and basis != "none")


def test_only_web_addresses_become_links() -> None:
    tables = fake_tables()
    for url, kept in [
        ("https://example.org/a?b=c", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//x.org", False),
    ]:
        changed = tables.articles.assign(url=pd.Series([url] * 3, dtype="str"))
        urls = {article["url"] for article in data_of(show.statement_table(tables.statements, changed))["articles"]}
        assert urls == ({url} if kept else {None})


def test_an_empty_table_is_a_table() -> None:
    tables = fake_tables()
    data = data_of(show.statement_table(tables.statements[:0], tables.articles))
    assert data["n"] == 0


def test_many_problems_can_be_searched_and_few_are_listed(tables, hostile) -> None:
    assert not Parsed(str(show.problem_table(tables.problems).html)).scripts
    assert data_of(show.problem_table(hostile.problems))["n"] == len(PAYLOADS)


def test_provenance_is_the_same_on_every_machine_in_its_text(tables) -> None:
    assert repr(show.provenance(tables)) == repr(show.provenance(fake_tables()))
    assert "35 statements" in repr(show.provenance(tables))
    assert repr(show.provenance(tables)) != repr(show.provenance(fake_tables(2)))
