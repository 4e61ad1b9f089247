import keras
import numpy as np
import pytest

from keras_nn.explain import InternalInfluence


def test_is_the_mean_slope_along_the_way():
    """Of `y = h^2` with `h = 2 x`: the mean of `2 h` from 0 to `2 x`."""
    inputs = keras.Input((1,))
    hidden = keras.layers.Dense(
        1, kernel_initializer=keras.initializers.Constant(2.0), name="h"
    )(inputs)
    model = keras.Model(inputs, keras.ops.square(hidden))
    x = np.array([[1.0], [3.0]])
    found = InternalInfluence(model, "h", n_steps=3)(x)
    np.testing.assert_allclose(found.attributions, 2 * x, atol=1e-5)
    with pytest.raises(ValueError, match="Received: rule='none'"):
        InternalInfluence(model, "h", rule="none")
