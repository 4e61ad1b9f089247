import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.callbacks import TokenAttention
from keras_nn.callbacks.token_attention import attention_weights
from keras_nn.layers import FlexibleAttention
from keras_nn.models import BERT
from keras_nn.testing import read_events


def test_weights_are_those_of_the_formula():
    x = np.random.default_rng(0).normal(size=(1, 5, 6)).astype("float32")
    inputs = keras.Input((5, 6))
    layer = FlexibleAttention(2, 3, causal=True, use_bias=False, name="look")
    model = keras.Model(inputs, layer(inputs))
    ((path, weights),) = attention_weights(model, x)
    assert path == "look" and weights.shape == (1, 2, 5, 5)
    query, key = (
        (x[0] @ dense.kernel.numpy()).reshape(5, 2, 3)
        for dense in (layer.query, layer.key)
    )
    for head in range(2):
        scores = query[:, head] @ key[:, head].T / np.sqrt(3)
        scores[np.triu_indices(5, 1)] = -np.inf
        expected = np.exp(scores)
        expected /= expected.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(weights[0, head], expected, atol=1e-5)


def test_layers_of_keras_with_dropout_are_seen():
    inputs = keras.Input((4, 6))
    attention = keras.layers.MultiHeadAttention(3, 2, dropout=0.1, name="a")
    model = keras.Model(inputs, attention(inputs, inputs))
    x = tf.random.normal((2, 4, 6))
    ((_, weights),) = attention_weights(model, x)
    _, expected = attention(x, x, return_attention_scores=True, training=False)
    np.testing.assert_allclose(weights, expected, atol=1e-6)


def test_draws_the_heads_of_every_block(tmp_path):
    ids = np.array([[5, 6, 7, 8]])
    model = BERT(9, 8, 0, False, 2, num_heads=2, width=4)
    model.compile("sgd", "mse")
    maps = TokenAttention(tmp_path, ids, ["to", "be", "or", "not"])
    model.fit(ids, np.zeros((1, 4, 4)), verbose=0, callbacks=[maps])
    events = read_events(tmp_path)["validation"]
    found = sorted(tag for tag in events if tag.startswith("attention/"))
    assert len(found) == 2 and "block_0" in found[0]
    assert events[found[0]][0].plugin == "images"


def test_refuses_a_model_that_does_not_attend(tmp_path):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="Received: Sequential without"):
        model.fit(
            np.ones((1, 1)),
            np.ones((1, 1)),
            verbose=0,
            callbacks=[TokenAttention(tmp_path, np.ones((1, 1)))],
        )
