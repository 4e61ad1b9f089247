import math

import keras
from keras import layers

from keras_nn.layers import FastGroupNormalization
from keras_nn.layers import FlexibleAttention
from keras_nn.layers import PixelShuffle2D
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

    def patched(self, x, filters, patch_size, name):
        """Squares of pixels and those around them, each square one pixel."""
        return self.conv(
            x, filters, name, size=3 * patch_size, strides=patch_size
        )

    def unpatched(self, x, channels, patch_size, name):
        """Pixels of squares, by a convolution that begins at zero."""
        channels *= patch_size**self.rank
        x = self.conv(x, channels, name, kernel_initializer="zeros")
        if patch_size == 1:
            return x
        if self.rank == 1:
            length = x.shape[1] * patch_size
            return layers.Reshape(
                (length, channels // patch_size),
                dtype=self.dtype,
                name=f"{name}_pixels",
            )(x)
        return PixelShuffle2D(
            patch_size, dtype=self.dtype, name=f"{name}_pixels"
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

    def attentive(self, x, name):
        """Every place looks at all places: attention that begins at zero."""
        *sides, filters = x.shape[1:]
        heads = max(1, filters // 32)
        y = FastGroupNormalization(
            math.gcd(8, filters), dtype=self.dtype, name=f"{name}_norm"
        )(x)
        y = layers.Reshape(
            (math.prod(sides), filters),
            dtype=self.dtype,
            name=f"{name}_tokens",
        )(y)
        y = FlexibleAttention(
            heads,
            -(-filters // heads),
            output_initializer="zeros",
            dtype=self.dtype,
            name=f"{name}_look",
        )(y)
        y = layers.Reshape(
            (*sides, filters), dtype=self.dtype, name=f"{name}_map"
        )(y)
        return layers.Add(dtype=self.dtype, name=name)([x, y])


def check_sides(input_shape, filters, patch_size=1):
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
    halvings = patch_size * 2 ** max(0, len(filters) - 1)
    if not filters or any(side % halvings for side in sides):
        raise ValueError(
            f"`input_shape` must be divisible by {halvings} in each side, "
            "to be divided by `patch_size` and halved for each of `filters` "
            f"but the first. Received: {input_shape=}, {filters=}, "
            f"{patch_size=}"
        )
    return len(sides)


def check_levels(attention, coarsest):
    """Refuses sizes that there are not.

    Raises:
        ValueError: If one is not from 0 to `coarsest`.
    """
    if not set(attention) <= set(range(coarsest + 1)):
        raise ValueError(
            f"`attention` must hold sizes from 0, the largest, to {coarsest}, "
            f"the last of `filters`. Received: attention={list(attention)}"
        )
