"""The settings with which recipes say how to optimise, and what they make."""

import keras

SETTINGS = {
    "optimizer": "adam",
    "learning_rate": 1e-3,
    "schedule": "constant",
    "momentum": 0.9,
    "weight_decay": 0.0,
    "ema": 0.0,
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
            share `rate * weight_decay` off every weight. `ema` is what a
            moving average of the weights keeps of itself in a step, such as
            0.999; the average takes their place when `fit` ends. 0 is none.
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
    further = {"weight_decay": settings["weight_decay"] or None}
    if settings.get("ema"):
        further |= {"use_ema": True, "ema_momentum": settings["ema"]}
    if settings["optimizer"] == "sgd":
        return keras.optimizers.SGD(rate, settings["momentum"], **further)
    if settings["optimizer"] == "adamw":
        further["weight_decay"] = settings["weight_decay"]
        return keras.optimizers.AdamW(rate, **further)
    return keras.optimizers.Adam(rate, **further)
