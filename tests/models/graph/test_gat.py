import numpy as np
import pytest

from keras_nn.models import GAT
from keras_nn.testing import check_model

GRAPHS = {
    "node_features": np.random.default_rng(0).normal(size=(2, 5, 3)),
    "edge_index": np.array([[[0, 1], [1, 0], [2, 3], [-1, -1]]] * 2, "int32"),
    "edge_weights": np.ones((2, 4)),
}
GRAPHS = {k: v.astype(v.dtype.str.replace("8", "4")) for k, v in GRAPHS.items()}


@pytest.mark.slow
def test_conformance():
    arguments = {
        "features": 3,
        "classes": 2,
        "units": 3,
        "heads": 2,
        "dropout": 0.0,
        "edge_weights": True,
    }
    check_model(GAT, arguments, GRAPHS, (2, 5, 2), half=False)


def test_refuses_graphs_without_a_key_that_it_uses():
    network = GAT(3, 2, edge_weights=True)
    graphs = {k: v for k, v in GRAPHS.items() if k != "edge_weights"}
    with pytest.raises(ValueError, match="edge_weights"):
        network(graphs)
