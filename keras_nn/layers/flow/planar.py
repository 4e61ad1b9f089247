import keras
from keras import ops

from keras_nn.layers.flow.flow_layer import FlowLayer


@keras.saving.register_keras_serializable(package="keras_nn")
class Planar(FlowLayer):
    """Pushes values along one direction, by how far they are along another.

    `z = x + u' * tanh(w . x + b)`, with `u' = u + (m(w . u) - w . u) w /
    |w|^2`, `m(a) = softplus(a) - 1`, so that the way is one to one;
    `det = 1 + (1 - tanh^2) * u' . w`. The way back is found by bisection
    along `w`, without a closed form.

    Args:
        iterations: int. Bisections of the way back. Defaults to 60.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, values)`.
        condition: not used.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Raises:
        ValueError: If there is no iteration.

    Example:

    >>> layer = Planar()
    >>> z, log_det = layer(ops.ones((2, 3)))
    >>> x, _ = layer(z, inverse=True)
    >>> bool(ops.all(ops.abs(x - 1) < 1e-4))
    True

    Reference:
        [Rezende and Mohamed, 2015](https://arxiv.org/abs/1505.05770),
        section 4.1 and appendix A.1
    """

    def __init__(self, iterations=60, **kwargs):
        super().__init__(**kwargs)
        if iterations < 1:
            raise ValueError(
                f"`iterations` must be positive. Received: {iterations=}"
            )
        self.iterations = iterations

    def build(self, inputs_shape, condition_shape=None):
        for name in ("along", "push"):
            weight = self.add_weight(
                name=name,
                shape=(inputs_shape[-1],),
                initializer=keras.initializers.RandomNormal(stddev=0.1),
            )
            setattr(self, name, weight)
        self.bias = self.add_weight(name="bias", shape=(), initializer="zeros")

    def _directions(self):
        along = ops.convert_to_tensor(self.along)
        product = ops.sum(along * self.push)
        wanted = ops.softplus(product) - 1.0
        square = ops.maximum(ops.sum(ops.square(along)), 1e-12)
        return along, self.push + (wanted - product) * along / square, wanted

    def forward(self, inputs, condition=None, training=None):
        along, push, product = self._directions()
        bent = ops.tanh(ops.sum(inputs * along, -1, keepdims=True) + self.bias)
        slope = 1.0 + (1.0 - ops.square(bent[:, 0])) * product
        return inputs + push * bent, ops.log(slope)

    def backward(self, inputs, condition=None, training=None):
        along, push, product = self._directions()
        wanted = ops.sum(inputs * along, -1)
        # w . z = a + w . u' tanh(a + b) rises with a = w . x
        reach = ops.abs(product) + 1e-6
        low, high = wanted - reach, wanted + reach
        for _ in range(self.iterations):
            middle = 0.5 * (low + high)
            found = middle + product * ops.tanh(middle + self.bias)
            low = ops.where(found < wanted, middle, low)
            high = ops.where(found < wanted, high, middle)
        bent = ops.tanh(0.5 * (low + high) + self.bias)
        slope = 1.0 + (1.0 - ops.square(bent)) * product
        return inputs - push * bent[:, None], -ops.log(slope)

    def get_config(self):
        return {**super().get_config(), "iterations": self.iterations}
