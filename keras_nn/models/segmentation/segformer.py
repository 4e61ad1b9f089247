import keras

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.models.segmentation.map_decoder import MapDecoder
from keras_nn.models.segmentation.map_decoder import coarsest
from keras_nn.models.segmentation.map_decoder import enlarge


@keras.saving.register_keras_serializable(package="keras_nn")
class SegFormer(MapDecoder):
    """The light head of SegFormer: dense layers on each map, then one more.

    `y = conv1x1([up(W_i c_i + b_i) for every map c_i])`

    on the maps of any backbone, such as the paper's own, `MixTransformer`.

    Args:
        backbone: `keras.Model` with `strides` and `features_only`.
        strides: list of ints, in pixels. Defaults to None: the four largest
            that the backbone has.
        include_top: bool. Whether to end in class scores of the picture's
            size. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        classes: int. Number of classes. Defaults to 2.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        filters: int. Channels of the map. Defaults to 256.
        dropout: float. Share of channels dropped in training. Defaults to
            0.1.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, height / strides[0], width /
        strides[0], filters)`.

    Raises:
        ValueError: if the backbone has no such maps.

    Example:

    >>> from keras_nn.models import ResNet
    >>> backbone = ResNet.from_preset(
    ...     "resnet20", input_shape=(16, 16, 3), include_top=False
    ... )
    >>> model = SegFormer(backbone, strides=[1, 2, 4], filters=8, classes=3)
    >>> model.output_shape
    (None, 16, 16, 3)

    Reference:
        [Xie et al., 2021](https://arxiv.org/abs/2105.15203), section 3.2.
    """

    def __init__(
        self,
        backbone,
        strides=None,
        include_top=True,
        weights=None,
        classes=2,
        classifier_activation="softmax",
        filters=256,
        dropout=0.1,
        dtype=None,
        **kwargs,
    ):
        strides = coarsest(backbone, 4, strides)

        def decode(maps):
            levels = []
            for level in reversed(range(len(maps))):  # as published
                x = keras.layers.Dense(
                    filters, dtype=dtype, name=f"dense_{level}"
                )(maps[level])
                factor = strides[level] // strides[0]
                levels.append(enlarge(x, factor, dtype, f"enlarge_{level}"))
            x = keras.layers.Concatenate(dtype=dtype, name="join")(levels)
            return ConvNormAct(
                filters, 1, epsilon=1e-5, dtype=dtype, name="map"
            )(x)

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
