"""Examples -> tensors on the device that trains, and batches of like length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from training.examples import IGNORE, Example


@dataclass
class Spans:
    """Cues, triggers of events, or verbs of clauses, of all windows, in the order of these: tensors with one entry each.

    row: the window; first, stop: the pieces; known: whether the parts are annotated; parts: their role tags (spans, pieces).
    status and core are -100 for cues and verbs, and where they are not known.
    """

    row: torch.Tensor
    first: torch.Tensor
    stop: torch.Tensor
    parts: torch.Tensor
    status: torch.Tensor
    core: torch.Tensor

    def of(self, rows: torch.Tensor, span: torch.Tensor, width: int) -> Spans:
        """The spans of some numbers, for a batch of the windows `rows` that is cut after `width` pieces."""
        place = torch.full((int(rows.max()) + 1,), -1, device=rows.device)
        place[rows] = torch.arange(len(rows), device=rows.device)
        return Spans(
            place[self.row[span]],
            self.first[span],
            self.stop[span],
            self.parts[span, :width].long(),
            self.status[span],
            self.core[span],
        )

    def __len__(self) -> int:
        return len(self.row)


class Lessons(NamedTuple):
    """What teachers say of pieces, tensors (windows, pieces, n) with the names of network.Reading.

    cue, names, event, status, core: probabilities; states: a teacher's last layer in its main directions.
    """

    cue: torch.Tensor
    names: torch.Tensor
    event: torch.Tensor
    status: torch.Tensor
    core: torch.Tensor
    states: torch.Tensor


@dataclass
class Windows:
    """All windows as tensors: (windows, pieces) for what is said of pieces, padded with IGNORE."""

    ids: torch.Tensor
    kinds: torch.Tensor
    sizes: np.ndarray
    cue_tags: torch.Tensor
    name_tags: torch.Tensor
    type_tags: torch.Tensor
    cues: Spans
    events: Spans
    clauses: Spans
    lessons: Lessons | None = None

    def __len__(self) -> int:
        return len(self.sizes)


def as_windows(examples: Sequence[Example], device: torch.device) -> Windows:
    """Put examples into tensors on the device."""
    count, longest = len(examples), max(len(e.ids) for e in examples)

    def padded(name: str, fill: int, dtype: type) -> torch.Tensor:
        out = np.full((count, longest), fill, dtype=dtype)
        for row, example in enumerate(examples):
            values = getattr(example, name)
            out[row, : len(values)] = values
        return torch.from_numpy(out).to(device)

    return Windows(
        padded("ids", 0, np.int32),
        padded("kinds", 0, np.int8),
        np.array([len(e.ids) for e in examples]),
        padded("cue_tags", IGNORE, np.int8),
        padded("name_tags", IGNORE, np.int8),
        padded("type_tags", IGNORE, np.int8),
        _spans([(e.cues, e.roles, (), ()) for e in examples], longest, device),
        _spans([(e.events, e.event_roles, e.statuses, e.core) for e in examples], longest, device),
        _spans([(e.clauses, e.clause_roles, (), ()) for e in examples], longest, device),
    )


def _spans(of_windows: list, longest: int, device: torch.device) -> Spans:
    entries = []
    for row, (spans, parts, statuses, core) in enumerate(of_windows):
        for number, (first, stop) in enumerate(spans):
            tags = np.full(longest, IGNORE, np.int8)
            tags[: len(parts[number])] = parts[number]
            known = (statuses[number], core[number]) if statuses else (IGNORE, IGNORE)
            entries.append((row, first, stop, tags, *known))
    return spans_of(entries, longest, device)


def spans_of(entries: list[tuple], longest: int, device: torch.device) -> Spans:
    """Spans from tuples (row, first, stop, tags, status, core), which are in the order of their rows."""
    columns = list(zip(*entries, strict=True)) if entries else [()] * 6
    row, first, stop, status, core = (torch.tensor(columns[n], dtype=torch.long, device=device) for n in (0, 1, 2, 4, 5))
    parts = np.array(columns[3], np.int8).reshape(-1, longest)
    return Spans(row, first, stop, torch.from_numpy(parts).to(device), status, core)


@dataclass
class Batch:
    """Some windows, cut after the longest: see Windows; mask is 1 where there is a piece."""

    ids: torch.Tensor
    kinds: torch.Tensor
    mask: torch.Tensor
    cue_tags: torch.Tensor
    name_tags: torch.Tensor
    type_tags: torch.Tensor
    cues: Spans
    events: Spans
    clauses: Spans
    lessons: Lessons | None = None


class Batcher:
    """Makes batches of windows of like length, in random order, another one every epoch."""

    def __init__(self, windows: Windows) -> None:
        self.windows = windows
        self._spans = windows.cues, windows.events, windows.clauses
        self._ends = [np.searchsorted(spans.row.cpu().numpy(), np.arange(len(windows) + 1)) for spans in self._spans]

    def epoch(self, numbers: Sequence[int], size: int, seed: int) -> Iterator[Batch]:
        """The batches of the windows of these numbers, of at most `size` windows."""
        rng = random.Random(seed)
        sizes = self.windows.sizes
        order = sorted(numbers, key=lambda n: sizes[n] + rng.random() * 24)
        groups = [order[first : first + size] for first in range(0, len(order), size)]
        rng.shuffle(groups)
        yield from map(self.batch, groups)

    def batch(self, numbers: Sequence[int]) -> Batch:
        """The windows of these numbers."""
        w = self.windows
        device = w.ids.device
        width = int(w.sizes[list(numbers)].max())
        rows = torch.tensor(list(numbers), device=device)
        chosen = (
            torch.from_numpy(np.concatenate([np.arange(ends[n], ends[n + 1]) for n in numbers])).to(device)
            for ends in self._ends
        )
        sizes = torch.from_numpy(w.sizes[list(numbers)]).to(device)
        mask = (torch.arange(width, device=device)[None, :] < sizes[:, None]).long()
        return Batch(
            *(t[rows, :width].long() for t in (w.ids, w.kinds)),
            mask,
            *(t[rows, :width].long() for t in (w.cue_tags, w.name_tags, w.type_tags)),
            *(spans.of(rows, some, width) for spans, some in zip(self._spans, chosen, strict=True)),
            w.lessons and Lessons(*(t[rows, :width].float() for t in w.lessons)),
        )
