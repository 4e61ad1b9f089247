import keras

from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead


@keras.saving.register_keras_serializable(package="keras_nn")
class SimpleCNN(ImageBackbone):
    """Blocks of one 3x3 convolution and one pooling, then a dense layer.

    `x <- maxpool(relu(conv(x)))` for every block, `relu(flatten(x) @ W + b)`

    Args:
        include_top: bool. Whether to end in a classifier. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels. Defaults
            to `(28, 28, 1)`.
        classes: int. Number of classes. Defaults to 10.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        filters: list of ints. Filters of each block; each halves height and
            width. Defaults to `(16, 32)`.
        units: int. Width of the dense layer. Defaults to 128.
        dropout: float. Share of dense units to drop in training. Defaults
            to 0.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, features of
        shape `(batch, units)`.

    Raises:
        ValueError: if the pictures are too small for the number of blocks.

    Example:

    >>> import numpy as np
    >>> model = SimpleCNN()
    >>> model.predict(np.zeros((2, 28, 28, 1)), verbose=0).shape
    (2, 10)
    """

    has_pooling = False

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=(28, 28, 1),
        classes=10,
        classifier_activation="softmax",
        filters=(16, 32),
        units=128,
        dropout=0.0,
        dtype=None,
        **kwargs,
    ):
        head = ImageHead(
            include_top,
            weights,
            input_shape,
            None,
            classes,
            classifier_activation,
            dtype,
        )
        if None in head.input_shape or min(head.input_shape[:2]) < 2 ** len(
            filters
        ):
            raise ValueError(
                "`input_shape` must leave a pixel after halving it once a "
                f"block. Received: {input_shape=}, {filters=}"
            )
        images = head.images()
        x = images
        maps = {}
        for index, count in enumerate(filters):
            x = keras.layers.Conv2D(
                count,
                3,
                padding="same",
                activation="relu",
                kernel_initializer="he_normal",
                data_format="channels_last",
                dtype=dtype,
                name=f"conv_{index}",
            )(x)
            maps[2**index] = x
            x = keras.layers.MaxPooling2D(
                data_format="channels_last", dtype=dtype, name=f"pool_{index}"
            )(x)
            maps[2 ** (index + 1)] = x
        x = keras.layers.Flatten(
            data_format="channels_last", dtype=dtype, name="flatten"
        )(x)
        x = keras.layers.Dense(
            units,
            activation="relu",
            kernel_initializer="he_normal",
            dtype=dtype,
            name="dense",
        )(x)
        if dropout:
            x = keras.layers.Dropout(dropout, dtype=dtype, name="dropout")(x)
        super().__init__(images, head.classify(x), head, maps, **kwargs)

        self.filters = list(filters)
        self.units = units
        self.dropout = dropout

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "units": self.units,
            "dropout": self.dropout,
        }
