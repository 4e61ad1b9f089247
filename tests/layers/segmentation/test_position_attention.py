import keras
import numpy as np
import pytest

from keras_nn.layers import PositionAttention
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance():
    check_layer(PositionAttention, {"units": 2}, (2, 3, 4, 3))


def test_places_that_are_all_alike_see_the_mean_of_the_values():
    layer = PositionAttention(2)
    x = np.random.default_rng(0).normal(size=(1, 3, 4, 2)).astype("float32")
    layer.build(x.shape)
    layer.key.kernel.assign(keras.ops.zeros_like(layer.key.kernel))
    mean = np.mean(layer.value(x), axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(layer(x), layer.mix(x + mean), atol=1e-5)


def test_takes_maps_of_any_size():
    maps = keras.Input((None, None, 2))
    model = keras.Model(maps, PositionAttention(1)(maps))
    for side in (2, 5):
        x = np.ones((1, side, 3, 2), "float32")
        assert model.predict_on_batch(x).shape == x.shape


def test_refuses_no_units():
    with pytest.raises(ValueError, match="Received: units=0"):
        PositionAttention(0)
