import numpy as np
import pytest
from keras import ops

from keras_nn.layers import LocalResponseNormalization
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(LocalResponseNormalization, {}, (2, 3, 3, 6))


def test_equals_a_loop_over_channels():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 7)).astype("float32")
    layer = LocalResponseNormalization(size=3, bias=1.0, alpha=0.5, beta=0.6)
    y = ops.convert_to_numpy(layer(x))
    for c in range(7):
        near = x[..., max(0, c - 1) : c + 2]
        total = (near**2).sum(-1)
        np.testing.assert_allclose(
            y[..., c], x[..., c] / (1 + 0.5 * total) ** 0.6, rtol=1e-4
        )


def test_strong_neighbours_silence_a_channel():
    layer = LocalResponseNormalization(alpha=1.0)
    alone = np.zeros((1, 9), "float32")
    alone[0, 4] = 1.0
    beside = alone.copy()
    beside[0, 5] = 100.0
    far = alone.copy()
    far[0, 8] = 100.0
    first, second, third = (float(layer(x)[0, 4]) for x in (alone, beside, far))
    assert second < 0.01 * first and third == first


def test_refuses_an_even_size():
    with pytest.raises(ValueError, match="Received: size=4"):
        LocalResponseNormalization(size=4)
