"""Larger networks as teachers: what they say of a text, a smaller one learns beside the annotation.

    python -m training.train --encoder TEACHER --tokenizer ENCODER/tokenizer.json --out WORK/teacher ...
    python -m training.train --encoder ENCODER --teacher WORK/teacher/network.pt --teacher-encoder TEACHER ...

The first command trains a teacher, the second a pupil. From the same texts a larger encoder learns better which words tell a
deed, and of which type. It is too slow to be shipped; but of every piece of a text, marked or not, it says how likely each tag
is and what it makes of the piece (its last layer, in its main directions), and a pupil that learns both learns more than the
annotation has. The method is that of Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015), with the
hints of Romero et al., "FitNets" (2015); several teachers are heard together, as there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from training.network import STATES, Network
from training.windows import Lessons, Windows

BATCH = 32
SEEN = 24  # batches from which the main directions are found


@torch.no_grad()
def lessons_of(teachers: Sequence[Network], windows: Windows) -> Lessons:
    """What the teachers say of all windows: the mean of what they hold likely, and the states of the first.

    On two cores a network of 110 million parameters reads some ten windows in a second, on a GPU some thousands.
    """
    device = windows.ids.device
    for teacher in teachers:
        teacher.to(device).eval()
    count, width = windows.ids.shape
    first = teachers[0]
    sizes = [getattr(first, name).out_features for name in Lessons._fields]
    lessons = Lessons(*(torch.zeros((count, width, size), dtype=torch.float16, device=device) for size in sizes))
    some = np.random.default_rng(0).choice(count, min(count, SEEN * BATCH), replace=False)
    seen = torch.cat([_read(first, windows, rows)[0] for rows in _batches(some)])
    middle, directions = main_directions(seen, STATES)
    order = np.argsort(windows.sizes)[::-1].copy()
    for number, rows in enumerate(_batches(order)):
        readings = [_read(teacher, windows, rows) for teacher in teachers]
        row, piece = _there(windows, rows).nonzero(as_tuple=True)
        at = torch.from_numpy(rows)[row].to(device), piece.to(device)
        lessons.states[at] = ((readings[0][0] - middle) @ directions).half()
        for said, values in zip(zip(*(said for _, said in readings), strict=True), lessons[:-1], strict=True):
            values[at] = torch.stack(said).mean(0).half()
        if number % 50 == 0:
            print(f"  taught {number * BATCH}/{count}", flush=True)
    return lessons


def _batches(rows: np.ndarray) -> list[np.ndarray]:
    return [rows[first : first + BATCH] for first in range(0, len(rows), BATCH)]


def _there(windows: Windows, rows: np.ndarray) -> torch.Tensor:
    """Where some windows have pieces, as (windows, pieces)."""
    sizes = torch.from_numpy(windows.sizes[rows])
    return torch.arange(int(sizes.max()))[None] < sizes[:, None]


def _read(teacher: Network, windows: Windows, rows: np.ndarray) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """The teacher's last layer for all pieces of some windows, (pieces, size), and the probabilities of Lessons."""
    there = _there(windows, rows).to(windows.ids.device)
    ids, kinds = (tensor[rows, : there.shape[1]].long() for tensor in (windows.ids, windows.kinds))
    with torch.autocast(there.device.type, dtype=torch.bfloat16):
        hidden = teacher.hidden(ids, kinds, there.long()).float()[there]
    said = [getattr(teacher, name)(hidden) for name in Lessons._fields[:-1]]
    return hidden, [torch.sigmoid(logits) if logits.shape[1] == 1 else torch.softmax(logits, -1) for logits in said]


def main_directions(states: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean of states (pieces, size), and what takes their difference from it into so many main directions.

    The wide ones are narrowed by the root of their spread: what differs little may say as much.
    """
    middle = states.mean(0)
    values, directions = torch.linalg.eigh(torch.cov(states.T))  # the least first
    spread = values[-count:].flip(0).sqrt()
    return middle, directions[:, -count:].flip(1) / (spread * spread.mean()).sqrt()
