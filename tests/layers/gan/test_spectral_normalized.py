import keras
import numpy as np
import pytest

from keras_nn.layers import SpectralNormalized
from keras_nn.testing import check_layer
from keras_nn.testing.backend import TENSORFLOW


def arguments():
    return {"layer": keras.layers.Dense(3, name="dense")}


def test_conformance():
    # The layer brings a dtype policy of its own.
    check_layer(SpectralNormalized, arguments, (4, 5), half=False)


def test_the_largest_singular_value_becomes_one():
    layer = SpectralNormalized(keras.layers.Conv2D(6, 3), iterations=50)
    x = np.random.default_rng(0).normal(size=(2, 5, 5, 4)).astype("float32")
    layer(x, training=True)
    kernel = np.asarray(layer.layer.kernel)
    largest = np.linalg.svd(kernel.reshape(-1, 6), compute_uv=False)[0]
    expected = keras.ops.conv(x, kernel / largest)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(kernel, layer.layer.kernel)


@pytest.mark.skipif(not TENSORFLOW, reason="a tape of TensorFlow's")
def test_the_gradient_goes_through_the_singular_value():
    import tensorflow as tf

    layer = SpectralNormalized(keras.layers.Dense(3), iterations=100)
    x = np.random.default_rng(0).normal(size=(2, 4)).astype("float32")
    layer(x, training=True)
    kernel = np.asarray(layer.layer.kernel).astype("float64")
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(x) ** 2)
    found = tape.gradient(total, layer.layer.kernel.value)

    def loss(kernel):
        largest = np.linalg.svd(kernel, compute_uv=False)[0]
        return ((x @ (kernel / largest)) ** 2).sum()

    expected = np.zeros_like(kernel)
    for index in np.ndindex(kernel.shape):
        step = np.zeros_like(kernel)
        step[index] = 1e-5
        expected[index] = (loss(kernel + step) - loss(kernel - step)) / 2e-5
    np.testing.assert_allclose(found, expected, rtol=1e-2, atol=1e-3)


def test_refuses_a_layer_without_a_kernel_and_no_iteration():
    with pytest.raises(ValueError, match="`layer` must have a `kernel`"):
        SpectralNormalized(keras.layers.ReLU()).build((None, 2))
    with pytest.raises(ValueError, match="`iterations` must be positive"):
        SpectralNormalized(keras.layers.Dense(1), iterations=0)
