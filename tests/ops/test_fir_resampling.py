import numpy as np
import pytest

from keras_nn.ops.fir_resampling import doubled
from keras_nn.ops.fir_resampling import halved
from keras_nn.ops.fir_resampling import smoothed

X = np.random.default_rng(0).normal(size=(2, 4, 6, 3)).astype("float32")
TAPS = np.array([1.0, 3.0, 3.0, 1.0])


def naive(x, up, down, before, after, gain):
    """Zeros between, zeros around, the filter, every so many."""
    large = np.zeros((len(x), x.shape[1] * up, x.shape[2] * up, x.shape[3]))
    large[:, ::up, ::up] = x
    sides = (before, after)
    large = np.pad(large, ((0, 0), sides, sides, (0, 0)))
    rows, columns = large.shape[1] - 3, large.shape[2] - 3
    kernel = np.outer(TAPS, TAPS) / 64 * gain
    y = sum(
        kernel[i, j] * large[:, i : i + rows, j : j + columns]
        for i in range(4)
        for j in range(4)
    )
    return y[:, ::down, ::down]


@pytest.mark.parametrize(
    "found, how",
    [
        (doubled, (2, 1, 2, 1, 4.0)),
        (halved, (1, 2, 1, 1, 1.0)),
        (lambda x: smoothed(x, 2, 2, 3.0), (1, 1, 2, 2, 3.0)),
    ],
)
def test_equals_zeros_between_and_a_filter(found, how):
    np.testing.assert_allclose(found(X), naive(X, *how), rtol=1e-4, atol=1e-5)


def test_a_flat_picture_stays_flat_inside():
    x = np.full((1, 8, 8, 1), 2.0, "float32")
    for picture in (doubled(x), halved(x)):
        inside = np.asarray(picture)[:, 1:-1, 1:-1]
        np.testing.assert_allclose(inside, np.full_like(inside, 2.0), rtol=1e-6)
