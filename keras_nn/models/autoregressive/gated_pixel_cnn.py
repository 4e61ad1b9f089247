import keras
from keras import ops

from keras_nn.layers.autoregressive.gated_pixel_block import GatedPixelBlock
from keras_nn.models.backbone import Backbone


@keras.saving.register_keras_serializable(package="keras_nn")
class GatedPixelCNN(Backbone):
    """What is said of each place of a picture, given all places before it.

    Places are in the order of reading. `GatedPixelBlock`s, the first of which
    does not see the place itself, then two dense layers on the horizontal
    stack. The channels of a place are not told of each other.

    Args:
        input_shape: tuple `(height, width, channels)` of pictures, or
            `(height, width)` of maps of indices.
        outputs: int. Numbers said of each place.
        entries: int or None. Number of indices, for maps of them. Defaults to
            None.
        filters: int. Features of each stack. Defaults to 64.
        num_layers: int. Number of blocks. Defaults to 8.
        kernel_size: int, odd. Of the blocks but the first, whose kernel has
            side 7. Defaults to 3.
        dropout: float. Share of features dropped before the outputs.
            Defaults to 0.
        num_classes: int or None. Number of classes. Label `num_classes`
            means "any".
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: floats `(batch, height, width, channels)`, or ints `(batch,
            height, width)`; with classes a dict of `pictures` and `labels`,
            ints `(batch,)`.

    Returns:
        A tensor `(batch, height, width, outputs)`.

    Raises:
        ValueError: On a size below one, or a shape that does not fit.

    Example:

    >>> import numpy as np
    >>> model = GatedPixelCNN((4, 4), 8, entries=8, filters=4, num_layers=2)
    >>> tuple(model(np.zeros((2, 4, 4), "int32")).shape)
    (2, 4, 4, 8)

    Reference:
        [van den Oord et al., 2016](https://arxiv.org/abs/1606.05328)
    """

    def __init__(
        self,
        input_shape,
        outputs,
        entries=None,
        filters=64,
        num_layers=8,
        kernel_size=3,
        dropout=0.0,
        num_classes=None,
        dtype=None,
        **kwargs,
    ):
        if len(input_shape) != (3 if entries is None else 2):
            raise ValueError(
                "`input_shape` must be (height, width, channels), or (height, "
                f"width) with `entries`. Received: {input_shape=}, {entries=}"
            )
        if min(outputs, filters, num_layers) < 1:
            raise ValueError(
                "`outputs`, `filters` and `num_layers` must be positive. "
                f"Received: {outputs=}, {filters=}, {num_layers=}"
            )
        pictures = keras.Input(
            input_shape,
            dtype="float32" if entries is None else "int32",
            name="pictures",
        )
        if entries is None:
            # Beyond the edge there are zeros, and zero may be a value, too.
            x = ops.pad(pictures, [(0, 0)] * 3 + [(0, 1)], constant_values=1)
        else:
            x = keras.layers.Embedding(
                entries, filters, dtype=dtype, name="entries"
            )(pictures)
        inputs, told = pictures, []
        if num_classes is not None:
            labels = keras.Input((), dtype="int32", name="labels")
            inputs = {"pictures": pictures, "labels": labels}
            told = [
                keras.layers.Embedding(
                    num_classes + 1, filters, dtype=dtype, name="classes"
                )(labels)
            ]
        for index in range(num_layers):
            block = GatedPixelBlock(
                filters,
                kernel_size if index else 7,
                first=index == 0,
                dtype=dtype,
                name=f"block_{index}",
            )
            x = block([x, *told] if told else x)
        x = x[..., filters:]  # the horizontal stack has heard of the other
        for name, units in (("head", filters), ("says", outputs)):
            x = keras.layers.Activation(
                "relu", dtype=dtype, name=f"before_{name}"
            )(x)
            if dropout and name == "says":
                x = keras.layers.Dropout(dropout, dtype=dtype, name="dropout")(
                    x
                )
            x = keras.layers.Dense(units, dtype=dtype, name=name)(x)
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.picture_shape = tuple(input_shape)
        self.outputs_per_place = outputs
        self.entries = entries
        self.filters = filters
        self.num_layers = num_layers
        self.kernel_size = kernel_size
        self.dropout = dropout
        self.num_classes = num_classes

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.picture_shape,
            "outputs": self.outputs_per_place,
            "entries": self.entries,
            "filters": self.filters,
            "num_layers": self.num_layers,
            "kernel_size": self.kernel_size,
            "dropout": self.dropout,
            "num_classes": self.num_classes,
        }
