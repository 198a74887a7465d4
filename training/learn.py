"""The loop in which a network learns, and its scores on PolNeAR's dev part."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from tokenizers import Tokenizer

from analysis.tagger import make_windows
from analysis.tagging.attributions import Attribution, attributions_of, find_cues, outermost
from analysis.tagging.decoding import find_parts, log_softmax
from benchmarks.attributions import score_attributions
from training.losses import loss_of
from training.network import Network
from training.windows import Batcher, Windows


class Plan(NamedTuple):
    """How a network learns.

    epochs; batch: full windows in a batch; rate of the encoder, and of what stands on it; hide: share of the pieces that are
    hidden. The embeddings of the pieces, of which the articles show but a part, stay as they are.
    """

    epochs: int
    batch: int = 16
    rate: float = 2e-4
    head_rate: float = 1e-3
    hide: float = 0.0
    seed: int = 1


def learn(network: Network, windows: Windows, epoch_of: Callable[[int], Sequence[int]], plan: Plan) -> Iterator[int]:
    """Train the network in place, and yield the number of each epoch when it is done.

    Args:
        windows: all windows; epoch_of gives the numbers of those that an epoch shows.
    """
    device = windows.ids.device
    torch.manual_seed(plan.seed)
    batcher = Batcher(windows)
    network.encoder.get_input_embeddings().weight.requires_grad_(False)
    groups = [
        {
            "params": [
                p for name, p in network.named_parameters() if p.requires_grad and name.startswith("encoder.") == encoder
            ],
            "lr": rate,
        }
        for encoder, rate in ((True, plan.rate), (False, plan.head_rate))
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    count = sum(1 for _ in batcher.epoch(epoch_of(0), plan.batch, 0)) * plan.epochs
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, partial(_share_of_rate, steps=count))
    started = time.time()
    for epoch in range(plan.epochs):
        network.train()
        total, number = torch.zeros((), device=device), 0
        for batch in batcher.epoch(epoch_of(epoch), plan.batch, plan.seed * 1000 + epoch):
            ids = batch.ids
            if plan.hide:
                ids = torch.where(torch.rand(ids.shape, device=device) < plan.hide, network.mask, ids)
            with torch.autocast(device.type, dtype=torch.bfloat16):
                read = network(ids, batch.kinds, batch.mask)
            loss = loss_of(network, read, batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
            total += loss.detach()
            number += 1
            if device.type == "cpu" and number % 25 == 0:
                print(f"  batch {number}/{count // plan.epochs} loss {total / number:.4f}", flush=True)
        print(f"epoch {epoch} loss {total / number:.4f} {time.time() - started:.0f} s", flush=True)
        yield epoch


def _share_of_rate(step: int, *, steps: int) -> float:
    """Up over the first 6% of the steps, then down to nothing."""
    return min(1.0, step / (0.06 * steps)) * max(0.0, 1 - step / (steps * 1.02))


@torch.no_grad()
def predict(network: Network, text: str, tokenizer: Tokenizer) -> list[Attribution]:
    """Attributions of one text by the network in PyTorch; the shipped model looks at unlikelier cues, and calibrates."""
    device = next(network.parameters()).device
    found = []
    for window in make_windows(text, [(0, len(text))], tokenizer):
        with torch.autocast(device.type, dtype=torch.bfloat16):
            read = network(torch.from_numpy(window.ids)[None].to(device), torch.from_numpy(window.kinds)[None].to(device))
        cues = find_cues(read.cue[0].float().cpu().numpy(), window.starts, window.ends, least=0.5)
        if not cues:
            continue
        first, stop = (torch.tensor([c[n] for c in cues], device=device) for n in (0, 1))
        logits = network.cue_parts(read, torch.zeros(len(cues), dtype=torch.long, device=device), first, stop)
        parts = find_parts(log_softmax(logits.float().cpu().numpy()), np.zeros(len(cues), dtype=np.int64), window)
        found += attributions_of(cues, parts, window)
    return found


def evaluate(network: Network, articles: list[dict[str, Any]], tokenizer: Tokenizer) -> dict[str, Any]:
    """PolNeAR scores of the network on articles, the measures of benchmarks/attributions.py."""
    network.eval()
    predicted = {
        a["id"]: [
            {"source": p.source, "cue": p.cue, "content": p.content} for p in outermost(predict(network, a["text"], tokenizer))
        ]
        for a in articles
    }
    return score_attributions(articles, predicted)


def headline(scores: dict[str, Any]) -> str:
    """The scores that are looked at first, in one line."""
    a, s, t = scores["attrib"], scores["spans"], scores["tokens"]
    return (
        f"attribution {a['f1']:.3f} strict {a['strict']['f1']:.3f} macro {t['macro']:.3f} spans {s['source']['f1']:.3f} "
        f"{s['cue']['f1']:.3f} {s['content']['f1']:.3f} e2e {scores['quotes']['e2e']:.3f}"
    )
