"""Stand-ins for reading and for the model, so that extraction is tested alone: quick, and as wicked as a test needs.

A corpus here is a folder of .txt files. An article has a statement for every line with the word "said". A line that
consists of a word in capitals makes the finder fail, hang, die, or give a row that is no row.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from analysis.cache import pack

LANGUAGES = {"fr": "Le ministre"}


class ArticleRow(NamedTuple):
    """An article."""

    row: dict


class ProblemRow(NamedTuple):
    """A problem."""

    row: dict


class MetadataError(ValueError):
    """A row of the metadata file cannot be used."""


class ReadError(ValueError):
    """An option is wrong."""


def iter_articles(path: str, *, metadata: dict, **_: object) -> Iterator[ArticleRow | ProblemRow]:
    """Articles in the reverse order of their names, so that nobody relies on it; files that hold no text are problems."""
    for file in sorted(Path(path).rglob("*.txt"), reverse=True):
        name, raw = file.relative_to(path).as_posix(), file.read_bytes()
        text = raw.decode("utf-8", "replace")
        if not text.strip():
            yield ProblemRow({"article_id": None, "path": name, "stage": "read", "reason": "empty file", "detail": None})
            continue
        article_id = name.removesuffix(".txt")
        published = metadata.get(article_id)
        yield ArticleRow(
            {
                "article_id": article_id,
                "path": name,
                "format": "text",
                "sha256": hashlib.sha256(raw).hexdigest(),
                "language": next((code for code, start in LANGUAGES.items() if text.startswith(start)), "en"),
                "published": published,
                "published_basis": "researcher" if published else "none",
                "reference_date": published,
                "reference_basis": "researcher" if published else "none",
                "text": text,
                "zones": [{"start": 0, "end": len(text), "kind": "body"}],
                "n_words": len(text.split()),
                "title": None,
            }
        )


def read_metadata(path: Path) -> dict[str, date]:
    """Days of publication by article."""
    rows = [line.split(",") for line in Path(path).read_text(encoding="utf-8").splitlines()]
    if [] in rows or [""] in rows:
        raise MetadataError("metadata.csv, line 1: nothing in it")
    return {article_id: date.fromisoformat(day) for article_id, day in rows}


def absent_metadata(metadata: dict, article_ids: list[str]) -> list[str]:
    """Rows of the metadata without an article."""
    return sorted(set(metadata) - set(article_ids))


class ActorsError(ValueError):
    """A line of the authority file cannot be used."""


class OneName(str):
    """An authority that knows nobody, and the name that every speaker gets; empty for none."""

    __slots__ = ()

    def find(self, *_: object) -> None:  # type: ignore[override]
        """Nobody."""


def read_actors(path: Path | None) -> OneName:
    """An authority file that gives every speaker one name."""
    name = OneName("" if path is None else Path(path).read_text(encoding="utf-8").strip())
    if name == "?":
        raise ActorsError("actors.csv, line 2: no name")
    return name


def make_finder(authority: str | None) -> Callable[[dict], bytes]:
    """A finder that obeys the words in capitals; `FINDER_SECONDS` makes it slow."""
    seconds = float(os.environ.get("FINDER_SECONDS", "0"))

    def find(article: dict) -> bytes:
        time.sleep(seconds)
        _obey(article["text"])
        return pack({"statements": list(_statements(article, authority))})

    return find


def _obey(text: str) -> None:
    lines = text.splitlines()
    if "FAIL" in lines:
        raise KeyError("words of the article")
    if "HANG" in lines:
        time.sleep(60)
    if "DIE" in lines:
        os._exit(9)


def _statements(article: dict, authority: str | None) -> Iterator[dict]:
    for place, found in enumerate(re.finditer(r"(\w+) (said) (.+)", article["text"])):
        row = {f"{role}_spans": [list(found.span(group))] for group, role in enumerate(("source", "cue", "content"), 1)}
        row |= {role: found[group] for group, role in enumerate(("source", "cue", "content"), 1)}
        row |= {"statement_id": f"{article['article_id']}-s{place:08x}", "article_id": article["article_id"], "zone": "body"}
        row |= {"start": found.start(), "end": found.end(), "speaker": authority or found[1], "speaker_basis": "named"}
        row |= {"speaker_kind": "person", "via": [], "quote_type": "indirect", "act": "say", "negated": False, "mentions": []}
        row |= {"date_start": article["published"], "date_end": article["published"], "date_basis": "none"}
        yield row | {"confidence": 0.5, "review": "none"}


class LeftAlone:
    """A corpus of which nothing is put right."""

    def __init__(self, *_: object) -> None:
        """Nothing is held."""

    def add(self, *_: object) -> None:
        """Nothing is held."""

    def rows_of(self, _: str, rows: dict[str, list[dict]]) -> dict[str, list[dict]]:
        """The rows as they are."""
        return {name: rows.get(name, []) for name in ("statements", "events")}

    def actors(self) -> list[dict]:
        """Nobody."""
        return []


def modules() -> dict[str, ModuleType]:
    """The modules that the stand-ins replace."""
    import analysis.authority

    read, authority = ModuleType("analysis.read"), ModuleType("analysis.authority")
    vars(authority).update({name: value for name, value in vars(analysis.authority).items() if not name.startswith("__")})
    for item in ArticleRow, ProblemRow, MetadataError, ReadError, iter_articles, read_metadata, absent_metadata:
        setattr(read, item.__name__, item)
    authority.read_actors, authority.ActorsError = read_actors, ActorsError  # type: ignore[attr-defined]
    return {"analysis.read": read, "analysis.authority": authority}


def run() -> None:
    """The command line with the stand-ins in their places."""
    import analysis.cli

    sys.modules.update(modules())
    sys.modules["analysis.extract"].make_finder = make_finder  # type: ignore[attr-defined]
    sys.exit(analysis.cli.main())
