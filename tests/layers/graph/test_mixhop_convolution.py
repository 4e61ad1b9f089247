import pytest

from keras_nn.layers import MixHopConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    arguments = {"units": 2, "powers": [0, 2], "activation": "tanh"}
    check_layer(MixHopConvolution, arguments, packs("edge_weights"))


def test_refuses_a_negative_power():
    with pytest.raises(ValueError, match=r"Received: powers=\[-1\]"):
        MixHopConvolution(4, powers=[-1])
