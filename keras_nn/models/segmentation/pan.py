import keras

from keras_nn.layers.segmentation.feature_pyramid_attention import (
    FeaturePyramidAttention,
)
from keras_nn.layers.segmentation.global_attention_upsample import (
    GlobalAttentionUpsample,
)
from keras_nn.models.segmentation.map_decoder import MapDecoder
from keras_nn.models.segmentation.map_decoder import coarsest


@keras.saving.register_keras_serializable(package="keras_nn")
class PAN(MapDecoder):
    """Pyramid attention network: coarse maps say which fine features count.

    `y_n = FPA(c_n)`, `y_i = GAU(c_i, y_{i+1})`

    with `FeaturePyramidAttention` on the coarsest map and a
    `GlobalAttentionUpsample` on the way to each finer one.

    Args:
        backbone: `keras.Model` with `strides` and `features_only`, such as
            `ResNet(include_top=False, output_stride=16)`, as in the paper.
        strides: list of ints, in pixels. Defaults to None: the four largest
            that the backbone has.
        include_top: bool. Whether to end in class scores of the picture's
            size. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        classes: int. Number of classes. Defaults to 2.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        filters: int. Channels of the map. Defaults to 32.
        dropout: float. Share of channels dropped in training. Defaults to 0.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, height / strides[0], width /
        strides[0], filters)`.

    Raises:
        ValueError: if the backbone has no such maps, or pictures are not
            whole multiples of the largest stride.

    Example:

    >>> from keras_nn.models import ResNet
    >>> backbone = ResNet.from_preset(
    ...     "resnet20", input_shape=(16, 16, 3), include_top=False
    ... )
    >>> PAN(backbone, filters=8, classes=3).output_shape
    (None, 16, 16, 3)

    Reference:
        [Li et al., 2018](https://arxiv.org/abs/1805.10180)
    """

    def __init__(
        self,
        backbone,
        strides=None,
        include_top=True,
        weights=None,
        classes=2,
        classifier_activation="softmax",
        filters=32,
        dropout=0.0,
        dtype=None,
        **kwargs,
    ):
        strides = coarsest(backbone, 4, strides)

        def decode(maps):
            x = FeaturePyramidAttention(filters, dtype=dtype, name="attention")(
                maps[-1]
            )
            for level in reversed(range(len(maps) - 1)):
                x = GlobalAttentionUpsample(
                    filters, dtype=dtype, name=f"up_{level}"
                )([maps[level], x])
            return x

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
        self.filters = filters

    def get_config(self):
        return {**super().get_config(), "filters": self.filters}
