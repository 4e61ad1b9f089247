import keras
import numpy as np
import pytest

from keras_nn.callbacks import BoxOverlays
from keras_nn.testing import check_callback
from keras_nn.testing import read_events


@keras.saving.register_keras_serializable(package="test_box_overlays")
class OneBox(keras.Model):
    """Says that the lower right corner of every picture holds an object."""

    def __init__(self, score=0.8, **kwargs):
        super().__init__(**kwargs)
        self.score = score
        self.last = keras.layers.Dense(1)

    def call(self, inputs):
        return self.last(keras.ops.mean(inputs, axis=(1, 2)))

    def detections(self, outputs):
        row = [8.0, 8.0, 16.0, 16.0, self.score, 1.0]
        return np.array([[row, [0, 0, 0, 0, 0, -1]]] * len(outputs))


def sample(count=6):
    x = np.random.default_rng(0).uniform(0, 1, (count, 16, 16, 3))
    y = np.full((count, 2, 5), -1.0)
    y[:, 0] = [2, 2, 9, 9, 0]
    return x.astype("float32"), y


def fitted(folder, score=0.8, **kwargs):
    model = OneBox(score)
    model.compile("sgd", lambda y, p: keras.ops.square(p))
    x, y = sample()
    instrument = BoxOverlays(folder, (x, y), **kwargs)
    model.fit(x, y, epochs=2, verbose=0, callbacks=[instrument])
    return read_events(folder)["validation"]


def test_conformance_and_what_is_written():
    def model():
        found = OneBox()
        found.compile("sgd", lambda y, p: keras.ops.square(p))
        return found

    x, y = sample()
    events = check_callback(
        BoxOverlays, {"sample": (x, y), "count": 3}, model=model, x=x, y=y
    )["validation"]
    assert {"box_overlays", "boxes_per_picture"} <= set(events)


def test_boxes_are_shown_from_the_least_score_on(tmp_path):
    events = fitted(tmp_path / "a", count=2)
    assert [e.value for e in events["boxes_per_picture"]] == [1, 1]
    assert len(events["box_overlays"]) == 2
    events = fitted(tmp_path / "b", score=0.2)
    assert [e.value for e in events["boxes_per_picture"]] == [0, 0]


def test_refuses_what_has_no_boxes(tmp_path):
    x, y = sample()
    with pytest.raises(ValueError, match="needs boxes.*class"):
        BoxOverlays(tmp_path, (x, y[:, 0]))
    with pytest.raises(ValueError, match="`count` must be positive"):
        BoxOverlays(tmp_path, (x, y), count=0)
