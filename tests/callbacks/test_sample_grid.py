import keras
import numpy as np
import pytest

from keras_nn.callbacks import SampleGrid
from keras_nn.testing import check_callback


class Draws(keras.Sequential):
    """A model that notes what it is asked to draw."""

    num_classes = 3

    def generate(self, count, **asked):
        self.asked = count, asked
        return np.full((count, 4, 4, 1), 0.5)


def make():
    model = Draws([keras.Input((4,)), keras.layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def test_conformance_and_what_is_drawn():
    made = []

    def model():
        made.append(make())
        return made[-1]

    events = check_callback(
        SampleGrid,
        {"count": 7, "seed": 5},
        model=model,
        x=(12, 4),
        y=np.arange(12) % 3,
    )
    assert {event.step for event in events["train"]["samples"]} == {0, 1}
    count, asked = next(m.asked for m in made if hasattr(m, "asked"))
    assert (count, asked["seed"]) == (7, 5)
    np.testing.assert_array_equal(asked["labels"], [0, 1, 2, 0, 1, 2, 0])


def test_refuses_no_picture_and_a_model_that_cannot_draw(tmp_path):
    with pytest.raises(ValueError, match="`count` must be positive"):
        SampleGrid(tmp_path, count=0)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="draws with `generate`.*Sequential"):
        model.fit(
            np.ones((2, 1)),
            np.ones((2, 1)),
            verbose=0,
            callbacks=[SampleGrid(tmp_path)],
        )
