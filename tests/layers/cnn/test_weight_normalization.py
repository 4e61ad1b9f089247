import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import WeightNormalization
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        WeightNormalization,
        lambda: {"layer": keras.layers.Conv2D(4, 3, name="conv")},
        (2, 5, 5, 3),
        half=False,  # the layer brings a dtype policy of its own
    )


def test_equals_the_equation_of_the_paper():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(5, 3)).astype("float32")
    layer = WeightNormalization(keras.layers.Dense(4))
    layer.build(x.shape)
    g, v, b = generator.normal(size=4), generator.normal(size=(3, 4)), 0.5
    layer.g.assign(g)
    layer.layer.kernel.assign(v)
    layer.layer.bias.assign(np.full(4, b))
    expected = x @ (g * v / np.linalg.norm(v, axis=0)) + b
    np.testing.assert_allclose(layer(x), expected, rtol=1e-4, atol=1e-5)


def test_starts_as_the_layer_itself_and_forgets_the_length():
    x = np.random.default_rng(0).normal(size=(2, 5, 5, 3)).astype("float32")
    layer = WeightNormalization(keras.layers.Conv2D(4, 3))
    before = ops.convert_to_numpy(layer(x))
    plain = ops.convert_to_numpy(layer.layer(x))
    np.testing.assert_allclose(before, plain, rtol=1e-4, atol=1e-5)
    layer.layer.kernel.assign(7 * layer.layer.kernel)
    np.testing.assert_allclose(layer(x), before, rtol=1e-4, atol=1e-5)


def test_refuses_a_layer_without_a_kernel():
    with pytest.raises(ValueError, match="Received: layer=pool"):
        pool = keras.layers.MaxPooling2D(name="pool")
        WeightNormalization(pool)(np.ones((1, 4, 4, 2)))
