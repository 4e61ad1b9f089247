import keras
import numpy as np

from keras_nn.callbacks.weight_summaries import as_pictures
from keras_nn.callbacks.weight_summaries import named_weights


def test_names_are_unique():
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(2, name="a"),
            keras.Sequential(
                [keras.Input((2,)), keras.layers.Dense(2, name="a")]
            ),
        ]
    )
    names = [name for name, _ in named_weights(model)]
    assert len(set(names)) == len(model.weights) == 4


def test_pictures_span_black_to_white():
    pictures = as_pictures(np.arange(12.0).reshape(2, 2, 1, 3))
    assert pictures.shape == (3, 2, 2, 1)
    np.testing.assert_allclose(pictures[0, :, :, 0], [[0, 1 / 3], [2 / 3, 1]])


def test_shapes():
    assert as_pictures(np.ones(5)).shape == (1, 1, 5, 1)
    assert as_pictures(np.ones((7, 2))).shape == (1, 2, 7, 1)
    assert as_pictures(np.ones((2, 2, 2, 2, 2))) is None
    assert as_pictures(np.ones(5, "int32")) is None
    assert as_pictures(np.array(1.0)) is None
