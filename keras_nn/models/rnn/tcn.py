import keras

from keras_nn.layers import TemporalBlock
from keras_nn.models.backbone import Backbone


@keras.saving.register_keras_serializable(package="keras_nn")
class TCN(Backbone):
    """Temporal convolutional network: blocks that look ever further back.

    Block `i` has the dilation `2 ** i`: the output at a step sees
    `1 + 2 (kernel_size - 1) (2 ** blocks - 1)` steps, itself included, and
    none after it.

    Args:
        input_shape: tuple `(length, features)`; the length may be None.
        filters: list of int. Features of each block. Defaults to
            `(32, 32, 32, 32)`.
        kernel_size: int. Defaults to 3.
        dropout: float. Share of features dropped in training. Defaults to 0.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.

    Returns:
        A float tensor of shape `(batch, length, filters[-1])`.

    Raises:
        ValueError: if there is no block.

    Example:

    >>> model = TCN((None, 2), filters=[8, 8])
    >>> model.output_shape, model.receptive_field
    ((None, None, 8), 13)

    Reference:
        [Bai et al., 2018](https://arxiv.org/abs/1803.01271)
    """

    def __init__(
        self,
        input_shape,
        filters=(32, 32, 32, 32),
        kernel_size=3,
        dropout=0.0,
        weights=None,
        dtype=None,
        **kwargs,
    ):
        if not filters:
            raise ValueError(f"There must be a block. Received: {filters=}")
        inputs = x = keras.Input(tuple(input_shape), name="steps")
        for index, size in enumerate(filters):
            x = TemporalBlock(
                size,
                kernel_size,
                dilation=2**index,
                dropout=dropout,
                dtype=dtype,
                name=f"block_{index}",
            )(x)
        super().__init__(inputs, x, dtype=dtype, **kwargs)
        self.filters = list(filters)
        self.kernel_size = kernel_size
        self.dropout = dropout
        if weights is not None:
            self.load_weights(weights)

    @property
    def receptive_field(self):
        """int. How many steps an output sees, its own included."""
        reach = 2 ** len(self.filters) - 1
        return 1 + 2 * (self.kernel_size - 1) * reach

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.input_shape[1:],
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "dropout": self.dropout,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
        }
