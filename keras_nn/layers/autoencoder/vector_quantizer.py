import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class VectorQuantizer(keras.layers.Layer):
    """Puts the nearest entry of a codebook in place of each vector.

    `y = x + stop_gradient(e_k - x)`, `k = argmin_k |x - e_k|^2`

    The gradient passes straight through to `x`; the codebook learns by a loss
    of its own, or by averages (see `VQVAE`).

    Args:
        entries: int. Size of the codebook.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(..., units)`.

    Returns:
        A tensor of the same shape.

    Raises:
        ValueError: If there is no entry.

    Example:

    >>> layer = VectorQuantizer(entries=2)
    >>> layer.build((None, 1))
    >>> _ = layer.codebook.assign([[0.0], [1.0]])
    >>> layer.nearest(ops.convert_to_tensor([[0.2], [0.9]])).numpy().tolist()
    [0, 1]

    Reference:
        [van den Oord et al., 2017](https://arxiv.org/abs/1711.00937)
    """

    def __init__(self, entries, **kwargs):
        super().__init__(**kwargs)
        if entries < 1:
            raise ValueError(
                f"`entries` must be positive. Received: {entries=}"
            )
        self.entries = entries

    def build(self, input_shape):
        reach = 1.0 / self.entries
        self.codebook = self.add_weight(
            shape=(self.entries, input_shape[-1]),
            initializer=keras.initializers.RandomUniform(-reach, reach),
            aggregation="only_first_replica",  # of averages, all the same
            autocast=False,
            name="codebook",
        )

    def nearest(self, inputs):
        """Indices `(...)` of the nearest entries, int32."""
        x = ops.cast(inputs, "float32")
        book = ops.cast(self.codebook, "float32")
        # Without |x|^2, which is the same for every entry.
        apart = ops.sum(ops.square(book), axis=-1) - 2 * ops.matmul(
            x, ops.transpose(book)
        )
        return ops.cast(ops.argmin(apart, axis=-1), "int32")

    def lookup(self, indices):
        """Entries `(..., units)` of indices."""
        return ops.take(self.codebook, indices, axis=0)

    def call(self, inputs):
        found = ops.cast(self.lookup(self.nearest(inputs)), inputs.dtype)
        return inputs + ops.stop_gradient(found - inputs)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "entries": self.entries}
