import keras

from keras_nn.models.cnn.inverted_residuals import InvertedResiduals
from keras_nn.models.cnn.inverted_residuals import round_channels
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead

# Side of the kernel, expansion, filters, squeeze, activation, strides.
_LARGE = (
    (3, 1, 16, False, "relu", 1),
    (3, 4, 24, False, "relu", 2),
    (3, 3, 24, False, "relu", 1),
    (5, 3, 40, True, "relu", 2),
    (5, 3, 40, True, "relu", 1),
    (5, 3, 40, True, "relu", 1),
    (3, 6, 80, False, "hard_swish", 2),
    (3, 2.5, 80, False, "hard_swish", 1),
    (3, 2.3, 80, False, "hard_swish", 1),
    (3, 2.3, 80, False, "hard_swish", 1),
    (3, 6, 112, True, "hard_swish", 1),
    (3, 6, 112, True, "hard_swish", 1),
    (5, 6, 160, True, "hard_swish", 2),
    (5, 6, 160, True, "hard_swish", 1),
    (5, 6, 160, True, "hard_swish", 1),
)
_SMALL = (
    (3, 1, 16, True, "relu", 2),
    (3, 72 / 16, 24, False, "relu", 2),
    (3, 88 / 24, 24, False, "relu", 1),
    (5, 4, 40, True, "hard_swish", 2),
    (5, 6, 40, True, "hard_swish", 1),
    (5, 6, 40, True, "hard_swish", 1),
    (5, 3, 48, True, "hard_swish", 1),
    (5, 3, 48, True, "hard_swish", 1),
    (5, 6, 96, True, "hard_swish", 2),
    (5, 6, 96, True, "hard_swish", 1),
    (5, 6, 96, True, "hard_swish", 1),
)
# Blocks, and width of the dense layer before the classifier.
SIZES = {"large": (_LARGE, 1280), "small": (_SMALL, 1024)}


@keras.saving.register_keras_serializable(package="keras_nn")
class MobileNetV3(ImageBackbone):
    """Inverted residual blocks, weighed by channel, found by search.

    `y = x + project(weigh(act(depthwise(act(expand(x))))))`

    Presets: `mobilenet_v3_small` and `mobilenet_v3_large`, each also with
    the suffixes `_75` (0.75 of the filters) and `_minimalistic` (3x3 kernels
    and ReLU only, no weighing). They are, weight for weight, the networks of
    `keras.applications`.

    Args:
        include_top: bool. Whether to end in pooling, a dense layer and a
            classifier. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels; height and
            width may be None. Defaults to `(224, 224, 3)`.
        pooling: None, `"avg"` or `"max"`: what to do with the last map when
            there is no top. Defaults to None.
        classes: int. Number of classes. Defaults to 1000.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        size: `"large"` or `"small"`. Defaults to `"large"`.
        alpha: float. Factor of the number of filters. Defaults to 1.
        minimalistic: bool. Whether only to use what every device computes
            fast. Defaults to False.
        dropout: float. Share of features dropped before the classifier, in
            training. Defaults to 0.2.
        include_preprocessing: bool. Whether the network itself takes values
            of 0..255 to -1..1. Defaults to True.
        momentum: float. Share of the moving statistics that a step keeps.
            Defaults to 0.999.
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

    >>> model = MobileNetV3.from_preset(
    ...     "mobilenet_v3_small", input_shape=(32, 32, 3), classes=10
    ... )
    >>> model.output_shape
    (None, 10)

    Reference:
        [Howard et al., 2019](https://arxiv.org/abs/1905.02244)
    """

    presets = {
        f"mobilenet_v3_{size}{suffix}": {"size": size, **arguments}
        for size in SIZES
        for suffix, arguments in (
            ("", {}),
            ("_75", {"alpha": 0.75}),
            ("_minimalistic", {"minimalistic": True}),
        )
    }

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        size="large",
        alpha=1.0,
        minimalistic=False,
        dropout=0.2,
        include_preprocessing=True,
        momentum=0.999,
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
        if size not in SIZES:
            raise ValueError(
                f"`size` must be one of {sorted(SIZES)}. Received: {size=}"
            )
        if alpha <= 0:
            raise ValueError(f"`alpha` must be positive. Received: {alpha=}")
        table, units = SIZES[size]
        last = "relu" if minimalistic else "hard_swish"
        blocks = InvertedResiduals(
            momentum,
            keras.initializers.HeNormal,
            synchronized,
            dtype,
            epsilon,
            padding,
            output_stride,
        )
        images = head.images()
        x = images
        if include_preprocessing:
            x = keras.layers.Rescaling(
                1 / 127.5, -1.0, dtype=dtype, name="rescaling"
            )(x)
        x = blocks.stem(x, 16, last)
        for index, (
            kernel_size,
            expansion,
            filters,
            squeeze,
            activation,
            strides,
        ) in enumerate(table):
            expanded = round_channels(x.shape[-1] * expansion)
            squeezed = round_channels(expanded * 0.25)
            x = blocks.block(
                x,
                round_channels(filters * alpha),
                f"block_{index}",
                expanded if index else None,
                kernel_size=3 if minimalistic else kernel_size,
                strides=strides,
                activation="relu" if minimalistic else activation,
                squeezed=squeezed if squeeze and not minimalistic else 0,
                gate="hard_sigmoid",
            )
        x = blocks.conv(x, round_channels(6 * x.shape[-1]), 1, 1, last, "top")
        x = head.pool(x)
        if include_top:
            x = keras.layers.Dense(
                round_channels(units * alpha) if alpha > 1 else units,
                activation=last,
                kernel_initializer="he_normal",
                dtype=dtype,
                name="hidden",
            )(x)
        x = head.classify(head.drop(x, dropout))
        super().__init__(images, x, head, blocks.maps, **kwargs)

        self.size = size
        self.alpha = alpha
        self.minimalistic = minimalistic
        self.dropout = dropout
        self.include_preprocessing = include_preprocessing
        self.momentum = momentum
        self.epsilon = epsilon
        self.padding = padding
        self.synchronized = synchronized
        self.output_stride = output_stride

    def get_config(self):
        return {
            **super().get_config(),
            "size": self.size,
            "alpha": self.alpha,
            "minimalistic": self.minimalistic,
            "dropout": self.dropout,
            "include_preprocessing": self.include_preprocessing,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "padding": self.padding,
            "synchronized": self.synchronized,
            "output_stride": self.output_stride,
        }
