"""Names a training that diverged, which would else end in silent NaN."""

import numpy as np


def check_converged(history, model, advice="a smaller learning rate"):
    """Raise if a loss of `fit`, by its name, stopped being a number.

    With `callbacks.NonFiniteGuard` a training stops at the first such batch,
    and the weights stay as they were before it.

    Args:
        history: `keras.callbacks.History` that `fit` gives.
        model: the model, whose class is named.
        advice: str. What may help.

    Returns:
        The history.

    Raises:
        ValueError: naming the epoch and the value.
    """
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
