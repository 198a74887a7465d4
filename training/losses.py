"""How far what the network says of a batch is from the annotation."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from training.examples import IGNORE
from training.network import Network, Reading, inside
from training.windows import Batch, Spans

# A cue's parts are learned from all pieces of the window, most of which are easy: their sum counts this much for every cue.
PARTS = 0.02
NAMES = STATUS = CORE = 0.3
# Few pieces name an event, so whether one does hardly counts in the mean over all of them; of which type it is would count too
# much beside it: its gradient in the encoder was five times as long.
DETECT, TYPE = 4.0, 0.4
# Where there is a teacher: its share beside the annotation, and how much it counts that the pieces look alike to both.
TAUGHT, ALIKE = 0.7, 0.5


def loss_of(network: Network, read: Reading, batch: Batch) -> torch.Tensor:
    """Distance from the annotation, over what is annotated."""
    loss = _tags(read.cue, batch.cue_tags) + NAMES * _tags(read.names, batch.name_tags)
    loss = loss + DETECT * _events(read, batch)
    if batch.lessons is not None:
        there = batch.mask > 0
        loss = loss + ALIKE * F.mse_loss(read.states.float()[there], batch.lessons.states[there])
    cues, events, clauses = batch.cues, batch.events, batch.clauses
    if (cues.parts >= 0).any():
        loss = loss + PARTS * _parts(network.cue_parts(read, cues.row, cues.first, cues.stop), cues)
    if len(clauses):
        loss = loss + PARTS * _parts(network.clause_parts(read, clauses.row, clauses.first, clauses.stop), clauses)
    if (events.parts >= 0).any():
        loss = loss + PARTS * _parts(network.event_parts(read, events.row, events.first, events.stop), events)
        types = batch.type_tags[events.row, events.first] - 1
        loss = loss + TYPE * F.cross_entropy(at(read.event[..., 1:], events), types)
        loss = loss + STATUS * F.cross_entropy(at(read.status, events), events.status, ignore_index=IGNORE)
        known = events.core >= 0
        loss = loss + CORE * F.binary_cross_entropy_with_logits(at(read.core, events)[known, 0], events.core[known].float())
    return loss


def at(logits: torch.Tensor, spans: Spans) -> torch.Tensor:
    """The mean of per-piece logits (batch, pieces, n) over each span, (spans, n)."""
    weights = inside(logits.shape[1], spans.first, spans.stop)
    return torch.bmm(weights[:, None], logits.float()[spans.row])[:, 0]


def _events(read: Reading, batch: Batch) -> torch.Tensor:
    """Distance from the marks, and from the teacher's opinion if there is one."""
    marked = _tags(read.event, batch.type_tags)
    if batch.lessons is None:
        return marked
    taught = -(batch.lessons.events * F.log_softmax(read.event.float(), -1)).sum(-1)[batch.mask > 0].mean()
    return TAUGHT * taught + (1 - TAUGHT) * marked


def _tags(logits: torch.Tensor, tags: torch.Tensor) -> torch.Tensor:
    known = tags >= 0
    if not known.any():
        return logits.new_zeros((), dtype=torch.float32)
    return F.cross_entropy(logits.float()[known], tags[known])


def _parts(logits: torch.Tensor, spans: Spans) -> torch.Tensor:
    known = (spans.parts >= 0).any(1).sum()
    return F.cross_entropy(logits.flatten(0, 1), spans.parts.flatten(), ignore_index=IGNORE, reduction="sum") / known
