"""Records with fields -> the fields of articles: names that are used for them, and the shapes in which JSON holds them."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

from analysis.reading.bylines import words
from analysis.reading.files import ReadError, TroubleError

FIELDS = ("text", "title", "published", "outlet", "author", "url", "id", "language")
_NESTED = ("fields", "_source", "article", "document", "data", "attributes")
_INSIDE = ("name", "main", "original", "title", "text", "rendered")
_LONGEST = 2_000  # characters of a field that is not the text
_LONGEST_ID = 200
_DEEPEST = 4  # wrappers round a list of records


@functools.cache
def aliases(field: str) -> tuple[str, ...]:
    """The names that records use for a field, in small letters and digits only, the likeliest first."""
    return words(f"record {field}")


def key_of(name: str) -> str:
    """A record's name for a field in small letters and digits only.

    >>> key_of("Pub_Date")
    'pubdate'
    """
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
    named: dict[str, Any] = {}
    for holder in (record, *(record[name] for name in _NESTED if isinstance(record.get(name), dict))):
        for name, value in holder.items():
            if value is not None and value != "":
                named.setdefault(key_of(str(name)), value)
    found = {}
    for field in FIELDS:
        if field in mapping:
            value = _as_text(_look_up(record, mapping[field]), field)
        else:
            value = next((shown for name in aliases(field) if (shown := _as_text(named.get(name), field))), None)
        if value:
            found[field] = value
    return found


def _look_up(record: dict[str, Any], name: str) -> Any:
    if name in record:
        return record[name]
    value: Any = record
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _as_text(value: Any, field: str) -> str | None:
    """A value of a record as text: a name out of an object, names out of a list."""
    if isinstance(value, dict):
        value = next((value[key] for key in _INSIDE if isinstance(value.get(key), str)), None)
    if isinstance(value, list):
        parts = [part for part in (_as_text(item, field) for item in value[:1_000]) if part]
        value = ("\n\n" if field == "text" else ", ").join(parts)
    if isinstance(value, str) and field == "text":
        return value if value.strip() else None
    if field == "text" or isinstance(value, bool) or not isinstance(value, str | int | float) or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and abs(value) >= 10**30:
        return None
    shown = " ".join(str(value).split())[:_LONGEST]
    return None if field == "id" and len(shown) > _LONGEST_ID else shown or None


# --- JSON -------------------------------------------------------------------------------------------------------------


def loads(text: str) -> Any:
    """JSON as Python objects; numbers too long for one stay text, and NaN is None.

    Raises:
        ValueError: the text is no JSON. RecursionError: it is nested too deep.
    """
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except ValueError as error:
        if "integer string conversion" not in str(error):
            raise
        return json.loads(text, parse_constant=lambda _: None, parse_int=str)


def parsed(text: str) -> Any:
    """A whole JSON document; raises TroubleError where it is none."""
    try:
        return loads(text)
    except RecursionError:
        raise TroubleError("broken record", "the JSON is nested too deep") from None
    except ValueError as error:
        raise TroubleError("broken record", f"no valid JSON: {str(error)[:200]}") from None


def records_in(document: Any, mapping: dict[str, str]) -> list[Any]:
    """The records of a JSON document: a list, one object, a list in a wrapper, or one of the forms that pandas writes.

    >>> records_in({"status": "ok", "articles": [{"text": "a"}, {"text": "b"}]}, {})
    [{'text': 'a'}, {'text': 'b'}]
    """
    for _ in range(_DEEPEST):
        if isinstance(document, list):
            return document
        if not isinstance(document, dict):
            break
        found = _table(document, mapping)
        if found is not None:
            return found
        if "text" in fields_of(document, mapping):
            break
        lists = [value for value in document.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        if lists:
            return max(lists, key=len)
        objects = [value for value in document.values() if isinstance(value, dict)]
        if objects and len(objects) == len(document) and all("text" in fields_of(value, mapping) for value in objects):
            return objects
        inner = [value for value in objects if any(isinstance(item, list | dict) for item in value.values())]
        if len(inner) != 1:
            break
        document = inner[0]
    return [document]


def _table(document: dict[str, Any], mapping: dict[str, str]) -> list[dict[str, Any]] | None:
    """The rows of a table that stands column by column, or as a list of columns and a list of rows."""
    columns, data = document.get("columns"), document.get("data")
    if isinstance(columns, list) and isinstance(data, list):
        return [dict(zip(map(str, columns), row, strict=False)) for row in data if isinstance(row, list)]
    if not document or not all(isinstance(value, dict) for value in document.values()):
        return None
    names = [name for name in document if name == mapping.get("text") or key_of(name) in aliases("text")]
    if not names or not all(isinstance(value, str | None) for value in document[names[0]].values()):
        return None
    return [{name: column.get(row) for name, column in document.items()} for row in document[names[0]]]
