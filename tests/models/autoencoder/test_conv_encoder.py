import numpy as np
import pytest

from keras_nn.models import ConvEncoder
from keras_nn.testing import check_model

X = np.random.default_rng(0).normal(size=(5, 4, 8, 1)).astype("float32")


def test_conformance():
    arguments = {"input_shape": (4, 8, 1), "output_units": 3, "filters": [4]}
    arguments["units"] = [4]
    check_model(ConvEncoder, arguments, X, fit=False, jit=False)


def test_each_convolution_halves_the_picture():
    model = ConvEncoder((64, 48, 3), 20, [8, 16, 32], [9])
    shapes = [
        layer.output.shape[1:]
        for layer in model.layers
        if layer.name.startswith(("halve", "hidden"))
    ]
    assert shapes == [(32, 24, 8), (16, 12, 16), (8, 6, 32), (9,)]


def test_is_told_the_class():
    model = ConvEncoder((4, 8, 1), 3, [4], [4], num_classes=2)
    zero, one, anything = (
        model({"pictures": X, "labels": np.full(5, label)})
        for label in (0, 1, 2)
    )
    assert np.abs(zero - one).max() > 1e-3 < np.abs(one - anything).max()
    again = ConvEncoder.from_config(model.get_config())
    assert set(again.input) == {"pictures", "labels"}


def test_maps_are_normalised_before_the_activation():
    model = ConvEncoder((4, 8, 1), 1, [3], [2], "tanh", True)
    names = [layer.name for layer in model.layers[1:4]]
    assert names == ["halve_0", "norm_0", "activation_0"]
    maps = model.features(["activation_0"])(100 + X, training=True)
    np.testing.assert_allclose(np.mean(maps, (0, 1, 2)), 0, atol=0.2)


def test_refuses_what_cannot_be_halved_and_no_width():
    with pytest.raises(ValueError, match=r"here 4.*Received.*\(4, 6, 1\)"):
        ConvEncoder((4, 6, 1), 3, [4, 8])
    with pytest.raises(ValueError, match="must be positive.*Received"):
        ConvEncoder((4, 4, 1), 0)
