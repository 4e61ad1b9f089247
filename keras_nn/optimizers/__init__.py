"""Optimisers that Keras does not have."""

from keras_nn.optimizers.layerwise_learning_rate import (
    LayerwiseLearningRate as LayerwiseLearningRate,
)
