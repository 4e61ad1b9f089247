import keras
import numpy as np
import pytest

from keras_nn.models import LeNet5
from keras_nn.models import MobileNetV3
from keras_nn.pretrained.keras_applications_names import fitted
from keras_nn.pretrained.keras_applications_names import second_scale
from keras_nn.pretrained.keras_applications_names import tensors_by_name


def test_names_are_theirs():
    ours = MobileNetV3.from_preset(
        "mobilenet_v3_small", input_shape=(32, 32, 3)
    )
    theirs = keras.applications.MobileNetV3Small(
        input_shape=(32, 32, 3), weights=None
    )
    names = {"/".join(w.path.split("/")[-2:]) for w in theirs.weights}
    assert set(tensors_by_name(ours)) == names


def test_tensors_are_fitted_without_a_change_of_values():
    x = np.arange(8.0).reshape(1, 1, 4, 2)
    np.testing.assert_array_equal(fitted(x, (4, 2)), x[0, 0])
    np.testing.assert_array_equal(fitted(x[0, 0], (1, 1, 4, 2)), x)
    kernel = np.arange(12.0).reshape(2, 2, 1, 3)
    np.testing.assert_array_equal(
        fitted(kernel, (2, 2, 3, 1))[..., 0], kernel[:, :, 0]
    )
    assert fitted(x, (2, 4)) is None
    assert fitted(kernel, (3, 1, 2, 2)) is None


def test_a_second_scale_follows_the_normalisation():
    images = keras.Input((4, 4, 3))
    x = keras.layers.Rescaling(1 / 255)(images)
    x = keras.layers.Normalization()(x)
    assert second_scale(keras.Model(images, x)) == 1.0
    x = keras.layers.Rescaling([1.0, 2.0, 3.0])(x)
    np.testing.assert_array_equal(
        second_scale(keras.Model(images, x)), [1, 2, 3]
    )


def test_refuses_a_network_that_keras_has_not():
    with pytest.raises(ValueError, match="Received: LeNet5"):
        tensors_by_name(LeNet5())
