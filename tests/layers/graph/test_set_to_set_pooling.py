import numpy as np
import pytest

from keras_nn.layers import SetToSetPooling
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance(packs):
    check_layer(
        SetToSetPooling,
        {"steps": 2, "use_bias": False},
        packs("graph_ids", "node_mask"),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(
        SetToSetPooling(3, use_bias=False),
        "set_to_set_pooling",
        "graph_ids",
        pooled=True,
    )


def test_a_graph_of_equal_nodes_answers_with_that_node():
    x = np.full((1, 4, 3), 0.7, "float32")
    graph = {"node_features": x, "edge_index": np.zeros((1, 1, 2), "int32")}
    y = np.asarray(SetToSetPooling()(graph))
    np.testing.assert_allclose(y[0, 0, 3:], 0.7, rtol=1e-6)


def test_refuses_no_question():
    with pytest.raises(ValueError, match="Received: steps=0"):
        SetToSetPooling(0)
