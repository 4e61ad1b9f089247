import keras

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.layers.segmentation.atrous_pyramid_pooling import (
    AtrousPyramidPooling,
)
from keras_nn.models.segmentation.map_decoder import MapDecoder
from keras_nn.models.segmentation.map_decoder import check_single
from keras_nn.models.segmentation.map_decoder import coarsest


@keras.saving.register_keras_serializable(package="keras_nn")
class DeepLabV3(MapDecoder):
    """Kernels with holes of several widths on one map of the backbone.

    `y = conv3x3(ASPP(c))`

    The paper's map is as deep as the backbone goes and 8 or 16 times as small
    as the picture: that of a backbone with `output_stride=8` or 16.

    Args:
        backbone: `keras.Model` with `strides` and `features_only`, such as
            `ResNet(include_top=False, output_stride=8)`.
        strides: list of one int, in pixels. Which map. Defaults to None: the
            coarsest.
        include_top: bool. Whether to end in class scores of the picture's
            size. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        classes: int. Number of classes. Defaults to 2.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        rates: list of ints. As in `AtrousPyramidPooling`. Defaults to
            `(12, 24, 36)`, meant for stride 8; halve them for 16.
        separable: bool. Whether kernels with holes are depthwise and then
            pointwise. Defaults to False.
        filters: int. Channels of the map. Defaults to 256.
        pooling_dropout: float. Share of features dropped behind the pyramid,
            in training. Defaults to 0.5.
        dropout: float. Share of channels dropped in training. Defaults to 0.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, height / stride, width / stride,
        filters)`.

    Raises:
        ValueError: if not exactly one stride is given.

    Example:

    >>> from keras_nn.models import ResNet
    >>> backbone = ResNet.from_preset(
    ...     "resnet20", input_shape=(16, 16, 3), include_top=False,
    ...     output_stride=2,
    ... )
    >>> model = DeepLabV3(backbone, rates=[1, 2], filters=8, classes=3)
    >>> model.strides, model.output_shape
    ([2], (None, 16, 16, 3))

    Reference:
        [Chen et al., 2017](https://arxiv.org/abs/1706.05587)
    """

    def __init__(
        self,
        backbone,
        strides=None,
        include_top=True,
        weights=None,
        classes=2,
        classifier_activation="softmax",
        rates=(12, 24, 36),
        separable=False,
        filters=256,
        pooling_dropout=0.5,
        dropout=0.0,
        dtype=None,
        **kwargs,
    ):
        strides = coarsest(backbone, 1, strides)
        check_single(strides)

        def decode(maps):
            x = AtrousPyramidPooling(
                filters,
                rates,
                separable=separable,
                dropout=pooling_dropout,
                dtype=dtype,
                name="aspp",
            )(maps[0])
            return ConvNormAct(filters, 3, dtype=dtype, name="map")(x)

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
        self.separable = separable
        self.filters = filters
        self.pooling_dropout = pooling_dropout

    def get_config(self):
        return {
            **super().get_config(),
            "rates": self.rates,
            "separable": self.separable,
            "filters": self.filters,
            "pooling_dropout": self.pooling_dropout,
        }
