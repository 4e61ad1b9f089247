import keras

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.layers.segmentation.fusion_attention import FusionAttention
from keras_nn.layers.segmentation.position_attention import PositionAttention
from keras_nn.models.segmentation.bridged_decoder import BridgedDecoder
from keras_nn.models.segmentation.map_decoder import enlarge


@keras.saving.register_keras_serializable(package="keras_nn")
class MANet(BridgedDecoder):
    """A U-Net with attention: over places at its bottom, over channels above.

    `y_n = PositionAttention(x_n)`,
    `y_i = conv(conv(FusionAttention(up(conv1x1(conv3x3(y_{i+1}))), x_i)))`

    Sizes that the backbone has no map of have no bridge, as in
    `BackboneUNet`. segmentation_models.pytorch, which has the same blocks,
    divides attention by its sum over all pairs of places instead of over what
    each place sees.

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
        units: int. As in `PositionAttention`. Defaults to 64.
        reduction: int. As in `FusionAttention`. Defaults to 16.
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
    >>> MANet(backbone, classes=3).output_shape
    (None, 32, 32, 3)

    Reference:
        [Fan et al., 2020](https://doi.org/10.1109/ACCESS.2020.3025372)
    """

    def __init__(
        self,
        backbone,
        strides=None,
        include_top=True,
        weights=None,
        classes=2,
        classifier_activation="softmax",
        filters=(16, 32, 64, 128, 256),
        units=64,
        reduction=16,
        dropout=0.0,
        dtype=None,
        **kwargs,
    ):
        # `decode` asks for them while the network is built.
        self.units = units
        self.reduction = reduction
        super().__init__(
            backbone,
            strides,
            include_top,
            weights,
            classes,
            classifier_activation,
            filters,
            dropout,
            dtype,
            **kwargs,
        )

    def decode(self, maps, blocks):
        dtype = blocks.dtype
        x = PositionAttention(self.units, dtype=dtype, name="attention")(
            maps[-1]
        )
        for level in reversed(range(len(maps) - 1)):
            bridge, name = maps[level], f"up_{level}"
            width, own = bridge.shape[-1], x.shape[-1]
            x = ConvNormAct(own, 3, dtype=dtype, name=f"{name}_before")(x)
            x = ConvNormAct(width, 1, dtype=dtype, name=f"{name}_match")(x)
            x = enlarge(x, 2, dtype, f"{name}_double")
            x = FusionAttention(
                self.reduction, dtype=dtype, name=f"{name}_fusion"
            )([x, bridge])
            x = blocks.convolved(x, blocks.strides[level], name)
        return x

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "reduction": self.reduction,
        }
