import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class MinibatchDeviation(keras.layers.Layer):
    """Tells a discriminator how much the pictures of a batch differ.

    `y = [x, mean over features of sqrt(var over the batch of x + 1e-8)]`

    one number, the same everywhere, as one more channel. A generator that
    always draws one picture is found out by it. On replicas each looks at the
    examples of its own.

    Args:
        group_size: int or None. Examples that are compared, those of a batch
            whose numbers differ by the number of groups; a batch that it does
            not divide is one group. None: the whole batch. Defaults to None.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, ..., channels)`.

    Returns:
        A tensor `(batch, ..., channels + 1)`.

    Raises:
        ValueError: If `group_size` is less than 2.

    Example:

    >>> layer = MinibatchDeviation()
    >>> round(float(layer(ops.convert_to_tensor([[0.0], [2.0]]))[0, 1]), 4)
    1.0

    Reference:
        [Karras et al., 2018](https://arxiv.org/abs/1710.10196), section 3
    """

    def __init__(self, group_size=None, **kwargs):
        super().__init__(**kwargs)
        if group_size is not None and group_size < 2:
            raise ValueError(
                f"`group_size` must be at least 2. Received: {group_size=}"
            )
        self.group_size = group_size

    def call(self, inputs):
        x = ops.cast(inputs, "float32")
        if self.group_size is not None:
            return self._by_group(inputs, x)
        # Not ops.var: the gradient of a constant batch must be finite, too.
        variance = ops.mean(
            ops.square(x - ops.mean(x, axis=0, keepdims=True)), axis=0
        )
        deviation = ops.mean(ops.sqrt(variance + 1e-8))
        one = ops.cast(deviation, inputs.dtype) * ops.ones_like(inputs[..., :1])
        return ops.concatenate([inputs, one], axis=-1)

    def _by_group(self, inputs, x):
        count = ops.shape(x)[0]
        size = self.group_size
        size = ops.where(ops.equal(count % size, 0), size, count)
        groups = ops.reshape(x, (size, -1, *x.shape[1:]))
        variance = ops.mean(
            ops.square(groups - ops.mean(groups, axis=0, keepdims=True)), axis=0
        )
        deviation = ops.mean(
            ops.sqrt(variance + 1e-8), axis=tuple(range(1, len(x.shape)))
        )
        # Every group's number again for each of its members.
        number = ops.arange(count) % ops.shape(groups)[1]
        one = ops.cast(ops.take(deviation, number), inputs.dtype)
        one = ops.reshape(one, (-1, *(1 for _ in x.shape[1:])))
        one = one * ops.ones_like(inputs[..., :1])
        return ops.concatenate([inputs, one], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)

    def get_config(self):
        return {**super().get_config(), "group_size": self.group_size}
