"""Pictures scaled for a detector, and its boxes written beside them."""

from pathlib import Path

import numpy as np

from keras_nn import data
from keras_nn.callbacks.box_pictures import box_picture
from keras_nn.data.displayable import displayable


def placed(image, placement):
    """A picture of any size in the frame of a network.

    Args:
        image: array `(height, width, channels)`.
        placement: `data.Placement` of its size in the frame.

    Returns:
        float32 array `(*placement.frame, channels)`.
    """
    from PIL import Image

    image = np.asarray(image).astype("float32")
    if image.shape[:2] != placement.inner:
        planes = [
            Image.fromarray(image[..., channel]).resize(
                placement.inner[::-1], Image.Resampling.BILINEAR
            )
            for channel in range(image.shape[-1])
        ]
        image = np.stack([np.asarray(plane) for plane in planes], axis=-1)
    return placement.pad(image)


def read_boxes(path, **how):
    """Pictures with boxes under a path, in COCO's format or that of VOC.

    Args:
        path: str. A `.json` file or a folder.
        **how: arguments that `data.from_coco` and `data.from_voc` both take.

    Returns:
        `data.Splits`.
    """
    if Path(path).is_dir() and data.is_voc_folder(path):
        return data.from_voc(path, **how)
    return data.from_coco(path, **how)


def save_boxes(folder, file, root, picture, found, names):
    """Writes a picture with its boxes, under the picture's name.

    Args:
        folder: `Path`. Made if it is not there. Pictures in sub-folders of
            `root` keep them.
        file: str. The picture's path.
        root: str. The path that `file` was found under, or `file` itself.
        picture: uint8 array `(height, width, channels)`.
        found: dict, as `ObjectDetector.predict_boxes` gives it.
        names: list of str, of all classes.

    Returns:
        str, the path written.
    """
    from PIL import Image

    file, root = Path(file), Path(root)
    inner = file.parent.relative_to(root) if root.is_dir() else Path()
    place = Path(folder) / inner
    place.mkdir(parents=True, exist_ok=True)
    # The ending stays in the name: a.jpg and a.png are two pictures.
    path = place / f"{file.stem}_{file.suffix.lstrip('.')}_boxes.png"
    shown = box_picture(
        displayable(picture[None])[0],
        found["boxes"],
        found["labels"],
        names,
        found["scores"],
    )
    Image.fromarray(shown).save(path)
    return str(path)
