"""The event heads on the tagger's encoder: which words name an event, of which type and status, and who takes part."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from training.happenings import IGNORE, EventExample
from training.network import BUCKETS, distance_bucket

TYPES = 16
STATUS = 6
ROLES = 11  # none, then begin and inside of actor, recipient, object, place, date
WIDTH = 32


class EventHeads(nn.Module):
    """Read-outs for events: type 17 (0 for none), status 6, core 1, query and key 11 * 32, unary 11 for every piece."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.event = nn.Linear(size, 1 + TYPES)
        self.status = nn.Linear(size, STATUS)
        self.core = nn.Linear(size, 1)
        self.query = nn.Linear(size, ROLES * WIDTH)
        self.key = nn.Linear(size, ROLES * WIDTH)
        self.unary = nn.Linear(size, ROLES)
        self.distance = nn.Parameter(torch.zeros(BUCKETS, ROLES))

    def role_logits(self, hidden: torch.Tensor, rows: torch.Tensor, first: torch.Tensor, stop: torch.Tensor) -> torch.Tensor:
        """Role logits (events, pieces, 11) for triggers given by batch row, first piece and end."""
        pieces = hidden.shape[1]
        places = torch.arange(pieces)[None, :]
        mean = torch.einsum("np,npd->nd", self._inside(places, first, stop), self.query(hidden)[rows])
        score = torch.einsum(
            "nrd,nprd->npr", mean.view(-1, ROLES, WIDTH), self.key(hidden)[rows].view(-1, pieces, ROLES, WIDTH)
        )
        bucket = distance_bucket(places, first[:, None], stop[:, None] - 1)
        return score / WIDTH**0.5 + self.unary(hidden)[rows] + self.distance[bucket]

    def at_triggers(self, logits: torch.Tensor, rows: torch.Tensor, first: torch.Tensor, stop: torch.Tensor) -> torch.Tensor:
        """The mean of per-piece logits (batch, pieces, n) over each trigger, (events, n)."""
        places = torch.arange(logits.shape[1])[None, :]
        return torch.einsum("np,npd->nd", self._inside(places, first, stop), logits[rows])

    @staticmethod
    def _inside(places: torch.Tensor, first: torch.Tensor, stop: torch.Tensor) -> torch.Tensor:
        inside = ((places >= first[:, None]) & (places < stop[:, None])).float()
        return inside / inside.sum(1, keepdim=True)


def marked_loss(heads: EventHeads, hidden: torch.Tensor, examples: list[EventExample]) -> torch.Tensor:
    """Loss on windows in which every event is marked; hidden is float32 (batch, pieces, size)."""
    pieces = hidden.shape[1]
    tags = torch.full((len(examples), pieces), IGNORE)
    for row, example in enumerate(examples):
        tags[row, : len(example.ids)] = torch.from_numpy(example.type_tags)
    loss = F.cross_entropy(heads.event(hidden).flatten(0, 1), tags.flatten(), ignore_index=IGNORE)
    events = [(row, n) for row, example in enumerate(examples) for n in range(len(example.spans))]
    if not events:
        return loss
    rows = torch.tensor([row for row, _ in events])
    first = torch.tensor([examples[row].spans[n][0] for row, n in events])
    stop = torch.tensor([examples[row].spans[n][1] for row, n in events])
    roles = torch.full((len(events), pieces), IGNORE)
    for number, (row, n) in enumerate(events):
        roles[number, : len(examples[row].ids)] = torch.from_numpy(examples[row].roles[n])
    status = torch.tensor([examples[row].statuses[n] for row, n in events])
    core = torch.tensor([float(examples[row].core[n]) for row, n in events])
    logits = heads.role_logits(hidden, rows, first, stop)
    loss = loss + 0.02 * F.cross_entropy(logits.flatten(0, 1), roles.flatten(), ignore_index=IGNORE, reduction="sum") / len(
        events
    )
    loss = loss + 0.3 * F.cross_entropy(heads.at_triggers(heads.status(hidden), rows, first, stop), status)
    core_logits = heads.at_triggers(heads.core(hidden), rows, first, stop)[:, 0]
    return loss + 0.3 * F.binary_cross_entropy_with_logits(core_logits, core)


def sentence_loss(heads: EventHeads, hidden: torch.Tensor, examples: list[EventExample]) -> torch.Tensor:
    """Loss on sentences of which only the type and two participants are known.

    The likeliest pieces are taken to name the event: a type's score is the log-sum over pieces of how much likelier it is
    there than no event. The participants are learned from where that is largest; object, place and date are left open.
    """
    logits = heads.event(hidden)
    excess = logits[..., 1:] - logits[..., :1]
    for row, example in enumerate(examples):
        excess[row, len(example.ids) :] = -1e4
    score = F.log_softmax(torch.logsumexp(excess, dim=1), dim=-1)
    wanted = [torch.logsumexp(score[row, list(example.sentence)], 0) for row, example in enumerate(examples)]
    loss = -torch.stack(wanted).mean()
    place = torch.stack([excess[row, :, list(e.sentence)].amax(-1).argmax() for row, e in enumerate(examples)]).detach()
    roles = F.log_softmax(heads.role_logits(hidden, torch.arange(len(examples)), place, place + 1), dim=-1)
    open_roles = torch.logsumexp(roles[..., [0, 5, 6, 7, 8, 9, 10]], -1)
    total = torch.zeros(())
    for row, example in enumerate(examples):
        tags = torch.from_numpy(example.roles[0])
        known = roles[row, : len(tags)].gather(1, tags[:, None])[:, 0]
        total = total - torch.where(tags > 0, known, open_roles[row, : len(tags)]).sum()
    return loss + 0.02 * total / len(examples)
