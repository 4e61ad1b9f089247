import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import NodeClassifier
from keras_nn.applications import WrongRequest
from keras_nn.models import GCN

X = data.load("karate-club").train.arrays()[0]


def test_takes_the_keys_that_its_network_uses():
    app = NodeClassifier(GCN(34, 2))
    assert sorted(app.checked(X)) == ["edge_index", "node_features"]
    with pytest.raises(ValueError, match=r"Received: \['node_features'\]"):
        app.checked({"node_features": X["node_features"]})


def test_features_are_scaled_where_it_is_asked_for():
    network = GCN(34, 2)
    plain = NodeClassifier(network)
    scaled = NodeClassifier(network, normalize_features=True)
    larger = {**X, "node_features": 3 * X["node_features"]}
    np.testing.assert_allclose(scaled(larger), plain(X), atol=1e-6)
    assert np.abs(np.asarray(plain(larger)) - plain(X)).max() > 1e-3


def test_an_export_is_refused():
    with pytest.raises(WrongRequest, match="save it as `.keras`"):
        NodeClassifier(GCN(34, 2)).input_signature()
