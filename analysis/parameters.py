"""What a person may ask a notebook: one typed schema for each, and checks that name the nearest right word.

Only the standard library is used at first, so that a wrong word is refused at once and a run with nothing to do is quick.
"""

from __future__ import annotations

import calendar
import difflib
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from analysis.manifest import WrongUseError

FREQUENCIES = ("day", "week", "month", "quarter", "year")
LANES = ("actor", "country")
DAY_PATTERN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
MOST_BYTES = 1_000_000  # of a parameter file
MOST_NAME = 60  # characters of a page's name before its hash


class ChoiceError(WrongUseError):
    """A value that is none of the valid ones; the message names the nearest and all of them."""


# ------------------------------------------------------------------ comparing words


def fold(name: str) -> str:
    """A name without case and diacritics, for comparing only.

    >>> fold("Müller") == fold("MULLER")
    True
    """
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return " ".join(bare.replace("\u0131", "i").casefold().split())


def nearest(value: str, choices: Iterable[str], *, many: int = 3) -> list[str]:
    """The choices that look most like a value, best first; an empty list where none is near.

    >>> nearest("mont", FREQUENCIES)
    ['month']
    """
    folded = {fold(choice): choice for choice in choices}
    return [folded[key] for key in difflib.get_close_matches(fold(value), list(folded), n=many, cutoff=0.6)]


def choose(value: object, choices: Iterable[str], *, what: str) -> str:
    """The value, if it is one of the choices.

    Raises:
        ChoiceError: it is none; the message names the nearest and the valid ones.

    >>> choose("weekly", FREQUENCIES, what="frequency")
    Traceback (most recent call last):
    analysis.parameters.ChoiceError: frequency: 'weekly' is unknown; did you mean 'week'? Valid: day, week, month, quarter, year
    """
    choices = list(choices)
    if isinstance(value, str) and value in choices:
        return value
    near = nearest(str(value), choices, many=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    raise ChoiceError(f"{what}: {value!r} is unknown{hint} Valid: {', '.join(choices)}")


def as_names(value: str | Iterable[str] | None) -> list[str]:
    """A list of names, from a list, one name, or nothing.

    >>> as_names("TUR")
    ['TUR']
    """
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(v) for v in value]


def as_day(value: object, *, last: bool = False) -> date | None:
    """A day from a date, an ISO day, month or year; None where nothing is given.

    Args:
        value: a `datetime.date`, "2019-06-29", "2019-06", "2019", 2019 or None.
        last: take the last day of a month or year that is given without its day.

    Raises:
        ChoiceError: the value is no such date.

    >>> as_day("2019-02", last=True)
    datetime.date(2019, 2, 28)
    """
    if value is None or value == "":
        return None
    text = value.isoformat()[:10] if isinstance(value, date) else str(value).strip()
    match = DAY_PATTERN.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part) if part else 0 for part in match.groups())
        month = month or (12 if last else 1)
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except ValueError:
        raise ChoiceError(f"{value!r} is no date; give a day (2019-06-29), a month (2019-06) or a year (2019)") from None


# ------------------------------------------------------------------ schemas


class Parameter(NamedTuple):
    """One parameter of a notebook.

    Attributes:
        name: as in the notebook's cell that is tagged `parameters`.
        kind: path, date, number, choice, name; names, choices or countries (lists).
        default: its value where nothing is given.
        meaning: in a few words, as in the comment beside it.
        choices: what gives the valid values; None if any will do.
        least, most: limits of a number.
    """

    name: str
    kind: str
    default: Any
    meaning: str
    choices: Callable[[], tuple[str, ...]] | None = None
    least: float = 0.0
    most: float = 1.0


def _acts() -> tuple[str, ...]:
    from analysis.schema import ACTS

    return ACTS


def _types() -> tuple[str, ...]:
    from analysis.schema import EVENT_TYPES

    return EVENT_TYPES


def _statuses() -> tuple[str, ...]:
    from analysis.schema import STATUSES

    return STATUSES


def _frequencies() -> tuple[str, ...]:
    return FREQUENCIES


def _lanes() -> tuple[str, ...]:
    return LANES


CORPUS = Parameter("corpus", "path", "", "folder, file or pattern of articles; empty for the project's seeds")
TABLES = Parameter("tables", "path", "", "folder of stored tables, in the place of a corpus")
SINCE = Parameter("since", "date", "", "first day, like 2019-01-01, 2019-01 or 2019; empty for no limit")
UNTIL = Parameter("until", "date", "", "last day, like 2019-12-31, 2019-12 or 2019; empty for no limit")
SPEAKERS = Parameter("speakers", "names", [], "names of speakers to keep; empty for all")
COUNTRIES = Parameter("countries", "countries", [], "countries of speakers to keep, in three letters, like KEN; empty for all")
OUTLETS = Parameter("outlets", "names", [], "outlets to keep; empty for all")
ACTS = Parameter("acts", "choices", [], "acts to keep, like say or deny; empty for all but think and other", _acts)
FREQUENCY = Parameter("frequency", "choice", "month", "length of a period: day, week, month, quarter or year", _frequencies)
MIN_CONFIDENCE = Parameter("min_confidence", "number", 0.0, "least confidence of a statement, from 0 to 1")
MIN_EVENT_CONFIDENCE = Parameter("min_event_confidence", "number", 0.3, "least confidence of an event, from 0 to 1")
TYPE_NAMES = Parameter("types", "choices", [], "types of events to keep, like AID or ASSAULT; empty for all", _types)
STATUS_NAMES = Parameter("statuses", "choices", [], "statuses of events to keep, like planned; empty for all", _statuses)
ACTORS = Parameter("actors", "names", [], "actors or recipients of events to keep; empty for all")
BY = Parameter("by", "choice", "actor", "what a lane of the timeline stands for: actor or country", _lanes)
ACTOR = Parameter("actor", "name", "", "whose record it is; empty for whoever occurs most often")

# One schema for each notebook, by the name of its file; a new notebook needs its file and an entry here.
SCHEMAS: dict[str, tuple[Parameter, ...]] = {
    "start": (CORPUS, TABLES),
    "corpus": (CORPUS, TABLES, SINCE, UNTIL, OUTLETS, FREQUENCY),
    "statements": (CORPUS, TABLES, SINCE, UNTIL, SPEAKERS, COUNTRIES, OUTLETS, ACTS, FREQUENCY, MIN_CONFIDENCE),
    "timeline": (
        CORPUS, TABLES, SINCE, UNTIL, SPEAKERS, COUNTRIES, OUTLETS, ACTS, TYPE_NAMES, STATUS_NAMES, ACTORS, BY, FREQUENCY,
        MIN_CONFIDENCE, MIN_EVENT_CONFIDENCE,
    ),
    "actors": (
        CORPUS, TABLES, ACTOR, SINCE, UNTIL, OUTLETS, ACTS, TYPE_NAMES, STATUS_NAMES, MIN_CONFIDENCE, MIN_EVENT_CONFIDENCE,
    ),
    "outlets": (
        CORPUS, TABLES, SINCE, UNTIL, SPEAKERS, OUTLETS, ACTS, TYPE_NAMES, STATUS_NAMES, MIN_CONFIDENCE, MIN_EVENT_CONFIDENCE,
    ),
}  # fmt: skip
# Parameters that may be given several times, each time with more names.
LIST_NAMES = frozenset(p.name for schema in SCHEMAS.values() for p in schema if isinstance(p.default, list))
# What a run gets for all its reports at once.
SHARED = ("corpus", "tables")
TYPES = {
    "path": "text",
    "date": "date",
    "number": "number",
    "choice": "one of",
    "name": "name",
    "names": "names",
    "choices": "some of",
    "countries": "codes",
}


def schema_of(notebook: str) -> tuple[Parameter, ...]:
    """The parameters of a notebook.

    Raises:
        ChoiceError: there is no such notebook.

    >>> schema_of("statement")
    Traceback (most recent call last):
    analysis.parameters.ChoiceError: notebook: 'statement' is unknown; did you mean 'statements'? Valid: start, \
corpus, statements, timeline, actors, outlets
    """
    return SCHEMAS[choose(notebook, SCHEMAS, what="notebook")]


def check_parameters(notebook: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values for a notebook, checked and made plain: only str, float, None and lists of str.

    Args:
        notebook: its name.
        values: by parameter; text as from a command line is turned into the parameter's type.

    Returns:
        The same parameters in the order of the schema, without those that have their default.

    Raises:
        ChoiceError: an unknown name, or a value of the wrong type or outside the choices.

    >>> check_parameters("statements", {"since": date(2019, 1, 1), "acts": "say, deny", "frequency": "month"})
    {'since': '2019-01-01', 'acts': ['say', 'deny']}
    >>> check_parameters("statements", {"speeker": "Ada"})
    Traceback (most recent call last):
    analysis.parameters.ChoiceError: parameter of statements: 'speeker' is unknown; did you mean 'speakers'? Valid: corpus, \
tables, since, until, speakers, countries, outlets, acts, frequency, min_confidence
    """
    schema = schema_of(notebook)
    for name in values:
        choose(name, [parameter.name for parameter in schema], what=f"parameter of {notebook}")
    checked = {p.name: _check(p, values[p.name]) for p in schema if p.name in values}
    since, until = as_day(checked.get("since")), as_day(checked.get("until"), last=True)
    if since and until and since > until:
        raise ChoiceError(f"since ({since}) is later than until ({until}); swap them, or leave one out")
    defaults = {p.name: p.default for p in schema}
    return {name: value for name, value in checked.items() if value != defaults[name]}


def _check(parameter: Parameter, value: Any) -> Any:
    """One value, plain and of the parameter's type; nothing (None, "") means the default."""
    if value is None or value == "":
        return parameter.default
    if parameter.kind in ("names", "choices", "countries"):
        return [_check_item(parameter, item) for item in _items(parameter.name, value)]
    if isinstance(value, list | tuple | dict | set | bool):
        raise ChoiceError(f"{parameter.name}: {value!r} is not one value; expected: {parameter.meaning}")
    if parameter.kind == "number":
        return _number(parameter, value)
    if parameter.kind == "date":
        as_day(value)
        return value.isoformat()[:10] if isinstance(value, date) else str(value).strip()
    return _check_item(parameter, value)


def _check_item(parameter: Parameter, value: Any) -> str:
    if not isinstance(value, str | Path):
        raise ChoiceError(f"{parameter.name}: {value!r} is no text; expected: {parameter.meaning}")
    text = str(value).strip()
    if parameter.choices is not None:
        return choose(text, parameter.choices(), what=parameter.name)
    if parameter.kind == "countries" and not re.fullmatch(r"[A-Z]{3}", text):
        raise ChoiceError(
            f"{parameter.name}: {text!r} is no three-letter country code in capitals, such as KEN or NOR (ISO 3166)"
        )
    return text


def _items(name: str, value: Any) -> list[Any]:
    """A list from a list, from JSON, or from text with commas."""
    if isinstance(value, list | tuple):
        return list(value)
    if not isinstance(value, str):
        raise ChoiceError(f"{name}: {value!r} is no list; give text with commas, or a list")
    if value.lstrip().startswith("["):
        try:
            read = json.loads(value)
        except ValueError as error:
            raise ChoiceError(f'{name}: {value!r} is no JSON list ({error}); write ["A", "B"], or A, B') from None
        return list(read)
    return [item.strip() for item in value.split(",") if item.strip()]


def _number(parameter: Parameter, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not parameter.least <= number <= parameter.most:
        raise ChoiceError(f"{parameter.name}: {value!r} is no number from {parameter.least:g} to {parameter.most:g}")
    return number


def describe(notebook: str) -> str:
    """The parameters of a notebook as lines of text for `--help`.

    >>> print(describe("statements").splitlines()[2])
      since           date     first day, like 2019-01-01, 2019-01 or 2019; empty for no limit
    """
    lines = []
    for p in schema_of(notebook):
        default = "" if p.default in ("", [], 0.0) else f" (default: {p.default})"
        choices = f" ({', '.join(p.choices())})" if p.choices is not None and p.kind != "choice" else ""
        lines.append(f"  {p.name:<15} {TYPES[p.kind]:<8} {p.meaning}{choices}{default}")
    return "\n".join(lines)


# ------------------------------------------------------------------ runs


class Run(NamedTuple):
    """One report to make: a notebook, its parameters as `check_parameters` returns them, and the name of its page."""

    notebook: str
    parameters: dict[str, Any]
    page: str


def make_run(notebook: str, values: Mapping[str, Any]) -> Run:
    """A report of a notebook; its page is named by the notebook and its parameters.

    >>> make_run("statements", {}).page
    'statements'
    >>> make_run("statements", {"since": "2019", "speakers": ["Ada Ó Briain"]}).page
    'statements-since-2019-speakers-ada-o-briain-bf009bbd'
    """
    for name in SHARED:
        if name in values:
            raise WrongUseError(f"{name} holds for all reports of a run; give it once, with --{name}")
    checked = check_parameters(notebook, values)
    if not checked:
        return Run(notebook, {}, notebook)
    words = " ".join(
        f"{name} {' '.join(as_names(value)) if not isinstance(value, float) else value}" for name, value in checked.items()
    )
    slug = re.sub(r"[^a-z0-9]+", "-", f"{notebook} {fold(words)}").strip("-")[:MOST_NAME].rstrip("-")
    digest = hashlib.sha256(json.dumps([notebook, checked], sort_keys=True).encode()).hexdigest()[:8]
    return Run(notebook, checked, f"{slug}-{digest}")


def make_runs(names: Iterable[str], values: Mapping[str, Any]) -> list[Run]:
    """One report of each notebook, with those of the values that it takes.

    Args:
        names: notebooks; none = all.
        values: by parameter; each must be one of at least one of these notebooks.

    >>> [run.page for run in make_runs([], {})]
    ['start', 'corpus', 'statements', 'timeline', 'actors', 'outlets']
    """
    chosen = [choose(name, SCHEMAS, what="notebook") for name in names] or list(SCHEMAS)
    known = {p.name for notebook in chosen for p in SCHEMAS[notebook]}
    for name in values:
        choose(name, sorted(known), what="parameter")
    return [make_run(n, {p.name: values[p.name] for p in SCHEMAS[n] if p.name in values}) for n in dict.fromkeys(chosen)]


def read_runs(path: str | Path) -> list[Run]:
    """The reports that a YAML file asks for.

    The file holds a list. Each item names a `notebook` and its parameters; `each` makes one report for each value of one
    parameter: `{notebook: statements, since: 2019, each: {speakers: [Ada, Ben]}}` are two reports.

    Raises:
        WrongUseError: there is no such file, it is no such list, or a parameter is wrong; with the number of the item.
    """
    import yaml

    path = Path(path)
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise WrongUseError(f"{path} is no file of at most {MOST_BYTES:,} bytes; give a YAML file with a list of reports")
    try:
        items = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WrongUseError(f"{path} is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(items, list) or not all(isinstance(item, dict) and "notebook" in item for item in items):
        raise WrongUseError(f"{path} must hold a list, each item with `notebook:` and its parameters")
    runs = []
    for number, item in enumerate(items, 1):
        try:
            runs += _expand(item)
        except WrongUseError as error:
            raise WrongUseError(f"{path}, report {number}: {error}") from None
    return list({run.page: run for run in runs}.values())


def _expand(item: dict[str, Any]) -> list[Run]:
    values = {str(key): value for key, value in item.items() if key not in ("notebook", "each")}
    each = item.get("each") or {}
    if not isinstance(each, dict) or len(each) > 1:
        raise WrongUseError("`each` must name one parameter with a list of values")
    if not each:
        return [make_run(item["notebook"], values)]
    ((name, options),) = each.items()
    return [make_run(item["notebook"], values | {name: option}) for option in _items(str(name), options)]
