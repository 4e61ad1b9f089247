import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks import TagSamples


class Tagger(keras.Sequential):
    """Takes whatever has a capital letter for a place."""

    def predict_tags(self, texts):
        return [
            ["B-place" if word[0].isupper() else "O" for word in words]
            for words in texts
        ]


def test_shows_what_is_there_and_what_is_found(tmp_path):
    texts = [["in", "New", "York"], ["so", "it", "is"]]
    tags = [["O", "B-place", "I-place"], ["O", "O", "O"]]
    model = Tagger([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    samples = TagSamples(tmp_path, texts, tags)
    model.fit(np.ones((2, 1)), np.ones(2), verbose=0, callbacks=[samples])
    events = EventAccumulator(str(tmp_path / "validation"), {"tensors": 0})
    events.Reload()
    (event,) = events.Tensors("tag_samples")
    rows = tf.make_ndarray(event.tensor_proto).astype(str).tolist()
    assert rows[1:] == [
        ["in New York", "New York (place)", "New (place); York (place)"],
        ["so it is", "", ""],
    ]


def test_unequal_numbers_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"\[2\] words, \[1\] tags"):
        TagSamples(tmp_path, [["a", "b"]], [["O"]])
