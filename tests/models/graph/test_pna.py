import numpy as np
import pytest

from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import cycles_or_not
from keras_nn.data.graphs import pack
from keras_nn.models import PNA
from keras_nn.testing import check_model

GRAPHS, _ = cycles_or_not(4, min_nodes=3, max_nodes=5)
BUDGET = Budget(nodes=12, edges=24, graphs=2)


def test_conformance():
    arguments = {
        "features": 1,
        "classes": 3,
        "average_log_degree": 1.0,
        "units": 4,
        "depth": 1,
        "batch_normalization": False,
        "pooling": ["sum", "max"],
    }
    packs = pack(GRAPHS, BUDGET)
    check_model(PNA, arguments, packs, fit=False, jit=False)


def test_a_batch_of_graphs_equals_the_graphs_one_by_one():
    network = PNA(1, 2, 1.0, units=4, depth=2)
    together = np.asarray(network(pack(GRAPHS, BUDGET))).reshape(-1, 2)
    alone = [np.asarray(network(pack([graph])))[0, 0] for graph in GRAPHS]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_refuses_no_features():
    with pytest.raises(ValueError, match="Received: features=0"):
        PNA(0, 2, 1.0)
