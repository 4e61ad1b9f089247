import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import FastGroupNormalization
from keras_nn.testing import check_layer

X = 9 + 2 * np.random.default_rng(0).normal(size=(2, 5, 3, 8))


def test_conformance():
    check_layer(FastGroupNormalization, {"groups": 4}, X.astype("float32"))


@pytest.mark.parametrize(
    "arguments",
    [
        {"groups": 2},
        {"groups": -1, "epsilon": 1e-5},
        {"groups": 8, "axis": 3, "center": False},
        {"groups": 4, "scale": False, "dtype": "mixed_float16"},
        {"groups": 3, "axis": 2},
    ],
)
def test_equals_that_of_keras(arguments):
    ours = FastGroupNormalization(**arguments)
    theirs = keras.layers.GroupNormalization(**arguments)
    for layer in (ours, theirs):
        layer.build(X.shape)
        for index, weight in enumerate(layer.weights):
            weight.assign(index + np.linspace(0.5, 2, *weight.shape))
    found, expected = ours(X), theirs(X)
    assert found.dtype == expected.dtype
    half = "float16" in str(ours.dtype_policy)
    np.testing.assert_allclose(
        ops.convert_to_numpy(found),
        ops.convert_to_numpy(expected),
        rtol=2e-3 if half else 0,
        atol=2e-3 if half else 1e-5,
    )
    assert ours.get_config() == {**theirs.get_config(), "name": ours.name}


def test_half_precision_keeps_values_whose_squares_it_has_not():
    x = np.array([0.0, 6e4], "float16").reshape(1, 2, 1)
    y = FastGroupNormalization(1, dtype="float16")(x)
    np.testing.assert_allclose(ops.convert_to_numpy(y).ravel(), [-1, 1])


def test_takes_pictures_of_any_size():
    inputs = keras.Input((None, None, 8))
    layer = FastGroupNormalization(2)
    model = keras.Model(inputs, layer(inputs))
    expected = ops.convert_to_numpy(layer(X))
    found = model.predict(X.astype("float32"), verbose=0)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_refuses_channels_that_are_no_multiple_of_groups():
    with pytest.raises(ValueError, match=r"groups \(3\) must be a multiple"):
        FastGroupNormalization(3).build((None, 4, 8))
