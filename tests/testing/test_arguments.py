import keras
import pytest

from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.arguments import check_config_unchanged
from keras_nn.testing.arguments import check_registered
from keras_nn.testing.arguments import config_text


def test_options_of_keras_that_are_none_may_be_left_out():
    layer = keras.layers.Dense(2)
    check_arguments(keras.layers.Dense, layer, {"units": 2}, package=None)


def test_a_given_argument_that_is_lost_is_caught():
    layer = keras.layers.Dense(3)
    with pytest.raises(AssertionError, match=r"given \(2\). Received: 3"):
        check_arguments(keras.layers.Dense, layer, {"units": 2}, package=None)


def test_a_rewritten_argument_is_caught():
    layer = keras.layers.Dense(2)
    text = config_text(layer)
    check_config_unchanged(layer, text)
    layer.units = 3
    with pytest.raises(AssertionError, match="rewrote an argument"):
        check_config_unchanged(layer, text)


def test_another_class_of_the_same_name_is_caught():
    @keras.saving.register_keras_serializable("kit_arguments")
    class Twice(keras.layers.Layer):
        pass

    first = Twice
    check_registered(first, "kit_arguments")

    @keras.saving.register_keras_serializable("kit_arguments")
    class Twice(keras.layers.Layer):  # noqa: F811
        pass

    with pytest.raises(AssertionError, match="another class is registered"):
        check_registered(first, "kit_arguments")
