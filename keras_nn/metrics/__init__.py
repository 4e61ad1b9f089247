"""Metrics, by kind."""

from keras_nn.metrics.calibration.expected_calibration_error import (
    ExpectedCalibrationError as ExpectedCalibrationError,
)
from keras_nn.metrics.calibration.maximum_calibration_error import (
    MaximumCalibrationError as MaximumCalibrationError,
)
from keras_nn.metrics.detection.coco_evaluation import (
    coco_evaluation as coco_evaluation,
)
from keras_nn.metrics.detection.mean_average_precision import (
    MeanAveragePrecision as MeanAveragePrecision,
)
from keras_nn.metrics.segmentation.boundary_f1 import BoundaryF1 as BoundaryF1
from keras_nn.metrics.segmentation.dice_score import DiceScore as DiceScore
from keras_nn.metrics.segmentation.pixel_accuracy import (
    PixelAccuracy as PixelAccuracy,
)
from keras_nn.metrics.segmentation.segmentation_iou import (
    SegmentationIoU as SegmentationIoU,
)
from keras_nn.metrics.sequence.bits_per_byte import BitsPerByte as BitsPerByte
from keras_nn.metrics.sequence.perplexity import Perplexity as Perplexity
