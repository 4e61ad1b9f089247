import keras
from keras import ops

from keras_nn.layers.gan.equalized_dense import activated
from keras_nn.layers.gan.modulated_conv2d import ModulatedConv2D


@keras.saving.register_keras_serializable(package="keras_nn")
class StyledConv2D(keras.layers.Layer):
    """One layer of StyleGAN2: a modulated convolution, noise, a leaky ReLU.

    `y = leaky_relu(modulated_conv(x, style) + strength * noise + b)`

    The noise, one number a place for all channels, is drawn anew in training,
    and else is always the same.

    Args:
        filters: int. Output channels.
        double: bool. Whether the picture becomes twice as high and wide.
            Defaults to False.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: pair of float tensors: pictures `(batch, height, width,
            channels)` of a known size, styles `(batch, units)`.
        training: bool.

    Returns:
        A tensor `(batch, height, width, filters)`, or of twice the size.

    Example:

    >>> layer = StyledConv2D(3, double=True)
    >>> tuple(layer([ops.ones((2, 4, 4, 5)), ops.ones((2, 6))]).shape)
    (2, 8, 8, 3)

    Reference:
        [Karras et al., 2020](https://arxiv.org/abs/1912.04958), figure 2
    """

    def __init__(self, filters, double=False, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.double = double
        self.conv = ModulatedConv2D(
            filters, 3, double=double, dtype=self.dtype_policy, name="conv"
        )
        self.seed_generator = keras.random.SeedGenerator()

    def build(self, input_shape):
        self.conv.build(input_shape)
        height, width = self.conv.compute_output_shape(input_shape)[1:3]
        self.strength = self.add_weight((), "zeros", name="strength")
        self.bias = self.add_weight((self.filters,), "zeros", name="bias")
        self.noise = self.add_weight(
            (height, width, 1),
            keras.initializers.RandomNormal(stddev=1.0),
            trainable=False,
            name="noise",
        )

    def call(self, inputs, training=None):
        x = self.conv(inputs)
        noise = self.noise
        if training:
            shape = (ops.shape(x)[0], *self.noise.shape)
            noise = keras.random.normal(
                shape, dtype="float32", seed=self.seed_generator
            )
        x = x + ops.cast(noise, x.dtype) * self.strength
        return activated(x + self.bias, "leaky_relu")

    def compute_output_shape(self, input_shape):
        return self.conv.compute_output_shape(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "double": self.double,
        }
