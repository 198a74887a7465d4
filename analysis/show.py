"""Rows, figures and sentences -> HTML: the one border that words from articles cross on their way into a page.

Everything here returns `Shown`, which a notebook displays as HTML and a terminal as text. Article words become text
nodes only: escaped, isolated by direction, hidden characters as their codes. Nothing is loaded from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import platform
import re
import subprocess
import warnings
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from analysis.counts import join_articles, span_label
from analysis.findings import HIDDEN, ISOLATE, POP, many, plain, visible
from analysis.manifest import VERSION, project_root
from analysis.schema import TABLES, Tables
from analysis.sentences import sentence_spans

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FIRST_ROWS = 50  # rows of a long table that stand in the page as HTML; the script makes the others when they are looked at
FEW_ROWS = 10  # so many problems need no search
ROLES = ("source", "cue", "content")
BASIS = {"explicit": "in the text", "context": "from its context", "article": "date of the article", "none": ""}
SUPPLIED = "researcher\u2019s date"
LINK = re.compile(r"https?://[^\s<>\"'`{}|\\^]{1,2000}")
LIBRARIES = ("pandas", "matplotlib", "numpy", "pyarrow")
# Colours of a figure and what they become: names of colours, so that a figure follows the reader's light or dark setting.
FIGURE_COLOURS = {
    "#1d1f24": ("ink", "#e8e6e1"),
    "#5f646d": ("quiet", "#a9adb5"),
    "#d5d3cc": ("grid", "#3a3d44"),
    "#0072b2": ("blue", "#56b4e9"),
    "#e69f00": ("orange", "#f0b83c"),
    "#009e73": ("green", "#35c29a"),
    "#9a9da3": ("grey", "#7d828b"),
    "#ffffff": ("paper", "#17191d"),
}
FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


class Shown:
    """Something to look at: HTML in a notebook, its plain text elsewhere.

    >>> Shown(Markup("<p>2 &lt; 3</p>"), "2 < 3")
    2 < 3
    """

    def __init__(self, html: Markup, text: str) -> None:
        self.html, self.text = html, text

    def __repr__(self) -> str:
        return self.text

    def __html__(self) -> str:
        return str(self.html)

    def _repr_html_(self) -> str:
        if not self.html:
            return ""
        script = parts_script() if "attest-table" in self.html else ""
        return str(Markup('<div class="attest">{}{}{}</div>').format(parts_style(), self.html, script))


def parts_style() -> Markup:
    """The style of what this module shows, as an element. A page holds it once; a notebook's output carries its own."""
    return Markup("<style>{}</style>").format(Markup(template("parts.css")))


def parts_script() -> Markup:
    """The script of the tables, as an element; see `parts_style`."""
    return Markup("<script>{}</script>").format(Markup(template("parts.js")))


def template(name: str) -> str:
    """A style or script of the templates, without indentation: it stands in every page."""
    lines = resources.files("analysis").joinpath("templates", name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


# ------------------------------------------------------------------ text


def text_html(text: object) -> Markup:
    """Text from anywhere as HTML: escaped, isolated by direction, hidden characters as their codes.

    >>> text_html("<b>\\u202e")
    Markup('<bdi>&lt;b&gt;<span class="code">U+202E</span></bdi>')
    """
    return Markup("<bdi>{}</bdi>").format(_coded(str(text)))


def _coded(text: str) -> Markup:
    parts, at = [], 0
    for hit in HIDDEN.finditer(text):
        parts += [escape(text[at : hit.start()]), Markup('<span class="code">U+{:04X}</span>').format(ord(hit[0]))]
        at = hit.end()
    return Markup("").join([*parts, escape(text[at:])])


def sentence_html(sentence: str) -> Markup:
    """A sentence of findings.py as HTML, its isolated words as <bdi>.

    >>> sentence_html("by \\u2068Ada\\u2069.")
    Markup('by <bdi>Ada</bdi>.')
    """
    pieces = []
    for number, piece in enumerate(sentence.split(ISOLATE)):
        inner, _, rest = piece.partition(POP) if number else ("", "", piece)
        pieces += [text_html(inner) if inner else Markup(""), _coded(rest)]
    return Markup("").join(pieces)


def finding(*sentences: str) -> Shown:
    """Sentences of findings.py as one paragraph.

    >>> finding("Two of them.", "")
    Two of them.
    """
    said = [sentence for sentence in sentences if sentence]
    html = Markup('<p class="finding">{}</p>').format(Markup(" ").join(sentence_html(s) for s in said)) if said else Markup("")
    return Shown(html, " ".join(plain(s) for s in said))


# ------------------------------------------------------------------ figures


def figure(ax: Axes, *, alt: str, caption: str, numbers: pd.DataFrame | None = None) -> Shown:
    """A figure as scalable image with its alternative text, caption, and a table of its numbers.

    Args:
        ax: what plots.py returns.
        alt: what the figure shows, from `plots.alt_text`.
        caption: what it is.
        numbers: the table that was drawn.

    Returns:
        Shown; its text is the alternative text.

    Raises:
        ValueError: no alternative text.
    """
    if not alt.strip():
        raise ValueError("a figure needs an alternative text; plots.alt_text makes one from the table")
    drawn = figure_svg(ax)
    width, height = (round(96 * side) for side in ax.figure.get_size_inches())  # type: ignore[union-attr]
    table = Markup("")
    if numbers is not None:
        table = Markup("<details><summary>The numbers</summary>{}</details>").format(numbers_html(numbers, caption=caption))
    html = Markup(
        '<figure><img src="data:image/svg+xml;base64,{}" width="{}" height="{}" alt="{}"><figcaption>{}</figcaption>{}</figure>'
    ).format(base64.b64encode(drawn.encode()).decode(), width, height, visible(alt), sentence_html(caption), table)
    return Shown(html, alt)


def figure_svg(ax: Axes) -> str:
    """The figure of an Axes as SVG with real text, in colours that follow a light or dark setting."""
    from matplotlib import rc_context

    buffer = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "attest", "text.parse_math": False}), warnings.catch_warnings():
        # A letter that this computer's font lacks is drawn with the reader's: the text stays text.
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        unknown = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        ax.figure.savefig(buffer, format="svg", transparent=True, metadata=unknown)  # type: ignore[union-attr]
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :].replace("'DejaVu Sans'", FONTS)
    for colour, (name, _) in FIGURE_COLOURS.items():
        svg = svg.replace(f": {colour}", f": var(--{name})").replace(f'fill="{colour}"', f'style="fill: var(--{name})"')
    light = ";".join(f"--{name}:{colour}" for colour, (name, _) in FIGURE_COLOURS.items())
    dark = ";".join(f"--{name}:{other}" for name, other in FIGURE_COLOURS.values())
    style = f"<style>:root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"
    end = svg.index(">") + 1
    return svg[:end] + style + svg[end:]


def numbers_html(frame: pd.DataFrame, *, caption: str) -> Markup:
    """A small table as HTML, every row of it."""
    heads = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_numeric(frame[column]), str(column).replace("_", " ")) for column in frame
    )
    lines = []
    for row in zip(*(_shown_values(frame[column]) for column in frame), strict=True):
        cells = Markup("").join(
            Markup("<td{}>{}</td>").format(
                _numeric(frame[column]), text_html(value) if value else Markup('<span class="none">none</span>')
            )
            for column, value in zip(frame, row, strict=True)
        )
        lines.append(Markup("<tr>{}</tr>").format(cells))
    return Markup(
        '<div class="scroll" role="region" aria-label="{}" tabindex="0"><table class="numbers"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(plain(caption), sentence_html(caption), heads, Markup("").join(lines))


def _numeric(series: pd.Series) -> Markup:
    numeric = pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series)
    return Markup(' class="number"') if numeric else Markup("")


def _shown_values(series: pd.Series) -> list[str]:
    if pd.api.types.is_datetime64_any_dtype(series):
        return [span_label(day, day) if day == day else "" for day in series.to_numpy()]
    if pd.api.types.is_bool_dtype(series):
        return ["yes" if value else "no" for value in series]
    if pd.api.types.is_numeric_dtype(series):
        return [f"{value:,}" for value in series]
    return ["" if value is None or value != value else str(value) for value in series]


# ------------------------------------------------------------------ evidence


class Passage(NamedTuple):
    """Where the words of a row stand: offsets into the article's text.

    Attributes:
        sentences: (start, end) of the sentences that hold its words; neighbours are joined.
        before: start of the sentence before them (or of the first of them).
        after: end of the sentence after them (or of the last of them).
    """

    sentences: list[tuple[int, int]]
    before: int
    after: int


def passage(spans: Sequence[Sequence[int]], sentences: Sequence[tuple[int, int]]) -> Passage:
    """The sentences in which spans stand, and their neighbours.

    Args:
        spans: (start, end) of the words of a row.
        sentences: (start, end) of every sentence of the text, in order.

    >>> passage([[6, 8]], [(0, 4), (5, 9), (10, 14)])
    Passage(sentences=[(5, 9)], before=0, after=14)
    """
    held = [i for i, (a, b) in enumerate(sentences) if any(start < b and end > a for start, end in spans)]
    if not held:
        first, last = min((s[0] for s in spans), default=0), max((s[1] for s in spans), default=0)
        return Passage([(first, last)], first, last)
    parts: list[tuple[int, int]] = []
    for number, i in enumerate(held):
        if number and held[number - 1] == i - 1:
            parts[-1] = (parts[-1][0], sentences[i][1])
        else:
            parts.append(sentences[i])
    return Passage(parts, sentences[max(held[0] - 1, 0)][0], sentences[min(held[-1] + 1, len(sentences) - 1)][1])


def marked(text: str, start: int, end: int, marks: Iterable[tuple[int, int, str]]) -> Markup:
    """A stretch of text with some of its words marked.

    Args:
        text: the article's text.
        start, end: the stretch.
        marks: (start, end, role); role is source, cue or content. Of marks that overlap the first wins.

    >>> marked("Ada said so.", 0, 12, [(0, 3, "source")])
    Markup('<mark class="source">Ada</mark> said so.')
    """
    parts, at = [], start
    for a, b, role in sorted(marks):
        a, b = max(a, at), min(b, end)
        if a < b:
            parts += [_coded(text[at:a]), Markup('<mark class="{}">{}</mark>').format(role, _coded(text[a:b]))]
            at = b
    return Markup("").join([*parts, _coded(text[at:end])])


def _marks(row: Mapping[str, Any]) -> list[tuple[int, int, str]]:
    return [(a, b, role) for role in ROLES for a, b in row[f"{role}_spans"]]


def evidence(row: pd.Series, articles: pd.DataFrame) -> Shown:
    """A statement in its article: its sentences with source, cue and content marked, between their neighbours.

    Args:
        row: a row of the statements table.
        articles: the articles table.

    Returns:
        Shown; its text is the passage.

    Raises:
        KeyError: the row's article is not there.
    """
    found = articles[articles["article_id"] == row["article_id"]]
    if found.empty:
        raise KeyError(f"article {row['article_id']!r} is not in these articles; give the tables that the row comes from")
    article = found.iloc[0]
    text, marks = article["text"], _marks(row)
    where = passage([(a, b) for a, b, _ in marks], sentence_spans(text))
    first, last = where.sentences[0][0], where.sentences[-1][1]
    beside = Markup('<span class="beside">{}</span>')
    body = Markup("").join(
        [
            beside.format(_coded(text[where.before : first])),
            marked(text, first, last, marks),
            beside.format(_coded(text[last : where.after])),
        ]
    )
    source = [value for value in (article["title"], article["outlet"], article["article_id"]) if isinstance(value, str)]
    html = Markup(
        '<figure class="evidence"><blockquote><bdi class="passage">{}</bdi></blockquote><figcaption>{}</figcaption></figure>'
    ).format(body, Markup(" · ").join(text_html(value) for value in source))
    return Shown(html, visible(text[where.before : where.after]))


# ------------------------------------------------------------------ tables


class View(NamedTuple):
    """One column that a reader sees, made from columns of the table.

    Attributes:
        label: its head.
        main: the column with the value; "words" for the marked sentence.
        sub: columns with what is said below it, in small.
        sort: the column that it is sorted by, if not `main`.
        filter: the column whose values a reader may choose from, if any.
        kind: text, number or words.
        head: whether it names the row.
        missing: what stands there where there is no value.
    """

    label: str
    main: str
    sub: tuple[str, ...] = ()
    sort: str | None = None
    filter: str | None = None
    kind: str = "text"
    head: bool = False
    missing: str = "none"


STATEMENT_VIEW = (
    View("Date", "shown_date", ("date_note",), sort="date_start", missing="undated"),
    View("Speaker", "speaker", ("affiliation", "country"), filter="speaker", head=True, missing="not named"),
    View("Act", "act", ("quote_type",), filter="act"),
    View("In these words", "words", kind="words"),
    View("Outlet", "outlet", filter="outlet", missing="unknown"),
    View("Conf.", "confidence", kind="number"),
)
PROBLEM_VIEW = (
    View("File", "path", head=True),
    View("Step", "stage", filter="stage"),
    View("Reason", "reason", filter="reason"),
    View("Detail", "detail", missing=""),
)
STATEMENT_DETAILS = {
    "Speaker found by": "speaker_basis",
    "Said to": "addressee",
    "Place": "place",
    "Reported by": "via",
    "Mentions": "mentions",
    "Negated": "negation",
    "Within the statement of": "parent_speaker",
    "Date taken from": "date_text",
    "Row": "statement_id",
}


def statement_table(statements: pd.DataFrame, articles: pd.DataFrame, *, caption: str = "Statements") -> Shown:
    """All statements as a table that can be searched, sorted, filtered and saved as CSV, each with its words marked.

    Args:
        statements: statements, as filtered; all columns of the statements table.
        articles: the articles table.
        caption: what the table holds.

    Returns:
        Shown; its text says how many rows there are.

    The whole table is in the page, every column and row. The first rows stand there as HTML, the others as data from
    which the script makes rows when they are looked at. Texts of articles stand there once.
    """
    joined = statements if "date_from_researcher" in statements else join_articles(statements, articles)
    used = articles[articles["article_id"].isin(set(joined["article_id"]))]
    place = {article_id: i for i, article_id in enumerate(used["article_id"])}
    sentences = [sentence_spans(text) for text in used["text"]]
    number = joined["article_id"].map(place).tolist()
    passages = [
        passage([(a, b) for group in spans for a, b in group], sentences[i])
        for i, spans in zip(number, zip(*(joined[f"{role}_spans"] for role in ROLES), strict=True), strict=True)
    ]
    speakers = dict(zip(joined["statement_id"], joined["speaker"], strict=True))
    extra = {
        "shown_date": [None if a != a and b != b else span_label(a, b) for a, b in _days(joined)],
        "date_note": [
            _date_note(*values)
            for values in zip(joined["date_basis"], joined["date_text"], joined["date_from_researcher"], strict=True)
        ],
        "negation": ["yes" if value else None for value in joined["negated"]],
        "parent_speaker": [_parent(parent, speakers) for parent in joined["parent_id"]],
        "outlet": _plain_values(joined["outlet"]),
        "article": number,
        "sentences": [[p.before, p.after, *(side for span in p.sentences for side in span)] for p in passages],
    }
    articles_data = [_article_data(row) for row in used[["article_id", "title", "outlet", "url", "text"]].to_dict("records")]
    texts = used["text"].tolist()
    words = [_words(texts[number[i]], passages[i], _marks(row)) for i, row in enumerate(joined[:FIRST_ROWS].to_dict("records"))]
    columns = {column: _plain_values(joined[column]) for column in TABLES["statements"]}
    html = _table_html(
        "statements",
        columns,
        extra,
        STATEMENT_VIEW,
        caption=caption,
        words=words,
        more={"floats": ["confidence"], "details": STATEMENT_DETAILS, "roles": ROLES, "articles": articles_data},
    )
    return Shown(html, many(len(joined), "statement") + " in a table")


def _days(statements: pd.DataFrame) -> Iterable[tuple[np.datetime64, np.datetime64]]:
    return zip(statements["date_start"].to_numpy(), statements["date_end"].to_numpy(), strict=True)


def _date_note(basis: str, words: object, supplied: bool) -> str | None:
    if basis == "article":
        return SUPPLIED if supplied else BASIS[basis]
    said = f"“{words}”" if basis == "resolved" and isinstance(words, str) else BASIS.get(basis, basis)
    return " · ".join(part for part in (said, SUPPLIED if supplied else "") if part) or None


def _parent(parent: object, speakers: Mapping[str, object]) -> str | None:
    if not isinstance(parent, str):
        return None
    speaker = speakers.get(parent)
    return speaker if isinstance(speaker, str) else parent


def _plain_values(series: pd.Series) -> list[Any]:
    """Values as JSON knows them: dates as ISO days, missing ones as None."""
    if pd.api.types.is_datetime64_any_dtype(series):
        days = series.to_numpy().astype("datetime64[D]")
        return [None if missing else str(day) for day, missing in zip(days, np.isnat(days), strict=True)]
    values = series.tolist()
    return [None if not isinstance(value, list) and value != value else value for value in values]


def _coded_column(values: list[Any]) -> dict[str, Any]:
    """A column as its values, or, where they repeat, as its different values (v) and their numbers (c)."""
    if values and all(isinstance(value, str) or value is None for value in values):
        different = list(dict.fromkeys(values))
        if len(different) <= len(values) / 2:
            number = {value: i for i, value in enumerate(different)}
            return {"v": different, "c": [number[value] for value in values]}
    return {"v": values}


def _article_data(article: Mapping[Any, Any]) -> dict[str, Any]:
    found = {key: value if isinstance(value, str) else None for key, value in article.items()}
    url = found["url"]
    safe = url if url and LINK.fullmatch(url) else None
    return {"id": found["article_id"], "title": found["title"], "outlet": found["outlet"], "url": safe, "text": found["text"]}


def json_html(data: object) -> Markup:
    """Data for a script element of type application/json: nothing in it can end the element.

    >>> json_html({"a": "</script>"})
    Markup('{"a":"\\\\u003c/script\\\\u003e"}')
    """
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029\x7f":
        written = written.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(written)


def _words(text: str, where: Passage, marks: Iterable[tuple[int, int, str]]) -> Markup:
    """The sentences that hold a row's words, its words marked."""
    marks = list(marks)
    return Markup('<bdi class="words">{}</bdi>').format(
        Markup(" … ").join(marked(text, a, b, marks) for a, b in where.sentences)
    )


def _table_html(
    name: str,
    columns: Mapping[str, list[Any]],
    extra: Mapping[str, list[Any]],
    views: Sequence[View],
    *,
    caption: str,
    words: Sequence[Markup] = (),
    more: Mapping[str, Any] | None = None,
) -> Markup:
    """A table for the script: all columns as data, the first rows as HTML.

    Args:
        name: of the CSV file, and what its rows are.
        columns: the complete table, by column; what the CSV file holds.
        extra: what is shown beside it.
        views: the columns that a reader sees.
        caption: what the table holds.
        words: the marked words of the first rows.
        more: what the script needs to mark words: details, roles, articles; and which columns are floats.
    """
    n = len(next(iter(columns.values())))
    given = {"floats": (), "details": {}, "roles": (), "articles": [], **(more or {})}
    data = {
        **given,
        "name": name,
        "n": n,
        "details": [{"label": label, "key": key} for label, key in given["details"].items()],
        "columns": {key: _coded_column(values) for key, values in columns.items()},
        "extra": {key: _coded_column(values) for key, values in extra.items()},
        "view": [view._asdict() for view in views],
    }
    values = {**columns, **extra}
    lines = Markup("").join(
        _line_html({key: values[key][i] for key in values}, views, words[i : i + 1]) for i in range(min(n, FIRST_ROWS))
    )
    heads = Markup("").join(
        Markup('<th scope="col" role="columnheader" class="{}">{}</th>').format(view.kind, view.label) for view in views
    )
    first = (
        Markup('<noscript><p class="status">The first {} of {:,} rows.</p></noscript>').format(FIRST_ROWS, n)
        if n > FIRST_ROWS
        else ""
    )
    legend = Markup(" ").join(Markup('<mark class="{}">{}</mark>').format(role, role) for role in given["roles"])
    return Markup(
        '<div class="attest-table">{legend}<div class="tools"></div>{first}'
        '<div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table role="table"><caption>{caption}</caption>'
        '<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{lines}</tbody></table></div>'
        '<script type="application/json">{data}</script></div>'
    ).format(
        caption=caption,
        legend=Markup('<p class="legend">{}</p>').format(legend) if legend else "",
        first=first,
        heads=heads,
        lines=lines,
        data=json_html(data),
    )


def _line_html(values: Mapping[str, Any], views: Sequence[View], words: Sequence[Markup]) -> Markup:
    """One row as HTML; the script puts a row with more in its place."""
    cells = []
    for view in views:
        body = words[0] if view.kind == "words" else _value_html(values[view.main], view)
        sub = [values[key] for key in view.sub if values[key] is not None]
        below = Markup(' <span class="sub">{}</span>').format(Markup(" · ").join(text_html(s) for s in sub)) if sub else ""
        name = "th" if view.head else "td"
        scope = Markup(' scope="row"') if view.head else ""
        kind = Markup(' class="{}"').format(view.kind) if view.kind != "text" else ""
        cells.append(Markup("<{}{}{}>{}{}</{}>").format(name, kind, scope, body, below, name))
    return Markup('<tr class="row">{}</tr>').format(Markup("").join(cells))


def _value_html(value: object, view: View) -> Markup:
    if value is None:
        return Markup('<span class="none">{}</span>').format(view.missing)
    return text_html(f"{value:.2f}" if isinstance(value, float) else value)


def problem_table(problems: pd.DataFrame, *, caption: str = "What could not be read, or was changed to be read") -> Shown:
    """The problems table, every row.

    Args:
        problems: the problems table.
        caption: what the table holds.

    >>> from analysis.schema import table
    >>> problem_table(table("problems"))
    no problems
    """
    text = many(len(problems), "problem")
    if len(problems) <= FEW_ROWS:
        few = numbers_html(problems[["path", "stage", "reason", "detail"]], caption=caption) if len(problems) else Markup("")
        return Shown(few, text)
    columns = {column: _plain_values(problems[column]) for column in TABLES["problems"]}
    return Shown(_table_html("problems", columns, {}, PROBLEM_VIEW, caption=caption), text + " in a table")


# ------------------------------------------------------------------ boxes


def box_html(title: str, items: Mapping[str, object], *, kind: str) -> Markup:
    """A titled list of names and values.

    >>> box_html("Counts", {"articles": 3}, kind="provenance")[:30]
    Markup('<section class="box provenance')
    """
    lines = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(label, value if isinstance(value, Markup) else text_html(value))
        for label, value in items.items()
    )
    return Markup('<section class="box {}"><h2 class="name">{}</h2><dl>{}</dl></section>').format(kind, title, lines)


def provenance(tables: Tables) -> Shown:
    """What a page was made from: counts, a hash over the articles, versions, and the commit of the code.

    Args:
        tables: the five tables.

    Returns:
        Shown; its text holds the counts and the hash only, which do not change from machine to machine.
    """
    counts = {name: len(getattr(tables, name)) for name in TABLES}
    digest = corpus_hash(tables.articles)
    items: dict[str, object] = {
        "Rows": ", ".join(many(n, name.removesuffix("s")) for name, n in counts.items()),
        "Articles, hash": digest[:16],
        "Code": f"Attest {VERSION}, commit {commit() or 'unknown'}",
        "Versions": ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in LIBRARIES)]),
    }
    return Shown(box_html("Provenance", items, kind="provenance"), f"{items['Rows']}; articles {digest[:16]}")


def corpus_hash(articles: pd.DataFrame) -> str:
    """SHA-256 over the ids and hashes of all articles, 64 hexadecimal digits.

    >>> from analysis.schema import table
    >>> corpus_hash(table("articles"))[:8]
    'e3b0c442'
    """
    lines = sorted(f"{a}\t{b}\n" for a, b in zip(articles["article_id"], articles["sha256"], strict=True))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def commit() -> str | None:
    """The commit of the project's code, with a plus sign where files were changed since; None where that is not known."""
    try:
        asked = ["git", "-C", str(project_root()), "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"]
        return subprocess.run(asked, capture_output=True, text=True, check=True, timeout=10).stdout.strip() or None
    except (OSError, subprocess.SubprocessError):
        return None
