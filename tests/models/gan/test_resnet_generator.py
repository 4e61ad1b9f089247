import numpy as np
import pytest

from keras_nn.models import ResNetGenerator

X = np.random.default_rng(0).normal(size=(3, 3)).astype("float32")


def test_is_the_network_of_the_paper():
    model = ResNetGenerator(128, (32, 32, 3))
    shapes = [
        layer.output.shape[1:]
        for layer in model.layers
        if layer.name in ("first_map", "block_0", "block_1", "block_2")
    ]
    assert shapes == [(4 * 2**n, 4 * 2**n, 256) for n in range(4)]
    assert model.output.shape[1:] == (32, 32, 3)


def test_keeps_its_config_and_is_told_the_class():
    model = ResNetGenerator(3, (4, 4, 1), [4, 4], num_classes=2)
    again = ResNetGenerator.from_config(model.get_config())
    assert again.get_config() == model.get_config()
    zero, one = (
        model({"noise": X, "labels": np.full(3, label)}) for label in (0, 1)
    )
    assert np.abs(zero - one).max() > 1e-4
    assert np.abs(zero).max() <= 1


def test_refuses_a_size_that_it_cannot_double_to():
    with pytest.raises(ValueError, match="must be divisible by 4"):
        ResNetGenerator(3, (6, 8, 1), [8, 8, 4])
