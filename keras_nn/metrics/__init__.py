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
from keras_nn.metrics.sequence.answer_scores import answer_f1 as answer_f1
from keras_nn.metrics.sequence.answer_scores import exact_match as exact_match
from keras_nn.metrics.sequence.bits_per_byte import BitsPerByte as BitsPerByte
from keras_nn.metrics.sequence.entities import entities as entities
from keras_nn.metrics.sequence.entity_f1 import EntityF1 as EntityF1
from keras_nn.metrics.sequence.error_rates import (
    character_error_rate as character_error_rate,
)
from keras_nn.metrics.sequence.error_rates import edit_distance as edit_distance
from keras_nn.metrics.sequence.error_rates import (
    word_error_rate as word_error_rate,
)
from keras_nn.metrics.sequence.perplexity import Perplexity as Perplexity
from keras_nn.metrics.sequence.summary_scores import rouge as rouge
from keras_nn.metrics.sequence.tag_predictions import (
    tag_predictions as tag_predictions,
)
from keras_nn.metrics.sequence.token_f1 import TokenF1 as TokenF1
