"""Names a training that diverged, which would else end in silent NaN."""

import numpy as np

ADVICE = "a smaller learning rate"


def check_converged(history, model):
    """Raise if a loss of `fit`, by its name, stopped being a number.

    `fit` of the models that know their objective asks it when it ends. With
    `callbacks.NonFiniteGuard` a training stops at the first such batch, with
    a warning, and the weights stay as they were before it.

    Args:
        history: `keras.callbacks.History` that `fit` gives.
        model: `keras_nn.training.Model`, whose class is named; its
            `divergence_advice` is what may help.

    Returns:
        The history.

    Raises:
        ValueError: naming the epoch and the value.
    """
    advice = getattr(model, "divergence_advice", None) or ADVICE
    for name, values in history.history.items():
        if "loss" not in name:
            continue
        wrong = np.flatnonzero(~np.isfinite(np.asarray(values, "float64")))
        if len(wrong):
            raise ValueError(
                f"The training of a {type(model).__name__} diverged in epoch "
                f"{wrong[0] + 1}: try {advice}, or see the first such batch "
                "with `callbacks.NonFiniteGuard`. Received: "
                f"{name}={values[wrong[0]]}"
            )
    return history
