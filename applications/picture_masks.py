"""Pictures read at their own size, and masks written beside them."""

from pathlib import Path

import numpy as np

from keras_nn import data
from keras_nn.callbacks.mask_pictures import class_colours
from keras_nn.callbacks.mask_pictures import mask_overlay
from keras_nn.data.displayable import displayable
from keras_nn.data.picture_check import check_picture


def read_picture(file, color_mode):
    """A picture file at its own size: uint8 `(height, width, channels)`.

    Args:
        file: str.
        color_mode: str. `"rgb"` or `"grayscale"`.
    """
    return data.ImageReader(check_picture(file).size, color_mode)(file)


def save_mask(folder, file, root, picture, mask, num_classes, doubt=None):
    """Writes a mask and its overlay, under the picture's name.

    Args:
        folder: `Path`. Made if it is not there. Pictures in sub-folders of
            `root` keep them.
        file: str. The picture's path.
        root: str. The path that `file` was found under, or `file` itself.
        picture: uint8 array `(height, width, channels)`.
        mask: uint8 array `(height, width)` of class indices.
        num_classes: int.
        doubt: float array `(height, width)` from 0 to 1, or None. Written in
            shades of grey.

    Returns:
        A dict of the paths written: `mask`, `overlay` and, if there is doubt,
        `uncertainty`.
    """
    from PIL import Image

    file, root = Path(file), Path(root)
    inner = file.parent.relative_to(root) if root.is_dir() else Path()
    place = Path(folder) / inner
    place.mkdir(parents=True, exist_ok=True)
    # The ending stays in the name: a.jpg and a.png are two pictures.
    stem = f"{file.stem}_{file.suffix.lstrip('.')}"
    sides = ("mask", "overlay", "uncertainty")[: 2 if doubt is None else 3]
    paths = {side: place / f"{stem}_{side}.png" for side in sides}
    image = Image.fromarray(mask).convert("P")
    image.putdata(np.ravel(mask).tolist())
    image.putpalette(np.ravel(class_colours(num_classes)).tolist())
    image.save(paths["mask"])
    shown = displayable(picture[None])[0]
    overlay = mask_overlay(shown, mask, num_classes)
    Image.fromarray(overlay).save(paths["overlay"])
    if doubt is not None:
        shades = np.rint(np.clip(doubt, 0, 1) * 255).astype("uint8")
        Image.fromarray(shades).save(paths["uncertainty"])
    return {side: str(path) for side, path in paths.items()}
