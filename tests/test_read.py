"""Reading of whole files: every fixture of tests/reading, ids, duplicates, archives, options, metadata."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.read import (
    ArticleRow,
    MetadataError,
    ProblemRow,
    ReadError,
    absent_metadata,
    iter_articles,
    read_articles,
    read_metadata,
)
from analysis.schema import TABLES, check_table
from benchmarks.reading import Point, fixture_points, seed_points

ROOT = Path(__file__).resolve().parents[1]
# What no rule finds: a name and a place side by side, an outlet in a sentence, a university without a label, a sentence
# about the author, initials in brackets.
UNSOLVED = {
    ("old_article_note.txt", "old_article_note: author"),
    ("hk_paper.txt", "hk_paper: outlet"),
    ("science_release.txt", "science_release: boilerplate"),
    ("op_ed.txt", "op_ed: headline"),
    ("op_ed.txt", "op_ed: boilerplate"),
    ("iraq_security.txt", "iraq_security: boilerplate"),
}
FERRY = "Ferry runs again\n\nThe ferry to the island runs again since the morning, its owner said on Monday.\n"
TRAIN = "Train stands still\n\nThe night train to the coast stands still, and nobody at the station knows why it does.\n"


@pytest.fixture(scope="module")
def points() -> list[Point]:
    return [*fixture_points(), *seed_points()]


def test_every_fixture_that_rules_were_made_for_is_read_right(points: list[Point]) -> None:
    wrong = {(point.file, point.field) for point in points if point.written in ("before", "after") and not point.right}
    assert wrong == UNSOLVED


def test_fields_and_zones_of_the_seeds_are_all_right(points: list[Point]) -> None:
    seeds = [point for point in points if point.written == "seed"]
    assert len(seeds) > 100
    assert [point for point in seeds if not point.right] == []


def test_most_of_the_fixtures_that_no_rule_was_made_for_is_read_right(points: list[Point]) -> None:
    last = [point.right for point in points if point.written == "last"]
    assert sum(last) >= 0.8 * len(last) > 0


def test_rows_have_the_declared_columns_and_survive_the_tables_checks() -> None:
    tables = read_articles(ROOT / "tests" / "reading", fields={"title": "Titel"})
    check_table(tables.articles, "articles")
    check_table(tables.problems, "problems")
    assert (tables.statements.empty, tables.events.empty, tables.actors.empty) == (True, True, True)
    assert tables.articles["article_id"].is_monotonic_increasing
    zones = tables.articles["zones"].iloc[0]
    assert all(set(zone) == {"start", "end", "kind"} for zone in zones)


def rows_of(path: Path, **options: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    items = list(iter_articles(path, **options))
    return [item.row for item in items if isinstance(item, ArticleRow)], [
        item.row for item in items if isinstance(item, ProblemRow)
    ]


def reasons(problems: list[dict[str, Any]]) -> list[str]:
    return [problem["reason"] for problem in problems]


def write(folder: Path, **files: str | bytes) -> Path:
    """Files of a folder: the name with __ for a bar and _ for the dot before the ending."""
    for name, content in files.items():
        path = folder / ".".join(name.replace("__", "/").rsplit("_", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def test_rows_come_sorted_by_path_with_plain_values(tmp_path: Path) -> None:
    articles, problems = rows_of(write(tmp_path, b_txt=FERRY, a__c_txt=TRAIN + "\n3 March 2020\n"))
    assert [row["article_id"] for row in articles] == ["a/c", "b"]
    assert problems == []
    assert list(articles[0]) == list(TABLES["articles"])
    assert articles[0]["published"] == date(2020, 3, 3)
    assert articles[1]["published"] is None
    assert articles[1]["zones"][0] == {"start": 0, "end": 16, "kind": "headline"}
    assert articles[1]["n_words"] == 18


def test_a_folder_a_file_and_a_pattern_are_read_as_str_and_path(tmp_path: Path) -> None:
    write(tmp_path, one_txt=FERRY, sub__two_md=TRAIN)
    assert [row["article_id"] for row in rows_of(tmp_path)[0]] == ["one", "sub/two"]
    assert [row["article_id"] for row in rows_of(tmp_path / "one.txt")[0]] == ["one"]
    pattern = str(tmp_path / "**" / "*.md")
    assert [row["article_id"] for row in rows_of(pattern)[0]] == ["sub/two"]  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["no/such/folder", "no/such/*.txt", "", "  "])
def test_a_missing_path_is_a_clear_error_at_once(path: str) -> None:
    with pytest.raises(ReadError, match="give a folder, a file, or a pattern"):
        iter_articles(path)


def test_wrong_options_are_refused_with_the_right_ones_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="'body' is no field of an article; the fields are"):
        iter_articles(tmp_path, fields={"body": "x"})
    with pytest.raises(ReadError, match="above 0"):
        iter_articles(tmp_path, max_bytes=0)
    with pytest.raises(ReadError, match="two small letters"):
        iter_articles(tmp_path, language="English")


def test_the_text_is_the_file_as_stored_without_its_mark(tmp_path: Path) -> None:
    [row], _ = rows_of(write(tmp_path, a_txt=b"\xef\xbb\xbf" + FERRY.replace("\n", "\r\n").encode()))
    assert row["text"] == FERRY.replace("\n", "\r\n")
    assert row["text"][slice(*(row["zones"][0][key] for key in ("start", "end")))] == "Ferry runs again"


def test_the_first_of_two_equal_texts_is_kept(tmp_path: Path) -> None:
    articles, problems = rows_of(write(tmp_path, a_txt=FERRY, b_txt=FERRY.replace(" ", "  ") + "\n\n", c_txt=TRAIN))
    assert [row["article_id"] for row in articles] == ["a", "c"]
    assert reasons(problems) == ["duplicate"]
    assert (problems[0]["path"], problems[0]["article_id"]) == ("b.txt", None)


def test_the_second_claimant_of_an_id_gets_digits_of_its_hash(tmp_path: Path) -> None:
    articles, problems = rows_of(write(tmp_path, a_md=FERRY, a_txt=TRAIN))
    assert [row["article_id"] for row in articles] == ["a", "a~" + articles[1]["sha256"][:8]]
    assert [(problem["reason"], problem["article_id"]) for problem in problems] == [("id taken", articles[1]["article_id"])]


def test_every_text_format_is_read_packed_as_well(tmp_path: Path) -> None:
    line = json.dumps({"text": TRAIN})
    files = {"a.txt": FERRY, "b.jsonl": line, "c.csv": 'text,title\n"A long enough text stands here, said the clerk.",One\n'}
    for name, content in files.items():
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content.encode()))
    articles, problems = rows_of(tmp_path)
    assert [(row["article_id"], row["format"]) for row in articles] == [("a", "text"), ("b#1", "jsonl"), ("c#1", "csv")]
    assert problems == []


def test_an_archive_in_a_corpus_is_a_folder_of_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        archive.writestr("in/one.txt", FERRY)
    write(tmp_path, two_txt=TRAIN)
    articles, _ = rows_of(tmp_path)
    assert [(row["article_id"], row["path"]) for row in articles] == [
        ("pack/in/one", "pack.zip/in/one.txt"),
        ("two", "two.txt"),
    ]
    assert [row["article_id"] for row in rows_of(tmp_path / "pack.zip")[0]] == ["in/one"]


def test_other_formats_are_named_with_how_to_convert_them_and_unknown_ones_counted(tmp_path: Path) -> None:
    write(tmp_path, a_docx=b"PK", b_pdf=b"%PDF", c_jpg=b"1", d_jpg=b"2", _DS_Store=b"x")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "e.txt").write_text(FERRY)
    _, problems = rows_of(tmp_path)
    assert reasons(problems)[:2] == ["unsupported format", "unsupported format"]
    assert "pandoc" in problems[0]["detail"]
    assert "pdftotext" in problems[1]["detail"]
    assert [
        problem["detail"][:30] for problem in problems if problem["reason"] == "unknown ending" and ".jpg" in problem["detail"]
    ] == ["2 files with the ending .jpg l"]
    assert not any(problem["path"].startswith(".") for problem in problems)


def test_text_files_that_hold_something_else_are_read_and_named(tmp_path: Path) -> None:
    write(tmp_path, a_txt=f"<html><p>{FERRY}</p></html>", b_txt=f"1 of 2 DOCUMENTS\n\n{FERRY}\n\n2 of 2 DOCUMENTS\n\n{TRAIN}")
    articles, problems = rows_of(tmp_path)
    assert [row["article_id"] for row in articles] == ["a", "b"]
    assert reasons(problems) == ["markup in text", "several articles"]


def test_records_by_an_explicit_mapping(tmp_path: Path) -> None:
    record = {
        "k": {"inhalt": "A text that is long enough to count as one, said the clerk."},
        "kopf": "Head",
        "wann": "2012-02-29",
    }
    write(tmp_path, a_json=json.dumps(record))
    [row], problems = rows_of(tmp_path, fields={"text": "k.inhalt", "title": "kopf", "published": "wann", "author": "wer"})
    assert (row["title"], row["published"], row["published_basis"]) == ("Head", date(2012, 2, 29), "record")
    assert reasons(problems) == ["no such field"]
    assert reasons(rows_of(tmp_path)[1]) == ["no text"]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2020-03-03T23:30:00-05:00", date(2020, 3, 3)),
        ("Tue, 03 Mar 2020 14:05:00 GMT", date(2020, 3, 3)),
        ("20200303", date(2020, 3, 3)),
        ("20200303140500", date(2020, 3, 3)),
        (1583193600, date(2020, 3, 3)),
        (1583193600000, date(2020, 3, 3)),
        (1583193600.0, date(2020, 3, 3)),
        ("March 3, 2020 at 4:30 p.m.", date(2020, 3, 3)),
        ("03/04/2023", None),
        ("2019-02-31", None),
        ("3 March 20", None),
        ("2020-03-03 to 2020-03-05", None),
        ("soon", None),
        (10**400, None),
        (True, None),
        (None, None),
    ],
)
def test_days_of_records(tmp_path: Path, value: Any, day: date | None) -> None:
    [row], problems = rows_of(
        write(tmp_path, a_json=json.dumps({"body": "A text that is long enough, said the clerk.", "date": value}))
    )
    assert row["published"] == day
    assert row["published_basis"] == ("record" if day else "none")
    assert reasons(problems) == (["date not understood"] if day is None and isinstance(value, str) else [])


def test_json_is_read_in_the_shapes_in_which_it_is_stored(tmp_path: Path) -> None:
    one, two = {"text": f"{FERRY} One."}, {"text": f"{TRAIN} Two."}
    shapes = {
        "list": [one, two],
        "wrapped": {"meta": {"n": 2}, "response": {"docs": [one, two]}},
        "by_id": {"x": one, "y": two},
        "split": {"columns": ["text"], "index": [0, 1], "data": [[one["text"]], [two["text"]]]},
        "columns": {"text": {"0": one["text"], "1": two["text"]}},
        "hits": {"hits": {"hits": [{"_id": 1, "_source": one}, {"_id": 2, "_source": two}]}},
    }
    for name, document in shapes.items():
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(document, indent=1))
        articles, problems = rows_of(file)
        assert [row["text"] for row in articles] == [one["text"], two["text"]], name
        assert problems == []
    (tmp_path / "lines.json").write_text(f"{json.dumps(one)}\n{json.dumps(two)}\n")
    assert len(rows_of(tmp_path / "lines.json")[0]) == 2


def test_a_text_that_is_not_english_is_an_article_with_a_problem(tmp_path: Path) -> None:
    german = (
        "Der Zug steht\n\nDer Nachtzug an die Küste steht seit gestern still, und niemand am Bahnhof weiß, warum das so ist.\n"
    )
    articles, problems = rows_of(write(tmp_path, a_txt=german, b_txt=TRAIN, c_txt="Kurz\n"))
    assert [row["language"] for row in articles] == ["de", "en", None]
    assert [(problem["reason"], problem["article_id"]) for problem in problems] == [("not English", "a")]
    assert reasons(rows_of(tmp_path, language="de")[1]) == ["other language"]


def test_what_the_researcher_knows_goes_before_what_the_text_says(tmp_path: Path) -> None:
    write(tmp_path, a_txt=FERRY + "\n3 March 2020\n")
    known = {"a": {"published": date(2020, 3, 4), "outlet": "Lake Courier", "note": "from the archive"}, "b": {"author": "X"}}
    [row], _ = rows_of(tmp_path, metadata=known)
    assert (row["published"], row["published_basis"], row["outlet"]) == (date(2020, 3, 4), "researcher", "Lake Courier")
    assert (row["reference_date"], row["reference_basis"]) == (date(2020, 3, 4), "published")
    assert row["metadata_note"] == "from the archive"
    assert absent_metadata(known, ["a"]) == ["b"]


def test_the_second_seed_has_its_day_from_the_metadata_file() -> None:
    rows = {row["article_id"][:3]: row for row in rows_of(ROOT / "seeds", metadata=ROOT / "data" / "metadata.csv")[0]}
    assert (rows["001"]["reference_date"], rows["001"]["reference_basis"]) == (date(2018, 4, 3), "researcher")
    assert rows["001"]["published"] is None
    assert "outside the article" in rows["001"]["metadata_note"]


HEADER = "article_id,published,reference_date,outlet,author,url,note\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEADER + "a,3 March 2020,,,,,\n", r"line 2: published is '3 March 2020'; a day is written like 2018-04-03"),
        (HEADER + "a,2020-02-30,,,,,\n", r"line 2: published is '2020-02-30'"),
        (HEADER + ",2020-03-03,,,,,\n", r"line 2: no article_id"),
        (HEADER + "a,,,,,ftp://x,\n", r"line 2: url is 'ftp://x'; it must begin with http"),
        (HEADER + "a,,,,,,\n\na,,,,,,\n", r"line 4: article_id 'a' stands in an earlier row"),
        (HEADER + "a,,,Courier, Lake,,,\n", r"line 2: 8 cells, the header has 7"),
        ("id,date\n", r"line 1: the header is \['id', 'date'\]; the columns are article_id,published"),
        (HEADER + 'a,,,"Courier,,,\n', r"quotation marks"),
        (b"article_id\n\xff\n", r"no UTF-8"),
    ],
)
def test_a_wrong_row_of_the_metadata_file_is_refused_with_file_line_and_reason(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    write(tmp_path, m_csv=content)
    with pytest.raises(MetadataError, match=message) as caught:
        read_metadata(tmp_path / "m.csv")
    assert "m.csv" in str(caught.value)


def test_a_metadata_file_that_is_not_there_is_named() -> None:
    with pytest.raises(MetadataError, match=r"nowhere.csv: cannot be read"):
        read_metadata("nowhere.csv")


def test_same_input_gives_same_rows_again() -> None:
    once = list(iter_articles(ROOT / "tests" / "reading"))
    assert once == list(iter_articles(ROOT / "tests" / "reading"))


def test_a_stream_reads_no_more_than_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, a_txt=FERRY, b_txt=TRAIN)
    items: Iterator[Any] = iter_articles(tmp_path)
    assert next(items).row["article_id"] == "a"
    (tmp_path / "b.txt").unlink()
    assert reasons([item.row for item in items]) == ["unreadable"]


def test_importing_the_reader_loads_nothing_heavy() -> None:
    heavy = ("pandas", "numpy", "trafilatura", "pyarrow", "py3langid", "lxml", "yaml")
    code = f"import sys, analysis.read; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_an_article_that_breaks_the_reader_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(
        "Harbour closed\n\nThe harbour of Varde was closed on Monday, the mayor said.", encoding="utf-8"
    )
    (tmp_path / "b.txt").write_text(
        "Bridge opened\n\nThe bridge of Varde was opened on Monday, the mayor said.", encoding="utf-8"
    )
    real = sys.modules["analysis.read"].layout

    def layout(text: str, **options: object) -> object:
        if text.startswith("Harbour"):
            raise ZeroDivisionError("words of the article")
        return real(text, **options)

    monkeypatch.setattr(sys.modules["analysis.read"], "layout", layout)
    tables = read_articles(tmp_path)
    assert tables.articles["article_id"].tolist() == ["b"]
    assert tables.problems["reason"].tolist() == ["reading failed"]
    assert tables.problems["detail"].tolist() == [
        "ZeroDivisionError while its layout was read; the article is left out, the others are not"
    ]
