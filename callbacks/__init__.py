"""The instruments: callbacks that write what a person wants to see."""

from keras_nn.callbacks.confusion_matrix import (
    ConfusionMatrix as ConfusionMatrix,
)
from keras_nn.callbacks.precision_recall_curves import (
    PrecisionRecallCurves as PrecisionRecallCurves,
)
from keras_nn.callbacks.validation_sample import (
    ValidationSample as ValidationSample,
)
