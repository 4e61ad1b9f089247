import keras
import numpy as np
import pytest

from keras_nn.metrics import ExpectedCalibrationError
from keras_nn.testing import check_metric

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(200, 5)).astype("float32") * 2
PROBABILITIES = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
LABELS = RNG.integers(0, 5, 200)


def naive(labels, probabilities, num_bins, weights=None):
    weights = np.ones(len(labels)) if weights is None else weights
    error = 0.0
    for b in range(num_bins):
        members = []
        for i, row in enumerate(probabilities):
            if b / num_bins < row.max() <= (b + 1) / num_bins:
                members.append(i)
        if members:
            share = weights[members].sum() / weights.sum()
            confidence = np.average(
                [probabilities[i].max() for i in members],
                weights=weights[members],
            )
            accuracy = np.average(
                [probabilities[i].argmax() == labels[i] for i in members],
                weights=weights[members],
            )
            error += share * abs(accuracy - confidence)
    return error


def test_conformance():
    rng = np.random.default_rng(0)
    rows = rng.dirichlet(np.ones(4), 12).astype("float32")
    check_metric(
        ExpectedCalibrationError, {"num_bins": 5}, rng.integers(0, 4, 12), rows
    )


@pytest.mark.parametrize("num_bins", [1, 7, 15])
@pytest.mark.parametrize("weights", [None, RNG.random(200)])
def test_equals_the_definition_over_batches(num_bins, weights):
    metric = ExpectedCalibrationError(num_bins)
    for part in np.split(np.arange(200), [64, 128, 199]):
        metric.update_state(
            LABELS[part],
            PROBABILITIES[part],
            None if weights is None else weights[part],
        )
    assert float(metric.result()) == pytest.approx(
        naive(LABELS, PROBABILITIES, num_bins, weights), abs=1e-6
    )


@pytest.mark.parametrize(
    ("labels", "scores", "from_logits"),
    [
        (np.eye(5)[LABELS], PROBABILITIES, False),
        (LABELS[:, None], PROBABILITIES, False),
        (LABELS, LOGITS, True),
        (LABELS.reshape(20, 10), PROBABILITIES.reshape(20, 10, 5), False),
    ],
)
def test_forms_of_labels_and_predictions(labels, scores, from_logits):
    metric = ExpectedCalibrationError(from_logits=from_logits)
    metric.update_state(labels, scores)
    assert float(metric.result()) == pytest.approx(
        naive(LABELS, PROBABILITIES, 15), abs=1e-6
    )


def test_binary_classifier():
    p = PROBABILITIES[:, :1]
    both = np.concatenate([1 - p, p], axis=1)
    y = (LABELS == 0).astype("float32")
    expected = naive(y, both, 15)
    metric = ExpectedCalibrationError()
    metric.update_state(y, p)
    assert float(metric.result()) == pytest.approx(expected, abs=1e-6)
    metric = ExpectedCalibrationError(from_logits=True)
    metric.update_state(y[:, None], np.log(p / (1 - p)))
    assert float(metric.result()) == pytest.approx(expected, abs=1e-6)


def test_a_calibrated_classifier_has_no_error():
    metric = ExpectedCalibrationError(10)
    metric.update_state([0, 0, 0, 1], np.tile([0.75, 0.25], (4, 1)))
    assert float(metric.result()) == pytest.approx(0, abs=1e-7)
    metric.reset_state()
    metric.update_state([1], [[1.0, 0.0]])
    assert float(metric.result()) == pytest.approx(1)


def test_before_any_example_it_is_zero():
    assert float(ExpectedCalibrationError().result()) == 0


def test_in_fit_and_from_its_config():
    metric = ExpectedCalibrationError(num_bins=9, from_logits=True)
    clone = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(metric)
    )
    assert clone.num_bins == 9 and clone.from_logits
    model = keras.Sequential([keras.layers.Dense(5, "softmax")])
    model.compile(
        "sgd",
        "sparse_categorical_crossentropy",
        metrics=[ExpectedCalibrationError()],
    )
    model.fit(LOGITS, LABELS, verbose=0)
    found = model.evaluate(LOGITS, LABELS, verbose=0, return_dict=True)
    assert found["expected_calibration_error"] == pytest.approx(
        naive(LABELS, model.predict(LOGITS, verbose=0), 15), abs=1e-5
    )
