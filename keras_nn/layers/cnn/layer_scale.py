import keras


@keras.saving.register_keras_serializable(package="keras_nn")
class LayerScale(keras.layers.Layer):
    """A learned factor a channel, small at first, at a residual branch's end.

    `y = gamma * x`

    Args:
        initial_value: float. Of every factor. Defaults to 1e-6.

    Call arguments:
        inputs: float tensor of shape `(batch, ..., channels)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Example:

    >>> print(float(LayerScale(0.5)(keras.ops.ones((1, 1)))[0, 0]))
    0.5

    Reference:
        [Touvron et al., 2021](https://arxiv.org/abs/2103.17239)
    """

    def __init__(self, initial_value=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.initial_value = initial_value
        self.supports_masking = True

    def build(self, input_shape):
        self.gamma = self.add_weight(
            shape=(input_shape[-1],),
            initializer=keras.initializers.Constant(self.initial_value),
            name="gamma",
        )

    def call(self, inputs):
        return inputs * self.gamma

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "initial_value": self.initial_value}
