import keras
from keras import ops

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct


@keras.saving.register_keras_serializable(package="keras_nn")
class PyramidPooling(keras.layers.Layer):
    """Lets every place of a map see the means over large parts of it.

    `y = [x, up(conv(mean_1(x))), ..., up(conv(mean_n(x)))]`

    where `mean_k` divides the map into `k x k` parts, and `up` brings their
    features back to the size of the map, bilinearly. Part `i` of `k` along a
    side of `n` pixels reaches from `floor(i n / k)` to `ceil((i + 1) n / k)`,
    so that parts overlap by a pixel where `k` does not divide `n`.

    Args:
        bins: list of ints. Parts along each side. Defaults to the paper's
            `(1, 2, 3, 6)`.
        filters: int or None. Channels of each pooled map. Defaults to None:
            those of the input, divided by the number of bins.
        norm: as in `ConvNormAct`. Defaults to `"batch"`.
        activation: str or callable. Defaults to `"relu"`.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.
        training: bool. What a normalisation by batch asks for.

    Returns:
        A float tensor of shape `(batch, height, width, channels +
        len(bins) * filters)`.

    Raises:
        ValueError: if a bin is not positive.

    Example:

    >>> layer = PyramidPooling(bins=[1, 2], filters=4)
    >>> tuple(layer(ops.ones((1, 5, 7, 3))).shape)
    (1, 5, 7, 11)

    Reference:
        [Zhao et al., 2017](https://arxiv.org/abs/1612.01105), section 3.2.
    """

    def __init__(
        self,
        bins=(1, 2, 3, 6),
        filters=None,
        norm="batch",
        activation="relu",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not bins or min(bins) < 1:
            raise ValueError(f"`bins` must be positive. Received: {bins=}")
        self.bins = list(bins)
        self.filters = filters
        self.norm = norm
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.convolutions = []
        for index, side in enumerate(self.bins):
            conv = ConvNormAct(
                self._width(input_shape),
                1,
                norm=self.norm,
                activation=self.activation,
                dtype=self.dtype_policy,
                name=f"conv_{index}",
            )
            conv.build((input_shape[0], side, side, input_shape[-1]))
            self.convolutions.append(conv)

    def call(self, inputs, training=None):
        height, width = ops.shape(inputs)[1:3]
        maps = [inputs]
        for side, conv in zip(self.bins, self.convolutions, strict=True):
            pooled = ops.einsum(
                "ih,bhwc,jw->bijc",
                part_means(height, side, inputs.dtype),
                inputs,
                part_means(width, side, inputs.dtype),
            )
            maps.append(
                ops.einsum(
                    "hi,bijc,wj->bhwc",
                    enlargement(side, height, inputs.dtype),
                    conv(pooled, training=training),
                    enlargement(side, width, inputs.dtype),
                )
            )
        return ops.concatenate(maps, axis=-1)

    def compute_output_shape(self, input_shape):
        pooled = len(self.bins) * self._width(input_shape)
        return (*input_shape[:-1], input_shape[-1] + pooled)

    def get_config(self):
        return {
            **super().get_config(),
            "bins": self.bins,
            "filters": self.filters,
            "norm": self.norm,
            "activation": keras.activations.serialize(self.activation),
        }

    def _width(self, input_shape):
        return self.filters or max(input_shape[-1] // len(self.bins), 1)


def part_means(size, parts, dtype):
    """The matrix `(parts, size)` that takes the mean of each part of a side."""
    part = ops.expand_dims(ops.arange(parts, dtype="int32"), 1)
    place = ops.expand_dims(ops.arange(size, dtype="int32"), 0)
    first = part * size // parts
    behind = -(-(part + 1) * size // parts)
    inside = ops.cast((place >= first) & (place < behind), "float32")
    return ops.cast(inside / ops.sum(inside, axis=1, keepdims=True), dtype)


def enlargement(parts, size, dtype):
    """The matrix `(size, parts)` that brings means back to a side, linearly."""
    place = ops.cast(ops.arange(size, dtype="int32"), "float32") + 0.5
    place = place * parts / ops.cast(size, "float32") - 0.5
    place = ops.expand_dims(ops.clip(place, 0.0, parts - 1.0), 1)
    part = ops.expand_dims(ops.arange(parts, dtype="float32"), 0)
    return ops.cast(ops.maximum(1 - ops.abs(place - part), 0.0), dtype)
