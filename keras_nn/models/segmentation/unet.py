import keras

from keras_nn.layers.cnn.bilinear_upsampling2d import BilinearUpsampling2D
from keras_nn.layers.cnn.conv_batch_norm import ConvBatchNorm
from keras_nn.models.backbone import Backbone
from keras_nn.models.image_head import activation_config
from keras_nn.models.image_head import check_image_arguments

UPSAMPLINGS = ("transpose", "bilinear")


@keras.saving.register_keras_serializable(package="keras_nn")
class UNet(Backbone):
    """Down to coarse features and up again, with a bridge at every size.

    Down: `x_i = conv(conv(maxpool(x_{i-1})))`; up:
    `y_i = conv(conv([x_i, up(y_{i+1})]))`

    with 3x3 convolutions and ReLU. Other than in the paper, convolutions are
    padded, so that the map is as large as the picture.

    Args:
        include_top: bool. Whether to end in a 1x1 convolution to the classes.
            Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels; None for
            any height or width. Defaults to `(None, None, 1)`.
        classes: int. Number of classes. Defaults to 2.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        filters: list of ints. Filters at each size, the full one first. Each
            further one halves height and width. Defaults to the paper's
            `(64, 128, 256, 512, 1024)`.
        batch_norm: bool. Whether every convolution is normalised, which the
            paper did not yet. Defaults to False.
        upsampling: str. `"transpose"`: a learnt 2x2 convolution as in the
            paper; `"bilinear"`. Defaults to `"transpose"`.
        dropout: float. Share of features dropped in training, at the coarsest
            size. Defaults to 0.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, height, width, filters[0])`.

    Raises:
        ValueError: if a known height or width cannot be halved so often, or
            an argument is none of those listed. Pictures of an unknown size
            must have sides that are multiples of `2^(len(filters) - 1)`.

    Example:

    >>> model = UNet(input_shape=(16, 16, 1), filters=(4, 8), classes=3)
    >>> model.output_shape
    (None, 16, 16, 3)

    Reference:
        [Ronneberger et al., 2015](https://arxiv.org/abs/1505.04597)
    """

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=(None, None, 1),
        classes=2,
        classifier_activation="softmax",
        filters=(64, 128, 256, 512, 1024),
        batch_norm=False,
        upsampling="transpose",
        dropout=0.0,
        dtype=None,
        **kwargs,
    ):
        input_shape = tuple(input_shape)
        check_image_arguments(include_top, weights, input_shape, None, classes)
        check_halvings(input_shape, len(filters) - 1)
        if upsampling not in UPSAMPLINGS:
            raise ValueError(
                f"`upsampling` must be one of {UPSAMPLINGS}. "
                f"Received: {upsampling=}"
            )
        blocks = UNetBlocks(batch_norm, upsampling, dtype)
        images = keras.Input(input_shape, name="images")
        x, bridges = images, []
        for level, width in enumerate(filters):
            if level:
                bridges.append(x)
                x = blocks.halve(x, f"pool_{level}")
            x = blocks.two_convolutions(x, width, f"down_{level}")
        if dropout:
            x = keras.layers.Dropout(dropout, dtype=dtype, name="dropout")(x)
        for level in reversed(range(len(bridges))):
            width = filters[level]
            x = blocks.double(x, width, f"up_{level}_double")
            x = blocks.join([bridges[level], x], f"up_{level}_bridge")
            x = blocks.two_convolutions(x, width, f"up_{level}")
        if include_top:
            x = blocks.classify(x, classes, classifier_activation)
        super().__init__(images, x, dtype=dtype, **kwargs)

        self.include_top = include_top
        self.classes = classes
        self.classifier_activation = classifier_activation
        self.filters = list(filters)
        self.batch_norm = batch_norm
        self.upsampling = upsampling
        self.dropout = dropout
        if weights is not None:
            self.load_weights(weights)

    @property
    def stride(self):
        """int. What height and width of a picture must be a multiple of."""
        return 2 ** (len(self.filters) - 1)

    def get_config(self):
        return {
            **super().get_config(),
            "include_top": self.include_top,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
            "input_shape": self.input_shape[1:],
            "classes": self.classes,
            "classifier_activation": activation_config(
                self.classifier_activation
            ),
            "filters": self.filters,
            "batch_norm": self.batch_norm,
            "upsampling": self.upsampling,
            "dropout": self.dropout,
        }


def check_halvings(input_shape, count):
    """Refuses a picture size that cannot be halved so often."""
    if any(side is not None and side % 2**count for side in input_shape[:2]):
        raise ValueError(
            f"`input_shape` must hold multiples of {2**count}, or None, for "
            f"{count} halvings. Received: {input_shape=}"
        )


class UNetBlocks:
    """The building blocks that U-Net and its descendants share.

    Args:
        batch_norm: bool. Whether every convolution is normalised.
        upsampling: str. `"transpose"` or `"bilinear"`.
        dtype: dtype policy of the layers.
    """

    def __init__(self, batch_norm, upsampling, dtype):
        self.batch_norm = batch_norm
        self.upsampling = upsampling
        self.dtype = dtype

    def convolution(self, x, width, name):
        """A 3x3 convolution with ReLU."""
        if self.batch_norm:
            layer = ConvBatchNorm(
                width,
                3,
                activation="relu",
                momentum=0.9,  # few, small batches make an epoch
                dtype=self.dtype,
                name=name,
            )
        else:
            layer = keras.layers.Conv2D(
                width,
                3,
                padding="same",
                activation="relu",
                kernel_initializer="he_normal",
                data_format="channels_last",
                dtype=self.dtype,
                name=name,
            )
        return layer(x)

    def two_convolutions(self, x, width, name):
        """Two 3x3 convolutions with ReLU."""
        x = self.convolution(x, width, f"{name}_conv_0")
        return self.convolution(x, width, f"{name}_conv_1")

    def halve(self, x, name):
        """The highest of every 2x2 pixels."""
        return keras.layers.MaxPooling2D(
            data_format="channels_last", dtype=self.dtype, name=name
        )(x)

    def double(self, x, width, name):
        """Twice the height and the width."""
        if self.upsampling == "transpose":
            return keras.layers.Conv2DTranspose(
                width,
                2,
                strides=2,
                kernel_initializer="he_normal",
                data_format="channels_last",
                dtype=self.dtype,
                name=name,
            )(x)
        return BilinearUpsampling2D(dtype=self.dtype, name=name)(x)

    def join(self, maps, name):
        """Features side by side."""
        return keras.layers.Concatenate(dtype=self.dtype, name=name)(maps)

    def classify(self, x, classes, activation, name="predictions"):
        """A 1x1 convolution to class scores."""
        return keras.layers.Conv2D(
            classes,
            1,
            activation=activation,
            data_format="channels_last",
            dtype=self.dtype,
            name=name,
        )(x)
