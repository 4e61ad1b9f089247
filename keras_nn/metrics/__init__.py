"""Metrics, by kind."""

from keras_nn.metrics.calibration.expected_calibration_error import (
    ExpectedCalibrationError as ExpectedCalibrationError,
)
from keras_nn.metrics.calibration.maximum_calibration_error import (
    MaximumCalibrationError as MaximumCalibrationError,
)
