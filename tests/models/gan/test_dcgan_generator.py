import numpy as np
import pytest

from keras_nn.models import DCGANGenerator
from keras_nn.testing import check_model

X = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")


def test_conformance():
    arguments = {"noise_units": 3, "output_shape": (4, 4, 1), "filters": [4]}
    arguments["batch_norm"] = False
    check_model(DCGANGenerator, arguments, X, (5, 4, 4, 1), jit=False)


def test_is_the_network_of_the_paper():
    model = DCGANGenerator(100, (28, 28, 1))
    shapes = [
        layer.output.shape[1:]
        for layer in model.layers
        if layer.name.startswith(("first_map", "double"))
    ]
    assert shapes == [(7, 7, 128), (14, 14, 64), (28, 28, 1)]
    assert np.abs(model(np.full((1, 100), 50.0))).max() <= 1


def test_is_told_the_class():
    model = DCGANGenerator(3, (4, 4, 1), [4], num_classes=2)
    zero, one = (
        model({"noise": X, "labels": np.full(5, label)}) for label in (0, 1)
    )
    assert np.abs(zero - one).max() > 1e-4


def test_refuses_a_size_that_it_cannot_double_to():
    with pytest.raises(ValueError, match="must be divisible by 4"):
        DCGANGenerator(3, (6, 8, 1), [8, 4])
