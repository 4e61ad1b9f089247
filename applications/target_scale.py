import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class TargetScale(keras.layers.Layer):
    """From standardised predictions to the units of the targets.

    `y = x * deviation + mean`, in float32; the identity until `adapt` was
    called, and its statistics are weights, which are saved.

    Example:

    >>> import numpy as np
    >>> layer = TargetScale(dtype="float32")
    >>> layer.adapt(np.array([[1.0], [3.0]]))
    >>> print(ops.convert_to_numpy(layer(np.ones((1, 1), "float32"))))
    [[3.]]
    """

    def build(self, input_shape):
        width = (input_shape[-1],)
        self.mean = self.add_weight(
            name="mean", shape=width, initializer="zeros", trainable=False
        )
        self.deviation = self.add_weight(
            name="deviation", shape=width, initializer="ones", trainable=False
        )
        self.adapted = self.add_weight(
            name="adapted", shape=(), initializer="zeros", trainable=False
        )

    def adapt(self, targets):
        """Learns mean and deviation from targets `(n, width)`, once.

        Weights that were trained on one scale keep it.
        """
        if not self.built:
            self.build(targets.shape)
        if float(self.adapted):
            return
        deviation = targets.std(axis=0)
        self.mean.assign(targets.mean(axis=0))
        self.deviation.assign(deviation + (deviation == 0))
        self.adapted.assign(1.0)

    def call(self, inputs):
        return ops.add(inputs * self.deviation, self.mean)

    def compute_output_shape(self, input_shape):
        return input_shape
