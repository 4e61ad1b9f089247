"""Pictures of circles, squares and triangles, drawn with a seed: no file."""

import numpy as np

from keras_nn.data.boxes import pack_boxes
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits

CLASS_NAMES = ("background", "circle", "square", "triangle")
TRAIN, TEST = 800, 200
TRIES = 20


def draw_shapes(count, image_size=64, max_shapes=3, seed=0):
    """Draws circles, squares and triangles over noise.

    One to `max_shapes` shapes a picture, which do not touch one another, of
    any colour that differs from the background's, 12 to 30 of 64 pixels wide.

    Args:
        count: int. Number of pictures.
        image_size: int. Height and width, in pixels; at least 16.
        max_shapes: int. At most so many shapes in a picture.
        seed: int. The same seed draws the same pictures.

    Returns:
        A dict: `"images"`, uint8 of shape `(count, image_size, image_size,
        3)`; `"masks"`, uint8 `(count, image_size, image_size)` of classes 0
        (background), 1 (circle), 2 (square), 3 (triangle); and, a list with
        an entry for each picture, `"boxes"`, float32 `(shapes, 4)` of corners
        `(x_min, y_min, x_max, y_max)` in pixels, and `"labels"`, int64
        `(shapes,)` from 1 to 3.

    Raises:
        ValueError: If `count` or `max_shapes` is not positive, or the
            pictures are too small.

    Example:

    >>> drawn = draw_shapes(2, seed=1)
    >>> drawn["images"].shape, drawn["masks"].dtype, len(drawn["boxes"])
    ((2, 64, 64, 3), dtype('uint8'), 2)
    """
    if min(count, max_shapes) < 1 or image_size < 16:
        raise ValueError(
            "`count` and `max_shapes` must be positive, `image_size` at least "
            f"16. Received: {count=}, {max_shapes=}, {image_size=}"
        )
    generator = np.random.default_rng(seed)
    drawn = {"images": [], "masks": [], "boxes": [], "labels": []}
    for _ in range(count):
        example = draw_picture(generator, image_size, max_shapes)
        for part, value in zip(drawn.values(), example, strict=True):
            part.append(value)
    drawn["images"] = np.stack(drawn["images"])
    drawn["masks"] = np.stack(drawn["masks"])
    return drawn


def draw_picture(generator, size, max_shapes):
    """One picture, its mask, the boxes and labels of its shapes."""
    ground = generator.uniform(40, 215, 3)
    picture = np.broadcast_to(ground, (size, size, 3)).copy()
    mask, boxes, labels = np.zeros((size, size), "uint8"), [], []
    taken = np.zeros((size, size), bool)
    wanted = generator.integers(1, max_shapes + 1)
    for _ in range(TRIES):
        label = int(generator.integers(1, 4))
        side = generator.integers(size * 12 // 64, size * 30 // 64 + 1)
        x, y = generator.integers(0, size - side + 1, 2)
        here = np.s_[y : y + side, x : x + side]
        if taken[
            max(y - 1, 0) : y + side + 1, max(x - 1, 0) : x + side + 1
        ].any():
            continue
        taken[here] = True
        inside = np.zeros((size, size), bool)
        inside[here] = SHAPES[label](side)
        shade = generator.choice([-1, 1], 3) * generator.uniform(30, 90, 3)
        picture[inside] = (ground + shade).clip(0, 255)
        mask[inside] = label
        rows = np.flatnonzero(inside.any(1))
        columns = np.flatnonzero(inside.any(0))
        boxes.append([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1])
        labels.append(label)
        if len(labels) == wanted:
            break
    picture += generator.normal(0, 15, picture.shape)
    picture = picture.round().clip(0, 255).astype("uint8")
    return picture, mask, np.array(boxes, "float32"), np.array(labels, "int64")


def circle(side):
    """A disc that fills a square of so many pixels."""
    y, x = np.mgrid[:side, :side] + 0.5 - side / 2
    return y**2 + x**2 <= (side / 2) ** 2


def square(side):
    """A square of so many pixels."""
    return np.ones((side, side), bool)


def triangle(side):
    """A triangle that stands on the whole width, its tip above the middle."""
    y, x = np.mgrid[:side, :side] + 0.5
    return np.abs(x - side / 2) <= y / 2


SHAPES = {1: circle, 2: square, 3: triangle}


def shapes():
    """1,000 pictures of shapes with masks, 64x64, the last 200 the test set."""
    drawn = draw_shapes(TRAIN + TEST)
    whole = Split(drawn["images"], drawn["masks"])
    order = np.arange(TRAIN + TEST)
    return Splits(
        whole[order[:TRAIN]],
        None,
        whole[order[TRAIN:]],
        class_names=CLASS_NAMES,
        name="shapes",
        source="keras_nn.data.draw_shapes",
        licence="CC0",
        description="Circles, squares and triangles over noise, uint8 pictures "
        "of shape (64, 64, 3) with uint8 masks of 4 classes. Drawn with a "
        "seed; the last 200 are the test set.",
    )


def shapes_with_boxes():
    """The pictures of `shapes`, with a box around each shape."""
    drawn = draw_shapes(TRAIN + TEST)
    labels = [row - 1 for row in drawn["labels"]]  # no background
    whole = Split(drawn["images"], pack_boxes(drawn["boxes"], labels))
    order = np.arange(TRAIN + TEST)
    return Splits(
        whole[order[:TRAIN]],
        None,
        whole[order[TRAIN:]],
        class_names=CLASS_NAMES[1:],
        name="shapes-boxes",
        source="keras_nn.data.draw_shapes",
        licence="CC0",
        description="Circles, squares and triangles over noise, uint8 pictures "
        "of shape (64, 64, 3) with a box around each shape. Drawn with a seed; "
        "the last 200 are the test set.",
    )


def shapes_with_labels():
    """The pictures of `shapes`, with the kinds of shapes that are in them."""
    drawn = draw_shapes(TRAIN + TEST)
    present = [np.isin([1, 2, 3], labels) for labels in drawn["labels"]]
    whole = Split(drawn["images"], np.array(present, "float32"))
    order = np.arange(TRAIN + TEST)
    return Splits(
        whole[order[:TRAIN]],
        None,
        whole[order[TRAIN:]],
        class_names=CLASS_NAMES[1:],
        name="shapes-labels",
        source="keras_nn.data.draw_shapes",
        licence="CC0",
        description="Circles, squares and triangles over noise, uint8 pictures "
        "of shape (64, 64, 3), labelled with each kind of shape that is "
        "there. Drawn with a seed; the last 200 are the test set.",
    )
