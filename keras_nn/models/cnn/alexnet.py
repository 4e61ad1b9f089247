import keras

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.layers.cnn.local_response_normalization import (
    LocalResponseNormalization,
)
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead

_FILTERS = {1: (64, 192, 384, 256, 256), 2: (96, 256, 384, 384, 256)}


@keras.saving.register_keras_serializable(package="keras_nn")
class AlexNet(ImageBackbone):
    """Five convolutions and three dense layers, in two towers or in one.

    Presets: `alexnet2012`, the network that won ImageNet: two towers, which
    meet in the third convolution, and normalisation by neighbouring channels;
    `alexnet`, its form of 2014 in one tower, without that normalisation.

    Args:
        include_top: bool. Whether to end in dense layers and a classifier.
            Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels, at least 63
            (two towers: 67) high and wide; without the top, height and width
            may be None. Defaults to `(224, 224, 3)`; two towers were given 227.
        pooling: None, `"avg"` or `"max"`: what to do with the last map when
            there is no top. Defaults to None.
        classes: int. Number of classes. Defaults to 1000.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        towers: 1 or 2. Defaults to 1.
        units: int. Width of the two dense layers. Defaults to 4096.
        dropout: float. Share of units dropped after each dense layer, in
            training. Defaults to 0.5.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, features of
        shape `(batch, height', width', 256)`, or `(batch, 256)` if pooled.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> AlexNet(input_shape=(64, 64, 3), units=16, classes=10).output_shape
    (None, 10)

    Reference:
        [Krizhevsky et al., 2012](https://papers.nips.cc/paper/4824);
        [Krizhevsky, 2014](https://arxiv.org/abs/1404.5997)
    """

    presets = {
        "alexnet": {"towers": 1},
        "alexnet2012": {"towers": 2, "input_shape": (227, 227, 3)},
    }

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        towers=1,
        units=4096,
        dropout=0.5,
        dtype=None,
        **kwargs,
    ):
        head = ImageHead(
            include_top,
            weights,
            input_shape,
            pooling,
            classes,
            classifier_activation,
            dtype,
        )
        if towers not in _FILTERS:
            raise ValueError(f"`towers` must be 1 or 2. Received: {towers=}")
        least = 63 if towers == 1 else 67
        if any(s is not None and s < least for s in head.input_shape[:2]):
            raise ValueError(
                f"`input_shape` must be at least {least}x{least} pixels. "
                f"Received: {input_shape=}"
            )
        conv = {"norm": None, "dtype": dtype}
        first, second, third, fourth, fifth = _FILTERS[towers]
        images = head.images()
        x = images
        if towers == 1:
            x = keras.layers.ZeroPadding2D(
                2, data_format="channels_last", dtype=dtype, name="conv1_pad"
            )(x)
        x = ConvNormAct(
            first, 11, strides=4, padding="valid", name="conv1", **conv
        )(x)
        maps = {4: x}
        x = self._normalize_and_pool(x, towers, 1, dtype)
        x = ConvNormAct(second, 5, groups=towers, name="conv2", **conv)(x)
        maps[8] = x
        x = self._normalize_and_pool(x, towers, 2, dtype)
        x = ConvNormAct(third, 3, name="conv3", **conv)(x)
        x = ConvNormAct(fourth, 3, groups=towers, name="conv4", **conv)(x)
        x = ConvNormAct(fifth, 3, groups=towers, name="conv5", **conv)(x)
        maps[16] = x
        x = self._pool(x, 5, dtype)
        maps[32] = x
        if include_top:
            x = head.dense_layers(x, units, dropout)
        else:
            x = head.pool(x)
        super().__init__(images, head.classify(x), head, maps, **kwargs)

        self.towers = towers
        self.units = units
        self.dropout = dropout

    def get_config(self):
        return {
            **super().get_config(),
            "towers": self.towers,
            "units": self.units,
            "dropout": self.dropout,
        }

    def _normalize_and_pool(self, x, towers, index, dtype):
        if towers == 2:
            x = LocalResponseNormalization(dtype=dtype, name=f"norm{index}")(x)
        return self._pool(x, index, dtype)

    def _pool(self, x, index, dtype):
        return keras.layers.MaxPooling2D(
            3,
            strides=2,
            data_format="channels_last",
            dtype=dtype,
            name=f"pool{index}",
        )(x)
