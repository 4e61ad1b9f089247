import keras

from keras_nn.layers.cnn.bilinear_upsampling2d import BilinearUpsampling2D
from keras_nn.layers.cnn.conv_batch_norm import ConvBatchNorm
from keras_nn.models.activation_config import activation_config
from keras_nn.models.backbone import Backbone
from keras_nn.models.image_head import check_image_arguments

UPSAMPLINGS = ("transpose", "bilinear")


class UNetBackbone(Backbone):
    """What U-Net and its descendants share: arguments and building blocks.

    Args:
        images: Keras tensor. Where the graph starts.
        outputs: Keras tensor. Where it ends.
        blocks: `UNetBlocks` with the arguments that all of them take.
        weights: str. Path of a weights file to load, or None.
        **kwargs: `name` and `trainable`.
    """

    def __init__(self, images, outputs, blocks, weights, **kwargs):
        super().__init__(images, outputs, dtype=blocks.dtype, **kwargs)
        self.include_top = blocks.include_top
        self.classes = blocks.classes
        self.classifier_activation = blocks.activation
        self.filters = list(blocks.filters)
        self.batch_norm = blocks.batch_norm
        self.upsampling = blocks.upsampling
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
        }


class UNetBlocks:
    """The arguments of a U-Net, checked, and the blocks that it is made of.

    Args:
        include_top: bool. Whether the model ends in class scores.
        weights: str or None. Path of a weights file.
        input_shape: tuple `(height, width, channels)`.
        classes: int. Number of classes.
        activation: str, callable or None. Of the class scores.
        filters: list of ints. Filters at each size, the full one first.
        batch_norm: bool. Whether every convolution is normalised.
        upsampling: str. `"transpose"` or `"bilinear"`.
        dtype: dtype policy of the layers.
        stem_stride: int. How many times as small the first map is. Defaults
            to 1.
    """

    def __init__(
        self,
        include_top,
        weights,
        input_shape,
        classes,
        activation,
        filters,
        batch_norm,
        upsampling,
        dtype,
        stem_stride=1,
    ):
        input_shape = tuple(input_shape)
        check_image_arguments(include_top, weights, input_shape, None, classes)
        if stem_stride < 1:
            raise ValueError(
                f"`stem_stride` must be positive. Received: {stem_stride=}"
            )
        count = len(filters) - 1
        multiple = stem_stride * 2**count
        if any(
            side is not None and side % multiple for side in input_shape[:2]
        ):
            raise ValueError(
                f"`input_shape` must hold multiples of {multiple}, or None, "
                f"for {count} halvings. Received: {input_shape=}"
            )
        if upsampling not in UPSAMPLINGS:
            raise ValueError(
                f"`upsampling` must be one of {UPSAMPLINGS}. "
                f"Received: {upsampling=}"
            )
        self.include_top = include_top
        self.input_shape = input_shape
        self.classes = classes
        self.activation = activation
        self.filters = filters
        self.batch_norm = batch_norm
        self.upsampling = upsampling
        self.dtype = dtype
        self.stem_stride = stem_stride

    def images(self):
        """Where the graph starts."""
        return keras.Input(self.input_shape, name="images")

    def stem(self, x):
        """A smaller map of what each patch of pixels shows, if asked for."""
        stride = self.stem_stride
        if stride == 1:
            return x
        return self.convolution(x, self.filters[0], "stem", 2 * stride, stride)

    def full_size(self, x):
        """A map as large as the pictures."""
        if self.stem_stride == 1:
            return x
        return BilinearUpsampling2D(
            self.stem_stride, dtype=self.dtype, name="full_size"
        )(x)

    def convolution(self, x, width, name, kernel_size=3, strides=1):
        """A convolution with ReLU."""
        if self.batch_norm:
            layer = ConvBatchNorm(
                width,
                kernel_size,
                strides,
                activation="relu",
                momentum=0.9,  # few, small batches make an epoch
                dtype=self.dtype,
                name=name,
            )
        else:
            layer = keras.layers.Conv2D(
                width,
                kernel_size,
                strides,
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

    def classify(self, x, name="predictions"):
        """A 1x1 convolution to class scores."""
        return keras.layers.Conv2D(
            self.classes,
            1,
            activation=self.activation,
            data_format="channels_last",
            dtype=self.dtype,
            name=name,
        )(x)
