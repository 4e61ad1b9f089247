"""What timm calls the tensors of our picture models."""

import re

from keras_nn import models
from keras_nn.pretrained.keras_applications_names import own_names
from keras_nn.pretrained.keras_applications_names import renamed
from keras_nn.pretrained.timm_numbered import FlatKernel
from keras_nn.pretrained.timm_numbered import numbered

_COMMON = (
    ("/(kernel|gamma)$", "/weight"),
    ("/beta$", "/bias"),
    ("/moving_mean$", "/running_mean"),
    ("/moving_variance$", "/running_var"),
    ("/", "."),
)
_BLOCK = (
    ("/norm_before/", "/norm1/"),
    ("/norm_after/", "/norm2/"),
    ("/intermediate/", "/mlp/fc1/"),
    ("/outer/", "/mlp/fc2/"),
    ("/attention/attention/", "/attention/"),
    # Query, key and value are one tensor, in this order.
    ("/attention/(query|key|value)/", "/attn/qkv/"),
    ("/attention/projection/", "/attn/proj/"),
    ("/attention/relative", "/attn/relative"),
    ("patch_embeddings/projection/", "patch_embed/proj/"),
)
_RULES = {
    models.VisionTransformer: (
        ("^embeddings/cls_token", "cls_token"),
        ("^embeddings/position_embeddings", "pos_embed"),
        (r"^layer_(\d+)/", r"blocks/\1/"),
        ("/scale_0/", "/ls1/"),
        ("/scale_1/", "/ls2/"),
        ("/(ls[12])/gamma$", r"/\1.gamma"),
        ("^predictions/", "head/"),
        *_BLOCK,
    ),
    models.SwinTransformer: (
        ("^embeddings_norm/", "patch_embed/norm/"),
        (r"^stage_(\d+)_block_(\d+)/", r"layers/\1/blocks/\2/"),
        (r"^stage_(\d+)_downsample/", r"layers/+\1/downsample/"),
        ("^predictions/", "head/fc/"),
        *_BLOCK,
    ),
    models.ConvNeXt: (
        ("^stem_conv/", "stem/0/"),
        ("^stem_norm/", "stem/1/"),
        (r"^stage_(\d+)_block_(\d+)_", r"stages/\1/blocks/\2/"),
        (r"^downsample_(\d+)_norm/", r"stages/\1/downsample/0/"),
        (r"^downsample_(\d+)_conv/", r"stages/\1/downsample/1/"),
        ("/scale/gamma$", "/gamma@"),
        ("/depthwise/", "/conv_dw/"),
        ("/expand/", "/mlp/fc1/"),
        ("/response/", "/mlp/grn/"),
        ("/project/", "/mlp/fc2/"),
        ("^norm/", "head/norm/"),
        ("^predictions/", "head/fc/"),
    ),
    models.ResNet: (
        ("^conv1/conv/", "conv1/"),
        ("^conv1/norm/", "bn1/"),
        (r"^conv(\d+)_block(\d+)_0/conv/", r"layer-\1/-\2/downsample/0/"),
        (r"^conv(\d+)_block(\d+)_0/norm/", r"layer-\1/-\2/downsample/1/"),
        (r"^conv(\d+)_block(\d+)_(\d)/conv/", r"layer-\1/-\2/conv\3/"),
        (r"^conv(\d+)_block(\d+)_(\d)/norm/", r"layer-\1/-\2/bn\3/"),
        (r"^conv(\d+)_block(\d+)_se/reduce/", r"layer-\1/-\2/se/fc1/"),
        (r"^conv(\d+)_block(\d+)_se/expand/", r"layer-\1/-\2/se/fc2/"),
        ("^predictions/", "fc/"),
    ),
    models.DenseNet: (
        ("^conv1/conv/", "features/conv0/"),
        ("^conv1/norm/", "features/norm0/"),
        (r"^conv(\d+)_block(\d+)_", r"features/denseblock-\1/denselayer\2/"),
        ("/0_bn/", "/norm1/"),
        ("/1/conv/", "/conv1/"),
        ("/1/norm/", "/norm2/"),
        ("/2_conv/", "/conv2/"),
        (r"^pool(\d+)_bn/", r"features/transition-\1/norm/"),
        (r"^pool(\d+)_conv/", r"features/transition-\1/conv/"),
        ("^bn/", "features/norm5/"),
        ("^predictions/", "classifier/"),
    ),
    models.MLPMixer: (
        ("^patch_embeddings/projection/", "stem/proj/"),
        (r"^layer_(\d+)/", r"blocks/\1/"),
        ("/token_norm/", "/norm1/"),
        ("/channel_norm/", "/norm2/"),
        ("/(token|channel)_hidden/", r"/mlp_\1s/fc1/"),
        ("/(token|channel)_out/", r"/mlp_\1s/fc2/"),
        ("^predictions/", "head/"),
    ),
    models.VGG: (
        ("^fc([12])/", r"pre_logits/fc\1/"),
        ("^predictions/", "head/fc/"),
    ),
    **dict.fromkeys(
        (models.EfficientNet, models.MobileNetV2, models.MobileNetV3),
        (
            ("^stem/conv/", "conv_stem/"),
            ("^stem/norm/", "bn1/"),
            ("^hidden/", "conv_head/"),
            ("^predictions/", "classifier/"),
        ),
    ),
}
# What the names of tensors of a classifier begin with.
TOPS = ("head.fc.", "head.weight", "head.bias", "fc.", "classifier.")
MORE_TOPS = {models.VGG: ("pre_logits.",), models.MobileNetV3: ("conv_head.",)}


def tensors(model):
    """The variables that each tensor of timm's form of a model holds.

    Args:
        model: one of our picture models.

    Returns:
        dict from str to list of `keras.Variable`, or to a place of theirs.

    Raises:
        ValueError: if timm's names of these models are not known.

    Example:

    >>> model = models.VisionTransformer(
    ...     input_shape=(8, 8, 3), patch_size=4, hidden_dim=8, num_layers=1,
    ...     num_heads=2, classes=3,
    ... )
    >>> fused = tensors(model)["blocks.0.attn.qkv.bias"]
    >>> [variable.path.split("/")[-2] for variable in fused]
    ['query', 'key', 'value']
    """
    if type(model) not in _RULES:
        raise ValueError(
            "timm's names are known for "
            f"{sorted(cls.__name__ for cls in _RULES)}. "
            f"Received: {type(model).__name__}"
        )
    rules = _RULES[type(model)]
    found = {}
    names = numbered(model, own_names(model))
    for name, weight in zip(names, model.weights, strict=True):
        name = renamed(renamed(name, rules), _COMMON).removesuffix("@")
        # Their stages and blocks begin with 1 and 0, ours with 2 and 1; they
        # count a downsampling to the stage that it leads to.
        name = re.sub(r"-(\d+)", lambda match: str(int(match[1]) - 1), name)
        name = re.sub(r"\+(\d+)", lambda match: str(int(match[1]) + 1), name)
        found.setdefault(name, []).append(weight)
    if isinstance(model, models.VGG) and "pre_logits.fc1.weight" in found:
        (kernel,) = found["pre_logits.fc1.weight"]
        sides = model.get_layer("flatten").input.shape[1:3]
        found["pre_logits.fc1.weight"] = FlatKernel(kernel, sides)
    return found
