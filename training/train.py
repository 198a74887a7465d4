"""Train the tagger: on PolNeAR, what marked.jsonl names of other corpora, and the passages beside this file.

    python -m training.train --corpora FOLDER --encoder FOLDER --out FOLDER [--plv TIMES] [--fold 0]

The folder of the corpora is as in training/__main__.py; the encoder's holds a BERT-like model in the format of the transformers
library, with its tokenizer.json. Every epoch is written to --out. With --start analysis/models/tagger.onnx it goes on from the
shipped file.
With --teacher, what these networks say counts beside the annotation, and texts without marks are learned from too
(training/teacher.py).
With --fold, that fold of PLV's sentences is left out, so that it can be used to measure; a teacher must have done without it
too.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from analysis.tagger import make_windows
from training.attributions import read_jsonl
from training.examples import unknown
from training.learn import Plan, evaluate, headline, learn
from training.material import Sources, read_tokenizer, versions_of
from training.network import Network, network_of
from training.shipped import weights_of_file
from training.teacher import lessons_of
from training.unmarked import unmarked_texts
from training.windows import Windows, as_windows

PLAN = Plan(epochs=8, rate=2.5e-4, hide=0.05)
VERSIONS = 3
UNMARKED = -1  # the version of texts without marks


class Show:
    """Which windows an epoch shows: of articles a share, another one each time; of those with events several versions.

    Texts without marks are all shown.
    """

    def __init__(self, windows: Windows, versions: np.ndarray, *, articles: float, events: int) -> None:
        self.versions = int(versions.max()) + 1
        marked = (windows.type_tags.cpu().numpy() >= 0).any(1)
        self.statements = [np.flatnonzero(~marked & (versions == n)) for n in range(self.versions)]
        self.events = [np.flatnonzero(marked & (versions == n)) for n in range(self.versions)]
        self.unmarked = np.flatnonzero(versions == UNMARKED)
        self.parts, self.times = round(1 / articles), events

    def __call__(self, epoch: int) -> list[int]:
        statements = self.statements[epoch // self.parts % self.versions]
        shown = [statements[epoch % self.parts :: self.parts]]
        shown += [self.events[(epoch * self.times + n) % self.versions] for n in range(self.times)]
        return np.concatenate([*shown, self.unmarked]).tolist()


def read_windows(args: argparse.Namespace, device: torch.device) -> tuple[Windows, np.ndarray]:
    """All windows, and the version of each."""
    sources = Sources(args.corpora, tokenizer_of(args), args.held_out, args.plv, args.fold)
    versions = versions_of(sources, args.versions, seed=args.seed)
    examples = [(number, e) for number, some in enumerate(versions) for e in some]
    if args.teacher:
        tokenizer = read_tokenizer(sources.tokenizer)
        texts = unmarked_texts(sources, args.encoder, seed=args.seed)
        windows = (window for text in texts for window in make_windows(text, [(0, len(text))], tokenizer))
        examples += [(UNMARKED, unknown(window)) for window in windows]
    if args.articles:
        examples = examples[:: max(1, len(examples) // args.articles)]
    return as_windows([e for _, e in examples], device), np.array([number for number, _ in examples])


def tokenizer_of(args: argparse.Namespace) -> Path:
    """The tokenizer.json that makes the pieces."""
    own: Path = args.encoder / "tokenizer.json"
    return args.tokenizer or own


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--plv", type=int, default=1, help="how often PLV's sentences are shown in an epoch (default: 1)")
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, help="the tokenizer.json that makes the pieces (default: the encoder's)")
    parser.add_argument("--teacher", type=Path, nargs="+", default=[], help="network.pt of one or more, with --teacher-encoder")
    parser.add_argument("--teacher-encoder", type=Path, help="the folder of the teachers' encoder")
    parser.add_argument("--versions", type=int, default=VERSIONS, help=f"of the texts (default: {VERSIONS})")
    parser.add_argument("--fold", type=int)
    parser.add_argument("--held-out", type=int, default=60, help="train articles kept for calibration")
    parser.add_argument("--share", type=float, default=1.0, help="share of the articles that an epoch shows")
    parser.add_argument(
        "--events", type=int, default=1, help="in how many versions an epoch shows passages with events; 0: no events"
    )
    parser.add_argument("--epochs", type=int, default=PLAN.epochs)
    parser.add_argument("--rate", type=float, default=PLAN.rate)
    parser.add_argument("--hide", type=float, default=PLAN.hide, help=f"share of the pieces not shown (default: {PLAN.hide})")
    parser.add_argument("--batch", type=int, default=PLAN.batch, help=f"windows in a batch (default: {PLAN.batch})")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="network.pt, or a shipped tagger.onnx, to go on from")
    parser.add_argument("--articles", type=int, help="about so many windows and articles only, for a quick look")
    args = parser.parse_args(arguments)
    if bool(args.teacher) != bool(args.teacher_encoder):
        parser.error("--teacher and --teacher-encoder go together: the teachers' weights, and the folder of their encoder")
    return args


def weights_to_start(path: Path, encoder: Path) -> dict[str, torch.Tensor]:
    """The weights of a network.pt, or of a shipped file."""
    if path.suffix == ".onnx":
        return weights_of_file(path, encoder)
    return weights_of(path)


def weights_of(path: Path) -> dict[str, torch.Tensor]:
    """The weights of a network.pt."""
    weights: dict[str, torch.Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return weights


def main(arguments: Sequence[str] | None = None) -> None:
    args = read_arguments(arguments)
    args.out.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(args.seed)
    windows, versions = read_windows(args, device)
    told = f"{len(windows.cues)} cues, {len(windows.events)} events"
    print(f"{len(windows)} windows in {args.versions} versions, {told}", flush=True)
    if args.teacher:
        teachers = [network_of(args.teacher_encoder, weights_of(path), tokenizer_of(args)) for path in args.teacher]
        windows.lessons = lessons_of(teachers, windows)
    started = args.start and weights_to_start(args.start, args.encoder)
    network = network_of(args.encoder, started, args.tokenizer) if started else Network(args.encoder, tokenizer=args.tokenizer)
    network = network.to(device)
    plan = PLAN._replace(**{name: getattr(args, name) for name in ("epochs", "batch", "rate", "hide", "seed")})
    for _ in learn(network, windows, Show(windows, versions, articles=args.share, events=args.events), plan):
        torch.save(network.state_dict(), args.out / "network.pt")
    dev = list(read_jsonl(args.corpora / "polnear" / "dev.jsonl.gz"))[: args.articles]
    scores = evaluate(network, dev, read_tokenizer(tokenizer_of(args)))
    (args.out / "scores.json").write_text(json.dumps(scores, indent=1))
    print(headline(scores), flush=True)


if __name__ == "__main__":
    main()
