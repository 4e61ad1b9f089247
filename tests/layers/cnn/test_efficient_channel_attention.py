import numpy as np
import pytest
from keras import ops

from keras_nn.layers import EfficientChannelAttention
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(EfficientChannelAttention, {"kernel_size": 3}, (2, 4, 5, 4))


def test_equals_a_loop_over_channels():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype("float32")
    layer = EfficientChannelAttention(3)
    y = ops.convert_to_numpy(layer(x))
    kernel = layer.get_weights()[0].reshape(-1)
    means = np.pad(x.mean((1, 2)), ((0, 0), (1, 1)))
    for channel in range(5):
        score = means[:, channel : channel + 3] @ kernel
        expected = x[..., channel] / (1 + np.exp(-score))[:, None, None]
        np.testing.assert_allclose(y[..., channel], expected, rtol=1e-4)


@pytest.mark.parametrize("channels, size", [(16, 3), (64, 3), (256, 5)])
def test_more_channels_have_more_neighbours(channels, size):
    layer = EfficientChannelAttention()
    layer.build((None, 4, 4, channels))
    assert layer.count_params() == size


def test_refuses_an_even_kernel():
    with pytest.raises(ValueError, match="Received: kernel_size=4"):
        EfficientChannelAttention(4)
