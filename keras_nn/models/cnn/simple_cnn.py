import keras

from keras_nn.models.backbone import Backbone
from keras_nn.models.image_head import activation_config
from keras_nn.models.image_head import check_image_arguments
from keras_nn.models.image_head import classify


@keras.saving.register_keras_serializable(package="keras_nn")
class SimpleCNN(Backbone):
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
        input_shape = tuple(input_shape)
        check_image_arguments(include_top, weights, input_shape, None, classes)
        if None in input_shape or min(input_shape[:2]) < 2 ** len(filters):
            raise ValueError(
                "`input_shape` must leave a pixel after halving it once a "
                f"block. Received: {input_shape=}, {filters=}"
            )
        images = keras.Input(input_shape, name="images")
        x = images
        for index, maps in enumerate(filters):
            x = keras.layers.Conv2D(
                maps,
                3,
                padding="same",
                activation="relu",
                kernel_initializer="he_normal",
                data_format="channels_last",
                dtype=dtype,
                name=f"conv_{index}",
            )(x)
            x = keras.layers.MaxPooling2D(
                data_format="channels_last", dtype=dtype, name=f"pool_{index}"
            )(x)
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
        if include_top:
            x = classify(x, classes, classifier_activation, dtype)
        super().__init__(images, x, dtype=dtype, **kwargs)

        self.include_top = include_top
        self.classes = classes
        self.classifier_activation = classifier_activation
        self.filters = list(filters)
        self.units = units
        self.dropout = dropout
        if weights is not None:
            self.load_weights(weights)

    def get_config(self):
        return {
            **super().get_config(),
            "include_top": self.include_top,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
            "input_shape": self.input_shape[1:],
            "classes": self.classes,
            "classifier_activation": activation_config(
                self.classifier_activation
            ),
            "filters": self.filters,
            "units": self.units,
            "dropout": self.dropout,
        }
