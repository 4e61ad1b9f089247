import numpy as np
import pytest

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


def test_groups_are_compared_within_themselves():
    x = np.random.default_rng(1).normal(size=(6, 2, 2, 3)).astype("float32")
    y = np.asarray(MinibatchDeviation(group_size=2)(x))
    for member in range(3):  # and the one three places on
        pair = x[[member, member + 3]]
        expected = pair.std(axis=0).mean()
        np.testing.assert_allclose(y[member, ..., 3], expected, rtol=1e-3)
        np.testing.assert_allclose(y[member + 3, ..., 3], expected, rtol=1e-3)
    whole = MinibatchDeviation()(x)
    np.testing.assert_allclose(
        MinibatchDeviation(group_size=4)(x), whole, rtol=1e-5
    )
    with pytest.raises(ValueError, match="`group_size` must be at least 2"):
        MinibatchDeviation(group_size=1)
