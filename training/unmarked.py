"""Texts that nobody marked, for a teacher to judge (training/teacher.py): EWT as a whole, the sentences of QA-SRL, and every
text with marked events once more in other words (training/rewording.py).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import torch
from torch.nn import functional as F
from transformers import AutoModel

from benchmarks.treebank import read_documents
from training.attributions import read_jsonl
from training.happenings import own_event_articles
from training.material import Sources, event_passages, read_tokenizer
from training.rewording import Words, read_forms, reword, words_of

QASRL = [f"qasrl_{source}.{part}" for source in ("wikinews", "wikipedia") for part in ("dev", "test")]
TREEBANKS = ("polnear/train.conllu.gz", "ud/ewt_train.conllu.gz")
NEIGHBOURS = 12
SENTENCES = 8  # of QA-SRL in a text
OWN = 2  # every second of the own texts


def unmarked_texts(sources: Sources, encoder: Path, *, seed: int) -> Iterator[str]:
    """All of them; nothing of what is kept for calibration is among them."""
    rng = random.Random(seed)
    kept = {passage["id"] for some in event_passages(sources, kept=True) for passage in some}
    documents = read_documents(sources.corpora / "ud" / "ewt_train.conllu.gz")
    yield from (document.text for document in documents if document.name not in kept)
    records = (record for name in QASRL for record in read_jsonl(sources.corpora / "events" / f"{name}.jsonl.gz"))
    sentences = sorted({record["text"] for record in records if record["id"] not in kept})
    rng.shuffle(sentences)
    for first in range(0, len(sentences), SENTENCES):
        yield re.sub(r" ([.,;:?!')])", r"\1", " ".join(sentences[first : first + SENTENCES]))
    words = words_of(read_forms(sources.corpora / name) for name in TREEBANKS)
    words = words._replace(near=near_words(words, encoder))
    short, excerpts = event_passages(sources, kept=False)
    texts = [*excerpts, *own_event_articles(short, rng)[::OWN]]
    yield from (reword(text["text"], words, rng) for text in texts)


@torch.no_grad()
def near_words(words: Words, encoder: Path) -> dict[str, list[str]]:
    """For every word that is one piece to the encoder, those of its form whose pieces are embedded in much the same way."""
    pieces = read_tokenizer(encoder / "tokenizer.json").get_vocab()
    table = AutoModel.from_pretrained(encoder).get_input_embeddings().weight
    table = F.normalize(table - table.mean(0), dim=1)
    near = {}
    for every, _ in words.of_form.values():
        whole = [word for word in every if word in pieces]
        rows = table[[pieces[word] for word in whole]]
        best = (rows @ rows.T).topk(min(NEIGHBOURS + 1, len(whole))).indices.tolist()
        near |= {word: [whole[n] for n in some if whole[n] != word] for word, some in zip(whole, best, strict=True)}
    return near
