import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from keras_nn.explain import relevance_rules as rules
from keras_nn.layers import ConvBatchNorm
from keras_nn.layers import DepthwiseConvBatchNorm

RANDOM = np.random.default_rng(0)


def backward(function, x, relevance):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return np.asarray(y), np.asarray(tape.gradient(y, x, relevance))


def dense(bias=0.0):
    layer = layers.Dense(4)
    layer.build((None, 5))
    layer.kernel.assign(RANDOM.normal(size=(5, 4)))
    layer.bias.assign(np.full(4, bias))
    return layer


X = RANDOM.normal(size=(3, 5)).astype("float32")
R = RANDOM.normal(size=(3, 4)).astype("float32")


def test_epsilon_shares_by_contribution():
    layer = dense(bias=0.7)
    parts = X[:, :, None] * np.asarray(layer.kernel)
    for absorbs, z in ((True, parts.sum(1) + 0.7), (False, parts.sum(1))):
        value, found = backward(
            lambda x, a=absorbs: rules.of_linear(layer, [x], 1e-9, a), X, R
        )
        np.testing.assert_allclose(value, layer(X), atol=1e-5)
        expected = (parts / z[:, None] * R[:, None]).sum(-1)
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


def test_alpha_beta_shares_by_sign():
    layer = dense()
    kernel = np.asarray(layer.kernel).copy()
    kernel[:2] = [[3.0], [-3.0]]  # contributions of both signs
    layer.kernel.assign(kernel)
    x = np.abs(X)
    parts = x[:, :, None] * np.asarray(layer.kernel)
    up, down = np.maximum(parts, 0), np.minimum(parts, 0)
    share = 2 * up / up.sum(1, keepdims=True) - down / down.sum(
        1, keepdims=True
    )
    combine = rules.alpha_beta(2.0, 1.0, 1e-9)
    value, found = backward(
        lambda v: rules.of_signed(layer, v, combine, False), x, R
    )
    np.testing.assert_allclose(value, layer(x), atol=1e-5)
    np.testing.assert_allclose(found, (share * R[:, None]).sum(-1), atol=1e-4)
    np.testing.assert_allclose(found.sum(1), R.sum(1), atol=1e-4)


def test_a_large_gamma_is_z_plus_where_the_output_is_positive():
    layer = dense()
    layer.kernel.assign(np.abs(layer.kernel) - 0.1)
    x = np.abs(X)
    found = [
        backward(
            lambda v, c=combine: rules.of_signed(layer, v, c, False), x, R
        )[1]
        for combine in (
            rules.gamma_rule(1e6, 1e-9),
            rules.alpha_beta(1.0, 0.0, 1e-9),
        )
    ]
    assert (np.asarray(layer(x)) > 0).all()
    np.testing.assert_allclose(found[0], found[1], atol=1e-4)


def test_where_nothing_is_positive_the_rest_takes_all():
    layer = layers.Dense(1, use_bias=False)
    layer.build((None, 2))
    layer.kernel.assign([[-1.0], [-3.0]])
    combine = rules.alpha_beta(1.0, 0.0, 1e-9)
    _, found = backward(
        lambda x: rules.of_signed(layer, x, combine, True),
        np.ones((1, 2), "float32"),
        np.array([[8.0]], "float32"),
    )
    np.testing.assert_allclose(found, [[2, 6]], rtol=1e-4)


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv2D(4, 3, strides=2, padding="same"),
        layers.DepthwiseConv2D(3, padding="same"),
        ConvBatchNorm(4, 3, strides=2, padding=1, use_bias=True),
        DepthwiseConvBatchNorm(3),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_a_convolution_is_its_kernel_and_bias(layer):
    x = RANDOM.normal(size=(2, 6, 6, 3)).astype("float32")
    layer.build(x.shape)
    for weight in layer.weights:
        weight.assign(RANDOM.uniform(0.5, 1.5, weight.shape))
    apply, kernel, bias = rules.kernel_of(layer)
    y = layer(x, training=False) if len(layer.weights) > 2 else layer(x)
    np.testing.assert_allclose(apply(x, kernel) + bias, y, atol=1e-4)
    assert rules.kernel_of(layers.SeparableConv2D(2, 3)) is None


def test_products_and_normalisation_conserve():
    gate = RANDOM.uniform(0.1, 1, (3, 5)).astype("float32")
    value, found = backward(lambda x: rules.of_product(x, gate, 1e-9), X, X)
    np.testing.assert_allclose(value, X * gate, atol=1e-6)
    np.testing.assert_allclose(found, X / 2, atol=1e-4)  # the gate has half
    layer = keras.layers.LayerNormalization()
    layer.build(X.shape)
    value, found = backward(
        lambda x: rules.of_layer_normalization(layer, x, 1e-9, False), X, X
    )
    np.testing.assert_allclose(value, layer(X), atol=1e-5)
    np.testing.assert_allclose(found.sum(1), X.sum(1), atol=1e-4)
