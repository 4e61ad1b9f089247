import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models.image_head import activation_config
from keras_nn.models.image_head import check_image_arguments
from keras_nn.models.image_head import classify
from keras_nn.models.image_head import pool_features


def test_pools_by_the_mean_the_maximum_or_not_at_all():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype("float32")
    expected = {None: x, "avg": x.mean((1, 2)), "max": x.max((1, 2))}
    for pooling, value in expected.items():
        pooled = ops.convert_to_numpy(pool_features(x, pooling, None))
        np.testing.assert_allclose(pooled, value, rtol=1e-5, atol=1e-6)


def test_classifies_with_probabilities():
    scores = classify(np.ones((2, 3), "float32"), 4, "softmax", None)
    np.testing.assert_allclose(ops.sum(scores, -1), 1.0, rtol=1e-5)


def test_activations_survive_a_config():
    assert activation_config(None) is None
    assert activation_config("relu") == "relu"
    config = activation_config(keras.activations.gelu)
    assert keras.activations.get(config) is keras.activations.gelu


@pytest.mark.parametrize(
    "arguments, received",
    [
        ((True, None, (8, 8), None, 10), "input_shape="),
        ((True, None, (8, 8, None), None, 10), "input_shape="),
        ((True, None, (8, 8, 3), "sum", 10), "pooling='sum'"),
        ((True, None, (8, 8, 3), None, 0), "classes=0"),
        ((True, "imagenet", (8, 8, 3), None, 10), "weights='imagenet'"),
    ],
)
def test_refuses_arguments_no_model_has(arguments, received):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        check_image_arguments(*arguments)
