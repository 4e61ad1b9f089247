import keras

from keras_nn.activations.scaled_tanh import scaled_tanh
from keras_nn.layers.cnn.connection_table_conv2d import ConnectionTableConv2D
from keras_nn.layers.cnn.trainable_subsampling2d import TrainableSubsampling2D
from keras_nn.models.activation_config import activation_config
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead

# Which of the 6 maps of S2 each of the 16 maps of C3 sees: table I.
_RUNS_OF_THREE = [[(i + j) % 6 for j in range(3)] for i in range(6)]
_RUNS_OF_FOUR = [[(i + j) % 6 for j in range(4)] for i in range(6)]
_PAIRS_OF_TWO = [[0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5]]
C3_TABLE = [*_RUNS_OF_THREE, *_RUNS_OF_FOUR, *_PAIRS_OF_TWO, list(range(6))]


@keras.saving.register_keras_serializable(package="keras_nn")
class LeNet5(ImageBackbone):
    """LeNet-5, the convolutional network that read bank cheques.

    C1 (6 maps, 5x5), S2 (2x2), C3 (16 maps, 5x5), S4 (2x2), C5 (120 units,
    5x5), F6 (84 units), output. S2 and S4 are trainable subsampling, a map of
    C3 sees only some maps of S2, and units squash by `1.7159 tanh(2 x / 3)`.
    The output is a softmax in place of the radial basis functions.

    Args:
        include_top: bool. Whether to end in the classifier. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels. A height
            and width of 28 are framed by two zeros on each side, so zero
            should be the background; others, such as the 32 of the paper, are
            not framed. Defaults to `(28, 28, 1)`.
        classes: int. Number of classes. Defaults to 10.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        activation: str or callable of the hidden layers. Defaults to the
            `scaled_tanh` of the paper.
        partial_connections: bool. Whether C3 is connected by table I of the
            paper; otherwise every map of C3 sees every map of S2. Defaults to
            True.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, the 84
        features of F6, of shape `(batch, 84)`.

    Raises:
        ValueError: if the pictures are smaller than 28x28.

    Example:

    >>> import numpy as np
    >>> model = LeNet5()
    >>> model.predict(np.zeros((2, 28, 28, 1)), verbose=0).shape
    (2, 10)
    >>> LeNet5().count_params()
    60850

    Reference:
        [LeCun et al., 1998](http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf)
    """

    has_pooling = False

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=(28, 28, 1),
        classes=10,
        classifier_activation="softmax",
        activation=scaled_tanh,
        partial_connections=True,
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
        if None in head.input_shape or min(head.input_shape[:2]) < 28:
            raise ValueError(
                "`input_shape` must be at least 28x28 pixels. "
                f"Received: {input_shape=}"
            )
        images = head.images()
        framed = "same" if head.input_shape[:2] == (28, 28) else "valid"
        common = {"activation": activation, "dtype": dtype}
        conv = {"data_format": "channels_last", **common}
        x = keras.layers.Conv2D(6, 5, padding=framed, name="c1", **conv)(images)
        maps = {1: x}
        x = TrainableSubsampling2D(name="s2", **common)(x)
        if partial_connections:
            x = ConnectionTableConv2D(C3_TABLE, 5, name="c3", **common)(x)
        else:
            x = keras.layers.Conv2D(16, 5, name="c3", **conv)(x)
        maps[2] = x
        x = TrainableSubsampling2D(name="s4", **common)(x)
        maps[4] = x
        x = keras.layers.Conv2D(120, 5, name="c5", **conv)(x)
        x = keras.layers.GlobalAveragePooling2D(
            data_format="channels_last", dtype=dtype, name="flatten"
        )(x)
        x = keras.layers.Dense(84, name="f6", **common)(x)
        super().__init__(images, head.classify(x), head, maps, **kwargs)

        self.activation = activation
        self.partial_connections = partial_connections

    def get_config(self):
        return {
            **super().get_config(),
            "activation": activation_config(self.activation),
            "partial_connections": self.partial_connections,
        }
