import keras

from keras_nn.layers.cnn.conv_batch_norm import ConvBatchNorm
from keras_nn.layers.cnn.fast_batch_normalization import FastBatchNormalization
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead


@keras.saving.register_keras_serializable(package="keras_nn")
class DenseNet(ImageBackbone):
    """Every layer of a block sees the maps of all layers before it.

    `x <- [x, conv3x3(relu(norm(conv1x1(relu(norm(x))))))]`

    Presets: `densenet121`, `169`, `201` for large pictures, which are, weight
    for weight, the networks of `keras.applications`; `densenet_bc100` for
    32x32 ones.

    Args:
        include_top: bool. Whether to end in pooling and a classifier.
            Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels; height and
            width may be None. Defaults to `(224, 224, 3)`.
        pooling: None, `"avg"` or `"max"`: what to do with the last map when
            there is no top. Defaults to None.
        classes: int. Number of classes. Defaults to 1000.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        num_layers: list of ints. Layers of each block. Defaults to
            `(6, 12, 24, 16)`.
        growth: int. Maps that a layer adds. Defaults to 32.
        compression: float. Share of the maps that the passage from one block
            to the next keeps. Defaults to 0.5.
        stem: `"imagenet"` (7x7 convolution and pooling, a quarter of the
            size) or `"cifar"` (3x3 convolution, full size). Defaults to
            `"imagenet"`.
        momentum: float. Share of the moving statistics that a step keeps.
            Defaults to 0.99.
        epsilon: float, added to variances. Defaults to 1.001e-5.
        synchronized: bool. Statistics over all replicas. Defaults to False.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, features of
        shape `(batch, height', width', channels')`, or `(batch, channels')`
        if pooled.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> model = DenseNet(
    ...     input_shape=(32, 32, 3), num_layers=[2, 2], growth=4, classes=10
    ... )
    >>> model.output_shape
    (None, 10)

    Reference:
        [Huang et al., 2017](https://arxiv.org/abs/1608.06993)
    """

    presets = {
        "densenet121": {"num_layers": [6, 12, 24, 16]},
        "densenet169": {"num_layers": [6, 12, 32, 32]},
        "densenet201": {"num_layers": [6, 12, 48, 32]},
        "densenet_bc100": {
            "num_layers": [16, 16, 16],
            "growth": 12,
            "stem": "cifar",
            "momentum": 0.9,
            "classes": 10,
        },
    }

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        num_layers=(6, 12, 24, 16),
        growth=32,
        compression=0.5,
        stem="imagenet",
        momentum=0.99,
        epsilon=1.001e-5,
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
        if stem not in ("imagenet", "cifar"):
            raise ValueError(
                f"`stem` must be 'imagenet' or 'cifar'. Received: {stem=}"
            )
        if not 0 < compression <= 1:
            raise ValueError(
                "`compression` must be above 0 and at most 1. "
                f"Received: {compression=}"
            )
        build = _Graph(growth, momentum, epsilon, synchronized, dtype)
        images = head.images()
        x, stride, maps = images, 1, {}
        if stem == "imagenet":
            x = build.conv_norm(x, 64, 7, "conv1", strides=2)
            maps[2] = x
            x = build.pool1(x)
            stride = 4
        else:
            x = build.conv(x, 2 * growth, 3, "conv1_conv")
        for index, count in enumerate(num_layers):
            for number in range(1, count + 1):
                x = build.layer(x, f"conv{index + 2}_block{number}")
            maps[stride] = x
            if index + 1 < len(num_layers):
                kept = int(x.shape[-1] * compression)
                x = build.passage(x, kept, f"pool{index + 2}")
                stride *= 2
        x = build.norm_relu(x, "bn", "relu")
        maps[stride] = x
        x = head.classify(head.pool(x))
        super().__init__(images, x, head, maps, **kwargs)

        self.num_layers = list(num_layers)
        self.growth = growth
        self.compression = compression
        self.stem = stem
        self.momentum = momentum
        self.epsilon = epsilon
        self.synchronized = synchronized

    def get_config(self):
        return {
            **super().get_config(),
            "num_layers": self.num_layers,
            "growth": self.growth,
            "compression": self.compression,
            "stem": self.stem,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "synchronized": self.synchronized,
        }


class _Graph:
    """The parts of the network, by the names of `keras.applications`."""

    def __init__(self, growth, momentum, epsilon, synchronized, dtype):
        self.growth = growth
        self.common = {"data_format": "channels_last", "dtype": dtype}
        self.norm_arguments = {
            "momentum": momentum,
            "epsilon": epsilon,
            "synchronized": synchronized,
            "dtype": dtype,
        }

    def conv(self, x, filters, kernel_size, name):
        return keras.layers.Conv2D(
            filters,
            kernel_size,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            name=name,
            **self.common,
        )(x)

    def conv_norm(self, x, filters, kernel_size, name, strides=1):
        return ConvBatchNorm(
            filters,
            kernel_size,
            strides=strides,
            padding=kernel_size // 2,
            activation="relu",
            name=name,
            **self.norm_arguments,
        )(x)

    def norm_relu(self, x, norm_name, relu_name):
        x = FastBatchNormalization(name=norm_name, **self.norm_arguments)(x)
        return keras.layers.Activation(
            "relu", dtype=self.common["dtype"], name=relu_name
        )(x)

    def pool1(self, x):
        x = keras.layers.ZeroPadding2D(1, name="pool1_pad", **self.common)(x)
        return keras.layers.MaxPooling2D(
            3, strides=2, name="pool1", **self.common
        )(x)

    def layer(self, x, name):
        new = self.norm_relu(x, f"{name}_0_bn", f"{name}_0_relu")
        new = self.conv_norm(new, 4 * self.growth, 1, f"{name}_1")
        new = self.conv(new, self.growth, 3, f"{name}_2_conv")
        return keras.layers.Concatenate(
            dtype=self.common["dtype"], name=f"{name}_concat"
        )([x, new])

    def passage(self, x, filters, name):
        x = self.norm_relu(x, f"{name}_bn", f"{name}_relu")
        x = self.conv(x, filters, 1, f"{name}_conv")
        return keras.layers.AveragePooling2D(
            2, name=f"{name}_pool", **self.common
        )(x)
