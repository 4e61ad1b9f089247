import warnings

import keras
import numpy as np
import pytest

from keras_nn.testing import files

X = np.ones((1, 2), "float32")


def model_with(layer):
    inputs = keras.Input((2,))
    return keras.Model(inputs, layer(inputs))


def test_an_equal_file_passes():
    model = model_with(keras.layers.Dense(2))
    loaded = files.check_file(model, lambda m: m(X))
    assert loaded is not model


def test_a_file_that_cannot_be_loaded_is_caught():
    class Unregistered(keras.layers.Dense):
        pass

    with pytest.raises(AssertionError, match="round trip fails"):
        files.check_file(model_with(Unregistered(2)), lambda m: m(X))


def test_warnings_for_the_user_are_caught_and_deprecations_are_not():
    with files.no_warning("it"):
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    with pytest.raises(AssertionError, match="it warns: look"):
        with files.no_warning("it"):
            warnings.warn("look", UserWarning, stacklevel=1)
