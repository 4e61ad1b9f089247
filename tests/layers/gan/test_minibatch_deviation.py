import numpy as np

from keras_nn.layers import MinibatchDeviation
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(4, 2, 2, 3)).astype("float32")


def test_conformance():
    check_layer(MinibatchDeviation, {}, X, batch=False)


def test_is_the_mean_deviation_over_the_batch():
    y = np.asarray(MinibatchDeviation()(X))
    np.testing.assert_array_equal(y[..., :3], X)
    np.testing.assert_allclose(
        y[..., 3], np.full((4, 2, 2), X.std(axis=0).mean()), rtol=1e-4
    )


def test_pictures_that_are_all_one_are_found_out():
    y = np.asarray(MinibatchDeviation()(np.repeat(X[:1], 4, axis=0)))
    assert y[..., 3].max() < 1e-3
