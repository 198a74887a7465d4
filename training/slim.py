"""A network -> one with fewer attention heads, which reads faster: every layer keeps those that say most.

    python -m training.slim --corpora FOLDER --encoder FOLDER --start NETWORK.pt --out FOLDER [--heads 8]

A head says much when what it says differs from piece to piece and what reads it listens: the spread of its outputs times the
weights on them. A head that is left out goes on saying its mean, which moves into the bias. The inner units of the layers stay.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from training.material import Sources, versions_of
from training.network import Network, keep_heads, network_of
from training.windows import Batcher, Windows, as_windows

HEADS = 8
SEEN = 1_600  # windows


class _Seen:
    """Mean and spread of what the heads of one layer say, over the pieces of some windows."""

    def __init__(self) -> None:
        self.count = 0
        self.total = self.squares = torch.zeros(())

    def add(self, said: torch.Tensor) -> None:
        """Add what was said of some pieces, (pieces, size)."""
        self.count += len(said)
        self.total = self.total + said.sum(0)
        self.squares = self.squares + (said**2).sum(0)

    @property
    def mean(self) -> torch.Tensor:
        return self.total / self.count

    @property
    def spread(self) -> torch.Tensor:
        return (self.squares / self.count - self.mean**2).clamp(min=0).sqrt()


def slim(network: Network, windows: Windows, heads: int) -> None:
    """Keep so many heads of every layer, in place.

    Args:
        windows: what the network reads to see what its heads say.
    """
    layers = network.encoder.encoder.layer
    for layer, seen in zip(layers, _what_is_said(network, windows), strict=True):
        size, reads = layer.attention.self.attention_head_size, layer.attention.output.dense
        told = (seen.spread * reads.weight.norm(dim=0)).view(-1, size).norm(dim=1)
        kept = told.topk(heads).indices.sort().values
        left = [head for head in range(len(told)) if head not in kept.tolist()]
        rows = (torch.tensor(left)[:, None] * size + torch.arange(size)).flatten()
        reads.bias.data += reads.weight.data[:, rows] @ seen.mean[rows]
        keep_heads(layer, kept)


@torch.no_grad()
def _what_is_said(network: Network, windows: Windows) -> list[_Seen]:
    readers = [layer.attention.output.dense for layer in network.encoder.encoder.layer]
    seen: dict[nn.Module, _Seen] = {reader: _Seen() for reader in readers}
    mask = torch.zeros(())

    def note(module: nn.Module, inputs: tuple[torch.Tensor]) -> None:
        seen[module].add(inputs[0].float()[mask])

    hooks = [reader.register_forward_pre_hook(note) for reader in readers]
    network.eval()
    for batch in Batcher(windows).epoch(range(len(windows)), 16, 0):
        mask = batch.mask.bool()
        network(batch.ids, batch.kinds, batch.mask)
    for hook in hooks:
        hook.remove()
    return [seen[reader] for reader in readers]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--corpora", "--encoder", "--start", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--heads", type=int, default=HEADS, help=f"that every layer keeps (default: {HEADS})")
    args = parser.parse_args(arguments)
    network = network_of(args.encoder, torch.load(args.start, map_location="cpu", weights_only=True))
    [examples] = versions_of(Sources(args.corpora, args.encoder / "tokenizer.json"), 1, seed=1)
    some = random.Random(1).sample(examples, min(SEEN, len(examples)))
    slim(network, as_windows(some, torch.device("cpu")), args.heads)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), args.out / "network.pt")


if __name__ == "__main__":
    main()
