import pytest

from keras_nn.layers import CrystalConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    arguments = {"units": 3, "use_edge_features": True}
    check_layer(CrystalConvolution, arguments, packs("edge_features"))


def test_refuses_another_number_of_features(packs):
    with pytest.raises(ValueError, match="units=4, 3 features"):
        CrystalConvolution(4)(packs())
