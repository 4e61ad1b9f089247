"""What PyTorch Geometric computed, and graphs to check operators on."""

import functools
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.testing.backend import gradients
from keras_nn.testing.inputs import odd
from keras_nn.testing.numbers import assert_close
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.testing.replica_step import regression

PARITY = Path(__file__).parents[2] / "parity"


@functools.cache
def recorded():
    found = {}
    for name in ("pyg.npz", "pyg_more.npz", "pyg_pools.npz"):
        with np.load(PARITY / name) as file:
            found |= dict(file)
    return found


def golden_graph(*keys):
    """The recorded graph, one without the axis of packs."""
    found = {key: recorded()[f"graph/{key}"] for key in keys}
    graph = {k: v.astype("float32") for k, v in found.items()}
    for key in ("edge_index", "edge_types", "graph_ids", "node_types"):
        if key in found:
            graph[key] = found[key].astype("int32")
    if "graph_ids" in graph:
        graph["graph_mask"] = np.ones(3, bool)
    return graph


def padded(graph):
    """Two packs: the graph, and the graph twice; both with padding."""
    nodes, edges = len(graph["node_features"]), len(graph["edge_index"])
    packs = {}
    for key, value in graph.items():
        if key == "graph_mask":
            packs[key] = np.arange(6) < np.array([[3], [6]])
            continue
        twice = value
        if key == "edge_index":
            twice = value + nodes
        elif key == "graph_ids":
            twice = value + 3
        size = 2 * (edges if key.startswith("edge") else nodes) + 2
        # Features of padding are anything but zero.
        fill = -1 if key in ("edge_index", "graph_ids") else 2
        full = np.full((2, size, *value.shape[1:]), fill, value.dtype)
        full[0, : len(value)] = value
        full[1, : len(value)] = value
        full[1, len(value) : 2 * len(value)] = twice
        packs[key] = full
    ends = np.array([[nodes], [2 * nodes]])
    return {**packs, "node_mask": np.arange(2 * nodes + 2) < ends}


def permuted(graph, order):
    """The graph with its nodes in another order, and its edges reversed."""
    place = np.argsort(order).astype("int32")
    moved = {}
    for key, value in graph.items():
        if key == "edge_index":
            moved[key] = place[value][::-1]
        elif key.startswith("edge"):
            moved[key] = value[::-1]
        elif key == "graph_mask":
            moved[key] = value
        else:
            moved[key] = value[order]
    return moved


@pytest.fixture
def golden():
    """The recorded graph with some of its keys."""
    return golden_graph


@pytest.fixture
def pyg():
    """All recorded arrays by name."""
    return recorded()


@pytest.fixture
def in_packs():
    """`padded`: a graph to two packs of it."""
    return padded


@pytest.fixture
def reordered():
    """`permuted`: a graph with its nodes in another order."""
    return permuted


@pytest.fixture
def equals_pyg():
    """Asserts forward, gradients, packs, padding and permutation.

    `read` takes what is compared from what the layer returns; `pooled`: one
    row a graph; `ordered`: the order of edges matters.
    """

    def check(
        layer, case, *keys, pooled=False, ordered=False, read=lambda y: y
    ):
        graph = golden_graph("node_features", "edge_index", *keys)
        features = keras.Variable(graph["node_features"])
        layer(graph)
        expected = {
            key.removeprefix(f"{case}/"): value
            for key, value in recorded().items()
            if key.startswith(f"{case}/")
        }
        count = sum(key.startswith("weight_") for key in expected)
        weights = layer.trainable_weights
        assert len(weights) == count, [weight.path for weight in weights]
        for index, weight in enumerate(weights):
            weight.assign(expected[f"weight_{index}"])

        def loss():
            y = read(layer({**graph, "node_features": features.value}))
            projection = expected["projection"].astype("float32")
            return ops.sum(y * projection), y

        _, y, found = gradients(loss, [features, *layer.trainable_weights])
        assert_close(y, expected["output"], case)
        wanted = [expected[f"gradient_{i}"] for i in range(count)]
        wanted = [expected["input_gradient"], *wanted]
        assert_close(found, wanted, f"gradients of {case}")

        y = ops.convert_to_numpy(y)
        packs = ops.convert_to_numpy(read(layer(padded(graph))))
        alone, twice = packs[0, : len(y)], packs[1, : 2 * len(y)]
        for part in (alone, *np.split(twice, 2)):
            assert_close(part, y, f"{case}, packed with others and padded")
        if ordered:
            return
        order = np.random.default_rng(1).permutation(
            len(graph["node_features"])
        )
        other = read(layer(permuted(graph, order)))
        assert_close(other, y if pooled else y[order], f"{case}, permuted")

    return check


@pytest.fixture
def replicas_agree():
    """Asserts that two replicas take one's step, for several outputs.

    `check_layer` compares layers of one output: TensorFlow cannot make the
    trackers of several losses inside a step that gathers (2.21).
    """

    def check(make, graph):
        if keras.config.backend() != "tensorflow":
            return
        from keras_nn.training import Model

        def build():
            symbolic = {
                key: keras.Input(value.shape[1:], dtype=value.dtype, name=key)
                for key, value in graph.items()
            }
            outputs = make()(symbolic)
            floats = [v for v in outputs.values() if "float" in v.dtype]
            flat = [keras.layers.Flatten()(value) for value in floats]
            joined = keras.layers.Concatenate()(flat)
            return regression(Model(symbolic, [joined]))

        model = build()
        x = keras.tree.map_structure(odd, graph)
        y = [0.5 * ops.convert_to_numpy(model(x)) + 1]
        check_replica_step(build, (x, y), one=model)

    return check


@pytest.fixture
def packs():
    """A batch of two packs of all kinds of values, for `check_layer`."""

    def make(*keys):
        chosen = {"node_features", "edge_index", *keys}
        if "graph_ids" in chosen:
            chosen |= {"graph_mask"}
        generator = np.random.default_rng(0)
        ids = np.array([[0, 0, 1, 1, -1], [0, 1, 1, 1, 1]], "int32")
        edges = [[0, 1], [1, 0], [2, 3], [3, 3], [-1, -1]]
        edges = np.array([edges, [[0, 0], [1, 2], [1, 2], [3, 4], [4, 1]]])
        values = {
            "node_features": generator.normal(size=(2, 5, 3)),
            "initial_features": generator.normal(size=(2, 5, 3)),
            "edge_weights": generator.uniform(0.5, 2, (2, 5)),
            "edge_features": generator.normal(size=(2, 5, 2)),
            "node_positions": generator.normal(size=(2, 5, 3)),
        }
        values = {k: v.astype("float32") for k, v in values.items()}
        values["edge_index"] = edges.astype("int32")
        values["edge_types"] = np.array([[0, 1, 1, 0, 0], [1] * 5], "int32")
        values["node_types"] = np.array([[0, 1, 1, 0, 1]] * 2, "int32")
        values["graph_ids"] = ids
        values["node_mask"] = ids >= 0
        values["graph_mask"] = np.ones((2, 2), bool)
        return {key: values[key] for key in sorted(chosen)}

    return make
