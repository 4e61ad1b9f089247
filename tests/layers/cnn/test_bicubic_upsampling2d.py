import keras
import numpy as np
import pytest

from keras_nn.layers import BicubicUpsampling2D
from keras_nn.ops import bicubic_upscale
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(BicubicUpsampling2D, {"factor": 2}, (2, 4, 3, 2))


def test_one_model_enlarges_maps_of_several_sizes():
    pictures = keras.Input((None, None, 2))
    model = keras.Model(pictures, BicubicUpsampling2D(3)(pictures))
    for height, width in ((4, 4), (3, 5)):
        x = np.random.default_rng(0).normal(size=(1, height, width, 2))
        np.testing.assert_allclose(
            model.predict_on_batch(x),
            bicubic_upscale(x.astype("float32"), 3),
            atol=1e-5,
        )


def test_refuses_no_factor():
    with pytest.raises(ValueError, match="Received: factor=0"):
        BicubicUpsampling2D(0)
