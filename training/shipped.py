"""The shipped file -> the network again, to go on learning from where the networks of its recipe are not at hand.

The weights come back as the file holds them, rounded to seven bits. What the file does without (who is subject and object of
verbs) begins anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from training.graph import OUTPUTS
from training.network import Network

EMBEDDINGS = "encoder.embeddings"
PARTS = {  # of a layer, as training/graph.py names them, and as the network does
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mix": "attention.output.dense",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
}
NORMS = {"middle": "attention.output.LayerNorm", "out": "output.LayerNorm"}


def weights_of_file(path: Path, encoder: Path) -> dict[str, torch.Tensor]:
    """The weights of a file that training.export_tagger wrote, by their names in training.network.Network.

    Args:
        path: the .onnx file.
        encoder: the folder of the encoder from which it was trained.
    """
    model = onnx.load(str(path))
    of_file = _as_floats(model)
    [settings] = [json.loads(entry.value) for entry in model.metadata_props if entry.key == "attest"]
    weights = {name: tensor.numpy() for name, tensor in Network(encoder).state_dict().items()}
    weights |= {
        f"{EMBEDDINGS}.word_embeddings.weight": of_file["words"],
        f"{EMBEDDINGS}.position_embeddings.weight": of_file["places"],
        f"{EMBEDDINGS}.LayerNorm.weight": of_file["embedded.scale"],
        f"{EMBEDDINGS}.LayerNorm.bias": of_file["embedded.shift"],
        "kinds.weight": of_file["kinds.table"] - weights[f"{EMBEDDINGS}.token_type_embeddings.weight"][:1],
        "distance": np.array(settings["distance"]),
        "event_distance": np.array(settings["event_distance"]),
    }
    layer = 0
    while f"layer{layer}.query.weight" in of_file:
        weights |= _of_layer(of_file, layer)
        layer += 1
    for output, names in OUTPUTS.items():
        edges = np.cumsum([len(weights[f"{name}.bias"]) for name in names])[:-1]
        for part, axis in ("weight", 1), ("bias", 0):
            for name, values in zip(names, np.split(of_file[f"{output}.{part}"], edges, axis=axis), strict=True):
                weights[f"{name}.{part}"] = values.T
    return {name: torch.from_numpy(np.array(values)).float() for name, values in weights.items()}


def _of_layer(of_file: dict[str, np.ndarray], number: int) -> dict[str, np.ndarray]:
    mine, theirs = f"layer{number}", f"encoder.encoder.layer.{number}"
    biases = dict(zip(("query", "key", "value"), np.split(of_file[f"{mine}.attention.bias"], 3), strict=True))
    weights = {}
    for part, name in PARTS.items():
        weights[f"{theirs}.{name}.weight"] = of_file[f"{mine}.{part}.weight"].T
        weights[f"{theirs}.{name}.bias"] = biases[part] if part in biases else of_file[f"{mine}.{part}.bias"]
    for part, name in NORMS.items():
        weights[f"{theirs}.{name}.weight"] = of_file[f"{mine}.{part}.scale"]
        weights[f"{theirs}.{name}.bias"] = of_file[f"{mine}.{part}.shift"]
    return weights


def _as_floats(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    """The file's weights by name; whole numbers are multiplied by their scale, of which a product has one for each column."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    plain = {name: values for name, values in stored.items() if values.dtype == np.float32}
    for name, values in stored.items():
        if name.endswith("_quantized"):
            name = name.removesuffix("_quantized")
            zero = stored[f"{name}_zero_point"].astype(np.float32)
            plain[name] = (values.astype(np.float32) - zero) * stored[f"{name}_scale"]
    return plain
