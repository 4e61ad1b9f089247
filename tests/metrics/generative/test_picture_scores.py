import keras
import numpy as np
import pytest

from keras_nn.metrics import FrechetDistance
from keras_nn.metrics import kernel_distance
from keras_nn.metrics import picture_scores

RNG = np.random.default_rng(0)


def test_scores_features_and_names_whose():
    pixels = keras.Sequential(
        [keras.Input((2, 2, 1)), keras.layers.Flatten()], name="pixels"
    )
    real, drawn = RNG.normal(size=(2, 30, 2, 2, 1)).astype("float32")
    drawn = drawn[:25]
    found = picture_scores(real, drawn, pixels)
    assert all(name.endswith("_pixels") for name in found)
    flat = real.reshape(30, 4), drawn.reshape(25, 4)
    expected = kernel_distance(*flat)[0]
    assert found["kernel_distance_pixels"] == pytest.approx(expected)
    metric = FrechetDistance(4)
    metric.update_state(flat[0][:25], flat[1])
    metric.add(metric.sides[0], flat[0][25:])
    assert found["frechet_distance_pixels"] == pytest.approx(
        float(metric.result()), rel=1e-3
    )
