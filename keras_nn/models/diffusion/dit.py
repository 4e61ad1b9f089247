import keras
from keras import layers

from keras_nn.layers import AdaptiveNormalization
from keras_nn.layers import AdaptiveTransformerBlock
from keras_nn.layers import GridPositions
from keras_nn.layers import PatchEmbed
from keras_nn.layers import PixelShuffle2D
from keras_nn.layers import TimeEmbedding
from keras_nn.layers import TokensToMap
from keras_nn.models.backbone import Backbone

PRESETS = {
    "dit_s": {"depth": 12, "width": 384, "num_heads": 6},
    "dit_b": {"depth": 12, "width": 768, "num_heads": 12},
    "dit_l": {"depth": 24, "width": 1024, "num_heads": 16},
    "dit_xl": {"depth": 28, "width": 1152, "num_heads": 16},
}


@keras.saving.register_keras_serializable(package="keras_nn")
class DiT(Backbone):
    """Diffusion transformer: what `DiffusionModel` trains, on patches.

    Patches become tokens; blocks of attention and perceptron, each steered by
    time and class (`AdaptiveTransformerBlock`); a linear layer makes patches
    of tokens again. All that steers, and the last layer, begin at zero.

    Args:
        input_shape: tuple `(height, width, channels)`, of a picture or of the
            codes of one.
        patch_size: int. Side of a patch; it divides height and width.
            Defaults to 2.
        depth: int. Number of blocks. Defaults to 12.
        width: int. Features of a token, divisible by 4. Defaults to 384.
        num_heads: int. It divides `width`. Defaults to 6.
        mlp_ratio: float. Width of perceptrons over `width`. Defaults to 4.
        num_classes: int or None. Number of classes that pictures are asked
            by. Label `num_classes` means "any".
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict of `noisy` of shape `(batch, height, width, channels)`,
            `times` of shape `(batch,)`, from 0 to 1000, and, with classes,
            `labels` of shape `(batch,)`, int.

    Returns:
        A tensor of the shape of `noisy`.

    Raises:
        ValueError: If patches or heads do not divide.

    Example:

    >>> import numpy as np
    >>> model = DiT((8, 8, 1), depth=1, width=8, num_heads=2)
    >>> model({"noisy": np.ones((2, 8, 8, 1)), "times": np.zeros(2)}).shape
    TensorShape([2, 8, 8, 1])

    Reference:
        [Peebles and Xie, 2023](https://arxiv.org/abs/2212.09748), without the
        learned variance
    """

    presets = PRESETS

    def __init__(
        self,
        input_shape,
        patch_size=2,
        depth=12,
        width=384,
        num_heads=6,
        mlp_ratio=4.0,
        num_classes=None,
        dtype=None,
        **kwargs,
    ):
        height, columns, channels = input_shape
        if height % patch_size or columns % patch_size:
            raise ValueError(
                "`patch_size` must divide height and width. "
                f"Received: {patch_size=}, {input_shape=}"
            )
        rows, columns = height // patch_size, columns // patch_size
        inputs = {
            "noisy": keras.Input(input_shape, name="noisy"),
            "times": keras.Input((), name="times"),
        }
        common = {"dtype": dtype}
        condition = TimeEmbedding(256, name="waves", **common)(inputs["times"])
        condition = layers.Dense(width, "swish", name="time_0", **common)(
            condition
        )
        condition = layers.Dense(width, name="time_1", **common)(condition)
        if num_classes is not None:
            inputs["labels"] = keras.Input((), dtype="int32", name="labels")
            label = layers.Embedding(
                num_classes + 1, width, name="classes", **common
            )(inputs["labels"])
            condition = layers.Add(name="condition", **common)(
                [condition, label]
            )

        x = PatchEmbed(width, patch_size, name="patches", **common)(
            inputs["noisy"]
        )
        x = GridPositions(rows, columns, name="positions", **common)(x)
        for index in range(depth):
            x = AdaptiveTransformerBlock(
                num_heads,
                int(mlp_ratio * width),
                name=f"block_{index}",
                **common,
            )([x, condition])
        x = AdaptiveNormalization(name="norm", **common)([x, condition])
        x = layers.Dense(
            patch_size**2 * channels,
            kernel_initializer="zeros",
            name="head",
            **common,
        )(x)
        x = TokensToMap(rows, columns, name="map", **common)(x)
        x = PixelShuffle2D(patch_size, name="picture", **common)(x)
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.patch_size = patch_size
        self.depth = depth
        self.width = width
        self.num_heads = num_heads
        self.mlp_ratio = mlp_ratio
        self.num_classes = num_classes

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.input["noisy"].shape[1:],
            "patch_size": self.patch_size,
            "depth": self.depth,
            "width": self.width,
            "num_heads": self.num_heads,
            "mlp_ratio": self.mlp_ratio,
            "num_classes": self.num_classes,
        }
