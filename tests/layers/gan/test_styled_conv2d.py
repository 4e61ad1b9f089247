import numpy as np

from keras_nn.layers import StyledConv2D
from keras_nn.testing import check_layer

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 4, 4, 2)).astype("float32")
STYLES = RNG.normal(size=(3, 6)).astype("float32")


def test_conformance():
    check_layer(
        StyledConv2D, {"filters": 3}, [X, STYLES], jit=False, replicas=False
    )


def test_noise_of_learnt_strength_is_drawn_anew_in_training():
    layer = StyledConv2D(3, double=True)
    plain = np.asarray(layer([X, STYLES]))
    np.testing.assert_array_equal(plain, layer([X, STYLES], training=True))
    layer.strength.assign(0.5)
    still, again = (np.asarray(layer([X, STYLES])) for _ in range(2))
    np.testing.assert_array_equal(still, again)
    x = np.asarray(layer.conv([X, STYLES])) + 0.5 * np.asarray(layer.noise)
    expected = np.where(x > 0, x, 0.2 * x) * np.sqrt(2)
    np.testing.assert_allclose(still, expected, rtol=1e-4, atol=1e-5)
    first, other = (
        np.asarray(layer([X, STYLES], training=True)) for _ in range(2)
    )
    assert np.abs(first - other).max() > 0
