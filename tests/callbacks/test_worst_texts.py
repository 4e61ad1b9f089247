import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks import WorstTexts
from keras_nn.testing import check_callback

X = np.array([[0.0], [3.0], [1.0]], "float32")
TEXTS = ["none", "much | more", "a" * 400]


class Believes(keras.layers.Layer):
    """Believes in class 1, the more the larger the number."""

    def call(self, inputs):
        scores = keras.ops.concatenate([0 * inputs, inputs], axis=-1)
        return keras.ops.softmax(scores)


def test_conformance():
    sample = np.ones((3, 4)), np.arange(3)
    arguments = {"sample": sample, "texts": TEXTS}
    check_callback(WorstTexts, arguments, epochs=1)


def test_shows_the_worst_first(tmp_path):
    model = keras.Sequential([Believes()])
    model.compile("sgd", "sparse_categorical_crossentropy")
    labels = np.zeros(3, int)
    worst = WorstTexts(tmp_path, (X, labels), TEXTS, count=2)
    model.fit(X, labels, verbose=0, callbacks=[worst])
    events = EventAccumulator(str(tmp_path / "validation"), {"tensors": 0})
    events.Reload()
    (event,) = events.Tensors("worst_texts")
    rows = tf.make_ndarray(event.tensor_proto).astype(str).tolist()
    assert event.step == 0
    assert rows[0] == ["is", "said", "loss", "text"]
    assert rows[1] == ["0 (5%)", "1 (95%)", "3.05", "much \\| more"]
    assert rows[2][3] == "a" * 300 + " ..." and len(rows) == 3


def test_wrong_arguments_are_refused(tmp_path):
    with pytest.raises(ValueError, match="2 texts, 3 examples"):
        WorstTexts(tmp_path, (X, np.zeros(3, int)), TEXTS[:2])
    with pytest.raises(ValueError, match="Received: count=0"):
        WorstTexts(tmp_path, (X, np.zeros(3, int)), TEXTS, count=0)
