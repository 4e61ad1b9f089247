import numpy as np
import pytest

from keras_nn.models import GCN
from keras_nn.models.graph.graph_network import graph_inputs


def test_keys_that_a_network_does_not_use_are_left_out():
    graph = {
        "node_features": np.ones((1, 3, 2), "float32"),
        "edge_index": np.array([[[0, 1]]], "int32"),
    }
    network = GCN(2, 2)
    more = {**graph, "node_mask": np.ones((1, 3), bool)}
    np.testing.assert_array_equal(
        network.predict(more, verbose=0), network.predict(graph, verbose=0)
    )


def test_refuses_no_features():
    with pytest.raises(ValueError, match="Received: features=0"):
        graph_inputs(0)
