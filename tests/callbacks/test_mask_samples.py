import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks import MaskSamples
from keras_nn.data import Split
from keras_nn.data import WordTokenizer


class Guesser(keras.Model):
    """Believes in the last word of the vocabulary."""

    tokenizer = WordTokenizer(
        ["be", "or", "to"], specials=["[PAD]", "[UNK]", "[MASK]"]
    )

    def call(self, inputs):
        last = keras.ops.one_hot(5, 6) * 5.0
        return last + keras.ops.cast(inputs[..., None] * 0, "float32")


def test_shows_the_word_and_the_guess(tmp_path):
    windows = Split(np.array([[5, 2, 4]]), np.array([[-1, 3, -1]]))
    model = Guesser()
    model.compile("sgd", "sparse_categorical_crossentropy")
    samples = MaskSamples(tmp_path, windows)
    y = np.zeros((1, 3), int)
    model.fit(windows.x, y, verbose=0, callbacks=[samples])
    events = EventAccumulator(str(tmp_path / "validation"), {"tensors": 0})
    events.Reload()
    (event,) = events.Tensors("mask_samples")
    rows = tf.make_ndarray(event.tensor_proto).astype(str).tolist()
    assert rows[1:] == [["to \\[MASK\\] or", "be (1%)", "to (97%)"]]


def test_no_window_is_refused(tmp_path):
    with pytest.raises(ValueError, match="must be a window"):
        MaskSamples(tmp_path, Split(np.zeros((0, 3)), np.zeros((0, 3))))
