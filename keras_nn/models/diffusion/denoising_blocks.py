import math

import keras
from keras import layers

from keras_nn.layers import FastGroupNormalization
from keras_nn.layers import TimeEmbedding

_LAYERS = {
    1: (layers.Conv1D, layers.UpSampling1D),
    2: (layers.Conv2D, layers.UpSampling2D),
}


class DenoisingBlocks:
    """The pieces of networks that look at noisy pictures or series.

    Each layer gets a name and the dtype policy.

    Args:
        rank: int. 2 for pictures `(height, width, channels)`, 1 for series
            `(time, channels)`.
        dtype: str or dtype policy of the layers.
        dropout: float. Share of features dropped in each block.

    Example:

    >>> blocks = DenoisingBlocks(rank=1)
    >>> x = blocks.conv(keras.Input((8, 2)), 4, "stem")
    >>> x.shape
    (None, 8, 4)
    """

    def __init__(self, rank, dtype=None, dropout=0.0):
        self.rank = rank
        self.dtype = dtype
        self.dropout = dropout
        self._convolution, self._upsampling = _LAYERS[rank]

    def told(self, units, num_classes=None):
        """Inputs `times` and `labels`, and what blocks are told of them.

        Returns:
            `(inputs, embedding)`: dict of Keras tensors, and one of shape
            `(batch, units)`.
        """
        inputs = {"times": keras.Input((), name="times")}
        e = TimeEmbedding(units, dtype=self.dtype, name="waves")(
            inputs["times"]
        )
        e = self.dense(e, units, "time_0", "swish")
        e = self.dense(e, units, "time_1")
        if num_classes is not None:
            labels = keras.Input((), dtype="int32", name="labels")
            inputs["labels"] = labels
            table = layers.Embedding(
                num_classes + 1, units, dtype=self.dtype, name="classes"
            )
            e = layers.Add(dtype=self.dtype, name="embedding")(
                [e, table(labels)]
            )
        return inputs, e

    def dense(self, x, units, name, activation=None, **kwargs):
        """A dense layer."""
        return layers.Dense(
            units, activation, dtype=self.dtype, name=f"{name}_dense", **kwargs
        )(x)

    def conv(self, x, filters, name, size=3, **kwargs):
        """A convolution that keeps the size, unless it has strides."""
        return self._convolution(
            filters,
            size,
            padding="same",
            dtype=self.dtype,
            name=f"{name}_conv",
            **kwargs,
        )(x)

    def doubled(self, x, name):
        """Twice the size, each value repeated."""
        return self._upsampling(dtype=self.dtype, name=name)(x)

    def normalized(self, x, name):
        """Group normalisation and the nonlinearity."""
        groups = math.gcd(8, x.shape[-1])
        x = FastGroupNormalization(
            groups, dtype=self.dtype, name=f"{name}_norm"
        )(x)
        return layers.Activation("swish", dtype=self.dtype, name=f"{name}_act")(
            x
        )

    def residual(self, x, embedding, filters, name):
        """A residual block that is told `embedding`."""
        shortcut = x
        if x.shape[-1] != filters:
            shortcut = self.conv(x, filters, f"{name}_shortcut", size=1)
        x = self.conv(self.normalized(x, f"{name}_0"), filters, f"{name}_0")
        told = self.dense(embedding, filters, name)
        told = layers.Reshape(
            (*(1,) * self.rank, filters), dtype=self.dtype, name=f"{name}_told"
        )(told)
        x = layers.Add(dtype=self.dtype, name=f"{name}_tell")([x, told])
        x = self.normalized(x, f"{name}_1")
        if self.dropout:
            x = layers.Dropout(
                self.dropout, dtype=self.dtype, name=f"{name}_dropout"
            )(x)
        x = self.conv(x, filters, f"{name}_1")
        return layers.Add(dtype=self.dtype, name=name)([x, shortcut])


def check_sides(input_shape, filters):
    """The rank of pictures or series that can be halved for `filters`.

    Raises:
        ValueError: If they cannot be halved so often, or are neither.
    """
    *sides, _ = input_shape
    if len(sides) not in _LAYERS:
        raise ValueError(
            "`input_shape` must be (height, width, channels) or (time, "
            f"channels). Received: {input_shape=}"
        )
    halvings = 2 ** max(0, len(filters) - 1)
    if not filters or any(side % halvings for side in sides):
        raise ValueError(
            f"`input_shape` must be divisible by {halvings} in each side, "
            "to be halved for each of `filters` but the first. "
            f"Received: {input_shape=}, {filters=}"
        )
    return len(sides)
