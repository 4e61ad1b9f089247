import math

import keras
from keras import layers

from keras_nn.layers import TimeEmbedding
from keras_nn.models.backbone import Backbone


@keras.saving.register_keras_serializable(package="keras_nn")
class DenoisingUNet(Backbone):
    """Down to coarse features and up again: what `DiffusionModel` trains.

    Each residual block is told the time, and the class where there are some:
    `x <- x + conv(act(norm(conv(act(norm(x))) + W e)))`, `e` their embedding.
    The last convolution begins at zero.

    Args:
        input_shape: tuple `(height, width, channels)`. Height and width must
            be divisible by `2 ** (len(filters) - 1)`.
        filters: list of ints. Channels at each size; each after the first
            halves the picture. Defaults to `(32, 64)`.
        blocks: int. Residual blocks at each size on the way down; one more on
            the way up. Defaults to 1.
        num_classes: int or None. Number of classes that pictures are asked
            by. Label `num_classes` means "any".
        embedding_units: int, even. Width of the embedding. Defaults to 64.
        dropout: float. Share of features dropped in each block. Defaults to
            0.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict of `noisy` of shape `(batch, height, width, channels)`,
            `times` of shape `(batch,)`, from 0 to 1000, and, with classes,
            `labels` of shape `(batch,)`, int.

    Returns:
        A tensor of the shape of `noisy`.

    Raises:
        ValueError: If the picture cannot be halved so often.

    Example:

    >>> import numpy as np
    >>> model = DenoisingUNet((8, 8, 1), filters=[4, 8], embedding_units=8)
    >>> model({"noisy": np.ones((2, 8, 8, 1)), "times": np.zeros(2)}).shape
    TensorShape([2, 8, 8, 1])

    Reference:
        [Ho et al., 2020](https://arxiv.org/abs/2006.11239), appendix B,
        without attention
    """

    def __init__(
        self,
        input_shape,
        filters=(32, 64),
        blocks=1,
        num_classes=None,
        embedding_units=64,
        dropout=0.0,
        dtype=None,
        **kwargs,
    ):
        height, width, channels = input_shape
        halvings = 2 ** (len(filters) - 1)
        if not filters or height % halvings or width % halvings:
            raise ValueError(
                f"`input_shape` must be divisible by {halvings} in height and "
                f"width, to be halved for each of `filters` but the first. "
                f"Received: {input_shape=}, {filters=}"
            )
        inputs = {
            "noisy": keras.Input((height, width, channels), name="noisy"),
            "times": keras.Input((), name="times"),
        }
        build = _Blocks(dtype, dropout)
        e = TimeEmbedding(embedding_units, dtype=dtype, name="waves")(
            inputs["times"]
        )
        e = build.dense(e, embedding_units, "time_0", "swish")
        e = build.dense(e, embedding_units, "time_1")
        if num_classes is not None:
            labels = keras.Input((), dtype="int32", name="labels")
            inputs["labels"] = labels
            table = layers.Embedding(
                num_classes + 1, embedding_units, dtype=dtype, name="classes"
            )
            e = layers.Add(dtype=dtype, name="embedding")([e, table(labels)])

        x = build.conv(inputs["noisy"], filters[0], "stem")
        kept = [x]
        for level, width in enumerate(filters):
            for index in range(blocks):
                x = build.residual(x, e, width, f"down_{level}_{index}")
                kept.append(x)
            if level < len(filters) - 1:
                x = build.conv(x, width, f"halve_{level}", strides=2)
                kept.append(x)
        x = build.residual(x, e, filters[-1], "middle")
        for level, width in reversed(list(enumerate(filters))):
            for index in range(blocks + 1):
                name = f"up_{level}_{index}"
                x = layers.Concatenate(dtype=dtype, name=f"{name}_join")(
                    [x, kept.pop()]
                )
                x = build.residual(x, e, width, name)
            if level:
                x = layers.UpSampling2D(dtype=dtype, name=f"double_{level}")(x)
                x = build.conv(x, width, f"smooth_{level}")
        x = build.normalized(x, "head")
        x = build.conv(x, channels, "head", kernel_initializer="zeros")
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.filters = list(filters)
        self.blocks = blocks
        self.num_classes = num_classes
        self.embedding_units = embedding_units
        self.dropout = dropout

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.input["noisy"].shape[1:],
            "filters": self.filters,
            "blocks": self.blocks,
            "num_classes": self.num_classes,
            "embedding_units": self.embedding_units,
            "dropout": self.dropout,
        }


class _Blocks:
    """The pieces, each with a name and the dtype policy."""

    def __init__(self, dtype, dropout):
        self.dtype = dtype
        self.dropout = dropout

    def dense(self, x, units, name, activation=None):
        return layers.Dense(
            units, activation, dtype=self.dtype, name=f"{name}_dense"
        )(x)

    def conv(self, x, filters, name, size=3, **kwargs):
        return layers.Conv2D(
            filters,
            size,
            padding="same",
            dtype=self.dtype,
            name=f"{name}_conv",
            **kwargs,
        )(x)

    def normalized(self, x, name):
        groups = math.gcd(8, x.shape[-1])
        x = layers.GroupNormalization(
            groups, dtype=self.dtype, name=f"{name}_norm"
        )(x)
        return layers.Activation("swish", dtype=self.dtype, name=f"{name}_act")(
            x
        )

    def residual(self, x, embedding, filters, name):
        shortcut = x
        if x.shape[-1] != filters:
            shortcut = self.conv(x, filters, f"{name}_shortcut", size=1)
        x = self.conv(self.normalized(x, f"{name}_0"), filters, f"{name}_0")
        told = self.dense(embedding, filters, name)
        told = layers.Reshape(
            (1, 1, filters), dtype=self.dtype, name=f"{name}_told"
        )(told)
        x = layers.Add(dtype=self.dtype, name=f"{name}_tell")([x, told])
        x = self.normalized(x, f"{name}_1")
        if self.dropout:
            x = layers.Dropout(
                self.dropout, dtype=self.dtype, name=f"{name}_dropout"
            )(x)
        x = self.conv(x, filters, f"{name}_1")
        return layers.Add(dtype=self.dtype, name=name)([x, shortcut])
