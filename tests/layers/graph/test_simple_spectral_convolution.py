import pytest

from keras_nn.layers import SimpleSpectralConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    arguments = {"units": 4, "steps": 2, "alpha": 0.3, "activation": "tanh"}
    check_layer(SimpleSpectralConvolution, arguments, packs("edge_weights"))


def test_refuses_no_steps():
    with pytest.raises(ValueError, match="Received: steps=0"):
        SimpleSpectralConvolution(4, steps=0)
