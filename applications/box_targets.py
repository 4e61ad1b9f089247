"""What is wrong with the boxes that a detector is to learn from."""

import numpy as np

from keras_nn import data


def check_box_targets(targets, num_classes):
    """Raises for boxes that no detector can learn from.

    Args:
        targets: array `(n, m, 5)` of `(x_min, y_min, x_max, y_max, class)`;
            or a pair of pictures and such, a `data.Split`, `data.Splits`.
            Anything else is not looked at: pictures, batches that come later.
        num_classes: int.

    Raises:
        ValueError: for rows of another length, classes that are not there and
            boxes without area.

    Example:

    >>> check_box_targets(np.array([[[0, 0, 4, 4, 1.0]]]), num_classes=2)
    """
    if isinstance(targets, data.Splits):
        for split in (targets.train, targets.validation):
            check_box_targets(split, num_classes)
        return
    if isinstance(targets, data.Split):
        targets = targets.y
    elif isinstance(targets, (tuple, list)) and len(targets) > 1:
        targets = targets[1]  # validation data
    if not isinstance(targets, np.ndarray) or targets.ndim == 4:
        return  # no targets, but pictures, or batches that come later
    if targets.ndim != 3 or targets.shape[-1] != 5:
        raise ValueError(
            "Targets are rows (x_min, y_min, x_max, y_max, class). "
            f"Received: shape {targets.shape}"
        )
    there = targets[targets[..., 4] != -1]
    strange = (there[:, 4] < 0) | (there[:, 4] >= num_classes)
    strange |= there[:, 4] % 1 != 0
    flat = (there[:, 2:4] <= there[:, :2]).any(axis=1)
    if strange.any():
        raise ValueError(
            f"Classes of boxes must lie in [0, {num_classes - 1}], or "
            f"be -1 where there is none. Received: {there[strange][0, 4]}"
        )
    if flat.any():
        raise ValueError(
            "Boxes must have an area. Received: (x_min, y_min, x_max, "
            f"y_max) = {tuple(there[flat][0, :4].tolist())}"
        )
