import keras
import numpy as np
import pytest

from keras_nn.explain import layer_activations


def test_is_what_the_layer_gives_in_batches():
    layer = keras.layers.Dense(4, "relu", name="hidden")
    model = keras.Sequential([keras.Input((3,)), layer, keras.layers.Dense(2)])
    x = np.random.default_rng(0).normal(size=(7, 3)).astype("float32")
    found = layer_activations(model, x, "hidden", batch_size=3)
    np.testing.assert_allclose(found, layer(x), atol=1e-6)
    with pytest.raises(ValueError, match="Received: batch_size=0"):
        layer_activations(model, x, "hidden", batch_size=0)
