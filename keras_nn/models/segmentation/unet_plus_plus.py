import keras

from keras_nn.models.segmentation.unet_blocks import UNetBackbone
from keras_nn.models.segmentation.unet_blocks import UNetBlocks


@keras.saving.register_keras_serializable(package="keras_nn")
class UNetPlusPlus(UNetBackbone):
    """U-Net whose bridges are nets of their own, dense along each size.

    `x_{i,0} = H(maxpool(x_{i-1,0}))`,
    `x_{i,j} = H([x_{i,0}, ..., x_{i,j-1}, up(x_{i+1,j-1})])`

    with two 3x3 convolutions `H`. Every `x_{0,j}` is a map of full size: what
    goes down first only meets what comes up once it has been brought to the
    same depth. The result is `x_{0,n}`.

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
        filters: list of ints. Filters at each size, the full one first.
            Defaults to the paper's `(32, 64, 128, 256, 512)`.
        batch_norm: bool. Whether every convolution is normalised. Defaults to
            False.
        upsampling: str. `"transpose"` or `"bilinear"`. Defaults to
            `"transpose"`.
        deep_supervision: bool. Whether scores are the mean of classifiers on
            `x_{0,1}` to `x_{0,n}` instead of the last one's. Needs the top.
            Defaults to False.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, height, width, filters[0])`.

    Raises:
        ValueError: if a known height or width cannot be halved so often, or
            `deep_supervision` is asked of a model without its top.

    Example:

    >>> model = UNetPlusPlus(input_shape=(8, 8, 1), filters=(4, 6), classes=3)
    >>> model.output_shape
    (None, 8, 8, 3)

    Reference:
        [Zhou et al., 2018](https://arxiv.org/abs/1807.10165), equation 1.
    """

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=(None, None, 1),
        classes=2,
        classifier_activation="softmax",
        filters=(32, 64, 128, 256, 512),
        batch_norm=False,
        upsampling="transpose",
        deep_supervision=False,
        dtype=None,
        **kwargs,
    ):
        if deep_supervision and not include_top:
            raise ValueError(
                "`deep_supervision` needs the top. Received: "
                f"{include_top=}, {deep_supervision=}"
            )
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
        )
        images = blocks.images()
        x, rows = images, []  # rows[i][j] is x_{i,j}
        for level, width in enumerate(filters):
            if level:
                x = blocks.halve(x, f"pool_{level}")
            x = blocks.two_convolutions(x, width, f"x_{level}_0")
            rows.append([x])
        for column in range(1, len(filters)):
            for level in range(len(filters) - column):
                name, width = f"x_{level}_{column}", filters[level]
                below = rows[level + 1][column - 1]
                below = blocks.double(below, width, f"{name}_double")
                x = blocks.join([*rows[level], below], f"{name}_bridge")
                x = blocks.two_convolutions(x, width, name)
                rows[level].append(x)
        outputs = rows[0][-1]
        if include_top:
            ends = rows[0][1:] if deep_supervision else [outputs]
            outputs = _classified(ends, blocks)
        super().__init__(images, outputs, blocks, weights, **kwargs)
        self.deep_supervision = deep_supervision

    def get_config(self):
        return {
            **super().get_config(),
            "deep_supervision": self.deep_supervision,
        }


def _classified(ends, blocks):
    if len(ends) == 1:
        return blocks.classify(ends[0])
    names = [f"predictions_{index}" for index in range(len(ends))]
    scores = [
        blocks.classify(end, name)
        for end, name in zip(ends, names, strict=True)
    ]
    return keras.layers.Average(dtype=blocks.dtype, name="predictions")(scores)
