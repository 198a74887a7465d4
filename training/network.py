"""The tagger's network: one encoder; tags for cues, names and events; and for every cue and event, tags for its own parts."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel
from transformers.utils import logging

from analysis.schema import EVENT_TYPES, STATUSES
from analysis.tagger import EVENT_ROLES, ROLES
from analysis.tagging.decoding import BUCKETS
from training import clauses

KINDS = 6  # analysis.tagger.piece_kinds
NAME_TAGS = 9  # O, then B and I for each of analysis.tagger.NAME_KINDS
CLAUSE_ROLES = 1 + 2 * len(clauses.ROLES[1:])  # none, then begins and goes on for subject and object
WIDTH, EVENT_WIDTH = 64, 32  # of query and key, for each role
STATES = 128  # main directions of a teacher's last layer (training/teacher.py)
SPECIAL = {"[PAD]": "<pad>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}  # BERT's, and those of encoders like RoBERTa


class Reading(NamedTuple):
    """What the network says of every piece, tensors (batch, pieces, n); of a cue's or event's parts, what scores them.

    cue 3, names 9, event 17 (0 for none) and status 6 and core 1: logits; query, key, unary: for `Network.cue_parts`, the same
    of events and of clauses; states: what a teacher would make of the piece. The clauses and the states help to learn, and the
    shipped model does without.
    """

    cue: torch.Tensor
    names: torch.Tensor
    query: torch.Tensor
    key: torch.Tensor
    unary: torch.Tensor
    event: torch.Tensor
    status: torch.Tensor
    core: torch.Tensor
    event_query: torch.Tensor
    event_key: torch.Tensor
    event_unary: torch.Tensor
    clause_query: torch.Tensor
    clause_key: torch.Tensor
    clause_unary: torch.Tensor
    states: torch.Tensor


def distance_bucket(places: torch.Tensor, first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
    """Bucket 0..31 of the distance from a piece to a cue: 0 to 15 before it, 16 to 31 from its first piece on, log-spaced.

    `places`, `first` and `last` are integer tensors that broadcast; `last` is the cue's last piece.
    """
    before = torch.clamp(first - places, min=0)
    after = torch.clamp(places - last, min=0)
    size = torch.maximum(before, after)
    step = torch.where(size < 8, size, torch.clamp(8 + (torch.log2(torch.clamp(size, min=1).float() / 8) * 1.5).long(), max=15))
    return torch.where(places < first, step, 16 + step)


def inside(pieces: int, first: torch.Tensor, stop: torch.Tensor) -> torch.Tensor:
    """Weights (spans, pieces) that take the mean over each span of pieces."""
    places = torch.arange(pieces, device=first.device)[None, :]
    mask = ((places >= first[:, None]) & (places < stop[:, None])).float()
    return mask / mask.sum(1, keepdim=True)


def own_pieces(tokenizer: Path, own: Path) -> torch.Tensor:
    """For every number of a piece in one tokenizer.json its number in another, of an encoder with the same pieces.

    Raises:
        ValueError: the encoder does not know most of the pieces.
    """
    pieces, numbers = (Tokenizer.from_file(str(path)).get_vocab() for path in (tokenizer, own))
    numbers |= {piece: numbers[name] for piece, name in SPECIAL.items() if name in numbers}
    if len(pieces.keys() & numbers.keys()) < len(pieces) / 2:
        raise ValueError(f"{own} has other pieces than {tokenizer}: take an encoder that reads BERT's uncased pieces")
    unknown = numbers["[UNK]"]
    found = torch.full((max(pieces.values()) + 1,), unknown)
    for piece, number in pieces.items():
        found[number] = numbers.get(piece, unknown)
    return found


class Network(nn.Module):
    """Encoder with read-outs for statements and for events.

    A cue picks its own source and content, and a trigger its own participants, by a small attention: the mean query over
    its pieces against the key of every piece, with a term for the piece alone and one for its distance.

    tokenizer: the tokenizer.json that makes the pieces, where it is not the encoder's own.
    """

    def __init__(self, encoder_folder: Path | str, *, tokenizer: Path | None = None, dropout: float = 0.1) -> None:
        super().__init__()
        logging.set_verbosity_error()  # it reports the pooling layer, which is left out
        # Dropout of the attention costs more than the attention itself on a processor, and is not missed.
        self.encoder = AutoModel.from_pretrained(encoder_folder, add_pooling_layer=False, attention_probs_dropout_prob=0.0)
        size = self.encoder.config.hidden_size
        read_by = Path(encoder_folder) / "tokenizer.json"
        self.mask = Tokenizer.from_file(str(tokenizer or read_by)).token_to_id("[MASK]")
        self.register_buffer("own", own_pieces(tokenizer, read_by) if tokenizer else None, persistent=False)
        # How a piece is written; starts as if it said nothing.
        self.kinds = nn.Embedding(KINDS, size)
        nn.init.zeros_(self.kinds.weight)
        self.dropout = nn.Dropout(dropout)
        self.names = nn.Linear(size, NAME_TAGS)
        self.cue = nn.Linear(size, 3)
        self.query = nn.Linear(size, ROLES * WIDTH)
        self.key = nn.Linear(size, ROLES * WIDTH)
        self.unary = nn.Linear(size, ROLES)
        self.distance = nn.Parameter(torch.zeros(BUCKETS, ROLES))
        self.event = nn.Linear(size, 1 + len(EVENT_TYPES))
        self.status = nn.Linear(size, len(STATUSES))
        self.core = nn.Linear(size, 1)
        self.event_query = nn.Linear(size, EVENT_ROLES * EVENT_WIDTH)
        self.event_key = nn.Linear(size, EVENT_ROLES * EVENT_WIDTH)
        self.event_unary = nn.Linear(size, EVENT_ROLES)
        self.event_distance = nn.Parameter(torch.zeros(BUCKETS, EVENT_ROLES))
        self.clause_query = nn.Linear(size, CLAUSE_ROLES * EVENT_WIDTH)
        self.clause_key = nn.Linear(size, CLAUSE_ROLES * EVENT_WIDTH)
        self.clause_unary = nn.Linear(size, CLAUSE_ROLES)
        self.clause_distance = nn.Parameter(torch.zeros(BUCKETS, CLAUSE_ROLES))
        self.states = nn.Linear(size, STATES)

    def hidden(self, ids: torch.Tensor, kinds: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """The encoder's last layer (batch, pieces, size) for windows of pieces, as in `forward`."""
        pieces = ids if self.own is None else self.own[ids]
        embedded = self.encoder.get_input_embeddings()(pieces) + self.kinds(kinds)
        last: torch.Tensor = self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        return last

    def forward(self, ids: torch.Tensor, kinds: torch.Tensor, mask: torch.Tensor | None = None) -> Reading:
        """Read windows of pieces, int64 tensors of shape (batch, pieces); mask is 1 where there is a piece."""
        hidden = self.dropout(self.hidden(ids, kinds, mask))
        return Reading(*(getattr(self, name)(hidden) for name in Reading._fields))

    def cue_parts(self, read: Reading, rows: torch.Tensor, first: torch.Tensor, stop: torch.Tensor) -> torch.Tensor:
        """Role logits (cues, pieces, 5) for cues given by batch row, first piece and stop."""
        return _part_logits(read.query, read.key, read.unary, self.distance, rows, first, stop)

    def event_parts(self, read: Reading, rows: torch.Tensor, first: torch.Tensor, stop: torch.Tensor) -> torch.Tensor:
        """Role logits (events, pieces, 11) for triggers given by batch row, first piece and stop."""
        return _part_logits(read.event_query, read.event_key, read.event_unary, self.event_distance, rows, first, stop)

    def clause_parts(self, read: Reading, rows: torch.Tensor, first: torch.Tensor, stop: torch.Tensor) -> torch.Tensor:
        """Role logits (verbs, pieces, 5) for verbs given by batch row, first piece and stop."""
        return _part_logits(read.clause_query, read.clause_key, read.clause_unary, self.clause_distance, rows, first, stop)


def network_of(encoder_folder: Path | str, weights: dict[str, torch.Tensor], tokenizer: Path | None = None) -> Network:
    """A network with these weights, and with as many attention heads as they are of."""
    network = Network(encoder_folder, tokenizer=tokenizer)
    slimmed = [layer for layer in network.encoder.encoder.layer if hasattr(layer.attention, "self")]  # BERT's, not a teacher's
    for number, layer in enumerate(slimmed):
        rows = len(weights[f"encoder.encoder.layer.{number}.attention.self.query.weight"])
        keep_heads(layer, torch.arange(rows // layer.attention.self.attention_head_size))
    # A network that had no teacher knows nothing of its states.
    begun = {name: values for name, values in network.state_dict().items() if name.startswith("states.")}
    network.load_state_dict(begun | weights)
    return network


def keep_heads(layer: nn.Module, heads: torch.Tensor) -> None:
    """Leave a layer of the encoder these attention heads, given by number, in place."""
    attention, output = layer.attention.self, layer.attention.output
    size = attention.attention_head_size
    rows = (heads[:, None] * size + torch.arange(size)).flatten()
    for name in ("query", "key", "value"):
        dense = getattr(attention, name)
        setattr(attention, name, _dense(dense.weight[rows], dense.bias[rows]))
    output.dense = _dense(output.dense.weight[:, rows], output.dense.bias)
    attention.num_attention_heads, attention.all_head_size = len(heads), len(rows)


def _dense(weight: torch.Tensor, bias: torch.Tensor) -> nn.Linear:
    dense = nn.Linear(weight.shape[1], weight.shape[0])
    dense.weight.data.copy_(weight)
    dense.bias.data.copy_(bias)
    return dense


def _part_logits(
    query: torch.Tensor,
    key: torch.Tensor,
    unary: torch.Tensor,
    distance: torch.Tensor,
    rows: torch.Tensor,
    first: torch.Tensor,
    stop: torch.Tensor,
) -> torch.Tensor:
    pieces, roles = key.shape[1], unary.shape[2]
    width = key.shape[2] // roles
    weights = inside(pieces, first, stop)
    asked = torch.bmm(weights[:, None], query.float()[rows])[:, 0].view(-1, roles, width)
    score = torch.einsum("nrd,nprd->npr", asked, key.float()[rows].view(-1, pieces, roles, width)) / width**0.5
    places = torch.arange(pieces, device=key.device)[None, :]
    return score + unary.float()[rows] + distance[distance_bucket(places, first[:, None], stop[:, None] - 1)]
