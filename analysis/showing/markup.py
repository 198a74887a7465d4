"""Text -> HTML: the one border that words from articles cross on their way into a page.

Article words become text nodes only: escaped, isolated by direction, hidden characters as their codes. What is shown is a
`Shown`, which a notebook displays as HTML and a terminal as text. Nothing is loaded from anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources

from markupsafe import Markup, escape

from analysis.findings import HIDDEN, ISOLATE, POP, plain


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
    return Markup("<bdi>{}</bdi>").format(coded(str(text)))


def coded(text: str) -> Markup:
    """Text as HTML, hidden characters as their codes; not isolated."""
    if HIDDEN.search(text) is None:
        return escape(text)
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
        pieces += [text_html(inner) if inner else Markup(""), coded(rest)]
    return Markup("").join(pieces)


def finding(*sentences: str) -> Shown:
    """Sentences of findings.py as one paragraph.

    >>> finding("Two of them.", "")
    Two of them.
    """
    said = [sentence for sentence in sentences if sentence]
    html = Markup('<p class="finding">{}</p>').format(Markup(" ").join(sentence_html(s) for s in said)) if said else Markup("")
    return Shown(html, " ".join(plain(s) for s in said))


def json_html(data: object) -> Markup:
    """Data for a script element of type application/json: nothing in it can end the element.

    >>> json_html({"a": "</script>"})
    Markup('{"a":"\\\\u003c/script\\\\u003e"}')
    """
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029\x7f":
        written = written.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(written)


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
