"""How far what the network says of a batch is from the annotation."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from training.examples import IGNORE
from training.network import Network, Reading, inside
from training.windows import Batch, Lessons, Spans

# A cue's parts are learned from all pieces of the window, most of which are easy: their sum counts this much for every cue.
# An event's parts count three times as much: a row with the wrong actor is as useless as one of the wrong type.
PARTS, EVENT_PARTS = 0.02, 0.06
NAMES = STATUS = CORE = 0.3
# Few pieces name an event, so whether one does hardly counts in the mean over all of them; of which type it is would count too
# much beside it: its gradient in the encoder was five times as long.
DETECT, TYPE = 4.0, 0.4
# Where there are teachers: their share beside the annotation, and how much it counts that the pieces look alike to both.
TAUGHT, ALIKE = 0.7, 0.5


def loss_of(network: Network, read: Reading, batch: Batch) -> torch.Tensor:
    """Distance from the annotation, over what is annotated; and from what teachers say, if there are any."""
    marked = _tags(read.cue, batch.cue_tags) + NAMES * _tags(read.names, batch.name_tags) + _events(read, batch)
    parts = _all_parts(network, read, batch)
    if batch.lessons is None:
        return marked + parts
    there = batch.mask > 0
    alike = F.mse_loss(read.states.float()[there], batch.lessons.states[there])
    return TAUGHT * _taught(read, batch.lessons, there) + (1 - TAUGHT) * marked + parts + ALIKE * alike


def _events(read: Reading, batch: Batch) -> torch.Tensor:
    """Distance from the marks of events: where they are, and of what type, status and weight."""
    loss, events = DETECT * _tags(read.event, batch.type_tags), batch.events
    if not (events.parts >= 0).any():
        return loss
    types = batch.type_tags[events.row, events.first] - 1
    loss = loss + TYPE * F.cross_entropy(at(read.event[..., 1:], events), types)
    loss = loss + STATUS * F.cross_entropy(at(read.status, events), events.status, ignore_index=IGNORE)
    known = events.core >= 0
    return loss + CORE * F.binary_cross_entropy_with_logits(at(read.core, events)[known, 0], events.core[known].float())


def _all_parts(network: Network, read: Reading, batch: Batch) -> torch.Tensor:
    """Distance from the marked parts of cues, clauses and events."""
    of_kinds = (
        (PARTS, network.cue_parts, batch.cues),
        (PARTS, network.clause_parts, batch.clauses),
        (EVENT_PARTS, network.event_parts, batch.events),
    )
    losses = [
        weight * _parts(logits(read, s.row, s.first, s.stop), s) for weight, logits, s in of_kinds if (s.parts >= 0).any()
    ]
    return sum(losses, read.cue.new_zeros((), dtype=torch.float32))


def _taught(read: Reading, lessons: Lessons, there: torch.Tensor) -> torch.Tensor:
    """Distance from what teachers say of all pieces; of an event's type, status and weight as far as they see one."""
    said = {name: values[there] for name, values in lessons._asdict().items()}
    logits = {name: getattr(read, name).float()[there] for name in said}

    def apart(name: str, first: int = 0) -> torch.Tensor:
        return -(said[name][:, first:] * F.log_softmax(logits[name][:, first:], -1)).sum(-1)

    loss = (apart("cue") + NAMES * apart("names") + DETECT * apart("event")).mean()
    act = said["event"][:, 1:].sum(-1)
    core = F.binary_cross_entropy_with_logits(logits["core"], said["core"], reduction="none")[:, 0]
    # The probabilities of the types add up to that of an event, which so counts in their term already.
    of_acts = TYPE * apart("event", 1) + act * (STATUS * apart("status") + CORE * core)
    return loss + of_acts.sum() / act.sum().clamp(min=1)


def at(logits: torch.Tensor, spans: Spans) -> torch.Tensor:
    """The mean of per-piece logits (batch, pieces, n) over each span, (spans, n)."""
    weights = inside(logits.shape[1], spans.first, spans.stop)
    return torch.bmm(weights[:, None], logits.float()[spans.row])[:, 0]


def _tags(logits: torch.Tensor, tags: torch.Tensor) -> torch.Tensor:
    known = tags >= 0
    if not known.any():
        return logits.new_zeros((), dtype=torch.float32)
    return F.cross_entropy(logits.float()[known], tags[known])


def _parts(logits: torch.Tensor, spans: Spans) -> torch.Tensor:
    known = (spans.parts >= 0).any(1).sum()
    return F.cross_entropy(logits.flatten(0, 1), spans.parts.flatten(), ignore_index=IGNORE, reduction="sum") / known
