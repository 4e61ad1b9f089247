import keras

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.layers.segmentation.pyramid_pooling import PyramidPooling
from keras_nn.models.segmentation.map_decoder import MapDecoder
from keras_nn.models.segmentation.map_decoder import coarsest
from keras_nn.models.segmentation.map_decoder import enlarge


@keras.saving.register_keras_serializable(package="keras_nn")
class UPerNet(MapDecoder):
    """A feature pyramid whose coarsest map sees the means of large parts.

    `p_n = conv3x3(PyramidPooling(c_n))`, `p_i = conv1x1(c_i) + up(p_{i+1})`,
    `y = conv3x3([conv3x3(p_1), up(conv3x3(p_2)), ..., up(p_n)])`

    with batch normalisation and ReLU behind every convolution: the usual
    decoder of Swin and ConvNeXt.

    Args:
        backbone: `keras.Model` with `strides` and `features_only`, such as
            `SwinTransformer(include_top=False)`.
        strides: list of ints, in pixels; each a multiple of the one before.
            Defaults to None: the four largest that the backbone has.
        include_top: bool. Whether to end in class scores of the picture's
            size. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        classes: int. Number of classes. Defaults to 2.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        bins: list of ints. As in `PyramidPooling`. Defaults to
            `(1, 2, 3, 6)`.
        filters: int. Channels of all maps. Defaults to 256.
        normalize: bool. Whether the backbone's maps are normalised over their
            channels before anything else, as it is usual for transformers.
            Defaults to True.
        dropout: float. Share of channels dropped in training. Defaults to
            0.1.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, height / strides[0], width /
        strides[0], filters)`.

    Raises:
        ValueError: if a stride is no multiple of the one before.

    Example:

    >>> from keras_nn.models import ResNet
    >>> backbone = ResNet.from_preset(
    ...     "resnet20", input_shape=(16, 16, 3), include_top=False
    ... )
    >>> UPerNet(backbone, filters=8, classes=3).output_shape
    (None, 16, 16, 3)

    Reference:
        [Xiao et al., 2018](https://arxiv.org/abs/1807.10221)
    """

    def __init__(
        self,
        backbone,
        strides=None,
        include_top=True,
        weights=None,
        classes=2,
        classifier_activation="softmax",
        bins=(1, 2, 3, 6),
        filters=256,
        normalize=True,
        dropout=0.1,
        dtype=None,
        **kwargs,
    ):
        strides = coarsest(backbone, 4, strides)
        if any(b % a for a, b in zip(strides, strides[1:], strict=False)):
            raise ValueError(
                "Each of `strides` must be a multiple of the one before. "
                f"Received: {strides=}"
            )

        def conv(x, size, name):
            return ConvNormAct(filters, size, dtype=dtype, name=name)(x)

        def norm(x, level):
            return keras.layers.LayerNormalization(
                epsilon=1e-6, dtype=dtype, name=f"norm_{level}"
            )(x)

        def decode(maps):
            if normalize:
                maps = [norm(x, level) for level, x in enumerate(maps)]
            x = PyramidPooling(
                bins, filters, dtype=dtype, name="pyramid_pooling"
            )(maps[-1])
            x = conv(x, 3, "pooled")
            levels = [x]
            for level in reversed(range(len(maps) - 1)):
                factor = strides[level + 1] // strides[level]
                x = enlarge(x, factor, dtype, f"pyramid_{level}_enlarged")
                x = keras.layers.Add(dtype=dtype, name=f"pyramid_{level}")(
                    [x, conv(maps[level], 1, f"lateral_{level}")]
                )
                levels.insert(0, x)
            for level, x in enumerate(levels):
                if level < len(levels) - 1:
                    x = conv(x, 3, f"smooth_{level}")
                factor = strides[level] // strides[0]
                levels[level] = enlarge(x, factor, dtype, f"enlarge_{level}")
            if len(levels) > 1:
                x = keras.layers.Concatenate(dtype=dtype, name="join")(levels)
            return conv(x, 3, "map")

        super().__init__(
            backbone,
            strides,
            decode,
            include_top,
            weights,
            classes,
            classifier_activation,
            dropout,
            dtype,
            **kwargs,
        )
        self.bins = list(bins)
        self.filters = filters
        self.normalize = normalize

    def get_config(self):
        return {
            **super().get_config(),
            "bins": self.bins,
            "filters": self.filters,
            "normalize": self.normalize,
        }
