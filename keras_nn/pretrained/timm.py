"""Picture models of timm, in its safetensors form, to ours.

ResNet (ResNeXt, SE-ResNet), VGG, DenseNet, MobileNet (versions 2 and 3),
EfficientNet (versions 1 and 2), ConvNeXt (versions 1 and 2), ViT, Swin and
MLP-Mixer, from a folder or the hub.
"""

from keras_nn.pretrained.assign_tensors import assign_tensors
from keras_nn.pretrained.hugging_face import is_unused
from keras_nn.pretrained.hugging_face_configs import preprocessing_of
from keras_nn.pretrained.published_folder import PublishedFolder
from keras_nn.pretrained.timm_families import family
from keras_nn.pretrained.timm_names import MORE_TOPS
from keras_nn.pretrained.timm_names import TOPS
from keras_nn.pretrained.timm_names import tensors as tensors_by_name


def load(
    name,
    include_top=True,
    sha256=None,
    revision=None,
    resample=False,
    **arguments,
):
    """Builds our network with weights that timm publishes.

    Args:
        name: path of a folder with timm's `config.json` and
            `model.safetensors`, or an id such as `timm/resnet50.a1_in1k` of
            the hub (`pip install keras-nn[hub]`).
        include_top: bool. Whether the model ends in the classifier. Defaults
            to True.
        sha256, revision, resample: as of
            `keras_nn.pretrained.hugging_face.load`.
        **arguments: of our constructor, that differ from what the
            configuration says, such as `classifier_activation=None`.

    Returns:
        A picture model of `keras_nn.models`. Its `preprocessing` says what
        pictures the weights expect, and an `ImageClassifier` on it does that.

    Raises:
        ValueError: if a tensor is missing, left over, or of another shape; on
            a damaged file or another checksum; on a network we do not have.
        FileNotFoundError: if there is no such folder and no connection.
    """
    folder = PublishedFolder(name, revision)
    cls, given = class_and_arguments(folder.config)
    model = cls(**{**given, "include_top": include_top, **arguments})
    assign(model, folder.tensors(sha256), resample)
    return model


def assign(model, tensors, resample=False):
    """Gives a model of ours the tensors of one of timm's.

    Args:
        model: a picture model of a family that is named above.
        tensors: dict from str to array, timm's state dict.
        resample: bool. As of `load`.

    Returns:
        The number of variables assigned, which is all of the model.

    Raises:
        ValueError: naming every tensor that is missing, left over, or of
            another shape; then nothing has been assigned.
    """
    tops = (*TOPS, *MORE_TOPS.get(type(model), ()))
    return assign_tensors(
        model,
        tensors_by_name(model),
        tensors,
        lambda name: is_unused(name, model.include_top, tops),
        resample,
    )


def class_and_arguments(config):
    """Our class and its arguments, from timm's `config.json`.

    Args:
        config: dict with `architecture`, and, as timm writes them,
            `num_classes`, `pretrained_cfg` and `model_args`.

    Returns:
        `(class, dict)`.

    Raises:
        ValueError: if we have no such network.

    Example:

    >>> cls, arguments = class_and_arguments(
    ...     {"architecture": "resnet18", "num_classes": 7}
    ... )
    >>> cls.__name__, arguments["num_blocks"], arguments["classes"]
    ('ResNet', [2, 2, 2, 2], 7)
    """
    name = str(config.get("architecture")).split(".")[0]
    published = config.get("pretrained_cfg") or {}
    channels, height, width = published.get("input_size", (3, 224, 224))
    given = {
        "classes": config.get("num_classes", 1000),
        "preprocessing": preprocessing_of(
            {
                "image_mean": published.get("mean"),
                "image_std": published.get("std"),
            }
        ),
    }
    cls, settings, names = family(name)
    given |= settings
    for key, value in (config.get("model_args") or {}).items():
        if key == "img_size":
            height, width = value if isinstance(value, list) else [value] * 2
        elif key in names:
            given[names[key]] = value
        else:
            raise ValueError(
                f"`model_args` of {name} may have {sorted(names)}. "
                f"Received: {key}={value!r}"
            )
    return cls, {**given, "input_shape": (height, width, channels)}
