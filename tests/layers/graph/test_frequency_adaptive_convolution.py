import pytest

from keras_nn.layers import FrequencyAdaptiveConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        FrequencyAdaptiveConvolution,
        {"units": 3, "epsilon": 0.2},
        packs("initial_features", "edge_weights"),
    )


def test_refuses_another_number_of_features(packs):
    with pytest.raises(ValueError, match="units=4, 3 features"):
        FrequencyAdaptiveConvolution(4)(packs("initial_features"))
