"""The tagger's network: one encoder; tags for cues and names; and for every cue, tags for its own source and content."""

from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F
from transformers import AutoModel

ROLES = 5
WIDTH = 64
BUCKETS = 32
KINDS = 6  # analysis.tagger.piece_kinds
NAME_TAGS = 9  # O, then B and I for each of training.attributions.NAME_KINDS


def distance_bucket(places: torch.Tensor, first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
    """Bucket 0..31 of the distance from a piece to a cue: 0 to 15 before it, 16 to 31 from its first piece on, log-spaced.

    `places`, `first` and `last` are integer tensors that broadcast; `last` is the cue's last piece.
    """
    before = torch.clamp(first - places, min=0)
    after = torch.clamp(places - last, min=0)
    size = torch.maximum(before, after)
    step = torch.where(size < 8, size, torch.clamp(8 + (torch.log2(torch.clamp(size, min=1).float() / 8) * 1.5).long(), max=15))
    return torch.where(places < first, step, 16 + step)


class Network(nn.Module):
    """Encoder with three read-outs: cue tags, and query and key of a small attention between cues and pieces."""

    def __init__(self, encoder_folder: Path | str, *, dropout: float = 0.1, layers: int | None = None) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder_folder, add_pooling_layer=False)
        if layers:
            keep = [round(i * (len(self.encoder.encoder.layer) - 1) / (layers - 1)) for i in range(layers)]
            self.encoder.encoder.layer = nn.ModuleList(self.encoder.encoder.layer[i] for i in keep)
        size = self.encoder.config.hidden_size
        # How a piece is written goes in where BERT takes the number of the sentence; all kinds start as sentence 0.
        table = self.encoder.embeddings.token_type_embeddings
        self.encoder.config.type_vocab_size = KINDS
        self.encoder.embeddings.token_type_embeddings = nn.Embedding.from_pretrained(
            table.weight.detach()[:1].repeat(KINDS, 1), freeze=False
        )
        self.dropout = nn.Dropout(dropout)
        self.names = nn.Linear(size, NAME_TAGS)
        self.cue = nn.Linear(size, 3)
        self.query = nn.Linear(size, ROLES * WIDTH)
        self.key = nn.Linear(size, ROLES * WIDTH)
        self.unary = nn.Linear(size, ROLES)
        self.distance = nn.Parameter(torch.zeros(BUCKETS, ROLES))

    def forward(self, ids: torch.Tensor, kinds: torch.Tensor, mask: torch.Tensor | None = None) -> tuple[torch.Tensor, ...]:
        """Read-outs for pieces given by int64 tensors of shape (batch, pieces).

        Returns tensors (batch, pieces, ...): cue logits 3, name logits 9, query and key 5 * 64, unary role logits 5.
        """
        hidden = self.hidden(ids, kinds, mask)
        return self.cue(hidden), self.names(hidden), self.query(hidden), self.key(hidden), self.unary(hidden)

    def hidden(self, ids: torch.Tensor, kinds: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """The encoder's last layer, (batch, pieces, size)."""
        read = self.encoder(input_ids=ids, token_type_ids=kinds, attention_mask=mask)
        return self.dropout(read.last_hidden_state)

    def role_logits(
        self,
        query: torch.Tensor,
        key: torch.Tensor,
        unary: torch.Tensor,
        rows: torch.Tensor,
        first: torch.Tensor,
        stop: torch.Tensor,
    ) -> torch.Tensor:
        """Role logits of shape (cues, pieces, 5) for cues given by batch row, first piece and end."""
        pieces = key.shape[1]
        places = torch.arange(pieces, device=key.device)[None, :]
        inside = ((places >= first[:, None]) & (places < stop[:, None])).to(query.dtype)
        mean = torch.einsum("np,npd->nd", inside, query[rows]) / inside.sum(1, keepdim=True)
        score = (
            torch.einsum("nrd,nprd->npr", mean.view(-1, ROLES, WIDTH), key[rows].view(-1, pieces, ROLES, WIDTH)) / WIDTH**0.5
        )
        bucket = distance_bucket(places, first[:, None], stop[:, None] - 1)
        return score + unary[rows] + self.distance[bucket]


def loss_of(network: Network, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Cross-entropy of the cue tags, of the name tags, and of the role tags of every gold cue."""
    cue, names, query, key, unary = network(batch["ids"], batch["kinds"], batch["mask"])
    loss = F.cross_entropy(cue.float().flatten(0, 1), batch["cue_tags"].flatten(), ignore_index=-100)
    if (batch["name_tags"] >= 0).any():
        loss = loss + 0.3 * F.cross_entropy(names.float().flatten(0, 1), batch["name_tags"].flatten(), ignore_index=-100)
    if len(batch["rows"]):
        logits = network.role_logits(query.float(), key.float(), unary.float(), batch["rows"], batch["first"], batch["stop"])
        roles = F.cross_entropy(logits.flatten(0, 1), batch["roles"].flatten(), ignore_index=-100, reduction="sum")
        # A cue's own words and the far end of the window are easy: weigh the roles by cues, not by pieces.
        loss = loss + 0.02 * roles / max(1, len(batch["rows"]))
    return loss
