"""Files -> the articles table and the problems: the only place where text is cleaned.

`iter_articles` gives one row after the other, so that a large corpus needs no more memory than its longest article;
`read_articles` gathers them in tables.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.reading.bylines import author_of, words
from analysis.reading.files import READ, Limits, ReadError, Source, Trouble, find, name_of
from analysis.reading.formats import Piece, Reader, read
from analysis.reading.layout import Layout, Zone, layout
from analysis.reading.lines import BOILERPLATE
from analysis.reading.metadata import MetadataError, absent_metadata, is_address, read_metadata
from analysis.reading.parsers import Parser
from analysis.reading.records import check_mapping
from analysis.reading.reference import infer_reference, record_day

if TYPE_CHECKING:
    from analysis.schema import Tables

__all__ = [
    "ArticleRow",
    "MetadataError",
    "ProblemRow",
    "ReadError",
    "absent_metadata",
    "infer_reference",
    "iter_articles",
    "read_articles",
    "read_metadata",
]
Known = Mapping[str, Mapping[str, Any]]
Note = tuple[str, str]  # reason and detail of a problem row


class ArticleRow(NamedTuple):
    """An article: `row` holds the columns of the articles table, dates as `datetime.date` or None, zones as a list."""

    row: dict[str, Any]


class ProblemRow(NamedTuple):
    """A problem: `row` holds the columns of the problems table."""

    row: dict[str, Any]


def read_articles(
    path: str | Path,
    *,
    metadata: str | Path | Known | None = None,
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
        max_bytes: of one article, once inflated.
        max_seconds: for one HTML page or one part of a Parquet file.
        language: the language that is wanted; an article in another gets a problem row.

    Returns:
        Tables with articles (sorted by id) and problems; the others are empty.

    Raises:
        ReadError: the path or an option is wrong.
        MetadataError: a row of the metadata file is wrong.

    It does not read .docx, .rtf and .pdf; a problem row says how to convert them.

    >>> tables = read_articles("seeds/")
    >>> tables.articles[["article_id", "published"]].iloc[2].tolist()
    ['002_abab838fadae8d23', Timestamp('2019-06-29 00:00:00')]
    """
    from analysis.schema import Tables, table

    articles: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    options = {"metadata": metadata, "fields": fields, "max_bytes": max_bytes, "max_seconds": max_seconds, "language": language}
    for item in iter_articles(path, **options):  # type: ignore[arg-type]
        (articles if isinstance(item, ArticleRow) else problems).append(item.row)
    articles.sort(key=lambda row: row["article_id"])
    return Tables(articles=table("articles", articles), problems=table("problems", problems))


def iter_articles(
    path: str | Path,
    *,
    metadata: str | Path | Known | None = None,
    fields: dict[str, str] | None = None,
    max_bytes: int = 50_000_000,
    max_seconds: float = 20,
    language: str = "en",
) -> Iterator[ArticleRow | ProblemRow]:
    """The rows of a corpus one by one, sorted by path, then by row of the file; arguments and errors as `read_articles`.

    Duplicates and ids that are taken are decided in this order. Wrong options are refused at once, before the first row.

    >>> [item.row["article_id"][:3] for item in iter_articles("seeds/")]
    ['000', '001', '002']
    """
    if max_bytes < 1 or max_seconds <= 0:
        raise ReadError(f"max_bytes={max_bytes!r} and max_seconds={max_seconds!r} must be above 0")
    if not re.fullmatch("[a-z]{2}", language):
        raise ReadError(f"language={language!r} is no code of two small letters (ISO 639-1), such as 'en'")
    mapping = check_mapping(fields)
    known = read_metadata(metadata) if isinstance(metadata, str | Path) else metadata or {}
    sources, troubles = find(path)
    return _rows(sources, troubles, _Corpus(known, language, sources), mapping, Limits(max_bytes, max_seconds))


def _rows(
    sources: list[Source], troubles: list[Trouble], corpus: _Corpus, mapping: dict[str, str], limits: Limits
) -> Iterator[ArticleRow | ProblemRow]:
    unread: Counter[str] = Counter()
    examples: dict[str, str] = {}
    yield from map(_problem, troubles)
    with Parser(seconds=limits.max_seconds) as parser:
        for source in sources:
            for item in read(source, Reader(limits, parser, mapping)):
                if isinstance(item, Piece):
                    yield from corpus.article(item)
                elif item.reason == "unknown ending":
                    unread[item.detail] += 1
                    examples.setdefault(item.detail, item.path)
                else:
                    yield _problem(item)
    for ending, count in sorted(unread.items()):
        detail = f"{count} file{'s' * (count > 1)} with the ending {ending} left out; read are {' '.join(READ)}"
        yield _problem(Trouble(examples[ending], "unknown ending", detail))


def _problem(trouble: Trouble, article_id: str | None = None) -> ProblemRow:
    row = {"article_id": article_id, "path": trouble.path, "stage": "read", "reason": trouble.reason, "detail": trouble.detail}
    return ProblemRow(row)


class _Corpus:
    """What must be remembered from one article to the next: the ids that are taken and the texts that were seen."""

    def __init__(self, known: Known, language: str, sources: list[Source]) -> None:
        self.known, self.language = known, language
        # An archive that is given alone stands for its folder.
        alone = len(sources) == 1 and sources[0].path.lower().endswith(".zip")
        self.top = f"{sources[0].path}/" if alone else ""
        self.ids: set[str] = set()
        self.texts: dict[bytes, str] = {}

    def article(self, piece: Piece) -> Iterator[ArticleRow | ProblemRow]:
        """The rows of one article: itself unless it is a duplicate, and its problems."""
        same = hashlib.blake2b(" ".join(piece.text.split()).encode(), digest_size=16).digest()
        if same in self.texts:
            where = f"row {piece.row}: " if piece.row else ""
            yield _problem(Trouble(piece.path, "duplicate", f"{where}same text as article {self.texts[same]!r}, which is kept"))
            return
        wanted, article_id = self._id(piece)
        self.ids.add(article_id)
        self.texts[same] = article_id
        try:
            row, notes = article_row(piece, article_id, self.known.get(article_id, {}))
        except Exception as error:  # noqa: BLE001 - whatever an odd article breaks, the others still come out
            detail = f"{type(error).__name__} while its layout was read; the article is left out, the others are not"
            yield _problem(Trouble(piece.path, "reading failed", detail), article_id)
            return
        if article_id != wanted:
            notes.insert(0, ("id taken", f"another article is {wanted!r}; this one is {article_id!r}"))
        if row["language"] not in (None, self.language):
            reason = "not English" if self.language == "en" else "other language"
            detail = f"the language is {row['language']!r}, wanted is {self.language!r}; no statements are taken from it"
            notes.append((reason, detail))
        yield ArticleRow(row)
        for reason, detail in notes:
            yield _problem(Trouble(piece.path, reason, detail), article_id)

    def _id(self, piece: Piece) -> tuple[str, str]:
        """The id that an article should have, and the one it gets: the second claimant's ends in digits of its hash."""
        name = name_of(piece.path.removeprefix(self.top))
        wanted = name if piece.row is None else piece.fields.get("id") or f"{name}#{piece.row}"
        tries = (wanted, *(f"{wanted}~{piece.sha256[:digits]}" for digits in (8, 16, 64)))
        free = next((article_id for article_id in tries if article_id not in self.ids), None)
        return wanted, free or f"{tries[-1]}~{len(self.ids)}"


def article_row(piece: Piece, article_id: str, known: Mapping[str, Any]) -> tuple[dict[str, Any], list[Note]]:
    """The row of one article and what had to be left out of it, as reasons and details.

    Args:
        piece: text and fields as the file holds them.
        article_id: its id.
        known: the researcher's row, or {}.
    """
    given = piece.fields
    is_markdown = piece.path.lower().removesuffix(".gz").endswith((".md", ".markdown"))
    page = layout(piece.text, title=given.get("title"), standfirst=given.get("standfirst"), markdown=is_markdown)
    published, basis, notes = _published(piece, page, known)
    reference, reference_basis = _reference(piece.text, page.zones, published, known)
    url = known.get("url") or given.get("url") or page.url
    if url and not is_address(url):
        notes.append(("address left out", f"{url[:80]!r} is no http or https address"))
        url = None
    shown = [piece.text[zone.start : zone.end] for zone in page.zones if zone.kind != BOILERPLATE]
    row = {
        "article_id": article_id,
        "path": piece.path,
        "format": piece.format,
        "sha256": piece.sha256,
        "title": page.title,
        "outlet": known.get("outlet") or _host(given.get("outlet")) or page.outlet,
        "author": known.get("author") or author_of(given.get("author") or "") or page.author,
        "url": url,
        "language": _language(shown, given.get("language")),
        "published": published,
        "published_basis": basis,
        "reference_date": reference,
        "reference_basis": reference_basis,
        "text": piece.text,
        "zones": [zone._asdict() for zone in page.zones],
        "n_words": sum(len(_WORD.findall(part)) for part in shown),
        "metadata_note": known.get("note"),
    }
    return row, notes


_WORD = re.compile(r"\w\S*")
_HOST = re.compile(r"(?:https?:)?//(?:www\.)?([^/\s]{3,100})")


def _host(outlet: str | None) -> str | None:
    """An outlet's name out of a record; of an address only its host."""
    match = _HOST.match(outlet or "")
    return match.group(1) if match else outlet


def _published(piece: Piece, page: Layout, known: Mapping[str, Any]) -> tuple[date | None, str, list[Note]]:
    """Day of publication and its basis: the researcher, else the record or page, else the text's date line."""
    if known.get("published"):
        return known["published"], "researcher", []
    given = [value for value in piece.fields.get("dates") or [piece.fields.get("published")] if value]
    day = next((found for value in given if (found := record_day(value))), None)
    if day:
        return day, "record", []
    notes = [("date not understood", f"{given[0]!r} names no day that exists and can be read in one way only")] if given else []
    return page.published, "text" if page.published else "none", notes


def _reference(text: str, zones: list[Zone], published: date | None, known: Mapping[str, Any]) -> tuple[date | None, str]:
    if known.get("reference_date"):
        return known["reference_date"], "researcher"
    if published:
        return published, "published"
    inferred = infer_reference(text, zones)
    return inferred, "inferred" if inferred else "none"


# --- language ---------------------------------------------------------------------------------------------------------

_FEWEST_WORDS, _MANY_WORDS = 12, 120
_SAMPLE = 1_500  # characters
_NO_NEWSPAPERS = frozenset(("la", "eo", "vo", "ia", "ie", "io"))


def _language(parts: list[str], declared: str | None) -> str | None:
    """The language of a text, ISO 639-1; None where it has too few words and nothing is declared."""
    sample = " ".join(parts[-2:] if len(parts) > 2 else parts)[: 2 * _SAMPLE]
    found = _words_in(sample)
    if len(found) < _FEWEST_WORDS:
        code = re.match(r"[a-z]{2}(?![a-z])", (declared or "").lower())
        return code.group() if code else None
    if _is_plainly_english(found):
        return "en"
    if len(found) < _MANY_WORDS and _is_plainly_english(_words_in(" ".join(parts)[: 2 * _SAMPLE])):
        return "en"  # a short end may be a list of names
    # Loaded only where a text is not plainly English: that costs more than reading hundreds of articles.
    likeliest: str = _identifier().classify(sample[:_SAMPLE])[0]
    return likeliest


def _words_in(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _is_plainly_english(found: list[str]) -> bool:
    english, only = _word_sets()
    common = [word for word in found if word in english]
    return "the" in common and len(common) > 0.25 * len(found) and len(only.intersection(common)) >= min(4, len(found) // 8)


@functools.cache
def _word_sets() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(words("english")), frozenset(words("english only"))


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted({code for code in identifier.labels if len(code) == 2} - _NO_NEWSPAPERS))
    return identifier
