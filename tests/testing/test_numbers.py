import keras
import numpy as np
import pytest

from keras_nn.testing import numbers


def test_close_is_relative_to_the_largest_value():
    numbers.assert_close([np.array([1e6, 0.0])], [np.array([1e6, 1.0])], "x")
    with pytest.raises(AssertionError, match="Received: 0.00099"):
        numbers.assert_close(np.array([1.0]), np.array([1.001]), "x")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_only_equal_infinities_and_nans_are_close(value):
    bad = np.array([value, 1.0])
    numbers.assert_close(bad, bad, "x")
    with pytest.raises(AssertionError):
        numbers.assert_close(np.array([1.0, 1.0]), bad, "x")
    with pytest.raises(AssertionError):
        numbers.assert_close(bad, np.array([1.0, 1.0]), "x")


def test_other_shapes_and_counts_are_not_close():
    with pytest.raises(AssertionError, match="shape"):
        numbers.assert_close(np.ones((1, 2)), np.ones((2,)), "x")
    with pytest.raises(AssertionError, match="2 tensors became 1"):
        numbers.assert_close([np.ones(1)], [np.ones(1)] * 2, "x")


def test_equal_random_weights_are_caught_and_constants_are_not():
    random = np.array([0.1, 0.2])
    weights = [keras.Variable(random) for _ in range(2)]
    zeros = [np.zeros(2)] * 2
    numbers.assert_distinct_weights(weights, zeros, lambda: zeros)
    equal = [random, random]
    numbers.assert_distinct_weights(weights, equal, lambda: equal)
    with pytest.raises(AssertionError, match="same random values"):
        numbers.assert_distinct_weights(
            weights, equal, lambda: [random + 1, random + 1]
        )


def test_missing_and_non_finite_gradients_are_caught():
    weight = keras.Variable([1.0])
    with pytest.raises(AssertionError, match="no gradient reaches"):
        numbers.assert_finite_gradients([weight], [None])
    with pytest.raises(AssertionError, match="not finite"):
        numbers.assert_finite_gradients([weight], [np.array([np.inf])])
