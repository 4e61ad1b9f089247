import keras
import numpy as np
import pytest

from keras_nn.testing import training_run

X = np.random.default_rng(0).normal(size=(4, 2)).astype("float32")
Y = X[:, :1]


def make():
    return keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, name="dense")]
    )


def test_a_fit_that_learns_passes_and_one_that_does_not_is_caught():
    still = keras.optimizers.SGD(0.0)
    for optimizer in ("adam", still):
        model = training_run.compiled_model(make, {"loss": "mse"}, X, optimizer)
        if optimizer is still:
            with pytest.raises(AssertionError, match="does not lower"):
                training_run.check_fit(model, X, Y, 2)
        else:
            training_run.check_fit(model, X, Y, 2)


def test_the_compile_arguments_win():
    model = training_run.compiled_model(
        make, lambda: {"loss": "mse", "optimizer": "sgd"}, X, "adam"
    )
    assert isinstance(model.optimizer, keras.optimizers.SGD)
    assert training_run.len_of({"x": X}) == 4
