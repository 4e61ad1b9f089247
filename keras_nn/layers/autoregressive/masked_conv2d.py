import keras
import numpy as np
from keras import ops

MASKS = ("A", "B", "rows_A", "rows_B")


@keras.saving.register_keras_serializable(package="keras_nn")
class MaskedConv2D(keras.layers.Layer):
    """A convolution that sees only what comes earlier in a map.

    `y = conv(x, W * M) + b`, of the size of `x`. Places are in the order of
    reading, row by row. Of the places under the kernel `M` leaves

    - `"A"`: those before the middle one;
    - `"B"`: those and the middle one;
    - `"rows_A"`: those in rows above it;
    - `"rows_B"`: those and its own row.

    Args:
        filters: int. Features said of each place.
        kernel_size: int or pair of ints, odd: height and width.
        mask: str, one of the above.
        use_bias: bool. Defaults to True.
        kernel_initializer: str or initializer. Defaults to
            `"glorot_uniform"`.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, height, width, channels)`.

    Returns:
        A float tensor `(batch, height, width, filters)`.

    Raises:
        ValueError: On another mask, an even kernel, or no filter.

    Example:

    >>> layer = MaskedConv2D(1, (1, 3), "A", kernel_initializer="ones")
    >>> x = ops.reshape(ops.convert_to_tensor([1.0, 2.0, 3.0]), (1, 1, 3, 1))
    >>> layer(x).numpy().ravel().tolist()
    [0.0, 1.0, 2.0]

    Reference:
        [van den Oord et al., 2016](https://arxiv.org/abs/1601.06759),
        section 3.4; [2016b](https://arxiv.org/abs/1606.05328) (rows)
    """

    def __init__(
        self,
        filters,
        kernel_size,
        mask,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        sides = (
            (kernel_size,) * 2
            if isinstance(kernel_size, int)
            else (tuple(kernel_size))
        )
        if mask not in MASKS:
            raise ValueError(
                f"`mask` must be one of {MASKS}. Received: {mask=}"
            )
        if filters < 1 or any(side % 2 == 0 for side in sides):
            raise ValueError(
                "`filters` must be positive and `kernel_size` odd. Received: "
                f"{filters=}, {kernel_size=}"
            )
        self.filters = filters
        self.kernel_size = kernel_size
        self.mask = mask
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.input_spec = keras.InputSpec(ndim=4)
        self.sides = sides

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            shape=(*self.sides, input_shape[-1], self.filters),
            initializer=self.kernel_initializer,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=(self.filters,), initializer="zeros"
            )
        height, width = self.sides
        rows = np.arange(height)[:, None] - height // 2
        columns = np.arange(width)[None] - width // 2
        self.known = {
            "A": (rows < 0) | ((rows == 0) & (columns < 0)),
            "B": (rows < 0) | ((rows == 0) & (columns <= 0)),
            "rows_A": (rows < 0) & (columns == columns),
            "rows_B": (rows <= 0) & (columns == columns),
        }[self.mask][:, :, None, None]

    def call(self, inputs):
        mask = ops.cast(self.known, self.compute_dtype)
        kernel = ops.cast(self.kernel, self.compute_dtype) * mask
        y = ops.conv(
            inputs, kernel, padding="same", data_format="channels_last"
        )
        return y if self.bias is None else y + ops.cast(self.bias, y.dtype)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "mask": self.mask,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }
