import numpy as np


def reduced(pictures, scale):
    """Pictures made smaller bicubically, as the field degrades them.

    Args:
        pictures: uint8 array `(n, height, width, channels)`, height and width
            multiples of the scale.
        scale: int.

    Returns:
        uint8 array `(n, height / scale, width / scale, channels)`.

    Raises:
        ValueError: if the scale does not divide the sides.

    Example:

    >>> reduced(np.zeros((2, 12, 6, 3), "uint8"), 3).shape
    (2, 4, 2, 3)
    """
    from PIL import Image

    height, width, channels = pictures.shape[1:]
    if scale < 1 or height % scale or width % scale:
        raise ValueError(
            "`scale` must divide height and width. Received: "
            f"{scale=}, pictures of {height}x{width}"
        )
    size = (width // scale, height // scale)
    found = [
        np.asarray(
            Image.fromarray(
                picture[..., 0] if channels == 1 else picture
            ).resize(size, Image.Resampling.BICUBIC)
        )
        for picture in pictures
    ]
    return np.reshape(found, (len(pictures), size[1], size[0], channels))
