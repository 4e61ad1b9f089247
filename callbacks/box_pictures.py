"""Boxes drawn over pictures."""

import numpy as np

from keras_nn.callbacks.drawing import font
from keras_nn.callbacks.drawing import text_width
from keras_nn.callbacks.mask_pictures import class_colours


def box_picture(picture, boxes, labels, names, scores=None, side=None):
    """A picture with boxes in the colours of their classes.

    Args:
        picture: uint8 array `(height, width, 3)`.
        boxes: float array `(count, 4)` of corners `(x_min, y_min, x_max,
            y_max)`, in pixels of the picture.
        labels: int array `(count,)`.
        names: list of str, of all classes.
        scores: float array `(count,)`, written beside the names, or None.
        side: int or None. Longer side of the result, in pixels, for lines and
            letters that can be read. Defaults to None: as it is.

    Returns:
        uint8 array `(height, width, 3)`.

    Example:

    >>> picture = np.zeros((32, 32, 3), "uint8")
    >>> drawn = box_picture(picture, [[4, 4, 20, 20]], [0], ["cat"])
    >>> drawn.shape, bool(drawn.any())
    ((32, 32, 3), True)
    """
    from PIL import Image
    from PIL import ImageDraw

    image = Image.fromarray(np.ascontiguousarray(picture))
    scale = 1.0 if side is None else side / max(image.size)
    if scale != 1:
        image = image.resize([max(1, round(s * scale)) for s in image.size])
    draw = ImageDraw.Draw(image)
    colours = class_colours(len(names) + 1)[1:]  # black is the background's
    longest = max(image.size)
    size, line = max(10, longest // 24), max(1, longest // 160)
    rows = [*zip(boxes, labels, range(len(boxes)), strict=True)]
    for box, label, index in reversed(rows):  # the best lies on top
        colour = tuple(colours[int(label)].tolist())
        corners = (np.asarray(box, "float64") * scale).round().tolist()
        x, y = corners[:2]
        right, below = max(corners[2] - 1, x), max(corners[3] - 1, y)
        draw.rectangle((x, y, right, below), outline=colour, width=line)
        words = names[int(label)]
        if scores is not None:
            words = f"{words} {scores[index]:.2f}"
        top = y - size - 3 if y > size + 3 else y
        width = text_width(words, size) + 3
        draw.rectangle((x, top, x + width, top + size + 2), fill=colour)
        draw.text((x + 2, top), words, fill=(255, 255, 255), font=font(size))
    return np.asarray(image)


def rows_there(rows):
    """The rows of a padded array whose last entry, the class, is one.

    Args:
        rows: float array `(count, k)`; class -1 fills up.

    Returns:
        Boxes `(n, 4)`, labels int64 `(n,)`, and the `k - 5` columns between.
    """
    rows = np.asarray(rows)
    rows = rows[rows[:, -1] >= 0]
    return rows[:, :4], rows[:, -1].astype("int64"), rows[:, 4:-1]
