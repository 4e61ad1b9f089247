import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class MaxOverTime(keras.layers.Layer):
    """A convolution over tokens, of each filter its strongest answer.

    `y_f = max_t relu(sum_k x_(t+k) @ W_kf + b_f)`, over the tokens that are
    there, with nothing beyond both ends

    However much padding is behind a text, its output is the same.

    Args:
        filters: int. Number of filters.
        kernel_size: int. Tokens that a filter sees.
        kernel_initializer: Defaults to `"glorot_uniform"`.

    Call arguments:
        inputs: float tensor of shape `(batch, ..., length, features)`.
        mask: bool tensor of shape `(batch, ..., length)` or None: which tokens
            are there. Keras hands it down.

    Returns:
        A float tensor of shape `(batch, ..., filters)`.

    Raises:
        ValueError: if a size is not positive.

    Example:

    >>> MaxOverTime(filters=4, kernel_size=3)(ops.ones((2, 5, 8))).shape
    TensorShape([2, 4])

    Reference:
        [Collobert et al., 2011](https://arxiv.org/abs/1103.0398)
    """

    def __init__(
        self,
        filters,
        kernel_size,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        for name, size in (("filters", filters), ("kernel_size", kernel_size)):
            if size < 1:
                raise ValueError(
                    f"`{name}` must be positive. Received: {name}={size}"
                )
        self.filters = filters
        self.kernel_size = kernel_size
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.supports_masking = True

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            shape=(self.kernel_size, input_shape[-1], self.filters),
            initializer=self.kernel_initializer,
        )
        self.bias = self.add_weight(
            name="bias", shape=(self.filters,), initializer="zeros"
        )

    def call(self, inputs, mask=None):
        if mask is None:
            return ops.max(self._answers(inputs), axis=-2)
        there = ops.cast(mask, inputs.dtype)[..., None]
        # No answer is below 0, so that 0 is none.
        return ops.max(self._answers(inputs * there) * there, axis=-2)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-2], self.filters)

    def compute_mask(self, inputs, mask=None):
        # Of words that are made of letters: those that have a letter.
        if mask is None or len(mask.shape) < 3:
            return None
        return ops.any(mask, axis=-1)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }

    def _answers(self, x):
        shape = ops.shape(x)
        x = ops.reshape(x, (-1, *shape[-2:]))
        x = ops.conv(
            x, self.kernel, padding="same", data_format="channels_last"
        )
        return ops.reshape(
            ops.relu(x + self.bias), (-1, *shape[1:-1], self.filters)
        )
