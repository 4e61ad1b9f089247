import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class ConnectionTableConv2D(keras.layers.Layer):
    """A convolution in which each output map sees some of the input maps.

    `y[o] = activation(bias[o] + sum over i in table[o] of x[i] * kernel[i, o])`

    Only the kernels of connected pairs exist as weights.

    Args:
        table: list of lists of ints. `table[o]` holds the indices of the
            input maps that output map `o` sees.
        kernel_size: int. Side of the square kernel, in pixels.
        strides: int. Distance between outputs, in pixels. Defaults to 1.
        padding: `"valid"` or `"same"`. Defaults to `"valid"`.
        activation: str or callable. Defaults to None (linear).
        use_bias: bool. One bias an output map. Defaults to True.
        kernel_initializer: initializer. It draws the kernel of the dense
            convolution; a `VarianceScaling` draw over the fan-in is rescaled
            to the fan-in that the map really has. Defaults to
            `"lecun_uniform"`.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of shape `(batch, height', width', len(table))`.

    Raises:
        ValueError: if the table is empty, an output sees no input or sees
            one twice, or (when built) an index is not an input map.

    Example:

    >>> layer = ConnectionTableConv2D([[0, 1], [1, 2], [2, 0]], 5)
    >>> tuple(layer(ops.ones((1, 14, 14, 3))).shape)
    (1, 10, 10, 3)
    >>> layer.count_params()  # 6 pairs of 25 weights, 3 biases
    153

    Reference:
        [LeCun et al., 1998](http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf),
        table I.
    """

    def __init__(
        self,
        table,
        kernel_size,
        strides=1,
        padding="valid",
        activation=None,
        use_bias=True,
        kernel_initializer="lecun_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not table or any(
            not row or len(set(row)) < len(row) for row in table
        ):
            raise ValueError(
                "`table` must hold at least one row, and each row distinct "
                f"input maps, at least one. Received: {table=}"
            )
        if padding not in ("valid", "same"):
            raise ValueError(
                f"`padding` must be 'valid' or 'same'. Received: {padding=}"
            )
        self.table = [list(row) for row in table]
        self.kernel_size = kernel_size
        self.strides = strides
        self.padding = padding
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        channels = input_shape[-1]
        wrong = [i for row in self.table for i in row if not 0 <= i < channels]
        if wrong:
            raise ValueError(
                f"`table` must index the {channels} input maps, 0 to "
                f"{channels - 1}. Received: {wrong} in table={self.table}"
            )
        # A pair (i, o) is column i * outputs + o of the flattened dense
        # kernel; unconnected pairs read the zero appended after the weights.
        pairs = [(i, o) for o, row in enumerate(self.table) for i in row]
        columns = [i * len(self.table) + o for i, o in pairs]
        self._column_of_pair = np.array(columns, "int32")
        gather = np.full(channels * len(self.table), len(pairs), "int32")
        gather[columns] = np.arange(len(pairs))
        self._pair_of_column = gather
        self.kernel = self.add_weight(
            shape=(self.kernel_size, self.kernel_size, len(pairs)),
            initializer=self._draw_connected(channels),
            name="kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(len(self.table),), initializer="zeros", name="bias"
            )

    def call(self, inputs):
        side = self.kernel_size
        kernel = ops.pad(self.kernel, ((0, 0), (0, 0), (0, 1)))
        kernel = ops.take(kernel, self._pair_of_column, axis=-1)
        kernel = ops.reshape(kernel, (side, side, -1, len(self.table)))
        outputs = ops.conv(
            inputs,
            kernel,
            strides=self.strides,
            padding=self.padding,
            data_format="channels_last",
        )
        if self.use_bias:
            outputs = ops.add(outputs, self.bias)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        spatial = []
        for size in input_shape[1:3]:
            if size is not None and self.padding == "valid":
                size = size - self.kernel_size + 1
            spatial.append(None if size is None else -(-size // self.strides))
        return (input_shape[0], *spatial, len(self.table))

    def get_config(self):
        return {
            **super().get_config(),
            "table": self.table,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }

    def _draw_connected(self, channels):
        initializer = self.kernel_initializer
        fans = np.array([len(row) for row in self.table for _ in row])
        scale = np.ones(len(fans), "float32")
        if getattr(initializer, "mode", None) == "fan_in":
            scale = np.sqrt(channels / fans).astype("float32")

        def draw(shape, dtype=None):
            side = self.kernel_size
            dense = initializer(
                (side, side, channels, len(self.table)), dtype=dtype
            )
            dense = ops.reshape(dense, (side, side, -1))
            connected = ops.take(dense, self._column_of_pair, axis=-1)
            return connected * ops.cast(scale, connected.dtype)

        return draw
