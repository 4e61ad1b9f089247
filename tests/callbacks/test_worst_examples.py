import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.callbacks.worst_examples import WorstExamples

# Picture i is grey of brightness 10 * i, so a picture tells its example.
X = np.tile(
    10 * np.arange(24, dtype="uint8").reshape(-1, 1, 1, 1), (1, 6, 6, 1)
)
Y = np.arange(24) % 3


class Brightness(keras.layers.Layer):
    """Believes in class 0, the more the brighter the picture."""

    def call(self, inputs):
        bright = keras.ops.mean(
            keras.ops.cast(inputs, "float32"), axis=(1, 2, 3)
        )
        zero = keras.ops.zeros_like(bright)
        scores = keras.ops.stack([bright / 50, zero, zero], axis=-1)
        return keras.ops.softmax(scores)


def fit(callback):
    model = keras.Sequential([Brightness()])
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(X, Y, verbose=0, callbacks=[callback])


def read(tmp_path):
    events = EventAccumulator(str(tmp_path / "validation"), {"tensors": 0})
    events.Reload()
    assert events.Tags()["tensors"] == ["worst_examples"]
    (event,) = events.Tensors("worst_examples")
    assert event.step == 0
    return tf.io.decode_png(tf.make_ndarray(event.tensor_proto)[2]).numpy()


def test_shows_the_worst_first(tmp_path):
    fit(WorstExamples(tmp_path, (X, Y), count=7))
    grid = read(tmp_path)
    # The brightest pictures that are not of class 0.
    expected = [i for i in range(23, -1, -1) if i % 3][:7]
    first = grid[30 + 56, 10 + 56 :: 122, 0][:6]
    assert first.tolist() == [10 * i for i in expected[:6]]
    assert grid[-80, 10 + 56, 0] == 10 * expected[6]


def test_captions_of_mistakes_are_red_and_of_the_rest_green(tmp_path):
    fit(WorstExamples(tmp_path, (X, np.zeros(24, int)), count=2))
    right = read(tmp_path).astype(int)
    fit(WorstExamples(tmp_path / "b", (X, np.ones(24, int)), count=2))
    wrong = read(tmp_path / "b").astype(int)
    reddest = [(g[..., 0] - g[..., 1]).max() for g in (right, wrong)]
    greenest = [(g[..., 1] - g[..., 0]).max() for g in (right, wrong)]
    assert reddest[0] < 30 < 100 < reddest[1]
    assert greenest[1] < 30 < 60 < greenest[0]


def test_shows_other_pictures_of_the_examples(tmp_path):
    images = np.full((24, 8, 8, 3), [1.0, 0.0, 0.0])
    sample = ValidationSample(X, Y, images=images)
    fit(WorstExamples(tmp_path, sample, count=1))
    assert read(tmp_path)[60, 60].tolist() == [255, 0, 0]


def test_rejects_a_sample_without_pictures(tmp_path):
    with pytest.raises(ValueError, match=r"Received: x=\(5, 3\)"):
        WorstExamples(tmp_path, (np.zeros((5, 3)), np.zeros(5)))
    with pytest.raises(ValueError, match="Received: count=0"):
        WorstExamples(tmp_path, (X, Y), count=0)
