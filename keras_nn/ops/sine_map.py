"""Sines and cosines of the places of a map: constants."""

import numpy as np


def sine_map(height, width, features, temperature=10_000.0):
    """Where each cell of a map lies, as waves of many lengths.

    Of a row `i` of `n`, with `a = 2 pi (i + 1) / n`: `sin(a / w_k), cos(a /
    w_k)` for `w_k = temperature^(2k / half)`, in turns; half of the features
    for the row, half for the column.

    Args:
        height: int. Rows of the map.
        width: int. Columns.
        features: int. A multiple of 4.
        temperature: float. The longest wave, in turns of the shortest.

    Returns:
        A float32 NumPy array `(height, width, features)`.

    Raises:
        ValueError: if `features` is not a positive multiple of 4.

    Example:

    >>> sine_map(2, 3, 8).shape
    (2, 3, 8)

    Reference:
        [Carion et al., 2020](https://arxiv.org/abs/2005.12872), appendix A.4.
    """
    if features < 4 or features % 4:
        raise ValueError(
            "`features` must be a positive multiple of 4: sine and cosine of "
            f"rows and of columns. Received: {features=}"
        )
    rows = _waves(height, features // 2, temperature)[:, None]
    columns = _waves(width, features // 2, temperature)[None]
    shape = (height, width, features // 2)
    both = [np.broadcast_to(part, shape) for part in (rows, columns)]
    return np.concatenate(both, axis=-1).astype("float32")


def _waves(count, features, temperature):
    angle = 2 * np.pi * (np.arange(count) + 1) / (count + 1e-6)
    power = 2 * np.arange(features // 2) / features
    phase = angle[:, None] / temperature**power
    waves = np.stack([np.sin(phase), np.cos(phase)], axis=-1)
    return waves.reshape(count, features)
