import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class CondConv2D(keras.layers.Layer):
    """Each picture is convolved with a mixture of kernels of its own.

    `r = sigmoid(mean(x) @ V + c)`; `y = conv(x, sum_e r_e W_e) + sum_e r_e b_e`

    Args:
        filters: int. Output channels.
        kernel_size: int. Side of the kernels, in pixels.
        num_experts: int. Kernels that are mixed. Defaults to 4.
        strides: int. Distance between outputs, in pixels. Defaults to 1.
        padding: `"valid"` or `"same"`. Defaults to `"same"`.
        use_bias: bool. Defaults to False.
        kernel_initializer: initializer. Of each kernel. Defaults to
            `"he_normal"`.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of shape `(batch, height', width', filters)`.

    Raises:
        ValueError: if a number is not positive.

    Example:

    >>> tuple(CondConv2D(8, 3, num_experts=2)(ops.ones((1, 6, 6, 4))).shape)
    (1, 6, 6, 8)

    Reference:
        [Yang et al., 2019](https://arxiv.org/abs/1904.04971)
    """

    def __init__(
        self,
        filters,
        kernel_size,
        num_experts=4,
        strides=1,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(filters, kernel_size, num_experts, strides) < 1:
            raise ValueError(
                "`filters`, `kernel_size`, `num_experts` and `strides` must "
                f"be positive. Received: {filters=}, {kernel_size=}, "
                f"{num_experts=}, {strides=}"
            )
        if padding not in ("valid", "same"):
            raise ValueError(
                f"`padding` must be 'valid' or 'same'. Received: {padding=}"
            )
        self.filters = filters
        self.kernel_size = kernel_size
        self.num_experts = num_experts
        self.strides = strides
        self.padding = padding
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        channels = input_shape[-1]
        self.routing = keras.layers.Dense(
            self.num_experts,
            activation="sigmoid",
            dtype=self.dtype_policy,
            name="routing",
        )
        self.routing.build((None, channels))
        shape = (self.kernel_size, self.kernel_size, channels, self.filters)
        self.kernel = self.add_weight(
            (self.num_experts, *shape), self._initialized, name="kernel"
        )
        if self.use_bias:
            self.bias = self.add_weight(
                (self.num_experts, self.filters), "zeros", name="bias"
            )

    def call(self, inputs):
        shares = self.routing(ops.mean(inputs, axis=(1, 2)))
        # One convolution with all kernels would cost as many times as there
        # are; taken apart into squares, a picture meets its mixture only.
        patches = ops.image.extract_patches(
            inputs,
            self.kernel_size,
            self.strides,
            padding=self.padding,
            data_format="channels_last",
        )
        _, height, width, size = ops.shape(patches)
        kernels = ops.reshape(self.kernel, (self.num_experts, -1))
        kernels = ops.matmul(shares, ops.cast(kernels, shares.dtype))
        kernels = ops.reshape(kernels, (-1, size, self.filters))
        patches = ops.reshape(patches, (-1, height * width, size))
        outputs = ops.matmul(patches, kernels)
        outputs = ops.reshape(outputs, (-1, height, width, self.filters))
        if self.use_bias:
            bias = ops.matmul(shares, ops.cast(self.bias, shares.dtype))
            outputs = outputs + bias[:, None, None]
        return outputs

    def compute_output_shape(self, input_shape):
        less = 0 if self.padding == "same" else self.kernel_size - 1
        height, width = (
            None if side is None else -(-(side - less) // self.strides)
            for side in input_shape[1:3]
        )
        return (input_shape[0], height, width, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "num_experts": self.num_experts,
            "strides": self.strides,
            "padding": self.padding,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }

    def _initialized(self, shape, dtype=None):
        """Each kernel by itself: the fan is that of one, not of all."""
        made = []
        for _ in range(shape[0]):
            one = keras.initializers.serialize(self.kernel_initializer)
            made.append(keras.initializers.get(one)(shape[1:], dtype))
        return ops.stack(made)
