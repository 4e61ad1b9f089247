import keras

from keras_nn.models.segmentation.bridged_decoder import BridgedDecoder


@keras.saving.register_keras_serializable(package="keras_nn")
class BackboneUNetPlusPlus(BridgedDecoder):
    """U-Net++ whose way down is a picture backbone, such as a ResNet.

    `x_{i,j} = H([x_{i,0}, ..., x_{i,j-1}, up(x_{i+1,j-1})])`

    with the backbone's maps `x_{i,0}` and two 3x3 convolutions `H`. The
    result is `x_{0,n}`, brought to the full size where the backbone's finest
    map is smaller.

    Args:
        backbone, strides, include_top, weights, classes,
            classifier_activation, filters, dropout, dtype, **kwargs: as of
            `BackboneUNet`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, height, width, filters[0])`.

    Raises:
        ValueError: if a stride is not twice the one before, or pictures are
            not whole multiples of the largest.

    Example:

    >>> from keras_nn.models import ResNet
    >>> backbone = ResNet.from_preset(
    ...     "resnet20", input_shape=(16, 16, 3), include_top=False
    ... )
    >>> BackboneUNetPlusPlus(backbone, filters=[4, 8]).output_shape
    (None, 16, 16, 2)

    Reference:
        [Zhou et al., 2018](https://arxiv.org/abs/1807.10165), equation 1.
    """

    def decode(self, maps, blocks):
        rows = [[x] for x in maps]  # rows[i][j] is x_{i,j}
        for column in range(1, len(maps)):
            for level in range(len(maps) - column):
                below = rows[level + 1][column - 1]
                name = f"x_{level}_{column}"
                x = blocks.bridged(below, rows[level], level, name)
                rows[level].append(x)
        return rows[0][-1]
