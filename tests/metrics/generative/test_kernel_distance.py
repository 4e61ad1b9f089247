import numpy as np
import pytest

from keras_nn.metrics import kernel_distance

RNG = np.random.default_rng(0)


def test_equals_the_naive_mean_over_all():
    x, y = RNG.normal(size=(2, 7, 2))

    def k(a, b):
        return (a @ b.T / 2 + 1) ** 3

    def different(a):
        return (k(a, a).sum() - np.trace(k(a, a))) / (7 * 6)

    expected = different(x) + different(y) - 2 * k(x, y).mean()
    found, deviation = kernel_distance(x, y, subsets=3, subset_size=7)
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert deviation < 1e-5  # every subset is the whole


def test_has_no_bias_where_samples_are_small():
    x, y = RNG.normal(size=(2, 2000, 3))
    found, deviation = kernel_distance(x, y, subsets=200, subset_size=20)
    assert abs(found) < 4 * deviation / 200**0.5


def test_refuses_a_single_picture():
    with pytest.raises(ValueError, match="Two pictures of each kind"):
        kernel_distance(np.ones((1, 2)), np.ones((5, 2)))
