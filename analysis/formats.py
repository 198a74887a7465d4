"""Files of a corpus -> texts, pages and records, whatever could not be read as problems, nothing silently lost.

The one place that opens files which others wrote. Links are not followed, archives are read from memory, sizes are counted
as they are inflated, and each trouble costs one file, member or record.
"""

from __future__ import annotations

import codecs
import csv
import glob
import gzip
import hashlib
import io
import json
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, NamedTuple

from analysis.parsers import Parser, ParserError


class ReadError(ValueError):
    """What was to be read is not there or an option is wrong; the message says what was given and what to do."""


class Limits(NamedTuple):
    """What one file may cost. `max_bytes` counts inflated bytes of one article: a text, a page, a line, a row."""

    max_bytes: int = 50_000_000
    max_seconds: float = 20
    max_ratio: int = 100  # inflated to packed, once over a megabyte
    max_members: int = 10_000
    max_depth: int = 2  # archives in archives


class Piece(NamedTuple):
    """An article as its file holds it: a text, the fields of a record, or the reading of a page."""

    path: str
    format: str
    row: int | None
    sha256: str
    fields: dict[str, Any]
    text: str


class Trouble(NamedTuple):
    """What could not be read, or was changed to be read; `row` counts records from 1."""

    path: str
    reason: str
    detail: str
    row: int | None = None


class Source(NamedTuple):
    """A file or a member of an archive: its path below the corpus, and how to open its bytes."""

    path: str
    size: int
    open: Callable[[], BinaryIO]
    file: Path | None = None


FORMATS = {".txt": "text", ".text": "text", ".md": "text", ".markdown": "text", ".html": "html", ".htm": "html", ".xhtml": "html",
           ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet"}  # fmt: skip
_CONVERT = {
    **dict.fromkeys((".doc", ".docx", ".rtf", ".odt", ".pages"), "open it in a word processor and save it as plain text (.txt, UTF-8), or run `pandoc FILE -t plain -o FILE.txt`"),
    ".pdf": "run `pdftotext -layout FILE.pdf FILE.txt` (poppler); scanned pages need OCR first",
    ".epub": "run `pandoc FILE.epub -t plain -o FILE.txt`",
    **dict.fromkeys((".xls", ".xlsx", ".ods"), "save the sheet as CSV (UTF-8), one article a row"),
    **dict.fromkeys((".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst"), "unpack it, or pack it as .zip"),
    **dict.fromkeys((".xml", ".eml", ".mht", ".mhtml", ".warc"), "save the articles as .html or .txt"),
}  # fmt: skip
_MAGIC = ((b"%PDF-", ".pdf"), (b"PK\x03\x04", ".docx"), (b"\xd0\xcf\x11\xe0", ".doc"), (b"{\\rtf", ".rtf"), (b"\x1f\x8b\x08", ".gz"))
_SILENT = re.compile(r"(?:^|/)(?:\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini|~\$[^/]*)(?:/|$)", re.IGNORECASE)


def name_of(path: str) -> str:
    """An article's name: the path below the corpus without the endings of formats.

    >>> name_of("2019/june.jsonl.gz"), name_of("a.b.txt"), name_of("pack.zip/one.txt")
    ('2019/june', 'a.b', 'pack/one')
    """
    path = re.sub(r"\.zip(?=/)", "", path, flags=re.IGNORECASE)
    path = re.sub(r"\.gz$", "", path, flags=re.IGNORECASE)
    ending = PurePosixPath(path).suffix
    return path[: -len(ending)] if ending.lower() in (*FORMATS, ".zip") and len(ending) < len(path.rsplit("/", 1)[-1]) else path


# --- finding files --------------------------------------------------------------------------------------------------


def find(path: str | Path) -> tuple[list[Source], list[Trouble]]:
    """The files of a folder, a single file, or the files that a pattern matches, sorted by path, and what is no file.

    Raises:
        ReadError: nothing is there.
    """
    top = Path(path)
    if not str(path).strip():
        raise ReadError("no path was given; give a folder, a file, or a pattern such as 'corpus/*.txt'")
    try:
        top = top.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        return _matches(path)
    sources: list[Source] = []
    troubles: list[Trouble] = []
    if top.is_dir():
        _walk(top, sources, troubles)
    else:
        _add(top, top.name, sources, troubles)
    return sorted(sources, key=lambda source: source.path), sorted(troubles)


def _matches(path: str | Path) -> tuple[list[Source], list[Trouble]]:
    pattern = str(path)
    found = sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(pattern) else []  # noqa: PTH207 - patterns may be absolute
    if not found:
        what = "no file matches" if glob.has_magic(pattern) else "there is no file or folder"
        raise ReadError(f"{what} {pattern!r} (in {Path.cwd()}); give a folder, a file, or a pattern such as 'corpus/*.txt'")
    fixed = []
    for part in Path(pattern).parts:
        if glob.has_magic(part):
            break
        fixed.append(part)
    base = Path(*fixed) if fixed else Path()
    sources: list[Source] = []
    troubles: list[Trouble] = []
    for name in found:
        if not Path(name).is_dir() or Path(name).is_symlink():
            _add(Path(name), Path(name).relative_to(base).as_posix(), sources, troubles)
    return sorted(sources, key=lambda source: source.path), sorted(troubles)


def _walk(top: Path, sources: list[Source], troubles: list[Trouble]) -> None:
    todo = [top]
    while todo:
        folder = todo.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    below = Path(entry.path)
                    if entry.is_dir(follow_symlinks=False):
                        if not _SILENT.search(entry.name):
                            todo.append(below)
                    else:
                        _add(below, below.relative_to(top).as_posix(), sources, troubles)
        except OSError as error:
            shown = folder.relative_to(top).as_posix()
            troubles.append(Trouble(clean_name(shown), "unreadable", f"the folder cannot be listed: {error.strerror}"))


def _add(file: Path, shown: str, sources: list[Source], troubles: list[Trouble]) -> None:
    if _SILENT.search(shown):
        return
    name = clean_name(shown)
    try:
        status = file.lstat()
    except OSError as error:
        troubles.append(Trouble(name, "unreadable", str(error.strerror)))
        return
    if stat.S_ISLNK(status.st_mode):
        troubles.append(Trouble(name, "symbolic link", "links are not followed; copy the file, or give the folder it leads to"))
    elif not stat.S_ISREG(status.st_mode):
        troubles.append(Trouble(name, "not a regular file", "a pipe, socket or device is not read"))
    else:
        sources.append(Source(name, status.st_size, lambda: open_regular(file), file))


def open_regular(file: Path) -> BinaryIO:
    """The file opened for reading; links, pipes and devices are refused even where they have just taken its place."""
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError("no regular file any more")
    return os.fdopen(handle, "rb")


def clean_name(name: str) -> str:
    """A path as text that any table can hold."""
    return re.sub(r"[\ud800-\udfff\x00-\x1f\x7f]", "\ufffd", name)


# --- opening and inflating -------------------------------------------------------------------------------------------


class _TroubleError(Exception):
    """Carries a trouble out of a stream."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class _Counted(io.RawIOBase):
    """A stream that counts what it inflates and stops where that is out of proportion to the packed bytes."""

    def __init__(self, stream: BinaryIO, packed: int, limits: Limits) -> None:
        self.stream, self.packed, self.limits, self.total = stream, packed, limits, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.stream.read(min(len(buffer), 1 << 16))
        self.total += len(data)
        if self.total > 1_000_000 and self.total > self.limits.max_ratio * max(self.packed, 1):
            raise _TroubleError(
                "archive bomb", f"{self.packed:,} bytes hold over {self.total:,}; more than {self.limits.max_ratio} to 1 is not read"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self.stream.close()
        super().close()


def _opened(source: Source, limits: Limits) -> BinaryIO:
    """The bytes of a source, inflated where it is a .gz."""
    raw = source.open()
    if not source.path.lower().endswith(".gz"):
        return raw
    return io.BufferedReader(_Counted(gzip.GzipFile(fileobj=raw), source.size, limits), 1 << 16)  # type: ignore[arg-type,return-value]


def _all_bytes(source: Source, limits: Limits) -> bytes:
    """All bytes of a source, at most the limit."""
    if not source.path.lower().endswith(".gz") and source.size > limits.max_bytes:
        raise _TroubleError("too large", f"{source.size:,} bytes, the limit is {limits.max_bytes:,}; raise it with max_bytes")
    with _opened(source, limits) as stream:
        data = stream.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise _TroubleError("too large", f"over {limits.max_bytes:,} bytes once inflated; raise the limit with max_bytes")
    return data


def read(source: Source, limits: Limits, parser: Parser, mapping: dict[str, str], *, depth: int = 0) -> Iterator[Piece | Trouble]:
    """The articles and troubles of one file, in its order.

    Args:
        source: the file. limits: what it may cost. parser: parses pages and Parquet. mapping: names of a record's fields.
        depth: how many archives it stands in.
    """
    path = source.path
    plain = path[:-3] if path.lower().endswith(".gz") else path
    ending = PurePosixPath(plain).suffix.lower()
    kind = FORMATS.get(ending)
    try:
        if ending == ".zip":
            yield from _members(source, limits, parser, mapping, depth)
        elif ending in _CONVERT:
            yield Trouble(path, "unsupported format", f"{ending} is not read; {_CONVERT[ending]}")
        elif kind is None:
            yield Trouble(path, "unknown ending", ending or "none")
        elif kind == "text":
            yield from _text(path, _all_bytes(source, limits))
        elif kind == "html":
            yield from _page(path, _all_bytes(source, limits), parser)
        elif kind == "parquet":
            yield from _parquet(source, limits, parser, mapping)
        elif kind == "csv":
            yield from _csv(source, limits, mapping)
        else:
            yield from _json(source, limits, mapping, kind)
    except _TroubleError as trouble:
        yield Trouble(path, trouble.reason, trouble.detail)
    except ParserError as error:
        yield Trouble(path, error.reason, str(error))
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, struct.error, NotImplementedError) as error:
        yield Trouble(path, "broken archive", f"{type(error).__name__}: {error}")
    except (OSError, RuntimeError) as error:
        yield Trouble(path, "unreadable", f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}")


def _members(source: Source, limits: Limits, parser: Parser, mapping: dict[str, str], depth: int) -> Iterator[Piece | Trouble]:
    """The members of a ZIP archive, read from memory, sorted by name."""
    if depth >= limits.max_depth:
        raise _TroubleError("archive bomb", f"archives lie {depth} deep in one another; at most {limits.max_depth} are opened")
    with source.open() as raw:
        seekable = raw if raw.seekable() else io.BytesIO(_all_bytes(source, limits))
        with zipfile.ZipFile(seekable) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _check_overlap(source, members)
            members.sort(key=lambda member: member.filename)
            if len(members) > limits.max_members:
                detail = f"{len(members):,} members; only the first {limits.max_members:,} are read, pack the rest in other archives"
                yield Trouble(source.path, "too many members", detail)
            budget = [max(1_000_000, limits.max_ratio * source.size)]
            for member in members[: limits.max_members]:
                name = _member_name(member.filename)
                if _SILENT.search(name):
                    continue
                inside = Source(f"{source.path}/{name}", max(member.compress_size, 1), _member_opener(archive, member, budget, limits))
                yield from _member(inside, member, limits, parser, mapping, depth)


def _member(
    inside: Source, member: zipfile.ZipInfo, limits: Limits, parser: Parser, mapping: dict[str, str], depth: int
) -> Iterator[Piece | Trouble]:
    if member.flag_bits & 1:
        yield Trouble(inside.path, "unreadable", "the member is encrypted; unpack the archive with its password")
        return
    # What a member holds is known only when it is inflated, so its size is no ground to refuse it; the stream counts.
    packed = inside.size if inside.path.lower().endswith(".gz") else 0
    if inside.path.lower().endswith(".zip"):
        try:
            data = _all_bytes(inside, limits)
        except _TroubleError as trouble:
            yield Trouble(inside.path, trouble.reason, trouble.detail)
            return
        inside, packed = Source(inside.path, len(data), lambda: io.BytesIO(data)), len(data)
    yield from read(inside._replace(size=packed), limits, parser, mapping, depth=depth + 1)


def _member_opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: list[int], limits: Limits) -> Callable[[], BinaryIO]:
    """Opens a member so that what is inflated counts against it and against the whole archive."""

    class _Member(_Counted):
        def readinto(self, buffer: Any) -> int:
            length = super().readinto(buffer)
            budget[0] -= length
            if budget[0] < 0:
                raise _TroubleError("archive bomb", f"the archive holds more than {limits.max_ratio} times its bytes; the rest is not read")
            return length

    def opener() -> BinaryIO:
        return io.BufferedReader(_Member(archive.open(member), max(member.compress_size, 1), limits), 1 << 16)  # type: ignore[arg-type,return-value]

    return opener


def _check_overlap(source: Source, members: list[zipfile.ZipInfo]) -> None:
    """Members that share bytes can hold any amount; no honest archive has them."""
    ordered = sorted(members, key=lambda member: member.header_offset)
    for one, other in zip(ordered, ordered[1:], strict=False):
        name = one.orig_filename.encode("utf-8" if one.flag_bits & 0x800 else "cp437", "replace")
        end = one.header_offset + 30 + len(name) + one.compress_size
        if end > other.header_offset:
            raise _TroubleError("archive bomb", f"members {one.filename[:60]!r} and {other.filename[:60]!r} share the same bytes")


def _member_name(name: str) -> str:
    """A member's name as a label: no drive, no leading bar, no steps upwards."""
    parts = [part for part in clean_name(name).replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "\ufffd"


# --- text and pages ----------------------------------------------------------------------------------------------------

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32-le"), (b"\x00\x00\xfe\xff", "utf-32-be"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([a-zA-Z0-9_\-]{2,30})", re.IGNORECASE)


def decode(data: bytes, *, html: bool = False) -> tuple[str, list[tuple[str, str]]]:
    """Bytes as text, by byte order mark, else strict UTF-8, else what a page declares, else Windows-1252.

    Returns:
        The text without its mark, and for each thing that had to be guessed or replaced a reason and a detail.

    >>> decode("Bülach".encode("cp1252"))[0]
    'Bülach'
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict_or_replaced(data[len(mark) :], encoding)
    wide = _wide(data[:4_000])
    if wide:
        return _strict_or_replaced(data, wide)
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        at = error.start
    declared = _DECLARED.search(data[:4_000]) if html else None
    if declared:
        encoding = declared.group(1).decode().lower()
        try:
            # Browsers read Latin-1 and ASCII as Windows-1252, and so are pages written.
            return data.decode("cp1252" if encoding in ("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii", "utf-8", "utf8") else encoding), []
        except (UnicodeDecodeError, LookupError):
            pass
    mended = data.decode("utf-8", "replace")
    broken, right = mended.count("\ufffd"), sum(c > "\x7f" for c in mended)
    if right - broken > 4 * broken:
        return mended, [("broken characters", f"{broken} bytes are no UTF-8, the first at byte {at}; each stands as U+FFFD")]
    return data.decode("cp1252", "replace"), [("encoding guessed", f"byte {at} is no UTF-8; read as Windows-1252")]


def _strict_or_replaced(data: bytes, encoding: str) -> tuple[str, list[tuple[str, str]]]:
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError as error:
        return data.decode(encoding, "replace"), [("broken characters", f"no {encoding} at byte {error.start}; U+FFFD stands there")]


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark, by the zero bytes beside Latin letters."""
    half = len(sample) // 2
    if half < 8:
        return None
    even, odd = sample[0 : 2 * half : 2].count(0), sample[1 : 2 * half : 2].count(0)
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd < 0.05 * half else None


def cleaned(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The text without what tables cannot hold: lone surrogates and NUL become U+FFFD, one for one."""
    notes = []
    try:
        text.encode()
    except UnicodeEncodeError:
        text, count = _SURROGATE.subn("\ufffd", text)
        notes.append(("broken characters", f"{count} lone surrogates stand as U+FFFD"))
    if "\0" in text:
        notes.append(("NUL characters", f"{text.count(chr(0))} NUL characters stand as U+FFFD"))
        text = text.replace("\0", "\ufffd")
    return text, notes


_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")


def _readable(path: str, data: bytes, *, html: bool = False) -> tuple[str, list[Trouble]]:
    """Bytes of a file as clean text; raises a trouble for empty and binary files."""
    for magic, ending in _MAGIC:
        if data.startswith(magic):
            detail = f"the file holds {ending[1:].upper()} data; {_CONVERT.get(ending, 'give it the ending .gz')}"
            raise _TroubleError("unsupported format", detail)
    text, notes = decode(data, html=html)
    if not text.strip("\0 \t\r\n\f\v"):
        raise _TroubleError("empty file", f"{len(data)} bytes and no text")
    sample = text[:20_000]
    controls = len(_CONTROL.findall(sample))
    if controls > 8 and controls > 0.02 * len(sample):
        raise _TroubleError("binary file", f"{controls} control characters in the first {len(sample)}; this is no text")
    text, more = cleaned(text)
    return text, [Trouble(path, reason, detail) for reason, detail in (*notes, *more)]


def _text(path: str, data: bytes) -> Iterator[Piece | Trouble]:
    text, troubles = _readable(path, data)
    yield from troubles
    yield Piece(path, "text", None, hashlib.sha256(data).hexdigest(), {}, text)


def _page(path: str, data: bytes, parser: Parser) -> Iterator[Piece | Trouble]:
    html, troubles = _readable(path, data, html=True)
    yield from troubles
    page = next(parser.ask("html", html.encode()))
    text = page.pop("text", None)
    if not text:
        raise _TroubleError("no text", "the page shows no article; if it needs a browser to show one, save it from there")
    head = [part for part in (page.get("title"), page.get("standfirst")) if part]
    whole, notes = cleaned("\n\n".join((*head, text)))
    yield from (Trouble(path, reason, detail) for reason, detail in notes)
    if page["visible"] > 400 and 10 * len(text.split()) < page["visible"]:
        yield Trouble(path, "little text", f"{len(text.split())} words taken from a page that shows {page['visible']}; compare them")
    yield Piece(path, "html", None, hashlib.sha256(data).hexdigest(), page, whole)


# --- records -------------------------------------------------------------------------------------------------------------

_ALIASES: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "fulltext", "articletext", "articlebody", "bodytext", "maintext", "cleantext", "plaintext", "textcontent",
             "articlecontent", "contents", "story", "storytext", "rawtext", "article", "document", "newstext", "transcript"),
    "title": ("title", "headline", "articletitle", "heading", "webtitle", "hed", "articleheadline", "newstitle"),
    "published": ("published", "date", "pubdate", "publishdate", "publishedat", "publicationdate", "datepublished", "datepublish", "publisheddate",
                  "publisheddatetime", "webpublicationdate", "publishedtime", "articledate", "pubtime", "datetime", "timestamp", "created", "createdat",
                  "isodate", "datetimepublished", "publicationdatetime", "day"),
    "outlet": ("outlet", "newspaper", "sitename", "publication", "publisher", "source", "sourcename", "medianame", "mediaoutlet", "outletname", "journal",
               "sourcedomain", "domain", "hostname", "site", "media", "agency"),
    "author": ("author", "authors", "byline", "writer", "creator", "journalist", "articleauthor", "reporter"),
    "url": ("url", "link", "weburl", "articleurl", "permalink", "sourceurl", "canonicalurl", "href", "uri", "pageurl", "links"),
    "id": ("articleid", "docid", "documentid", "id", "storiesid", "storyid", "newsid", "itemid", "uuid", "guid", "recordid", "textid"),
    "language": ("language", "lang", "languagecode", "articlelanguage"),
}  # fmt: skip
FIELDS = tuple(_ALIASES)
_NESTED = ("fields", "_source", "article", "document", "data", "attributes")


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def check_mapping(fields: dict[str, str] | None) -> dict[str, str]:
    """The mapping of an article's fields to names in the records; raises ReadError for a field that does not exist."""
    unknown = sorted(set(fields or {}) - set(FIELDS))
    if unknown:
        raise ReadError(f"fields: {unknown[0]!r} is no field of an article; the fields are {list(FIELDS)}")
    return dict(fields or {})


def fields_of(record: dict[str, Any], mapping: dict[str, str]) -> dict[str, str]:
    """The fields of an article that a record holds, as text; what it lacks is left out.

    Args:
        record: a JSON object, or a row with its header's names.
        mapping: names that go before the usual ones; a dot leads into an object ("fields.bodyText").

    >>> fields_of({"Headline": "Ferry", "source": {"name": "Lake Courier"}, "body": "It runs."}, {})
    {'text': 'It runs.', 'title': 'Ferry', 'outlet': 'Lake Courier'}
    """
    names: dict[str, Any] = {}
    for holder in (record, *(record[name] for name in _NESTED if isinstance(record.get(name), dict))):
        for name, value in holder.items():
            if value is not None and value != "":
                names.setdefault(_key(str(name)), value)
    found = {}
    for field, aliases in _ALIASES.items():
        if field in mapping:
            value = _plain_value(_lookup(record, mapping[field]), field)
        else:
            value = next((shown for shown in (_plain_value(names.get(alias), field) for alias in aliases) if shown), None)
        if value:
            found[field] = value
    return found


def _lookup(record: dict[str, Any], name: str) -> Any:
    value: Any = record
    if name in record:
        return record[name]
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _plain_value(value: Any, field: str) -> str | None:
    """A value of a record as text: a name out of an object, names out of a list."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("name", "main", "original", "title", "text", "rendered") if isinstance(value.get(key), str)), None)
    if isinstance(value, list):
        parts = [part for part in (_plain_value(item, field) for item in value[:1_000]) if part]
        value = ("\n\n" if field == "text" else ", ").join(parts)
    if isinstance(value, bool) or value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if field == "text":
        return value if isinstance(value, str) and value.strip() else None
    if isinstance(value, int) and abs(value) >= 10**30:
        return None
    return " ".join(str(value).split())[:2_000] or None


class _Records:
    """Turns the records of one file into pieces and troubles, and counts what they have in common."""

    def __init__(self, path: str, kind: str, mapping: dict[str, str], limits: Limits) -> None:
        self.path, self.kind, self.mapping, self.limits = path, kind, mapping, limits
        self.marked_up = self.seen = 0
        self.never = {field: name for field, name in mapping.items() if field != "text"}

    def piece(self, record: Any, row: int) -> Iterator[Piece | Trouble]:
        if not isinstance(record, dict):
            yield Trouble(self.path, "broken record", f"row {row} is a {type(record).__name__}, not an object with fields", row)
            return
        fields = fields_of(record, self.mapping)
        text = fields.pop("text", None)
        self.never = {field: name for field, name in self.never.items() if field not in fields}
        if not text:
            wanted = self.mapping.get("text")
            detail = f"row {row} has no text" + (f" in {wanted!r}" if wanted else "") + f"; its fields are {list(record)[:12]}; name one with fields={{'text': ...}}"
            yield Trouble(self.path, "no text", detail, row)
            return
        if len(text) > self.limits.max_bytes:
            yield Trouble(self.path, "too large", f"row {row}: {len(text):,} characters, the limit is {self.limits.max_bytes:,} bytes; raise it with max_bytes", row)
            return
        text, notes = cleaned(text)
        yield from (Trouble(self.path, reason, f"row {row}: {detail}", row) for reason, detail in notes)
        self.seen += 1
        self.marked_up += bool(_MARKUP.search(text[:3_000]))
        canonical = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
        yield Piece(self.path, self.kind, row, digest, {name: cleaned(value)[0] for name, value in fields.items()}, text)

    def end(self) -> Iterator[Trouble]:
        for field, name in self.never.items() if self.seen else ():
            yield Trouble(self.path, "no such field", f"no record has {name!r}, which fields={{{field!r}: ...}} names")
        if self.marked_up:
            yield Trouble(self.path, "markup in text", f"{self.marked_up} of {self.seen} texts hold HTML tags, kept as they are; store plain text, or pages as .html")


_MARKUP = re.compile(r"</(?:p|div|span|a|br|li|h[1-6]|strong|em)>|<(?:p|br\s?/?)>", re.IGNORECASE)


def _json(source: Source, limits: Limits, mapping: dict[str, str], kind: str) -> Iterator[Piece | Trouble]:
    records = _Records(source.path, kind, mapping, limits)
    with _opened(source, limits) as stream:
        first = stream.readline(limits.max_bytes + 1)
        more = bool(stream.read(4_096).strip())
    # Many .json files hold one record a line, and some .jsonl files one document.
    wide = first.startswith((b"\xff\xfe", b"\xfe\xff"))
    by_line = first.strip() not in (b"[", b"{", b"[{", b"") if kind == "jsonl" else more and _is_object(first)
    if by_line and not wide:
        yield from _json_lines(source, limits, records)
    else:
        data = _all_bytes(source, limits)
        text, troubles = _readable(source.path, data)
        yield from troubles
        for row, record in enumerate(_records_in(_parsed(text), mapping), start=1):
            yield from records.piece(record, row)
    yield from records.end()


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(_loads(line.decode("utf-8-sig")), dict)
    except (ValueError, RecursionError):
        return False


def _loads(text: str) -> Any:
    """JSON as Python objects; numbers too long for one stay text."""
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except ValueError as error:
        if "integer string conversion" not in str(error):
            raise
        return json.loads(text, parse_constant=lambda _: None, parse_int=str)


def _parsed(text: str) -> Any:
    try:
        return _loads(text)
    except RecursionError:
        raise _TroubleError("broken record", "the JSON is nested too deep") from None
    except ValueError as error:
        raise _TroubleError("broken record", f"no valid JSON: {str(error)[:200]}") from None


def _records_in(document: Any, mapping: dict[str, str]) -> list[Any]:
    """The records of a JSON document: a list, one object, a list in a wrapper, or one of the forms that pandas writes."""
    for _ in range(4):
        if isinstance(document, list):
            return document
        if not isinstance(document, dict):
            return [document]
        if isinstance(document.get("columns"), list) and isinstance(document.get("data"), list):
            return [dict(zip(document["columns"], row, strict=False)) for row in document["data"] if isinstance(row, list)]
        columns = {name: value for name, value in document.items() if isinstance(value, dict)}
        text = next((value for name, value in columns.items() if _key(name) in _ALIASES["text"] or name == mapping.get("text")), None)
        if len(columns) == len(document) and text and all(isinstance(value, str | None) for value in text.values()) and set(text) <= set(next(iter(columns.values()))):
            return [{name: column.get(row) for name, column in columns.items()} for row in text]
        if "text" in fields_of(document, mapping):
            return [document]
        lists = [value for value in document.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        if lists:
            return max(lists, key=len)
        if len(columns) == len(document) > 0 and all("text" in fields_of(value, mapping) for value in columns.values()):
            return list(columns.values())
        inner = [value for value in columns.values() if any(isinstance(item, list | dict) for item in value.values())]
        if len(inner) != 1:
            return [document]
        document = inner[0]
    return [document]


def _json_lines(source: Source, limits: Limits, records: _Records) -> Iterator[Piece | Trouble]:
    """One record a line; a line that is broken, too long or nested too deep costs only itself."""
    with _opened(source, limits) as stream:
        row = 0
        while line := stream.readline(limits.max_bytes + 1):
            row += 1
            if len(line) > limits.max_bytes:
                length = len(line)
                while not line.endswith(b"\n") and (line := stream.readline(1 << 20)):
                    length += len(line)
                yield Trouble(source.path, "too large", f"line {row}: {length:,} bytes, the limit is {limits.max_bytes:,}; raise it with max_bytes", row)
                continue
            if not line.strip():
                continue
            text, notes = decode(line.strip(b"\r\n"))
            yield from (Trouble(source.path, reason, f"line {row}: {detail}", row) for reason, detail in notes)
            try:
                record = _loads(text)
            except RecursionError:
                yield Trouble(source.path, "broken record", f"line {row}: nested too deep", row)
                continue
            except ValueError as error:
                yield Trouble(source.path, "broken record", f"line {row}: no valid JSON: {str(error)[:120]}", row)
                continue
            yield from records.piece(record, row)
        if row == 0:
            raise _TroubleError("empty file", "0 bytes")


def _csv(source: Source, limits: Limits, mapping: dict[str, str]) -> Iterator[Piece | Trouble]:
    encoding, notes = _stream_encoding(source, limits)
    yield from (Trouble(source.path, reason, detail) for reason, detail in notes)
    records = _Records(source.path, "csv", mapping, limits)
    with _opened(source, limits) as raw, io.TextIOWrapper(raw, encoding, errors="replace", newline="") as stream:
        head = stream.readline(1 << 20)
        declared = re.match(r"sep=(.)\r?\n", head.lstrip("\ufeff"))
        head = stream.readline(1 << 20) if declared else head
        if not head.strip():
            raise _TroubleError("empty file", "no header line")
        delimiter = declared.group(1) if declared else max(",;\t|", key=head.count)
        rows = _csv_rows(source.path, head.lstrip("\ufeff"), stream, delimiter, limits)
        header = next(rows)
        if isinstance(header, Trouble):
            yield header
            return
        names = [name.strip() for name in header[1]]
        if not any(_key(name) in _ALIASES["text"] for name in names) and mapping.get("text") not in names:
            raise _TroubleError("no text field", f"the header is {names[:20]}; name the text column with fields={{'text': ...}}")
        yield from _csv_records(rows, names, records)
    yield from records.end()


def _csv_records(rows: Iterator[tuple[int, list[str]] | Trouble], names: list[str], records: _Records) -> Iterator[Piece | Trouble]:
    for item in rows:
        if isinstance(item, Trouble):
            yield item
            continue
        row, cells = item
        while len(cells) > len(names) and not cells[-1].strip():
            cells.pop()
        if len(cells) != len(names):
            yield Trouble(records.path, "broken record", f"row {row} has {len(cells)} cells, the header {len(names)}", row)
            continue
        yield from records.piece(dict(zip(names, cells, strict=True)), row)


def _csv_rows(path: str, head: str, stream: io.TextIOWrapper, delimiter: str, limits: Limits) -> Iterator[tuple[int, list[str]] | Trouble]:
    """The rows of a CSV file with their numbers, the header as row 0; a row that is broken costs only itself."""

    def lines() -> Iterator[str]:
        yield head
        while line := stream.readline(limits.max_bytes + 1):
            if len(line) > limits.max_bytes:
                raise _TroubleError("too large", f"a line of over {limits.max_bytes:,} characters; nothing after it is read")
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    row = -1
    while True:
        before = reader.line_num
        # The limit of the csv module is one for the whole process, so it is raised only while a row is read.
        usual = csv.field_size_limit(limits.max_bytes)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            row += 1
            yield Trouble(path, "broken record", f"lines {before + 1} to {reader.line_num}: {error}; check the quotation marks", max(row, 0))
            continue
        finally:
            csv.field_size_limit(usual)
        if cells:
            row += 1
            yield row, cells


def _stream_encoding(source: Source, limits: Limits) -> tuple[str, list[tuple[str, str]]]:
    """The encoding of a file that is too long to be held at once."""
    with _opened(source, limits) as stream:
        block = stream.read(1 << 16)
        for mark, encoding in _BOMS:
            if block.startswith(mark):
                return "utf-8-sig" if encoding == "utf-8" else encoding.rsplit("-", 1)[0], []
        wide = _wide(block[:4_000])
        if wide:
            return wide, []
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block:
                decoder.decode(block)
                block = stream.read(1 << 16)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            return "cp1252", [("encoding guessed", "no UTF-8; read as Windows-1252")]
    return "utf-8", []


def _parquet(source: Source, limits: Limits, parser: Parser, mapping: dict[str, str]) -> Iterator[Piece | Trouble]:
    records = _Records(source.path, "parquet", mapping, limits)
    names = sorted({_key(alias) for aliases in _ALIASES.values() for alias in aliases} | {_key(name.split(".")[0]) for name in mapping.values()})
    options = {"names": names, "max_bytes": limits.max_bytes, "max_ratio": limits.max_ratio}
    if source.file is not None and not source.path.lower().endswith(".gz"):
        replies = parser.ask("parquet", path=str(source.file), **options)
    else:
        replies = parser.ask("parquet", _all_bytes(source, limits), **options)
    for row, record in enumerate(replies, start=1):
        if "" in record:
            yield Trouble(source.path, "too large", f"row {row}: {record['']:,} characters, the limit is {limits.max_bytes:,} bytes; raise it with max_bytes", row)
        else:
            yield from records.piece(record, row)
    yield from records.end()
