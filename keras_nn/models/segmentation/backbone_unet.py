import keras

from keras_nn.models.segmentation.bridged_decoder import BridgedDecoder


@keras.saving.register_keras_serializable(package="keras_nn")
class BackboneUNet(BridgedDecoder):
    """U-Net whose way down is a picture backbone, such as a ResNet.

    `y_i = conv(conv([x_i, up(y_{i+1})]))`

    with the backbone's maps `x_i`, whose coarsest begins the way up, and
    3x3 convolutions with batch normalisation and ReLU. Sizes that the
    backbone has no map of, the full one with most, have no bridge.

    Args:
        backbone: `keras.Model` with `strides` and `features_only`, such as
            `ResNet(include_top=False)`.
        strides: list of ints, in pixels; each twice the one before. Defaults
            to None: all that the backbone has.
        include_top: bool. Whether to end in class scores of the picture's
            size. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        classes: int. Number of classes. Defaults to 2.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        filters: list of ints. Filters on the way up at strides 1, 2, 4 ...;
            the last one goes on for coarser ones. Defaults to
            `(16, 32, 64, 128, 256)`.
        dropout: float. Share of channels dropped in training. Defaults to 0.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, height, width, filters[0])`.

    Raises:
        ValueError: if a stride is not twice the one before, or pictures are
            not whole multiples of the largest.

    Example:

    >>> from keras_nn.models import ResNet
    >>> backbone = ResNet.from_preset(
    ...     "resnet18", input_shape=(32, 32, 3), include_top=False
    ... )
    >>> BackboneUNet(backbone, classes=3).output_shape
    (None, 32, 32, 3)

    Reference:
        [Ronneberger et al., 2015](https://arxiv.org/abs/1505.04597);
        [Iglovikov and Shvets, 2018](https://arxiv.org/abs/1801.05746), whose
        way down is a pretrained VGG
    """

    def decode(self, maps, blocks):
        x = maps[-1]
        for level in reversed(range(len(maps) - 1)):
            name = f"up_{level}"
            x = blocks.bridged(x, [maps[level]], level, name)
        return x
