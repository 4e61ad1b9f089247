"""Networks that begin with what was learnt elsewhere, and how they train on."""

from pathlib import Path

from keras_nn.applications import optimization
from keras_nn.applications.picture_backbones import BACKBONES
from keras_nn.applications.picture_backbones import picture_backbone
from keras_nn.applications.picture_checkpoints import is_checkpoint
from keras_nn.applications.picture_checkpoints import published_features
from keras_nn.applications.saved_application import load
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.models import layer_decay_scales
from keras_nn.models import layer_groups
from keras_nn.optimizers import LayerwiseLearningRate

SETTINGS = {
    "layer_decay": 1.0,  # of the rate, from block to block of the backbone
    "weights": None,  # "imagenet", a file, a folder, an id, a run of ours
    "resample": False,  # positions of a checkpoint, for another picture size
    "drop_path": None,  # of the backbone; None is what it has by itself
    "frozen_epochs": 0,  # of the backbone, at the beginning
    "thawing_epochs": 0,  # in which it is set free, the last block first
}


def backbone(settings, shape, usual=None, pooling="avg"):
    """The network for pictures that the settings name, with its weights.

    Args:
        settings: dict with `backbone`, `"auto"` or one of `BACKBONES`, and
            the keys of `SETTINGS`. A checkpoint, and a run of ours, say by
            themselves which network it is.
        shape: tuple `(height, width, channels)`, in pixels.
        usual: callable from the shape to the network of `"auto"`, or None.
        pooling: None, `"avg"` or `"max"`, of a network that is named.

    Returns:
        A `keras.Model` from pictures to features.

    Raises:
        WrongRequest: if there is no such network or no such weights, or if
            it cannot take pictures of this shape.

    Example:

    >>> settings = {**SETTINGS, "backbone": "resnet20"}
    >>> backbone(settings, (32, 32, 3)).output_shape
    (None, 64)
    """
    name, weights = settings["backbone"], settings["weights"]
    of_run = weights is not None and is_run(weights)
    if of_run or weights is not None and is_checkpoint(weights):
        if name != "auto":
            raise WrongRequest(
                "A checkpoint says by itself which network it is: set "
                f"`backbone=auto` beside it. Received: {name!r}, {weights!r}"
            )
        if of_run:
            found = backbone_of_run(weights, shape)
        else:
            # Only where asked for: most networks have nothing to resample.
            further = {"resample": True} if settings["resample"] else {}
            if pooling is None:
                further["pooling"] = None
            found = published_features(weights, input_shape=shape, **further)
    elif name != "auto":
        found = picture_backbone(name, shape, pooling, weights)
    elif usual is not None and weights is None:
        found = usual(shape)
    else:
        raise WrongRequest(
            "Say which network: `backbone` must be one of "
            f"{', '.join(BACKBONES)}, or `weights` a checkpoint. "
            f"Received: {name!r}, {weights!r}"
        )
    if settings["drop_path"] is None:
        return found
    return rebuilt(found, drop_path=settings["drop_path"])


def is_run(path):
    """Whether this names a run folder or a `.keras` file of ours."""
    path = Path(path)
    return path.suffix == ".keras" or (path / "model.keras").is_file()


def saved_network(path):
    """The network in a run folder or `.keras` file of an application.

    Args:
        path: str or path.

    Returns:
        A `keras.Model`: the application's `network` or `backbone`.

    Raises:
        WrongRequest: if the file holds no application that has one.
        FileNotFoundError: if there is no such file.
    """
    path = Path(path)
    saved = load(path if path.is_file() else path / "model.keras", False)
    found = getattr(saved, "backbone", getattr(saved, "network", None))
    if found is None:
        raise WrongRequest(
            "`weights` takes a run of an application with a network of its "
            f"own. Received: a {type(saved).__name__} in {path}"
        )
    return found


def backbone_of_run(path, shape):
    """The backbone that a run of ours has trained, for inputs of this shape.

    Args:
        path: str or path, of a run folder or a `.keras` file.
        shape: tuple, without the batch.

    Raises:
        WrongRequest: if its weights are of inputs of this shape only.
    """
    whole = saved_network(path)
    found = getattr(whole, "backbone", whole)
    known = {id(weight) for weight in whole.weights}
    if any(id(weight) not in known for weight in found.weights):
        raise WrongRequest(
            "The run has trained and saved a part of its backbone only. "
            f"Received: {path}"
        )
    if found.input_shape[1:] == tuple(shape):
        return found
    return rebuilt(found, input_shape=tuple(shape))


def rebuilt(network, **changes):
    """The same network with other arguments, and the same weights.

    Args:
        network: `keras.Model`.
        **changes: arguments of its constructor, such as `drop_path`.

    Raises:
        WrongRequest: if it does not take them, or its weights change shape.

    Example:

    >>> from keras_nn.models import ConvNeXt
    >>> small = ConvNeXt(depths=[1], widths=[8], include_top=False)
    >>> rebuilt(small, drop_path=0.2).drop_path
    0.2
    """
    config = network.get_config()
    unknown = sorted(set(changes) - set(config))
    if unknown:
        raise WrongRequest(
            f"The network {network.name} has no {', '.join(unknown)}. "
            f"Received: {changes}"
        )
    try:
        made = type(network).from_config({**config, **changes})
        made.set_weights(network.get_weights())
    except ValueError as error:
        raise WrongRequest(
            f"The weights of {network.name}, for inputs of shape "
            f"{network.input_shape[1:]}, do not fit {changes}: {error}"
        ) from error
    return made


def learnt_part(app):
    """The part of an application that may come from elsewhere: a model."""
    found = getattr(app, "backbone", None) or app.network
    while hasattr(found, "backbone"):  # a decoder's, a pyramid's
        found = found.backbone
    return found


def optimizer(app, settings, steps):
    """The optimiser that the settings describe, for this application."""
    made = optimization.build_optimizer(settings, steps)
    decay = settings["layer_decay"]
    if decay == 1:
        return made
    scales = layer_decay_scales(app, decay, learnt_part(app))
    return LayerwiseLearningRate(made, scales)


def unfreezing(app, settings):
    """The callbacks that freeze the backbone and set it free: a list.

    With `thawing_epochs` its groups of layers follow one another from the
    output to the input, in about as many each epoch.
    """
    from keras_nn import callbacks

    frozen, thawing = settings["frozen_epochs"], settings["thawing_epochs"]
    if not frozen and not thawing:
        return []
    part = learnt_part(app)
    if not thawing:
        return [callbacks.Unfreeze(part, frozen)]
    groups = [
        trained
        for group in reversed(layer_groups(part))
        if (trained := [one for one in group if one.trainable_weights])
    ]
    found = []
    for index, group in enumerate(groups):
        epoch = frozen + index * thawing // len(groups)
        if epoch:
            found.append(callbacks.Unfreeze(group, epoch))
    return found
