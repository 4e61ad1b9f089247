import keras
from keras import layers

from keras_nn.models.backbone import Backbone
from keras_nn.models.diffusion.denoising_blocks import DenoisingBlocks
from keras_nn.models.diffusion.denoising_blocks import check_levels
from keras_nn.models.diffusion.denoising_blocks import check_sides


@keras.saving.register_keras_serializable(package="keras_nn")
class DenoisingUNet(Backbone):
    """Down to coarse features and up again: what `DiffusionModel` trains.

    Each residual block is told the time, and the class where there are some:
    `x <- x + conv(act(norm(conv(act(norm(x))) + W e)))`, `e` their embedding.
    The last convolution begins at zero.

    Args:
        input_shape: tuple `(height, width, channels)` of a picture, or `(time,
            channels)` of a series or sound. Each side must be divisible by
            `patch_size * 2 ** (len(filters) - 1)`.
        filters: list of ints. Channels at each size; each after the first
            halves the sides. Defaults to `(32, 64)`.
        blocks: int. Residual blocks at each size on the way down; one more on
            the way up. Defaults to 1.
        num_classes: int or None. Number of classes that pictures are asked
            by. Label `num_classes` means "any".
        embedding_units: int, even. Width of the embedding. Defaults to 64.
        dropout: float. Share of features dropped in each block. Defaults to
            0.
        attention: list of ints. The sizes, 0 for the largest, at which each
            residual block is followed by attention of every place to all;
            with the smallest of all sizes, the middle too. Defaults to none.
        patch_size: int. Side of the squares that the first layer sees as one
            pixel and the last makes pixels of again: 2 leaves time for twice
            the filters. It divides the sides before any halving. Defaults to
            1.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict of `noisy` of shape `(batch, height, width, channels)` or
            `(batch, time, channels)`, `times` of shape `(batch,)`, from 0 to
            1000, and, with classes, `labels` of shape `(batch,)`, int.

    Returns:
        A tensor of the shape of `noisy`.

    Raises:
        ValueError: If the sides cannot be halved so often, or there is no
            such size to pay attention at.

    Example:

    >>> import numpy as np
    >>> model = DenoisingUNet((8, 8, 1), filters=[4, 8], embedding_units=8)
    >>> model({"noisy": np.ones((2, 8, 8, 1)), "times": np.zeros(2)}).shape
    TensorShape([2, 8, 8, 1])

    Reference:
        [Ho et al., 2020](https://arxiv.org/abs/2006.11239), appendix B;
        patches: [Hoogeboom et al., 2023](
        https://arxiv.org/abs/2301.11093), section 3.2
    """

    def __init__(
        self,
        input_shape,
        filters=(32, 64),
        blocks=1,
        num_classes=None,
        embedding_units=64,
        dropout=0.0,
        attention=(),
        patch_size=1,
        dtype=None,
        **kwargs,
    ):
        rank = check_sides(input_shape, filters, patch_size)
        build = DenoisingBlocks(rank, dtype, dropout)
        told, e = build.told(embedding_units, num_classes)
        inputs = {"noisy": keras.Input(input_shape, name="noisy"), **told}

        coarsest = len(filters) - 1
        check_levels(attention, coarsest)

        def block(x, level, name):
            x = build.residual(x, e, filters[level], name)
            if level not in attention:
                return x
            return build.attentive(x, f"{name}_attention")

        x = build.patched(inputs["noisy"], filters[0], patch_size, "stem")
        kept = [x]
        for level, width in enumerate(filters):
            for index in range(blocks):
                x = block(x, level, f"down_{level}_{index}")
                kept.append(x)
            if level < coarsest:
                x = build.conv(x, width, f"halve_{level}", strides=2)
                kept.append(x)
        x = block(x, coarsest, "middle")
        for level, width in reversed(list(enumerate(filters))):
            for index in range(blocks + 1):
                name = f"up_{level}_{index}"
                x = layers.Concatenate(dtype=dtype, name=f"{name}_join")(
                    [x, kept.pop()]
                )
                x = block(x, level, name)
            if level:
                x = build.doubled(x, f"double_{level}")
                x = build.conv(x, width, f"smooth_{level}")
        x = build.normalized(x, "head")
        x = build.unpatched(x, input_shape[-1], patch_size, "head")
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.filters = list(filters)
        self.blocks = blocks
        self.num_classes = num_classes
        self.embedding_units = embedding_units
        self.dropout = dropout
        self.attention = list(attention)
        self.patch_size = patch_size

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.input["noisy"].shape[1:],
            "filters": self.filters,
            "blocks": self.blocks,
            "num_classes": self.num_classes,
            "embedding_units": self.embedding_units,
            "dropout": self.dropout,
            "attention": self.attention,
            "patch_size": self.patch_size,
        }
