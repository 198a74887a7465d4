"""GUM's documents as the benchmark of pronouns reads them."""

from __future__ import annotations

import gzip
from pathlib import Path

from benchmarks.pronouns import measure, mentions_in
from benchmarks.treebank import read_documents

LINES = """# newdoc id = GUM_news_one
# newpar
# text = Ida Holm didn't come.
1\tIda\tIda\t_\t_\t_\t_\t_\t_\tEntity=(4-person-new-Ida_Holm
2\tHolm\tHolm\t_\t_\t_\t_\t_\t_\tEntity=4)
3-4\tdidn't\t_\t_\t_\t_\t_\t_\t_\t_
3\tdid\tdo\t_\t_\t_\t_\t_\t_\t_
4\tn't\tnot\t_\t_\t_\t_\t_\t_\t_
5\tcome\tcome\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
6\t.\t.\t_\t_\t_\t_\t_\t_\t_

# text = She left.
1\tShe\tshe\t_\t_\t_\t_\t_\t_\tEntity=(4-person-giv)
2\tleft\tleave\t_\t_\t_\t_\t_\t_\t_
"""


def test_mentions_of_one_entity(tmp_path: Path) -> None:
    file = tmp_path / "gum.conllu.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.write(LINES)
    (document,) = read_documents(file)
    assert (document.name, document.text) == ("GUM_news_one", "Ida Holm didn't come. She left.")
    assert [(document.text[a:b], entity) for a, b, entity in mentions_in(document)] == [("Ida Holm", "4"), ("She", "4")]


def test_nothing_is_measured_without_the_corpus(tmp_path: Path) -> None:
    figures, text = measure(tmp_path)
    assert figures == []
    assert "GUM" in text
