import numpy as np

from keras_nn.applications.target_scale import TargetScale


def test_learns_once_and_undoes_the_standard_form():
    targets = np.array([[1.0, 5.0], [3.0, 5.0]], "float32")
    layer = TargetScale(dtype="float32")
    x = np.array([[[1.0, 2.0]]], "float32")
    np.testing.assert_array_equal(layer(x), x)
    layer.adapt(targets)
    np.testing.assert_array_equal(layer(x), [[[3.0, 7.0]]])
    layer.adapt(10 * targets)
    np.testing.assert_array_equal(layer(x), [[[3.0, 7.0]]])
