import keras


@keras.saving.register_keras_serializable(package="keras_nn")
class TemporalBlock(keras.layers.Layer):
    """Two dilated convolutions that see no later step, and a shortcut.

    `y = relu(x' + drop(relu(conv(drop(relu(conv(x)))))))`, `x'` the input,
    projected where the number of features changes

    Args:
        filters: int. Number of features.
        kernel_size: int. Steps that a filter sees. Defaults to 3.
        dilation: int. Steps between those. Defaults to 1.
        dropout: float. Share of features dropped in training. Defaults to 0.
        kernel_initializer: Defaults to `"he_normal"`.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.
        training: bool. Whether to drop.

    Returns:
        A float tensor of shape `(batch, length, filters)`.

    Raises:
        ValueError: if a size is not positive.

    Example:

    >>> TemporalBlock(8, dilation=2)(keras.ops.ones((2, 9, 4))).shape
    TensorShape([2, 9, 8])

    Reference:
        [Bai et al., 2018](https://arxiv.org/abs/1803.01271)
    """

    def __init__(
        self,
        filters,
        kernel_size=3,
        dilation=1,
        dropout=0.0,
        kernel_initializer="he_normal",
        **kwargs,
    ):
        super().__init__(**kwargs)
        sizes = {
            "filters": filters,
            "kernel_size": kernel_size,
            "dilation": dilation,
        }
        for name, size in sizes.items():
            if size < 1:
                raise ValueError(
                    f"`{name}` must be positive. Received: {name}={size}"
                )
        self.filters = filters
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.dropout = dropout
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.first = self._convolution("first")
        self.second = self._convolution("second")
        self.drop = keras.layers.Dropout(
            dropout, dtype=self.dtype_policy, name="dropout"
        )

    def build(self, input_shape):
        self.first.build(input_shape)
        self.second.build((*input_shape[:-1], self.filters))
        self.shortcut = None
        if input_shape[-1] != self.filters:
            self.shortcut = keras.layers.Dense(
                self.filters,
                kernel_initializer=self.kernel_initializer.clone(),
                dtype=self.dtype_policy,
                name="shortcut",
            )
            self.shortcut.build(input_shape)

    def call(self, inputs, training=None):
        x = self.drop(self.first(inputs), training=training)
        x = self.drop(self.second(x), training=training)
        if self.shortcut is not None:
            inputs = self.shortcut(inputs)
        return keras.ops.relu(inputs + x)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "dilation": self.dilation,
            "dropout": self.dropout,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }

    def _convolution(self, name):
        return keras.layers.Conv1D(
            self.filters,
            self.kernel_size,
            padding="causal",
            dilation_rate=self.dilation,
            activation="relu",
            # One unseeded instance would start all of them alike.
            kernel_initializer=self.kernel_initializer.clone(),
            dtype=self.dtype_policy,
            name=name,
        )
