import keras

from keras_nn.models.cnn.inverted_residuals import InvertedResiduals
from keras_nn.models.cnn.inverted_residuals import round_channels
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead

# Expansion, filters, blocks, strides of the first block.
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


@keras.saving.register_keras_serializable(package="keras_nn")
class MobileNetV2(ImageBackbone):
    """Inverted residual blocks with thin, linear ends.

    `y = x + project(relu6(depthwise(relu6(expand(x)))))`

    Presets: `mobilenet_v2` and, by width, `mobilenet_v2_35`, `_50`, `_75`,
    `_130`, `_140` (hundredths). They are, weight for weight, the networks of
    `keras.applications`.

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
        alpha: float. Factor of the number of filters. Defaults to 1.
        dropout: float. Share of features dropped before the classifier, in
            training. Defaults to 0.
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

    >>> model = MobileNetV2(input_shape=(32, 32, 3), alpha=0.35, classes=10)
    >>> model.output_shape
    (None, 10)

    Reference:
        [Sandler et al., 2018](https://arxiv.org/abs/1801.04381)
    """

    presets = {
        "mobilenet_v2": {},
        **{
            f"mobilenet_v2_{round(100 * alpha)}": {"alpha": alpha}
            for alpha in (0.35, 0.5, 0.75, 1.3, 1.4)
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
        alpha=1.0,
        dropout=0.0,
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
        if alpha <= 0:
            raise ValueError(f"`alpha` must be positive. Received: {alpha=}")
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
        x = blocks.stem(images, round_channels(32 * alpha), "relu6")
        number = 0
        for expansion, filters, count, strides in STAGES:
            for index in range(count):
                x = blocks.block(
                    x,
                    round_channels(int(filters * alpha)),
                    f"block_{number}",
                    expansion * x.shape[-1] if expansion > 1 else None,
                    strides=strides if index == 0 else 1,
                    activation="relu6",
                )
                number += 1
        # A thinner network keeps as many features as the plain one.
        features = round_channels(1280 * max(alpha, 1.0))
        x = blocks.conv(x, features, 1, 1, "relu6", "top")
        x = head.classify(head.drop(head.pool(x), dropout))
        super().__init__(images, x, head, blocks.maps, **kwargs)

        self.alpha = alpha
        self.dropout = dropout
        self.momentum = momentum
        self.epsilon = epsilon
        self.padding = padding
        self.synchronized = synchronized
        self.output_stride = output_stride

    def get_config(self):
        return {
            **super().get_config(),
            "alpha": self.alpha,
            "dropout": self.dropout,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "padding": self.padding,
            "synchronized": self.synchronized,
            "output_stride": self.output_stride,
        }
