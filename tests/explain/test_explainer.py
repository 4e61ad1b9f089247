import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import IntegratedGradients
from keras_nn.explain import Saliency
from keras_nn.explain.explainer import require_positive
from keras_nn.explain.explainer import total


def small():
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(3, "tanh"), layers.Dense(2, "softmax")]
    )


X = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")


def test_sees_the_present_weights_and_leaves_the_model_alone():
    model = small()
    explain = Saliency(model, absolute=False)
    before = explain(X, 1).attributions
    weights = model.get_weights()
    for weight in model.weights:
        weight.assign(weight * 2.0)
    after = explain(X, 1).attributions
    assert np.abs(after - before).max() > 0.01
    np.testing.assert_allclose(
        after, Saliency(model, absolute=False)(X, 1).attributions, atol=1e-6
    )
    for old, new in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(2 * old, new)


def test_builds_a_model_that_is_not():
    model = keras.Sequential([layers.Dense(2)])
    assert Saliency(model)(X, 0).attributions.shape == X.shape


def test_probabilities_have_other_slopes_than_logits():
    model = small()
    of_probability = Saliency(model, linear=False)(X, 1).attributions
    assert np.abs(of_probability - Saliency(model)(X, 1).attributions).max()


def test_batches_change_nothing():
    model = small()
    found = [
        IntegratedGradients(model, batch_size=size)(X).attributions
        for size in (1, 7, 500)
    ]
    for other in found[1:]:
        np.testing.assert_allclose(other, found[0], atol=1e-6)


def test_baselines_broadcast_and_are_checked():
    explain = IntegratedGradients(small())
    by_number = explain(X, 0, baselines=0.5).attributions
    by_array = explain(X, 0, baselines=np.full((4,), 0.5)).attributions
    np.testing.assert_array_equal(by_number, by_array)
    with pytest.raises(ValueError, match=r"Received: shapes \[\(3,\)\]"):
        explain(X, 0, baselines=np.ones(3))


def test_helpers():
    np.testing.assert_array_equal(
        total([np.ones((2, 3)), np.ones((2, 2, 2))]), [7, 7]
    )
    with pytest.raises(ValueError, match="`steps` must be positive.*steps=0"):
        require_positive(steps=0)
