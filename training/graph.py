"""The trained network as an ONNX graph, written operator by operator.

Written by hand because the fused operators of onnxruntime (attention, GELU with its bias) are what makes a small encoder fast
on a CPU, and the patterns that converters leave behind are not always recognised.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

FUSED = "com.microsoft"
# Read-outs that are needed together come as one output each: few small products are slower than a big one.
OUTPUTS = {
    "pieces": ("cue", "names", "unary", "event", "status", "core", "event_unary"),
    "query": ("query",),
    "key": ("key",),
    "event_query": ("event_query",),
    "event_key": ("event_key",),
}


class _Graph:
    """Nodes and weights in the order in which they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, values: np.ndarray) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, *, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output


def build_graph(state: dict[str, torch.Tensor], *, head_size: int, epsilon: float) -> onnx.ModelProto:
    """The graph of a BERT encoder and its read-outs.

    Args:
        state: the network's weights by name (training.network.Network).
        head_size: of an attention head.
        epsilon: of the layer norms.

    Returns:
        A model with the inputs ids and kinds, int64 (1, pieces), and the outputs of OUTPUTS, float32 (1, pieces, width), each
        the read-outs that it names side by side.
    """
    weights = {name: tensor.float().numpy() for name, tensor in state.items()}
    graph = _Graph()

    def dense(x: str, name: str, source: str) -> str:
        graph.weight(f"{name}.weight", weights[f"{source}.weight"].T)
        return graph.add("MatMul", [x, f"{name}.weight"], f"{name}.product")

    def bias(name: str, source: str) -> str:
        return graph.weight(f"{name}.bias", weights[f"{source}.bias"])

    def norm(x: str, skip: str, name: str, source: str) -> str:
        scale = graph.weight(f"{name}.scale", weights[f"{source}.weight"])
        shift = graph.weight(f"{name}.shift", weights[f"{source}.bias"])
        total = graph.add("Add", [x, skip], f"{name}.sum")
        return graph.add("LayerNormalization", [total, scale, shift], name, epsilon=epsilon, axis=-1)

    base = "encoder.embeddings"
    hidden = _embeddings(graph, weights, base, epsilon)
    layer = 0
    while f"encoder.encoder.layer.{layer}.output.dense.weight" in weights:
        source, name = f"encoder.encoder.layer.{layer}", f"layer{layer}"
        parts = []
        for part in ("query", "key", "value"):
            parts.append(dense(hidden, f"{name}.{part}", f"{source}.attention.self.{part}"))
        packed = np.concatenate([weights[f"{source}.attention.self.{part}.bias"] for part in ("query", "key", "value")])
        attended = graph.add(
            "MultiHeadAttention",
            [*parts, graph.weight(f"{name}.attention.bias", packed)],
            f"{name}.attention",
            domain=FUSED,
            num_heads=len(packed) // 3 // head_size,
        )
        mixed = dense(attended, f"{name}.mix", f"{source}.attention.output.dense")
        mixed = graph.add("Add", [mixed, bias(f"{name}.mix", f"{source}.attention.output.dense")], f"{name}.mixed")
        middle = norm(mixed, hidden, f"{name}.middle", f"{source}.attention.output.LayerNorm")
        wide = dense(middle, f"{name}.wide", f"{source}.intermediate.dense")
        wide_bias = bias(f"{name}.wide", f"{source}.intermediate.dense")
        active = graph.add("FastGelu", [wide, wide_bias], f"{name}.active", domain=FUSED)
        narrow = dense(active, f"{name}.narrow", f"{source}.output.dense")
        narrow = graph.add("Add", [narrow, bias(f"{name}.narrow", f"{source}.output.dense")], f"{name}.narrowed")
        hidden = norm(narrow, middle, f"{name}.out", f"{source}.output.LayerNorm")
        layer += 1
    for output, parts in OUTPUTS.items():
        for part in ("weight", "bias"):
            weights[f"{output}.{part}"] = np.concatenate([weights[f"{name}.{part}"] for name in parts])
        product = dense(hidden, output, output)
        graph.add("Add", [product, bias(output, output)], output)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "tagger",
            [helper.make_tensor_value_info(name, TensorProto.INT64, [1, "pieces"]) for name in ("ids", "kinds")],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "pieces", len(weights[f"{name}.bias"])])
                for name in OUTPUTS
            ],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)],
        producer_name="attest",
    )
    model.ir_version = 8
    return model


def _embeddings(graph: _Graph, weights: dict[str, np.ndarray], base: str, epsilon: float) -> str:
    """Sum of the embeddings of piece, kind and position, normalised."""
    words = graph.weight("words", weights[f"{base}.word_embeddings.weight"])
    # Every piece is of BERT's first sentence.
    kinds = graph.weight("kinds.table", weights["kinds.weight"] + weights[f"{base}.token_type_embeddings.weight"][:1])
    places = graph.weight("places", weights[f"{base}.position_embeddings.weight"])
    piece = graph.add("Gather", [words, "ids"], "piece")
    kind = graph.add("Gather", [kinds, "kinds"], "kind")
    count = graph.add("Shape", ["ids"], "shape", start=1, end=2)
    zero = graph.weight("zero", np.array([0], dtype=np.int64))
    place = graph.add("Slice", [places, zero, count, zero], "place")
    both = graph.add("Add", [piece, kind], "piece.kind")
    total = graph.add("Add", [both, place], "embedded")
    scale = graph.weight("embedded.scale", weights[f"{base}.LayerNorm.weight"])
    shift = graph.weight("embedded.shift", weights[f"{base}.LayerNorm.bias"])
    return graph.add("LayerNormalization", [total, scale, shift], "embedding", epsilon=epsilon, axis=-1)


def write_graph(network: torch.nn.Module, path: Path) -> None:
    """Write the network's graph to a file."""
    config = network.encoder.config
    state = {name: tensor.detach() for name, tensor in network.state_dict().items()}
    head_size = config.hidden_size // config.num_attention_heads  # of the encoder as it was; its layers may have fewer by now
    onnx.save(build_graph(state, head_size=head_size, epsilon=config.layer_norm_eps), str(path))
