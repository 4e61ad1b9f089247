import numpy as np
import pytest

from keras_nn.layers import EvoNorm2DB0
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(4, 3, 5, 2)).astype("float32")


@pytest.mark.slow
def test_conformance():
    # Statistics are of each replica's own examples, as `BatchNormalization`'s.
    check_layer(EvoNorm2DB0, {"momentum": 0.8}, X.shape, replicas=False)


def test_in_training_the_variance_is_that_of_the_batch():
    layer = EvoNorm2DB0(momentum=0.75)
    y = np.asarray(layer(X, training=True))
    variance = X.var((0, 1, 2))
    scale = np.maximum(
        np.sqrt(variance + 1e-3),
        X + np.sqrt(X.var((1, 2), keepdims=True) + 1e-3),
    )
    np.testing.assert_allclose(y, X / scale, atol=1e-5)
    moving = 0.75 + 0.25 * variance
    np.testing.assert_allclose(layer.moving_variance, moving, rtol=1e-5)
    layer(X)
    np.testing.assert_allclose(layer.moving_variance, moving, rtol=1e-5)


def test_refuses_a_momentum_of_one():
    with pytest.raises(ValueError, match="momentum=1"):
        EvoNorm2DB0(momentum=1)
