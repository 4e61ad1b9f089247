import keras

from keras_nn.models.backbone import Backbone


class Detector(Backbone):
    """A network that predicts boxes and classes. Abstract.

    A subclass builds its graph, keeps its arguments, and defines

    - `objective()`: the loss of its outputs;
    - `candidates(outputs)`: corners of boxes and probabilities of classes.

    Args:
        images: Keras tensor. Where the graph starts.
        outputs: Keras tensor `(batch, ..., numbers)`.
        backbone: `keras.Model`, what the features come from.
        num_classes: int. Number of classes, without background.
        dtype: dtype policy of the layers.
        **kwargs: `name` and `trainable`.
    """

    def __init__(self, images, outputs, backbone, num_classes, dtype, **kwargs):
        super().__init__(images, outputs, dtype=dtype, **kwargs)
        # Held and not tracked: what is not used of it is no part of the
        # network.
        self._backbone = lambda: backbone
        self.num_classes = num_classes

    @property
    def backbone(self):
        """`keras.Model`. What the features come from."""
        return self._backbone()

    @property
    def image_size(self):
        """Tuple `(height, width)` of the pictures, in pixels."""
        return self.input_shape[1:3]

    def objective(self):
        """The loss that the network is trained with."""
        raise NotImplementedError(
            f"{type(self).__name__} must define `objective`."
        )

    def candidates(self, outputs):
        """Boxes and scores of all places.

        Args:
            outputs: float tensor, what the network returns.

        Returns:
            Corners `(batch, places, 4)`, in pixels, and probabilities
            `(batch, places, classes)`.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define `candidates`."
        )

    def get_config(self):
        return {
            **super().get_config(),
            "backbone": keras.saving.serialize_keras_object(self.backbone),
            "num_classes": self.num_classes,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        backbone = keras.saving.deserialize_keras_object(
            config["backbone"], custom_objects
        )
        return cls(**{**config, "backbone": backbone})
