"""Why did the model say so? Methods that look into any Keras model."""

from keras_nn.explain.class_activation import (
    class_activation as class_activation,
)
from keras_nn.explain.find_last_convolution import (
    find_last_convolution as find_last_convolution,
)
from keras_nn.explain.functional_view import FunctionalView as FunctionalView
from keras_nn.explain.penultimate_features import (
    penultimate_features as penultimate_features,
)
