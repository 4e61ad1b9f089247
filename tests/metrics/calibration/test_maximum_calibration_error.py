import numpy as np
import pytest

from keras_nn.metrics import MaximumCalibrationError
from keras_nn.testing import check_metric


def test_conformance():
    rng = np.random.default_rng(0)
    rows = rng.dirichlet(np.ones(4), 12).astype("float32")
    check_metric(
        MaximumCalibrationError, {"num_bins": 5}, rng.integers(0, 4, 12), rows
    )


@pytest.mark.parametrize("seed", range(3))
def test_equals_the_definition_over_batches(seed):
    rng = np.random.default_rng(seed)
    rows = rng.dirichlet(np.ones(4), 90)
    labels = rng.integers(0, 4, 90)
    gaps = []
    for b in range(8):
        inside = [i for i in range(90) if b / 8 < rows[i].max() <= (b + 1) / 8]
        if inside:
            confidence = np.mean([rows[i].max() for i in inside])
            right = np.mean([rows[i].argmax() == labels[i] for i in inside])
            gaps.append(abs(confidence - right))
    metric = MaximumCalibrationError(8)
    for part in np.split(np.arange(90), [40]):
        metric.update_state(labels[part], rows[part])
    assert float(metric.result()) == pytest.approx(max(gaps), abs=1e-6)


def test_one_bad_range_is_not_averaged_away():
    metric = MaximumCalibrationError(10)
    good = np.tile([0.75, 0.25], (400, 1))
    metric.update_state(np.repeat([0, 1], [300, 100]), good)
    assert float(metric.result()) == pytest.approx(0, abs=1e-6)
    metric.update_state([1], [[0.95, 0.05]])
    assert float(metric.result()) == pytest.approx(0.95)


def test_rejects_no_bins():
    with pytest.raises(ValueError, match="Received: num_bins=-1"):
        MaximumCalibrationError(num_bins=-1)
