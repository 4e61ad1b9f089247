"""What the applications of pictures share."""

import keras
import numpy as np

from keras_nn.applications.application import Application
from keras_nn.applications.picture_preprocessing import PicturePreprocessing
from keras_nn.applications.picture_preprocessing import preprocessing_for
from keras_nn.applications.picture_preprocessing import some_pictures


class PictureApplication(Application):
    """An application whose one input is a picture. Abstract.

    A subclass is a functional model; it stores its preprocessing layer, or
    None, as `preprocessing`.
    """

    preprocessing = None
    axes = "height, width, channels"  # of an input

    # Keras's augmentation layers take a missing `training` for True.
    def call(self, inputs, training=False, mask=None):
        received = keras.tree.flatten(inputs)[0].shape
        if received[-1] != self.input_shape[-1]:
            raise ValueError(
                f"The network takes pictures of shape ({self.axes}) = "
                f"{self.input_shape[1:]}. "
                f"Received: shape {tuple(received)}"
            )
        return super().call(inputs, training=training, mask=mask)

    def prepare(self, x):
        layer = self.preprocessing
        if getattr(layer, "needs_adapt", False):
            pictures = some_pictures(x)
            if pictures.shape[-1:] == self.input_shape[-1:]:  # else refused
                layer.adapt(pictures)

    def input_signature(self):
        return [
            keras.InputSpec(
                shape=(None, *self.input_shape[1:]),
                dtype="float32",
                name="pictures",
            )
        ]

    def example_inputs(self, count):
        shape = [side or 64 for side in self.input_shape[1:]]
        generator = np.random.default_rng(0)
        return generator.integers(0, 256, (count, *shape)).astype("float32")


def check_classes(num_classes, class_names, fewest=2):
    """Raises unless there are enough classes, and a name for each or none."""
    if num_classes < fewest:
        raise ValueError(
            f"`num_classes` must be at least {fewest}: there is nothing to "
            f"tell apart. Received: {num_classes=}"
        )
    if class_names is not None and len(class_names) != num_classes:
        raise ValueError(
            "`class_names` must name every class. Received: "
            f"{num_classes=} and {len(class_names)} names"
        )


def as_preprocessing(preprocess, network):
    """The layer that the argument `preprocess` means, or None."""
    if preprocess == "auto":
        return preprocessing_for(network)
    if isinstance(preprocess, str):
        return PicturePreprocessing(preprocess, name="preprocessing")
    return preprocess


def as_size(image_size):
    """The setting `image_size`: `(height, width)` in pixels, or None."""
    if isinstance(image_size, int):
        return (image_size, image_size)
    return image_size


def serialized(value):
    """What `get_config` stores of a layer; anything else as it is."""
    if isinstance(value, keras.layers.Layer):
        return keras.saving.serialize_keras_object(value)
    return value


def deserialized(config, names):
    """A config whose layers of these names are made again: a dict."""
    return {
        name: keras.saving.deserialize_keras_object(value)
        if name in names and isinstance(value, dict)
        else value
        for name, value in config.items()
    }
