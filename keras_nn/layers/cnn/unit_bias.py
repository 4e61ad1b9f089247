import keras


@keras.saving.register_keras_serializable(package="keras_nn")
class UnitBias(keras.layers.Layer):
    """Adds a bias of its own to every unit, not one to every map.

    `y = x + bias`, where `bias` has the shape of one example

    Args:
        bias_initializer: initializer of the biases. Defaults to `"zeros"`.

    Call arguments:
        inputs: float tensor of shape `(batch, ...)`, all but the batch known.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: when built on a shape with an unknown size.

    Example:

    >>> layer = UnitBias()
    >>> tuple(layer(keras.ops.ones((1, 8, 8, 12))).shape)
    (1, 8, 8, 12)
    >>> layer.count_params()
    768

    Reference:
        [LeCun et al., 1989](http://yann.lecun.com/exdb/publis/pdf/lecun-89e.pdf)
    """

    def __init__(self, bias_initializer="zeros", **kwargs):
        super().__init__(**kwargs)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.supports_masking = True

    def build(self, input_shape):
        if None in input_shape[1:]:
            raise ValueError(
                "Every size but the batch must be known. "
                f"Received: input_shape={input_shape}"
            )
        self.bias = self.add_weight(
            shape=input_shape[1:],
            initializer=self.bias_initializer,
            name="bias",
        )

    def call(self, inputs):
        return inputs + self.bias

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "bias_initializer": keras.initializers.serialize(
                self.bias_initializer
            ),
        }
