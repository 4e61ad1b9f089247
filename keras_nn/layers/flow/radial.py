import keras
from keras import ops

from keras_nn.layers.flow.flow_layer import FlowLayer


@keras.saving.register_keras_serializable(package="keras_nn")
class Radial(FlowLayer):
    """Pulls values toward a centre or pushes them away from it.

    `z = x + b / (a + r) * (x - x0)`, `r = |x - x0|`, with `a = exp(log_a)`
    and `b = softplus(raw) - a`, so that the way is one to one;
    `det = (1 + b h)^(d-1) * (1 + b h - b h^2 r)`, `h = 1 / (a + r)`. On the
    way back `r` is the root of a quadratic equation.

    Args:
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, values)`.
        condition: not used.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Example:

    >>> layer = Radial()
    >>> z, log_det = layer(ops.ones((2, 3)))
    >>> x, _ = layer(z, inverse=True)
    >>> bool(ops.all(ops.abs(x - 1) < 1e-5))
    True

    Reference:
        [Rezende and Mohamed, 2015](https://arxiv.org/abs/1505.05770),
        section 4.1 and appendix A.2
    """

    def build(self, inputs_shape, condition_shape=None):
        self.centre = self.add_weight(
            name="centre",
            shape=(inputs_shape[-1],),
            initializer=keras.initializers.RandomNormal(stddev=0.1),
        )
        self.log_width = self.add_weight(
            name="log_width", shape=(), initializer="zeros"
        )
        # softplus(0.5413) = 1 = exp(0): the identity
        self.strength = self.add_weight(
            name="strength",
            shape=(),
            initializer=keras.initializers.Constant(0.541324854),
        )
        self.values = inputs_shape[-1]

    def _numbers(self):
        width = ops.exp(self.log_width)
        return width, ops.softplus(self.strength) - width

    def _log_det(self, radius):
        width, strength = self._numbers()
        near = 1.0 / (width + radius)
        log_det = (self.values - 1) * ops.log1p(strength * near)
        bent = strength * near - strength * ops.square(near) * radius
        return log_det + ops.log1p(bent)

    def forward(self, inputs, condition=None, training=None):
        width, strength = self._numbers()
        away = inputs - self.centre
        radius = _length(away)
        share = strength / (width + radius)
        return inputs + share[:, None] * away, self._log_det(radius)

    def backward(self, inputs, condition=None, training=None):
        width, strength = self._numbers()
        away = inputs - self.centre
        moved = _length(away)
        # r + b r / (a + r) = |z - x0|
        half = 0.5 * (moved - width - strength)
        radius = half + ops.sqrt(ops.square(half) + width * moved)
        share = 1.0 + strength / (width + radius)
        return self.centre + away / share[:, None], -self._log_det(radius)


def _length(vectors):
    return ops.sqrt(ops.sum(ops.square(vectors), axis=-1) + 1e-12)
