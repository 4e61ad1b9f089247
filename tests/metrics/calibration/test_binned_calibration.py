import numpy as np
import pytest

from keras_nn.metrics.calibration.binned_calibration import BinnedCalibration


def test_bins_hold_weight_confidence_and_accuracy():
    metric = BinnedCalibration(num_bins=4)
    rows = np.array([[0.6, 0.4], [0.3, 0.7], [0.1, 0.9], [0.0, 1.0]])
    metric.update_state([0, 0, 1, 0], rows, sample_weight=[1, 3, 1, 1])
    weight, confidence, accuracy = np.asarray(metric.bins())
    np.testing.assert_allclose(weight, [0, 0, 4, 2])
    np.testing.assert_allclose(confidence, [0, 0, 0.675, 0.95], rtol=1e-6)
    np.testing.assert_allclose(accuracy, [0, 0, 0.25, 0.5])


def test_a_bin_holds_its_upper_edge():
    metric = BinnedCalibration(num_bins=4)
    metric.update_state([0, 0], [[0.5, 0.5], [0.75, 0.25]])
    assert np.asarray(metric.bins())[0].tolist() == [0, 1, 1, 0]


def test_rejects_no_bins():
    with pytest.raises(ValueError, match="Received: num_bins=0"):
        BinnedCalibration(num_bins=0)
