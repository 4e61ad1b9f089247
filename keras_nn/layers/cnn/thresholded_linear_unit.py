import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class ThresholdedLinearUnit(keras.layers.Layer):
    """A ReLU whose corner is learnt, channel by channel.

    `y = max(x, tau)`

    Args:
        initial: float. Where the corners begin. Defaults to 0.

    Call arguments:
        inputs: float tensor of shape `(batch, ..., channels)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Example:

    >>> layer = ThresholdedLinearUnit(initial=-1.0)
    >>> ops.convert_to_numpy(layer(ops.array([[-3.0, 2.0]]))).tolist()
    [[-1.0, 2.0]]

    Reference:
        [Singh and Krishnan, 2020](https://arxiv.org/abs/1911.09737)
    """

    def __init__(self, initial=0.0, **kwargs):
        super().__init__(**kwargs)
        self.initial = initial

    def build(self, input_shape):
        if input_shape[-1] is None:
            raise ValueError(
                "The number of channels must be known. "
                f"Received: input_shape={input_shape}"
            )
        self.tau = self.add_weight(
            (input_shape[-1],),
            keras.initializers.Constant(self.initial),
            name="tau",
        )

    def call(self, inputs):
        return ops.maximum(inputs, ops.cast(self.tau, inputs.dtype))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "initial": self.initial}
