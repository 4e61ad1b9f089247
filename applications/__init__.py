"""The tasks: prebuilt applications that train through `fit`."""

from keras_nn.applications.anomaly_detector import (
    AnomalyDetector as AnomalyDetector,
)
from keras_nn.applications.application import Application as Application
from keras_nn.applications.associative_memory import (
    AssociativeMemory as AssociativeMemory,
)
from keras_nn.applications.catalogue import get as get
from keras_nn.applications.catalogue import names as names
from keras_nn.applications.cross_validation import (
    cross_validate as cross_validate,
)
from keras_nn.applications.density_estimator import (
    DensityEstimator as DensityEstimator,
)
from keras_nn.applications.evaluation import evaluate_run as evaluate_run
from keras_nn.applications.feature_learner import (
    FeatureLearner as FeatureLearner,
)
from keras_nn.applications.fit_recipe import fit_recipe as fit_recipe
from keras_nn.applications.graph_classifier import (
    GraphClassifier as GraphClassifier,
)
from keras_nn.applications.graph_embedder import GraphEmbedder as GraphEmbedder
from keras_nn.applications.graph_regressor import (
    GraphRegressor as GraphRegressor,
)
from keras_nn.applications.image_classifier import (
    ImageClassifier as ImageClassifier,
)
from keras_nn.applications.image_generator import (
    ImageGenerator as ImageGenerator,
)
from keras_nn.applications.image_segmenter import (
    ImageSegmenter as ImageSegmenter,
)
from keras_nn.applications.image_translator import (
    ImageTranslator as ImageTranslator,
)
from keras_nn.applications.inpainter import Inpainter as Inpainter
from keras_nn.applications.link_predictor import LinkPredictor as LinkPredictor
from keras_nn.applications.masked_language_model import (
    MaskedLanguageModel as MaskedLanguageModel,
)
from keras_nn.applications.multi_label_image_classifier import (
    MultiLabelImageClassifier as MultiLabelImageClassifier,
)
from keras_nn.applications.node_classifier import (
    NodeClassifier as NodeClassifier,
)
from keras_nn.applications.object_detector import (
    ObjectDetector as ObjectDetector,
)
from keras_nn.applications.picture_preprocessing import (
    PicturePreprocessing as PicturePreprocessing,
)
from keras_nn.applications.question_answerer import (
    QuestionAnswerer as QuestionAnswerer,
)
from keras_nn.applications.recipe import Expectation as Expectation
from keras_nn.applications.recipe import Recipe as Recipe
from keras_nn.applications.run import Run as Run
from keras_nn.applications.saved_application import load as load
from keras_nn.applications.search import Search as Search
from keras_nn.applications.style_transfer import StyleTransfer as StyleTransfer
from keras_nn.applications.summarizer import Summarizer as Summarizer
from keras_nn.applications.super_resolver import SuperResolver as SuperResolver
from keras_nn.applications.text_classifier import (
    TextClassifier as TextClassifier,
)
from keras_nn.applications.text_embedder import TextEmbedder as TextEmbedder
from keras_nn.applications.text_generator import TextGenerator as TextGenerator
from keras_nn.applications.text_index import TextIndex as TextIndex
from keras_nn.applications.token_classifier import (
    TokenClassifier as TokenClassifier,
)
from keras_nn.applications.translator import Translator as Translator
from keras_nn.applications.tuning import resume_search as resume_search
from keras_nn.applications.tuning import tune as tune
from keras_nn.applications.unknown_choice import UnknownChoice as UnknownChoice
from keras_nn.applications.unknown_choice import WrongRequest as WrongRequest
from keras_nn.applications.video_classifier import (
    VideoClassifier as VideoClassifier,
)
