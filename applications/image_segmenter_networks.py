"""The networks that `ImageSegmenter` trains."""

from keras_nn import models
from keras_nn.applications import transfer
from keras_nn.applications.picture_backbones import picture_backbone
from keras_nn.applications.unknown_choice import WrongRequest


def plain_unet(filters, cls=models.UNet, **options):
    """What makes a U-Net without a backbone, of the shape of the pictures."""

    def network(shape):
        return cls(
            False,
            input_shape=shape,
            filters=filters,
            batch_norm=True,
            upsampling="bilinear",
            **options,
        )

    return network


DECODERS = {
    "unet": models.BackboneUNet,
    "unetplusplus": models.BackboneUNetPlusPlus,
    "linknet": models.LinkNet,
    "manet": models.MANet,
    "fpn": models.FPN,
    "pan": models.PAN,
    "pspnet": models.PSPNet,
    "deeplabv3": models.DeepLabV3,
    "deeplabv3plus": models.DeepLabV3Plus,
    "upernet": models.UPerNet,
    "segformer": models.SegFormer,
    "dpt": models.DPT,
}
NETWORKS = {
    **DECODERS,
    # Without a backbone.
    "unet": plain_unet((16, 32, 64, 128, 256)),
    "unetplusplus": plain_unet((16, 32, 64, 128), models.UNetPlusPlus),
}
_OF_ONE_MAP = ("pspnet", "deeplabv3", "dpt")
# Where the papers' backbones stop making maps smaller, in pixels.
_OUTPUT_STRIDES = {"deeplabv3": 8, "deeplabv3plus": 16, "pan": 16}


def network(recipe, settings, shape):
    """The network that a recipe or the settings name, without its top.

    With the `weights` of a run of a segmenter and no name it is the run's
    whole network.

    Args:
        recipe: `Recipe`.
        settings: dict.
        shape: tuple `(height, width, channels)`, in pixels.

    Raises:
        WrongRequest: if it cannot take pictures of this shape, or the weights
            are of no part of it.
    """
    name, weights = settings["network"], settings["weights"]
    further = {key: settings[key] for key in ("drop_path", "output_stride")}
    nothing = {"auto", None}
    if name == "auto":
        if not {settings["backbone"], *further.values()} <= nothing:
            raise WrongRequest(
                "Say which network is on the backbone: `network` must be one "
                f"of {', '.join(DECODERS)}. Received: {name!r} with "
                f"backbone={settings['backbone']!r}, {further}"
            )
        if weights is None:
            return recipe.network(shape)
        return _network_of_run(weights, shape)
    chosen = {settings["backbone"], weights, *further.values()}
    try:
        if NETWORKS[name] is not DECODERS[name] and chosen <= nothing:
            return NETWORKS[name](shape)
        return DECODERS[name](
            _backbone(name, settings, shape), include_top=False
        )
    except ValueError as error:
        raise WrongRequest(
            f"{name} cannot take pictures of shape {tuple(shape)}: {error}"
        ) from error


def _backbone(name, settings, shape):
    usual = "vit_tiny_patch16" if name == "dpt" else "resnet18"
    found = transfer.backbone(
        settings,
        shape,
        lambda shape: picture_backbone(usual, shape, None),
        pooling=None,
    )
    stride = _output_stride(name, found, settings["output_stride"])
    if stride is not None:
        found = transfer.rebuilt(found, output_stride=stride)
    # A plain vision transformer has one map, and is given others.
    one_map = len(getattr(found, "strides", ())) == 1
    if one_map and name not in _OF_ONE_MAP:
        found = models.SimplePyramid(found)
    return found


def _output_stride(name, found, asked):
    """Where the maps of a backbone are to stop getting smaller, or None."""
    if asked != "auto":
        return asked
    usual = _OUTPUT_STRIDES.get(name)
    able = hasattr(found, "output_stride") and hasattr(found, "strides")
    if usual is None or not able or found.strides[-1] <= usual:
        return None
    return usual


def _network_of_run(weights, shape):
    if not transfer.is_run(weights):
        raise WrongRequest(
            "Say which network the weights are of: `network` must be one of "
            f"{', '.join(DECODERS)}. Received: 'auto', weights={weights!r}"
        )
    found = transfer.saved_network(weights)
    if len(found.output_shape) != 4:
        raise WrongRequest(
            "Say which network is on the run's backbone: `network` must be "
            f"one of {', '.join(DECODERS)}. Received: 'auto', {weights!r}"
        )
    if found.input_shape[1:] != tuple(shape):
        found = transfer.rebuilt(found, input_shape=tuple(shape))
    return found
