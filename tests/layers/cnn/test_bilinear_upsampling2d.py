import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import BilinearUpsampling2D
from keras_nn.testing import check_layer


@pytest.mark.parametrize("factor", [1, 3])
def test_conformance(factor):
    check_layer(BilinearUpsampling2D, {"factor": factor}, (2, 4, 3, 2))


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_both_ways_equal_the_layer_of_keras(factor):
    x = np.random.default_rng(0).normal(size=(2, 5, 4, 3)).astype("float32")
    theirs = keras.layers.UpSampling2D(factor, interpolation="bilinear")
    layer = BilinearUpsampling2D(factor)
    expected = ops.convert_to_numpy(theirs(x))
    np.testing.assert_allclose(layer(x), expected, atol=1e-6)
    by_equation = layer._along(2, layer._along(1, ops.convert_to_tensor(x)))
    np.testing.assert_allclose(by_equation, expected, atol=1e-6)


def test_one_model_enlarges_maps_of_several_sizes():
    pictures = keras.Input((None, None, 1))
    model = keras.Model(pictures, BilinearUpsampling2D()(pictures))
    model.compile("sgd", "mse")
    for height, width in ((4, 4), (3, 4), (5, 7)):
        x = np.full((1, height, width, 1), 2.0, "float32")
        y = model.predict_on_batch(x)
        np.testing.assert_allclose(y, np.full((1, 2 * height, 2 * width, 1), 2))


def test_aligned_corners_stay_in_maps_of_any_size():
    pictures = keras.Input((None, None, 1))
    layer = BilinearUpsampling2D(2, align_corners=True)
    model = keras.Model(pictures, layer(pictures))
    x = np.arange(6, dtype="float32").reshape(1, 2, 3, 1)
    y = model.predict_on_batch(x)[0, ..., 0]
    np.testing.assert_allclose(y[0], np.linspace(0, 2, 6), atol=1e-6)
    np.testing.assert_allclose(y[:, -1], np.linspace(2, 5, 4), atol=1e-6)


def test_refuses_no_factor():
    with pytest.raises(ValueError, match="Received: factor=0"):
        BilinearUpsampling2D(0)
