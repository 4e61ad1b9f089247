import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks.reliability_diagram import ReliabilityDiagram
from keras_nn.callbacks.reliability_diagram import draw_reliability
from keras_nn.testing import check_callback

RNG = np.random.default_rng(0)
X = RNG.normal(size=(90, 5)).astype("float32")
Y = RNG.integers(0, 3, 90)


def test_conformance():
    x = np.random.default_rng(0).normal(size=(12, 4)).astype("float32")
    y = np.arange(12) % 3
    check_callback(ReliabilityDiagram, {"sample": (x, y)}, x=x, y=y, epochs=1)


def test_errors_and_picture_read_back_from_the_file(tmp_path):
    model = keras.Sequential([keras.layers.Dense(3)])
    model.compile(
        "sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    callback = ReliabilityDiagram(tmp_path, (X, np.eye(3)[Y]), num_bins=5)
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[callback])

    events = EventAccumulator(str(tmp_path / "validation"), {"tensors": 0})
    events.Reload()
    last = {}
    for tag in events.Tags()["tensors"]:
        assert [e.step for e in events.Tensors(tag)] == [0, 1]
        last[tag] = tf.make_ndarray(events.Tensors(tag)[-1].tensor_proto)
    rows = keras.ops.convert_to_numpy(
        keras.ops.softmax(model.predict(X, verbose=0))
    )
    bins = np.ceil(rows.max(axis=1) * 5)
    gaps = []
    for b in np.unique(bins):
        inside = bins == b
        right = (rows.argmax(axis=1) == Y)[inside].mean()
        gap = abs(right - rows.max(axis=1)[inside].mean())
        gaps.append((inside.mean(), gap))
    assert last["calibration/expected_error"] == pytest.approx(
        sum(share * gap for share, gap in gaps), abs=1e-6
    )
    assert last["calibration/maximum_error"] == pytest.approx(
        max(gap for _, gap in gaps), abs=1e-6
    )
    picture = tf.io.decode_png(last["reliability_diagram"][2]).numpy()
    assert picture.shape == (494, 404, 3)


def area(picture, colour):
    return int((picture == colour).all(axis=-1).sum())


def test_bars_are_as_high_as_the_accuracy_and_gaps_as_wide_as_the_error():
    def draw(accuracy):
        return draw_reliability(
            np.array([[0, 0, 0, 10], [0, 0, 0, 0.9], [0, 0, 0, accuracy]]), ""
        )

    low, high = draw(0.4), draw(0.9)
    blue, red = (66, 133, 244), (244, 180, 170)
    # The diagonal's dashes hide a little.
    assert area(high, blue) == pytest.approx(78 * 0.9 * 320, rel=0.03)
    assert area(low, blue) == pytest.approx(78 * 0.4 * 320, rel=0.03)
    assert area(low, red) == pytest.approx(78 * 0.5 * 320, rel=0.05)
    assert area(high, red) < 100


def test_underconfidence_is_not_red():
    bins = np.array([[0, 10], [0, 0.6], [0, 0.9]])
    picture = draw_reliability(bins, "")
    assert area(picture, (244, 180, 170)) == 0
    assert area(picture, (138, 180, 248)) > 10000


def test_rejects_no_bins(tmp_path):
    callback = ReliabilityDiagram(tmp_path, (X, Y), num_bins=0)
    model = keras.Sequential([keras.layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="Received: num_bins=0"):
        model.fit(X, Y, verbose=0, callbacks=[callback])
