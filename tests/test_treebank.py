"""Documents of a treebank as plain texts."""

from __future__ import annotations

import gzip
from pathlib import Path

from benchmarks.treebank import read_documents

LINES = """# newdoc id = answers-1
# newpar id = answers-1-p1
# text = Where is it?
1\tWhere\twhere

# newdoc id = weblog-2
# newpar id = weblog-2-p1
# text = They met.
1\tThey\tthey

# text = All = none.
# newpar id = weblog-2-p2
# text = They left.
"""


def test_sentences_and_paragraphs(tmp_path: Path) -> None:
    file = tmp_path / "some.conllu.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.write(LINES)
    one, two = read_documents(file)
    assert (one.name, one.text) == ("answers-1", "Where is it?")
    assert (two.name, two.text) == ("weblog-2", "They met. All = none.\n\nThey left.")
    assert [two.text[word.start : word.end] for word in two.words] == ["They"]
