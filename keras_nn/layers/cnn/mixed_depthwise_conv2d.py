import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class MixedDepthwiseConv2D(keras.layers.Layer):
    """Depthwise convolutions of several sizes, each of a part of channels.

    `y = [conv_1(x_1), ..., conv_n(x_n)]` along the channels, which are
    divided evenly; the first part gets what is left over, too

    Args:
        kernel_sizes: list of ints. Sides of the kernels, in pixels. Defaults
            to (3, 5, 7).
        strides: int. Distance between outputs, in pixels. Defaults to 1.
        padding: `"valid"` or `"same"`. Defaults to `"same"`.
        use_bias: bool. Defaults to False.
        depthwise_initializer: initializer. Defaults to `"he_normal"`.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of shape `(batch, height', width', channels)`.

    Raises:
        ValueError: on sizes that are not positive, or more sizes than
            channels; on sizes that differ with `"valid"`.

    Example:

    >>> tuple(MixedDepthwiseConv2D()(ops.ones((1, 8, 8, 7))).shape)
    (1, 8, 8, 7)

    Reference:
        [Tan and Le, 2019](https://arxiv.org/abs/1907.09595)
    """

    def __init__(
        self,
        kernel_sizes=(3, 5, 7),
        strides=1,
        padding="same",
        use_bias=False,
        depthwise_initializer="he_normal",
        **kwargs,
    ):
        super().__init__(**kwargs)
        sizes = tuple(kernel_sizes)
        if not sizes or min(sizes) < 1:
            raise ValueError(
                "`kernel_sizes` must be positive numbers. "
                f"Received: {kernel_sizes=}"
            )
        if padding != "same" and len(set(sizes)) > 1:
            raise ValueError(
                "Maps of several kernels fit together with `padding='same'` "
                f"only. Received: {padding=}, {kernel_sizes=}"
            )
        self.kernel_sizes = sizes
        self.strides = strides
        self.padding = padding
        self.use_bias = use_bias
        self.depthwise_initializer = keras.initializers.get(
            depthwise_initializer
        )
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        *rest, channels = input_shape
        count = len(self.kernel_sizes)
        if channels < count:
            raise ValueError(
                "There must be a channel for each kernel. Received: "
                f"kernel_sizes={self.kernel_sizes}, input_shape={input_shape}"
            )
        even, left = divmod(channels, count)
        self.widths = [even + left, *[even] * (count - 1)]
        self.convs = []
        for index, size in enumerate(self.kernel_sizes):
            conv = keras.layers.DepthwiseConv2D(
                size,
                strides=self.strides,
                padding=self.padding,
                data_format="channels_last",
                use_bias=self.use_bias,
                # A copy: one instance would give equal kernels.
                depthwise_initializer=keras.initializers.serialize(
                    self.depthwise_initializer
                ),
                dtype=self.dtype_policy,
                name=f"conv_{index}",
            )
            conv.build((*rest, self.widths[index]))
            self.convs.append(conv)

    def call(self, inputs):
        outputs, start = [], 0
        for width, conv in zip(self.widths, self.convs, strict=True):
            outputs.append(conv(inputs[..., start : start + width]))
            start += width
        return ops.concatenate(outputs, axis=-1)

    def compute_output_shape(self, input_shape):
        less = 0 if self.padding == "same" else self.kernel_sizes[0] - 1
        height, width = (
            None if side is None else -(-(side - less) // self.strides)
            for side in input_shape[1:3]
        )
        return (input_shape[0], height, width, input_shape[-1])

    def get_config(self):
        return {
            **super().get_config(),
            "kernel_sizes": self.kernel_sizes,
            "strides": self.strides,
            "padding": self.padding,
            "use_bias": self.use_bias,
            "depthwise_initializer": keras.initializers.serialize(
                self.depthwise_initializer
            ),
        }
