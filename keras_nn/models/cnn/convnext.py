import keras
import numpy as np

from keras_nn.layers.cnn.drop_path import DropPath
from keras_nn.layers.cnn.global_response_normalization import (
    GlobalResponseNormalization,
)
from keras_nn.layers.cnn.layer_scale import LayerScale
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import IMAGENET_MEAN
from keras_nn.models.image_head import IMAGENET_STD
from keras_nn.models.image_head import ImageHead


def _presets():
    presets = {}
    for name, depths, width in (
        ("convnext_tiny", [3, 3, 9, 3], 96),
        ("convnext_small", [3, 3, 27, 3], 96),
        ("convnext_base", [3, 3, 27, 3], 128),
        ("convnext_large", [3, 3, 27, 3], 192),
        ("convnext_xlarge", [3, 3, 27, 3], 256),
        ("convnextv2_atto", [2, 2, 6, 2], 40),
        ("convnextv2_femto", [2, 2, 6, 2], 48),
        ("convnextv2_pico", [2, 2, 6, 2], 64),
        ("convnextv2_nano", [2, 2, 8, 2], 80),
        ("convnextv2_tiny", [3, 3, 9, 3], 96),
        ("convnextv2_base", [3, 3, 27, 3], 128),
        ("convnextv2_large", [3, 3, 27, 3], 192),
        ("convnextv2_huge", [3, 3, 27, 3], 352),
    ):
        presets[name] = {
            "depths": depths,
            "widths": [width, 2 * width, 4 * width, 8 * width],
        }
        if "v2" in name:
            presets[name] |= {"layer_scale": None, "response_norm": True}
    return presets


@keras.saving.register_keras_serializable(package="keras_nn")
class ConvNeXt(ImageBackbone):
    """Convolutions in the form of a transformer, versions 1 and 2.

    `y = x + scale(gelu(norm(depthwise7x7(x)) @ W1 + b1) @ W2 + b2)`; version
    2 normalises global responses after the GELU instead of scaling.

    Presets: `convnext_tiny`, `small`, `base`, `large`, `xlarge`, which are,
    weight for weight, the networks of `keras.applications`; of version 2
    `convnextv2_atto`, `femto`, `pico`, `nano`, `tiny`, `base`, `large`,
    `huge`.

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
        depths: list of ints. Blocks of each stage. Defaults to
            `(3, 3, 9, 3)`.
        widths: list of ints. Channels of each stage. Defaults to
            `(96, 192, 384, 768)`.
        drop_path: float. Share of examples for which the last block is
            dropped, in training; earlier blocks less. Defaults to 0.
        layer_scale: float or None. Start of the factor of each block; None
            leaves it out. Defaults to 1e-6.
        response_norm: bool. Whether blocks normalise global responses.
            Defaults to False.
        include_preprocessing: bool. Whether the network itself normalises
            pictures of three channels, values 0..255, by mean and standard
            deviation of ImageNet. Defaults to True.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, features of
        shape `(batch, height / 32, width / 32, channels')`, or
        `(batch, channels')` if pooled.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> model = ConvNeXt(
    ...     input_shape=(32, 32, 3), depths=[1, 1], widths=[8, 16], classes=10
    ... )
    >>> model.output_shape
    (None, 10)

    Reference:
        [Liu et al., 2022](https://arxiv.org/abs/2201.03545);
        [version 2](https://arxiv.org/abs/2301.00808)
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
        depths=(3, 3, 9, 3),
        widths=(96, 192, 384, 768),
        drop_path=0.0,
        layer_scale=1e-6,
        response_norm=False,
        include_preprocessing=True,
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
        if len(depths) != len(widths):
            raise ValueError(
                "`depths` and `widths` must have one entry a stage. "
                f"Received: {depths=}, {widths=}"
            )
        build = _Graph(layer_scale, response_norm, dtype)
        rates = iter(np.linspace(0.0, drop_path, sum(depths)).tolist())
        images = head.images()
        x, maps = images, {}
        if include_preprocessing and x.shape[-1] == 3:
            x = keras.layers.Normalization(
                mean=[255 * mean for mean in IMAGENET_MEAN],
                variance=[(255 * std) ** 2 for std in IMAGENET_STD],
                dtype=dtype,
                name="normalization",
            )(x)
        for stage, (depth, width) in enumerate(
            zip(depths, widths, strict=True)
        ):
            if stage == 0:
                x = build.conv(x, width, 4, "stem_conv")
                x = build.norm(x, "stem_norm")
            else:
                x = build.norm(x, f"downsample_{stage}_norm")
                x = build.conv(x, width, 2, f"downsample_{stage}_conv")
            for block in range(depth):
                name = f"stage_{stage}_block_{block}"
                x = build.block(x, next(rates), name)
            maps[4 * 2**stage] = x
        x = head.classify(build.norm(head.pool(x), "norm"))
        super().__init__(images, x, head, maps, **kwargs)

        self.depths = list(depths)
        self.widths = list(widths)
        self.drop_path = drop_path
        self.layer_scale = layer_scale
        self.response_norm = response_norm
        self.include_preprocessing = include_preprocessing

    def get_config(self):
        return {
            **super().get_config(),
            "depths": self.depths,
            "widths": self.widths,
            "drop_path": self.drop_path,
            "layer_scale": self.layer_scale,
            "response_norm": self.response_norm,
            "include_preprocessing": self.include_preprocessing,
        }


class _Graph:
    """The parts of the network."""

    def __init__(self, layer_scale, response_norm, dtype):
        self.layer_scale = layer_scale
        self.response_norm = response_norm
        self.dtype = dtype

    def norm(self, x, name):
        return keras.layers.LayerNormalization(
            epsilon=1e-6, dtype=self.dtype, name=name
        )(x)

    def conv(self, x, filters, size, name):
        return keras.layers.Conv2D(
            filters,
            size,
            strides=size,
            kernel_initializer=keras.initializers.TruncatedNormal(stddev=0.02),
            data_format="channels_last",
            dtype=self.dtype,
            name=name,
        )(x)

    def dense(self, x, units, activation, name):
        return keras.layers.Dense(
            units,
            activation=activation,
            kernel_initializer=keras.initializers.TruncatedNormal(stddev=0.02),
            dtype=self.dtype,
            name=name,
        )(x)

    def block(self, x, rate, name):
        shortcut, width = x, x.shape[-1]
        x = keras.layers.DepthwiseConv2D(
            7,
            padding="same",
            depthwise_initializer=keras.initializers.TruncatedNormal(
                stddev=0.02
            ),
            data_format="channels_last",
            dtype=self.dtype,
            name=f"{name}_depthwise",
        )(x)
        x = self.norm(x, f"{name}_norm")
        x = self.dense(x, 4 * width, "gelu", f"{name}_expand")
        if self.response_norm:
            x = GlobalResponseNormalization(
                dtype=self.dtype, name=f"{name}_response"
            )(x)
        x = self.dense(x, width, None, f"{name}_project")
        if self.layer_scale is not None:
            x = LayerScale(
                self.layer_scale, dtype=self.dtype, name=f"{name}_scale"
            )(x)
        if rate:
            x = DropPath(rate, dtype=self.dtype, name=f"{name}_drop")(x)
        return keras.layers.Add(dtype=self.dtype, name=f"{name}_add")(
            [shortcut, x]
        )
