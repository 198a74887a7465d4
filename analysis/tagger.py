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
from itertools import combinations, product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.quotes import quoted_spans
from analysis.tagging.decoding import (
    Array,
    Found,
    Parts,
    Span,
    Vectors,
    calibrated,
    find_parts,
    log_odds,
    log_softmax,
    part_scores,
    runs,
)
from analysis.tagging.triggers import EventScores, TaggedEvent, event_features, events_of

MODEL = Path(__file__).parent / "models" / "tagger.onnx"
MAX_PIECES = 192
INNER_APOSTROPHE = re.compile(r"(?<![^\W_])[^\W\d_]{1,2}['’]$")  # of d'Ivoire
AFTER_APOSTROPHE = re.compile(r"['’](?!(?:LL|RE|VE)\b)(?=[A-Z][^\W_])\w+")
NAME_KINDS = ("PERSON", "ORGANIZATION", "LOCATION", "MISC")
LEAST = 0.4  # what is less likely than this to be right is left out: on articles kept aside, that gave the best F1
# The annotation marks no cue inside what somebody says, so the model is shy there: a cue counts from this probability on.
LEAST_INSIDE = 0.2
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


class Attribution(NamedTuple):
    """One attribution: spans are lists of (start, end) offsets; the others are probabilities.

    p_cue, p_source and p_content are the model's own, of the pieces of each part (0 where there is none); confidence is the
    calibrated probability that the attribution is right. shy: found only by looking again inside what another one says, so it
    counts as a statement inside that statement or not at all.
    """

    source: list[Span]
    cue: list[Span]
    content: list[Span]
    p_cue: float = 1.0
    p_source: float = 1.0
    p_content: float = 1.0
    confidence: float = 1.0
    shy: bool = False


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


def find_cues(logits: Array, starts: Array, ends: Array) -> list[Found]:
    """(first piece, stop, probability) of every cue, from logits of shape (pieces, 3); neighbouring pieces are one cue."""
    scores = log_softmax(logits)
    return _as_cues(scores, (scores.argmax(-1) > 0) & (ends > starts))


def find_shy_cues(logits: Array, starts: Array, ends: Array, within: Array) -> list[Found]:
    """The cues among the pieces of a mask, each from a probability of LEAST_INSIDE on."""
    scores = log_softmax(logits)
    return _as_cues(scores, (scores[:, 0] < np.log(1 - LEAST_INSIDE)) & (ends > starts) & within)


def _as_cues(scores: Array, inside: Array) -> list[Found]:
    return [(a, b, float(np.exp(scores[a:b, 1:].max(-1).mean()))) for a, b in runs(2 * inside, 1, 2)]


def inside_contents(attributions: Sequence[Attribution], starts: Array) -> Array:
    """Mask of the pieces that lie in what somebody says, its cues apart."""
    mask = np.zeros(len(starts), dtype=bool)
    for inside in True, False:
        for attribution in attributions:
            for span in attribution.content if inside else attribution.cue:
                mask[slice(*np.searchsorted(starts, span))] = inside
    return mask


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
    for start, end, kind in found:
        name = Name(*_whole_name(text, start, end), kind)
        if name.start >= name.end:
            continue
        if names and name.start < names[-1].end:
            longer = max(names[-1], name, key=lambda one: one.end - one.start)
            names[-1] = Name(min(names[-1].start, name.start), max(names[-1].end, name.end), longer.kind)
        elif names and name.kind == names[-1].kind == "PERSON" and text[names[-1].end : name.start] == " ":
            names[-1] = names[-1]._replace(end=name.end)  # the parts of one person's name
        else:
            names.append(name)
    return names


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


def attributions_of(cues: Sequence[Found], parts: Parts, window: Window) -> list[Attribution]:
    """The attribution of every cue, from its parts: its likeliest source, and all its content."""
    sources = [[(span, p) for role, span, p in found if role == 0] for found in parts.found]
    contents = [[(span, p) for role, span, p in found if role == 1] for found in parts.found]
    spans = [(int(window.starts[a]), int(window.ends[b - 1])) for a, b, _ in cues]
    _share_out(spans, contents)
    out = []
    for (_, _, p_cue), span, source, content in zip(cues, spans, sources, contents, strict=True):
        chosen = [max(source, key=lambda s: s[1])] if source else []
        out.append(
            Attribution(
                [place for place, _ in chosen],
                [span],
                [place for place, _ in content],
                p_cue,
                chosen[0][1] if chosen else 0.0,
                sum(p for _, p in content) / len(content) if content else 0.0,
            )
        )
    return out


def _share_out(cues: list[Span], contents: list[list[tuple[Span, float]]]) -> None:
    """Give each piece of content that two cues claim to the likelier one, if the other keeps a piece of its own.

    Where one cue stands inside the content of the other both keep it: that is a statement inside a statement.
    """
    reach = [(min((a for (a, _), _ in c), default=0), max((b for (_, b), _ in c), default=0)) for c in contents]
    for one, other in combinations(range(len(cues)), 2):
        if reach[one][1] <= reach[other][0] or reach[other][1] <= reach[one][0]:
            continue
        if _holds(contents[one], cues[other]) or _holds(contents[other], cues[one]):
            continue
        for a, b in product(list(contents[one]), list(contents[other])):
            shared = min(a[0][1], b[0][1]) - max(a[0][0], b[0][0])
            if 2 * shared <= min(a[0][1] - a[0][0], b[0][1] - b[0][0]):
                continue
            loser, piece = (contents[one], a) if a[1] < b[1] else (contents[other], b)
            if len(loser) > 1 and piece in loser:
                loser.remove(piece)


def _holds(content: list[tuple[Span, float]], cue: Span) -> bool:
    return any(a <= cue[0] and cue[1] <= b for (a, b), _ in content)


def parents(attributions: Sequence[Attribution]) -> list[int | None]:
    """For every attribution the number of the innermost other one in whose content its cue stands, or None."""
    contents = [(a, b, n) for n, outer in enumerate(attributions) for a, b in outer.content]
    out: list[int | None] = []
    for number, inner in enumerate(attributions):
        start, end = inner.cue[0]
        first, stop = inner.content[0] if inner.content else (0, 0)
        holders = [
            (b - a, n)
            for a, b, n in contents
            if a <= start and end <= b and n != number and not first <= attributions[n].cue[0][0] < stop
        ]
        out.append(min(holders)[1] if holders else None)
    return out


def outermost(attributions: Sequence[Attribution]) -> list[Attribution]:
    """The attributions that stand in no other's content."""
    return [a for a, parent in zip(attributions, parents(attributions), strict=True) if parent is None]


# ------------------------------------------------------------------ the model


def certainty_features(attribution: Attribution) -> list[float]:
    """What the calibration looks at: the three probabilities as bounded log odds, and what is missing."""
    return [
        log_odds(attribution.p_cue),
        log_odds(attribution.p_source) if attribution.source else 0.0,
        log_odds(attribution.p_content) if attribution.content else 0.0,
        0.0 if attribution.source else 1.0,
        0.0 if attribution.content else 1.0,
    ]


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
            window = read.window
            names += find_names(read.pieces["names"], window.starts, window.ends, text)
            attributions += self._attributions(read)
            scores = EventScores(*(read.pieces[name] for name in EventScores._fields))
            for event in events_of(scores, read.parts_of_events, window, text):
                events.append(event._replace(confidence=calibrated(self.event_calibration, event_features(event))))
        attributions = [self._with_confidence(a) for a in attributions]
        inside = [parent is not None for parent in parents(attributions)]
        kept = [a for a, nested in zip(attributions, inside, strict=True) if nested or a.confidence >= LEAST]
        return Tagged(kept, names, events)

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

    def _with_confidence(self, attribution: Attribution) -> Attribution:
        return attribution._replace(confidence=calibrated(self.calibration, certainty_features(attribution)))


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
