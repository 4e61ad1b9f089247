import numpy as np
import pytest
from keras import ops

from keras_nn.layers import FusionAttention
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance():
    check_layer(FusionAttention, {"reduction": 2}, [(2, 3, 4, 4), (2, 3, 4, 4)])


def test_gates_that_know_nothing_add_up_to_one():
    layer = FusionAttention(2)
    x, bridge = np.random.default_rng(0).normal(size=(2, 1, 3, 2, 4))
    layer.build([x.shape, bridge.shape])
    for weight in layer.weights:
        weight.assign(ops.zeros_like(weight))  # both gates are 1/2
    y = layer([x.astype("float32"), bridge.astype("float32")])
    np.testing.assert_allclose(y, np.concatenate([x, bridge], -1), atol=1e-6)


def test_refuses_maps_of_other_channels():
    maps = [ops.ones((1, 2, 2, 3)), ops.ones((1, 2, 2, 4))]
    with pytest.raises(ValueError, match="the same channels"):
        FusionAttention()(maps)
    with pytest.raises(ValueError, match="Received: reduction=0"):
        FusionAttention(0)
