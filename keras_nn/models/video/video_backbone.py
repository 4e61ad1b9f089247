import keras

from keras_nn.models.activation_config import activation_config
from keras_nn.models.backbone import Backbone


class VideoBackbone(Backbone):
    """A clip model: its head's arguments. Abstract.

    Args:
        clips: Keras tensor. Where the graph starts.
        outputs: Keras tensor. Where it ends.
        head: `VideoHead` with the arguments that all clip models take.
        **kwargs: `name` and `trainable`.
    """

    def __init__(self, clips, outputs, head, **kwargs):
        super().__init__(clips, outputs, dtype=head.dtype, **kwargs)
        self.include_top = head.include_top
        self.pooling = head.pooling
        self.classes = head.classes
        self.classifier_activation = head.classifier_activation
        if head.weights is not None:
            self.load_weights(head.weights)

    def get_config(self):
        return {
            **super().get_config(),
            "include_top": self.include_top,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
            "input_shape": self.input_shape[1:],
            "pooling": self.pooling,
            "classes": self.classes,
            "classifier_activation": activation_config(
                self.classifier_activation
            ),
        }


class VideoHead:
    """What all clip models take, and the two ends that it builds.

    Args:
        include_top: bool. Whether the model ends in a classifier.
        weights: str or None. Path of a weights file.
        input_shape: tuple `(frames, height, width, channels)`, or None for
            `(16, 112, 112, 3)`.
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
        self.input_shape = tuple(input_shape or (16, 112, 112, 3))
        if len(self.input_shape) != 4 or self.input_shape[-1] is None:
            raise ValueError(
                "`input_shape` must be (frames, height, width, channels) with "
                f"a known number of channels. Received: {input_shape=}"
            )
        if pooling not in (None, "avg", "max"):
            raise ValueError(
                f"`pooling` must be None, 'avg' or 'max'. Received: {pooling=}"
            )
        if include_top and classes < 1:
            raise ValueError(
                f"`classes` must be positive. Received: {classes=}"
            )
        self.include_top = include_top
        self.weights = weights
        self.pooling = pooling
        self.classes = classes
        self.classifier_activation = classifier_activation
        self.dtype = dtype

    def clips(self):
        """Where the graph starts."""
        return keras.Input(self.input_shape, name="clips")

    def end(self, x):
        """Class scores of a map `(batch, frames, height, width, channels)`.

        Without the top the map, or its mean or maximum.
        """
        pooling = "avg" if self.include_top else self.pooling
        layers = {
            "avg": keras.layers.GlobalAveragePooling3D,
            "max": keras.layers.GlobalMaxPooling3D,
        }
        if pooling is not None:
            x = layers[pooling](
                data_format="channels_last",
                dtype=self.dtype,
                name=f"{pooling}_pool",
            )(x)
        if not self.include_top:
            return x
        return keras.layers.Dense(
            self.classes,
            activation=self.classifier_activation,
            dtype=self.dtype,
            name="predictions",
        )(x)
