"""The trained network -> the file that is shipped: ONNX, int8, calibrated, with its hash.

    python -m training.export_tagger --corpora FOLDER --encoder FOLDER --run FOLDER ... --out FOLDER

Run after training.train with the same --corpora, --encoder and --held-out. What was kept from training calibrates the
confidence: some of PolNeAR's training articles, and some passages with events. Dev is never looked at.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from analysis.schema import EVENT_TYPES
from analysis.tagger import load_tagger
from analysis.tagging.attributions import FEATURES, certainty_features, outermost
from analysis.tagging.triggers import FEATURES as EVENT_FEATURES
from analysis.tagging.triggers import LIKELY_EVENT, TaggedEvent, features_of_events
from analysis.tagging.word_counts import count_words
from benchmarks.attributions import match_attributions
from training.graph import write_graph
from training.marked import is_sure
from training.material import Sources, event_passages, split_articles
from training.network import network_of
from training.regression import logistic


def with_settings(path: Path, settings: dict) -> None:
    """Write the settings into the file's metadata."""
    model = onnx.load(str(path))
    del model.metadata_props[:]
    entry = model.metadata_props.add()
    entry.key, entry.value = "attest", json.dumps(settings)
    onnx.save(model, str(path))


def write_hash(path: Path) -> None:
    """Write the hash of the model and its tokenizer beside them."""
    digest = hashlib.sha256(path.read_bytes() + (path.parent / "tokenizer.json").read_bytes()).hexdigest()
    path.with_suffix(".sha256").write_text(f"{digest}  {path.name} + tokenizer.json\n", encoding="ascii")


def weights_of(runs: Sequence[Path], shares: Sequence[float]) -> dict[str, torch.Tensor]:
    """The weights of a run; of several, their average by shares, which knows what each of them knew best.

    Raises:
        ValueError: not as many shares as runs.
    """
    every = [torch.load(run / "network.pt", map_location="cpu", weights_only=True) for run in runs]
    return {
        name: sum(share * weights[name] for share, weights in zip(shares, every, strict=True))
        if tensor.is_floating_point()
        else tensor
        for name, tensor in every[-1].items()
    }


def calibrate(path: Path, articles: list[dict]) -> list[float]:
    """Calibration weights from articles that the network was not trained on: which attributions match one of the annotation."""
    tagger = load_tagger(path)
    features, right = [], []
    for article in articles:
        found = outermost(tagger.tag(article["text"], [(0, len(article["text"]))]).attributions)
        predicted = [{"source": a.source, "cue": a.cue, "content": a.content} for a in found]
        hits = {mine for _, mine in match_attributions(article["text"], article["attributions"], predicted)}
        features += [certainty_features(a, article["text"], tagger.cue_words) for a in found]
        right += [number in hits for number in range(len(found))]
    print(f"calibrated on {len(right)} attributions of {len(articles)} articles, {np.mean(right):.3f} of them right")
    return [round(float(w), 5) for w in logistic(np.array(features), np.array(right, dtype=float))]


def calibrate_events(path: Path, passages: list[dict]) -> list[float]:
    """Calibration weights from passages kept from training: which likely events have the right type, status and actors.

    The unlikely ones are many and nearly all wrong; with them the weights would order the likely ones worse.
    """
    tagger = load_tagger(path)
    features, right, found, marked = [], [], 0, 0
    for passage in passages:
        tagged = tagger.tag(passage["text"], [(0, len(passage["text"]))])
        places = [(name.start, name.end) for name in tagged.names if name.kind == "LOCATION"]
        rows = features_of_events(tagged.events, passage["text"], tagger.trigger_words, places)
        doubtful = [span for one in passage["events"] if not is_sure(one) for span in one["trigger"]]
        likely = [
            (event, row)
            for event, row in zip(tagged.events, rows, strict=True)
            if event.p_event >= LIKELY_EVENT and not _overlap(event.trigger, doubtful)
        ]
        sure = [one for one in passage["events"] if is_sure(one)]
        features += [row for _, row in likely]
        right += [any(_is(event, one) for one in sure) for event, _ in likely]
        found += sum(any(_overlap(event.trigger, one["trigger"]) for event, _ in likely) for one in sure)
        marked += len(sure)
    share = f"of {len(right)} found {np.mean(right):.3f} right"
    print(f"{len(passages)} passages with {marked} events, {found} of them found; {share}")
    return [round(float(w), 5) for w in logistic(np.array(features), np.array(right, dtype=float))]


def _cues(articles: Iterable[dict]) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """The texts of articles, each with the words of its cues."""
    for article in articles:
        text = article["text"]
        yield text, [(_words(text, attribution["cue"]), 0) for attribution in article["attributions"]]


def _triggers(passages: Iterable[dict]) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """The texts of passages, each with the words and types of its events."""
    for passage in passages:
        text = passage["text"]
        sure = filter(is_sure, passage["events"])
        yield text, [(_words(text, event["trigger"]), EVENT_TYPES.index(event["type"])) for event in sure]


def _words(text: str, spans: Sequence[Sequence[int]]) -> str:
    return " ".join(text[start:end] for start, end in spans)


def _is(event: TaggedEvent, marked: dict) -> bool:
    return (
        _overlap(event.trigger, marked["trigger"])
        and event.type in marked.get("type_accept", [marked["type"]])
        and event.status == marked["status"]
        and bool(event.actors)
        and all(_overlap([span], marked["actors"]) for span in event.actors)
        and all(_overlap([span], event.actors) for span in marked["actors"])
    )


def _overlap(one: Sequence[Sequence[int]], other: Sequence[Sequence[int]]) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in one for b in other)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--run", type=Path, nargs="+", required=True, help="a run, or several to average")
    parser.add_argument("--shares", type=float, nargs="+", default=[1.0], help="of the runs in the average")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--held-out", type=int, default=60)
    parser.add_argument("--fold", type=int, help="of PLV's sentences, not calibrated on")
    args = parser.parse_args(arguments)
    network = network_of(args.encoder, weights_of(args.run, args.shares))
    args.out.mkdir(parents=True, exist_ok=True)
    target = args.out / "tagger.onnx"
    shutil.copyfile(args.encoder / "tokenizer.json", args.out / "tokenizer.json")
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        write_graph(network, plain)
        # Seven bits for the weights: processors without VNNI add up two products in 16 bits, which eight would overflow.
        quantize_dynamic(
            str(plain),
            str(target),
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    sources = Sources(args.corpora, args.encoder / "tokenizer.json", args.held_out, fold=args.fold)
    kept, learned = split_articles(sources)
    settings = {
        "distance": network.distance.detach().numpy().round(5).tolist(),
        "event_distance": network.event_distance.detach().numpy().round(5).tolist(),
        "calibration": [9.0, *[0.0] * FEATURES],  # for a start all are trusted
        "event_calibration": [9.0, *[0.0] * EVENT_FEATURES],
        "cue_words": count_words(_cues(learned)),
        "trigger_words": count_words(_triggers(chain(*event_passages(sources, kept=False)))),
    }
    with_settings(target, settings)
    write_hash(target)
    settings["calibration"] = calibrate(target, kept)
    settings["event_calibration"] = calibrate_events(target, [*chain(*event_passages(sources, kept=True))])
    with_settings(target, settings)
    write_hash(target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
