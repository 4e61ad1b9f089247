import numpy as np
import pytest

from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import molecules_like
from keras_nn.data.graphs import pack
from keras_nn.models import MPNN
from keras_nn.testing import check_model

GRAPHS, _ = molecules_like(3, min_nodes=2, max_nodes=4)
BUDGET = Budget(nodes=9, edges=14, graphs=2)
SMALL = {
    "features": 4,
    "edge_features": 2,
    "targets": 2,
    "units": 4,
    "edge_units": 3,
    "steps": 2,
    "pooling_steps": 1,
}


@pytest.mark.slow
def test_conformance():
    check_model(MPNN, SMALL, pack(GRAPHS, BUDGET), (2, 2, 2), half=False)


@pytest.mark.parametrize("sum_nodes", [False, True])
def test_a_batch_of_graphs_equals_the_graphs_one_by_one(sum_nodes):
    network = MPNN(**SMALL, sum_nodes=sum_nodes)
    packs = pack(GRAPHS, BUDGET)
    together = np.asarray(network(packs))[packs["graph_mask"]]
    alone = [np.asarray(network(pack([graph])))[0, 0] for graph in GRAPHS]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_a_molecule_twice_is_twice_the_sum():
    import keras

    (graph,), _ = molecules_like(1, min_nodes=3, max_nodes=3)
    ends = graph["edge_index"]
    twice = {
        "node_features": np.concatenate([graph["node_features"]] * 2),
        "edge_index": np.concatenate([ends, ends + 3]),
        "edge_features": np.concatenate([graph["edge_features"]] * 2),
    }
    network = MPNN(**SMALL, sum_nodes=True)
    pooled = keras.Model(network.input, network.get_layer("pooled").output)
    one, two = (np.asarray(pooled(pack([g])))[0, 0] for g in (graph, twice))
    np.testing.assert_allclose(two[:8], one[:8], atol=1e-5)  # averages
    np.testing.assert_allclose(two[8:], 2 * one[8:], atol=1e-5)


def test_refuses_edges_without_features():
    with pytest.raises(ValueError, match="Received: edge_features=0"):
        MPNN(4, 0)
