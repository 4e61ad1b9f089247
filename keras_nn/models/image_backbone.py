import keras

from keras_nn.models.activation_config import activation_config
from keras_nn.models.backbone import Backbone


class ImageBackbone(Backbone):
    """A picture model: its head's arguments, and its maps by stride.

    Args:
        images: Keras tensor. Where the graph starts.
        outputs: Keras tensor. Where it ends.
        head: `ImageHead` with the arguments that all picture models take.
        maps: dict from a stride, in pixels, to the last map of that stride, a
            Keras tensor of shape `(batch, height / stride, width / stride,
            channels)`.
        preprocessing: dict or None. What pictures must have gone through for
            weights that came from elsewhere: `{"mode": ...}` with a mode of
            `keras_nn.applications.PicturePreprocessing`, and its further
            arguments. An application that is to preprocess by itself does
            it. Defaults to None.
        **kwargs: `name` and `trainable`.

    Example:

    >>> from keras_nn.models import ResNet
    >>> model = ResNet.from_preset("resnet20", input_shape=(32, 32, 3))
    >>> model.strides
    [1, 2, 4]
    >>> model.features_only([2, 4]).output_shape
    [(None, 16, 16, 32), (None, 8, 8, 64)]
    """

    # False where the features without the top are a vector anyway.
    has_pooling = True

    def __init__(
        self, images, outputs, head, maps, preprocessing=None, **kwargs
    ):
        super().__init__(images, outputs, dtype=head.dtype, **kwargs)
        self._maps = dict(maps)
        self.preprocessing = preprocessing
        self.include_top = head.include_top
        if self.has_pooling:
            self.pooling = head.pooling
        self.classes = head.classes
        self.classifier_activation = head.classifier_activation
        if head.weights is not None:
            self.load_weights(head.weights)

    @property
    def strides(self):
        """list of ints. The strides that `features_only` knows, in pixels."""
        return sorted(self._maps)

    def features_only(self, strides=None):
        """A model from pictures to a pyramid of maps, the finest first.

        Args:
            strides: list of ints, in pixels. Which maps. Defaults to all.

        Returns:
            A `keras.Model` that shares this model's weights; its output is a
            list of float tensors of shape `(batch, height / stride,
            width / stride, channels)`, or that tensor where it is one only,
            as with every functional model.

        Raises:
            ValueError: if there is no map of such a stride.
        """
        wanted = self.strides if strides is None else list(strides)
        if not wanted or not set(wanted) <= set(self._maps):
            raise ValueError(
                f"`strides` must be among {self.strides}. Received: {strides=}"
            )
        maps = [self._maps[stride] for stride in wanted]
        return keras.Model(self.input, maps, name=f"{self.name}_features")

    def get_config(self):
        config = {
            **super().get_config(),
            "include_top": self.include_top,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
            "input_shape": self.input_shape[1:],
            "classes": self.classes,
            "classifier_activation": activation_config(
                self.classifier_activation
            ),
        }
        if self.has_pooling:
            config["pooling"] = self.pooling
        if self.preprocessing is not None:
            config["preprocessing"] = dict(self.preprocessing)
        return config
