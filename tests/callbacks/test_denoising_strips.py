import keras
import numpy as np
import pytest

from keras_nn.callbacks import DenoisingStrips
from keras_nn.testing import check_callback
from keras_nn.testing import read_events


class Draws(keras.Sequential):
    """A model that notes what it is asked to draw."""

    num_classes = 3
    picture_range = (-1, 1)
    generation_options = ("moments", "steps")

    def generate(self, count, moments, **asked):
        self.asked = count, moments, asked
        grey = np.linspace(3, -1, moments)[None, :, None, None, None]
        return np.broadcast_to(grey, (count, moments, 4, 4, 1))


def make(cls=Draws):
    model = cls([keras.Input((4,)), keras.layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.mark.slow
def test_conformance():
    events = check_callback(
        DenoisingStrips,
        {"count": 4, "moments": 5},
        model=make,
        x=(12, 4),
        y=np.arange(12) % 3,
    )
    assert {event.step for event in events["train"]["denoising"]} == {0, 1}


def test_shows_the_ways_that_it_asks_for(tmp_path):
    strips = DenoisingStrips(tmp_path, count=4, moments=5, seed=7, steps=9)
    model = make()
    strips.set_model(model)
    strips.on_train_begin()
    strips.on_epoch_end(0)
    strips.on_train_end()
    count, moments, asked = model.asked
    assert (count, moments, asked["seed"], asked["steps"]) == (4, 5, 7, 9)
    np.testing.assert_array_equal(asked["labels"], [0, 1, 2, 0])
    (event,) = read_events(tmp_path)["train"]["denoising"]
    # Five columns and four rows of 48 pixels, 4 pixels between them.
    assert event.value.shape[1:3] == (212, 264)


def test_refuses_one_moment_and_a_model_that_draws_in_one_go(tmp_path):
    with pytest.raises(ValueError, match="Received: count=6, moments=1"):
        DenoisingStrips(tmp_path, moments=1)
    strips = DenoisingStrips(tmp_path)
    with pytest.raises(ValueError, match="a Sequential, which cannot"):
        make(keras.Sequential).fit(
            np.ones((2, 4)), np.ones(2), verbose=0, callbacks=[strips]
        )
