import keras

from keras_nn.layers.cnn.conv_batch_norm import ConvBatchNorm
from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead


def _presets():
    sizes = {
        11: [1, 1, 2, 2, 2],
        13: [2, 2, 2, 2, 2],
        16: [2, 2, 3, 3, 3],
        19: [2, 2, 4, 4, 4],
    }
    return {
        f"vgg{depth}{'_bn' if batch_norm else ''}": {
            "num_convs": num_convs,
            "batch_norm": batch_norm,
        }
        for depth, num_convs in sizes.items()
        for batch_norm in (False, True)
    }


@keras.saving.register_keras_serializable(package="keras_nn")
class VGG(ImageBackbone):
    """Blocks of 3x3 convolutions and a pooling, then dense layers.

    `x <- maxpool(relu(conv(... relu(conv(x)))))` for every block

    Presets: `vgg11`, `vgg13`, `vgg16`, `vgg19`, each also with the suffix
    `_bn` for batch normalisation. `vgg16` and `vgg19` are, weight for weight,
    the networks of `keras.applications`.

    Args:
        include_top: bool. Whether to end in dense layers and a classifier.
            Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels. Without the
            top, height and width may be None. Defaults to `(224, 224, 3)`.
        pooling: None, `"avg"` or `"max"`: what to do with the last map when
            there is no top. Defaults to None.
        classes: int. Number of classes. Defaults to 1000.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        num_convs: list of ints. Convolutions of each block. Defaults to
            `(2, 2, 3, 3, 3)`.
        num_filters: list of ints. Filters of each block. Defaults to
            `(64, 128, 256, 512, 512)`.
        units: int or None. Width of the two dense layers before the
            classifier; None classifies the mean of the last map, as networks
            for small pictures do. Defaults to 4096.
        dropout: float. Share of units dropped after each dense layer, in
            training. Defaults to 0.
        batch_norm: bool. Whether convolutions are normalised. Defaults to
            False.
        epsilon: float, added to variances. Defaults to 1e-3.
        synchronized: bool. Statistics over all replicas. Defaults to False.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, features of
        shape `(batch, height / 32, width / 32, 512)`, or `(batch, 512)` if
        pooled.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> model = VGG.from_preset(
    ...     "vgg11_bn", input_shape=(32, 32, 3), units=None, classes=10
    ... )
    >>> model.output_shape
    (None, 10)

    Reference:
        [Simonyan and Zisserman, 2015](https://arxiv.org/abs/1409.1556)
    """

    presets = _presets()

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        num_convs=(2, 2, 3, 3, 3),
        num_filters=(64, 128, 256, 512, 512),
        units=4096,
        dropout=0.0,
        batch_norm=False,
        epsilon=1e-3,
        synchronized=False,
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
        if len(num_convs) != len(num_filters):
            raise ValueError(
                "`num_convs` and `num_filters` must have one entry a block. "
                f"Received: {num_convs=}, {num_filters=}"
            )
        conv = {"activation": "relu", "dtype": dtype}
        if batch_norm:
            conv |= {"use_bias": True, "epsilon": epsilon}
            conv |= {"synchronized": synchronized}
        else:
            conv |= {"norm": None}
        layer = ConvBatchNorm if batch_norm else ConvNormAct
        images = head.images()
        x, maps = images, {}
        for block, (count, filters) in enumerate(
            zip(num_convs, num_filters, strict=True), start=1
        ):
            for index in range(1, count + 1):
                name = f"block{block}_conv{index}"
                x = layer(filters, 3, name=name, **conv)(x)
            maps[2 ** (block - 1)] = x
            x = keras.layers.MaxPooling2D(
                data_format="channels_last",
                dtype=dtype,
                name=f"block{block}_pool",
            )(x)
            maps[2**block] = x
        if include_top and units is not None:
            x = head.dense_layers(x, units, dropout)
        else:
            x = head.pool(x)
        super().__init__(images, head.classify(x), head, maps, **kwargs)

        self.num_convs = list(num_convs)
        self.num_filters = list(num_filters)
        self.units = units
        self.dropout = dropout
        self.batch_norm = batch_norm
        self.epsilon = epsilon
        self.synchronized = synchronized

    def get_config(self):
        return {
            **super().get_config(),
            "num_convs": self.num_convs,
            "num_filters": self.num_filters,
            "units": self.units,
            "dropout": self.dropout,
            "batch_norm": self.batch_norm,
            "epsilon": self.epsilon,
            "synchronized": self.synchronized,
        }
