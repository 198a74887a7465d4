"""Names and speakers, from the examples in examples/speakers.yaml; no model is needed, the names are marked in the text."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from analysis.authority import ActorsError, Authority, read_actors
from analysis.descriptions import Descriptions
from analysis.names import Cast
from analysis.sentences import Sentences
from analysis.speakers import Speakers
from analysis.tagger import Name
from analysis.whole_names import WholeNames
from analysis.wordlists import read_words

HERE = Path(__file__).parent
EXAMPLES = yaml.safe_load((HERE / "examples" / "speakers.yaml").read_text(encoding="utf-8"))
KINDS = {"P": "PERSON", "O": "ORGANIZATION", "L": "LOCATION", "M": "MISC"}
BRACKET = re.compile(r"\[([POLM]) |[\]{}]")


@pytest.fixture(scope="module")
def words():
    return read_words(HERE.parent / "data")


def read_marks(marked):
    """The text without marks, the names, and the span of the source."""
    text, at, names, span, opened = "", 0, [], [0, 0], []
    for mark in BRACKET.finditer(marked):
        text += marked[at : mark.start()]
        at = mark.end()
        if mark[1]:
            opened.append((KINDS[mark[1]], len(text)))
        elif mark[0] == "]":
            kind, start = opened.pop()
            names.append(Name(start, len(text), kind))
        else:
            span["{}".index(mark[0])] = len(text)
    return text + marked[at:], names, tuple(span)


def speaker_of(marked, words, *, before=None, parent=None, authority=None, day=None):
    text, names, span = read_marks(marked)
    speakers = Speakers(text, Cast(text, names, words, authority or Authority(), day), Sentences(text))

    def other(source):
        start = text.index(source)
        return speakers.resolve((start, start + len(source)))

    return speakers.resolve(span, previous=other(before) if before else None, parent=other(parent) if parent else None)


def marked(example):
    marks = [pytest.mark.xfail(reason=example["fails"])] if "fails" in example else []
    return pytest.param(example, id=example["title"], marks=marks)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[P Pablo Soto] came. When Soto sat, we left.", ["P Pablo Soto", "P Soto"]),
        ("[P Pablo Soto] came to Soto Street, an anti-Soto march.", ["P Pablo Soto"]),
        ("[P Ana Price] came, and the price fell. Price left.", ["P Ana Price"]),
        ("[P Bo Ekby] of [O Ekby Motors] came. [O Ekby] fell, and Ekby sank.", ["P Bo Ekby", "O Ekby Motors", "O Ekby"]),
        ("[P Pablo Soto] came. [P Soto] sat. [O Soto] ate, [O Soto] left.", ["P Pablo Soto", "P Soto", "P Soto", "P Soto"]),
        ("[P Hails Pablo Soto Donor]\n\n[P Pablo Soto] came.", ["P Pablo Soto", "P Pablo Soto"]),
        ("[P Pablo Soto] and [P Ana Pablo Soto] came.", ["P Pablo Soto", "P Ana Pablo Soto"]),
        ("[P Ana] [P Soto] came.", ["P Ana Soto"]),
        ("We met Ana [P Soto].", ["P Ana Soto"]),
        ("Will [P Soto] come?", ["P Soto"]),
        ("[O Wick Farlo] grew. [O Wick] [L Farlo] fell.", ["O Wick Farlo", "O Wick Farlo"]),
        ("[O Lindwick] [P Marlo] fell.", ["O Lindwick Marlo"]),
        ("[O Lindwick] [P Marlo] fell. [P Bo Marlo] rose.", ["O Lindwick", "P Marlo", "P Bo Marlo"]),
        ("[M Cuban] [O Dock Workers] met the [O United Dock Workers].", ["O Cuban Dock Workers", "O United Dock Workers"]),
    ],
)
def test_names_are_whole_and_of_one_kind(marked, expected, words):
    text, names, _ = read_marks(marked)
    found = WholeNames(text, words, Descriptions(text, words)).of(names)
    assert [f"{name.kind[0]} {text[name.start : name.end]}" for name in found] == expected


@pytest.mark.parametrize("example", [marked(example) for example in EXAMPLES])
def test_resolve(words, example):
    found = speaker_of(example["text"], words, before=example.get("before"), parent=example.get("parent"))
    expected = {key: example[key] for key in ("basis", "kind", "country", "affiliation") if key in example}
    assert {"name": found.name, **{key: getattr(found, key) for key in expected}} == {"name": example["expect"], **expected}


ACTORS = """name,alias,kind,country,affiliation,from,until,note
Karl Ek,K. Ek|Sweden premier,person,SWE,Prime Minister,2015-01-01,2018-12-31,
Per Dahl,Sweden premier,person,SWE,Prime Minister,2019-01-01,,
"""


@pytest.mark.parametrize(("day", "name"), [(date(2016, 5, 1), "Karl Ek"), (date(2020, 5, 1), "Per Dahl"), (None, None)])
def test_an_office_names_a_person_only_within_its_dates(tmp_path, words, day, name):
    path = tmp_path / "actors.csv"
    path.write_text(ACTORS, encoding="utf-8")
    found = speaker_of("{The [M Swedish] premier} said it.", words, authority=read_actors(path), day=day)
    assert found.name == name


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Karl Ek,,human,SWE,,,,", "line 2: name 'Karl Ek', kind 'human'"),
        (",Ek,person,SWE,,,,", "line 2: name ''"),
        ("Karl Ek,,person,Sweden,,,,", "line 2: country 'Sweden'; expected an alpha-3 code"),
        ("Karl Ek,,person,SWE,,1.1.2015,,", "line 2: .*expected a day such as 2019-06-29"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number(tmp_path, row, message):
    path = tmp_path / "actors.csv"
    path.write_text(ACTORS.splitlines()[0] + "\n" + row + "\n", encoding="utf-8")
    with pytest.raises(ActorsError, match=message):
        read_actors(path)


def test_wrong_columns_are_named(tmp_path):
    path = tmp_path / "actors.csv"
    path.write_text("name,alias\nKarl Ek,Ek\n", encoding="utf-8")
    with pytest.raises(ActorsError, match=r"the columns are \['name', 'alias'\]; expected \['name', 'alias', 'kind'"):
        read_actors(path)
