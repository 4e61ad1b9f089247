import keras
from keras import ops

from keras_nn.ops.attention_positions import relative_buckets


@keras.saving.register_keras_serializable(package="keras_nn")
class RelativePositionBias(keras.layers.Layer):
    """What T5 adds to scores of attention, by how far a key is away.

    `bias_h(i, j) = table[bucket(j - i), h]`

    One table serves the attention of all blocks of a stack, as the call
    argument `bias` of `FlexibleAttention`.

    Args:
        num_heads: int. Number of heads.
        bidirectional: bool. Whether keys after the query have buckets of
            their own. Defaults to True.
        num_buckets: int. Defaults to 32.
        max_distance: int. Distances from this one on share a bucket.
            Defaults to 128.

    Call arguments:
        inputs: tensor of shape `(batch, length, features)`: the queries.
        places: int tensor of shape `(length,)` or None: where the queries
            stand. Defaults to 0, 1, 2 ...
        keys: int or None. Number of keys. Defaults to the length.

    Returns:
        A float tensor of shape `(num_heads, length, keys)`.

    Raises:
        ValueError: on fewer than two buckets, or four of two directions, or
            a `max_distance` that near buckets reach.

    Example:

    >>> RelativePositionBias(2)(ops.ones((1, 5, 4))).shape
    TensorShape([2, 5, 5])

    Reference:
        [Raffel et al., 2020](https://arxiv.org/abs/1910.10683), section 2.1
    """

    def __init__(
        self,
        num_heads,
        bidirectional=True,
        num_buckets=32,
        max_distance=128,
        **kwargs,
    ):
        super().__init__(**kwargs)
        exact = num_buckets // (4 if bidirectional else 2)
        if exact < 1 or max_distance <= exact:
            raise ValueError(
                "There must be a bucket for near and one for far keys of each "
                f"direction, and `max_distance` beyond the near ones. "
                f"Received: {num_buckets=}, {max_distance=}"
            )
        self.num_heads = num_heads
        self.bidirectional = bidirectional
        self.num_buckets = num_buckets
        self.max_distance = max_distance

    def build(self, input_shape):
        self.table = self.add_weight(
            name="table",
            shape=(self.num_buckets, self.num_heads),
            initializer="zeros",
        )

    def call(self, inputs, places=None, keys=None):
        if places is None:
            places = ops.arange(ops.shape(inputs)[1], dtype="int32")
        count = ops.shape(inputs)[1] if keys is None else keys
        places = ops.cast(places, "int32")[:, None]
        relative = ops.arange(count, dtype="int32")[None] - places
        buckets = relative_buckets(
            relative, self.bidirectional, self.num_buckets, self.max_distance
        )
        bias = ops.take(self.table, buckets, axis=0)
        return ops.cast(ops.transpose(bias, (2, 0, 1)), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return (self.num_heads, input_shape[1], input_shape[1])

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "bidirectional": self.bidirectional,
            "num_buckets": self.num_buckets,
            "max_distance": self.max_distance,
        }
