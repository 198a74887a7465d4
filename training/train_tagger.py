"""Train the tagger on PolNeAR and score it on the dev part.

    python -m training.train_tagger --data FOLDER --encoder FOLDER --out FOLDER

FOLDER with data holds train.jsonl.gz and dev.jsonl.gz; the encoder's folder a BERT-like model in the format of the
transformers library, with tokenizer.json. Every epoch is written to --out with its scores, so that a long run can be
stopped and looked at.
"""

import argparse
import json
import random
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from analysis.tagger import Attribution, attributions_of, find_cues, log_softmax, make_windows, outermost
from benchmarks.attributions import score_attributions
from training.attributions import (
    IGNORE,
    Example,
    examples_of,
    frames_and_sentences,
    nested_article,
    own_articles,
    read_jsonl,
    read_name_lists,
    read_parses,
    restyle_quotes,
    shuffled_batches,
    swap_names,
)
from training.event_heads import EventHeads, marked_loss, sentence_loss
from training.events import read_examples as read_events
from training.happenings import event_examples, own_event_articles, plv_examples
from training.nested import read_examples
from training.network import Network, loss_of


class Batch(NamedTuple):
    """Windows that are learned from together: "statements", "events" (all marked) or "sentences" (only their type known)."""

    kind: str
    examples: list[Any]


def padded(examples: list[Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """ids, kinds and mask of a batch, each int64 (windows, pieces of the longest)."""
    longest = max(len(e.ids) for e in examples)
    ids, kinds, mask = (np.zeros((len(examples), longest), dtype=np.int64) for _ in range(3))
    for row, example in enumerate(examples):
        size = len(example.ids)
        ids[row, :size], kinds[row, :size], mask[row, :size] = example.ids, example.kinds, 1
    return ids, kinds, mask


def loss_on(network: Network, batch: Batch) -> torch.Tensor:
    """The loss of one batch, by its kind."""
    if batch.kind == "statements":
        return loss_of(network, collate(batch.examples))
    hidden = network.hidden(*map(torch.from_numpy, padded(batch.examples)))
    learn = marked_loss if batch.kind == "events" else sentence_loss
    with torch.autocast("cpu", enabled=False):
        return learn(network.events, hidden.float(), batch.examples)


def collate(examples: list[Example]) -> dict[str, torch.Tensor]:
    """Padded tensors of one batch; the cues of all its windows follow each other in rows, first, stop and roles."""
    ids, kinds, mask = padded(examples)
    longest = ids.shape[1]
    cue_tags = np.full_like(ids, IGNORE)
    name_tags = np.full_like(ids, IGNORE)
    rows, first, stop, roles = [], [], [], []
    for row, example in enumerate(examples):
        size = len(example.ids)
        cue_tags[row, :size], name_tags[row, :size] = example.cue_tags, example.name_tags
        for (a, b), tags in zip(example.cues, example.roles, strict=True):
            row_tags = np.full(longest, IGNORE)
            row_tags[:size] = tags
            rows.append(row)
            first.append(a)
            stop.append(b)
            roles.append(row_tags)
    return {
        "ids": torch.from_numpy(ids),
        "mask": torch.from_numpy(mask),
        "kinds": torch.from_numpy(kinds),
        "cue_tags": torch.from_numpy(cue_tags),
        "name_tags": torch.from_numpy(name_tags),
        "rows": torch.tensor(rows, dtype=torch.long),
        "first": torch.tensor(first, dtype=torch.long),
        "stop": torch.tensor(stop, dtype=torch.long),
        "roles": torch.from_numpy(np.array(roles, dtype=np.int64).reshape(-1, longest)),
    }


@torch.no_grad()
def predict(network: Network, text: str, tokenizer: Tokenizer) -> list[Attribution]:
    """Attributions of one text by the network in PyTorch, as the shipped model finds them."""
    found = []
    for window in make_windows(text, [(0, len(text))], tokenizer):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            read = network(torch.from_numpy(window.ids)[None], torch.from_numpy(window.kinds)[None])
        cue, _, query, key, unary = (x.float() for x in read)
        cues = find_cues(cue[0].numpy(), window.starts, window.ends)
        if not cues:
            continue
        first = torch.tensor([c[0] for c in cues])
        stop = torch.tensor([c[1] for c in cues])
        logits = network.role_logits(query, key, unary, torch.zeros(len(cues), dtype=torch.long), first, stop)
        found += attributions_of(cues, log_softmax(logits.numpy()), window.starts, window.ends)
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


class Material:
    """All that the network is shown, and in which mixture."""

    def __init__(self, args: argparse.Namespace, tokenizer: Tokenizer) -> None:
        self.args, self.tokenizer = args, tokenizer
        articles = list(read_jsonl(args.data / "train.jsonl.gz"))
        random.Random(0).shuffle(articles)
        self.articles = articles[args.held_out :][: args.articles]
        self.parses = read_parses(args.data / "train.conllu.gz")
        self.frames, self.sentences = frames_and_sentences(self.articles)
        here = Path(__file__).parent
        self.names = read_name_lists(here.parent / "data" / "first_names.csv", here / "surnames.txt")
        self.passages = [passage for name in ("nested.yaml", "statements.yaml") for passage in read_examples(here / name)]
        self.happenings = read_events(here / "events.yaml") if args.own_events else []
        self.sentences_of_a_type = plv_examples(args.plv, tokenizer) if args.plv else []
        print(
            f"{len(self.articles)} articles, {len(self.passages)} own passages, "
            f"{len(self.frames)} frames and {len(self.sentences)} sentences to nest",
            flush=True,
        )

    def batches(self, seed: int) -> list[Batch]:
        """The batches of one epoch."""
        batches = [Batch("statements", some) for some in self._statements(seed)]
        rng = random.Random(seed)
        marked = [
            example
            for _ in range(self.args.own_events)
            for article in own_event_articles(self.happenings, rng)
            for example in event_examples(article, self.tokenizer)
        ]
        batches += [Batch("events", some) for some in shuffled_batches(marked, self.args.batch, seed)]
        batches += [Batch("sentences", some) for some in shuffled_batches(self.sentences_of_a_type, 2 * self.args.batch, seed)]
        rng.shuffle(batches)
        return batches

    def _statements(self, seed: int) -> list[list[Example]]:
        rng = random.Random(seed)
        examples: list[Example] = []
        for article in self.articles:
            parse = self.parses.get(article["id"])
            if parse and rng.random() < self.args.swap:
                article, parse = swap_names(article, parse, self.names, rng)
            examples += self._examples(article, rng, restyled=0.5, parse=parse)
        for _ in range(self.args.own):
            for article in own_articles(self.passages, rng):
                examples += self._examples(article, rng, restyled=0.3)
        for _ in range(self.args.nested):
            examples += self._examples(nested_article(self.frames, self.sentences, rng), rng, restyled=0)
        return shuffled_batches(examples, self.args.batch, seed)

    def _examples(self, article: dict[str, Any], rng: random.Random, *, restyled: float, parse: Any = None) -> list[Example]:
        text = restyle_quotes(article["text"], rng) if rng.random() < restyled else article["text"]
        return examples_of({**article, "text": text}, self.tokenizer, parse=parse)


def optimizer_of(network: Network, rate: float) -> torch.optim.Optimizer:
    """AdamW with the rate for the encoder, and a higher one for what stands on it."""
    heads = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    groups = [{"params": list(network.encoder.parameters()), "lr": rate}, {"params": heads, "lr": 1e-3}]
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


def run_epoch(network: Network, average: AveragedModel, batches: list, optimizer: Any, scheduler: Any, label: str) -> None:
    """One pass over the batches, with a line of progress now and then."""
    network.train()
    started, losses = time.time(), []
    for number, batch in enumerate(batches):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_on(network, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
        average.update_parameters(network)
        losses.append(loss.item())
        if number % 25 == 0:
            recent = np.mean(losses[-25:])
            print(f"{label} batch {number}/{len(batches)} loss {recent:.4f} {time.time() - started:.0f} s", flush=True)


def headline(scores: dict[str, Any]) -> str:
    """The scores that are looked at first, in one line."""
    a, s, t = scores["attrib"], scores["spans"], scores["tokens"]
    return (
        f"attribution {a['f1']:.3f} strict {a['strict']['f1']:.3f} macro {t['macro']:.3f} spans {s['source']['f1']:.3f} "
        f"{s['cue']['f1']:.3f} {s['content']['f1']:.3f} e2e {scores['quotes']['e2e']:.3f}"
    )


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--stop-after", type=int, help="stop after so many epochs of the schedule")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--layers", type=int, help="keep so many encoder layers (default all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", type=int, default=60, help="train articles kept for calibration")
    parser.add_argument("--nested", type=int, default=120, help="made-up articles of nested statements an epoch")
    parser.add_argument("--own", type=int, default=2, help="how often an epoch shows the own passages beside this file")
    parser.add_argument("--own-events", type=int, default=0, help="how often an epoch shows the own passages with events")
    parser.add_argument("--plv", type=Path, help="plv_train.jsonl.gz: sentences with a PLOVER type")
    parser.add_argument("--swap", type=float, default=0, help="share of the articles whose people get other names")
    parser.add_argument(
        "--average", type=float, default=0, help="decay of a running average of the weights that is kept instead"
    )
    parser.add_argument("--start", type=Path, help="network.pt to go on from")
    parser.add_argument("--articles", type=int, help="use only so many articles, for a quick look")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    args = read_arguments(arguments)
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(args.encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    material = Material(args, tokenizer)
    dev = list(read_jsonl(args.data / "dev.jsonl.gz"))[: args.articles]
    network = Network(args.encoder, layers=args.layers)
    if args.own_events or args.plv:
        network.events = EventHeads(network.encoder.config.hidden_size)
    if args.start:
        missing, _ = network.load_state_dict(torch.load(args.start, weights_only=True), strict=False)
        print(f"goes on from {args.start}; new: {[name for name in missing if not name.startswith('events.')] or 'nothing'}")
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(args.average))
    optimizer = optimizer_of(network, args.rate)
    scheduler = None
    for epoch in range(args.stop_after or args.epochs):
        batches = material.batches(args.seed * 1000 + epoch)
        if scheduler is None:
            steps = len(batches) * args.epochs
            rate = partial(_share_of_rate, steps=steps)
            scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
        run_epoch(network, average, batches, optimizer, scheduler, f"epoch {epoch}")
        scores = evaluate(average.module, dev, tokenizer)
        torch.save(average.module.state_dict(), args.out / f"network-{epoch}.pt")
        torch.save(average.module.state_dict(), args.out / "network.pt")
        (args.out / f"scores-{epoch}.json").write_text(json.dumps(scores, indent=1))
        print(f"epoch {epoch}: {headline(scores)}", flush=True)


def _share_of_rate(step: int, *, steps: int) -> float:
    """Up over the first 6% of the steps, then down to nothing."""
    return min(1.0, step / (0.06 * steps)) * max(0.0, 1 - step / (steps * 1.02))


if __name__ == "__main__":
    main()
