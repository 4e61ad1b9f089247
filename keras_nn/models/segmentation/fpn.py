import keras

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.models.segmentation.map_decoder import MapDecoder
from keras_nn.models.segmentation.map_decoder import check_doubling
from keras_nn.models.segmentation.map_decoder import coarsest
from keras_nn.models.segmentation.map_decoder import enlarge


@keras.saving.register_keras_serializable(package="keras_nn")
class FPN(MapDecoder):
    """Segmentation by a feature pyramid: coarse maps inform the fine ones.

    `p_n = conv1x1(c_n)`, `p_i = conv1x1(c_i) + up(p_{i+1})`,
    `y = sum_i up(conv(... up(conv(p_i))))`

    with nearest neighbours on the way down the pyramid, and a 3x3 convolution
    with group normalisation before each bilinear doubling on the way to the
    finest map.

    Args:
        backbone: `keras.Model` with `strides` and `features_only`, such as
            `ResNet(include_top=False)`.
        strides: list of ints, in pixels; each twice the one before. Defaults
            to None: the four largest that the backbone has.
        include_top: bool. Whether to end in class scores of the picture's
            size. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        classes: int. Number of classes. Defaults to 2.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        pyramid_filters: int. Channels of the pyramid. Defaults to 256.
        filters: int. Channels of the map. Defaults to 128.
        norm_groups: int. Groups of the normalisation. Defaults to 32.
        dropout: float. Share of channels dropped in training. Defaults to
            0.2.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, height / strides[0], width /
        strides[0], filters)`.

    Raises:
        ValueError: if a stride is not twice the one before, or pictures are
            not whole multiples of the largest.

    Example:

    >>> from keras_nn.models import ResNet
    >>> backbone = ResNet.from_preset(
    ...     "resnet20", input_shape=(16, 16, 3), include_top=False
    ... )
    >>> model = FPN(backbone, strides=[1, 2, 4], filters=32, classes=3)
    >>> model.output_shape
    (None, 16, 16, 3)

    Reference:
        [Kirillov et al., 2019](https://arxiv.org/abs/1901.02446)
    """

    def __init__(
        self,
        backbone,
        strides=None,
        include_top=True,
        weights=None,
        classes=2,
        classifier_activation="softmax",
        pyramid_filters=256,
        filters=128,
        norm_groups=32,
        dropout=0.2,
        dtype=None,
        **kwargs,
    ):
        strides = coarsest(backbone, 4, strides)
        check_doubling(strides)

        def merged(finer, coarser, level):
            doubled = keras.layers.UpSampling2D(
                data_format="channels_last",
                dtype=dtype,
                name=f"pyramid_{level}_double",
            )(coarser)
            return keras.layers.Add(dtype=dtype, name=f"pyramid_{level}")(
                [finer, doubled]
            )

        def brought_up(x, level):
            for step in range(max(level, 1)):
                name = f"up_{level}_{step}"
                x = ConvNormAct(
                    filters,
                    3,
                    norm="group",
                    norm_groups=norm_groups,
                    dtype=dtype,
                    name=name,
                )(x)
                if level:
                    x = enlarge(x, 2, dtype, f"{name}_double")
            return x

        def decode(maps):
            pyramid = None
            levels = []
            for level in reversed(range(len(maps))):
                lateral = keras.layers.Conv2D(
                    pyramid_filters,
                    1,
                    data_format="channels_last",
                    dtype=dtype,
                    name=f"lateral_{level}",
                )(maps[level])
                pyramid = (
                    lateral
                    if pyramid is None
                    else merged(lateral, pyramid, level)
                )
                levels.append(brought_up(pyramid, level))
            return keras.layers.Add(dtype=dtype, name="map")(levels)

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
        self.pyramid_filters = pyramid_filters
        self.filters = filters
        self.norm_groups = norm_groups

    def get_config(self):
        return {
            **super().get_config(),
            "pyramid_filters": self.pyramid_filters,
            "filters": self.filters,
            "norm_groups": self.norm_groups,
        }
