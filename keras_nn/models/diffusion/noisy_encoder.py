import keras
from keras import layers

from keras_nn.models.backbone import Backbone
from keras_nn.models.diffusion.denoising_blocks import DenoisingBlocks
from keras_nn.models.diffusion.denoising_blocks import check_sides


@keras.saving.register_keras_serializable(package="keras_nn")
class NoisyEncoder(Backbone):
    """The downward half of `DenoisingUNet`: what a noisy picture shows.

    Residual blocks that are told the time, halvings, the mean over places,
    and a dense layer, which begins at zero. `NoisyClassifier` trains it.

    Args:
        input_shape: tuple `(height, width, channels)` of a picture, or `(time,
            channels)` of a series. Each side must be divisible by
            `2 ** (len(filters) - 1)`.
        output_units: int. Number of outputs, such as classes.
        filters: list of ints. Channels at each size; each after the first
            halves the sides. Defaults to `(32, 64)`.
        blocks: int. Residual blocks at each size. Defaults to 1.
        embedding_units: int, even. Width of the embedding. Defaults to 64.
        dropout: float. Share of features dropped in each block. Defaults to
            0.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict of `noisy` of shape `(batch, ..., channels)` and `times`
            of shape `(batch,)`, from 0 to 1000.

    Returns:
        A tensor `(batch, output_units)`.

    Raises:
        ValueError: If the sides cannot be halved so often.

    Example:

    >>> import numpy as np
    >>> model = NoisyEncoder((8, 8, 1), 3, filters=[4, 8], embedding_units=8)
    >>> model({"noisy": np.ones((2, 8, 8, 1)), "times": np.zeros(2)}).shape
    TensorShape([2, 3])

    Reference:
        [Dhariwal and Nichol, 2021](https://arxiv.org/abs/2105.05233), section
        4, without attention
    """

    def __init__(
        self,
        input_shape,
        output_units,
        filters=(32, 64),
        blocks=1,
        embedding_units=64,
        dropout=0.0,
        dtype=None,
        **kwargs,
    ):
        rank = check_sides(input_shape, filters)
        build = DenoisingBlocks(rank, dtype, dropout)
        told, e = build.told(embedding_units)
        inputs = {"noisy": keras.Input(input_shape, name="noisy"), **told}
        x = build.conv(inputs["noisy"], filters[0], "stem")
        for level, width in enumerate(filters):
            for index in range(blocks):
                x = build.residual(x, e, width, f"down_{level}_{index}")
            if level < len(filters) - 1:
                x = build.conv(x, width, f"halve_{level}", strides=2)
        x = build.normalized(x, "head")
        pool = (
            layers.GlobalAveragePooling1D
            if rank == 1
            else layers.GlobalAveragePooling2D
        )
        x = pool(dtype=dtype, name="mean")(x)
        x = build.dense(x, output_units, "head", kernel_initializer="zeros")
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.output_units = output_units
        self.filters = list(filters)
        self.blocks = blocks
        self.embedding_units = embedding_units
        self.dropout = dropout

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.input["noisy"].shape[1:],
            "output_units": self.output_units,
            "filters": self.filters,
            "blocks": self.blocks,
            "embedding_units": self.embedding_units,
            "dropout": self.dropout,
        }
