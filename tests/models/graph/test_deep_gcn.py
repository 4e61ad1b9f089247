import numpy as np
import pytest

from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import molecules_like
from keras_nn.data.graphs import pack
from keras_nn.models import DeepGCN
from keras_nn.testing import check_model

GRAPHS, _ = molecules_like(4, min_nodes=2, max_nodes=4)
BUDGET = Budget(nodes=9, edges=14, graphs=2)


def test_conformance():
    arguments = {
        "features": 4,
        "classes": 2,
        "units": 4,
        "depth": 1,
        "jumping": "cat",
        "dropout": 0.0,
        "normalize": False,
        "edge_features": 2,
        "pooling": "mean",
    }
    packs = pack(GRAPHS, BUDGET)
    check_model(DeepGCN, arguments, packs, fit=False, jit=False)


@pytest.mark.parametrize("jumping", [None, "max", "lstm"])
def test_a_batch_of_graphs_equals_the_graphs_one_by_one(jumping):
    network = DeepGCN(4, 2, units=4, depth=2, jumping=jumping)
    packs = pack(GRAPHS, BUDGET)
    together = np.asarray(network(packs))[packs["node_mask"]]
    alone = [np.asarray(network(pack([graph])))[0] for graph in GRAPHS]
    np.testing.assert_allclose(together, np.concatenate(alone), atol=1e-5)


def test_refuses_no_features():
    with pytest.raises(ValueError, match="Received: features=0"):
        DeepGCN(0, 2)
