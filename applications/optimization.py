"""The settings with which recipes say how to optimise, and what they make."""

import keras

from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.schedules import LinearWarmup

SETTINGS = {
    "optimizer": "adam",
    "learning_rate": 1e-3,
    "schedule": "constant",
    "warmup": 0.0,  # a share of all steps, or from 1 on their number
    "momentum": 0.9,
    "weight_decay": 0.0,
    "clip_norm": 0.0,  # of all gradients together; 0 for none
    "ema": 0.0,
}
CHOICES = {
    "optimizer": ("adam", "adamw", "sgd"),
    "schedule": (
        "constant",
        "cosine",
        "cosine_restarts",
        "polynomial",
        "steps",
    ),
}


def build_optimizer(settings, steps):
    """The optimiser that the settings describe.

    Schedules run from `learning_rate`: `"cosine"` falls to 0 along half a
    cosine, `"cosine_restarts"` three times, in cycles that are twice as long
    as the one before, `"polynomial"` as `(1 - t / steps)^0.9`, and `"steps"`
    divides by 10 after 50 % and again after 75 % of all steps. With a warm-up
    the rate rises in a line first, and the schedule takes the steps that
    remain.

    Args:
        settings: dict with the keys of `SETTINGS`. `warmup` is a share of
            all steps, or from 1 on their number. `momentum` concerns `"sgd"`
            only. `weight_decay` is decoupled: each step takes the share
            `rate * weight_decay` off every weight. `clip_norm` is the largest
            norm of all gradients together. `ema` is what a moving average of
            the weights keeps of itself in a step, such as 0.999; the average
            takes their place when `fit` ends. 0 is none of each.
        steps: int. Steps of the whole training.

    Returns:
        A `keras.optimizers.Optimizer`.

    Raises:
        WrongRequest: on a warm-up that leaves no step, or negative numbers.

    Example:

    >>> build_optimizer({**SETTINGS, "optimizer": "sgd"}, steps=10).name
    'sgd'

    Reference:
        [Loshchilov and Hutter, 2017](https://arxiv.org/abs/1608.03983) on
        restarts; [Chen et al., 2017](https://arxiv.org/abs/1606.00915),
        section 4.1.1, on the polynomial
    """
    rate = _rate(settings, steps)
    further = {"weight_decay": settings["weight_decay"] or None}
    clip_norm = settings.get("clip_norm")
    if clip_norm:
        if clip_norm < 0:
            raise WrongRequest(
                f"`clip_norm` must not be negative. Received: {clip_norm}"
            )
        further |= {"global_clipnorm": clip_norm}
    if settings.get("ema"):
        further |= {"use_ema": True, "ema_momentum": settings["ema"]}
    if settings["optimizer"] == "sgd":
        return keras.optimizers.SGD(rate, settings["momentum"], **further)
    if settings["optimizer"] == "adamw":
        further["weight_decay"] = settings["weight_decay"]
        return keras.optimizers.AdamW(rate, **further)
    return keras.optimizers.Adam(rate, **further)


def _rate(settings, steps):
    schedules = keras.optimizers.schedules
    rate, warmup = settings["learning_rate"], settings.get("warmup", 0.0)
    rise = round(warmup * steps if warmup < 1 else warmup)
    if warmup < 0 or rise and rise >= steps:
        raise WrongRequest(
            "`warmup` must be a share of the steps, or fewer than there are. "
            f"Received: {warmup=} of {steps} steps"
        )
    steps -= rise
    if settings["schedule"] == "cosine":
        rate = schedules.CosineDecay(rate, steps)
    elif settings["schedule"] == "cosine_restarts":
        # Cycles of 1, 2 and 4 parts of 7; the last one is not begun again.
        rate = schedules.CosineDecayRestarts(rate, max(1, -(-steps // 7)))
    elif settings["schedule"] == "polynomial":
        rate = schedules.PolynomialDecay(rate, steps, 0.0, power=0.9)
    elif settings["schedule"] == "steps":
        rate = schedules.PiecewiseConstantDecay(
            [steps // 2, steps * 3 // 4], [rate, rate / 10, rate / 100]
        )
    return LinearWarmup(rate, rise) if rise else rate
