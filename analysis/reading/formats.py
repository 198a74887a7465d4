"""Files of a corpus -> texts, pages and records; whatever could not be read comes out as a trouble, and nothing is lost."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from analysis.reading.bylines import words
from analysis.reading.files import (
    FORMATS,
    Limits,
    Source,
    Trouble,
    TroubleError,
    all_bytes,
    cleaned,
    decode,
    members,
    opened,
    stream_encoding,
)
from analysis.reading.parsers import Parser, ParserError
from analysis.reading.records import FIELDS, aliases, fields_of, key_of, loads, parsed, records_in

_WORD_PROCESSOR = (
    "open it in a word processor and save it as plain text (.txt, UTF-8), or run `pandoc FILE -t plain -o FILE.txt`"
)
CONVERT = {
    **dict.fromkeys((".doc", ".docx", ".rtf", ".odt", ".pages"), _WORD_PROCESSOR),
    ".pdf": "run `pdftotext -layout FILE.pdf FILE.txt` (poppler); scanned pages need OCR first",
    ".epub": "run `pandoc FILE.epub -t plain -o FILE.txt`",
    **dict.fromkeys((".xls", ".xlsx", ".ods"), "save the sheet as CSV (UTF-8), one article a row"),
    **dict.fromkeys((".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst"), "unpack it, or pack it as .zip"),
    **dict.fromkeys((".xml", ".eml", ".mht", ".mhtml", ".warc"), "save the articles as .html or .txt"),
}
_MAGIC = (
    (b"%PDF-", ".pdf"),
    (b"PK\x03\x04", ".docx"),
    (b"\xd0\xcf\x11\xe0", ".doc"),
    (b"{\\rtf", ".rtf"),
    (b"\x1f\x8b\x08", ".gz"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_MARKUP = re.compile(r"</(?:p|div|span|a|br|li|h[1-6]|strong|em)>|<(?:p|br\s?/?)>", re.IGNORECASE)
_DOCUMENTS = re.compile(r"\b\d{1,5} of \d{1,5} DOCUMENTS\b")
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, struct.error, NotImplementedError)


class Piece(NamedTuple):
    """An article as its file holds it: a text, the fields of a record, or the reading of a page."""

    path: str
    format: str
    row: int | None
    sha256: str
    fields: dict[str, Any]
    text: str


class Reader(NamedTuple):
    """What reading a file needs: its limits, the process that parses pages and Parquet, and names of a record's fields."""

    limits: Limits
    parser: Parser
    mapping: dict[str, str]


def read(source: Source, reader: Reader, *, depth: int = 0) -> Iterator[Piece | Trouble]:
    """The articles and troubles of one file, in its order; `depth` says in how many archives it stands."""
    try:
        yield from _read(source, reader, depth)
    except (TroubleError, ParserError) as error:
        yield Trouble(source.path, error.reason, str(error))
    except _BROKEN as error:
        yield Trouble(source.path, "broken archive", f"{type(error).__name__}: {error}")
    except (OSError, RuntimeError) as error:
        yield Trouble(source.path, "unreadable", f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}")


def _read(source: Source, reader: Reader, depth: int) -> Iterator[Piece | Trouble]:
    ending = PurePosixPath(source.path.lower().removesuffix(".gz")).suffix
    kind = FORMATS.get(ending)
    if ending == ".zip":
        for inside in members(source, reader.limits, depth=depth):
            if isinstance(inside, Trouble):
                yield inside
            else:
                yield from read(inside, reader, depth=depth + 1)
    elif kind == "text":
        yield from _text(source, reader)
    elif kind == "html":
        yield from _page(source, reader)
    elif kind == "csv":
        yield from _csv(source, reader)
    elif kind == "parquet":
        yield from _parquet(source, reader)
    elif kind:
        yield from _json(source, reader, kind)
    elif ending in CONVERT:
        yield Trouble(source.path, "unsupported format", f"{ending} is not read; {CONVERT[ending]}")
    else:
        yield Trouble(source.path, "unknown ending", ending or "none")


# --- texts and pages --------------------------------------------------------------------------------------------------


def _readable(path: str, data: bytes, *, html: bool = False) -> tuple[str, list[Trouble]]:
    """Bytes of a file as clean text; raises TroubleError for empty and binary files."""
    for magic, ending in _MAGIC:
        if data.startswith(magic):
            advice = CONVERT.get(ending, "give it the ending .gz")
            raise TroubleError("unsupported format", f"the file holds {ending[1:].upper()} data; {advice}")
    text, notes = decode(data, html=html)
    if not text.strip("\0 \t\r\n\f\v\ufeff"):
        raise TroubleError("empty file", f"{len(data)} bytes and no text")
    sample = text[:20_000]
    controls = len(_CONTROL.findall(sample))
    if controls > 8 and controls > 0.02 * len(sample):
        raise TroubleError("binary file", f"{controls} control characters in the first {len(sample)}; this is no text")
    text, more = cleaned(text)
    return text, [Trouble(path, reason, detail) for reason, detail in (*notes, *more)]


def _text(source: Source, reader: Reader) -> Iterator[Piece | Trouble]:
    data = all_bytes(source, reader.limits)
    text, troubles = _readable(source.path, data)
    yield from troubles
    if _MARKUP.search(text[:3_000]) and not source.path.lower().removesuffix(".gz").endswith((".md", ".markdown")):
        yield Trouble(source.path, "markup in text", "the text holds HTML tags, kept as they are; give a page the ending .html")
    packed = len(_DOCUMENTS.findall(text)) if "DOCUMENTS" in text else text.count("\nEnd of Document")
    if packed > 1:
        detail = f"the file holds {packed} documents of a database and is read as one article; save each in a file of its own"
        yield Trouble(source.path, "several articles", detail)
    yield Piece(source.path, "text", None, hashlib.sha256(data).hexdigest(), {}, text)


def _page(source: Source, reader: Reader) -> Iterator[Piece | Trouble]:
    data = all_bytes(source, reader.limits)
    html, troubles = _readable(source.path, data, html=True)
    yield from troubles
    names = {"date_names": list(words("page date")), "author_names": list(words("page author"))}
    [page] = reader.parser.ask("html", html.encode(), **names)
    text = page.pop("text", None)
    if not text:
        raise TroubleError("no text", "the page shows no article; if it needs a browser to show one, save it from there")
    whole, notes = cleaned("\n\n".join((*(part for part in (page["title"], page["standfirst"]) if part), text)))
    yield from (Trouble(source.path, reason, detail) for reason, detail in notes)
    if page["visible"] > 400 and 10 * len(text.split()) < page["visible"]:
        detail = f"{len(text.split())} words taken from a page that shows {page['visible']}; compare them"
        yield Trouble(source.path, "little text", detail)
    fields = {name: cleaned(value)[0] if isinstance(value, str) else value for name, value in page.items()}
    yield Piece(source.path, "html", None, hashlib.sha256(data).hexdigest(), fields, whole)


# --- records ----------------------------------------------------------------------------------------------------------


class _Records:
    """Turns the records of one file into pieces and troubles, and counts what they have in common."""

    def __init__(self, path: str, kind: str, reader: Reader) -> None:
        self.path, self.kind, self.mapping, self.limits = path, kind, reader.mapping, reader.limits
        self.marked_up = self.seen = 0
        self.never = {field: name for field, name in reader.mapping.items() if field != "text"}

    def piece(self, record: Any, row: int) -> Iterator[Piece | Trouble]:
        """The article of a record, or the trouble with it."""
        if not isinstance(record, dict):
            yield self.trouble("broken record", f"a {type(record).__name__}, not an object with fields", row)
            return
        fields = fields_of(record, self.mapping)
        text = fields.pop("text", None)
        self.never = {field: name for field, name in self.never.items() if field not in fields}
        if not text:
            wanted = f" in {self.mapping['text']!r}" if "text" in self.mapping else ""
            detail = f"no text{wanted}; its fields are {list(record)[:12]}; name the text with fields={{'text': ...}}"
            yield self.trouble("no text", detail, row)
        elif len(text) > self.limits.max_bytes:
            yield self.too_large(len(text), row)
        else:
            yield from self._piece(record, row, fields, text)

    def _piece(self, record: dict[str, Any], row: int, fields: dict[str, str], text: str) -> Iterator[Piece | Trouble]:
        text, notes = cleaned(text)
        yield from (self.trouble(reason, detail, row) for reason, detail in notes)
        self.seen += 1
        self.marked_up += bool(_MARKUP.search(text[:3_000]))
        canonical = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
        yield Piece(self.path, self.kind, row, digest, {name: cleaned(value)[0] for name, value in fields.items()}, text)

    def trouble(self, reason: str, detail: str, row: int) -> Trouble:
        """A trouble with one row."""
        return Trouble(self.path, reason, f"row {row}: {detail}", row)

    def too_large(self, length: int, row: int) -> Trouble:
        """The trouble of a row that is over the limit."""
        return self.trouble(
            "too large", f"{length:,} bytes, the limit is {self.limits.max_bytes:,}; raise it with max_bytes", row
        )

    def end(self) -> Iterator[Trouble]:
        """Troubles that are one for the whole file."""
        for field, name in self.never.items() if self.seen else ():
            detail = f"no record has {name!r}, which fields={{{field!r}: ...}} names"
            yield Trouble(self.path, "no such field", detail)
        if self.marked_up:
            detail = (
                f"{self.marked_up} of {self.seen} texts hold HTML tags, kept as they are; store plain text, or pages as .html"
            )
            yield Trouble(self.path, "markup in text", detail)


def _json(source: Source, reader: Reader, kind: str) -> Iterator[Piece | Trouble]:
    records = _Records(source.path, kind, reader)
    with opened(source, reader.limits) as stream:
        first = stream.readline(reader.limits.max_bytes + 1)
        more = bool(stream.read(4_096).strip())
    # Many .json files hold one record a line, and some .jsonl files one document.
    by_line = first.strip() not in (b"[", b"{", b"[{", b"") if kind == "jsonl" else more and _is_object(first)
    if by_line and not first.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield from _json_lines(source, reader, records)
    else:
        text, troubles = _readable(source.path, all_bytes(source, reader.limits))
        yield from troubles
        for row, record in enumerate(records_in(parsed(text), reader.mapping), start=1):
            yield from records.piece(record, row)
    yield from records.end()


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(loads(line.decode("utf-8-sig")), dict)
    except (ValueError, RecursionError):
        return False


def _json_lines(source: Source, reader: Reader, records: _Records) -> Iterator[Piece | Trouble]:
    """One record a line; a line that is broken, too long or nested too deep costs only itself."""
    most = reader.limits.max_bytes
    with opened(source, reader.limits) as stream:
        row = 0
        while line := stream.readline(most + 1):
            row += 1
            if len(line) > most:
                length = len(line)
                while not line.endswith(b"\n") and (line := stream.readline(1 << 20)):
                    length += len(line)
                yield records.too_large(length, row)
            elif line.strip():
                yield from _json_line(line, row, records)
    if row == 0:
        raise TroubleError("empty file", "0 bytes")


def _json_line(line: bytes, row: int, records: _Records) -> Iterator[Piece | Trouble]:
    text, notes = decode(line.strip(b"\r\n"))
    yield from (records.trouble(reason, detail, row) for reason, detail in notes)
    try:
        record = loads(text)
    except RecursionError:
        yield records.trouble("broken record", "nested too deep", row)
    except ValueError as error:
        yield records.trouble("broken record", f"no valid JSON: {str(error)[:120]}", row)
    else:
        yield from records.piece(record, row)


def _csv(source: Source, reader: Reader) -> Iterator[Piece | Trouble]:
    encoding, notes = stream_encoding(source, reader.limits)
    yield from (Trouble(source.path, reason, detail) for reason, detail in notes)
    records = _Records(source.path, "csv", reader)
    with opened(source, reader.limits) as raw, io.TextIOWrapper(raw, encoding, errors="replace", newline="") as stream:
        head = stream.readline(1 << 20).lstrip("\ufeff")
        declared = re.match(r"sep=(.)\r?\n", head)
        head = stream.readline(1 << 20) if declared else head
        if not head.strip():
            raise TroubleError("empty file", "no header line")
        delimiter = declared.group(1) if declared else max(",;\t|", key=head.count)
        rows = _csv_rows(source.path, _csv_lines(head, stream, reader.limits), delimiter, reader.limits)
        header = next(rows)
        if isinstance(header, Trouble):
            yield header
            return
        names = [name.strip() for name in header[1]]
        if not any(key_of(name) in aliases("text") for name in names) and reader.mapping.get("text") not in names:
            raise TroubleError("no text field", f"the header is {names[:20]}; name the text column with fields={{'text': ...}}")
        for item in rows:
            yield from [item] if isinstance(item, Trouble) else _csv_record(*item, names, records)
    yield from records.end()


def _csv_record(row: int, cells: list[str], names: list[str], records: _Records) -> Iterator[Piece | Trouble]:
    while len(cells) > len(names) and not cells[-1].strip():
        cells.pop()
    if len(cells) == len(names):
        yield from records.piece(dict(zip(names, cells, strict=True)), row)
    else:
        yield records.trouble("broken record", f"{len(cells)} cells, the header has {len(names)}", row)


def _csv_lines(head: str, stream: io.TextIOWrapper, limits: Limits) -> Iterator[str]:
    yield head
    while line := stream.readline(limits.max_bytes + 1):
        if len(line) > limits.max_bytes:
            raise TroubleError("too large", f"a line of over {limits.max_bytes:,} characters; nothing after it is read")
        yield line


def _csv_rows(path: str, lines: Iterator[str], delimiter: str, limits: Limits) -> Iterator[tuple[int, list[str]] | Trouble]:
    """The rows of a CSV file with their numbers, the header as row 0; a row that is broken costs only itself."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row = -1
    while True:
        before = reader.line_num
        # The limit of the csv module is one for the whole process, so it is raised only while a row is read.
        usual = csv.field_size_limit(limits.max_bytes)
        try:
            cells = next(reader, None)
        except csv.Error as error:
            row += 1
            detail = f"lines {before + 1} to {reader.line_num}: {error}; check the quotation marks"
            yield Trouble(path, "broken record", detail, max(row, 0))
            continue
        finally:
            csv.field_size_limit(usual)
        if cells is None:
            return
        if cells:
            row += 1
            yield row, cells


def _parquet(source: Source, reader: Reader) -> Iterator[Piece | Trouble]:
    records = _Records(source.path, "parquet", reader)
    mapped = {key_of(name.split(".")[0]) for name in reader.mapping.values()}
    names = sorted({alias for field in FIELDS for alias in aliases(field)} | mapped)
    options = {"names": names, "max_length": reader.limits.max_bytes, "max_ratio": reader.limits.max_ratio}
    on_disk = source.file is not None and not source.path.lower().endswith(".gz")
    place = {"path": str(source.file)} if on_disk else {}
    payload = b"" if on_disk else all_bytes(source, reader.limits)
    for row, record in enumerate(reader.parser.ask("parquet", payload, **options, **place), start=1):
        if "" in record:
            yield records.too_large(record[""], row)
        else:
            yield from records.piece(record, row)
    yield from records.end()
