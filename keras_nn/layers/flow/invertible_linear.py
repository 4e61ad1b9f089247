import keras
from keras import ops

from keras_nn.layers.flow.flow_layer import FlowLayer
from keras_nn.layers.flow.flow_layer import places


@keras.saving.register_keras_serializable(package="keras_nn")
class InvertibleLinear(FlowLayer):
    """A learnt, invertible mixture of channels: Glow's 1x1 convolution.

    `z = x @ (P @ L @ (U + diag(sign * exp(s))))`, with a fixed permutation
    `P`, `L` lower triangular with ones and `U` strictly upper triangular;
    `log |det| = places * sum(s)`. It begins as the permutation alone, a random
    one, or with less than four channels their reversal.

    Args:
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, ..., channels)`.
        condition: not used.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Example:

    >>> z, log_det = InvertibleLinear()(ops.ones((2, 4, 4, 3)))
    >>> tuple(z.shape), float(log_det[0])
    ((2, 4, 4, 3), 0.0)

    Reference:
        [Kingma and Dhariwal, 2018](https://arxiv.org/abs/1807.03039),
        section 3.2
    """

    def build(self, inputs_shape, condition_shape=None):
        channels = inputs_shape[-1]
        self.permutation = self.add_weight(
            name="permutation",
            shape=(channels, channels),
            initializer=_random_permutation,
            trainable=False,
        )
        for name in ("lower", "upper"):
            weight = self.add_weight(
                name=name, shape=(channels, channels), initializer="zeros"
            )
            setattr(self, name, weight)
        self.log_scale = self.add_weight(
            name="log_scale", shape=(channels,), initializer="zeros"
        )
        self.places = places(inputs_shape)

    def _triangles(self):
        lower = ops.tril(ops.convert_to_tensor(self.lower), k=-1)
        upper = ops.triu(ops.convert_to_tensor(self.upper), k=1)
        lower = lower + ops.eye(lower.shape[0])
        return lower, upper + ops.diag(ops.exp(self.log_scale))

    def forward(self, inputs, condition=None, training=None):
        lower, upper = self._triangles()
        kernel = ops.matmul(self.permutation, ops.matmul(lower, upper))
        return ops.matmul(inputs, kernel), self._log_det(inputs)

    def backward(self, inputs, condition=None, training=None):
        lower, upper = self._triangles()
        columns = ops.transpose(ops.reshape(inputs, (-1, inputs.shape[-1])))
        # z' = (P L U)' x': two triangular systems, then the permutation.
        columns = ops.solve_triangular(
            ops.transpose(upper), columns, lower=True
        )
        columns = ops.solve_triangular(
            ops.transpose(lower), columns, lower=False
        )
        outputs = ops.matmul(
            ops.transpose(columns), ops.transpose(self.permutation)
        )
        return ops.reshape(outputs, ops.shape(inputs)), -self._log_det(inputs)

    def _log_det(self, inputs):
        total = self.places * ops.sum(self.log_scale)
        return ops.broadcast_to(total, (ops.shape(inputs)[0],))


def _random_permutation(shape, dtype=None):
    if shape[0] < 4:  # a random one may well leave all as it is
        return ops.flip(ops.eye(shape[0], dtype=dtype), axis=0)
    noise = keras.initializers.RandomUniform(0.0, 1.0)(shape[:1], dtype)
    return ops.one_hot(ops.argsort(noise), shape[0], dtype=dtype)
