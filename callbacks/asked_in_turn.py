import numpy as np


def asked_in_turn(model, count):
    """What an instrument asks of `generate`: labels in turn, if there are any.

    Args:
        model: a model with `generate`; `label_count`, or else `num_classes`,
            says how many labels pictures are asked by.
        count: int. How many pictures.

    Returns:
        A dict of the arguments, and how many labels there are or None.

    Example:

    >>> class Draws:
    ...     num_classes = 3
    >>> asked_in_turn(Draws(), 4)
    ({'labels': array([0, 1, 2, 0])}, 3)
    """
    classes = getattr(model, "num_classes", None)
    labels = getattr(model, "label_count", classes)
    if not labels:
        return {}, None
    return {"labels": np.arange(count) % labels}, labels
