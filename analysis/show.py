"""What notebooks show: figures, sentences, tables, evidence and provenance, from the modules that make them.

Everything here returns `Shown`, which a notebook displays as HTML and a terminal as text. Nothing is loaded from anywhere.
"""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Callable
from importlib.metadata import version

import pandas as pd

from analysis.counts import by_problem
from analysis.findings import many, of_problems, one_line
from analysis.manifest import VERSION, project_root
from analysis.relations import happening_name
from analysis.schema import KEYS, TABLES, Tables
from analysis.showing.evidence import evidence, marked, passage, quotation
from analysis.showing.figures import FIGURE_COLOURS, figure, figure_svg, numbers_html, text_table
from analysis.showing.grid import FIRST_ROWS, View
from analysis.showing.markup import (
    Markup,
    Shown,
    box_html,
    finding,
    json_html,
    parts_script,
    parts_style,
    sentence_html,
    template,
    text_html,
)
from analysis.showing.rows import BASIS, LINK, SUPPLIED, article_table, event_table, problem_table, statement_table

__all__ = [
    "BASIS",
    "FIGURE_COLOURS",
    "FIRST_ROWS",
    "LINK",
    "SUPPLIED",
    "Markup",
    "Shown",
    "View",
    "article_table",
    "box_html",
    "commit",
    "corpus_hash",
    "each",
    "event_table",
    "evidence",
    "figure",
    "figure_svg",
    "finding",
    "json_html",
    "marked",
    "parts_script",
    "parts_style",
    "passage",
    "problem_table",
    "provenance",
    "row",
    "sentence_html",
    "small_table",
    "statement_table",
    "tables",
    "template",
    "text_html",
    "where",
    "wordings",
]  # fmt: skip
ROW_IS = {
    "articles": "an article that was read, with its text and its dates",
    "statements": "something that an article says that somebody said or thought",
    "events": "a mention of something that happened, is to happen, or is threatened or refused",
    "actors": "a person, state, government or organisation that occurs",
    "problems": "something that could not be read, was left out, or was changed to be read",
}
MOST_WORDINGS = 12  # happenings whose words are shown side by side
LIBRARIES = ("pandas", "matplotlib", "numpy", "pyarrow")


def tables(data: Tables) -> Shown:
    """The five tables: what a row of each is, how many there are, and what could not be read.

    Args:
        data: the tables.

    Returns:
        Shown; its text holds the same.

    >>> tables(Tables()).text.splitlines()[1]
    'articles    0     an article that was read, with its text and its dates'
    """
    frame = pd.DataFrame(
        {"table": list(ROW_IS), "rows": [len(getattr(data, name)) for name in ROW_IS], "a row is": list(ROW_IS.values())}
    )
    problems = of_problems(by_problem(data.problems))
    html = Markup("{}{}").format(numbers_html(frame, caption="The tables"), finding(problems).html)
    return Shown(html, "\n".join([*text_table(frame, cell=90), problems]))


def row(values: pd.Series) -> Shown:
    """One row of a table, column by column, with what each column means.

    Args:
        values: a row of one of the five tables.

    Returns:
        Shown; its text holds the same, without confidence, which may differ in its last digits from machine to machine.

    Raises:
        ValueError: it is no row of these tables.
    """
    name = next((name for name, key in KEYS.items() if key == values.index[0]), None)
    if name is None:
        raise ValueError(f"a row that begins with {values.index[0]!r} is of none of the tables {', '.join(KEYS)}")
    columns = {key: column for key, column in TABLES[name].items() if key in values.index}
    shown = [_value(values[key]) for key in columns]
    frame = pd.DataFrame({"column": list(columns), "in this row": shown, "meaning": [c.meaning for c in columns.values()]})
    text = text_table(frame[frame["column"] != "confidence"], rows=len(frame), cell=60)
    return Shown(numbers_html(frame, caption=f"A row of the table of {name}"), "\n".join(text))


def _value(value: object) -> str | None:
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    if isinstance(value, list):
        words = ", ".join(value) if all(isinstance(inner, str) for inner in value) else str(value)
        return one_line(words, limit=200) or None if value else None
    return None if value is None or value != value else one_line(value, limit=200)


def small_table(frame: pd.DataFrame, *, caption: str) -> Shown:
    """A table of numbers or names, every row of it; a long one can be searched.

    Args:
        frame: the table.
        caption: what it holds.

    Returns:
        Shown; its text holds the first rows. Nothing is shown of a table without rows.
    """
    if frame.empty:
        return Shown(Markup(""), "")
    return Shown(numbers_html(frame, caption=caption), "\n".join(text_table(frame)))


def where(condition: object, shown: Shown) -> Shown:
    """What is shown if a condition holds; else nothing.

    >>> where(False, Shown(Markup("<p>x</p>"), "x")).text
    ''
    """
    return shown if condition else Shown(Markup(""), "")


def each(look: Callable[..., Shown], rows: pd.DataFrame, *given: object) -> Shown:
    """Every row of a table, looked at one after the other; of a table without rows, that it has none.

    Args:
        look: `row` or `evidence`.
        rows: the table.
        given: what `look` needs beside the row.

    >>> each(row, Tables().events)
    The table has no row yet.
    """
    if rows.empty:
        return finding("The table has no row yet.")
    shown = [look(values, *given) for _, values in rows.iterrows()]
    return Shown(Markup("").join(one.html for one in shown), "\n".join(one.text for one in shown))


def wordings(worded: pd.DataFrame, articles: pd.DataFrame) -> Shown:
    """The sentences in which different outlets tell the same happening, side by side.

    Args:
        worded: as `relations.wordings` returns them.
        articles: the articles table.

    Returns:
        Shown; its text holds the words that name each happening. The happenings that most report are shown, at most
        `MOST_WORDINGS`, and how many there are is said.
    """
    known = articles.set_index("article_id", drop=False)
    keys = list(dict.fromkeys(worded["event_key"]))
    parts, lines = [], []
    for key in keys[:MOST_WORDINGS]:
        mentions = worded[worded["event_key"] == key]
        heading = happening_name(mentions.iloc[0].to_dict())
        told = [(known.loc[mention["article_id"]], mention) for _, mention in mentions.iterrows()]
        quotations = Markup("").join(
            Markup('<figure class="evidence">{}</figure>').format(quotation(mention, article, wide=False))
            for article, mention in told
        )
        parts.append(
            Markup('<section class="wording"><h3>{}</h3><div>{}</div></section>').format(text_html(heading), quotations)
        )
        words = "; ".join(f"{one_line(m['publisher'], limit=60)}: {one_line(m['trigger'], limit=60)}" for _, m in told)
        lines.append(f"{heading} ({words})")
    if len(keys) > MOST_WORDINGS:
        more = f"The first {MOST_WORDINGS} of {len(keys):,} happenings."
        parts.append(Markup('<p class="status">{}</p>').format(more))
        lines.append(more)
    return Shown(Markup("").join(parts), "\n".join(lines))


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
