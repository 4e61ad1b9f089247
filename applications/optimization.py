"""The settings with which recipes say how to optimise, and what they make."""

import keras

SETTINGS = {
    "optimizer": "adam",
    "learning_rate": 1e-3,
    "schedule": "constant",
    "momentum": 0.9,
    "weight_decay": 0.0,
}
CHOICES = {
    "optimizer": ("adam", "adamw", "sgd"),
    "schedule": ("constant", "cosine", "steps"),
}


def build_optimizer(settings, steps):
    """The optimiser that the settings describe.

    Schedules run from `learning_rate`: `"cosine"` falls to 0 along half a
    cosine, `"steps"` divides by 10 after 50 % and again after 75 % of all
    steps.

    Args:
        settings: dict with the keys of `SETTINGS`. `momentum` concerns
            `"sgd"` only. `weight_decay` is decoupled: each step takes the
            share `rate * weight_decay` off every weight.
        steps: int. Steps of the whole training.

    Returns:
        A `keras.optimizers.Optimizer`.

    Example:

    >>> build_optimizer({**SETTINGS, "optimizer": "sgd"}, steps=10).name
    'sgd'
    """
    rate = settings["learning_rate"]
    if settings["schedule"] == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(rate, steps)
    elif settings["schedule"] == "steps":
        rate = keras.optimizers.schedules.PiecewiseConstantDecay(
            [steps // 2, steps * 3 // 4], [rate, rate / 10, rate / 100]
        )
    decay = {"weight_decay": settings["weight_decay"] or None}
    if settings["optimizer"] == "sgd":
        return keras.optimizers.SGD(rate, settings["momentum"], **decay)
    if settings["optimizer"] == "adamw":
        return keras.optimizers.AdamW(
            rate, weight_decay=settings["weight_decay"]
        )
    return keras.optimizers.Adam(rate, **decay)
