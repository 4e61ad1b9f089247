import numpy as np

from keras_nn.models.asked import said_once
from keras_nn.models.asked import with_labels


class Reconstructor:
    """What models have in common whose `call` gives back what it is given.

    Abstract; mixed into a `keras.Model`.

    Example:

    >>> from keras_nn.models import Autoencoder, DenseDecoder, DenseEncoder
    >>> encoder = DenseEncoder((4,), output_units=2, units=[8])
    >>> model = Autoencoder(encoder, DenseDecoder(2, (4,), units=[8]))
    >>> model.reconstruct(np.ones((3, 4))).shape
    (3, 4)
    """

    def reconstruct(self, inputs, labels=None):
        """What comes back of inputs that were encoded.

        Args:
            inputs: array `(n, ...)`, in the range that the model learnt.
            labels: ints `(n,)`, for a model with classes; None means any.

        Returns:
            Float32 array `(n, ...)`.
        """
        inputs = np.asarray(inputs, "float32")
        classes = getattr(self, "num_classes", None)
        if classes and labels is not None:
            labels = np.reshape(labels, (-1,))
        given = with_labels("pictures", inputs, labels, classes)
        return np.asarray(said_once(self, given), "float32")
