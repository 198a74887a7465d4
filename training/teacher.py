"""A larger network as teacher: what it says of a text, a smaller one learns beside the annotation.

    python -m training.train --encoder TEACHER --tokenizer ENCODER/tokenizer.json --out WORK/teacher ...
    python -m training.train --encoder ENCODER --teacher WORK/teacher/network.pt --teacher-encoder TEACHER ...

The first command trains the teacher, the second its pupil. From the same texts a larger encoder learns better which words tell
a deed, and of which type. It is too slow to be shipped; but of every piece of a text, marked or not, it says how likely each
type is and what it makes of the piece (its last layer, in its main directions), and a pupil that learns both learns more than
the annotation has. The method is that of Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015), with
the hints of Romero et al., "FitNets" (2015).
"""

from __future__ import annotations

import numpy as np
import torch

from training.network import STATES, Network
from training.windows import Lessons, Windows

BATCH = 32
SEEN = 24  # batches from which the main directions are found


@torch.no_grad()
def lessons_of(teacher: Network, windows: Windows) -> Lessons:
    """What the teacher says of all windows. On two cores a network of 110 million parameters reads some ten in a second."""
    teacher.to(windows.ids.device).eval()
    count, width = windows.ids.shape
    events = torch.zeros((count, width, teacher.event.out_features), dtype=torch.float16)
    states = torch.zeros((count, width, STATES), dtype=torch.float16)
    some = np.random.default_rng(0).choice(count, min(count, SEEN * BATCH), replace=False)
    middle, directions = main_directions(torch.cat([_read(teacher, windows, rows) for rows in _batches(some)]), STATES)
    order = np.argsort(windows.sizes)[::-1].copy()
    for number, rows in enumerate(_batches(order)):
        hidden = _read(teacher, windows, rows)
        row, piece = _there(windows, rows).nonzero(as_tuple=True)
        at = torch.from_numpy(rows)[row], piece
        events[at] = torch.softmax(teacher.event(hidden), -1).half().cpu()
        states[at] = ((hidden - middle) @ directions).half().cpu()
        if number % 50 == 0:
            print(f"  taught {number * BATCH}/{count}", flush=True)
    return Lessons(events, states)


def _batches(rows: np.ndarray) -> list[np.ndarray]:
    return [rows[first : first + BATCH] for first in range(0, len(rows), BATCH)]


def _there(windows: Windows, rows: np.ndarray) -> torch.Tensor:
    """Where some windows have pieces, as (windows, pieces)."""
    sizes = torch.from_numpy(windows.sizes[rows])
    return torch.arange(int(sizes.max()))[None] < sizes[:, None]


def _read(teacher: Network, windows: Windows, rows: np.ndarray) -> torch.Tensor:
    """The teacher's last layer for all pieces of some windows, (pieces, size)."""
    there = _there(windows, rows).to(windows.ids.device)
    ids, kinds = (tensor[rows, : there.shape[1]].long() for tensor in (windows.ids, windows.kinds))
    with torch.autocast(there.device.type, dtype=torch.bfloat16):
        return teacher.hidden(ids, kinds, there.long()).float()[there]


def main_directions(states: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean of states (pieces, size), and what takes their difference from it into so many main directions.

    The wide ones are narrowed by the root of their spread: what differs little may say as much.
    """
    middle = states.mean(0)
    _, spread, directions = torch.linalg.svd(states - middle, full_matrices=False)
    spread = spread[:count] / len(states) ** 0.5
    return middle, directions[:count].T / (spread * spread.mean()).sqrt()
