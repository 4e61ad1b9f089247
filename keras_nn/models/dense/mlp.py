import math

import keras

from keras_nn.models.activation_config import activation_config
from keras_nn.models.backbone import Backbone
from keras_nn.models.image_head import classify


@keras.saving.register_keras_serializable(package="keras_nn")
class MLP(Backbone):
    """Multi-layer perceptron: dense layers one after the other.

    `x <- dropout(activation(x @ W + b))` for every hidden layer

    Args:
        include_top: bool. Whether to end in a classifier. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple of ints. Shape of one example; pictures are
            flattened. Defaults to `(784,)`.
        classes: int. Number of classes. Defaults to 10.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        units: list of ints. Width of each hidden layer. Defaults to
            `(128, 128)`.
        activation: str or callable of the hidden layers. Defaults to
            `"relu"`.
        dropout: float. Share of hidden units to drop in training. Defaults
            to 0.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, features of
        shape `(batch, units[-1])`.

    Raises:
        ValueError: on an unknown size in `input_shape` or a width below one.

    Example:

    >>> import numpy as np
    >>> model = MLP(input_shape=(8, 8, 1), units=[32], classes=10)
    >>> model.predict(np.zeros((2, 8, 8, 1)), verbose=0).shape
    (2, 10)

    Reference:
        [Rumelhart et al., 1986](https://doi.org/10.1038/323533a0)
    """

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=(784,),
        classes=10,
        classifier_activation="softmax",
        units=(128, 128),
        activation="relu",
        dropout=0.0,
        dtype=None,
        **kwargs,
    ):
        input_shape = tuple(input_shape)
        if not input_shape or None in input_shape:
            raise ValueError(
                f"`input_shape` must be known in full. Received: {input_shape=}"
            )
        if any(width < 1 for width in units):
            raise ValueError(
                f"`units` must hold positive widths. Received: {units=}"
            )
        examples = keras.Input(input_shape, name="examples")
        x = examples
        if len(input_shape) > 1:
            x = keras.layers.Reshape(
                (math.prod(input_shape),), dtype=dtype, name="flatten"
            )(x)
        for index, width in enumerate(units):
            x = keras.layers.Dense(
                width,
                activation=activation,
                dtype=dtype,
                name=f"hidden_{index}",
            )(x)
            if dropout:
                x = keras.layers.Dropout(
                    dropout, dtype=dtype, name=f"dropout_{index}"
                )(x)
        if include_top:
            x = classify(x, classes, classifier_activation, dtype)
        super().__init__(examples, x, dtype=dtype, **kwargs)

        self.include_top = include_top
        self.classes = classes
        self.classifier_activation = classifier_activation
        self.units = list(units)
        self.activation = activation
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
            "units": self.units,
            "activation": activation_config(self.activation),
            "dropout": self.dropout,
        }
