"""Metrics, by kind."""

from keras_nn.metrics.calibration.expected_calibration_error import (
    ExpectedCalibrationError as ExpectedCalibrationError,
)
from keras_nn.metrics.calibration.maximum_calibration_error import (
    MaximumCalibrationError as MaximumCalibrationError,
)
from keras_nn.metrics.classification.label_average_precision import (
    LabelAveragePrecision as LabelAveragePrecision,
)
from keras_nn.metrics.classification.label_f1_score import (
    LabelF1Score as LabelF1Score,
)
from keras_nn.metrics.detection.coco_evaluation import (
    coco_evaluation as coco_evaluation,
)
from keras_nn.metrics.detection.mean_average_precision import (
    MeanAveragePrecision as MeanAveragePrecision,
)
from keras_nn.metrics.generative.bicubic_gain import BicubicGain as BicubicGain
from keras_nn.metrics.generative.bits_per_dimension import (
    bits_per_dimension as bits_per_dimension,
)
from keras_nn.metrics.generative.frechet_distance import (
    FrechetDistance as FrechetDistance,
)
from keras_nn.metrics.generative.inception_score import (
    InceptionScore as InceptionScore,
)
from keras_nn.metrics.generative.kernel_distance import (
    kernel_distance as kernel_distance,
)
from keras_nn.metrics.generative.manifold_scores import (
    manifold_scores as manifold_scores,
)
from keras_nn.metrics.generative.maximum_mean_discrepancy import (
    maximum_mean_discrepancy as maximum_mean_discrepancy,
)
from keras_nn.metrics.generative.on_luminance import OnLuminance as OnLuminance
from keras_nn.metrics.generative.peak_signal_to_noise import (
    PeakSignalToNoise as PeakSignalToNoise,
)
from keras_nn.metrics.generative.peak_signal_to_noise import (
    peak_signal_to_noise as peak_signal_to_noise,
)
from keras_nn.metrics.generative.perceptual_distance import (
    PerceptualDistance as PerceptualDistance,
)
from keras_nn.metrics.generative.perceptual_distance import (
    perceptual_distance as perceptual_distance,
)
from keras_nn.metrics.generative.perceptual_distance import (
    perceptual_scores as perceptual_scores,
)
from keras_nn.metrics.generative.picture_scores import (
    feature_scores as feature_scores,
)
from keras_nn.metrics.generative.picture_scores import (
    picture_scores as picture_scores,
)
from keras_nn.metrics.generative.structural_similarity import (
    StructuralSimilarity as StructuralSimilarity,
)
from keras_nn.metrics.generative.structural_similarity import (
    structural_similarity as structural_similarity,
)
from keras_nn.metrics.segmentation.boundary_f1 import BoundaryF1 as BoundaryF1
from keras_nn.metrics.segmentation.dice_score import DiceScore as DiceScore
from keras_nn.metrics.segmentation.pixel_accuracy import (
    PixelAccuracy as PixelAccuracy,
)
from keras_nn.metrics.segmentation.segment_scores import (
    segment_scores as segment_scores,
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
from keras_nn.metrics.sequence.retrieval_scores import (
    retrieval_ranks as retrieval_ranks,
)
from keras_nn.metrics.sequence.retrieval_scores import (
    retrieval_scores as retrieval_scores,
)
from keras_nn.metrics.sequence.summary_scores import rouge as rouge
from keras_nn.metrics.sequence.tag_predictions import (
    tag_predictions as tag_predictions,
)
from keras_nn.metrics.sequence.token_f1 import TokenF1 as TokenF1
