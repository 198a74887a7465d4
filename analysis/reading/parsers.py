"""HTML pages and Parquet files, parsed in a process of its own that can be killed.

A page can hang or crash the C code that parses it, which nothing inside the same process can stop. So this file also runs
as a program: it reads requests from standard input and writes replies to standard output, and `Parser` is the other end.
It is a program of its own, not a pool of multiprocessing, because that would import the caller's script again.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import struct
import subprocess
import sys
import threading
from collections.abc import Collection, Iterable, Iterator
from typing import IO, Any

MEMORY = 3 << 30  # bytes of address space for the parsing process
MAX_DEPTH = 1_000  # elements nested in one another
_FRAME = struct.Struct(">Q")


class ParserError(Exception):
    """The parsing process refused, died or took too long; `reason` is one of the fixed reasons of a problem row."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Parser:
    """The parsing process, started when it is first asked and again when it had to be killed.

    >>> with Parser(seconds=20) as parser:
    ...     [page] = parser.ask("html", b"<title>Ferry</title><p>The ferry runs again.</p>")
    >>> page["title"]
    'Ferry'
    """

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, kind: str, payload: bytes = b"", **options: Any) -> Iterator[dict[str, Any]]:
        """The replies to one request: one for a page, one a row for a Parquet file.

        Raises:
            ParserError: no reply within `seconds`, or the process died or refused.
        """
        process = self._started()
        expired = threading.Event()
        try:
            with _limit(process, self.seconds, expired):
                request = json.dumps({"kind": kind, "length": len(payload), **options})
                process.stdin.write(request.encode() + b"\n" + payload)  # type: ignore[union-attr]
                process.stdin.flush()  # type: ignore[union-attr]
            while True:
                with _limit(process, self.seconds, expired):
                    reply = _receive(process.stdout)  # type: ignore[arg-type]
                if "end" in reply:
                    return
                if "error" in reply:
                    raise ParserError(reply["reason"], reply["error"])
                yield from reply["rows"]
        except GeneratorExit:
            self.close()
            raise
        except (OSError, EOFError) as error:
            self.close()
            if expired.is_set():
                raise ParserError("took too long", f"stopped after {self.seconds:g} seconds") from error
            raise ParserError("parser died", f"the parsing process ended with code {process.returncode}") from error

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            # -P keeps this folder out of the module path, so that no module of ours stands in for a library's.
            command = [sys.executable, "-P", __file__]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
            )
        return self._process


@contextlib.contextmanager
def _limit(process: subprocess.Popen[bytes], seconds: float, expired: threading.Event) -> Iterator[None]:
    """Kill the process if the block is not left in time."""

    def kill() -> None:
        expired.set()
        process.kill()

    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _receive(pipe: IO[bytes]) -> dict[str, Any]:
    head = pipe.read(_FRAME.size)
    body = pipe.read(_FRAME.unpack(head)[0]) if len(head) == _FRAME.size else b""
    if not body:
        raise EOFError
    reply: dict[str, Any] = json.loads(body)
    return reply


# --- the parsing process ----------------------------------------------------------------------------------------------


def serve() -> None:
    """Answer requests from standard input until it ends."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    requests, replies = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    for line in iter(requests.readline, b""):
        request = json.loads(line)
        payload = requests.read(request.pop("length"))
        try:
            for rows in _answer(payload, **request):
                _send(replies, {"rows": rows})
            _send(replies, {"end": True})
        except ParserError as error:
            _send(replies, {"error": str(error), "reason": error.reason})
        except (Exception, RecursionError) as error:  # noqa: BLE001 - whatever a parser raises costs one file, not the run
            _send(replies, {"error": f"{type(error).__name__}: {str(error)[:200]}", "reason": "unreadable"})


def _send(pipe: IO[bytes], reply: dict[str, Any]) -> None:
    body = json.dumps(reply).encode()
    pipe.write(_FRAME.pack(len(body)) + body)
    pipe.flush()


def _answer(payload: bytes, kind: str, **options: Any) -> Iterator[list[dict[str, Any]]]:
    if kind == "html":
        yield [read_page(payload.decode("utf-8", "surrogatepass"), **options)]
    else:
        yield from read_parquet(payload, **options)


# --- HTML -------------------------------------------------------------------------------------------------------------

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
# Elements that never hold others, and those that end without saying so.
_VOID = frozenset(
    ("area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p", "param")
) | frozenset(("source", "td", "th", "tr", "track", "wbr"))
_STANDFIRST = re.compile(
    r"stand-?first|sub-?title|sub-?head|(?:^|[\s_-])de(?:c?k|ck)(?:$|[\s_-])|strap-?line|article-?(?:lead|intro|summary|desc)",
    re.IGNORECASE,
)

_INTRO = re.compile(
    r"(?:^|[\s_-])(?:intro(?:duction)?|lead|lede|summary|excerpt|abstract|chapeau|teaser|description)(?:$|[\s_-])",
    re.IGNORECASE,
)


def read_page(html: str, *, date_names: Collection[str] = (), author_names: Collection[str] = ()) -> dict[str, Any]:
    """The clean text of an HTML page and what its metadata say.

    Args:
        html: the page. date_names, author_names: names of meta tags that hold them, small letters only.

    Returns:
        title, standfirst, outlet, author, url, language (str or None), dates (list of strings, the likeliest first) and
        text (the paragraphs, one a line; None where there are none).

    Only what the page's own tags say is returned; nothing is guessed from its addresses, and `<base>` is ignored.
    """
    import lxml.html
    import trafilatura

    depth = _depth(html)
    if depth > MAX_DEPTH:
        raise ParserError("unreadable", f"elements nested about {depth} deep, the limit is {MAX_DEPTH}")
    html = re.sub(r"^\s{0,100}<\?xml[^>]{0,200}\?>", "", html)
    if not html.strip():
        return {"text": None}
    tree = lxml.html.document_fromstring(html)
    document = trafilatura.bare_extraction(
        html, with_metadata=True, include_comments=False, date_extraction_params={"extensive_search": False}
    )
    found: dict[str, Any] = document.as_dict() if isinstance(document, trafilatura.settings.Document) else {}
    linked = _linked_data(tree)
    title = _heading(tree, found.get("title"))
    paragraphs = [line.strip() for line in (found.get("text") or "").split("\n") if line.strip()]
    standfirst = _standfirst(tree, paragraphs, title)
    same = [_folded(part) for part in (title, standfirst) if part]
    paragraphs = [line for i, line in enumerate(paragraphs) if i > 3 or _folded(line) not in same]
    return {
        "title": title,
        "standfirst": standfirst,
        "outlet": _first(_meta(tree, {"ogsitename"}), linked["publisher"], _meta(tree, {"dcpublisher", "publisher", "source"})),
        "author": _first(linked["author"], _meta(tree, author_names), [found.get("author") or ""]),
        "url": _first([*tree.xpath("//link[@rel='canonical']/@href"), *_meta(tree, {"ogurl"})], addresses=True),
        "language": _first(tree.xpath("/html/@lang")),
        "dates": _dates(tree, linked["datePublished"], date_names),
        "text": "\n\n".join(paragraphs) or None,
        "visible": len(re.findall(r"\w+", _visible(tree))),
    }


def _depth(html: str) -> int:
    """How deep elements are nested, about: what opens without closing, elements that close by themselves left out."""
    depth = deepest = 0
    for slash, name in _TAG.findall(html):
        if name.lower() not in _VOID:
            depth += -1 if slash and depth else 0 if slash else 1
            deepest = max(deepest, depth)
    return deepest


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _first(*groups: Iterable[str], addresses: bool = False) -> str | None:
    """The first value that is a short line and no address posing as a name."""
    for value in (value for group in groups for value in group):
        shown = " ".join(str(value).split())
        if 1 < len(shown) <= 2_000 and (addresses or not re.match(r"(?:https?:)?//", shown)):
            return shown
    return None


def _meta(tree: Any, names: Collection[str]) -> list[str]:
    """The contents of the meta tags with these names, small letters and no marks."""
    found = []
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv") or ""
        if re.sub(r"[^a-z]", "", name.lower()) in names and tag.get("content"):
            found.append(tag.get("content"))
    return found


def _linked_data(tree: Any) -> dict[str, list[str]]:
    """datePublished, author and publisher of the article that the page's JSON-LD describes."""
    found: dict[str, list[str]] = {"datePublished": [], "author": [], "publisher": []}
    for script in tree.xpath("//script[@type='application/ld+json']")[:20]:
        try:
            todo: list[Any] = [json.loads(script.text or "")]
        except (ValueError, RecursionError):
            continue
        for _ in range(2_000):
            if not todo:
                break
            node = todo.pop(0)
            if isinstance(node, list):
                todo.extend(node)
            elif isinstance(node, dict):
                todo.extend(
                    value
                    for key, value in node.items()
                    if isinstance(value, dict | list) and key in ("@graph", "mainEntity", "itemListElement")
                )
                if re.search("article|posting|report|webpage", str(node.get("@type", "")), re.IGNORECASE):
                    for key, values in found.items():
                        values.extend(_names(node.get(key)))
    found["author"] = (
        [
            " and ".join((", ".join(found["author"][:-1]), found["author"][-1]))
            if len(found["author"]) > 1
            else found["author"][0]
        ]
        if found["author"]
        else []
    )
    return found


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    names = [item.get("name") if isinstance(item, dict) else item for item in values[:10]]
    return [name for name in names if isinstance(name, str) and name and not name.startswith("http")]


def _dates(tree: Any, linked: list[str], names: Collection[str]) -> list[str]:
    """What the page says about its day of publication, JSON-LD and meta tags before the time that it shows."""
    times = []
    for tag in list(tree.iter("time"))[:20]:
        times += [tag.get("datetime") or "", tag.text_content()]
    shown = [tag.text_content() for tag in tree.xpath("//*[@itemprop='datePublished']")[:3]]
    return [value.strip()[:100] for value in (*linked, *_meta(tree, names), *times, *shown) if value.strip()][:30]


def _heading(tree: Any, title: str | None) -> str | None:
    """The page's one main heading, where it is the title that the metadata give in about the same words."""
    headings = [" ".join(tag.text_content().split()) for tag in tree.iter("h1")]
    headings = [heading for heading in dict.fromkeys(headings) if heading]
    named = _first(_meta(tree, {"ogtitle"}), tree.xpath("//title/text()"))
    if len(headings) == 1 and len(headings[0]) <= 400:
        ours, theirs = set(_folded(headings[0]).split()), set(_folded(f"{title or ''} {named or ''}").split())
        if not theirs or len(ours & theirs) >= 0.5 * len(ours):
            return headings[0]
    return _first([title or "", named or ""])


def _standfirst(tree: Any, paragraphs: list[str], title: str | None) -> str | None:
    """The standfirst: what the page marks as one, or a description that the page shows outside the running text."""
    marked = []
    for tag in tree.iter("p", "h2", "h3", "div", "span"):
        if _STANDFIRST.search(f"{tag.get('class') or ''} {tag.get('itemprop') or ''}"):
            marked.append(" ".join(tag.text_content().split()))
            if len(marked) > 5:
                break
    body = _folded(" ".join(paragraphs))
    seen = _folded(_visible(tree))
    folded = {_folded(text) for text in _meta(tree, {"description", "ogdescription"})}
    # A paragraph that is called intro or lead is a standfirst where the page describes itself by it.
    for tag in tree.iter("p", "h2", "div"):
        if _INTRO.search(tag.get("class") or "") and _folded(tag.text_content()) in folded:
            marked.append(tag.text_content())
            break
    described = [
        text for text in _meta(tree, {"description", "ogdescription"}) if _folded(text) in seen and _folded(text) not in body
    ]
    for text in (*marked, *described):
        shown = " ".join(text.split())
        if 4 <= len(shown.split()) <= 90 and _folded(shown) != _folded(title or "") and len(shown) <= 600:
            return shown
    return None


def _visible(tree: Any) -> str:
    return " ".join(
        tree.xpath("//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]")
    )


# --- Parquet ----------------------------------------------------------------------------------------------------------


def read_parquet(
    payload: bytes, *, names: list[str], path: str | None = None, max_length: int, max_ratio: int, batch: int = 64
) -> Iterator[list[dict[str, Any]]]:
    """The rows of a Parquet file as dictionaries, in lists of at most `batch` rows.

    Args:
        payload: the file's bytes, where `path` is None.
        names: the columns to read, small letters and digits only; others are left out.
        max_length: characters of one row. max_ratio: of all values against the file, once they are over a megabyte.

    Raises:
        ParserError: no column is wanted, or the file holds more than it may.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with _bytes_of(payload, path) as source:
        schema = pq.ParquetFile(source).schema_arrow
    chosen = [field.name for field in schema if re.sub(r"[^a-z0-9]", "", field.name.lower()) in names]
    if not chosen:
        raise ParserError("no text field", f"columns {schema.names[:20]}; name the text column with fields={{'text': ...}}")
    # Values that repeat stay one in memory: a kilobyte can stand for gigabytes.
    plain = [
        field.name
        for field in schema
        if field.name in chosen and (pa.types.is_string(field.type) or pa.types.is_large_string(field.type))
    ]
    total = 0
    with _bytes_of(payload, path) as source:
        size = source.seek(0, io.SEEK_END)
        file = pq.ParquetFile(source, read_dictionary=plain, pre_buffer=False)
        for part in file.iter_batches(batch_size=batch, columns=chosen, use_threads=False):
            part.validate(full=True)
            rows = []
            for at in range(part.num_rows):
                row = {name: _plain(part.column(name)[at].as_py()) for name in chosen}
                length = sum(len(value) for value in row.values() if isinstance(value, str))
                total += length
                if total > 1_000_000 and total > max_ratio * size:
                    raise ParserError(
                        "archive bomb", f"over {total:,} characters from {size:,} bytes, the limit is {max_ratio} to 1"
                    )
                rows.append(row if length <= max_length else {"": length})
            yield rows


def _bytes_of(payload: bytes, path: str | None) -> IO[bytes]:
    """The bytes as a file, or the regular file at the path, never what a link leads to."""
    return io.BytesIO(payload) if path is None else os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def _plain(value: Any) -> Any:
    """A value that JSON can hold."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value[:1_000]]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return None if value != value else value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


if __name__ == "__main__":
    serve()
