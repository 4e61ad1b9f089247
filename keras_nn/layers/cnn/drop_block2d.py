import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class DropBlock2D(keras.layers.Layer):
    """Drops squares of neighbouring units, not units alone.

    In training `y = x * kept / mean(kept)`, where `kept` is 0 in squares whose
    corners are drawn so that a share of about `rate` is dropped, map by map;
    the mean is that of the example. Otherwise `y = x`.

    Args:
        rate: float, `0 <= rate < 1`. Share of units dropped.
        block_size: int. Side of a square, in pixels. Defaults to 7.
        seed: int or None. Of the draws.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`,
            height and width at least `block_size`.
        training: bool. Whether to drop.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `rate` is outside of its range, or maps are smaller
            than a square.

    Example:

    >>> layer = DropBlock2D(0.2, block_size=3)
    >>> tuple(layer(ops.ones((1, 8, 8, 4)), training=True).shape)
    (1, 8, 8, 4)

    Reference:
        [Ghiasi et al., 2018](https://arxiv.org/abs/1810.12890)
    """

    def __init__(self, rate, block_size=7, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(
                f"`rate` must be at least 0 and below 1. Received: {rate=}"
            )
        self.rate = rate
        self.block_size = block_size
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        if any(s is not None and s < self.block_size for s in input_shape[1:3]):
            raise ValueError(
                "Maps must be at least as large as a square of "
                f"block_size={self.block_size}. "
                f"Received: input_shape={input_shape}"
            )

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        size = self.block_size
        batch, height, width, channels = ops.shape(inputs)
        rows, columns = height - size + 1, width - size + 1
        places = ops.cast(rows * columns, "float32")
        units = ops.cast(height * width, "float32")
        corners = keras.random.uniform(
            (batch, rows, columns, channels),
            dtype="float32",
            seed=self.seed_generator,
        )
        corners = corners < self.rate / size**2 * units / places
        side = (size - 1, size - 1)
        framed = ops.pad(
            ops.cast(corners, "float32"), ((0, 0), side, side, (0, 0))
        )
        dropped = ops.max_pool(
            framed, size, strides=1, data_format="channels_last"
        )
        kept = 1.0 - dropped
        share = ops.mean(kept, axis=(1, 2, 3), keepdims=True)
        # An example that loses every unit stays 0, without dividing by it.
        scale = kept / ops.maximum(share, 1.0 / units)
        return inputs * ops.cast(scale, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "rate": self.rate,
            "block_size": self.block_size,
            "seed": self.seed,
        }
