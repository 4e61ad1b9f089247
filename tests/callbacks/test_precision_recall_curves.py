import keras
import numpy as np
import pytest
import sklearn.metrics
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)
from tensorboard.plugins.pr_curve import metadata

from keras_nn.callbacks.precision_recall_curves import PrecisionRecallCurves
from keras_nn.callbacks.precision_recall_curves import average_precision
from keras_nn.callbacks.precision_recall_curves import precision_recall
from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.testing import check_callback

RNG = np.random.default_rng(0)
X = RNG.normal(size=(80, 5)).astype("float32")
Y = RNG.integers(0, 3, 80)


def test_conformance():
    x = np.random.default_rng(0).normal(size=(12, 4)).astype("float32")
    y = np.arange(12) % 3
    check_callback(
        PrecisionRecallCurves, {"sample": (x, y)}, x=x, y=y, epochs=1
    )


def fit(callback, units=3, activation="softmax", y=Y):
    model = keras.Sequential([keras.layers.Dense(units, activation)])
    loss = "sparse_categorical_crossentropy" if units > 1 else "bce"
    model.compile("sgd", loss)
    model.fit(X, y, verbose=0, callbacks=[callback])
    return model


def read(folder):
    events = EventAccumulator(str(folder), {"tensors": 0})
    events.Reload()
    plugins = {}
    tensors = {}
    for tag in events.Tags()["tensors"]:
        found = events.SummaryMetadata(tag)
        plugins[tag] = found.plugin_data.plugin_name
        (event,) = events.Tensors(tag)
        assert event.step == 0
        tensors[tag] = tf.make_ndarray(event.tensor_proto)
    return tensors, plugins


def test_curves_and_averages_read_back_from_the_file(tmp_path):
    sample = ValidationSample(X, Y, class_names=["a", "b", "c"])
    model = fit(PrecisionRecallCurves(tmp_path, sample, num_thresholds=11))
    scores = model.predict(X, verbose=0)
    tensors, plugins = read(tmp_path / "validation")
    truth = np.eye(3)[Y]
    expected = {
        name: (truth[:, i], scores[:, i]) for i, name in enumerate("abc")
    }
    expected["micro"] = truth.ravel(), scores.ravel()
    for name, (labels, values) in expected.items():
        assert plugins[f"pr_curves/{name}"] == metadata.PLUGIN_NAME
        curve = tensors[f"pr_curves/{name}"]
        for k, threshold in enumerate(np.linspace(0, 1, 11)):
            tn, fp, fn, tp = sklearn.metrics.confusion_matrix(
                labels, values >= threshold
            ).ravel()
            assert curve[:4, k].tolist() == [tp, fp, tn, fn]
            if tp + fp:
                assert curve[4, k] == pytest.approx(tp / (tp + fp))
            assert curve[5, k] == pytest.approx(tp / (tp + fn))
        assert tensors[f"average_precision/{name}"] == pytest.approx(
            sklearn.metrics.average_precision_score(labels, values), abs=1e-6
        )
    assert tensors["average_precision/macro"] == pytest.approx(
        np.mean([tensors[f"average_precision/{n}"] for n in "abc"]), abs=1e-6
    )
    assert len(tensors) == 9


def test_binary_classifier(tmp_path):
    y = (Y > 0).astype("float32")
    model = fit(PrecisionRecallCurves(tmp_path, (X, y)), 1, "sigmoid", y)
    tensors, _ = read(tmp_path / "validation")
    scores = model.predict(X, verbose=0)[:, 0]
    assert tensors["average_precision/1"] == pytest.approx(
        sklearn.metrics.average_precision_score(y, scores), abs=1e-6
    )


def test_of_many_classes_the_most_frequent_get_curves(tmp_path):
    y = np.repeat([4, 1, 7], [40, 30, 10])
    fit(PrecisionRecallCurves(tmp_path, (X, y), max_classes=2), 9, y=y)
    tensors, _ = read(tmp_path / "validation")
    assert {tag for tag in tensors if tag.startswith("pr_curves")} == {
        "pr_curves/1",
        "pr_curves/4",
        "pr_curves/micro",
    }


@pytest.mark.parametrize("digits", [1, 6])
def test_average_precision_with_equal_scores(digits):
    truth = RNG.random(200) < 0.3
    scores = RNG.random(200).round(digits)
    assert average_precision(truth, scores) == pytest.approx(
        sklearn.metrics.average_precision_score(truth, scores)
    )


def test_a_perfect_classifier_reaches_the_upper_right_corner():
    truth = np.array([True, False])
    assert average_precision(truth, np.array([0.9, 0.1])) == 1
    curve = precision_recall(truth, np.array([0.9, 0.1]), 3)
    assert curve[4:, 1].tolist() == [1, 1]


def test_rejects_a_curve_of_one_point(tmp_path):
    with pytest.raises(ValueError, match="Received: num_thresholds=1"):
        PrecisionRecallCurves(tmp_path, (X, Y), num_thresholds=1)
