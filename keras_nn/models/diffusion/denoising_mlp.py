import keras
from keras import layers

from keras_nn.models.backbone import Backbone
from keras_nn.models.diffusion.denoising_blocks import DenoisingBlocks


@keras.saving.register_keras_serializable(package="keras_nn")
class DenoisingMLP(Backbone):
    """Dense residual blocks: what `DiffusionModel` trains on vectors.

    `x <- x + W2 swish(W1 swish(norm(x)) + V e)`, `e` the embedding of time
    and class. Vectors are points, rows of a table, codes of a `VAE`. The last
    layer begins at zero.

    Args:
        input_shape: tuple `(features,)`.
        units: int. Width of the blocks. Defaults to 128.
        depth: int. Number of blocks. Defaults to 3.
        num_classes: int or None. Number of classes that vectors are asked by.
            Label `num_classes` means "any".
        output_units: int or None. Number of outputs; None means one for each
            feature. Give the classes to train it as `NoisyClassifier`.
        embedding_units: int, even. Width of the embedding. Defaults to 64.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict of `noisy` of shape `(batch, features)`, `times` of shape
            `(batch,)`, from 0 to 1000, and, with classes, `labels` of shape
            `(batch,)`, int.

    Returns:
        A tensor `(batch, output_units)`.

    Raises:
        ValueError: If `input_shape` is not that of a vector.

    Example:

    >>> import numpy as np
    >>> model = DenoisingMLP((2,), units=8, depth=1, embedding_units=4)
    >>> model({"noisy": np.ones((3, 2)), "times": np.zeros(3)}).shape
    TensorShape([3, 2])

    Reference:
        [Ho et al., 2020](https://arxiv.org/abs/2006.11239) for how blocks are
        told the time
    """

    def __init__(
        self,
        input_shape,
        units=128,
        depth=3,
        num_classes=None,
        output_units=None,
        embedding_units=64,
        dtype=None,
        **kwargs,
    ):
        if len(input_shape) != 1:
            raise ValueError(
                f"`input_shape` must be (features,). Received: {input_shape=}"
            )
        build = DenoisingBlocks(1, dtype)
        told, e = build.told(embedding_units, num_classes)
        inputs = {"noisy": keras.Input(input_shape, name="noisy"), **told}
        x = build.dense(inputs["noisy"], units, "stem")
        common = {"dtype": dtype}
        for index in range(depth):
            name = f"block_{index}"
            y = layers.LayerNormalization(name=f"{name}_norm", **common)(x)
            y = layers.Activation("swish", name=f"{name}_act_0", **common)(y)
            y = build.dense(y, units, f"{name}_0")
            y = layers.Add(name=f"{name}_tell", **common)(
                [y, build.dense(e, units, f"{name}_told")]
            )
            y = layers.Activation("swish", name=f"{name}_act_1", **common)(y)
            y = build.dense(y, units, f"{name}_1")
            x = layers.Add(name=name, **common)([x, y])
        x = layers.LayerNormalization(name="head_norm", **common)(x)
        x = layers.Activation("swish", name="head_act", **common)(x)
        x = build.dense(
            x,
            output_units or input_shape[0],
            "head",
            kernel_initializer="zeros",
        )
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.units = units
        self.depth = depth
        self.num_classes = num_classes
        self.output_units = output_units
        self.embedding_units = embedding_units

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.input["noisy"].shape[1:],
            "units": self.units,
            "depth": self.depth,
            "num_classes": self.num_classes,
            "output_units": self.output_units,
            "embedding_units": self.embedding_units,
        }
