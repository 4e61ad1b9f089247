import math

import keras

from keras_nn.models.cnn.efficientnet_sizes import PRESETS
from keras_nn.models.cnn.efficientnet_sizes import STAGES
from keras_nn.models.cnn.inverted_residuals import InvertedResiduals
from keras_nn.models.cnn.inverted_residuals import round_channels
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import IMAGENET_MEAN
from keras_nn.models.image_head import IMAGENET_STD
from keras_nn.models.image_head import ImageHead


@keras.saving.register_keras_serializable(package="keras_nn")
class EfficientNet(ImageBackbone):
    """Inverted residual blocks, scaled together in width and depth.

    `y = x + project(weigh(silu(depthwise(silu(expand(x))))))`; version 2
    begins with blocks that expand and look around in one convolution.

    Presets: `efficientnetb0` to `b7`; of version 2 `efficientnetv2-b0` to
    `-b3` and `efficientnetv2-s`, `-m`, `-l`. They are, weight for weight, the
    networks of `keras.applications`.

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
        stages: str. Which table of blocks to scale: `"b"`, or of version 2
            `"v2-b"`, `"v2-s"`, `"v2-m"` or `"v2-l"`. Defaults to `"b"`.
        width: float. Factor of the number of filters. Defaults to 1.
        depth: float. Factor of the number of blocks. Defaults to 1.
        dropout: float. Share of features dropped before the classifier, in
            training. Defaults to 0.2.
        drop_path: float. Share of examples for which the last block would be
            dropped, in training; earlier blocks less. Defaults to 0.2.
        include_preprocessing: bool. Whether the network itself takes values
            of 0..255 to its range: `"b"` to 0..1, then by a mean and a
            variance that published weights bring along, else 0 and 1;
            `"v2-b"` by those of ImageNet if there are three channels; others
            to -1..1. Defaults to True.
        momentum: float or None. Share of the moving statistics that a step
            keeps. None takes 0.99, in version 2 0.9. Defaults to None.
        epsilon: float, added to variances. Defaults to 1e-3.
        padding: `"same"` or `"symmetric"`: zeros at the edges as TensorFlow
            sets them, or as PyTorch. Defaults to `"same"`.
        synchronized: bool. Statistics over all replicas. Defaults to False.
        output_stride: int or None. Where maps stop getting smaller, in pixels,
            such as 16 or 8: further on the taps of kernels move apart instead,
            so that weights remain those of the plain network. Defaults to
            None: nowhere.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, features of
        shape `(batch, height / 32, width / 32, channels')`, or
        `(batch, channels')` if pooled.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> model = EfficientNet(
    ...     input_shape=(32, 32, 3), width=0.25, depth=0.2, classes=10
    ... )
    >>> model.output_shape
    (None, 10)

    Reference:
        [Tan and Le, 2019](https://arxiv.org/abs/1905.11946);
        [version 2](https://arxiv.org/abs/2104.00298)
    """

    presets = PRESETS

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        stages="b",
        width=1.0,
        depth=1.0,
        dropout=0.2,
        drop_path=0.2,
        include_preprocessing=True,
        momentum=None,
        epsilon=1e-3,
        padding="same",
        synchronized=False,
        output_stride=None,
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
        if stages not in STAGES:
            raise ValueError(
                f"`stages` must be one of {sorted(STAGES)}. Received: {stages=}"
            )
        if min(width, depth) <= 0:
            raise ValueError(
                "`width` and `depth` must be positive. "
                f"Received: {width=}, {depth=}"
            )
        version_two = stages != "b"
        # Version 2 never rounds up again what it has rounded down.
        shrink = 0.0 if version_two else 0.9

        def channels(count):
            return round_channels(count * width, shrink=shrink)

        default = 0.9 if version_two else 0.99
        blocks = InvertedResiduals(
            default if momentum is None else momentum,
            _fan_out,
            synchronized,
            dtype,
            epsilon,
            padding,
            output_stride,
        )
        table = STAGES[stages]
        counts = [math.ceil(depth * stage["blocks"]) for stage in table]
        images = head.images()
        x = images
        if include_preprocessing:
            x = preprocess(x, stages, dtype)
        x = blocks.stem(x, channels(table[0]["inputs"]), "silu")
        number = 0
        for index, (stage, count) in enumerate(
            zip(table, counts, strict=True), start=1
        ):
            for place in range(count):
                narrow = x.shape[-1]
                expansion = stage["expansion"]
                arguments = {
                    "kernel_size": stage["kernel_size"],
                    "strides": 1 if place else stage["strides"],
                    "activation": "silu",
                    "drop": drop_path * number / sum(counts),
                }
                build = blocks.fused_block
                if not stage["fused"]:
                    build = blocks.block
                    arguments["squeezed"] = max(1, narrow // 4)
                    arguments["squeeze_activation"] = "silu"
                x = build(
                    x,
                    channels(stage["filters"]),
                    f"block{index}{chr(ord('a') + place)}",
                    expansion * narrow if expansion > 1 else None,
                    **arguments,
                )
                number += 1
        x = blocks.conv(x, channels(1280), 1, 1, "silu", "top")
        x = head.classify(head.drop(head.pool(x), dropout))
        super().__init__(images, x, head, blocks.maps, **kwargs)

        self.stages = stages
        self.width = width
        self.depth = depth
        self.dropout = dropout
        self.drop_path = drop_path
        self.include_preprocessing = include_preprocessing
        self.momentum = momentum
        self.epsilon = epsilon
        self.padding = padding
        self.synchronized = synchronized
        self.output_stride = output_stride

    def get_config(self):
        return {
            **super().get_config(),
            "stages": self.stages,
            "width": self.width,
            "depth": self.depth,
            "dropout": self.dropout,
            "drop_path": self.drop_path,
            "include_preprocessing": self.include_preprocessing,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "padding": self.padding,
            "synchronized": self.synchronized,
            "output_stride": self.output_stride,
        }


def preprocess(x, stages, dtype):
    """From 0..255 to the range that published weights were trained in."""
    layers = keras.layers
    if stages not in ("b", "v2-b") or (stages == "v2-b" and x.shape[-1] != 3):
        return layers.Rescaling(1 / 128, -1.0, dtype=dtype, name="rescaling")(x)
    x = layers.Rescaling(1 / 255, dtype=dtype, name="rescaling")(x)
    if stages == "b":
        return layers.Normalization(dtype=dtype, name="normalization")(x)
    return layers.Normalization(
        mean=IMAGENET_MEAN,
        variance=[std**2 for std in IMAGENET_STD],
        dtype=dtype,
        name="normalization",
    )(x)


def _fan_out():
    return keras.initializers.VarianceScaling(
        2.0, mode="fan_out", distribution="truncated_normal"
    )
