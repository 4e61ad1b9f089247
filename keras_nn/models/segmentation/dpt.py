import keras

from keras_nn.layers.cnn.bilinear_upsampling2d import BilinearUpsampling2D
from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.layers.segmentation.token_readout import TokenReadout
from keras_nn.models.segmentation.dpt_blocks import DPTBlocks
from keras_nn.models.segmentation.map_decoder import MapDecoder


@keras.saving.register_keras_serializable(package="keras_nn")
class DPT(MapDecoder):
    """Tokens of four depths of a vision transformer, as one fine map.

    `c_i = conv3x3(resize_{f_i}(conv1x1(readout(t_i))))`, `f = 4, 2, 1, 1/2`,
    `y_n = up(res(res(c_n)))`, `y_i = up(res(y_{i+1} + res(c_i)))`,
    `y = relu(norm(conv3x3(y_1)))`

    with `res(x) = x + norm(conv3x3(relu(norm(conv3x3(relu(x))))))` and a 1x1
    convolution behind every `up`, which keeps corners where they are.

    Args:
        backbone: `keras.Model` with `patch_size`, `num_layers`, blocks named
            `layer_0` and on, and `features`: a `VisionTransformer` without
            `patch_dropout`.
        include_top: bool. Whether to end in class scores of the picture's
            size. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        classes: int. Number of classes. Defaults to 2.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        layer_indices: list of four ints, ascending, or None. The blocks whose
            tokens are read. Defaults to None: at each quarter of the depth.
        normalize: bool. Whether tokens pass the backbone's last normalisation
            first, as those of DINOv2 do. Defaults to False, as in the paper.
        readout: as in `TokenReadout`. Defaults to `"project"`.
        token_filters: list of four ints. Channels of each depth's map, the
            finest first. Defaults to `(256, 512, 1024, 1024)`.
        filters: int. Channels of the map. Defaults to 256.
        dropout: float. Share of channels dropped in training. Defaults to
            0.1.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, height, width, classes)`; without the
        top, features of shape `(batch, 8 height / patch_size,
        8 width / patch_size, filters)`.

    Raises:
        ValueError: on another kind of backbone, patches of a side that 8 does
            not divide, or an odd number of patches along a side.

    Example:

    >>> from keras_nn.models import VisionTransformer
    >>> vit = VisionTransformer(
    ...     input_shape=(32, 32, 3), patch_size=8, hidden_dim=16,
    ...     num_layers=4, num_heads=2, include_top=False,
    ... )
    >>> DPT(vit, token_filters=[4, 8, 8, 8], filters=8).output_shape
    (None, 32, 32, 2)

    Reference:
        [Ranftl et al., 2021](https://arxiv.org/abs/2103.13413)
    """

    def __init__(
        self,
        backbone,
        include_top=True,
        weights=None,
        classes=2,
        classifier_activation="softmax",
        layer_indices=None,
        normalize=False,
        readout="project",
        token_filters=(256, 512, 1024, 1024),
        filters=256,
        dropout=0.1,
        dtype=None,
        **kwargs,
    ):
        patch = check_backbone(backbone)
        indices = check_indices(layer_indices, backbone.num_layers)
        if len(token_filters) != 4 or min(token_filters) < 1:
            raise ValueError(
                "`token_filters` must be four positive numbers. "
                f"Received: {token_filters=}"
            )
        blocks = DPTBlocks(filters, dtype)
        height, width = (side // patch for side in backbone.input_shape[1:3])
        prefix = bool(backbone.class_token) + backbone.num_registers
        if readout != "ignore" and not backbone.class_token:
            prefix = 0  # registers are no class token

        def decode(tokens):
            maps = []
            for level, x in enumerate(tokens):
                name = f"level_{level}"
                if normalize:
                    x = backbone.get_layer("norm")(x)
                x = TokenReadout(
                    height,
                    width,
                    prefix,
                    readout,
                    dtype=dtype,
                    name=f"{name}_readout",
                )(x)
                channels = token_filters[level]
                maps.append(blocks.reassembled(x, channels, level, name))
            x = None
            for level in reversed(range(len(maps))):
                name = f"fusion_{level}"
                below, x = x, blocks.residual(maps[level], f"{name}_bridge")
                if below is not None:
                    x = keras.layers.Add(dtype=dtype, name=name)([x, below])
                x = blocks.residual(x, f"{name}_sum")
                x = BilinearUpsampling2D(
                    2, align_corners=True, dtype=dtype, name=f"{name}_double"
                )(x)
                x = blocks.conv(x, filters, 1, f"{name}_out")
            return ConvNormAct(filters, 3, dtype=dtype, name="map")(x)

        super().__init__(
            backbone,
            [patch // 4, patch // 2, patch, 2 * patch],
            decode,
            include_top,
            weights,
            classes,
            classifier_activation,
            dropout,
            dtype,
            map_stride=patch // 8,
            pyramid=backbone.features([f"layer_{index}" for index in indices]),
            **kwargs,
        )
        self.layer_indices = layer_indices and list(layer_indices)
        self.normalize = normalize
        self.readout = readout
        self.token_filters = list(token_filters)
        self.filters = filters

    def get_config(self):
        config = super().get_config()
        del config["strides"]  # they follow from the patches
        return {
            **config,
            "layer_indices": self.layer_indices,
            "normalize": self.normalize,
            "readout": self.readout,
            "token_filters": self.token_filters,
            "filters": self.filters,
        }


def check_backbone(backbone):
    """The side of a patch, in pixels, of a backbone that has tokens."""
    wanted = ("patch_size", "num_layers", "features", "class_token")
    if not all(hasattr(backbone, name) for name in wanted):
        raise ValueError(
            "`backbone` must be a vision transformer, such as "
            f"keras_nn.models.VisionTransformer. Received: {backbone!r}"
        )
    if getattr(backbone, "patch_dropout", 0):
        raise ValueError(
            "`backbone` must keep all patches. Received: "
            f"patch_dropout={backbone.patch_dropout}"
        )
    if backbone.patch_size % 8:
        raise ValueError(
            "The side of a patch must be a multiple of 8. "
            f"Received: patch_size={backbone.patch_size}"
        )
    return backbone.patch_size


def check_indices(indices, num_layers):
    """The four blocks to read, given or at each quarter of the depth."""
    if indices is None:
        indices = [num_layers * part // 4 - 1 for part in (1, 2, 3, 4)]
    if (
        len(indices) != 4
        or list(indices) != sorted(indices)
        or not 0 <= indices[0] <= indices[-1] < num_layers
    ):
        raise ValueError(
            f"`layer_indices` must name four of {num_layers} blocks, from 0 "
            f"on. Received: layer_indices={list(indices)}"
        )
    return indices
