"""Article pages: the whole text with every row's words marked and named, made again only where something changed."""

from __future__ import annotations

import dataclasses
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fake_tables import fake_tables
from hostile import hostile_tables
from test_pages import CHROMIUM, FLAGS, in_browser

from analysis import report
from analysis.findings import HIDDEN
from analysis.showing import articles, pages
from analysis.showing.articles import write_article_pages
from analysis.showing.links import FOLDER, anchor, page_name, read_shelf
from analysis.store import save_tables

LOOK = "this code"


def write(tables, folder: Path, *, look: str = LOOK) -> articles.Pages:
    save_tables(tables, folder / "tables")
    return write_article_pages(folder / "tables", folder / FOLDER, look=look)


def page_of(folder: Path, article_id: str) -> str:
    return (folder / FOLDER / page_name(article_id)).read_text("utf-8")


class Read(HTMLParser):
    """The words of the text in a page, each mark's words by row, and all ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.lines: list[str] = []
        self.words: dict[str, dict[str, list[str]]] = {}
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = dict(given)
        if "id" in attributes:
            self.ids.append(attributes["id"] or "")
        if tag not in ("meta", "link", "br"):
            self.open.append((tag, attributes))
        if tag == "p" and "dir" in attributes:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        classes = [attributes.get("class") or "" for _, attributes in self.open]
        if not any("dir" in attributes for _, attributes in self.open) or any(name.startswith("ref") for name in classes):
            return
        data = "?" if "code" in classes else data
        self.lines[-1] += data
        for tag, attributes in self.open:
            if tag == "mark":
                for name in (attributes["data-of"] or "").split():
                    self.words.setdefault(name, {}).setdefault(str(attributes["class"]), []).append(data)


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    folder, tables = tmp_path_factory.mktemp("articles"), fake_tables(events=4)
    write(tables, folder)
    return folder, tables


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder, tables = tmp_path_factory.mktemp("hostile"), hostile_tables()
    assert not write(tables, folder).failed
    return folder, tables


@pytest.fixture(params=["usual", "hostile"])
def made(request):
    return request.getfixturevalue(request.param)


# ------------------------------------------------------------------ one page


def test_a_page_holds_the_whole_text(made) -> None:
    folder, tables = made
    for row in tables.articles.itertuples():
        lines = [line.strip() for line in HIDDEN.sub("?", row.text).splitlines() if line.strip()]
        assert Read(page_of(folder, row.article_id)).lines == lines


def test_every_row_has_its_place_in_the_page_of_its_article_once(made) -> None:
    folder, tables = made
    for row in tables.articles.itertuples():
        read = Read(page_of(folder, row.article_id))
        assert len(read.ids) == len(set(read.ids))
        for table, key in ((tables.statements, "statement_id"), (tables.events, "event_id")):
            own = table[table["article_id"] == row.article_id]
            assert set(map(anchor, own[key])) <= set(read.ids)


def test_the_words_of_a_row_are_marked_also_where_rows_overlap(usual) -> None:
    folder, tables = usual
    for article in tables.articles.itertuples():
        read = Read(page_of(folder, article.article_id))
        own = tables.statements[tables.statements["article_id"] == article.article_id]
        for number, row in enumerate(own.sort_values(["start"], kind="stable").to_dict("records"), 1):
            spans = sorted(span for role in articles.ROLES for span in row[f"{role}_spans"])
            words = [word for parts in read.words[f"s{number}"].values() for word in parts]
            assert sorted("".join(words)) == sorted("".join(article.text[a:b] for a, b in spans))
        assert read.words["s1"].keys() == {"source", "cue", "content"}
        events = tables.events[tables.events["article_id"] == article.article_id]
        for number, trigger in enumerate(events["trigger"], 1):
            assert read.words[f"e{number}"]["trigger"] == [trigger]


def test_what_is_known_stands_beside_the_text(usual) -> None:
    page = page_of(usual[0], "port/0000")
    for words in (
        "Ingrid Solheim",
        "claim",
        "direct",
        "2 Jan 2012",
        "confidence 0.55",
        'within <a href="#n-s',
        "AID",
        "Nordlys Daily",
    ):
        assert words in page
    assert "from its text" in page
    assert 'href="../index.html"' in page


def test_problems_of_an_article_stand_in_its_page(tmp_path) -> None:
    tables = fake_tables(2)
    tables.problems.loc[0, ["article_id", "reason"]] = ["port/0001", "odd \u202e text"]
    write(tables, tmp_path)
    assert "odd [U+202E] text" in page_of(tmp_path, "port/0001")
    assert "Problems" not in page_of(tmp_path, "port/0000")


def test_nothing_of_an_article_becomes_html(hostile) -> None:
    folder, tables = hostile
    for row in tables.articles.itertuples():
        page = page_of(folder, row.article_id)
        body = page.partition("<header>")[2].rpartition("<script>")[0]
        assert not re.search(r"<(script|img|svg|iframe|style|object)\b|<[^>]+ on\w+=|javascript:[^<]*\"", body)
        assert not HIDDEN.search(body)
        links = re.findall(r'href="([^"]*)"', body)
        assert all(re.match(r"#|\.\./index\.html|https?://", link) for link in links)


def test_a_page_loads_nothing_and_is_small(usual) -> None:
    page = page_of(usual[0], "port/0000")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert "unsafe" not in policy
    styles, scripts = (re.findall(rf"<{name}>(.*?)</{name}>", page, re.S) for name in ("style", "script"))
    assert policy == pages.policy(styles, scripts)
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!example\.org)', page)
    assert len(page.encode()) < 40_000


# ------------------------------------------------------------------ names


def test_names_are_safe_and_no_two_are_alike_on_any_disk() -> None:
    ids = ["a/b", "A/B", "a-b", "../../etc/passwd", "CON", "x" * 400, "é", "e\u0301", "人", "", " ", "a\0b", "-rf"]
    names = [page_name(article_id) for article_id in ids]
    assert len({name.casefold() for name in names}) == len(ids)
    assert all(articles.PAGE_NAME.fullmatch(name) for name in names)


def test_anchors_need_no_escaping() -> None:
    assert re.fullmatch(r"[A-Za-z0-9-]+", anchor("press/élan <b>\"' #é?-s1a2b3c4d"))


# ------------------------------------------------------------------ again


def test_only_what_changed_is_written_again(tmp_path) -> None:
    tables = fake_tables(4, events=2)
    assert write(tables, tmp_path)[:3] == (4, 0, 0)
    assert write(tables, tmp_path)[:3] == (0, 4, 0)
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / FOLDER).glob("*.html")}
    changed = tables.statements[tables.statements["article_id"] == "port/0002"].index[0]
    tables.statements.loc[changed, "confidence"] = 0.01
    assert write(tables, tmp_path)[:3] == (1, 3, 0)
    now = {path.name for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp}
    assert now == {page_name("port/0002")}
    (tmp_path / FOLDER / page_name("port/0003")).unlink()
    (tmp_path / FOLDER / page_name("port/0001")).write_text("half a pa")
    assert write(tables, tmp_path)[:3] == (2, 2, 0)
    assert write(tables, tmp_path, look="other code")[:3] == (4, 0, 0)


def test_pages_of_articles_that_are_gone_go_and_nothing_else(tmp_path) -> None:
    write(fake_tables(4), tmp_path)
    (tmp_path / FOLDER / "mine.html").write_text("x")
    record = tmp_path / FOLDER / "manifest.json"
    spoilt = json.loads(record.read_text())
    spoilt["pages"]["../tables/articles.csv"] = ["x", 1]
    record.write_text(json.dumps(spoilt))
    assert write(fake_tables(3), tmp_path)[:3] == (0, 3, 1)
    assert not (tmp_path / FOLDER / page_name("port/0003")).exists()
    assert (tmp_path / FOLDER / "mine.html").exists()
    assert (tmp_path / "tables" / "articles.csv").exists()


def test_a_damaged_record_means_that_all_are_made(tmp_path) -> None:
    write(fake_tables(), tmp_path)
    for text in ("", "[]", '{"pages": 1}', '{"look": "a", "tables": {}, "pages": {"a": 1}}'):
        (tmp_path / FOLDER / "manifest.json").write_text(text)
        assert write(fake_tables(), tmp_path)[:3] == (3, 0, 0)


def test_rows_in_any_order_give_the_same_pages(tmp_path, usual) -> None:
    tables = dataclasses.replace(usual[1])
    tables.statements = tables.statements[::-1].reset_index(drop=True)
    tables.events = tables.events.sample(frac=1, random_state=3).reset_index(drop=True)
    tables.articles = tables.articles[::-1].reset_index(drop=True)
    write(tables, tmp_path)
    assert page_of(tmp_path, "port/0001") == page_of(usual[0], "port/0001")


def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(articles, "SAVE_AFTER", 2)
    html, seen = articles.article_html, []

    def killed(article, *rows, press):
        seen.append(article)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return html(article, *rows, press=press)

    monkeypatch.setattr(articles, "article_html", killed)
    with pytest.raises(KeyboardInterrupt):
        write(fake_tables(5), tmp_path)
    assert all(path.read_text().endswith("</html>\n") for path in (tmp_path / FOLDER).glob("*.html"))
    monkeypatch.setattr(articles, "article_html", html)
    assert write(fake_tables(5), tmp_path)[:3] == (3, 2, 0)


def test_one_odd_article_costs_only_its_own_page_and_is_told(tmp_path, monkeypatch) -> None:
    save_tables(fake_tables(), tmp_path / "tables")
    html = articles.article_html

    def odd(article, *rows, press):
        if article["article_id"] == "port/0001":
            raise ValueError("odd")
        return html(article, *rows, press=press)

    monkeypatch.setattr(articles, "article_html", odd)
    made = write_article_pages(tmp_path / "tables", tmp_path / FOLDER, look=LOOK)
    assert (made.made, made.failed) == (2, {"port/0001": "ValueError: odd"})
    assert not read_shelf(tmp_path / FOLDER).is_current(tmp_path / FOLDER, look=LOOK, tables={})


# ------------------------------------------------------------------ in a browser


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Reports with the pages of the articles beside them."""
    folder = tmp_path_factory.mktemp("beside")
    save_tables(fake_tables(events=4), folder / "tables")
    (outcome,) = report.report(["statements"], tables=folder / "tables", out=folder / "out")
    assert outcome.state == "made"
    return folder / "out"


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), headless=True, args=FLAGS)
        yield started
        started.close()


@in_browser
def test_a_row_leads_to_its_words_in_the_whole_article_and_back(browser, reports) -> None:
    # Imported here, as playwright is there only where browser tests run.
    from playwright.sync_api import expect

    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((reports / "statements.html").as_uri())
    row = page.locator("tr.row").nth(3)
    speaker, content = row.locator("th bdi").first.inner_text(), row.locator("mark.content").first.inner_text()
    row.locator("button.context").click()
    page.get_by_role("link", name="These words in the whole article").click()
    expect(page).to_have_url(re.compile("/articles/port-"))
    expect(page.locator(".line li.on b")).to_have_text(speaker)
    assert content in " ".join(page.locator("mark.on").all_inner_texts())
    expect(page.locator(".ref:target")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("mark.on")).to_have_count(0)
    # The browser tells of a new address within the page only after the click is over: what follows is waited for.
    page.get_by_role("link", name="Statement 1", exact=True).click()
    expect(page.locator("#n-s1.on")).to_have_count(1)
    page.get_by_role("link", name="All reports").click()
    expect(page).to_have_url(re.compile(r"/index\.html$"))
    assert all(url.startswith(("file:", "data:")) for url in asked)
    page.close()


@in_browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
@pytest.mark.parametrize("name", ["usual", "hostile"])
def test_axe_finds_nothing_and_nothing_runs(request, browser, name, scheme, width) -> None:
    from axe_playwright_python.sync_playwright import Axe

    folder, tables = request.getfixturevalue(name)
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    for article_id in tables.articles["article_id"][:: 1 if name == "usual" else 5]:
        page.goto((folder / FOLDER / page_name(article_id)).as_uri())
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("window.ran") is None
    assert not complaints
    page.close()
