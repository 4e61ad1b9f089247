import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.testing import two_replicas
from keras_nn.training import Model


def test_a_float16_step_that_forgets_the_loss_scale_is_refused():
    class Naive(Model):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = self.compute_loss(x, y, self(x, training=True))
            gradients = tape.gradient(loss, self.trainable_weights)
            self.optimizer.apply_gradients(
                zip(gradients, self.trainable_weights, strict=True)
            )
            return {"loss": loss}

    keras.config.set_dtype_policy("mixed_float16")
    inputs = keras.Input((4,))
    model = Naive(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    keras.config.set_dtype_policy("float32")
    with pytest.raises(ValueError, match="must scale its loss.*minimize"):
        model.fit(np.ones((4, 4)), np.ones((4, 1)), verbose=0)


def masked_model(scope):
    """Tokens with unequal padding in the two halves of the batch."""
    keras.utils.set_random_seed(0)
    tokens = np.array([[1, 2, 3, 4], [2, 3, 0, 0], [1, 0, 0, 0]])
    labels = np.array([[2, 3, 4, 1], [3, 1, 0, 0], [2, 0, 0, 0]])
    with scope:
        inputs = keras.Input((4,), dtype="int32")
        x = keras.layers.Embedding(5, 3, mask_zero=True)(inputs)
        model = Model(inputs, keras.layers.Dense(5)(x))
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.SGD(1.0), loss)
        model.fit(tokens, labels, 3, epochs=2, verbose=0, shuffle=False)
    return model.get_weights()


def test_a_token_counts_the_same_on_every_replica():
    one = masked_model(contextlib.nullcontext())
    two = masked_model(two_replicas().scope())
    for left, right in zip(one, two, strict=True):
        np.testing.assert_allclose(left, right, atol=1e-5)
