"""Executed notebooks -> HTML pages: one file each that opens from disk and asks for nothing, with a policy that says so.

The policy allows the two styles and the one script of the page by their hashes and nothing else, so that a script that
came in with an article could not run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from analysis.kernels import Failure, without_grammars

if TYPE_CHECKING:
    from nbformat import NotebookNode

TEMPLATES = Path(str(resources.files("analysis"))) / "templates"
HEADING = re.compile("<h2>([^<>]{1,300})</h2>")  # of a text cell; those of show.py have a class
NOTEBOOK_LINK = re.compile(r'<a href="([a-z]+)\.ipynb">')  # of a text cell, to another notebook of the folder
THUMBNAIL = re.compile(rb'<img src="(data:image/svg\+xml;base64,[A-Za-z0-9+/=]{1,2000000})"')
# What an error of Python means to somebody who does not write it; the first that fits.
PLAIN_REASONS = (
    ("MemoryError", "There was not enough memory.", "Give fewer articles, or close other programs, and run again."),
    ("CellTimeoutError", "A cell took too long and was stopped.", "Run again with a longer --timeout, or with fewer articles."),
    (
        "DeadKernelError",
        "The process that ran the notebook ended unexpectedly.",
        "The system may have stopped it for lack of memory. Give fewer articles, or close other programs, and run again.",
    ),
    ("ModuleNotFoundError", "A Python package is missing.", "Run “make install”, then run again."),
    ("FileNotFoundError", "A file or folder is not there.", "Check the path in the message, then run again."),
    ("StoreError", "The tables cannot be read.", "Make them again with “make tables”, then run again."),
    ("TableError", "A table does not have the expected form.", "Make the tables again with “make tables”, then run again."),
    ("WrongUseError", "A parameter has a value that does not fit.", "Change it as the message says, then run again."),
    ("ChoiceError", "A parameter has a value that does not fit.", "Change it as the message says, then run again."),
    ("KeyboardInterrupt", "The run was stopped.", "Run again."),
)


def explain(failure: Failure) -> tuple[str, str]:
    """The reason of a failure in plain words, and what to do.

    >>> explain(Failure("MemoryError", ""))[0]
    'There was not enough memory.'
    """
    for kind, reason, advice in PLAIN_REASONS:
        if failure.kind == kind:
            return reason, advice
    reason = "A cell of the notebook stopped with an error." if failure.cell else "The report could not be made."
    return (
        reason,
        "If the message does not help, run the cells of the notebook in JupyterLab (“make lab”), up to the one below.",
    )


def report_page(notebook: NotebookNode, *, parameters: Markup, provenance: Markup, articles: str | None = None) -> str:
    """The page of an executed notebook.

    Args:
        notebook: with outputs. Its first cell is text: the title as a heading, then the question.
        parameters: the box of parameters.
        provenance: the box of provenance.
        articles: folder with the pages of the articles, as seen from the page; None where there are none beside it.

    Returns:
        The page as HTML.
    """
    title, lead = front(notebook)
    body, contents = _with_anchors(_cells(notebook))
    values: dict[str, Any] = {"parameters": parameters, "provenance": provenance, "contents": contents, "body": Markup(body)}
    values["articles"] = articles
    return _page("report", title=title, lead=lead, script=True, **values)


def _with_anchors(body: str) -> tuple[str, list[tuple[str, Markup]]]:
    """The body with an id for every heading, and (id, heading) of each."""
    found: list[tuple[str, Markup]] = []

    def anchored(match: re.Match[str]) -> str:
        found.append((f"part-{len(found) + 1}", Markup(match[1])))
        return f'<h2 id="{found[-1][0]}">{match[1]}</h2>'

    return HEADING.sub(anchored, body), found


def front(notebook: NotebookNode) -> tuple[str, str]:
    """Title and question of a notebook, from its first cell.

    >>> from types import SimpleNamespace as Node
    >>> front(Node(cells=[Node(cell_type="markdown", source="# Statements\\n\\nWho said what?")]))
    ('Statements', 'Who said what?')
    """
    first = notebook.cells[0] if notebook.cells else None
    if first is None or first.cell_type != "markdown" or not first.source.startswith("# "):
        return "Report", ""
    heading, _, rest = first.source.partition("\n")
    return heading.removeprefix("# ").strip(), " ".join(rest.split())


def _cells(notebook: NotebookNode) -> str:
    """The cells after the first as HTML, without the style and script that each output carries for JupyterLab."""
    with without_grammars():
        from nbconvert.exporters import HTMLExporter, TemplateExporter

    from analysis.show import parts_script, parts_style

    shown = notebook.copy()
    shown.cells = notebook.cells[1:] if front(notebook)[0] != "Report" else notebook.cells
    # Its preprocessors would do nothing here but check the notebook eleven times over.
    options = {"exclude_anchor_links": True, "default_preprocessors": []}
    exporter = HTMLExporter(template_name="cells", extra_template_basedirs=[str(TEMPLATES)], **options)
    # HTMLExporter's own method would parse the page again to fill in missing alternative texts; ours have them.
    body, _ = TemplateExporter.from_notebook_node(exporter, shown)
    body = NOTEBOOK_LINK.sub(r'<a href="\1.html">', body)
    return body.replace(str(parts_style()), "").replace(str(parts_script()), "")


def error_page(
    failure: Failure,
    *,
    title: str,
    notebook: str,
    last_good: tuple[str, str] | None,
    parameters: Markup,
    provenance: Markup,
) -> str:
    """The page that says why a report was not made.

    Args:
        failure: what happened.
        title: the report's title.
        notebook: its name.
        last_good: when the last good report was made, and its file, if there is one.
        parameters, provenance: boxes.
    """
    from analysis.findings import visible

    reason, advice = explain(failure)
    values: dict[str, Any] = {"parameters": parameters, "provenance": provenance, "last_good": last_good}
    values |= {
        "reason": reason,
        "advice": advice,
        "message": visible(f"{failure.kind}: {failure.message}" if failure.message else failure.kind),
        "cell": failure.cell,
    }
    values |= {"source": visible(failure.source), "notebook": f"{notebook}.ipynb"}
    return _page("error", title=f"{title}: not made", lead="", script=False, **values)


def index_page(reports: Sequence[Mapping[str, Any]], *, made: str) -> str:
    """The page that lists all reports.

    Args:
        reports: each with title, question, link, error_link, state (good or failed), words, parameters, earlier, pdf
            and thumbnail.
        made: when it was made.
    """
    lead = "Who said what, what happened, and in which words: each report is one file that opens from disk, without a network."
    return _page("index", title="Reports", lead=lead, script=False, reports=reports, made=made)


def thumbnail(page: Path) -> str | None:
    """The first figure of a page, as an address that holds the image; None where there is none."""
    with page.open("rb") as file:
        found = THUMBNAIL.search(file.read(4_000_000))
    return found[1].decode() if found else None


def _page(name: str, *, script: bool, **values: Any) -> str:
    return Press(name, script="parts.js" if script else None).page(**values)


class Press:
    """Fills one template again and again; styles, script and policy are the same in every page.

    Args:
        name: of the template: report, error, index or article.
        script: name of the page's script, None for a page without.
    """

    def __init__(self, name: str, *, script: str | None = None) -> None:
        from jinja2 import Environment, FileSystemLoader

        from analysis.show import template

        parts = template("parts.css")
        # A page of an article takes only the colours of the parts: their first rules. It is small, as there may be many.
        parts = parts[: parts.index("[data-jp-theme")] + template("article.css") if name == "article" else parts
        styles = [Markup(parts), Markup(template("page.css"))]
        js = Markup(template(script)) if script else Markup("")
        self._common = {
            "policy": Markup(policy(styles, [js] if script else [])),
            "parts_css": styles[0],
            "page_css": styles[1],
            "script": js,
        }
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = environment.get_template(f"{name}.html.j2")

    def page(self, *, title: str, lead: str, **values: Any) -> str:
        """A page; strings among the values are escaped, Markup is taken as it is."""
        return self._template.render(title=title, lead=lead, **self._common, **values)


def policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """A Content-Security-Policy that allows these styles and scripts, by hash, images inside the page, and nothing else.

    >>> policy([], [])
    "default-src 'none'; img-src data:; style-src 'none'; script-src 'none'; base-uri 'none'; form-action 'none'"
    """

    def hashes(texts: Sequence[str]) -> str:
        digests = [base64.b64encode(hashlib.sha256(str(text).encode()).digest()).decode() for text in texts]
        return " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"

    allowed = f"default-src 'none'; img-src data:; style-src {hashes(styles)}; script-src {hashes(scripts)}"
    return f"{allowed}; base-uri 'none'; form-action 'none'"
