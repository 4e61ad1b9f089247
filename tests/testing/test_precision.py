import keras
import numpy as np
import pytest

from keras_nn.testing.precision import check_half
from keras_nn.testing.precision import check_learns
from keras_nn.testing.precision import global_policy
from keras_nn.testing.subject import Subject

X = np.ones((2, 3), "float32")


def test_the_global_policy_comes_back_after_an_error():
    before = keras.config.dtype_policy().name
    with pytest.raises(ValueError), global_policy("mixed_float16"):
        assert keras.config.dtype_policy().name == "mixed_float16"
        raise ValueError
    assert keras.config.dtype_policy().name == before


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_a_dense_layer_stays_in_half_and_learns(policy):
    check_half(Subject(keras.layers.Dense, {"units": 2}, (2, 3)), policy)


def test_an_output_in_float32_must_be_asked_for():
    subject = Subject(
        keras.layers.Dense, lambda: {"units": 2, "name": "head"}, (2, 3)
    )
    with pytest.raises(AssertionError, match="must be float32"):
        check_half(subject, "mixed_float16", output_dtype="float32")


def test_gradients_that_vanish_are_caught():
    layer = keras.layers.Dense(2, dtype="mixed_float16")
    layer(X)
    with pytest.raises(AssertionError, match="do not lower the loss"):
        check_learns(
            layer,
            "mixed_float16",
            lambda: [keras.ops.stop_gradient(layer(X)) + 0 * layer(X)],
        )
