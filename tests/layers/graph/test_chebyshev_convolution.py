import pytest

from keras_nn.layers import ChebyshevConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        ChebyshevConvolution,
        {"units": 4, "order": 3, "largest_eigenvalue": 1.5},
        packs("edge_weights"),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(
        ChebyshevConvolution(3, order=3, largest_eigenvalue=1.6),
        "chebyshev_convolution",
        "edge_weights",
    )


def test_refuses_no_terms():
    with pytest.raises(ValueError, match="Received: order=0"):
        ChebyshevConvolution(3, order=0)
