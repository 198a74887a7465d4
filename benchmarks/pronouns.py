"""Whom "he" and "she" mean, on GUM's coreference: `python -m benchmarks pronouns`.

GUM (gucorpling.org/gum) marks which mentions of a text are of one entity. Of its news, interviews, biographies and speeches
every "he", "him", "his", "she" and "her" outside of quotations counts whose entity is named somewhere in the text: right is a
person whose surname is among the words of such a name. Quotations are left out, since who speaks in them is not asked here.

The rules of analysis/pronouns.py were written with these texts in view.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import chain
from pathlib import Path

from benchmarks.results import Figure, corpus_file, missing_corpus
from benchmarks.treebank import Document, read_documents

FILES = ("gum_train.conllu.gz", "gum_dev.conllu.gz")
GENRES = ("news", "interview", "bio", "speech")
PRONOUNS = frozenset("he him his she her".split())
NO_NAMES = PRONOUNS | frozenset("i me my we us our you your it its who".split())
ENTITY = re.compile(r"Entity=([^|\s]*)")
OPENS_OR_CLOSES = re.compile(r"\((?P<opened>[^()-]+)[^()]*(?P<at_once>\))?|(?P<closed>[^()]+)\)")
NAME = re.compile(r"[A-Z][a-z]")


def mentions_in(document: Document) -> list[tuple[int, int, str]]:
    """Where the entities of a document are mentioned: (start, end, entity)."""
    mentions: list[tuple[int, int, str]] = []
    opened: dict[str, list[int]] = defaultdict(list)
    for word in document.words:
        marks = ENTITY.search(word.misc)
        for mark in OPENS_OR_CLOSES.finditer(marks[1] if marks else ""):
            if mark["opened"]:
                opened[mark["opened"]].append(word.start)
            entity = mark["opened"] if mark["at_once"] else (mark["closed"] or "").split("-")[0]
            if entity and opened[entity]:
                mentions.append((opened[entity].pop(), word.end, entity))
    return mentions


def count_right(document: Document) -> Counter[str]:
    """How many pronouns there are (`all`), how many get a person (`named`), and how many the right one (`right`)."""
    from analysis.authority import Authority
    from analysis.manifest import project_root
    from analysis.setting import Setting
    from analysis.tagger import load_tagger
    from analysis.wordlists import read_words

    text = document.text
    tagged = load_tagger().tag(text, [(0, len(text))])
    article = {"article_id": document.name, "text": text, "zones": [], "reference_date": None}
    pronouns = Setting(article, tagged, read_words(project_root() / "data"), Authority()).speakers.pronouns
    names: dict[str, set[str]] = defaultdict(set)
    mentions = mentions_in(document)
    for start, end, entity in mentions:
        if NAME.search(text[start:end]) and text[start:end].lower() not in NO_NAMES:
            names[entity] |= set(re.findall(r"[\w-]+", text[start:end]))
    counts: Counter[str] = Counter()
    for start, end, entity in mentions:
        if text[start:end].lower() in PRONOUNS and names[entity] and not pronouns.quoted(start):
            person = pronouns.person(start)
            right = person is not None and person.name.split()[-1] in names[entity]
            counts += Counter(all=1, named=int(person is not None), right=int(right))
    return counts


def measure(corpora: Path | None) -> tuple[list[Figure], str]:
    """The figures, and a line for each genre; nothing but a line of text where the corpus is missing."""
    paths = [corpus_file(corpora, "ud", name) for name in FILES]
    if None in paths:
        return [], f"pronouns: {missing_corpus('gum')}\n"
    by_genre: dict[str, Counter[str]] = {genre: Counter() for genre in GENRES}
    for document in chain.from_iterable(read_documents(path) for path in paths if path):
        genre = document.name.split("_")[1]
        if genre in by_genre:
            by_genre[genre] += count_right(document)
    total = sum(by_genre.values(), Counter())
    figures = [
        Figure("pronouns, GUM, he and she outside of quotations, precision", total["right"] / max(1, total["named"])),
        Figure("pronouns, GUM, he and she outside of quotations, recall", total["right"] / max(1, total["all"])),
    ]
    lines = [
        f"{genre}: {counts['all']} pronouns, {counts['named']} get a person, {counts['right']} the right one\n"
        for genre, counts in by_genre.items()
    ]
    return figures, "".join(lines)
