"""Text -> tagged spans: who is named, and which words attribute what to whom. The only module that loads a model.

The model is one small encoder, fine-tuned on PolNeAR and stored in the ONNX format (`models/tagger.onnx`, its card beside it).
It reads a window of word pieces once and gives, for every piece, whether it is part of a cue or of a name, and two vectors,
with which every cue picks the pieces of its own source and content. So sources may be shared, contents may be split, and
statements may stand inside statements.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.quotes import quoted_spans
from analysis.tagging.attributions import (
    Attribution,
    attributions_of,
    certainty_features,
    find_cues,
    find_shy_cues,
    inside_contents,
    parents,
    trusted,
    without_day,
)
from analysis.tagging.decoding import Array, Found, Parts, Span, Vectors, calibrated, find_parts, part_scores, runs
from analysis.tagging.triggers import EventScores, TaggedEvent, events_of, features_of_events
from analysis.tagging.word_counts import WordCounts

MODEL = Path(__file__).parent / "models" / "tagger.onnx"
MAX_PIECES = 192
INNER_APOSTROPHE = re.compile(r"(?<![^\W_])[^\W\d_]{1,2}['’]$")  # of d'Ivoire
WITHIN_NAME = re.compile(r" (?:[\"“”][A-Z]\w*,?[\"“”] )?")  # nothing, or a nickname: Ana "Bo" Roe
FREE_DASH = re.compile(r"(?<=\S)\s+(?:-{1,2}|[–—])\s+(?=\S)")
AFTER_APOSTROPHE = re.compile(r"['’](?!(?:LL|RE|VE)\b)(?=[A-Z][^\W_])\w+")
NAME_KINDS = ("PERSON", "ORGANIZATION", "LOCATION", "MISC")
ROLES = 5  # tags of the pieces as seen from a cue: none, source begins, goes on, content begins, goes on
# The same as seen from an event: none, then begins and goes on for actor, recipient, object, place and date.
EVENT_ROLES = 11
TOGETHER = 16  # windows whose scores are looked at together; a long article takes no more memory than these


class ModelError(RuntimeError):
    """The model cannot be used; the message says which file, what is wrong with it, and what to do."""


class Name(NamedTuple):
    """A name in the text: offsets and kind, one of NAME_KINDS."""

    start: int
    end: int
    kind: str


class Window(NamedTuple):
    """Word pieces of some neighbouring paragraphs, all int64 arrays of shape (pieces,).

    ids; kinds, how a piece is written (`piece_kinds`); starts and ends, offsets into the article's text, equal to each other
    for the special pieces around paragraphs.
    """

    ids: Array
    kinds: Array
    starts: Array
    ends: Array


class Tagged(NamedTuple):
    """What the tagger finds in an article: attributions and events in order of their cues and triggers, names of the text."""

    attributions: list[Attribution]
    names: list[Name]
    events: Sequence[TaggedEvent] = ()


# ------------------------------------------------------------------ windows


def _lines_of(text: str, start: int, end: int) -> Iterator[Span]:
    """(start, end) of every line of text[start:end] that holds more than white space."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if text[start:stop].strip():
            yield start, stop
        start = stop + 1


def piece_kinds(text: str, quoted: Sequence[Span], starts: Array) -> Array:
    """How the pieces at these offsets are written: 0 small, 1 capital, 2 capitals; plus 3 inside quotation marks."""
    first = int(starts[0])
    part = text[first : int(starts[-1]) + 2]
    capital = np.fromiter(map(str.isupper, part), dtype=bool, count=len(part))
    capital = np.append(capital, [False, False])
    at = starts - first
    kinds = capital[at].astype(np.int64) + (capital[at] & capital[at + 1])
    if quoted:
        edges = np.array(quoted, dtype=np.int64).ravel()
        kinds += 3 * (np.searchsorted(edges, starts, side="right") % 2)
    return kinds


def make_windows(text: str, parts: Sequence[Span], tokenizer: Any, *, limit: int = MAX_PIECES) -> list[Window]:
    """Cut the parts of a text into windows of at most `limit` word pieces, at line breaks where that is possible.

    A paragraph that is longer than a window is cut after the last sentence that fits, else before a whole word.
    """
    lines = [line for start, end in parts for line in _lines_of(text, start, end)]
    quoted = [span for start, end in parts for span in quoted_spans(text, start, end)]
    encoded = tokenizer.encode_batch([text[a:b] for a, b in lines], add_special_tokens=False)
    windows: list[Window] = []
    current: list[tuple[list[int], list[Span], int]] = []
    used = 0

    def close() -> None:
        nonlocal used
        if current:
            windows.append(_window(current, text, quoted, tokenizer))
        current.clear()
        used = 0

    for (base, _), encoding in zip(lines, encoded, strict=True):
        ids, offsets, tokens = encoding.ids, encoding.offsets, encoding.tokens
        while ids:
            if used + len(ids) + 2 <= limit:
                current.append((ids, offsets, base))
                used += len(ids) + 1
                break
            if used:
                close()
                continue
            cut = _last_cut(tokens, limit - 2)
            current.append((ids[:cut], offsets[:cut], base))
            close()
            ids, offsets, tokens = ids[cut:], offsets[cut:], tokens[cut:]
    close()
    return windows


def _window(paragraphs: list[tuple[list[int], list[Span], int]], text: str, quoted: Sequence[Span], tokenizer: Any) -> Window:
    """[CLS] and the pieces of every paragraph, each with a [SEP] after it."""
    sep = tokenizer.token_to_id("[SEP]")
    ids, starts, ends = [tokenizer.token_to_id("[CLS]")], [paragraphs[0][2]], [paragraphs[0][2]]
    for piece_ids, offsets, base in paragraphs:
        ids += [*piece_ids, sep]
        starts += [a + base for a, _ in offsets]
        ends += [b + base for _, b in offsets]
        starts.append(ends[-1])
        ends.append(ends[-1])
    places = np.array(starts, dtype=np.int64)
    return Window(np.array(ids, dtype=np.int64), piece_kinds(text, quoted, places), places, np.array(ends, dtype=np.int64))


def _last_cut(tokens: list[str], room: int) -> int:
    """Where to cut a paragraph that is longer than a window."""
    for place in range(room, room // 2, -1):
        if tokens[place - 1] in {".", "!", "?", "”", '"'} and not tokens[place].startswith("##") and tokens[place - 2] != ",":
            return place
    return next((place for place in range(room, 0, -1) if not tokens[place].startswith("##")), room)


# ------------------------------------------------------------------ decoding


def find_names(logits: Array, starts: Array, ends: Array, text: str) -> list[Name]:
    """The names of a window, from logits of shape (pieces, 9); the pieces of one word always belong together."""
    best = np.where(ends > starts, logits.argmax(-1), 0).tolist()
    for place in range(1, len(best)):
        begin = starts[place]
        if best[place - 1] and begin == ends[place - 1] < ends[place] and text[begin].isalnum() and text[begin - 1].isalnum():
            best[place] = best[place - 1] + best[place - 1] % 2
    tags = np.array(best)
    found = sorted(
        (int(starts[a]), int(ends[b - 1]), kind)
        for n, kind in enumerate(NAME_KINDS)
        for a, b in runs(tags, 1 + 2 * n, 2 + 2 * n)
    )
    names: list[Name] = []
    for start, end, kind in chain.from_iterable(_cut_at_dash(text, *one) for one in found):
        name = Name(*_whole_name(text, start, end), kind)
        letters = name.end < len(text) and text[name.end - 1] == "-" and text[name.end].isdigit()  # "KR-" of "KR-12"
        if name.start >= name.end or letters:
            continue
        if names and name.start < names[-1].end:
            longer = max(names[-1], name, key=lambda one: one.end - one.start)
            names[-1] = Name(min(names[-1].start, name.start), max(names[-1].end, name.end), longer.kind)
        elif names and name.kind == names[-1].kind == "PERSON" and WITHIN_NAME.fullmatch(text, names[-1].end, name.start):
            names[-1] = names[-1]._replace(end=name.end)  # the parts of one person's name
        else:
            names.append(name)
    return names


def _cut_at_dash(text: str, start: int, end: int, kind: str) -> Iterator[tuple[int, int, str]]:
    """A name as it is found, or the two on both sides of a dash that stands free: "Ana Roe – Bo Lund"."""
    dash = FREE_DASH.search(text, start, end)
    if dash is None:
        yield start, end, kind
        return
    yield start, dash.start(), kind
    yield from _cut_at_dash(text, dash.end(), end, kind)


def _whole_name(text: str, start: int, end: int) -> tuple[int, int]:
    """A name with the rest of the word that it cuts, over a hyphen or an apostrophe too: "N'Djamena", "Port-au-Prince"."""
    joins = text[start] == "-" and text[start + 1 : start + 2].isalpha()  # not the figures of "KR-12"
    if joins and not text[start - 1 : start].isalnum():
        start += 1  # of "U.S.-Turkish"
    while start and text[start - 1].isalnum() and (text[start].isalnum() or (text[start] == "-" and joins)):
        start -= 1
    while end < len(text) and text[end - 1] == "-" and text[end].isalpha():
        end = next((n for n in range(end, len(text)) if not text[n].isalnum()), len(text))
    before = INNER_APOSTROPHE.search(text, max(0, start - 4), start)
    start = before.start() if before and text[start].isupper() else start
    after = AFTER_APOSTROPHE.match(text, end) if text[end - 1].isalnum() else None
    return start, after.end() if after else end


# ------------------------------------------------------------------ the model


# The network's outputs by name, and what the first one holds side by side, with the number of columns.
OUTPUTS = ("pieces", "query", "key", "event_query", "event_key")
COLUMNS = {"cue": 3, "names": 9, "unary": ROLES, "event": 17, "status": 6, "core": 1, "event_unary": EVENT_ROLES}
EDGES = np.cumsum(list(COLUMNS.values()))[:-1]


class _Read(NamedTuple):
    """What the network says of the pieces of some windows, which stand one after the other in `window`.

    edges: the number of each window's first piece, and of all pieces; pieces: arrays (pieces, n) by the names of COLUMNS;
    statements, events: what scores the parts of cues and of triggers.
    """

    window: Window
    edges: Array
    pieces: dict[str, Array]
    statements: tuple[Vectors, Array]
    events: tuple[Vectors, Array]

    def parts_of_cues(self, cues: Sequence[Found]) -> Parts:
        return find_parts(*part_scores(cues, *self.statements, self.edges), self.window)

    def parts_of_events(self, triggers: Sequence[Found]) -> Parts:
        return find_parts(*part_scores(triggers, *self.events, self.edges), self.window)


class Tagger:
    """The model, its tokenizer and its settings; `load_tagger` makes one."""

    def __init__(self, session: Any, tokenizer: Any, settings: dict[str, Any], version: str) -> None:
        self.session, self.tokenizer, self.version = session, tokenizer, version
        self.distance, self.event_distance = (
            np.array(settings[name], dtype=np.float32) for name in ("distance", "event_distance")
        )
        self.calibration, self.event_calibration = (
            np.array(settings[name], dtype=np.float64) for name in ("calibration", "event_calibration")
        )
        self.cue_words, self.trigger_words = (WordCounts(settings[name]) for name in ("cue_words", "trigger_words"))

    def tag(self, text: str, parts: Sequence[Span]) -> Tagged:
        """Tag an article.

        Args:
            text: the article's text.
            parts: (start, end) offsets of the parts to read, such as headline and body, in order.

        Returns:
            A Tagged. Every window is read by itself, so the result depends on nothing but the text and the parts.

        Does not look across windows of 192 word pieces (about 140 words): a source in an earlier window is not seen.
        """
        attributions: list[Attribution] = []
        names: list[Name] = []
        events: list[TaggedEvent] = []
        windows = make_windows(text, parts, self.tokenizer)
        for first in range(0, len(windows), TOGETHER):
            read = self._read(windows[first : first + TOGETHER])
            names += find_names(read.pieces["names"], read.window.starts, read.window.ends, text)
            attributions += self._attributions(read)
            scores = EventScores(*(read.pieces[name] for name in EventScores._fields))
            events += events_of(scores, read.parts_of_events, read.window, text)
        attributions = trusted([self._with_confidence(without_day(a, text), text) for a in attributions])
        return Tagged(attributions, names, self._with_confidences(events, names, text))

    def _read(self, windows: Sequence[Window]) -> _Read:
        outputs = [self.session.run(OUTPUTS, {"ids": w.ids[None], "kinds": w.kinds[None]}) for w in windows]
        pieces, query, key, event_query, event_key = (np.concatenate(some, axis=1)[0] for some in zip(*outputs, strict=True))
        said = dict(zip(COLUMNS, np.split(pieces, EDGES, axis=1), strict=True))
        return _Read(
            Window(*(np.concatenate(some) for some in zip(*windows, strict=True))),
            np.cumsum([0, *(len(w.ids) for w in windows)]),
            said,
            (Vectors(query, key, said["unary"]), self.distance),
            (Vectors(event_query, event_key, said["event_unary"]), self.event_distance),
        )

    def _attributions(self, read: _Read) -> list[Attribution]:
        """The attributions of some windows, those inside another one's content included."""
        window, cue = read.window, read.pieces["cue"]

        def of(cues: list[Found]) -> list[Attribution]:
            return attributions_of(cues, read.parts_of_cues(cues), window) if cues else []

        found = of(find_cues(cue, window.starts, window.ends))
        inner = of(find_shy_cues(cue, window.starts, window.ends, inside_contents(found, window.starts)))
        held = parents([*found, *inner])[len(found) :]
        return found + [a._replace(shy=True) for a, p in zip(inner, held, strict=True) if p is not None]

    def _with_confidences(self, events: Sequence[TaggedEvent], names: Sequence[Name], text: str) -> list[TaggedEvent]:
        places = [(name.start, name.end) for name in names if name.kind == "LOCATION"]
        features = features_of_events(events, text, self.trigger_words, places)
        return [
            event._replace(confidence=calibrated(self.event_calibration, row))
            for event, row in zip(events, features, strict=True)
        ]

    def _with_confidence(self, attribution: Attribution, text: str) -> Attribution:
        features = certainty_features(attribution, text, self.cue_words)
        return attribution._replace(confidence=calibrated(self.calibration, features))


def load_tagger(path: Path | str = MODEL) -> Tagger:
    """Load the model from its file, after checking the file against the hash that lies beside it.

    Args:
        path: the .onnx file; beside it lie its hash (same name, .sha256) and the tokenizer (tokenizer.json).

    Raises:
        ModelError: a file is missing or damaged.
    """
    path = Path(path)
    remedy = "Get the file again from the repository (git checkout, or a fresh clone)."
    try:
        data = path.read_bytes()
        expected = path.with_suffix(".sha256").read_text(encoding="ascii").split()[0]
        vocabulary = (path.parent / "tokenizer.json").read_bytes()
    except OSError as error:
        raise ModelError(f"The tagger's model cannot be read: {error.filename}: {error.strerror}. {remedy}") from error
    found = hashlib.sha256(data + vocabulary).hexdigest()
    if found != expected:
        raise ModelError(f"{path} or its tokenizer.json is damaged: their SHA-256 is {found}, expected {expected}. {remedy}")
    import onnxruntime  # heavy: only when a model is loaded
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # several articles at once run in processes of their own
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    # On CPUs the operator into which this puts an addition and its norm takes six times as long as both.
    slower = ["SkipLayerNormFusion"]
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"], disabled_optimizers=slower)
    settings = json.loads(session.get_modelmeta().custom_metadata_map["attest"])
    tokenizer = Tokenizer.from_buffer(vocabulary)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Tagger(session, tokenizer, settings, found[:16])
