"""The instruments: callbacks that write what a person wants to see."""

from keras_nn.callbacks.activation_monitor import (
    ActivationMonitor as ActivationMonitor,
)
from keras_nn.callbacks.active_units import ActiveUnits as ActiveUnits
from keras_nn.callbacks.answer_samples import AnswerSamples as AnswerSamples
from keras_nn.callbacks.attention_histograms import (
    AttentionHistograms as AttentionHistograms,
)
from keras_nn.callbacks.attention_maps import AttentionMaps as AttentionMaps
from keras_nn.callbacks.augmentation_preview import (
    AugmentationPreview as AugmentationPreview,
)
from keras_nn.callbacks.beam_samples import BeamSamples as BeamSamples
from keras_nn.callbacks.box_overlays import BoxOverlays as BoxOverlays
from keras_nn.callbacks.checkpoint import Checkpoint as Checkpoint
from keras_nn.callbacks.clip_strips import ClipStrips as ClipStrips
from keras_nn.callbacks.code_projector import CodeProjector as CodeProjector
from keras_nn.callbacks.code_sample import CodeSample as CodeSample
from keras_nn.callbacks.confusion_matrix import (
    ConfusionMatrix as ConfusionMatrix,
)
from keras_nn.callbacks.denoising_strips import (
    DenoisingStrips as DenoisingStrips,
)
from keras_nn.callbacks.density_map import DensityMap as DensityMap
from keras_nn.callbacks.dirichlet_energy import (
    DirichletEnergy as DirichletEnergy,
)
from keras_nn.callbacks.embedding_projector import (
    EmbeddingProjector as EmbeddingProjector,
)
from keras_nn.callbacks.energy_histogram import (
    EnergyHistogram as EnergyHistogram,
)
from keras_nn.callbacks.error_by_degree import ErrorByDegree as ErrorByDegree
from keras_nn.callbacks.feature_maps import FeatureMaps as FeatureMaps
from keras_nn.callbacks.filter_gallery import FilterGallery as FilterGallery
from keras_nn.callbacks.gate_saturation import GateSaturation as GateSaturation
from keras_nn.callbacks.gradient_monitor import (
    GradientMonitor as GradientMonitor,
)
from keras_nn.callbacks.graph_drawings import GraphDrawings as GraphDrawings
from keras_nn.callbacks.hparams import HParams as HParams
from keras_nn.callbacks.label_pictures import LabelPictures as LabelPictures
from keras_nn.callbacks.latent_map import LatentMap as LatentMap
from keras_nn.callbacks.latent_traversals import (
    LatentTraversals as LatentTraversals,
)
from keras_nn.callbacks.learning_rate_finder import (
    LearningRateFinder as LearningRateFinder,
)
from keras_nn.callbacks.link_scores import LinkScores as LinkScores
from keras_nn.callbacks.mask_overlays import MaskOverlays as MaskOverlays
from keras_nn.callbacks.mask_samples import MaskSamples as MaskSamples
from keras_nn.callbacks.node_projector import NodeProjector as NodeProjector
from keras_nn.callbacks.non_finite_guard import NonFiniteGuard as NonFiniteGuard
from keras_nn.callbacks.padding_share import PaddingShare as PaddingShare
from keras_nn.callbacks.picture_comparison import (
    PictureComparison as PictureComparison,
)
from keras_nn.callbacks.picture_scores import PictureScores as PictureScores
from keras_nn.callbacks.position_perplexity import (
    PositionPerplexity as PositionPerplexity,
)
from keras_nn.callbacks.precision_recall_curves import (
    PrecisionRecallCurves as PrecisionRecallCurves,
)
from keras_nn.callbacks.recall_pictures import RecallPictures as RecallPictures
from keras_nn.callbacks.receptive_fields import (
    ReceptiveFields as ReceptiveFields,
)
from keras_nn.callbacks.reliability_diagram import (
    ReliabilityDiagram as ReliabilityDiagram,
)
from keras_nn.callbacks.saliency_maps import SaliencyMaps as SaliencyMaps
from keras_nn.callbacks.sample_grid import SampleGrid as SampleGrid
from keras_nn.callbacks.tag_samples import TagSamples as TagSamples
from keras_nn.callbacks.tensorboard import TensorBoard as TensorBoard
from keras_nn.callbacks.text_projector import TextProjector as TextProjector
from keras_nn.callbacks.throughput import Throughput as Throughput
from keras_nn.callbacks.token_attention import TokenAttention as TokenAttention
from keras_nn.callbacks.token_samples import TokenSamples as TokenSamples
from keras_nn.callbacks.translation_samples import (
    TranslationSamples as TranslationSamples,
)
from keras_nn.callbacks.uncertainty_maps import (
    UncertaintyMaps as UncertaintyMaps,
)
from keras_nn.callbacks.unfreeze import Unfreeze as Unfreeze
from keras_nn.callbacks.validation_sample import (
    ValidationSample as ValidationSample,
)
from keras_nn.callbacks.vocabulary_projector import (
    VocabularyProjector as VocabularyProjector,
)
from keras_nn.callbacks.worst_examples import WorstExamples as WorstExamples
from keras_nn.callbacks.worst_texts import WorstTexts as WorstTexts
