"""Where the page of an article lies, where a row stands in it, and which pages are there.

Names are safe as files and in addresses. Only the standard library is used, so that a run that has nothing to do is quick.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from analysis.manifest import read_manifest
from analysis.parameters import fold

FOLDER = "articles"  # beside the reports
RECORD = "manifest.json"
MOST_NAME = 60  # characters of a page's name before its hash
PAGE_NAME = re.compile(r"[a-z0-9-]{1,60}-[0-9a-f]{8}\.html")


def page_name(article_id: str) -> str:
    """The file name of an article's page: no two articles share one, whatever the file system makes of case or accents.

    >>> page_name("press/2021-05-04 Élan")
    'press-2021-05-04-elan-36576c85.html'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", fold(article_id)).strip("-")[:MOST_NAME].rstrip("-")
    digest = hashlib.sha256(article_id.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{slug or 'article'}-{digest}.html"


def anchor(row_id: str) -> str:
    """The id of the element at which a statement or event begins in its article's page.

    >>> anchor("press/Élan-s1c2d3e4f")
    'press-lan-s1c2d3e4f'

    The script of the reports does the same; ids differ in their last part, so two rows of an article never share one.
    """
    return re.sub(r"[^A-Za-z0-9]+", "-", row_id)


class Shelf(NamedTuple):
    """The record of the article pages in a folder.

    Attributes:
        look: hash of the code that made them, "" where a run did not come to its end.
        tables: SHA-256 of the stored tables, by file.
        pages: (hash of what a page was made from, size in bytes), by file.
    """

    look: str = ""
    tables: Mapping[str, str] = {}
    pages: Mapping[str, tuple[str, int]] = {}

    def to_json(self) -> str:
        """The record as text."""
        return json.dumps(self._asdict()) + "\n"

    def is_current(self, folder: Path, *, look: str, tables: Mapping[str, str]) -> bool:
        """Whether these pages are what the code would make of the tables, and are all there in their size."""
        if self.look != look or self.tables != tables:
            return False
        sizes = sizes_in(folder)
        return all(sizes.get(name) == size for name, (_, size) in self.pages.items())


def read_shelf(folder: Path) -> Shelf:
    """The record of the article pages in a folder; a damaged one counts as none, so that all pages are made again."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        pages = {str(name): (str(key), int(size)) for name, (key, size) in record["pages"].items()}
        return Shelf(str(record["look"]), dict(record["tables"]), pages)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Shelf()


def sizes_in(folder: Path) -> dict[str, int]:
    """Bytes by file of a folder; none where it is not there."""
    with suppress(OSError), os.scandir(folder) as entries:
        return {entry.name: entry.stat(follow_symlinks=False).st_size for entry in entries}
    return {}


def table_hashes(tables: Path) -> dict[str, str]:
    """SHA-256 of the stored tables, by name; none where there are no tables."""
    manifest = read_manifest(tables)
    files = manifest.files if manifest is not None else {}
    return {name.removesuffix(".parquet"): about["sha256"] for name, about in files.items() if name.endswith(".parquet")}
