"""Metrics, by kind."""

from keras_nn.metrics.calibration.expected_calibration_error import (
    ExpectedCalibrationError as ExpectedCalibrationError,
)
from keras_nn.metrics.calibration.maximum_calibration_error import (
    MaximumCalibrationError as MaximumCalibrationError,
)
from keras_nn.metrics.sequence.bits_per_byte import BitsPerByte as BitsPerByte
from keras_nn.metrics.sequence.perplexity import Perplexity as Perplexity
