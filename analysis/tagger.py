"""Text -> tagged spans: who is named, and which words attribute what to whom. The only module that loads a model.

The model is one small encoder, fine-tuned on PolNeAR and stored in the ONNX format (`models/tagger.onnx`, its card beside it).
It reads a window of word pieces once and gives, for every piece, whether it is part of a cue or of a name, and two vectors,
with which every cue picks the pieces of its own source and content. So sources may be shared, contents may be split, and
statements may stand inside statements.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.quotes import quoted_spans

Span = tuple[int, int]
Found = tuple[int, int, float]  # a cue: first piece, stop, probability
Array = np.ndarray

MODEL = Path(__file__).parent / "models" / "tagger.onnx"
MAX_PIECES = 256
NAME_KINDS = ("PERSON", "ORGANIZATION", "LOCATION", "MISC")
LEAST = 0.4  # what is less likely than this to be right is left out: on articles kept aside, that gave the best F1
# The annotation marks no cue inside what somebody says, so the model is shy there: a cue counts from this probability on.
LEAST_INSIDE = 0.2
ROLES = 5  # tags of the pieces as seen from a cue: none, source begins, goes on, content begins, goes on
BUCKETS = 32
# A piece may continue a span only after the beginning or the inside of a span of the same role.
FORBIDDEN = -1e4
ALLOWED = np.zeros((ROLES, ROLES), dtype=np.float32)
ALLOWED[[0, 3, 4], 2] = FORBIDDEN
ALLOWED[[0, 1, 2], 4] = FORBIDDEN
OPENING = np.array([0, 0, FORBIDDEN, 0, FORBIDDEN], dtype=np.float32)


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


class TaggedEvent(NamedTuple):
    """One word or group of words that names an event, and who takes part; spans are lists of (start, end) offsets.

    type is one of schema.EVENT_TYPES, status one of schema.STATUSES. The p_ are the model's own probabilities: p_event that
    the words name any event, p_type and p_status of the type and the status chosen, p_core that it is no mere mention, p_parts
    the mean of the pieces of all parts.
    """

    trigger: list[Span]
    type: str
    status: str
    actors: list[Span]
    recipients: list[Span]
    object: list[Span]
    place: list[Span]
    date: list[Span]
    p_event: float = 1.0
    p_type: float = 1.0
    p_status: float = 1.0
    p_core: float = 1.0
    p_parts: float = 1.0


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
    capital = np.fromiter((c.isupper() for c in part), dtype=bool, count=len(part))
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


def log_softmax(logits: Array) -> Array:
    """Logarithms of the probabilities over the last axis."""
    logits = logits - logits.max(-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def distance_buckets(pieces: int, first: Array, last: Array) -> Array:
    """Bucket of the distance of every piece from cues, shape (cues, pieces), log-spaced: below 16 before a cue, else above."""
    places = np.arange(pieces)[None, :]
    size = np.maximum(np.maximum(first[:, None] - places, 0), np.maximum(places - last[:, None], 0))
    far = np.minimum(8 + (np.log2(np.maximum(size, 1) / 8) * 1.5).astype(np.int64), 15)
    step = np.where(size < 8, size, far)
    return np.where(places < first[:, None], step, 16 + step)


def _runs(tags: Sequence[int], begin: int, inside: int) -> list[Span]:
    """(first, stop) of every span in a sequence of tags, `begin` opening and `inside` continuing one."""
    found, first = [], None
    for place, tag in enumerate([*tags, -1]):
        if first is not None and tag != inside:
            found.append((first, place))
            first = None
        if tag == begin or (tag == inside and first is None):
            first = place
    return found


def find_cues(logits: Array, starts: Array, ends: Array) -> list[Found]:
    """(first piece, stop, probability) of every cue, from logits of shape (pieces, 3); neighbouring pieces are one cue."""
    scores = log_softmax(logits)
    return _as_cues(scores, (scores.argmax(-1) > 0) & (ends > starts))


def find_shy_cues(logits: Array, starts: Array, ends: Array, within: Array) -> list[Found]:
    """The cues among the pieces of a mask, each from a probability of LEAST_INSIDE on."""
    scores = log_softmax(logits)
    return _as_cues(scores, (scores[:, 0] < np.log(1 - LEAST_INSIDE)) & (ends > starts) & within)


def _as_cues(scores: Array, inside: Array) -> list[Found]:
    return [(a, b, float(np.exp(scores[a:b, 1:].max(-1).mean()))) for a, b in _runs((2 * inside).tolist(), 1, 2)]


def inside_contents(attributions: Sequence[Attribution], starts: Array) -> Array:
    """Mask of the pieces that lie in what somebody says, its cues apart."""
    mask = np.zeros(len(starts), dtype=bool)
    for attribution in attributions:
        for start, end in attribution.content:
            mask |= (starts >= start) & (starts < end)
    for attribution in attributions:
        for start, end in attribution.cue:
            mask &= ~((starts >= start) & (starts < end))
    return mask


def find_names(logits: Array, starts: Array, ends: Array, text: str) -> list[Name]:
    """The names of a window, from logits of shape (pieces, 9); the pieces of one word always belong together."""
    best = np.where(ends > starts, logits.argmax(-1), 0).tolist()
    for place in range(1, len(best)):
        begin = starts[place]
        if best[place - 1] and begin == ends[place - 1] < ends[place] and text[begin].isalnum() and text[begin - 1].isalnum():
            best[place] = best[place - 1] + best[place - 1] % 2
    found = sorted(
        (int(starts[a]), int(ends[b - 1]), kind)
        for n, kind in enumerate(NAME_KINDS)
        for a, b in _runs(best, 1 + 2 * n, 2 + 2 * n)
    )
    names: list[Name] = []
    for start, end, kind in found:
        while start and text[start].isalnum() and text[start - 1].isalnum():
            start -= 1
        name = Name(start, end, kind)
        if names and name.kind == names[-1].kind == "PERSON" and text[names[-1].end : name.start] == " ":
            names[-1] = names[-1]._replace(end=name.end)  # the parts of one person's name
        else:
            names.append(name)
    return names


def best_paths(scores: Array) -> Array:
    """The most probable allowed tag sequences, int8 of shape (cues, pieces), for log-probabilities (cues, pieces, 5).

    Where the most probable tags of all pieces are an allowed sequence, that is it; the other sequences are searched for.
    """
    path = scores.argmax(-1).astype(np.int8)
    before = np.concatenate([np.zeros((len(path), 1), np.int8), path[:, :-1]], axis=1)
    wrong = ((path == 2) & (before != 1) & (before != 2)) | ((path == 4) & (before != 3) & (before != 4))
    rows = wrong.any(1)
    if rows.any():
        path[rows] = _search(scores[rows])
    return path


def _search(scores: Array) -> Array:
    """The most probable allowed tag sequences by dynamic programming, all cues at once."""
    cues, pieces, tags = scores.shape
    back = np.zeros((pieces, cues, tags), dtype=np.int8)
    total = scores[:, 0] + OPENING
    for place in range(1, pieces):
        step = total[:, :, None] + ALLOWED
        back[place] = step.argmax(1)
        total = step.max(1) + scores[:, place]
    path = np.zeros((cues, pieces), dtype=np.int8)
    path[:, -1] = total.argmax(-1)
    rows = np.arange(cues)
    for place in range(pieces - 1, 0, -1):
        path[:, place - 1] = back[place][rows, path[:, place]]
    return path


def attributions_of(cues: Sequence[Found], scores: Array, starts: Array, ends: Array) -> list[Attribution]:
    """The attribution of every cue, from its role log-probabilities (cues, pieces, 5)."""
    sources, contents = [], []
    for path, score in zip(best_paths(scores), scores, strict=True):
        chosen = np.take_along_axis(score, path[:, None].astype(np.int64), 1)[:, 0]
        tags = path.tolist()
        sources.append(sorted(_spans(_runs(tags, 1, 2), chosen, starts, ends), key=lambda s: -s[1])[:1])
        contents.append(_spans(_runs(tags, 3, 4), chosen, starts, ends))
    _share_out([(int(starts[a]), int(ends[b - 1])) for a, b, _ in cues], contents)
    out = []
    for (first, stop, p_cue), source, content in zip(cues, sources, contents, strict=True):
        out.append(
            Attribution(
                [span for span, _ in source],
                [(int(starts[first]), int(ends[stop - 1]))],
                [span for span, _ in content],
                p_cue,
                source[0][1] if source else 0.0,
                float(np.mean([p for _, p in content])) if content else 0.0,
            )
        )
    return out


def _share_out(cues: list[Span], contents: list[list[tuple[Span, float]]]) -> None:
    """Give each piece of content that two cues claim to the likelier one, if the other keeps a piece of its own.

    Where one cue stands inside the content of the other both keep it: that is a statement inside a statement.
    """
    for one in range(len(cues)):
        for other in range(one + 1, len(cues)):
            if _holds(contents[one], cues[other]) or _holds(contents[other], cues[one]):
                continue
            for a in list(contents[one]):
                for b in list(contents[other]):
                    shared = min(a[0][1], b[0][1]) - max(a[0][0], b[0][0])
                    if 2 * shared <= min(a[0][1] - a[0][0], b[0][1] - b[0][0]):
                        continue
                    loser, piece = (contents[one], a) if a[1] < b[1] else (contents[other], b)
                    if len(loser) > 1 and piece in loser:
                        loser.remove(piece)


def _holds(content: list[tuple[Span, float]], cue: Span) -> bool:
    return any(a <= cue[0] and cue[1] <= b for (a, b), _ in content)


def _spans(found: list[Span], chosen: Array, starts: Array, ends: Array) -> list[tuple[Span, float]]:
    """Offsets and probability of spans of pieces; pieces between paragraphs do not count."""
    out = []
    for a, b in found:
        real = [i for i in range(a, b) if ends[i] > starts[i]]
        if real:
            out.append(((int(starts[real[0]]), int(ends[real[-1]])), float(np.exp(chosen[a:b].mean()))))
    return out


def parents(attributions: Sequence[Attribution]) -> list[int | None]:
    """For every attribution the number of the innermost other one in whose content its cue stands, or None."""
    out: list[int | None] = []
    for number, inner in enumerate(attributions):
        start, end = inner.cue[0]
        holders = [
            (b - a, n)
            for n, outer in enumerate(attributions)
            for a, b in outer.content
            if n != number
            and a <= start
            and end <= b
            and not (inner.content and inner.content[0][0] <= outer.cue[0][0] < inner.content[0][1])
        ]
        out.append(min(holders)[1] if holders else None)
    return out


def outermost(attributions: Sequence[Attribution]) -> list[Attribution]:
    """The attributions that stand in no other's content."""
    return [a for a, parent in zip(attributions, parents(attributions), strict=True) if parent is None]


# ------------------------------------------------------------------ the model


def certainty_features(attribution: Attribution) -> list[float]:
    """What the calibration looks at: the three probabilities as bounded log odds, and what is missing."""

    def odds(p: float) -> float:
        p = min(max(p, 0.005), 0.995)
        return float(np.log(p / (1 - p)))

    return [
        odds(attribution.p_cue),
        odds(attribution.p_source) if attribution.source else 0.0,
        odds(attribution.p_content) if attribution.content else 0.0,
        0.0 if attribution.source else 1.0,
        0.0 if attribution.content else 1.0,
    ]


class Tagger:
    """The model, its tokenizer and its settings; `load_tagger` makes one."""

    def __init__(self, session: Any, tokenizer: Any, settings: dict[str, Any], version: str) -> None:
        self.session, self.tokenizer, self.version = session, tokenizer, version
        self.distance = np.array(settings["distance"], dtype=np.float32)
        self.calibration = np.array(settings["calibration"], dtype=np.float64)

    def tag(self, text: str, parts: Sequence[Span]) -> Tagged:
        """Tag an article.

        Args:
            text: the article's text.
            parts: (start, end) offsets of the parts to read, such as headline and body, in order.

        Returns:
            A Tagged. Every window is read by itself, so the result depends on nothing but the text and the parts.

        Does not look across windows of 256 word pieces (about 190 words): a source in an earlier window is not seen.
        """
        attributions: list[Attribution] = []
        names: list[Name] = []
        for window in make_windows(text, parts, self.tokenizer):
            cue, name, query, key, unary = self.session.run(None, {"ids": window.ids[None], "kinds": window.kinds[None]})
            names += find_names(name[0], window.starts, window.ends, text)
            vectors = query[0], key[0], unary[0]
            found = self._attributions(find_cues(cue[0], window.starts, window.ends), *vectors, window)
            within = inside_contents(found, window.starts)
            inner = self._attributions(find_shy_cues(cue[0], window.starts, window.ends, within), *vectors, window)
            held = parents([*found, *inner])[len(found) :]
            attributions += found + [a._replace(shy=True) for a, p in zip(inner, held, strict=True) if p is not None]
        attributions = [self._with_confidence(a) for a in attributions]
        inside = [parent is not None for parent in parents(attributions)]
        return Tagged([a for a, nested in zip(attributions, inside, strict=True) if nested or a.confidence >= LEAST], names)

    def _attributions(self, cues: list[Found], query: Array, key: Array, unary: Array, window: Window) -> list[Attribution]:
        if not cues:
            return []
        return attributions_of(cues, self.role_scores(cues, query, key, unary), window.starts, window.ends)

    def role_scores(self, cues: Sequence[Found], query: Array, key: Array, unary: Array) -> Array:
        """Log-probabilities (cues, pieces, 5) of every piece's role towards every cue."""
        pieces, width = key.shape[0], key.shape[1] // ROLES
        asked = np.stack([query[a:b].mean(0) for a, b, _ in cues]).reshape(-1, ROLES, width)
        score = np.einsum("nrd,prd->npr", asked, key.reshape(pieces, ROLES, width), optimize=True) / np.float32(width**0.5)
        first = np.array([a for a, _, _ in cues])
        last = np.array([b - 1 for _, b, _ in cues])
        return log_softmax(score + unary[None] + self.distance[distance_buckets(pieces, first, last)])

    def _with_confidence(self, attribution: Attribution) -> Attribution:
        score = float(self.calibration[0] + np.dot(self.calibration[1:], certainty_features(attribution)))
        return attribution._replace(confidence=1 / (1 + float(np.exp(-score))))


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
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    settings = json.loads(session.get_modelmeta().custom_metadata_map["attest"])
    tokenizer = Tokenizer.from_buffer(vocabulary)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Tagger(session, tokenizer, settings, found[:16])
