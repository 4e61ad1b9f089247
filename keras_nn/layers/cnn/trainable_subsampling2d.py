import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class TrainableSubsampling2D(keras.layers.Layer):
    """Averages blocks of pixels, then scales and shifts each map.

    `y = activation(coefficient * mean(block) + bias)`

    with one trainable coefficient and one trainable bias a map. (The paper
    adds the four inputs; the mean moves the constant into the coefficient.)

    Args:
        pool_size: int. Side of a block and distance between blocks, in
            pixels. Pixels that fill no whole block are left out. Defaults
            to 2.
        activation: str or callable. Defaults to None (linear).

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of shape
        `(batch, height // pool_size, width // pool_size, channels)`.

    Raises:
        ValueError: if `pool_size` is not positive.

    Example:

    >>> tuple(TrainableSubsampling2D()(keras.ops.ones((1, 28, 28, 6))).shape)
    (1, 14, 14, 6)

    Reference:
        [LeCun et al., 1998](http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf),
        section II.B, layers S2 and S4.
    """

    def __init__(self, pool_size=2, activation=None, **kwargs):
        super().__init__(**kwargs)
        if pool_size < 1:
            raise ValueError(
                f"`pool_size` must be positive. Received: {pool_size=}"
            )
        self.pool_size = pool_size
        self.activation = keras.activations.get(activation)
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.coefficient = self.add_weight(
            shape=shape, initializer="ones", name="coefficient"
        )
        self.bias = self.add_weight(
            shape=shape, initializer="zeros", name="bias"
        )

    def call(self, inputs):
        block = (self.pool_size, self.pool_size)
        means = ops.average_pool(
            inputs, block, strides=block, data_format="channels_last"
        )
        return self.activation(means * self.coefficient + self.bias)

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        return (
            batch,
            None if height is None else height // self.pool_size,
            None if width is None else width // self.pool_size,
            channels,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "activation": keras.activations.serialize(self.activation),
        }
