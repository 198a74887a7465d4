"""The files of a corpus: finding, opening, inflating and decoding them, within limits.

The one place that opens files which others wrote. Links are not followed, archives are read from memory, sizes are counted
as they are inflated, and each trouble costs one file or member.
"""

from __future__ import annotations

import codecs
import glob
import gzip
import io
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, NamedTuple

FORMATS = {
    ".txt": "text", ".text": "text", ".md": "text", ".markdown": "text", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet",
}  # fmt: skip
READ = (*FORMATS, ".zip")
_SILENT = re.compile(r"(?:^|/)(?:\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini|~\$[^/]*)(?:/|$)", re.IGNORECASE)


class ReadError(ValueError):
    """What was to be read is not there or an option is wrong; the message says what was given and what to do."""


class Limits(NamedTuple):
    """What one file may cost. `max_bytes` counts inflated bytes of one article: a text, a page, a line, a row."""

    max_bytes: int = 50_000_000
    max_seconds: float = 20
    max_ratio: int = 100  # inflated to packed, once over a megabyte
    max_members: int = 10_000
    max_depth: int = 2  # archives in archives


class Trouble(NamedTuple):
    """What could not be read, or was changed to be read; `row` counts records from 1."""

    path: str
    reason: str
    detail: str
    row: int | None = None


class TroubleError(Exception):
    """Carries a trouble out of a stream; it costs one file or member."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Source(NamedTuple):
    """A file or a member of an archive: its path below the corpus, its bytes on disk, and how to open them."""

    path: str
    size: int
    open: Callable[[], BinaryIO]
    file: Path | None = None


def name_of(path: str) -> str:
    """An article's name: the path below the corpus without the endings of formats.

    >>> name_of("2019/june.jsonl.gz"), name_of("a.b.txt"), name_of("pack.zip/one.txt")
    ('2019/june', 'a.b', 'pack/one')
    """
    path = re.sub(r"\.zip(?=/)|\.gz$", "", path, flags=re.IGNORECASE)
    ending = PurePosixPath(path).suffix
    return path[: -len(ending)] if ending.lower() in READ else path


def clean_name(name: str) -> str:
    """A path as text that any table can hold."""
    return re.sub(r"[\ud800-\udfff\x00-\x1f\x7f]", "\ufffd", name)


# --- finding files ----------------------------------------------------------------------------------------------------


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


# --- opening and inflating --------------------------------------------------------------------------------------------


class _Counted(io.RawIOBase):
    """A stream that counts what it inflates and stops where that is out of proportion to the packed bytes.

    `left` is what a whole archive may still hold, shared by its members.
    """

    def __init__(self, stream: BinaryIO, packed: int, limits: Limits, left: list[int] | None = None) -> None:
        self.stream, self.packed, self.limits, self.left, self.total = stream, packed, limits, left, 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer and count; raises TroubleError where too much comes out."""
        data = self.stream.read(min(len(buffer), 1 << 16))
        self.total += len(data)
        most = self.limits.max_ratio
        if self.total > 1_000_000 and self.total > most * self.packed:
            raise TroubleError(
                "archive bomb", f"{self.packed:,} bytes hold over {self.total:,}; more than {most} to 1 is not read"
            )
        if self.left is not None:
            self.left[0] -= len(data)
            if self.left[0] < 0:
                raise TroubleError("archive bomb", f"the archive holds more than {most} times its bytes; the rest is not read")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the stream below as well."""
        if not self.closed:
            self.stream.close()
        super().close()


def _buffered(stream: io.RawIOBase) -> BinaryIO:
    return io.BufferedReader(stream, 1 << 16)  # type: ignore[return-value, arg-type]


def opened(source: Source, limits: Limits) -> BinaryIO:
    """The bytes of a source, inflated where it is a .gz."""
    raw = source.open()
    if not source.path.lower().endswith(".gz"):
        return raw
    return _buffered(_Counted(gzip.GzipFile(fileobj=raw), source.size, limits))  # type: ignore[arg-type]


def all_bytes(source: Source, limits: Limits) -> bytes:
    """All bytes of a source, at most the limit."""
    if not source.path.lower().endswith(".gz") and source.size > limits.max_bytes:
        raise TroubleError("too large", f"{source.size:,} bytes, the limit is {limits.max_bytes:,}; raise it with max_bytes")
    with opened(source, limits) as stream:
        data = stream.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise TroubleError("too large", f"over {limits.max_bytes:,} bytes once inflated; raise the limit with max_bytes")
    return data


# --- archives ---------------------------------------------------------------------------------------------------------


def members(source: Source, limits: Limits, *, depth: int) -> Iterator[Source | Trouble]:
    """The members of a ZIP archive, read from memory, sorted by name; `depth` says how many archives the archive stands in.

    Raises:
        TroubleError: the archive is a bomb.
    """
    if depth >= limits.max_depth:
        raise TroubleError(
            "archive bomb", f"archives lie {depth + 1} deep in one another; at most {limits.max_depth} are opened"
        )
    with source.open() as raw, zipfile.ZipFile(raw) as archive:
        found = [member for member in archive.infolist() if not member.is_dir()]
        _refuse_overlap(found)
        found.sort(key=lambda member: member.filename)
        if len(found) > limits.max_members:
            detail = f"{len(found):,} members; only the first {limits.max_members:,} are read, pack the rest in other archives"
            yield Trouble(source.path, "too many members", detail)
        left = [max(1_000_000, limits.max_ratio * source.size)]
        for member in found[: limits.max_members]:
            name = _member_name(member.filename)
            if not _SILENT.search(name):
                yield _member(f"{source.path}/{name}", archive, member, left, limits)


def _member(path: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: list[int], limits: Limits) -> Source | Trouble:
    if member.flag_bits & 1:
        return Trouble(path, "unreadable", "the member is encrypted; unpack the archive with its password")
    packed = max(member.compress_size, 1)

    def opener() -> BinaryIO:
        return _buffered(_Counted(archive.open(member), packed, limits, left))  # type: ignore[arg-type]

    if not path.lower().endswith(".zip"):
        # What a member holds is known only when it is inflated, so its size is no ground to refuse it; the stream counts.
        return Source(path, packed if path.lower().endswith(".gz") else 0, opener)
    try:
        data = all_bytes(Source(path, 0, opener), limits)
    except TroubleError as trouble:
        return Trouble(path, trouble.reason, trouble.detail)
    return Source(path, len(data), lambda: io.BytesIO(data))


def _refuse_overlap(members: list[zipfile.ZipInfo]) -> None:
    """Members that share bytes can hold any amount; no honest archive has them."""
    for one, other in pairwise(sorted(members, key=lambda member: member.header_offset)):
        name = one.orig_filename.encode("utf-8" if one.flag_bits & 0x800 else "cp437", "replace")
        if one.header_offset + 30 + len(name) + one.compress_size > other.header_offset:
            raise TroubleError(
                "archive bomb", f"members {one.filename[:60]!r} and {other.filename[:60]!r} share the same bytes"
            )


def _member_name(name: str) -> str:
    """A member's name as a label: no drive, no leading bar, no steps upwards."""
    parts = [part for part in clean_name(name).replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "\ufffd"


# --- decoding ---------------------------------------------------------------------------------------------------------

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([a-zA-Z0-9_\-]{2,30})", re.IGNORECASE)

_IN_PAGES = re.compile(r"iso8859-\d|cp125\d|cp93\d|koi8|gb|big5|shift_jis|euc_|mac-|tis-620")


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
    declared = _declared(data) if html else None
    if declared:
        try:
            return data.decode(declared), []
        except UnicodeDecodeError:
            pass
    mended = data.decode("utf-8", "replace")
    broken, right = mended.count("\ufffd"), len(mended) - len(mended.encode("ascii", "ignore"))
    if right - broken > 4 * broken:
        return mended, [("broken characters", f"{broken} bytes are no UTF-8, the first at byte {at}; each stands as U+FFFD")]
    return data.decode("cp1252", "replace"), [("encoding guessed", f"byte {at} is no UTF-8; read as Windows-1252")]


def _declared(data: bytes) -> str | None:
    """The encoding that a page declares, if pages are written in it; Latin-1 is read as Windows-1252, as browsers do."""
    match = _DECLARED.search(data[:4_000])
    try:
        name = codecs.lookup(match.group(1).decode()).name if match else ""
    except LookupError:
        return None
    return "cp1252" if name in ("iso8859-1", "ascii", "utf-8") else name if _IN_PAGES.match(name) else None


def _strict_or_replaced(data: bytes, encoding: str) -> tuple[str, list[tuple[str, str]]]:
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError as error:
        note = ("broken characters", f"no {encoding} at byte {error.start}; U+FFFD stands there")
        return data.decode(encoding, "replace"), [note]


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark, by the zero bytes beside Latin letters."""
    half = len(sample) // 2
    if half < 8:
        return None
    even, odd = sample[0 : 2 * half : 2].count(0), sample[1 : 2 * half : 2].count(0)
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd < 0.05 * half else None


_SURROGATE = re.compile(r"[\ud800-\udfff]")


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


def stream_encoding(source: Source, limits: Limits) -> tuple[str, list[tuple[str, str]]]:
    """The encoding of a file that is too long to be held at once."""
    with opened(source, limits) as stream:
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
