import numpy as np
import pytest

from keras_nn.layers import WaveNetBlock
from keras_nn.testing import check_layer

generator = np.random.default_rng(0)
X = generator.normal(size=(2, 8, 3)).astype("float32")


def test_conformance():
    check_layer(
        WaveNetBlock,
        {"skip_filters": 2},
        (3, 6, 4),
        mask=False,
        replicas=False,  # which the check cannot do for two outputs
    )


def test_equals_the_equation():
    layer = WaveNetBlock(2, dilation=3, filters=5, skip_filters=4)
    about = generator.normal(size=(2, 1, 6)).astype("float32")
    y, skip = layer(X, condition=about)
    kernel, bias = layer.convolve.get_weights()
    back = np.concatenate([np.zeros((2, 3, 3)), X], axis=1)
    hidden = back[:, :8] @ kernel[0] + back[:, 3:] @ kernel[1] + bias
    hidden += about @ layer.condition.get_weights()[0]
    z = np.tanh(hidden[..., :5]) / (1 + np.exp(-hidden[..., 5:]))
    kernel, bias = layer.residual.get_weights()
    np.testing.assert_allclose(y, X + z @ kernel + bias, atol=1e-5)
    kernel, bias = layer.skip.get_weights()
    np.testing.assert_allclose(skip, z @ kernel + bias, atol=1e-5)
    with pytest.raises(ValueError, match="condition=None"):
        layer(X)


def test_refuses_a_dilation_of_nothing():
    with pytest.raises(ValueError, match="dilation=0"):
        WaveNetBlock(dilation=0)
