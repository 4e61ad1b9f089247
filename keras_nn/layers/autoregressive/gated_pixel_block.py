import keras
from keras import ops

from keras_nn.layers.autoregressive.masked_conv2d import MaskedConv2D


@keras.saving.register_keras_serializable(package="keras_nn")
class GatedPixelBlock(keras.layers.Layer):
    """A layer of two stacks that together see all that comes before a place.

    The vertical stack `v` knows the rows above, the horizontal one `h` those
    and what is left of the place in its row:

    `v' = V * v + C c`, `v <- gate(v')`, `gate([a, b]) = tanh(a) sigmoid(b)`;
    `h <- h + W gate(H * h + U v' + D c)`

    with convolutions `V` over rows and `H` along the row, `U` and `W` over
    single places. A plain masked convolution has a blind spot right above a
    place, which the vertical stack sees.

    Args:
        filters: int. Features of each stack.
        kernel_size: int, odd. Side of what a place sees. Defaults to 3.
        first: bool. Whether `inputs` is the picture, of which a place must
            not see itself, in place of two stacks; there is no shortcut then.
            Defaults to False.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, height, width, 2 * filters)`, the
            vertical stack first; or if `first`, `(batch, height, width,
            channels)`. With a condition, a list of it and floats `(batch,
            units)`, `c`.

    Returns:
        A float tensor `(batch, height, width, 2 * filters)`.

    Raises:
        ValueError: On stacks of another width.

    Example:

    >>> layer = GatedPixelBlock(4, first=True)
    >>> tuple(layer(ops.ones((1, 5, 5, 1))).shape)
    (1, 5, 5, 8)

    Reference:
        [van den Oord et al., 2016](https://arxiv.org/abs/1606.05328),
        figure 2
    """

    def __init__(self, filters, kernel_size=3, first=False, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.first = first
        kind = "A" if first else "B"
        common = {"dtype": self.dtype_policy}
        self.vertical = MaskedConv2D(
            2 * filters, kernel_size, f"rows_{kind}", name="vertical", **common
        )
        self.horizontal = MaskedConv2D(
            2 * filters, (1, kernel_size), kind, name="horizontal", **common
        )
        self.link = keras.layers.Dense(2 * filters, name="link", **common)
        self.end = keras.layers.Dense(filters, name="end", **common)

    def build(self, input_shape):
        shape, condition = input_shape, None
        if isinstance(input_shape[0], list | tuple):
            shape, condition = input_shape
        channels = shape[-1]
        if not self.first:
            if channels != 2 * self.filters:
                raise ValueError(
                    f"The two stacks must have {self.filters} features each. "
                    f"Received: {channels} in all"
                )
            channels = self.filters
        stack = (*shape[:-1], channels)
        self.vertical.build(stack)
        self.horizontal.build(stack)
        self.link.build((*shape[:-1], 2 * self.filters))
        self.end.build((*shape[:-1], self.filters))
        self.told = []
        if condition is not None:
            self.told = [
                keras.layers.Dense(
                    2 * self.filters,
                    use_bias=False,
                    dtype=self.dtype_policy,
                    name=f"told_{name}",
                )
                for name in ("vertical", "horizontal")
            ]
            for layer in self.told:
                layer.build(condition)

    def call(self, inputs):
        told = [0.0, 0.0]
        if self.told:
            inputs, condition = inputs
            told = [layer(condition)[:, None, None] for layer in self.told]
        above = left = inputs
        if not self.first:
            above, left = ops.split(inputs, 2, axis=-1)
        above = self.vertical(above) + told[0]
        along = self.horizontal(left) + self.link(above) + told[1]
        y = self.end(_gate(along))
        if not self.first:
            y = y + left
        return ops.concatenate([_gate(above), y], axis=-1)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape[0], list | tuple):
            input_shape = input_shape[0]
        return (*input_shape[:-1], 2 * self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "first": self.first,
        }


def _gate(x):
    value, gate = ops.split(x, 2, axis=-1)
    return ops.tanh(value) * ops.sigmoid(gate)
