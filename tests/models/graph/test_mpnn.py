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


def test_conformance():
    check_model(MPNN, SMALL, pack(GRAPHS, BUDGET), (2, 2, 2), half=False)


def test_a_batch_of_graphs_equals_the_graphs_one_by_one():
    network = MPNN(**SMALL)
    packs = pack(GRAPHS, BUDGET)
    together = np.asarray(network(packs))[packs["graph_mask"]]
    alone = [np.asarray(network(pack([graph])))[0, 0] for graph in GRAPHS]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_refuses_edges_without_features():
    with pytest.raises(ValueError, match="Received: edge_features=0"):
        MPNN(4, 0)
