import keras
import numpy as np
from keras import ops

from keras_nn.layers.transformer.image_self_attention import ImageSelfAttention


@keras.saving.register_keras_serializable(package="keras_nn")
class WindowAttention(keras.layers.Layer):
    """Self-attention inside square windows of a map, shifted or not.

    `softmax(q k^T / sqrt(d) + bias + mask) v` in every window; `bias` is
    learned, one number a head and a relative position. A shift moves the
    windows, round the edges, so that pixels of neighbouring windows meet; the
    mask keeps those apart that only the way round the edge made neighbours.

    Args:
        num_heads: int. It divides the channels.
        window_size: int. Side of a window, in pixels. A smaller map is one
            window, without a shift; a map that it does not divide is filled
            up with zeros at the bottom and on the right.
        shift: int, less than `window_size`. Pixels by which windows move.
            Defaults to 0.
        use_bias: bool. Of queries, keys and values. Defaults to True.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`,
            height and width known.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `shift` is outside of its range.

    Example:

    >>> layer = WindowAttention(num_heads=2, window_size=4, shift=2)
    >>> tuple(layer(ops.ones((1, 8, 8, 16))).shape)
    (1, 8, 8, 16)

    Reference:
        [Liu et al., 2021](https://arxiv.org/abs/2103.14030)
    """

    def __init__(
        self, num_heads, window_size, shift=0, use_bias=True, **kwargs
    ):
        super().__init__(**kwargs)
        if not 0 <= shift < window_size:
            raise ValueError(
                "`shift` must be at least 0 and below `window_size`. "
                f"Received: {shift=}, {window_size=}"
            )
        self.num_heads = num_heads
        self.window_size = window_size
        self.shift = shift
        self.use_bias = use_bias
        self.input_spec = keras.InputSpec(ndim=4)
        self.attention = ImageSelfAttention(
            num_heads,
            use_bias=use_bias,
            dtype=self.dtype_policy,
            name="attention",
        )

    def build(self, input_shape):
        _, height, width, channels = input_shape
        if None in (height, width):
            raise ValueError(
                "Height and width must be known. "
                f"Received: input_shape={input_shape}"
            )
        size = self.window_size
        # A map no larger than a window is one window: nothing to shift.
        self._size = min(size, height, width)
        self._shift = self.shift if min(height, width) > size else 0
        self._frame = (-height % self._size, -width % self._size)
        self.relative_position_bias_table = self.add_weight(
            shape=((2 * size - 1) ** 2, self.num_heads),
            initializer=keras.initializers.TruncatedNormal(stddev=0.02),
            name="relative_position_bias_table",
        )
        self._index = relative_positions(self._size, size)
        self._mask = None
        if self._shift:
            self._mask = shift_mask(
                height + self._frame[0],
                width + self._frame[1],
                self._size,
                self._shift,
            )
        self.attention.build((None, self._size**2, channels))

    def call(self, inputs):
        _, height, width, channels = inputs.shape
        size, shift = self._size, self._shift
        bottom, right = self._frame
        x = inputs
        if bottom or right:
            x = ops.pad(x, ((0, 0), (0, bottom), (0, right), (0, 0)))
        if shift:
            x = ops.roll(x, (-shift, -shift), axis=(1, 2))
        rows, columns = (height + bottom) // size, (width + right) // size
        x = ops.reshape(x, (-1, rows, size, columns, size, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        x = ops.reshape(x, (-1, size * size, channels))
        x = self.attention(x, bias=self._bias())
        x = ops.reshape(x, (-1, rows, columns, size, size, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        x = ops.reshape(x, (-1, rows * size, columns * size, channels))
        if shift:
            x = ops.roll(x, (shift, shift), axis=(1, 2))
        return x[:, :height, :width, :]

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "window_size": self.window_size,
            "shift": self.shift,
            "use_bias": self.use_bias,
        }

    def _bias(self):
        """What is added to scores: `(windows or 1, heads, tokens, tokens)`."""
        table = ops.cast(self.relative_position_bias_table, "float32")
        tokens = self._size**2
        bias = ops.take(table, self._index.reshape(-1), axis=0)
        bias = ops.reshape(bias, (tokens, tokens, self.num_heads))
        bias = ops.transpose(bias, (2, 0, 1))[None]
        return bias if self._mask is None else bias + self._mask


def relative_positions(size, table_size):
    """The row of the table for each pair of tokens: `(tokens, tokens)`."""
    places = np.stack(np.mgrid[:size, :size], axis=-1).reshape(-1, 2)
    offsets = places[:, None] - places[None] + table_size - 1
    return offsets[..., 0] * (2 * table_size - 1) + offsets[..., 1]


def shift_mask(height, width, size, shift):
    """-100 between tokens of a window that a map's edge lies between.

    Returns:
        An array of shape `(windows, 1, size**2, size**2)`.
    """

    def regions(length):
        place = np.arange(length)
        return 1 * (place >= length - size) + 1 * (place >= length - shift)

    region = 3 * regions(height)[:, None] + regions(width)[None]
    windows = region.reshape(height // size, size, width // size, size)
    windows = windows.transpose(0, 2, 1, 3).reshape(-1, size * size)
    apart = windows[:, :, None] != windows[:, None, :]
    return np.where(apart, -100.0, 0.0).astype("float32")[:, None]
