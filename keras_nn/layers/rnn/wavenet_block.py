import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class WaveNetBlock(keras.layers.Layer):
    """A gated, dilated convolution that sees no later step.

    `z = tanh(conv(x) + c V) * sigmoid(conv'(x) + c V')`;
    `y = x + z W + b`, `skip = z U + a`

    Args:
        kernel_size: int. Steps that a filter sees. Defaults to 2.
        dilation: int. Steps between those. Defaults to 1.
        filters: int or None. Features of `z`. Defaults to those of the
            inputs.
        skip_filters: int or None. Features of the second output. Defaults to
            those of the inputs.
        kernel_initializer: Defaults to `"glorot_uniform"`.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.
        condition: float tensor that broadcasts to `(batch, length, any)` or
            None: what the sound is about. A block has it in all calls or in
            none.

    Returns:
        A float tensor of the shape of `inputs`, for the next block, and one
        of shape `(batch, length, skip_filters)`, to be summed over blocks.

    Raises:
        ValueError: if a size is not positive.

    Example:

    >>> y, skip = WaveNetBlock(skip_filters=3)(ops.ones((2, 9, 4)))
    >>> y.shape, skip.shape
    (TensorShape([2, 9, 4]), TensorShape([2, 9, 3]))

    Reference:
        [van den Oord et al., 2016](https://arxiv.org/abs/1609.03499)
    """

    def __init__(
        self,
        kernel_size=2,
        dilation=1,
        filters=None,
        skip_filters=None,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        sizes = {
            "kernel_size": kernel_size,
            "dilation": dilation,
            "filters": filters,
            "skip_filters": skip_filters,
        }
        for name, size in sizes.items():
            if size is not None and size < 1:
                raise ValueError(
                    f"`{name}` must be positive. Received: {name}={size}"
                )
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.filters = filters
        self.skip_filters = skip_filters
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, inputs_shape, condition_shape=None):
        features = inputs_shape[-1]
        inner = self.filters or features
        self.convolve = keras.layers.Conv1D(
            2 * inner,
            self.kernel_size,
            padding="causal",
            dilation_rate=self.dilation,
            kernel_initializer=self.kernel_initializer.clone(),
            dtype=self.dtype_policy,
            name="convolve",
        )
        self.convolve.build(inputs_shape)
        hidden = (*inputs_shape[:-1], inner)
        self.residual = self._dense("residual", features)
        self.residual.build(hidden)
        self.skip = self._dense("skip", self.skip_filters or features)
        self.skip.build(hidden)
        self.conditioned = condition_shape is not None
        if self.conditioned:
            self.condition = self._dense("condition", 2 * inner, False)
            self.condition.build(condition_shape)

    def call(self, inputs, condition=None):
        hidden = self.convolve(inputs)
        if (condition is not None) != self.conditioned:
            raise ValueError(
                "A block has a condition in all calls or in none. Received: "
                f"condition={'some' if condition is not None else None}"
            )
        if condition is not None:
            hidden = hidden + self.condition(condition)
        signal, gate = ops.split(hidden, 2, axis=-1)
        hidden = ops.tanh(signal) * ops.sigmoid(gate)
        return inputs + self.residual(hidden), self.skip(hidden)

    def compute_output_shape(self, inputs_shape, condition_shape=None):
        skip = self.skip_filters or inputs_shape[-1]
        return tuple(inputs_shape), (*inputs_shape[:-1], skip)

    def get_config(self):
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "dilation": self.dilation,
            "filters": self.filters,
            "skip_filters": self.skip_filters,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }

    def _dense(self, name, units, use_bias=True):
        return keras.layers.Dense(
            units,
            use_bias=use_bias,
            # One unseeded instance would start all of them alike.
            kernel_initializer=self.kernel_initializer.clone(),
            dtype=self.dtype_policy,
            name=name,
        )
