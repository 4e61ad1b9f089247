import numpy as np
import pytest

from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import molecules_like
from keras_nn.data.graphs import pack
from keras_nn.models import GPS
from keras_nn.testing import check_model

GRAPHS, _ = molecules_like(4, min_nodes=2, max_nodes=4)
BUDGET = Budget(nodes=9, edges=14, graphs=2)


@pytest.mark.slow
def test_conformance():
    arguments = {
        "features": 4,
        "classes": 2,
        "units": 4,
        "heads": 2,
        "depth": 1,
        "normalize": False,
        "edge_features": 2,
    }
    packs = pack(GRAPHS, BUDGET)
    check_model(
        GPS, arguments, packs, (2, 2, 2), half=False, jit=False, epochs=10
    )


@pytest.mark.parametrize("local", [True, False])
def test_a_batch_of_graphs_equals_the_graphs_one_by_one(local):
    network = GPS(4, 2, units=4, heads=2, depth=2, local=local, pooling=None)
    packs = pack(GRAPHS, BUDGET)
    together = np.asarray(network(packs))[packs["node_mask"]]
    alone = [np.asarray(network(pack([graph])))[0] for graph in GRAPHS]
    np.testing.assert_allclose(together, np.concatenate(alone), atol=1e-5)


def test_refuses_no_features():
    with pytest.raises(ValueError, match="Received: features=0"):
        GPS(0, 2)
