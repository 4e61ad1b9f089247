"""What all image backbones share: input shape, head, weights argument."""

import keras

# Of pictures with values of 0..1: red, green, blue.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


def check_image_arguments(include_top, weights, input_shape, pooling, classes):
    """Refuses what no image model of the suite can be built from."""
    if len(input_shape) != 3 or input_shape[-1] is None:
        raise ValueError(
            "`input_shape` must be (height, width, channels) with a known "
            f"number of channels. Received: {input_shape=}"
        )
    if pooling not in (None, "avg", "max"):
        raise ValueError(
            f"`pooling` must be None, 'avg' or 'max'. Received: {pooling=}"
        )
    if include_top and classes < 1:
        raise ValueError(f"`classes` must be positive. Received: {classes=}")
    if weights == "imagenet":
        raise ValueError(
            "`weights` must be None or the path of a weights file; published "
            "ImageNet weights are loaded by "
            "`keras_nn.pretrained.keras_applications`. "
            f"Received: {weights=}"
        )


def pool_features(x, pooling, dtype):
    """Applies the `pooling` argument of a model without its top."""
    if pooling == "avg":
        return keras.layers.GlobalAveragePooling2D(
            data_format="channels_last", dtype=dtype, name="avg_pool"
        )(x)
    if pooling == "max":
        return keras.layers.GlobalMaxPooling2D(
            data_format="channels_last", dtype=dtype, name="max_pool"
        )(x)
    return x


def classify(x, classes, activation, dtype):
    """The classifier of a model with its top."""
    return keras.layers.Dense(
        classes, activation=activation, dtype=dtype, name="predictions"
    )(x)


class ImageHead:
    """What all picture models take, and the two ends that it builds.

    Args:
        include_top: bool. Whether the model ends in a classifier.
        weights: str or None. Path of a weights file.
        input_shape: tuple `(height, width, channels)`, in pixels, or None for
            `(224, 224, 3)`.
        pooling: None, `"avg"` or `"max"`. Without the top.
        classes: int. Number of classes.
        classifier_activation: str, callable or None.
        dtype: dtype policy of the layers.
    """

    def __init__(
        self,
        include_top,
        weights,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        dtype,
    ):
        self.input_shape = tuple(input_shape or (224, 224, 3))
        check_image_arguments(
            include_top, weights, self.input_shape, pooling, classes
        )
        self.include_top = include_top
        self.weights = weights
        self.pooling = pooling
        self.classes = classes
        self.classifier_activation = classifier_activation
        self.dtype = dtype

    def images(self):
        """Where the graph starts."""
        return keras.Input(self.input_shape, name="images")

    def pool(self, x):
        """A map as one vector, or as it is where nothing asks for one."""
        pooling = "avg" if self.include_top else self.pooling
        return pool_features(x, pooling, self.dtype)

    def drop(self, x, rate):
        """Drops features in front of the classifier, in training."""
        if not (rate and self.include_top):
            return x
        return keras.layers.Dropout(rate, dtype=self.dtype, name="top_dropout")(
            x
        )

    def dense_layers(self, x, units, dropout):
        """The map, flat, through two dense layers, `fc1` and `fc2`."""
        if None in x.shape[1:]:
            raise ValueError(
                "Dense layers take pictures of one size, which must be known. "
                f"Received: input_shape={self.input_shape}"
            )
        x = keras.layers.Flatten(
            data_format="channels_last", dtype=self.dtype, name="flatten"
        )(x)
        for index in (1, 2):
            x = keras.layers.Dense(
                units,
                activation="relu",
                kernel_initializer="he_normal",
                dtype=self.dtype,
                name=f"fc{index}",
            )(x)
            if dropout:
                x = keras.layers.Dropout(
                    dropout, dtype=self.dtype, name=f"drop{index}"
                )(x)
        return x

    def classify(self, x):
        """Class scores of a vector, or the vector where there is no top."""
        if not self.include_top:
            return x
        return classify(x, self.classes, self.classifier_activation, self.dtype)
