"""Files that were made to break readers: each costs a problem row, never the run, and little time."""

from __future__ import annotations

import copy
import gc
import gzip
import io
import json
import os
import socket
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.read import ArticleRow, iter_articles
from analysis.reading import files, parsers
from analysis.reading.layout import layout
from analysis.reading.parsers import Parser, ParserError
from analysis.reading.reference import infer_reference

GOOD = "Ferry runs again\n\nThe ferry to the island runs again since the morning, its owner said on Monday.\n"
PAGE = "<html><body><h1>Ferry runs</h1>{}<p>{}</p></body></html>"
SENTENCES = "The ferry to the island runs again, its owner said on Monday after a week of storms. " * 6


def read_all(path: Path, **options: Any) -> tuple[list[dict[str, Any]], list[str], list[dict[str, Any]]]:
    """The articles, the reasons of the problems, and the problems; a good file beside the bad ones must always come out."""
    items = list(iter_articles(path, **options))
    articles = [item.row for item in items if isinstance(item, ArticleRow)]
    problems = [item.row for item in items if not isinstance(item, ArticleRow)]
    for row in (*articles, *problems):
        json.dumps(row, default=str, ensure_ascii=False).encode("utf-8")
    return articles, [problem["reason"] for problem in problems], problems


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "good.txt").write_text(GOOD)
    return tmp_path


def ids(articles: list[dict[str, Any]]) -> list[str]:
    return [row["article_id"] for row in articles]


# --- files that are none ----------------------------------------------------------------------------------------------


def test_links_pipes_and_sockets_are_named_and_not_opened(corpus: Path) -> None:
    (corpus / "link.txt").symlink_to("/dev/zero")
    (corpus / "loop").symlink_to(corpus, target_is_directory=True)
    os.mkfifo(corpus / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(corpus / "s.txt"))
        articles, reasons, _ = read_all(corpus)
    assert ids(articles) == ["good"]
    assert reasons == ["symbolic link", "symbolic link", "not a regular file", "not a regular file"]


def test_a_file_that_is_replaced_by_a_pipe_before_it_is_opened_does_not_hang(corpus: Path) -> None:
    os.mkfifo(corpus / "pipe.txt")
    with pytest.raises(OSError, match="no regular file any more"):
        files.open_regular(corpus / "pipe.txt")
    (corpus / "link.txt").symlink_to(corpus / "good.txt")
    with pytest.raises(OSError, match="symbolic links"):
        files.open_regular(corpus / "link.txt")


@pytest.mark.skipif(sys.platform == "darwin", reason="such names cannot be made there")
def test_names_that_are_no_text(corpus: Path) -> None:
    (corpus / os.fsdecode(b"bad\xff\x1b.txt")).write_text(GOOD + "Really.\n")
    articles, reasons, _ = read_all(corpus)
    assert ids(articles) == ["bad\ufffd\ufffd", "good"]
    assert reasons == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_and_folders_that_may_not_be_read(corpus: Path) -> None:
    (corpus / "shut.txt").write_text(GOOD)
    (corpus / "shut.txt").chmod(0)
    (corpus / "shut").mkdir(mode=0)
    articles, reasons, _ = read_all(corpus)
    (corpus / "shut").chmod(0o700)
    assert ids(articles) == ["good"]
    assert reasons == ["unreadable", "unreadable"]


# --- bytes that are no text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "empty file"),
        ("a.txt", b"\xef\xbb\xbf", "empty file"),
        ("a.txt", b"\0" * 500, "empty file"),
        ("a.txt", bytes(range(256)) * 4, "binary file"),
        ("a.txt", b"\x7fELF" + bytes(range(32)) * 50, "binary file"),
        ("a.txt", b"%PDF-1.7\nx", "unsupported format"),
        ("a.txt", b"PK\x03\x04abc", "unsupported format"),
        ("a.txt", b"{\\rtf1 x}", "unsupported format"),
        ("a.html", b"  ", "empty file"),
        ("a.html", b"<html></html>", "no text"),
        ("a.html", b"<p>", "no text"),
        ("a.json", b"", "empty file"),
        ("a.json", b"{", "broken record"),
        ("a.json", b"[" * 100_000, "broken record"),
        ("a.json", b'{"a":' * 50_000, "broken record"),
        ("a.json", b"17", "broken record"),
        ("a.jsonl", b"", "empty file"),
        ("a.jsonl", b"[" * 100_000 + b"\n", "broken record"),
        ("a.jsonl", b"nonsense\n", "broken record"),
        ("a.csv", b"", "empty file"),
        ("a.csv", b"\n\n", "empty file"),
        ("a.csv", b"id,date\n1,2\n", "no text field"),
        ("a.csv", b"a,b", "no text field"),
        ("a.csv", b'"text', "broken record"),
        ("a.parquet", b"", "unreadable"),
        ("a.parquet", b"PAR1" + b"x" * 100 + b"PAR1", "unreadable"),
        ("a.zip", b"", "broken archive"),
        ("a.zip", b"PK\x05\x06" + b"\xff" * 18, "broken archive"),
        ("a.txt.gz", b"no gzip", "broken archive"),
        ("a.txt.gz", gzip.compress(b"word " * 1000)[:-9], "broken archive"),
    ],
)
def test_one_problem_row_for_a_file_that_holds_no_article(corpus: Path, name: str, content: bytes, reason: str) -> None:
    (corpus / name).write_bytes(content)
    articles, reasons, problems = read_all(corpus)
    assert ids(articles) == ["good"]
    assert reasons == [reason]
    assert problems[0]["path"] == name
    assert problems[0]["detail"]


def test_characters_that_tables_cannot_hold_are_replaced_one_for_one(corpus: Path) -> None:
    text = r"The \ud83d ferry\u0000 runs again, its owner said on Monday."
    record = rf'{{"id": "x\ud800", "title": "A \udfff title", "text": "{text}"}}'
    (corpus / "a.jsonl").write_text(record)
    articles, reasons, _ = read_all(corpus)
    assert articles[0]["text"] == "The \ufffd ferry\ufffd runs again, its owner said on Monday."
    assert articles[0]["title"] == "A \ufffd title"
    assert reasons == ["broken characters", "NUL characters"]


# --- records ----------------------------------------------------------------------------------------------------------


def test_a_bad_line_costs_one_row(corpus: Path) -> None:
    text = "The ferry to the island runs again, its owner said on Monday; number {}."
    lines = [json.dumps({"text": text.format(1)}), "{", "[" * 100_000, '"x"', "\ud7ff", json.dumps({"text": ""}), ""]
    lines += [json.dumps({"text": "x" * 5_000}), json.dumps({"text": 5}), json.dumps({"text": text.format(2)})]
    (corpus / "a.jsonl").write_text("\n".join(lines))
    articles, reasons, _ = read_all(corpus, max_bytes=4_000)
    assert ids(articles) == ["a#1", "a#10", "good"]
    assert reasons == ["broken record", "too large", "broken record", "broken record", "no text", "too large", "no text"]


def test_numbers_that_are_too_large_are_no_trouble(corpus: Path) -> None:
    digits = "9" * 5_000
    (corpus / "a.jsonl").write_text(
        f'{{"n": {digits}, "date": {digits}, "id": {digits}, "v": 1e999, "w": NaN, "text": "{SENTENCES}"}}'
    )
    articles, reasons, _ = read_all(corpus)
    assert ids(articles) == ["a#1", "good"]
    assert articles[0]["published"] is None
    assert reasons in ([], ["date not understood"])


def test_a_broken_row_of_a_csv_file_costs_only_itself(corpus: Path) -> None:
    good = '"The ferry runs again, its owner said on Monday, and so does the bus, number {}.",T\n'
    (corpus / "a.csv").write_text(
        "text,title\n"
        + good.format(1)
        + '"He said "no" twice",T\n'
        + "only one cell\n"
        + "a,b,c,d\n"
        + good.format(2)
        + '"open quotation,T\n'
    )
    articles, reasons, _ = read_all(corpus)
    assert ids(articles) == ["a#1", "a#5", "good"]
    assert reasons == ["broken record"] * 4


def test_a_line_of_a_csv_file_over_the_limit(corpus: Path) -> None:
    (corpus / "a.csv").write_text("text\n" + "x" * 20_000 + "\n")
    assert read_all(corpus, max_bytes=10_000)[1] == ["too large"]


def test_a_parquet_file_that_holds_more_than_its_bytes(corpus: Path) -> None:
    pq.write_table(pa.table({"text": [SENTENCES * 2_000] * 300}), corpus / "a.parquet")
    assert (corpus / "a.parquet").stat().st_size < 100_000
    articles, reasons, _ = read_all(corpus)
    assert "archive bomb" in reasons
    assert "good" in ids(articles)


def test_parquet_with_odd_columns(corpus: Path) -> None:
    columns = {
        "text": [SENTENCES, None],
        "date": pa.array([1, 2], pa.timestamp("ns")),
        "author": [["A B", "C D"], []],
        "extra": [b"\xff", b""],
    }
    pq.write_table(pa.table(columns), corpus / "a.parquet")
    pq.write_table(pa.table({"x": [1]}), corpus / "b.parquet")
    articles, reasons, _ = read_all(corpus)
    assert (articles[0]["author"], str(articles[0]["published"])) == ("A B, C D", "1970-01-01")
    assert reasons == ["no text", "no text field"]


# --- sizes and archives -----------------------------------------------------------------------------------------------


def test_files_over_the_limit_are_only_problems(corpus: Path) -> None:
    for name in ("a.txt", "a.html", "a.json", "a.jsonl"):
        (corpus / name).write_text('{"text": "' + "word " * 2_000 + '"}')
    (corpus / "b.txt.gz").write_bytes(gzip.compress(b"word " * 2_000))
    articles, reasons, problems = read_all(corpus, max_bytes=5_000)
    assert ids(articles) == ["good"]
    assert reasons == ["too large"] * 5
    assert all("5,000" in problem["detail"] for problem in problems)


def test_what_inflates_out_of_proportion_is_not_read_to_its_end(corpus: Path) -> None:
    (corpus / "a.txt.gz").write_bytes(gzip.compress(b"a" * 20_000_000))
    (corpus / "b.jsonl.gz").write_bytes(gzip.compress(b"\n" * 20_000_000))
    with zipfile.ZipFile(corpus / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.txt", b"a" * 20_000_000)
        archive.writestr("two.txt", GOOD + "Really.")
    articles, reasons, _ = read_all(corpus)
    assert reasons == ["archive bomb"] * 3
    assert ids(articles) == ["c/two", "good"]


def test_many_members_that_are_together_a_bomb(corpus: Path) -> None:
    with zipfile.ZipFile(corpus / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(60):
            archive.writestr(f"{i}.txt", f"{i} " + "a" * 900_000)
    _, reasons, _ = read_all(corpus)
    assert "archive bomb" in reasons


def test_members_that_share_their_bytes(corpus: Path) -> None:
    with zipfile.ZipFile(corpus / "a.zip", "w") as archive:
        archive.writestr("one.txt", GOOD + "One.")
        twin = copy.copy(archive.filelist[0])
        twin.filename = twin.orig_filename = "two.txt"
        archive.filelist.append(twin)
        archive.NameToInfo["two.txt"] = twin
    articles, reasons, _ = read_all(corpus)
    assert (ids(articles), reasons) == (["good"], ["archive bomb"])


def test_archives_in_archives(corpus: Path) -> None:
    data = GOOD.encode() + b"Deep."
    for name in ("a.txt", "b.zip", "c.zip", "d.zip"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(name, data)
        data = buffer.getvalue()
    (corpus / "e.zip").write_bytes(data)
    articles, reasons, _ = read_all(corpus)
    assert (ids(articles), reasons) == (["good"], ["archive bomb"])


def test_names_of_members_lead_nowhere(corpus: Path) -> None:
    names = ("../../up.txt", "/etc/root.txt", "C:\\win\\x.txt", "a/../b.txt", "n\x00ul.txt", "..", "same.txt")
    with zipfile.ZipFile(corpus / "a.zip", "w") as archive:
        for i, name in enumerate(names):
            archive.writestr(name, f"{GOOD} Number {i}.")
    before = {path for path in corpus.parent.rglob("*") if path.is_file()}
    articles, _, _ = read_all(corpus)
    assert {path for path in corpus.parent.rglob("*") if path.is_file()} == before
    assert all(
        not part.startswith(("/", "..")) and ".." not in part.split("/")
        for row in articles
        for part in (row["article_id"], row["path"])
    )
    assert {"a/up", "a/etc/root", "a/a/b", "a/same"} <= set(ids(articles))


def test_more_members_than_are_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for i in range(5):
            archive.writestr(f"{i}.txt", f"{GOOD} Number {i}.")
    [source], _ = files.find(tmp_path)
    trouble, *found = files.members(source, files.Limits(max_members=3), depth=0)
    assert isinstance(trouble, files.Trouble)
    assert trouble.reason == "too many members"
    assert [member.path for member in found] == ["a.zip/0.txt", "a.zip/1.txt", "a.zip/2.txt"]


def test_an_encrypted_member_is_named(corpus: Path) -> None:
    with zipfile.ZipFile(corpus / "a.zip", "w") as archive:
        archive.writestr("a.txt", GOOD + "A.")
    data = bytearray((corpus / "a.zip").read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    (corpus / "a.zip").write_bytes(data)
    _, reasons, problems = read_all(corpus)
    assert reasons == ["unreadable"]
    assert "encrypted" in problems[0]["detail"]


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        PAGE.format("<div>" * 5_000, SENTENCES),
        PAGE.format("<b><i>" * 3_000, SENTENCES),
        PAGE.format("<!--" * 50_000, SENTENCES),
        PAGE.format("<a " * 100_000, SENTENCES),
        PAGE.format("<p " + "a='b' " * 50_000 + ">", SENTENCES),
        PAGE.format("&lt;script&gt;" * 20_000, SENTENCES),
        PAGE.format("<table><tr>" * 2_000, SENTENCES),
        "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE x [<!ENTITY a 'b'><!ENTITY c SYSTEM 'file:///etc/passwd'>]>"
        + PAGE.format("&a;&c;", SENTENCES),
        PAGE.format("<script type='application/ld+json'>" + "[" * 50_000 + "</script>", SENTENCES),
        "<" * 100_000,
    ],
    ids=[
        "deep",
        "deep inline",
        "comments",
        "unclosed",
        "attributes",
        "entities",
        "tables",
        "external entity",
        "deep json",
        "angles",
    ],
)
def test_a_page_that_breaks_parsers_is_an_article_or_a_problem(corpus: Path, html: str) -> None:
    (corpus / "a.html").write_text(html)
    articles, reasons, _ = read_all(corpus, max_seconds=15)
    assert ids(articles)[-1] == "good"
    assert len(articles) == 2 or len(reasons) >= 1
    assert not any("root:" in row["text"] for row in articles)


def test_what_a_page_says_about_itself_is_checked(corpus: Path) -> None:
    head = (
        "<head><base href='http://evil.example/2019/01/01/'><link rel='canonical' href='javascript:alert(1)'>"
        "<meta property='article:published_time' content='2019-02-31'><meta name='author' content='http://evil.example/me'></head>"
    )
    (corpus / "a.html").write_text(head + PAGE.format("", SENTENCES))
    articles, reasons, _ = read_all(corpus)
    assert (articles[0]["url"], articles[0]["published"], articles[0]["author"]) == (None, None, None)
    assert sorted(reasons) == ["address left out", "date not understood"]


def test_a_parser_that_hangs_or_dies_is_started_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    source = Path(parsers.__file__).read_text(encoding="utf-8")
    lines = (
        'if b"HANG" in payload:',
        "    threading.Event().wait(60)",
        'if b"DIE" in payload:',
        "    os._exit(3)",
        'if kind == "html":',
    )
    trick = "\n    ".join(lines)
    program.write_text(source.replace('if kind == "html":', trick), encoding="utf-8")
    monkeypatch.setattr(parsers, "__file__", str(program))
    with Parser(seconds=2) as parser:
        with pytest.raises(ParserError, match="stopped after 2 seconds") as hung:
            list(parser.ask("html", b"HANG"))
        with pytest.raises(ParserError, match="ended with code 3") as died:
            list(parser.ask("html", b"DIE"))
        [page] = parser.ask("html", PAGE.format("", SENTENCES).encode())
    assert (hung.value.reason, died.value.reason) == ("took too long", "parser died")
    assert page["title"] == "Ferry runs"


def test_no_process_is_left_behind(corpus: Path) -> None:
    (corpus / "a.html").write_text(PAGE.format("", SENTENCES))
    items = iter_articles(corpus)
    next(items)
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if not children.exists():
        pytest.skip("this system does not list the children of a process")
    before = children.read_text().split()
    items.close()  # type: ignore[attr-defined]
    assert len(children.read_text().split()) == len(before) - 1


# --- time -------------------------------------------------------------------------------------------------------------


UNITS = {
    "spaces": " ", "empty lines": "\n", "brackets": "(", "square brackets": "[", "quotation marks": '"', "By": "By ",
    "names": "By John Doe ", "capitals": "A", "words": "Abc ", "digits": "1", "dates": "3 March 2020 ",
    "dated lines": "3 March 2020\n\nText goes on.\n\n", "weekdays": "on Monday, 3 March 2020 ", "bars": "A | ", "slashes": "A/",
    "labels": "body: x\n", "codes": "HD x\nLP y\nSN z\nPD w\n", "captions": "photo: ", "lists": "Related\n",
    "years": "in 2020 ", "short lines": "A b c\n", "wrapped": "word " * 14 + "\n", "commas": "A, ",
    "joined names": "Al Bo and ", "marks": "*_# ",
    "follow": "follow us on ", "copyright": "copyright ", "credits": "[Getty]\n", "line separators": "\u2028", "dots": ". ",
}  # fmt: skip


@pytest.mark.parametrize("name", UNITS)
def test_twice_the_text_takes_about_twice_the_time(name: str) -> None:
    def seconds(length: int) -> float:
        text = (UNITS[name] * (length // len(UNITS[name]) + 1))[:length]
        start = time.process_time()
        infer_reference(text, layout(text).zones)
        layout(text, title=text[:300], markdown=True)
        return time.process_time() - start

    # Other work on the machine and the collection of garbage make measurements uneven: the least of two counts.
    gc.collect()
    gc.disable()
    try:
        once, twice = (min(seconds(length) for _ in range(2)) for length in (12_000, 24_000))
    finally:
        gc.enable()
    assert twice < 3 * once + 0.02
    assert twice < 1
