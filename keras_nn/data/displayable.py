"""Pictures of any range as uint8, and at another size, to be looked at."""

import numpy as np


def displayable(pictures):
    """Pictures of any usual range and depth, as uint8 RGB.

    Args:
        pictures: array `(n, h, w, 1 or 3)`. Values are taken as 0..1 when
            none exceeds 1.5, and as 0..255 when one exceeds 64. In between
            the highest is shown white (scikit-learn's digits go to 16), and
            where one is negative the lowest is shown black too.

    Returns:
        uint8 array `(n, h, w, 3)`.

    Raises:
        ValueError: If the array does not hold such pictures.
    """
    shape = np.shape(pictures)
    if len(shape) != 4 or shape[-1] not in (1, 3):
        raise ValueError(
            "pictures have the shape (n, height, width, 1 or 3). "
            f"Received: shape {shape}"
        )
    pictures = np.asarray(pictures)
    if pictures.dtype != "uint8" or pictures.max() <= 64:
        pictures = np.nan_to_num(pictures.astype("float32"))
        low, high = min(pictures.min(), 0), pictures.max()
        if low < 0 or 1.5 < high <= 64:
            pictures = (pictures - low) / max(high - low, 1e-12) * 255
        elif high <= 1.5:
            pictures = pictures * 255
        pictures = pictures.round()
    pictures = np.clip(pictures, 0, 255).astype("uint8")
    return np.broadcast_to(pictures, (*shape[:3], 3))


def resize(picture, height, width):
    """A picture at another size: sharp pixels when it grows.

    Args:
        picture: uint8 array `(h, w, 3)`.
        height: int.
        width: int.

    Returns:
        uint8 array `(height, width, 3)`.
    """
    from PIL import Image

    grows = height >= picture.shape[0]
    method = Image.Resampling.NEAREST if grows else Image.Resampling.BOX
    image = Image.fromarray(np.ascontiguousarray(picture))
    return np.asarray(image.resize((width, height), method))
