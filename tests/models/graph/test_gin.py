import numpy as np
import pytest

from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import cycles_or_not
from keras_nn.data.graphs import molecules_like
from keras_nn.data.graphs import pack
from keras_nn.models import GIN
from keras_nn.testing import check_model

GRAPHS, _ = cycles_or_not(4, min_nodes=3, max_nodes=5)
BUDGET = Budget(nodes=12, edges=24, graphs=2)


def test_conformance():
    arguments = {
        "features": 1,
        "classes": 3,
        "units": 4,
        "depth": 1,
        "train_epsilon": True,
        "dropout": 0.0,
        "batch_normalization": False,
        "weight_decay": 1e-3,
    }
    packs = pack(GRAPHS, BUDGET)
    check_model(GIN, arguments, packs, (2, 2, 3), half=False)


def test_a_batch_of_graphs_equals_the_graphs_one_by_one():
    network = GIN(1, 2, units=4, depth=2)
    together = np.asarray(network(pack(GRAPHS, BUDGET))).reshape(-1, 2)
    alone = [np.asarray(network(pack([graph])))[0, 0] for graph in GRAPHS]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_edge_features_are_messages():
    graphs, _ = molecules_like(1)
    network = GIN(4, 2, units=4, depth=1, edge_features=2)
    y = np.asarray(network(pack(graphs)))
    graphs[0]["edge_features"] = graphs[0]["edge_features"][:, ::-1] + 1
    assert np.abs(np.asarray(network(pack(graphs))) - y).max() > 1e-4


def test_refuses_no_features():
    with pytest.raises(ValueError, match="Received: features=0"):
        GIN(0, 2)
