"""Numbers as colours, and as a heat map over a picture."""

import numpy as np

from keras_nn.data.displayable import resize

# Colours at equal distances from 0 to 1.
_MAPS = {
    "blue": [(247, 251, 255), (158, 202, 225), (49, 130, 189), (8, 48, 107)],
    "orange": [(255, 250, 244), (253, 174, 107), (230, 85, 13), (127, 39, 4)],
    "heat": [
        (12, 7, 60),
        (106, 0, 168),
        (203, 71, 119),
        (248, 149, 64),
        (240, 249, 33),
    ],
}


def colours(values, name="heat"):
    """The colour of each number between 0 and 1.

    Args:
        values: float array of any shape; clipped to [0, 1].
        name: str. `"blue"`, `"orange"` or `"heat"`.

    Returns:
        uint8 array of shape `(*values.shape, 3)`.

    Example:

    >>> colours(np.array([0.0, 1.0]), "blue").tolist()
    [[247, 251, 255], [8, 48, 107]]
    """
    anchors = np.array(_MAPS[name], "float64")
    at = np.linspace(0, 1, len(anchors))
    channels = [np.interp(values, at, anchors[:, c]) for c in range(3)]
    return np.stack(channels, axis=-1).round().astype("uint8")


def overlay(picture, values, side):
    """A heat map over a picture, which shows through where the map is low.

    Args:
        picture: uint8 array `(h, w, 3)`.
        values: float array `(h', w')` in [0, 1].
        side: int. Longer side of the result, in pixels.

    Returns:
        uint8 array `(height, width, 3)`.
    """
    from PIL import Image

    scale = side / max(picture.shape[:2])
    height, width = (max(1, round(s * scale)) for s in picture.shape[:2])
    image = Image.fromarray(values.astype("float32"))
    image = image.resize((width, height), Image.Resampling.BILINEAR)
    heat = np.clip(np.asarray(image), 0, 1)[..., None]
    below = resize(picture, height, width)
    mixed = below * (1 - 0.7 * heat) + colours(heat[..., 0]) * 0.7 * heat
    return mixed.round().astype("uint8")
