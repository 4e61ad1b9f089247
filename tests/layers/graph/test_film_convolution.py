import pytest

from keras_nn.layers import FiLMConvolution
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance(packs):
    arguments = {"units": 4, "num_types": 2, "activation": "tanh"}
    check_layer(FiLMConvolution, arguments, packs("edge_types"))


def test_refuses_edges_without_types(packs):
    with pytest.raises(ValueError, match="a graph with `edge_types`"):
        FiLMConvolution(4, num_types=2)(packs())
    with pytest.raises(ValueError, match="Received: num_types=0"):
        FiLMConvolution(4, num_types=0)
