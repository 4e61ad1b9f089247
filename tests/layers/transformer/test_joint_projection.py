import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers.transformer.joint_projection import joint_projection

X = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")


def layers(units=(5, 2, 2), **arguments):
    made = [keras.layers.Dense(n, **arguments) for n in units]
    for layer in made:
        layer.build(X.shape)
        layer.set_weights(
            [np.random.normal(size=w.shape) for w in layer.weights]
        )
    return made


@pytest.mark.parametrize("use_bias", [False, True])
def test_equals_the_layers(use_bias):
    made = layers(use_bias=use_bias)
    for found, layer in zip(joint_projection(X, made), made, strict=True):
        np.testing.assert_allclose(found, layer(X), atol=1e-5)


def test_layers_that_are_more_than_a_product_are_called():
    for made in (layers(activation="relu"), layers()):
        if made[0].activation is keras.activations.linear:
            made[1].enable_lora(1)
            made[1].lora_kernel_b.assign(ops.ones_like(made[1].lora_kernel_b))
        for found, layer in zip(joint_projection(X, made), made, strict=True):
            np.testing.assert_allclose(found, layer(X), atol=1e-5)
