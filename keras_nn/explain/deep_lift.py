import keras
import numpy as np
import tensorflow as tf

from keras_nn.explain.explainer import total
from keras_nn.explain.ruled_gradients import RuledGradients
from keras_nn.explain.ruled_gradients import activation_of
from keras_nn.explain.ruled_gradients import with_gradient_of
from keras_nn.explain.ruled_gradients import with_slope

_SMALL = 1e-6
_MAX_POOLS = (
    keras.layers.MaxPooling1D,
    keras.layers.MaxPooling2D,
    keras.layers.MaxPooling3D,
    keras.layers.GlobalMaxPooling1D,
    keras.layers.GlobalMaxPooling2D,
    keras.layers.GlobalMaxPooling3D,
)


class DeepLift(RuledGradients):
    """How each number's difference from a baseline made the score differ.

    The rescale rule: backward through an activation `f` goes
    `(f(x) - f(b)) / (x - b)` in the place of `f'(x)`; `a_i` is what arrives
    times `x_i - b_i`. In a network of linear layers, activations and max
    pooling the sum is `y(x) - y(b)` exactly, for the price of one backward
    pass. Where features multiply each other (attention, gates, layer
    normalisation) the plain gradient is taken, and the convergence delta
    tells how much that costs.

    Args:
        model, output, linear, batch_size, layer, neuron: as of `Explainer`.

    Call arguments:
        inputs, targets, baselines: as of `Explainer`.

    Returns:
        An `Explanation` with a convergence delta: the sum less
        `y(x) - y(baseline)`.

    Example:

    >>> model = keras.Sequential([
    ...     keras.Input((3,)), keras.layers.Dense(8, "relu"),
    ...     keras.layers.Dense(2),
    ... ])
    >>> found = DeepLift(model)(np.ones((2, 3)), targets=0)
    >>> bool(np.abs(found.convergence_delta).max() < 1e-5)
    True

    Reference:
        [Shrikumar et al., 2017](https://arxiv.org/abs/1704.02685);
        [rescale rule](https://arxiv.org/abs/1711.06104)
    """

    method = "deep-lift"
    layered = True

    def attribute(self, flat, targets, baselines=None):
        return self.lifted(
            flat, self.baselines(flat, baselines, held=False), targets
        )

    def lifted(self, flat, baselines, targets):
        """The attributions against one baseline each, and their delta."""
        pairs = [
            np.stack([x, b], axis=1)
            for x, b in zip(flat, baselines, strict=True)
        ]
        found = self.ruled(pairs, targets, max(1, self.batch_size // 2))
        attributions = [
            multiplier[:, 0] * (x - b)
            for multiplier, x, b in zip(found, flat, baselines, strict=True)
        ]
        change = self.values(flat, targets) - self.values(baselines, targets)
        return attributions, total(attributions) - change

    def backward(self, flat, targets):
        # One batch: first the examples, then their baselines.
        tensors = [tf.concat([x[:, 0], x[:, 1]], axis=0) for x in flat]
        count = tf.shape(targets)[0]
        found = super().backward(tensors, tf.concat([targets, targets], 0))
        return [tf.stack([g[:count], g[count:]], axis=1) for g in found]

    def rule(self, operation, *args, **kwargs):
        if activation_of(operation) is not None:
            return _rescaled(operation, args[0])
        is_pool = isinstance(operation, _MAX_POOLS)
        if is_pool or type(operation).__name__ == "MaxPool":
            return _pooled(lambda x: operation(x, *args[1:], **kwargs), args[0])
        return operation(*args, **kwargs)


def _rescaled(function, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    gradient = tape.gradient(y, x)
    difference = _from_partner(x)
    far = tf.abs(difference) > _SMALL
    ratio = _from_partner(y) / tf.where(far, difference, 1.0)
    return with_slope(y, x, tf.where(far, ratio, gradient))


def _pooled(pool, x):
    """Max pooling: what is above the partner's maximum goes to its place."""
    difference = _from_partner(x)
    far = tf.abs(difference) > _SMALL
    inverse = tf.where(far, 1.0 / tf.where(far, difference, 1.0), 0.0)
    moved = x - tf.stop_gradient(x)  # 0, and differentiable
    scaled = tf.stop_gradient(inverse) * moved
    own, partner = tf.stop_gradient(x), tf.stop_gradient(_partner(x))
    y, other = pool(own), pool(partner)
    higher = tf.maximum(y, other)
    gradient = pool(own + scaled) * tf.stop_gradient(higher - other)
    gradient += pool(partner + scaled) * tf.stop_gradient(y - higher)
    near = tf.cast(~far, x.dtype) * moved
    return with_gradient_of(y, gradient + pool(own + near))


def _partner(x):
    """For an example its baseline, and the other way round."""
    return tf.roll(x, tf.shape(x)[0] // 2, axis=0)


def _from_partner(x):
    return x - _partner(x)
