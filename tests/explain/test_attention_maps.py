import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import FunctionalView
from keras_nn.explain.attention_maps import attention_model
from keras_nn.explain.attention_maps import rolled_out


def test_finds_what_keras_layers_attend_to():
    inputs = keras.Input((5, 8))
    attention = layers.MultiHeadAttention(2, 4)
    outputs = layers.Dense(3)(attention(inputs, inputs))
    model = keras.Model(inputs, outputs)
    x = np.random.default_rng(0).normal(size=(2, 5, 8)).astype("float32")
    view = FunctionalView(model, apart=True)
    found = attention_model(view)([x])
    found = found[0] if isinstance(found, list) else found
    _, expected = attention(x, x, return_attention_scores=True)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_rollout_of_attention_to_itself_is_the_identity():
    eye = np.tile(np.eye(4), (1, 2, 1, 1))
    np.testing.assert_allclose(rolled_out([eye, eye]), np.eye(4)[None])


def test_rollout_equals_its_equation():
    random = np.random.default_rng(0)
    weights = [random.dirichlet(np.ones(3), (2, 4, 3)) for _ in range(2)]
    first, second = (
        (w.max(axis=1) + np.eye(3))
        / (w.max(axis=1) + np.eye(3)).sum(-1, keepdims=True)
        for w in weights
    )
    np.testing.assert_allclose(
        rolled_out(weights, "max"), second @ first, atol=1e-12
    )
    # Of nine weights the eight lowest are gone; the shortcut stays.
    sparse = rolled_out(weights[:1], discard=0.99)
    off_diagonal = sparse * (1 - np.eye(3))
    assert (off_diagonal > 0).sum(axis=(1, 2)).max() <= 1


def test_refuses_a_model_without_attention():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    with pytest.raises(ValueError, match="need a model with attention"):
        attention_model(FunctionalView(model, apart=True))
