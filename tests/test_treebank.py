"""Documents of a treebank as plain texts."""

from __future__ import annotations

import gzip
from pathlib import Path

from training.treebank import read_documents

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


def test_sentences_and_paragraphs_of_weblogs_alone(tmp_path: Path) -> None:
    file = tmp_path / "some.conllu.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.write(LINES)
    assert list(read_documents(file)) == [("weblog-2", "They met. All = none.\n\nThey left.")]
