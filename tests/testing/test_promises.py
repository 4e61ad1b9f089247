import keras
import pytest

from keras_nn.testing import promises
from keras_nn.testing.subject import Subject


def test_dropout_is_random_in_training_and_dense_never():
    for cls, arguments, expected in (
        (keras.layers.Dense, {"units": 2}, False),
        (keras.layers.Dropout, {"rate": 0.5}, True),
    ):
        subject = Subject(cls, arguments, (2, 3))
        layer, _, _, start = promises.first_run(subject)
        random = promises.check_modes(subject, layer, start, True, False)
        assert random is expected


def test_a_wrong_shape_is_caught():
    subject = Subject(keras.layers.Dense, {"units": 2}, (2, 3))
    layer, _, outputs, _ = promises.first_run(subject)
    promises.check_shapes(subject, layer, outputs, batch=True)
    layer.compute_output_shape = lambda shape: shape
    with pytest.raises(AssertionError, match="compute_output_shape"):
        promises.check_shapes(subject, layer, outputs, batch=True)
