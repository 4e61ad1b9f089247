import pytest

from keras_nn.layers import DynamicEdgeConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        DynamicEdgeConvolution,
        {"units": 4, "neighbors": 2, "hidden_activation": "tanh"},
        packs("graph_ids", "node_mask"),
    )


def test_refuses_no_neighbors():
    with pytest.raises(ValueError, match="Received: neighbors=0"):
        DynamicEdgeConvolution(4, neighbors=0)
