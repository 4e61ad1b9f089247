import keras
from keras import ops

from keras_nn.layers.cnn.conv_batch_norm import ConvBatchNorm


@keras.saving.register_keras_serializable(package="keras_nn")
class SplitAttention(keras.layers.Layer):
    """ResNeSt's convolution: splits of each group, weighed against another.

    `u = relu(norm(conv(x)))` in `radix` splits; `a = softmax_r(W_2
    relu(norm(W_1 mean(sum_r u_r))))` in each group; `y = sum_r a_r u_r`

    Args:
        filters: int. Output channels; `groups` divides them.
        kernel_size: int. Side of the kernel, in pixels. Defaults to 3.
        radix: int. Splits of each group, at least 2. Defaults to 2.
        groups: int. The paper's cardinality. Defaults to 1.
        units: int or None. Width of the hidden layer, which `groups` divides.
            None is a quarter of the filters times `radix`, at least 32.
        strides: int. Distance between outputs, in pixels. Defaults to 1.
        activation: str or callable. Defaults to `"relu"`.
        epsilon: float, added to variances. Defaults to 1e-5.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`;
            `groups * radix` divides the channels.
        training: bool. Whether to normalise with statistics of the batch.

    Returns:
        A float tensor of shape `(batch, height', width', filters)`.

    Raises:
        ValueError: if `radix` is below 2, or `groups` divides not all.

    Example:

    >>> tuple(SplitAttention(8, units=4)(ops.ones((1, 6, 6, 4))).shape)
    (1, 6, 6, 8)

    Reference:
        [Zhang et al., 2020](https://arxiv.org/abs/2004.08955)
    """

    def __init__(
        self,
        filters,
        kernel_size=3,
        radix=2,
        groups=1,
        units=None,
        strides=1,
        activation="relu",
        epsilon=1e-5,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if radix < 2:
            raise ValueError(f"`radix` must be at least 2. Received: {radix=}")
        width = max(filters * radix // 4, 32) if units is None else units
        if groups < 1 or filters % groups or width % groups:
            raise ValueError(
                "`groups` must divide `filters` and `units`. "
                f"Received: {groups=}, {filters=}, {units=}"
            )
        self.filters = filters
        self.kernel_size = kernel_size
        self.radix = radix
        self.groups = groups
        self.units = units
        self.strides = strides
        self.activation = keras.activations.get(activation)
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=4)
        common = {"epsilon": epsilon, "dtype": self.dtype_policy}
        self.conv = ConvBatchNorm(
            filters * radix,
            kernel_size,
            strides=strides,
            padding=kernel_size // 2,
            groups=groups * radix,
            activation=self.activation,
            name="conv",
            **common,
        )
        # Over one place, dense layers in groups are convolutions of 1x1.
        self.reduce = ConvBatchNorm(
            width,
            1,
            groups=groups,
            use_bias=True,
            activation=self.activation,
            name="reduce",
            **common,
        )
        self.select = keras.layers.Conv2D(
            filters * radix,
            1,
            groups=groups,
            data_format="channels_last",
            dtype=self.dtype_policy,
            name="select",
        )

    def build(self, input_shape):
        self.conv.build(input_shape)
        self.reduce.build((None, 1, 1, self.filters))
        self.select.build((None, 1, 1, self.reduce.filters))

    def call(self, inputs, training=None):
        x = self.conv(inputs, training=training)
        _, height, width, _ = ops.shape(x)
        splits = ops.reshape(x, (-1, height, width, self.radix, self.filters))
        means = ops.mean(ops.sum(splits, axis=3), axis=(1, 2), keepdims=True)
        scores = self.select(self.reduce(means, training=training))
        inner = self.filters // self.groups
        shape = (-1, self.groups, self.radix, inner)
        shares = ops.softmax(ops.reshape(scores, shape), axis=2)
        shares = ops.transpose(shares, (0, 2, 1, 3))
        shares = ops.reshape(shares, (-1, 1, 1, self.radix, self.filters))
        return ops.sum(splits * shares, axis=3)

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = self.conv.compute_output_shape(input_shape)
        return (batch, height, width, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "radix": self.radix,
            "groups": self.groups,
            "units": self.units,
            "strides": self.strides,
            "activation": keras.activations.serialize(self.activation),
            "epsilon": self.epsilon,
        }
