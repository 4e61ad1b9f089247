import keras
import numpy as np
import pytest

from keras_nn.pretrained.tensor_place import TensorPlace

ONE = np.arange(6.0, dtype="float32").reshape(2, 3)
FORMS = {
    "as it is": ({}, ONE),
    "turned": ({"turned": True}, ONE.T),
    "scaled": ({"scale": 2.0}, ONE / 2),
    "behind rows of nothing": (
        {"skipped": 2},
        np.concatenate([np.zeros((2, 3)), ONE]),
    ),
    "depthwise": ({"turned": True, "middle": True}, ONE.T[:, None]),
}


@pytest.mark.parametrize("form", FORMS)
def test_there_and_back(form):
    arguments, theirs = FORMS[form]
    place = TensorPlace(**arguments).holding(keras.Variable(ONE))
    assert place.shape == theirs.shape
    np.testing.assert_array_equal(place.pack(), theirs)
    ((_, value),) = place.split(theirs)
    np.testing.assert_array_equal(value, ONE)
    assert place.split(theirs[..., :-1]) is None


def test_several_variables_lie_side_by_side():
    place = TensorPlace(axis=1)
    place.holding(keras.Variable(ONE)).holding(keras.Variable(ONE[:, :1]))
    assert place.shape == (2, 4)
    theirs = np.concatenate([ONE, ONE[:, :1]], axis=1)
    np.testing.assert_array_equal(place.pack(), theirs)
    values = [value for _, value in place.split(theirs)]
    np.testing.assert_array_equal(values[0], ONE)
    np.testing.assert_array_equal(values[1], ONE[:, :1])
