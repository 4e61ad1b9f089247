import keras
from keras import ops

from keras_nn.layers.cnn.fast_batch_normalization import FastBatchNormalization
from keras_nn.layers.cnn.fast_group_normalization import FastGroupNormalization
from keras_nn.ops.add_bias import add_bias

_NORMS = ("batch", "layer", "group", "instance", None)


@keras.saving.register_keras_serializable(package="keras_nn")
class ConvNormAct(keras.layers.Layer):
    """Convolution, a normalisation of choice, activation.

    `y = activation(norm(conv(x) + bias))`

    Where the normalisation is that of the batch and the kernel has no holes,
    `ConvBatchNorm` computes the same faster.

    Args:
        filters: int. Output channels.
        kernel_size: int. Side of the square kernel, in pixels.
        strides: int. Distance between outputs, in pixels. Defaults to 1.
        padding: `"valid"` or `"same"`. Defaults to `"same"`.
        dilation_rate: int. Distance between the taps of the kernel, in
            pixels. Defaults to 1.
        groups: int. Parts into which channels are divided, each convolved for
            itself. Defaults to 1.
        norm: `"batch"`, `"layer"` (over channels), `"group"`, `"instance"`
            or None. Defaults to `"batch"`.
        norm_groups: int. Groups of `"group"`. Defaults to 32.
        activation: str or callable. Defaults to `"relu"`.
        use_bias: bool or None. None gives the convolution a bias where no
            normalisation has one. Defaults to None.
        epsilon: float, added to variances. Defaults to 1e-3.
        kernel_initializer: initializer. Defaults to `"he_normal"`.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.
        training: bool. What a normalisation by batch asks for.

    Returns:
        A float tensor of shape `(batch, height', width', filters)`.

    Raises:
        ValueError: if `norm` is none of the above.

    Example:

    >>> layer = ConvNormAct(8, 3, norm="group", norm_groups=2)
    >>> tuple(layer(ops.ones((1, 8, 8, 3))).shape)
    (1, 8, 8, 8)
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="same",
        dilation_rate=1,
        groups=1,
        norm="batch",
        norm_groups=32,
        activation="relu",
        use_bias=None,
        epsilon=1e-3,
        kernel_initializer="he_normal",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if norm not in _NORMS:
            raise ValueError(
                f"`norm` must be one of {_NORMS}. Received: {norm=}"
            )
        self.filters = filters
        self.kernel_size = kernel_size
        self.strides = strides
        self.padding = padding
        self.dilation_rate = dilation_rate
        self.groups = groups
        self.norm = norm
        self.norm_groups = norm_groups
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias
        self.epsilon = epsilon
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.input_spec = keras.InputSpec(ndim=4)
        self.conv = keras.layers.Conv2D(
            filters,
            kernel_size,
            strides=strides,
            padding=padding,
            data_format="channels_last",
            dilation_rate=dilation_rate,
            groups=groups,
            use_bias=norm is None if use_bias is None else use_bias,
            kernel_initializer=self.kernel_initializer,
            dtype=self.dtype_policy,
            name="conv",
        )
        self.normalization = self._make_norm()

    def build(self, input_shape):
        self.conv.build(input_shape)
        if self.normalization is not None:
            self.normalization.build(self.compute_output_shape(input_shape))

    def call(self, inputs, training=None):
        kernel = self.conv.kernel
        if self.groups > 1:  # compiled by Keras, which may read a tensor only
            kernel = ops.convert_to_tensor(kernel)
        outputs = self.conv.convolution_op(inputs, kernel)
        if self.conv.use_bias:
            # TensorFlow joins a plain sum with a vector to the convolution.
            add = add_bias if training else ops.add
            outputs = add(outputs, self.conv.bias)
        if self.normalization is not None:
            outputs = self.normalization(outputs, training=training)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        return self.conv.compute_output_shape(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "dilation_rate": self.dilation_rate,
            "groups": self.groups,
            "norm": self.norm,
            "norm_groups": self.norm_groups,
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "epsilon": self.epsilon,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }

    def _make_norm(self):
        common = {
            "epsilon": self.epsilon,
            "dtype": self.dtype_policy,
            "name": "norm",
        }
        if self.norm == "batch":
            return FastBatchNormalization(**common)
        if self.norm == "layer":
            return keras.layers.LayerNormalization(**common)
        if self.norm is None:
            return None
        # One channel a group is the normalisation of each instance.
        groups = -1 if self.norm == "instance" else self.norm_groups
        return FastGroupNormalization(groups, **common)
