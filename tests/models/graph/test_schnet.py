import numpy as np
import pytest

from keras_nn.data.graphs import pack
from keras_nn.data.graphs import radius_edges
from keras_nn.models import SchNet
from keras_nn.testing import check_model
from keras_nn.testing.numbers import assert_close

SMALL = {
    "types": 3,
    "units": 4,
    "filters": 5,
    "depth": 2,
    "gaussians": 6,
    "cutoff": 4.0,
}


def molecule(seed, atoms):
    random = np.random.default_rng(seed)
    graph = {
        "node_features": np.ones((atoms, 1)),
        "node_types": random.integers(0, 3, atoms),
        "node_positions": random.normal(size=(atoms, 3)),
    }
    return radius_edges(graph, 4.0)


def test_conformance():
    one = pack([molecule(0, 4)])
    two = pack([molecule(1, 4)])
    packs = {
        k: np.concatenate([v, two[k]])
        for k, v in one.items()
        if v.shape == two[k].shape
    }
    edges = max(len(one["edge_index"][0]), len(two["edge_index"][0]))
    packs["edge_index"] = np.stack(
        [
            np.pad(
                graph["edge_index"][0],
                ((0, edges - len(graph["edge_index"][0])), (0, 0)),
                constant_values=-1,
            )
            for graph in (one, two)
        ]
    )
    del packs["node_features"]  # which are not used
    small = {**SMALL, "depth": 1}
    check_model(SchNet, small, packs, fit=False, jit=False)


def test_equals_pyg(recorded, golden_pack):
    packs = golden_pack("node_features", "edge_index")
    packs["node_positions"] = recorded["positions"][None]
    packs["node_types"] = recorded["kinds"][None]
    packs["graph_ids"] = np.array([[0, 0, 0, 0, 0, 1, 1, 1, 2]], "int32")
    packs["graph_mask"] = np.ones((1, 3), bool)
    network = SchNet(**SMALL)
    for index, weight in enumerate(network.trainable_weights):
        weight.assign(recorded[f"schnet/weight_{index}"])
    assert f"schnet/weight_{index + 1}" not in recorded
    assert_close(network(packs)[0], recorded["schnet/output"], "SchNet")


def test_refuses_no_kinds():
    with pytest.raises(ValueError, match="Received: types=0"):
        SchNet(0)
