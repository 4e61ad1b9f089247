import keras

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.layers.cnn.fast_batch_normalization import FastBatchNormalization
from keras_nn.models.segmentation.map_decoder import MapDecoder
from keras_nn.models.segmentation.map_decoder import check_doubling
from keras_nn.models.segmentation.map_decoder import coarsest


@keras.saving.register_keras_serializable(package="keras_nn")
class LinkNet(MapDecoder):
    """A U-Net that adds instead of putting side by side, and is fast for it.

    `y_i = x_i + conv1x1(double(conv1x1(y_{i+1})))`

    with a quarter of the channels in the middle, where a learnt 4x4
    convolution doubles the map, and batch normalisation and ReLU behind each
    of the three. Sizes that the backbone has no map of have nothing to add.

    Args:
        backbone: `keras.Model` with `strides` and `features_only`, such as
            `ResNet(include_top=False)`.
        strides: list of ints, in pixels; each twice the one before. Defaults
            to None: all that the backbone has.
        include_top: bool. Whether to end in class scores of the picture's
            size. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        classes: int. Number of classes. Defaults to 2.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        filters: int. Channels of the full size, where the backbone has no map
            of it. Defaults to 32.
        dropout: float. Share of channels dropped in training. Defaults to 0.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, height, width, filters)`.

    Raises:
        ValueError: if a stride is not twice the one before, or pictures are
            not whole multiples of the largest.

    Example:

    >>> from keras_nn.models import ResNet
    >>> backbone = ResNet.from_preset(
    ...     "resnet18", input_shape=(32, 32, 3), include_top=False
    ... )
    >>> LinkNet(backbone, classes=3).output_shape
    (None, 32, 32, 3)

    Reference:
        [Chaurasia and Culurciello, 2017](https://arxiv.org/abs/1707.03718)
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
        strides = coarsest(backbone, 0, strides)
        check_doubling(strides)

        def doubled(x, width, name):
            middle = max(x.shape[-1] // 4, 1)
            x = ConvNormAct(middle, 1, dtype=dtype, name=f"{name}_in")(x)
            x = keras.layers.Conv2DTranspose(
                middle,
                4,
                strides=2,
                padding="same",
                use_bias=False,
                kernel_initializer="he_normal",
                data_format="channels_last",
                dtype=dtype,
                name=f"{name}_double",
            )(x)
            x = FastBatchNormalization(dtype=dtype, name=f"{name}_norm")(x)
            x = keras.layers.Activation(
                "relu", dtype=dtype, name=f"{name}_relu"
            )(x)
            return ConvNormAct(width, 1, dtype=dtype, name=f"{name}_out")(x)

        def decode(maps):
            x = maps[-1]
            for level in reversed(range(len(maps) - 1)):
                bridge = maps[level]
                x = doubled(x, bridge.shape[-1], f"up_{level}")
                x = keras.layers.Add(dtype=dtype, name=f"link_{level}")(
                    [x, bridge]
                )
            stride = strides[0]
            while stride > 1:
                stride //= 2
                width = x.shape[-1] if stride > 1 else filters
                x = doubled(x, width, f"without_link_{stride}")
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
            map_stride=1,
            **kwargs,
        )
        self.filters = filters

    def get_config(self):
        return {**super().get_config(), "filters": self.filters}
