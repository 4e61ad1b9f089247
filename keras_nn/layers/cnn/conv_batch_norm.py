import math

import keras
from keras import ops

from keras_nn.layers.cnn.fast_batch_normalization import FastBatchNormalization


@keras.saving.register_keras_serializable(package="keras_nn")
class ConvBatchNorm(keras.layers.Layer):
    """Convolution, batch normalisation and activation as one operation.

    `y = activation(gamma * (conv(x) + bias - mean) / sqrt(var + eps) + beta)`

    It computes what `Conv2D`, `BatchNormalization` and `Activation` in a row
    compute, and holds the first two as `conv` and `norm`, so weights move
    between both forms unchanged. It is faster because in training the bias,
    which the mean takes away again, never touches the picture, and the
    gradient of the normalisation is its closed form; in inference the
    normalisation is folded into the kernel wherever the kernel is small next
    to a batch of pictures.

    Args:
        filters: int. Output channels.
        kernel_size: int. Side of the square kernel, in pixels.
        strides: int. Distance between outputs, in pixels. Defaults to 1.
        padding: int, `"valid"` or `"same"`. An int is the number of zero rows
            and columns on each side. Defaults to `"same"`.
        activation: str or callable. Defaults to None (linear).
        use_bias: bool. A bias before the normalisation, which is redundant
            but part of published weights. Defaults to False.
        momentum: float. Share of the moving statistics that a step keeps.
            Defaults to 0.99.
        epsilon: float, added to the variance. Defaults to 1e-3.
        kernel_initializer: initializer. Defaults to `"he_normal"`.
        synchronized: bool. Whether the statistics are those of the batch over
            all replicas (TensorFlow only). Defaults to False.
        groups: int. Parts into which channels are divided, each convolved for
            itself. Defaults to 1.
        dilation_rate: int. Distance between the taps of the kernel, in
            pixels. Defaults to 1.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.
        training: bool. Whether to normalise with the statistics of the batch
            and update the moving ones. A layer whose `norm.trainable` is
            False normalises with the moving ones.

    Returns:
        A float tensor of shape `(batch, height', width', filters)`.

    Raises:
        ValueError: if `padding` is neither a word above nor an int >= 0.

    Example:

    >>> layer = ConvBatchNorm(16, 3, activation="relu")
    >>> tuple(layer(ops.ones((1, 8, 8, 3))).shape)
    (1, 8, 8, 16)

    Reference:
        [Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167)
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="same",
        activation=None,
        use_bias=False,
        momentum=0.99,
        epsilon=1e-3,
        kernel_initializer="he_normal",
        synchronized=False,
        groups=1,
        dilation_rate=1,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if padding not in ("valid", "same") and not (
            isinstance(padding, int) and padding >= 0
        ):
            raise ValueError(
                "`padding` must be 'valid', 'same' or a non-negative int. "
                f"Received: {padding=}"
            )
        self.filters = filters
        self.kernel_size = kernel_size
        self.strides = strides
        self.padding = padding
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias
        self.momentum = momentum
        self.epsilon = epsilon
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.synchronized = synchronized
        self.groups = groups
        self.dilation_rate = dilation_rate
        self.input_spec = keras.InputSpec(ndim=4)
        self.conv = self._make_conv()
        self.norm = FastBatchNormalization(
            momentum=momentum,
            epsilon=epsilon,
            synchronized=synchronized,
            dtype=self.dtype_policy,
            name="norm",
        )

    def build(self, input_shape):
        self.conv.build(self._padded_shape(input_shape))
        output_shape = self.compute_output_shape(input_shape)
        self.norm.build(output_shape)
        # Folding costs one pass over the kernel and saves three over the
        # output, of which a batch has many: even from 5 pictures on.
        _, height, width, channels = output_shape
        taps = math.prod(self.conv.kernel.shape) // channels
        known = None not in (height, width)
        self._folds = known and 16 * height * width >= taps

    def call(self, inputs, training=None):
        inputs = self._pad(inputs)
        if training and self.norm.trainable:
            outputs = self._normalize_by_batch(inputs)
        else:
            outputs = self._normalize_by_moving(inputs)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        return self.conv.compute_output_shape(self._padded_shape(input_shape))

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
            "synchronized": self.synchronized,
            "groups": self.groups,
            "dilation_rate": self.dilation_rate,
        }

    def folded(self):
        """The convolution that inference computes, before the activation.

        Returns:
            `(kernel, bias, convolve)`: float32 tensors, and the function from
            `(inputs, kernel)` to the convolution without the bias.
        """
        scale, shift = self._scale_and_shift()
        kernel = self._scaled(ops.cast(self.conv.kernel, "float32"), scale)
        return kernel, shift, lambda x, k: self._convolve(self._pad(x), k)

    def _make_conv(self):
        return keras.layers.Conv2D(
            self.filters,
            self.kernel_size,
            strides=self.strides,
            padding=self._conv_padding(),
            data_format="channels_last",
            groups=self.groups,
            dilation_rate=self.dilation_rate,
            use_bias=self.use_bias,
            kernel_initializer=self.kernel_initializer,
            dtype=self.dtype_policy,
            name="conv",
        )

    def _conv_padding(self):
        if isinstance(self.padding, str):
            return self.padding
        # The two agree at stride 1, and "same" needs no operation of its own.
        reach = self.dilation_rate * (self.kernel_size - 1)
        centred = 2 * self.padding == reach
        return "same" if self.strides == 1 and centred else "valid"

    def _frame(self):
        pads = isinstance(self.padding, int) and self.conv.padding == "valid"
        return self.padding if pads else 0

    def _padded_shape(self, input_shape):
        batch, height, width, channels = input_shape
        frame = 2 * self._frame()
        return (
            batch,
            None if height is None else height + frame,
            None if width is None else width + frame,
            channels,
        )

    def _pad(self, inputs):
        frame = self._frame()
        if frame == 0:
            return inputs
        sides = ((0, 0), (frame, frame), (frame, frame), (0, 0))
        return ops.pad(inputs, sides)

    def _convolve(self, inputs, kernel):
        if self.groups > 1:
            # Keras compiles groups for themselves, which may read a tensor
            # but no variable of another device.
            kernel = ops.convert_to_tensor(kernel)
        return self.conv.convolution_op(inputs, kernel)

    def _scaled(self, kernel, scale):
        return kernel * scale

    def _convolve_in_training(self, inputs, kernel):
        if self.kernel_size > 1 or self.strides > 1 or self.groups > 1:
            return self._convolve(inputs, kernel)
        # One tap is a matrix product, and so is its gradient; the gradient of
        # a convolution copies patches first.
        _, height, width, channels = ops.shape(inputs)
        outputs = ops.matmul(
            ops.reshape(inputs, (-1, channels)),
            ops.reshape(kernel, (channels, self.filters)),
        )
        return ops.reshape(outputs, (-1, height, width, self.filters))

    def _normalize_by_batch(self, inputs):
        if self.norm.synchronized:  # the engine sets it on replicas
            return self.norm(self.conv(inputs), training=True)
        outputs = self._convolve_in_training(inputs, self.conv.kernel)
        if not self.use_bias:
            return self.norm(outputs, training=True)
        # The mean takes the bias away from the output, so it belongs to the
        # moving mean only; adding nothing keeps its gradient, zero, defined.
        bias = ops.cast(self.conv.bias, "float32")
        outputs = self.norm.normalize_by_batch(outputs, bias - bias)
        self.norm.moving_mean.assign_add(bias * (1.0 - self.momentum))
        return outputs

    def _scale_and_shift(self):
        """The normalisation in inference as a product and a sum."""
        norm = self.norm
        variance = ops.cast(norm.moving_variance, "float32")
        scale = ops.cast(norm.gamma, "float32") * ops.rsqrt(
            variance + self.epsilon
        )
        mean = ops.cast(norm.moving_mean, "float32")
        if self.use_bias:
            mean = mean - ops.cast(self.conv.bias, "float32")
        return scale, ops.cast(norm.beta, "float32") - mean * scale

    def _normalize_by_moving(self, inputs):
        scale, shift = self._scale_and_shift()
        kernel = self.conv.kernel
        if self._folds:
            kernel = self._scaled(ops.cast(kernel, "float32"), scale)
            kernel = ops.cast(kernel, self.compute_dtype)
            outputs = self._convolve(inputs, kernel)
            # `ops.add`, not `+`: TensorFlow joins its sum to the convolution.
            return ops.add(outputs, ops.cast(shift, self.compute_dtype))
        outputs = self._convolve(inputs, kernel)
        outputs = ops.cast(outputs, "float32") * scale + shift
        return ops.cast(outputs, self.compute_dtype)
