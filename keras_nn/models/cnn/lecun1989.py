import keras

from keras_nn.layers.cnn.connection_table_conv2d import ConnectionTableConv2D
from keras_nn.layers.cnn.constant_padding2d import ConstantPadding2D
from keras_nn.layers.cnn.unit_bias import UnitBias
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead

# The paper leaves open which 8 of the 12 maps of H1 a map of H2 sees. Here
# each third of H2 leaves out another third of H1.
_THIRDS = [list(range(0, 4)), list(range(4, 8)), list(range(8, 12))]
_SEEN = [(0, 1), (1, 2), (0, 2)]
H2_TABLE = [_THIRDS[a] + _THIRDS[b] for a, b in _SEEN for _ in range(4)]


@keras.saving.register_keras_serializable(package="keras_nn")
class LeCun1989(ImageBackbone):
    """The first convolutional network trained on pictures by backpropagation.

    H1 (12 maps, 5x5, stride 2), H2 (12 maps, 5x5, stride 2, each sees 8 maps
    of H1), H3 (30 units), 10 outputs, tanh everywhere. Kernels are shared
    over a map, biases are not. 9,760 weights. Frames hold the background, -1.

    Args:
        include_top: bool. Whether to end in the outputs. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels; values are
            in -1..1. Defaults to `(16, 16, 1)`.
        classes: int. Number of outputs. Defaults to 10.
        classifier_activation: str or callable. Defaults to `"tanh"`, for
            targets of plus and minus one under a mean squared error.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, the 30
        features of H3, of shape `(batch, 30)`.

    Raises:
        ValueError: if height or width is unknown.

    Example:

    >>> LeCun1989().count_params()
    9760

    Reference:
        [LeCun et al., 1989](http://yann.lecun.com/exdb/publis/pdf/lecun-89e.pdf)
    """

    has_pooling = False

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=(16, 16, 1),
        classes=10,
        classifier_activation="tanh",
        dtype=None,
        **kwargs,
    ):
        head = ImageHead(
            include_top,
            weights,
            input_shape,
            None,
            classes,
            classifier_activation,
            dtype,
        )
        if None in head.input_shape:
            raise ValueError(
                f"`input_shape` must be known in full. Received: {input_shape=}"
            )
        images = head.images()
        x = ConstantPadding2D(2, value=-1.0, dtype=dtype, name="h1_frame")(
            images
        )
        x = keras.layers.Conv2D(
            12,
            5,
            strides=2,
            use_bias=False,
            kernel_initializer=_uniform(),
            data_format="channels_last",
            dtype=dtype,
            name="h1_kernel",
        )(x)
        x = UnitBias(dtype=dtype, name="h1_bias")(x)
        x = keras.layers.Activation("tanh", dtype=dtype, name="h1")(x)
        maps = {2: x}
        x = ConstantPadding2D(2, value=-1.0, dtype=dtype, name="h2_frame")(x)
        x = ConnectionTableConv2D(
            H2_TABLE,
            5,
            strides=2,
            use_bias=False,
            kernel_initializer=_uniform(),
            dtype=dtype,
            name="h2_kernel",
        )(x)
        x = UnitBias(dtype=dtype, name="h2_bias")(x)
        x = keras.layers.Activation("tanh", dtype=dtype, name="h2")(x)
        maps[4] = x
        x = keras.layers.Flatten(
            data_format="channels_last", dtype=dtype, name="flatten"
        )(x)
        x = keras.layers.Dense(
            30,
            activation="tanh",
            kernel_initializer=_uniform(),
            dtype=dtype,
            name="h3",
        )(x)
        if include_top:
            x = keras.layers.Dense(
                classes,
                activation=classifier_activation,
                kernel_initializer=_uniform(),
                bias_initializer=keras.initializers.Constant(-1.0),
                dtype=dtype,
                name="predictions",
            )(x)
        super().__init__(images, x, head, maps, **kwargs)


def _uniform():
    # Uniform in plus and minus 2.4 / sqrt(fan_in), a new draw each.
    return keras.initializers.VarianceScaling(
        2.4**2 / 3, mode="fan_in", distribution="uniform"
    )
