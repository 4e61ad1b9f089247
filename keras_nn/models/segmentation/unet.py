import keras

from keras_nn.models.segmentation.unet_blocks import UNetBackbone
from keras_nn.models.segmentation.unet_blocks import UNetBlocks


@keras.saving.register_keras_serializable(package="keras_nn")
class UNet(UNetBackbone):
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
        stem_stride: int. With 2 and more, a convolution before all others
            makes the map so many times smaller, and the scores are scaled up
            again: for pictures with more pixels than detail. Defaults to 1,
            none.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, height / stem_stride, width /
        stem_stride, filters[0])`.

    Raises:
        ValueError: if a known height or width cannot be halved so often, or
            an argument is none of those listed. Pictures of an unknown size
            must have sides that are multiples of
            `stem_stride 2^(len(filters) - 1)`.

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
        stem_stride=1,
        dtype=None,
        **kwargs,
    ):
        blocks = UNetBlocks(
            include_top,
            weights,
            input_shape,
            classes,
            classifier_activation,
            filters,
            batch_norm,
            upsampling,
            dtype,
            stem_stride,
        )
        images = blocks.images()
        x, bridges = blocks.stem(images), []
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
            x = blocks.classify(blocks.full_size(x))
        super().__init__(images, x, blocks, weights, **kwargs)
        self.dropout = dropout
        self.stem_stride = stem_stride

    @property
    def stride(self):
        return super().stride * self.stem_stride

    @property
    def output_stride(self):
        """int. How many times as small as the pictures the result is."""
        return 1 if self.include_top else self.stem_stride

    def get_config(self):
        return {
            **super().get_config(),
            "dropout": self.dropout,
            "stem_stride": self.stem_stride,
        }
