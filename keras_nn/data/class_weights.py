import numpy as np


def class_weights(y, num_classes=None):
    """Weights under which every class counts the same in the loss.

    `weight_c = n / (k * n_c)` for the `k` classes that occur among the `n`
    labels, so that the mean weight of an example is 1.

    Args:
        y: integer array of shape `(n,)`. The labels.
        num_classes: optional int. Adds the classes below it that do not
            occur, with weight 1.

    Returns:
        A dict from label to float, for `fit(class_weight=...)`.

    Raises:
        ValueError: If `y` is empty, not of integers or not below
            `num_classes`.

    Example:

    >>> class_weights([0, 0, 0, 1])
    {0: 0.6666666666666666, 1: 2.0}
    """
    y = np.asarray(y)
    if y.ndim != 1 or not y.size or not np.issubdtype(y.dtype, np.integer):
        raise ValueError(
            "`y` must hold one integer label per example. Received: shape "
            f"{y.shape} and dtype {y.dtype}"
        )
    labels, counts = np.unique(y, return_counts=True)
    if num_classes is not None and not 0 <= labels[0] <= labels[-1] < (
        num_classes
    ):
        raise ValueError(
            f"Labels must lie between 0 and {num_classes - 1}. Received: "
            f"labels from {labels[0]} to {labels[-1]}"
        )
    weights = dict.fromkeys(range(num_classes or 0), 1.0)
    balanced = len(y) / (len(labels) * counts)
    weights.update(zip(labels.tolist(), balanced.tolist(), strict=True))
    return weights
