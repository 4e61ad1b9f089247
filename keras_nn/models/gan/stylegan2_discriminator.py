import math

import keras
from keras import layers

from keras_nn.layers import EqualizedConv2D
from keras_nn.layers import EqualizedDense
from keras_nn.layers import MinibatchDeviation
from keras_nn.models.backbone import Backbone
from keras_nn.models.gan.discriminator_head import check_condition
from keras_nn.models.gan.discriminator_head import projected
from keras_nn.models.gan.stylegan2_generator import check_sizes


@keras.saving.register_keras_serializable(package="keras_nn")
class StyleGAN2Discriminator(Backbone):
    """Pictures through residual blocks, each half as large, to a score.

    `x <- (conv(conv(x)) + skip(x)) / sqrt(2)`, the second convolution and the
    skip, of one pixel, halving the map; at 4x4 the deviation of the minibatch,
    a convolution, a dense layer and the score.

    Args:
        input_shape: tuple `(height, width, channels)`, height and width
            equal, 4 doubled some times. Defaults to `(256, 256, 3)`.
        filters: list of ints. Channels of each map, from that of 4x4 on, as
            those of `StyleGAN2Generator`. Defaults to `(512, 512, 512, 512,
            512, 256, 128)`.
        group_size: int. Pictures that `MinibatchDeviation` compares. Defaults
            to 4.
        num_classes: int or None. Number of classes.
        condition: str. `"projection"` or `"auxiliary"`, as in
            `DCGANDiscriminator`. Defaults to `"projection"`.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`; for the
            projection a dict of `pictures` and `labels`.

    Returns:
        Scores `(batch, 1)`, or `(batch, 1 + num_classes)`, score and logits.

    Raises:
        ValueError: If `filters` do not double to the picture, or on an
            unknown condition.

    Example:

    >>> import numpy as np
    >>> model = StyleGAN2Discriminator((8, 8, 1), filters=[6, 4])
    >>> model(np.zeros((4, 8, 8, 1))).shape
    TensorShape([4, 1])

    Reference:
        [Karras et al., 2020](https://arxiv.org/abs/1912.04958), figure 7
        (residual)
    """

    presets = {
        "stylegan2_1024": {
            "input_shape": (1024, 1024, 3),
            "filters": (512, 512, 512, 512, 512, 256, 128, 64, 32),
        },
        "stylegan2_256": {},
        "stylegan2_8_small": {"input_shape": (8, 8, 1), "filters": (64, 32)},
    }

    def __init__(
        self,
        input_shape=(256, 256, 3),
        filters=(512, 512, 512, 512, 512, 256, 128),
        group_size=4,
        num_classes=None,
        condition="projection",
        dtype=None,
        **kwargs,
    ):
        check_sizes("input_shape", input_shape, filters)
        check_condition(condition)
        pictures = keras.Input(input_shape, name="pictures")
        inputs, labels = pictures, None
        if num_classes is not None and condition == "projection":
            labels = keras.Input((), dtype="int32", name="labels")
            inputs = {"pictures": pictures, "labels": labels}

        def conv(x, wide, size, name, activation="leaky_relu", **how):
            return EqualizedConv2D(
                wide, size, activation, dtype=dtype, name=name, **how
            )(x)

        x = conv(pictures, filters[-1], 1, "stem")
        for level in range(len(filters) - 1, 0, -1):
            name, wide = f"{4 * 2**level}", filters[level - 1]
            skip = conv(
                x, wide, 1, f"skip_{name}", None, halve=True, use_bias=False
            )
            x = conv(x, filters[level], 3, f"conv_{name}")
            x = conv(x, wide, 3, f"halve_{name}", halve=True)
            x = layers.Add(dtype=dtype, name=f"sum_{name}")([x, skip])
            x = layers.Rescaling(
                1 / math.sqrt(2), dtype=dtype, name=f"scale_{name}"
            )(x)
        x = MinibatchDeviation(group_size, dtype=dtype, name="deviation")(x)
        x = conv(x, filters[0], 3, "conv_4")
        x = layers.Flatten(dtype=dtype, name="flat")(x)
        x = EqualizedDense(
            filters[0], "leaky_relu", dtype=dtype, name="features"
        )(x)
        says = 1 + (num_classes or 0) * (condition == "auxiliary")
        score = EqualizedDense(says, dtype=dtype, name="score")(x)
        if labels is not None:
            score = projected(score, x, labels, num_classes, dtype)
        super().__init__(inputs, score, dtype=dtype, **kwargs)

        self.picture_shape = tuple(input_shape)
        self.filters = list(filters)
        self.group_size = group_size
        self.num_classes = num_classes
        self.condition = condition

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.picture_shape,
            "filters": self.filters,
            "group_size": self.group_size,
            "num_classes": self.num_classes,
            "condition": self.condition,
        }
