import pytest

from keras_nn.layers import PairNormalization
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        PairNormalization, {"scale": 2.0, "epsilon": 0.001}, packs("graph_ids")
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(PairNormalization(scale=1.5), "pair_normalization", "graph_ids")


def test_refuses_no_scale():
    with pytest.raises(ValueError, match="Received: scale=0.0"):
        PairNormalization(scale=0.0)
