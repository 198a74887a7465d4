"""Files -> the articles table and the problems: the only place where text is cleaned.

`iter_articles` gives one row after the other, so that a large corpus needs no more memory than its longest article;
`read_articles` gathers them in tables.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from analysis import formats
from analysis.formats import Limits, Piece, ReadError, Trouble
from analysis.layout import Layout, Zone, layout
from analysis.lines import full_dates
from analysis.parsers import Parser
from analysis.schema import TABLES, Tables, table

__all__ = ["ArticleRow", "MetadataError", "ProblemRow", "ReadError", "absent_metadata", "infer_reference", "iter_articles", "read_articles", "read_metadata"]


class ArticleRow(NamedTuple):
    """An article: `row` holds the columns of the articles table, dates as `datetime.date` or None, zones as a list."""

    row: dict[str, Any]


class ProblemRow(NamedTuple):
    """A problem: `row` holds the columns of the problems table."""

    row: dict[str, Any]


class MetadataError(ValueError):
    """A row of the metadata file is wrong; the message says file, line and reason."""


def read_articles(
    path: str | Path,
    *,
    metadata: str | Path | Mapping[str, Mapping[str, Any]] | None = None,
    fields: dict[str, str] | None = None,
    max_bytes: int = 50_000_000,
    max_seconds: float = 20,
    language: str = "en",
) -> Tables:
    """Read a corpus.

    Args:
        path: a folder with its sub-folders, a file, or a pattern such as "corpus/*.txt". Read are .txt .md .html .htm .json
            .jsonl .csv .parquet, each also as .gz, and .zip.
        metadata: what the researcher knows: a file as `read_metadata` takes it, what it returned, or None.
        fields: names of a record's fields where they are not the usual ones, such as {"text": "my_column"}; the fields are
            text, title, published, outlet, author, url, id, language.
        max_bytes: of one article, once inflated. max_seconds: for one HTML page or one part of a Parquet file.
        language: the language that is wanted; an article in another gets a problem row.

    Returns:
        Tables with articles (sorted by id) and problems; the others are empty.

    Raises:
        ReadError: the path or an option is wrong. MetadataError: a row of the metadata file is wrong.

    >>> tables = read_articles("seeds/")
    >>> tables.articles[["article_id", "published"]].iloc[2].tolist()
    ['002_abab838fadae8d23', Timestamp('2019-06-29 00:00:00')]
    """
    rows: dict[type, list[dict[str, Any]]] = {ArticleRow: [], ProblemRow: []}
    options = {"metadata": metadata, "fields": fields, "max_bytes": max_bytes, "max_seconds": max_seconds, "language": language}
    for item in iter_articles(path, **options):  # type: ignore[arg-type]
        rows[type(item)].append(item.row)
    articles = sorted(rows[ArticleRow], key=lambda row: row["article_id"])
    return Tables(articles=table("articles", articles), problems=table("problems", rows[ProblemRow]))


def iter_articles(
    path: str | Path,
    *,
    metadata: str | Path | Mapping[str, Mapping[str, Any]] | None = None,
    fields: dict[str, str] | None = None,
    max_bytes: int = 50_000_000,
    max_seconds: float = 20,
    language: str = "en",
) -> Iterator[ArticleRow | ProblemRow]:
    """The rows of a corpus one by one, sorted by path, then by row of the file; arguments and errors as `read_articles`.

    Duplicates and ids that are taken are decided in this order. Wrong options are refused at once, before the first row.
    """
    if max_bytes < 1 or max_seconds <= 0:
        raise ReadError(f"max_bytes={max_bytes!r} and max_seconds={max_seconds!r} must be above 0")
    mapping = formats.check_mapping(fields)
    known = read_metadata(metadata) if isinstance(metadata, str | Path) else dict(metadata or {})
    sources, troubles = formats.find(path)
    limits = Limits(max_bytes=max_bytes, max_seconds=max_seconds)
    return _rows(sources, troubles, known, mapping, limits, language)


def _rows(
    sources: list[formats.Source],
    troubles: list[Trouble],
    known: Mapping[str, Mapping[str, Any]],
    mapping: dict[str, str],
    limits: Limits,
    language: str,
) -> Iterator[ArticleRow | ProblemRow]:
    corpus = _Corpus(known, language)
    endings: Counter[str] = Counter()
    examples: dict[str, str] = {}
    yield from (_problem(trouble) for trouble in troubles)
    with Parser(seconds=limits.max_seconds) as parser:
        for source in sources:
            for item in formats.read(source, limits, parser, mapping):
                if isinstance(item, Piece):
                    yield from corpus.article(item)
                elif item.reason == "unknown ending":
                    endings[item.detail] += 1
                    examples.setdefault(item.detail, item.path)
                else:
                    yield _problem(item)
    for ending, count in sorted(endings.items()):
        detail = f"{count} file{'s' * (count > 1)} with the ending {ending}; the endings that are read are {' '.join(formats.FORMATS)} .zip"
        yield _problem(Trouble(examples[ending], "unknown ending", detail))


def _problem(trouble: Trouble, article_id: str | None = None, stage: str = "read") -> ProblemRow:
    return ProblemRow({"article_id": article_id, "path": trouble.path, "stage": stage, "reason": trouble.reason, "detail": trouble.detail})


class _Corpus:
    """What must be remembered from one article to the next: the ids that are taken and the texts that were seen."""

    def __init__(self, known: Mapping[str, Mapping[str, Any]], language: str) -> None:
        self.known, self.language = known, language
        self.ids: set[str] = set()
        self.texts: dict[bytes, str] = {}

    def article(self, piece: Piece) -> Iterator[ArticleRow | ProblemRow]:
        """The rows of one article: itself unless it is a duplicate, and its problems."""
        same = hashlib.blake2b(" ".join(piece.text.split()).encode(), digest_size=16).digest()
        if same in self.texts:
            where = f"row {piece.row}: " if piece.row else ""
            yield _problem(Trouble(piece.path, "duplicate", f"{where}same text as article {self.texts[same]!r}, which is kept"))
            return
        wanted = self._wanted_id(piece)
        article_id = wanted
        length = 8
        while article_id in self.ids:
            article_id = f"{wanted}~{piece.sha256[:length]}"
            length += 8
            if length > 72:
                article_id = f"{wanted}~{piece.sha256}~{len(self.ids)}"
        self.ids.add(article_id)
        self.texts[same] = article_id
        row, notes = article_row(piece, article_id, self.known.get(article_id, {}))
        if article_id != wanted:
            notes.insert(0, ("id taken", f"another article is {wanted!r}; this one is {article_id!r}"))
        if row["language"] not in (None, self.language):
            reason = "not English" if self.language == "en" else "other language"
            notes.append((reason, f"the language is {row['language']!r}, wanted is {self.language!r}; no statements are taken from it"))
        yield ArticleRow(row)
        for reason, detail in notes:
            yield _problem(Trouble(piece.path, reason, detail), article_id)

    def _wanted_id(self, piece: Piece) -> str:
        name = formats.name_of(piece.path)
        return (piece.fields.get("id") or f"{name}#{piece.row}") if piece.row is not None else name


def article_row(piece: Piece, article_id: str, known: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The row of one article and what had to be left out of it, as reasons and details.

    Args:
        piece: text and fields as the file holds them. article_id: its id. known: the researcher's row, or {}.
    """
    given, notes = piece.fields, []
    is_markdown = piece.path.lower().removesuffix(".gz").endswith((".md", ".markdown"))
    page = layout(piece.text, title=given.get("title"), standfirst=given.get("standfirst"), markdown=is_markdown)
    day, basis, note = _published(piece, page, known)
    notes += [note] if note else []
    url, note = _address(known.get("url") or given.get("url") or page.url)
    notes += [note] if note else []
    reference, reference_basis = _reference(piece.text, page.zones, day, known)
    shown = [piece.text[zone.start : zone.end] for zone in page.zones if zone.kind != "boilerplate"]
    row = {
        "article_id": article_id,
        "path": piece.path,
        "format": piece.format,
        "sha256": piece.sha256,
        "title": page.title,
        "outlet": known.get("outlet") or _outlet(given.get("outlet")) or page.outlet,
        "author": known.get("author") or given.get("author") or page.author,
        "url": url,
        "language": _language(shown, given.get("language")),
        "published": day,
        "published_basis": basis,
        "reference_date": reference,
        "reference_basis": reference_basis,
        "text": piece.text,
        "zones": [zone._asdict() for zone in page.zones],
        "n_words": sum(len(_WORD.findall(part)) for part in shown),
        "metadata_note": known.get("note"),
    }
    assert set(row) == set(TABLES["articles"])
    return row, notes


_WORD = re.compile(r"\w\S*")


def _outlet(value: str | None) -> str | None:
    """An outlet's name out of a record; of an address only its host."""
    match = re.match(r"(?:https?:)?//(?:www\.)?([^/\s]{3,100})", value or "")
    return match.group(1) if match else value


def _address(value: str | None) -> tuple[str | None, tuple[str, str] | None]:
    """A web address that is one, or a note why it was left out."""
    if not value:
        return None, None
    if re.fullmatch(r"https?://[^\s/<>\"'\\\x00-\x1f][^\s<>\"\x00-\x1f]{2,1990}", value, re.IGNORECASE):
        return value, None
    return None, ("address left out", f"{value[:80]!r} is no http or https address")


# --- days ----------------------------------------------------------------------------------------------------------


def _published(piece: Piece, page: Layout, known: Mapping[str, Any]) -> tuple[date | None, str, tuple[str, str] | None]:
    """Day of publication and its basis: the researcher, else the record or page, else the text's date line."""
    if known.get("published"):
        return known["published"], "researcher", None
    given = piece.fields.get("dates") or [piece.fields.get("published")]
    day = next((found for value in given if (found := record_day(value or ""))), None)
    if day:
        return day, "record", None
    odd = next((value for value in given if value), None)
    note = ("date not understood", f"{odd!r} names no day that exists and can be read in one way only") if odd else None
    return page.published, "text" if page.published else "none", note


def record_day(value: str) -> date | None:
    """The day that a record's date field or a page's tag names, in the zone in which it is written; None if it is in doubt.

    >>> record_day("Tue, 03 Mar 2020 23:05:00 -0500").isoformat(), record_day("20200303T101500Z").isoformat()
    ('2020-03-03', '2020-03-03')
    >>> record_day("03/04/2023") is None
    True
    """
    value = value.strip()[:100]
    packed = re.match(r"([12]\d{3})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?$", value)
    if packed:
        found = full_dates("-".join(packed.groups()))
        return found[0].day if found else None
    if re.fullmatch(r"-?\d{9,10}(?:\.\d+)?|\d{12,13}", value):
        seconds = float(value) / (1000 if len(value.split(".")[0]) > 10 else 1)
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date()
    found = full_dates(re.sub(r"(?<=\d)T(?=\d)", " ", value))
    days = {item.day for item in found}
    return found[0].day if len(days) == 1 else None


def _reference(text: str, zones: list[Zone], day: date | None, known: Mapping[str, Any]) -> tuple[date | None, str]:
    if known.get("reference_date"):
        return known["reference_date"], "researcher"
    if day:
        return day, "published"
    inferred = infer_reference(text, zones)
    return inferred, "inferred" if inferred else "none"


# What puts a day into the future, and what puts it back into the past, looking left from the day.
_DEADLINE = re.compile(r"\b(?:by|until|till|before|through|than|deadline|due|expires?|expir(?:ing|y)|effective)\s+(?:\w+,?\s+){0,2}$", re.IGNORECASE)
_AHEAD = re.compile(
    r"\b(?:(?:will|shall|would|could|can|may|might|must|should|won[’']t)(?:\s(?:not|also|then|\w{2,15}ly))?(?:\s(?:be|have)\s\w+)?|(?:is|are|be|was|were|being)\s+(?:to|due|set|scheduled|expected|planned|slated)(?:\sto)?(?:\sbe\s\w+)?"
    r"|(?:due|set|scheduled|expected|planned|plans?|planning|slated|agreed|agrees?|decided|wants?|hopes?|vow(?:s|ed)?|pledge[ds]?|promise[ds]?|ready)\s+(?:to|for)"
    r"|deadlines?|upcoming|postponed|next|expires?)\b",
    re.IGNORECASE,
)
_BACK = re.compile(r"\b(?:was|were|had|has|have|did|said|took|began|met|held|told|made|went|came|won|lost|fell|rose|struck|shot|\w{2,20}ed)\b", re.IGNORECASE)
_BORN = re.compile(r"\b(?:born|founded|established|created|independence|since)\s+(?:\w+\s+){0,3}$", re.IGNORECASE)
_STOP = re.compile(r"[.!?;][\"”’')]*\s|\n")


def infer_reference(text: str, zones: list[Zone]) -> date | None:
    """The latest full date that the body gives for something that has happened; None if there is none.

    Args:
        text: the article. zones: its zones.

    Days that the wording puts into the future ("by 31 December 2030", "will open on 1 May 2024") do not count, nor do days
    of birth and foundation. Where the body speaks of a later year as past, the article is younger than the day, and the
    answer is None.

    >>> body = "The yard handed over the ship on 16 April 2021. The next will follow on 1 March 2022."
    >>> infer_reference(body, [Zone(0, len(body), "body")]).isoformat()
    '2021-04-16'
    """
    latest, later_year = None, 0
    for zone in zones:
        if zone.kind != "body":
            continue
        body = text[zone.start : zone.end]
        found = [day for day in full_dates(body) if 1600 <= day.day.year <= 2200]
        for item in found:
            if not _is_ahead(body, item.start, item.end) and not _BORN.search(body[max(0, item.start - 60) : item.start]):
                latest = max(latest or item.day, item.day)
        for match in re.finditer(r"\b(?:in|since|during|early|late)\s((?:19|20)\d\d)\b(?![\d,.%-]*\d)", body):
            if not _is_ahead(body, match.start(1), match.end()):
                later_year = max(later_year, int(match.group(1)))
    return None if latest is None or later_year > latest.year else latest


def _is_ahead(body: str, start: int, end: int) -> bool:
    """Whether the wording around a day puts it into the future."""
    before = _STOP.split(body[max(0, start - 200) : start])[-1]
    after = _STOP.split(body[end : end + 100])[0]
    if _DEADLINE.search(before):
        return True
    ahead = max((match.end() for match in _AHEAD.finditer(before)), default=-1)
    back = max((match.end() for match in _BACK.finditer(before)), default=-1)
    if ahead >= 0 or back >= 0:
        return ahead >= back
    first = next(iter(sorted([*_AHEAD.finditer(after), *_BACK.finditer(after)], key=lambda match: match.start())), None)
    return first is not None and first.re is _AHEAD


# --- language ------------------------------------------------------------------------------------------------------

_ENGLISH = frozenset("the of and to in a that is was for it with as his he on be at by had are but from they have which you were her she said not will has this its".split())
_ONLY_ENGLISH = frozenset("the and of to with that which said were they has have this from".split())
_FEWEST_WORDS = 12


def _language(parts: list[str], declared: str | None) -> str | None:
    """The language of a text, ISO 639-1; None where it has too few words and nothing is declared."""
    sample = " ".join(parts[-2:] if len(parts) > 2 else parts)[:2_500]
    words = re.findall(r"[^\W\d_]+", sample.lower())
    code = re.match(r"[a-z]{2}(?![a-z])", (declared or "").lower())
    if len(words) < _FEWEST_WORDS:
        return code.group() if code else None
    common = [word for word in words if word in _ENGLISH]
    if "the" in common and len(common) > 0.25 * len(words) and len(_ONLY_ENGLISH.intersection(common)) >= min(4, len(words) // 8):
        return "en"
    # Loaded only where a text is not plainly English: that costs more than reading hundreds of articles.
    found: str = _identifier().classify(sample[:1_500])[0]
    return found


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted({code for code in identifier.labels if len(code) == 2} - {"la", "eo", "vo", "ia", "ie", "io"}))
    return identifier


# --- what the researcher knows ----------------------------------------------------------------------------------------

_METADATA = ("article_id", "published", "reference_date", "outlet", "author", "url", "note")


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
    try:
        data = Path(path).read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise MetadataError(f"{path}: cannot be read ({error.strerror}); give a CSV file with the columns {','.join(_METADATA)}, or none") from None
    except UnicodeDecodeError as error:
        raise MetadataError(f"{path}: byte {error.start} is no UTF-8; save the file as CSV UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: dict[str, dict[str, Any]] = {}
    line = 1
    try:
        header = [name.strip() for name in next(reader, [])]
        unknown = [name for name in header if name not in _METADATA]
        if "article_id" not in header or unknown or len(set(header)) < len(header):
            raise MetadataError(f"{path}, line 1: the header is {header}; the columns are {','.join(_METADATA)}")
        for cells in reader:
            line = reader.line_num
            if any(cell.strip() for cell in cells):
                article_id, values = _metadata_row(cells, header, f"{path}, line {line}")
                if article_id in found:
                    raise MetadataError(f"{path}, line {line}: article_id {article_id!r} stands in an earlier row; keep one")
                found[article_id] = values
    except csv.Error as error:
        raise MetadataError(f"{path}, line {reader.line_num}: {error}; check the quotation marks") from None
    return found


def _metadata_row(cells: list[str], header: list[str], where: str) -> tuple[str, dict[str, Any]]:
    if len(cells) != len(header):
        raise MetadataError(f"{where}: {len(cells)} cells, the header has {len(header)}; put a value that holds a comma in quotation marks")
    values: dict[str, Any] = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
    article_id = values.pop("article_id", None)
    if not article_id:
        raise MetadataError(f"{where}: no article_id; it is the file's path below the corpus folder without its ending")
    for name in ("published", "reference_date"):
        if name in values:
            try:
                values[name] = date.fromisoformat(values[name]) if re.fullmatch(r"\d{4}-\d\d-\d\d", values[name]) else _refuse()
            except ValueError:
                raise MetadataError(f"{where}: {name} is {values[name]!r}; a day is written like 2018-04-03") from None
    if "url" in values and _address(values["url"])[0] is None:
        raise MetadataError(f"{where}: url is {values['url'][:80]!r}; it must begin with http:// or https://")
    return article_id, values


def _refuse() -> date:
    raise ValueError


def absent_metadata(metadata: Mapping[str, Any], article_ids: Collection[str]) -> list[str]:
    """The ids in the metadata that no article of the corpus has, sorted; no error, but worth counting.

    >>> absent_metadata({"a": {}, "b": {}}, ["b"])
    ['a']
    """
    return sorted(set(metadata) - set(article_ids))
