import numpy as np
import pytest

from keras_nn.layers import GraphIsomorphism
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        GraphIsomorphism,
        {
            "units": 4,
            "hidden_units": 5,
            "hidden_activation": "tanh",
            "use_edge_features": True,
            "epsilon": 0.1,
            "train_epsilon": True,
            "normalize_hidden": True,
        },
        packs("edge_features", "node_mask"),
        replicas=False,  # statistics are those of a replica's own packs
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(
        GraphIsomorphism(3, hidden_units=5, train_epsilon=True),
        "graph_isomorphism",
    )
    equals_pyg(
        GraphIsomorphism(3, hidden_units=5, use_edge_features=True),
        "graph_isomorphism_edges",
        "edge_features",
    )


def test_the_hidden_layer_is_normalized_without_padding(packs):
    graph = packs("node_mask")
    layer = GraphIsomorphism(
        4, hidden_activation=None, use_bias=False, normalize_hidden=True
    )
    layer.build({key: value.shape for key, value in graph.items()})
    y = np.asarray(layer(graph, training=True))[graph["node_mask"]]
    # A linear map of what has the mean 0 has the mean 0.
    np.testing.assert_allclose(y.mean(axis=0), 0.0, atol=1e-5)


def test_refuses_edges_without_features():
    with pytest.raises(ValueError, match="Received: keys"):
        GraphIsomorphism(3, use_edge_features=True).build(
            {"node_features": (None, None, 2), "edge_index": (None, None, 2)}
        )
