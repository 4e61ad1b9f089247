import keras

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.layers.segmentation.atrous_pyramid_pooling import (
    AtrousPyramidPooling,
)
from keras_nn.models.segmentation.map_decoder import MapDecoder
from keras_nn.models.segmentation.map_decoder import coarsest
from keras_nn.models.segmentation.map_decoder import enlarge


@keras.saving.register_keras_serializable(package="keras_nn")
class DeepLabV3Plus(MapDecoder):
    """Kernels with holes on a coarse map, sharpened by a fine one.

    `y = conv([conv1x1(c_fine), up(conv(ASPP(c_coarse)))])`

    with separable 3x3 convolutions. A backbone of `output_stride=16`, or 8,
    goes on with holes where it would halve once more, as the paper's does.

    Args:
        backbone: `keras.Model` with `strides` and `features_only`, such as
            `ResNet(include_top=False)`.
        strides: list of two ints, in pixels. The fine and the coarse map.
            Defaults to None: 4 and 16 where the backbone has them, else the
            finest and the coarsest of its four largest.
        include_top: bool. Whether to end in class scores of the picture's
            size. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        classes: int. Number of classes. Defaults to 2.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        rates: list of ints. As in `AtrousPyramidPooling`. Defaults to
            `(6, 12, 18)`.
        filters: int. Channels of the map. Defaults to 256.
        fine_filters: int. Channels that the fine map is reduced to. Defaults
            to the paper's 48.
        dropout: float. Share of channels dropped in training. Defaults to
            0.1.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, height / strides[0], width /
        strides[0], filters)`.

    Raises:
        ValueError: if there are not two strides, one a multiple of the other.

    Example:

    >>> from keras_nn.models import ResNet
    >>> backbone = ResNet.from_preset(
    ...     "resnet20", input_shape=(16, 16, 3), include_top=False
    ... )
    >>> model = DeepLabV3Plus(
    ...     backbone, strides=[1, 4], rates=[1, 2], filters=8, classes=3
    ... )
    >>> model.output_shape
    (None, 16, 16, 3)

    Reference:
        [Chen et al., 2018](https://arxiv.org/abs/1802.02611)
    """

    def __init__(
        self,
        backbone,
        strides=None,
        include_top=True,
        weights=None,
        classes=2,
        classifier_activation="softmax",
        rates=(6, 12, 18),
        filters=256,
        fine_filters=48,
        dropout=0.1,
        dtype=None,
        **kwargs,
    ):
        if strides is None:
            known = coarsest(backbone, 4)
            strides = (
                4 if 4 in known[:-1] else known[0],
                16 if 16 in known[1:] else known[-1],
            )
        strides = coarsest(backbone, 2, strides)
        if len(strides) != 2 or strides[1] % strides[0]:
            raise ValueError(
                "`strides` must name a fine and a coarse map that fits into "
                f"it. Received: {strides=}"
            )

        def separable(x, name):
            x = keras.layers.DepthwiseConv2D(
                3,
                padding="same",
                use_bias=False,
                data_format="channels_last",
                dtype=dtype,
                name=f"{name}_depthwise",
            )(x)
            return ConvNormAct(filters, 1, dtype=dtype, name=name)(x)

        def decode(maps):
            fine, coarse = maps
            x = AtrousPyramidPooling(
                filters, rates, separable=True, dtype=dtype, name="aspp"
            )(coarse)
            x = separable(x, "aspp_map")
            x = enlarge(x, strides[1] // strides[0], dtype, "aspp_enlarged")
            fine = ConvNormAct(fine_filters, 1, dtype=dtype, name="fine")(fine)
            x = keras.layers.Concatenate(dtype=dtype, name="join")([x, fine])
            return separable(x, "map")

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
        self.rates = list(rates)
        self.filters = filters
        self.fine_filters = fine_filters

    def get_config(self):
        return {
            **super().get_config(),
            "rates": self.rates,
            "filters": self.filters,
            "fine_filters": self.fine_filters,
        }
