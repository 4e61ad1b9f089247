import keras
import numpy as np
import pytest

from keras_nn.callbacks import PictureScores
from keras_nn.metrics import picture_scores
from keras_nn.testing import check_callback

RNG = np.random.default_rng(0)
REAL, FLOOR, DRAWN = RNG.uniform(size=(3, 9, 2, 2, 1)).astype("float32")
PIXELS = keras.Sequential(
    [keras.Input((2, 2, 1)), keras.layers.Flatten()], name="pixels"
)


class Draws(keras.Sequential):
    """A model that notes what it is asked to draw."""

    num_classes = 3

    def generate(self, count, **asked):
        self.asked = count, asked
        return DRAWN


def test_conformance_and_what_is_scored():
    made, asked_for = [], []

    def model():
        made.append(Draws([keras.Input((4,)), keras.layers.Dense(3)]))
        made[-1].compile("sgd", "mse")
        return made[-1]

    def extractor():
        asked_for.append(1)
        return PIXELS

    events = check_callback(
        PictureScores,
        {"real": REAL, "extractor": extractor, "floor": FLOOR, "seed": 4},
        model=model,
        x=(12, 4),
        y=(12, 3),
        epochs=1,
    )["train"]
    assert asked_for == [1]  # in two trainings
    for kind, pictures in (("scores", DRAWN), ("floor", FLOOR)):
        for name, value in picture_scores(REAL, pictures, PIXELS).items():
            event = events[f"{kind}/{name}"][-1]
            assert event.value == pytest.approx(value, rel=1e-3, abs=1e-6)
            assert event.step == 0
    count, asked = made[0].asked
    assert (count, asked["seed"]) == (9, 4)
    np.testing.assert_array_equal(asked["labels"], np.arange(9) % 3)


def test_refuses_too_few_pictures_and_a_model_that_cannot_draw(tmp_path):
    with pytest.raises(ValueError, match="6 pictures at least"):
        PictureScores(tmp_path, REAL[:5], PIXELS)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    scores = PictureScores(tmp_path, REAL, PIXELS)
    with pytest.raises(ValueError, match="draws with `generate`.*Sequential"):
        model.fit(np.ones((2, 1)), np.ones((2, 1)), 2, 1, 0, [scores])
