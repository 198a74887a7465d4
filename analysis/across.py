"""What only the corpus as a whole tells: one name for each actor, the actors table, and which events are one happening."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.actors import Actors, Who
from analysis.authority import Authority
from analysis.happenings import Happenings, read_reader, written
from analysis.wordlists import read_words

Row = dict[str, Any]


class Corpus:
    """Sees every article with its rows once, in any order, and then puts right the rows that depend on the others.

    Args:
        authority: what the researcher knows about actors.
        folder: where the word lists lie.

    The texts are not held: in memory remain the different names and about half a kilobyte for each event.
    """

    def __init__(self, authority: Authority, folder: Path | str) -> None:
        self._actors = Actors(read_words(folder), authority)
        self._happenings = Happenings(read_reader(folder))
        self._keys: dict[str, array[int]] | None = None

    def add(self, article: Mapping[str, Any], rows: Mapping[str, Sequence[Row]]) -> None:
        """Add an article with its rows by table."""
        statements, events = rows.get("statements", ()), rows.get("events", ())
        self._actors.add(statements, events, article.get("text"))
        states = {row["speaker"]: row.get("country") for row in statements if row.get("speaker")}
        kinds = {row["speaker"]: row["speaker_kind"] for row in statements if row.get("speaker")}
        self._happenings.add(article, events, lambda name: Who(name, kinds.get(name, "unknown"), states.get(name)))

    def rows_of(self, article_id: str, rows: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
        """The rows of an article with the corpus's names and the keys of its happenings; what was given stays as it is."""
        if self._keys is None:
            self._keys = self._happenings.keys(self._actors.who)
        keys = map(written, self._keys.get(article_id, ()))
        return {
            "statements": [self._statement(row) for row in rows.get("statements", ())],
            "events": [self._event(row) | {"event_key": key} for row, key in zip(rows.get("events", ()), keys, strict=True)],
        }

    def actors(self) -> list[Row]:
        """The rows of the actors table."""
        return self._actors.rows()

    def _statement(self, row: Row) -> Row:
        named = {key: self._name(row[key]) for key in ("speaker", "addressee") if row.get(key)}
        return row | named | {"mentions": list(dict.fromkeys(map(self._name, row["mentions"])))}

    def _event(self, row: Row) -> Row:
        return row | _side(row, "actors", "actor_spans", self._name) | _side(row, "recipients", "recipient_spans", self._name)

    def _name(self, name: str) -> str:
        return self._actors.who(name).name


def _side(row: Row, side: str, spans: str, name: Callable[[str], str]) -> Row:
    """One side of an event by the names of the corpus, each once, with its first mention."""
    names = [name(each) for each in row[side]]
    first = [place for place, each in enumerate(names) if each not in names[:place]]
    kept = row[spans] if len(row[spans]) != len(names) else [row[spans][place] for place in first]
    return {side: [names[place] for place in first], spans: kept}
