import keras
import numpy as np

from keras_nn.callbacks.forward_function import forward_function
from keras_nn.callbacks.forward_function import model_state


def test_outputs_are_float32_and_the_state_follows_the_weights():
    layers = [keras.Input((3,)), keras.layers.Dropout(0.9)]
    layers.append(keras.layers.Dense(2, dtype="mixed_bfloat16"))
    model = keras.Sequential(layers)
    x = np.ones((4, 3), "float32")
    found = forward_function(model)(x)
    assert found.dtype == "float32"
    np.testing.assert_array_equal(found, found[:1].repeat(4, 0))
    before = model_state(model)
    np.testing.assert_array_equal(model_state(model), before)
    model.layers[-1].bias.assign([1.0, 2.0])
    assert not np.array_equal(model_state(model), before)
