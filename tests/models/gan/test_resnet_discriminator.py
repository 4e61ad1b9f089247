import numpy as np
import pytest

from keras_nn.models import ResNetDiscriminator
from keras_nn.testing import check_model

X = np.random.default_rng(0).normal(size=(5, 4, 4, 1)).astype("float32")


def test_conformance():
    arguments = {"input_shape": (4, 4, 1), "filters": [3, 3], "halvings": 1}
    arguments["spectral"] = False
    check_model(ResNetDiscriminator, arguments, X, (5, 1), jit=False)


def test_every_kernel_is_normalised():
    model = ResNetDiscriminator((4, 4, 1), [3, 3], 1)
    kernels = [w for w in model.trainable_weights if "kernel" in w.path]
    vectors = [w for w in model.non_trainable_weights if w.path.endswith("/u")]
    assert len(kernels) == len(vectors) == 6


def test_keeps_its_config():
    model = ResNetDiscriminator(
        (4, 4, 1), [3], 1, minibatch_deviation=True, num_classes=3
    )
    again = ResNetDiscriminator.from_config(model.get_config())
    assert again.get_config() == model.get_config()
    assert model({"pictures": X, "labels": np.arange(5) % 3}).shape == (5, 1)


def test_refuses_more_halvings_than_blocks():
    with pytest.raises(ValueError, match="`halvings` must not be more"):
        ResNetDiscriminator((4, 4, 1), [3], halvings=2)
