import keras
import numpy as np
import pytest
import sklearn.metrics
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks.confusion_matrix import ConfusionMatrix
from keras_nn.callbacks.confusion_matrix import draw_matrix
from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.explain.heat_map import colours
from keras_nn.testing import check_callback

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 5)).astype("float32")


def test_conformance():
    x = np.random.default_rng(0).normal(size=(12, 4)).astype("float32")
    y = np.arange(12) % 3
    check_callback(ConfusionMatrix, {"sample": (x, y)}, x=x, y=y, epochs=1)


def fit(callback, units=4, epochs=1):
    model = keras.Sequential([keras.layers.Dense(units, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(X, np.zeros(60), verbose=0, epochs=epochs, callbacks=[callback])
    return model


def read(folder):
    events = EventAccumulator(str(folder), {"tensors": 0})
    events.Reload()
    return {
        tag: {
            e.step: tf.make_ndarray(e.tensor_proto) for e in events.Tensors(tag)
        }
        for tag in events.Tags()["tensors"]
    }


def pixels(image_tensor):
    return tf.io.decode_png(image_tensor[2]).numpy()


def test_writes_pictures_and_a_table(tmp_path):
    y = RNG.integers(0, 4, 60)
    names = ["red", "green", "blue", "a|b"]
    sample = ValidationSample(X, y, class_names=names)
    model = fit(ConfusionMatrix(tmp_path, sample, every=2), epochs=3)

    written = read(tmp_path / "validation")
    assert set(written) == {
        "confusion_matrix/share",
        "confusion_matrix/count",
        "confusion_matrix/by_class",
    }
    assert all(set(steps) == {0, 2} for steps in written.values())
    share = pixels(written["confusion_matrix/share"][2])
    assert share.shape == pixels(written["confusion_matrix/count"][2]).shape

    predicted = model.predict(X, verbose=0).argmax(axis=1)
    table = written["confusion_matrix/by_class"][2].item().decode().split("\n")
    report = sklearn.metrics.classification_report(
        y, predicted, target_names=names, output_dict=True, zero_division=0
    )
    for name, row in zip(names, table[2:], strict=True):
        cells = [c.strip() for c in row.replace("\\|", "/").split("|")]
        assert cells[0] == name.replace("|", "/")
        assert int(cells[1]) == report[name]["support"]
        for cell, key in zip(
            cells[2:5], ["precision", "recall", "f1-score"], strict=True
        ):
            expected = report[name][key]
            assert cell == "-" or abs(float(cell) - expected) < 6e-4
            assert cell != "-" or expected == 0


def test_counts_as_sklearn_does():
    y, p = RNG.integers(0, 7, (2, 500))
    np.testing.assert_array_equal(
        ConfusionMatrix.count(y, p, 8),
        sklearn.metrics.confusion_matrix(y, p, labels=range(8)),
    )


def test_right_is_blue_wrong_is_orange_nothing_is_white():
    counts = np.array([[10, 0], [5, 5]])
    picture = draw_matrix(counts / 10, counts, ["a", "b"], "", "{:d}")
    found = {tuple(c) for c in picture.reshape(-1, 3)}
    full, half = colours(np.array([1.0, 0.5]), "blue")
    wrong = colours(np.sqrt(np.array(0.5)), "orange")
    assert {tuple(full), tuple(half), tuple(wrong)} <= found
    area = (picture == wrong).all(axis=-1)
    rows, columns = np.nonzero(area)
    assert area.sum() > 2000
    # The mistake lies below and left of the diagonal.
    blue = (picture == full).all(axis=-1)
    assert rows.min() > np.nonzero(blue)[0].max() - 5
    assert abs(columns.min() - np.nonzero(blue)[1].min()) < 5


@pytest.mark.parametrize("classes", [2, 10, 30, 100])
def test_stays_readable_with_up_to_a_hundred_classes(classes):
    counts = np.eye(classes, dtype=int) * 9
    picture = draw_matrix(
        counts / 9, counts, [f"class {i}" for i in range(classes)], "", "{:d}"
    )
    assert max(picture.shape) < 1300
    deep = (picture == colours(np.array(1.0), "blue")).all(axis=-1)
    assert len(np.unique(np.nonzero(deep)[0])) >= classes * 9


def test_of_many_classes_shows_those_with_most_mistakes(tmp_path):
    y = np.full(60, 3)
    fit(ConfusionMatrix(tmp_path, (X, y), max_classes=2), units=6)
    table = read(tmp_path / "validation")["confusion_matrix/by_class"][0]
    rows = table.item().decode().split("\n")[2:]
    assert len(rows) == 2 and any(row.startswith("3 | 60") for row in rows)
