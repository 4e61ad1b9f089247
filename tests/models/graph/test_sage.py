import numpy as np

from keras_nn.models import SAGE
from keras_nn.testing import check_model

GRAPHS = {
    "node_features": np.random.default_rng(0).normal(size=(2, 5, 3)),
    "edge_index": np.array([[[0, 1], [1, 0], [2, 3], [-1, -1]]] * 2, "int32"),
}
GRAPHS["node_features"] = GRAPHS["node_features"].astype("float32")


def test_conformance():
    arguments = {
        "features": 3,
        "classes": 2,
        "units": [4],
        "aggregator": "max",
        "dropout": 0.0,
        "weight_decay": 1e-3,
    }
    check_model(SAGE, arguments, GRAPHS, (2, 5, 2), half=False)


def test_a_node_that_hears_nothing_is_judged_by_itself():
    network = SAGE(3, 2)
    y = np.asarray(network(GRAPHS))
    alone = {**GRAPHS, "edge_index": np.full((2, 1, 2), -1, "int32")}
    np.testing.assert_allclose(np.asarray(network(alone))[:, 4], y[:, 4])
    assert np.abs(np.asarray(network(alone))[:, 0] - y[:, 0]).max() > 1e-6
