import numpy as np
import pytest
from keras import ops

from keras_nn.layers import FeaturePyramidAttention
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance():
    check_layer(FeaturePyramidAttention, {"filters": 3}, (2, 8, 16, 4))


def test_looks_at_maps_that_cannot_be_halved_three_times():
    layer = FeaturePyramidAttention(2)
    y = layer(ops.ones((1, 3, 1, 4)))
    assert y.shape == (1, 3, 1, 2) == layer.compute_output_shape((1, 3, 1, 4))
    assert np.isfinite(y).all()


def test_without_attention_the_mean_is_everywhere():
    layer = FeaturePyramidAttention(2)
    x = np.random.default_rng(0).normal(size=(1, 8, 8, 3)).astype("float32")
    layer.build(x.shape)
    middle = layer.middle.normalization
    middle.gamma.assign(ops.zeros_like(middle.gamma))
    y = np.asarray(layer(x))
    expected = layer.pooled(x.mean((1, 2), keepdims=True))
    np.testing.assert_allclose(y, np.broadcast_to(expected, y.shape), atol=1e-6)
