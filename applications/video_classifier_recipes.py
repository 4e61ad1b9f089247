"""The recipes of `VideoClassifier`, and the networks that they train."""

from pathlib import Path

from keras_nn import models
from keras_nn.applications import transfer
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.applications.unknown_choice import WrongRequest


def _small(shape):
    """Few filters, for clips of small pictures."""
    return models.ResNet3D(
        False,
        input_shape=shape,
        pooling="avg",
        kinds=("2plus1d",) * 2,
        stem_width=12,
        num_blocks=(1, 1),
        num_filters=(16, 32),
        name="small_r2plus1d",
    )


def _recurrent(shape):
    return models.ConvLSTMNetwork(
        False, input_shape=shape, pooling="avg", filters=(24,)
    )


def _preset(name):
    def network(shape):
        return models.ResNet3D.from_preset(
            name, input_shape=shape, include_top=False, pooling="avg"
        )

    return network


NETWORKS = {
    "small_r2plus1d": _small,
    "conv_lstm": _recurrent,
    **{name: _preset(name) for name in models.ResNet3D.presets},
}


# Networks of clips have neither positions nor paths to drop.
TRANSFER = {
    name: value
    for name, value in transfer.SETTINGS.items()
    if name not in ("resample", "drop_path")
}
USUAL = "r2plus1d_18"


def network(settings, shape):
    """The network of clips that the settings name, without its top.

    Args:
        settings: dict with `network`, `"auto"` or one of `NETWORKS`, and
            `weights`: a weights file of such a network, or a run of ours,
            which says by itself which network it is; or None.
        shape: tuple `(frames, height, width, channels)`.

    Raises:
        WrongRequest: if it cannot take clips of this shape, or the weights
            are not its own.
    """
    name, weights = settings["network"], settings["weights"]
    if weights is not None and transfer.is_run(weights):
        if name != "auto":
            raise WrongRequest(
                "A run says by itself which network it is: set `network=auto` "
                f"beside it. Received: {name!r}, {weights!r}"
            )
        return transfer.backbone_of_run(weights, shape)
    if weights is not None and not Path(weights).is_file():
        raise WrongRequest(
            "Of networks of clips `weights` takes a run of ours or a file "
            f"that such a network has saved. Received: {weights!r}"
        )
    name = USUAL if name == "auto" else name
    try:
        found = NETWORKS[name](shape)
        if weights is not None:
            found.load_weights(weights)
    except (OSError, ValueError) as error:
        raise WrongRequest(
            f"{name} cannot take clips of shape {tuple(shape)} with "
            f"weights={weights}: {error}"
        ) from error
    return found


RECIPES = (
    Recipe(
        name="moving-shapes",
        summary="Drawn clips whose class is the motion, small R(2+1)D, Adam.",
        data="moving-shapes",
        settings={
            "network": "small_r2plus1d",
            "learning_rate": 3e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 12, "batch_size": 32},
        expectation=Expectation("accuracy", 0.93, 1.2),
    ),
    Recipe(
        name="moving-shapes-conv-lstm",
        summary="The same clips, a recurrent layer whose state is a map.",
        data="moving-shapes",
        settings={
            "network": "conv_lstm",
            "learning_rate": 3e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 15, "batch_size": 32},
        expectation=Expectation("accuracy"),
    ),
    Recipe(
        name="clips",
        summary="Your own folder of class folders of clips, R(2+1)D-18.",
        settings={"learning_rate": 1e-3, "schedule": "cosine"},
        fit={"epochs": 30, "batch_size": 8},
    ),
)
