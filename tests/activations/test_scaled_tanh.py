import keras
import numpy as np
from keras import ops

from keras_nn.activations import scaled_tanh


def test_equals_the_equation():
    x = np.linspace(-4, 4, 33).astype("float32")
    np.testing.assert_allclose(
        ops.convert_to_numpy(scaled_tanh(x)),
        1.7159 * np.tanh(2 * x / 3),
        rtol=1e-5,
        atol=1e-6,
    )


def test_maps_one_to_one_and_is_bounded():
    values = ops.convert_to_numpy(scaled_tanh(np.array([1.0, -1.0, 100.0])))
    np.testing.assert_allclose(values, [1.0, -1.0, 1.7159], atol=1e-4)


def test_is_found_by_name_in_a_saved_layer():
    layer = keras.layers.Dense(2, activation=scaled_tanh)
    again = keras.layers.Dense.from_config(layer.get_config())
    assert again.activation is scaled_tanh


def test_keeps_half_precision():
    x = ops.ones((2,), dtype="float16")
    assert keras.backend.standardize_dtype(scaled_tanh(x).dtype) == "float16"
