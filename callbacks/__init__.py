"""The instruments: callbacks that write what a person wants to see."""

    ConfusionMatrix as ConfusionMatrix,
    GradientMonitor as GradientMonitor,
    PrecisionRecallCurves as PrecisionRecallCurves,
    ValidationSample as ValidationSample,
)
)
)
)
from keras_nn.callbacks.confusion_matrix import (
from keras_nn.callbacks.gradient_monitor import (
from keras_nn.callbacks.precision_recall_curves import (
from keras_nn.callbacks.reliability_diagram import ReliabilityDiagram as ReliabilityDiagram
from keras_nn.callbacks.validation_sample import (
from keras_nn.callbacks.worst_examples import WorstExamples as WorstExamples
