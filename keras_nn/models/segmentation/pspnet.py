import keras

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.layers.segmentation.pyramid_pooling import PyramidPooling
from keras_nn.models.segmentation.map_decoder import MapDecoder
from keras_nn.models.segmentation.map_decoder import check_single
from keras_nn.models.segmentation.map_decoder import coarsest


@keras.saving.register_keras_serializable(package="keras_nn")
class PSPNet(MapDecoder):
    """Segmentation with the means over large parts of the picture in view.

    `y = conv(PyramidPooling(c))` of one map `c` of the backbone.

    Args:
        backbone: `keras.Model` with `strides` and `features_only`, such as
            `ResNet(include_top=False)`.
        strides: list of one int, in pixels. Which map. Defaults to None: `[8]`
            where the backbone has it, else the largest.
        include_top: bool. Whether to end in class scores of the picture's
            size. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        classes: int. Number of classes. Defaults to 2.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        bins: list of ints. As in `PyramidPooling`. Defaults to
            `(1, 2, 3, 6)`.
        filters: int. Channels of the map. Defaults to 512.
        dropout: float. Share of channels dropped in training. Defaults to
            0.2.
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
    ...     "resnet20", input_shape=(16, 16, 3), include_top=False
    ... )
    >>> model = PSPNet(backbone, strides=[2], filters=8, classes=3)
    >>> model.output_shape
    (None, 16, 16, 3)

    Reference:
        [Zhao et al., 2017](https://arxiv.org/abs/1612.01105)
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
        filters=512,
        dropout=0.2,
        dtype=None,
        **kwargs,
    ):
        if strides is None and 8 in getattr(backbone, "strides", ()):
            strides = [8]
        strides = coarsest(backbone, 1, strides)
        check_single(strides)

        def decode(maps):
            x = PyramidPooling(bins, dtype=dtype, name="pyramid_pooling")(
                maps[0]
            )
            return ConvNormAct(filters, 1, dtype=dtype, name="map")(x)

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

    def get_config(self):
        return {
            **super().get_config(),
            "bins": self.bins,
            "filters": self.filters,
        }
