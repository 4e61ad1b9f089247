import pytest

from keras_nn.layers import TopologyAdaptiveConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        TopologyAdaptiveConvolution,
        {"units": 4, "steps": 2, "normalize": False},
        packs("edge_weights"),
    )


def test_refuses_no_steps():
    with pytest.raises(ValueError, match="Received: steps=0"):
        TopologyAdaptiveConvolution(4, steps=0)
