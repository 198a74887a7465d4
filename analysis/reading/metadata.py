"""What the researcher knows of the articles that their texts do not say: data/metadata.csv."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any


class MetadataError(ValueError):
    """A row of the metadata file is wrong; the message says file, line and reason."""


_COLUMNS = ("article_id", "published", "reference_date", "outlet", "author", "url", "note")
_DAYS = ("published", "reference_date")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ADDRESS = re.compile(r"https?://[^\s/<>\"'\\\x00-\x1f][^\s<>\"\x00-\x1f]{2,1990}", re.IGNORECASE)


def is_address(value: str) -> bool:
    """Whether this is a web address that a page may link to.

    >>> is_address("https://example.org/a"), is_address("javascript:alert(1)")
    (True, False)
    """
    return bool(_ADDRESS.fullmatch(value))


def read_metadata(path: str | Path) -> dict[str, dict[str, Any]]:
    """What the researcher knows that the texts do not say, by article.

    Args:
        path: a CSV file in UTF-8 with the header article_id,published,reference_date,outlet,author,url,note. Days are
            written 2018-04-03; what is not known is left empty.

    Returns:
        For each article_id the values that are given, days as `datetime.date`.

    Raises:
        MetadataError: the file is not there, or a row is wrong; the message says file, line and reason.

    >>> read_metadata("data/metadata.csv")["001_0b3f5aec0e586adc"]["reference_date"].isoformat()
    '2018-04-03'
    """
    found: dict[str, dict[str, Any]] = {}
    for where, cells in _rows(path):
        article_id, values = _row(cells, where)
        if article_id in found:
            raise MetadataError(f"{where}: article_id {article_id!r} stands in an earlier row; keep one")
        found[article_id] = values
    return found


def _rows(path: str | Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of the file, each with where it stands."""
    columns = ",".join(_COLUMNS)
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        detail = f"cannot be read ({error.strerror}); give a CSV file with the columns {columns}, or none"
        raise MetadataError(f"{path}: {detail}") from None
    except UnicodeDecodeError as error:
        raise MetadataError(f"{path}: byte {error.start} is no UTF-8; save the file as CSV UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if "article_id" not in header or not set(header) <= set(_COLUMNS) or len(set(header)) < len(header):
            raise MetadataError(f"{path}, line 1: the header is {header}; the columns are {columns}")
        for cells in reader:
            where = f"{path}, line {reader.line_num}"
            if any(cell.strip() for cell in cells):
                if len(cells) != len(header):
                    detail = (
                        f"{len(cells)} cells, the header has {len(header)}; put a value that holds a comma in quotation marks"
                    )
                    raise MetadataError(f"{where}: {detail}")
                yield where, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise MetadataError(f"{path}, line {reader.line_num}: {error}; check the quotation marks") from None


def _row(cells: dict[str, str], where: str) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {name: cell.strip() for name, cell in cells.items() if cell.strip()}
    article_id = values.pop("article_id", None)
    if not article_id:
        raise MetadataError(f"{where}: no article_id; it is the file's path below the corpus folder without its ending")
    for name in (name for name in _DAYS if name in values):
        try:
            values[name] = date.fromisoformat(values[name]) if _DAY.fullmatch(values[name]) else None
        except ValueError:
            values[name] = None
        if values[name] is None:
            raise MetadataError(f"{where}: {name} is {cells[name].strip()!r}; a day is written like 2018-04-03")
    if "url" in values and not is_address(values["url"]):
        raise MetadataError(f"{where}: url is {values['url'][:80]!r}; it must begin with http:// or https://")
    return article_id, values


def absent_metadata(metadata: Mapping[str, Any], article_ids: Collection[str]) -> list[str]:
    """The ids in the metadata that no article of the corpus has, sorted; no error, but worth counting.

    >>> absent_metadata({"a": {}, "b": {}}, ["b"])
    ['a']
    """
    return sorted(set(metadata) - set(article_ids))
