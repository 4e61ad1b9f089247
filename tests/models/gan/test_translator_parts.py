import keras
import numpy as np
import pytest

from keras_nn.models.gan.translator_parts import Parts


@pytest.mark.parametrize("kind, weights", [("batch", 5), ("instance", 2)])
def test_only_what_is_not_normalised_by_batch_has_a_bias(kind, weights):
    inputs = keras.Input((4, 4, 2))
    parts = Parts(kind, None)
    x = parts.norm(parts.conv(inputs, 3, 3, "conv"), "norm")
    model = keras.Model(inputs, x)
    assert len(model.weights) == weights
    kernel = np.asarray(model.get_layer("conv").kernel)
    assert 0.01 < kernel.std() < 0.03


def test_each_picture_is_normalised_for_itself():
    inputs = keras.Input((8, 8, 2))
    model = keras.Model(inputs, Parts("instance", None).norm(inputs, "norm"))
    x = np.random.default_rng(0).normal(3, 5, (2, 8, 8, 2)).astype("float32")
    mean, std = (f(x, axis=(1, 2), keepdims=True) for f in (np.mean, np.std))
    np.testing.assert_allclose(model(x), (x - mean) / std, atol=1e-4)


def test_refuses_an_unknown_normalisation():
    with pytest.raises(ValueError, match="`normalization` must be one of"):
        Parts("layer", None)
