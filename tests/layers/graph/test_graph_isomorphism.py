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
        },
        packs("edge_features"),
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


def test_refuses_edges_without_features():
    with pytest.raises(ValueError, match="Received: keys"):
        GraphIsomorphism(3, use_edge_features=True).build(
            {"node_features": (None, None, 2), "edge_index": (None, None, 2)}
        )
