import keras
import numpy as np
import pytest

from keras_nn.testing import two_replicas
from keras_nn.training import Model


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_step_that_is_not_finite_can_be_skipped(jit_compile):
    inputs = keras.Input((4,))
    x = keras.layers.BatchNormalization()(inputs)
    model = Model(inputs, keras.layers.Dense(1)(x))
    model.compile("adam", "mse", jit_compile=jit_compile)
    model.guards = False
    model.skip_nonfinite_updates = True
    x = np.ones((12, 4), "float32")
    x[5, 1] = np.inf  # in the second of three batches
    model.fit(x, np.ones((12, 1)), 4, verbose=0, shuffle=False)
    assert int(model.nonfinite_steps) == 1
    assert int(model.optimizer.iterations) == 2
    assert all(np.isfinite(w).all() for w in model.get_weights())


def test_batch_statistics_are_synchronised_on_replicas():
    with two_replicas().scope():
        inputs = keras.Input((4,))
        layer = keras.layers.BatchNormalization()
        model = Model(inputs, layer(inputs))
        model.compile("sgd", "mse")
        model.make_train_function()
    assert layer.synchronized
