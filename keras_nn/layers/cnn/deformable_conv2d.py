import keras

from keras_nn.ops.deformable_conv2d import deformable_conv2d
from keras_nn.ops.deformable_conv2d import deformable_output_size


@keras.saving.register_keras_serializable(package="keras_nn")
class DeformableConv2D(keras.layers.Layer):
    """A convolution that learns where to look: deformable, version 1 and 2.

    `y(p) = b + sum_k w_k m_k(p) x(s p + d k + o_k(p))`

    with offsets `o` and, in version 2, masks `m = 2 sigmoid(z)` that a
    convolution of the same size makes from the same inputs. It begins at 0:
    a new layer is `keras.layers.Conv2D`. Memory is that of `k` copies of the
    inputs.

    Args:
        filters: int.
        kernel_size: int or pair.
        strides: int or pair. Defaults to 1.
        padding: str. `"same"` or `"valid"`. Defaults to `"same"`.
        dilation_rate: int or pair. Defaults to 1.
        modulated: bool. Whether taps have masks: version 2. Defaults to True.
        offset_groups: int. Groups of channels that move on their own.
            Defaults to 1.
        activation: str, callable or None.
        use_bias: bool. Defaults to True.
        kernel_initializer: Defaults to `"glorot_uniform"`.

    Call arguments:
        inputs: float tensor `(batch, height, width, channels)`.

    Returns:
        A float tensor `(batch, out height, out width, filters)`.

    Raises:
        ValueError: if a size is not positive, `padding` is none of the two,
            or the groups do not divide the channels.

    Example:

    >>> from keras import ops
    >>> layer = DeformableConv2D(4, 3)
    >>> tuple(layer(ops.ones((1, 6, 6, 2))).shape)
    (1, 6, 6, 4)

    Reference:
        [Dai et al., 2017](https://arxiv.org/abs/1703.06211);
        [Zhu et al., 2018](https://arxiv.org/abs/1811.11168), whose masks
        begin at 1/2: here they are doubled.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="same",
        dilation_rate=1,
        modulated=True,
        offset_groups=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        sizes = [_pair(n) for n in (kernel_size, strides, dilation_rate)]
        if min(filters, offset_groups, *sum(sizes, ())) < 1:
            raise ValueError(
                "`filters`, `kernel_size`, `strides`, `dilation_rate` and "
                f"`offset_groups` must be positive. Received: {filters=}, "
                f"{kernel_size=}, {strides=}, {dilation_rate=}, "
                f"{offset_groups=}"
            )
        if padding not in ("same", "valid"):
            raise ValueError(
                f"`padding` must be 'same' or 'valid'. Received: {padding=}"
            )
        self.filters = filters
        self.kernel_size = kernel_size
        self.strides = strides
        self.padding = padding
        self.dilation_rate = dilation_rate
        self.modulated = modulated
        self.offset_groups = offset_groups
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        rows, columns = _pair(kernel_size)
        self.moves = 2 * rows * columns * offset_groups
        self.offset_conv = keras.layers.Conv2D(
            self.moves * 3 // 2 if modulated else self.moves,
            _pair(kernel_size),
            strides=_pair(strides),
            padding=padding,
            dilation_rate=_pair(dilation_rate),
            kernel_initializer="zeros",
            data_format="channels_last",
            dtype=self.dtype_policy,
            name="offsets",
        )

    def build(self, input_shape):
        channels = input_shape[-1]
        if channels % self.offset_groups:
            raise ValueError(
                "`offset_groups` must divide the channels. Received: "
                f"offset_groups={self.offset_groups}, channels={channels}"
            )
        self.offset_conv.build(input_shape)
        self.kernel = self.add_weight(
            shape=(*_pair(self.kernel_size), channels, self.filters),
            initializer=self.kernel_initializer,
            name="kernel",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.filters,), initializer="zeros", name="bias"
            )

    def call(self, inputs):
        moves = self.offset_conv(inputs)
        masks = None
        if self.modulated:
            masks = 2 * keras.ops.sigmoid(moves[..., self.moves :])
        outputs = deformable_conv2d(
            inputs,
            keras.ops.cast(self.kernel, self.compute_dtype),
            moves[..., : self.moves],
            masks,
            self.strides,
            self.padding,
            self.dilation_rate,
        )
        if self.use_bias:
            outputs = outputs + keras.ops.cast(self.bias, outputs.dtype)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        sides = [
            deformable_output_size(*arguments, self.padding)
            for arguments in zip(
                input_shape[1:3],
                _pair(self.kernel_size),
                _pair(self.strides),
                _pair(self.dilation_rate),
                strict=True,
            )
        ]
        return input_shape[0], *sides, self.filters

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "dilation_rate": self.dilation_rate,
            "modulated": self.modulated,
            "offset_groups": self.offset_groups,
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }


def _pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)
