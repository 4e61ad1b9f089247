"""Boxes around objects in pictures, as annotations hold them and as arrays."""

import dataclasses

import numpy as np

from keras_nn.data.placement import Placement

MISSING = -1  # the class of rows that fill up


@dataclasses.dataclass(frozen=True)
class Annotated:
    """One picture with the boxes that an annotation names.

    Args:
        picture: str. Path of the picture.
        source: str. Path of the annotation, for errors.
        boxes: list of tuples `(x_min, y_min, x_max, y_max)` in pixels of the
            picture's own size.
        names: list of str, the class of each box.
        size: tuple `(height, width)` that the annotation says, or None.
        part: str. `"train"`, `"validation"` or `"test"`.
    """

    picture: str
    source: str
    boxes: list
    names: list
    size: tuple[int, int] | None = None
    part: str = "train"


def pack_boxes(boxes, labels, max_boxes=None):
    """Boxes and labels of several pictures as one array.

    Args:
        boxes: list, an entry a picture, of arrays `(count, 4)` of corners
            `(x_min, y_min, x_max, y_max)`.
        labels: list of arrays `(count,)` of classes from 0.
        max_boxes: int or None. Rows of each picture. Defaults to the highest
            count, at least 1.

    Returns:
        A float32 array `(pictures, max_boxes, 5)` of `(x_min, y_min, x_max,
        y_max, class)`; pictures with fewer boxes are filled up with rows of
        class -1.

    Raises:
        ValueError: If a picture has more boxes than rows.

    Example:

    >>> pack_boxes([[[0, 0, 4, 4]], []], [[2], []]).tolist()
    [[[0.0, 0.0, 4.0, 4.0, 2.0]], [[0.0, 0.0, 0.0, 0.0, -1.0]]]
    """
    most = max([1, *map(len, labels)])
    max_boxes = max_boxes or most
    if most > max_boxes:
        raise ValueError(
            "`max_boxes` must not be below the boxes of any picture. "
            f"Received: {max_boxes=} and a picture with {most}"
        )
    packed = np.zeros((len(boxes), max_boxes, 5), "float32")
    packed[..., 4] = MISSING
    for row, some, classes in zip(packed, boxes, labels, strict=True):
        if len(classes):
            row[: len(classes), :4] = some
            row[: len(classes), 4] = classes
    return packed


def fitted(
    annotated,
    size,
    image_size,
    degenerate="raise",
    pad_to_aspect_ratio=False,
):
    """The boxes of a picture that is scaled to another size.

    Boxes are cut off at the margin of the picture.

    Args:
        annotated: `Annotated`.
        size: tuple `(height, width)` of the picture, in pixels.
        image_size: tuple `(height, width)` that it is scaled to.
        degenerate: str. What to do with boxes without area inside of the
            picture: `"raise"`, or `"drop"` to leave them out.
        pad_to_aspect_ratio: bool. Whether the picture keeps its proportions,
            in the middle of padding.

    Returns:
        A float32 array `(count, 4)` and the list of the names of the boxes.

    Raises:
        ValueError: If a box is degenerate, or the annotation is that of a
            picture of another size; the text names the file.
    """
    if annotated.size is not None and tuple(annotated.size) != tuple(size):
        raise ValueError(
            "An annotation must be that of its picture. Received: "
            f"{annotated.source} for {annotated.size[0]}x{annotated.size[1]} "
            f"pixels, and {annotated.picture} of {size[0]}x{size[1]}"
        )
    height, width = size
    boxes = np.asarray(annotated.boxes, "float64").reshape(-1, 4)
    cut = boxes.clip(0, [width, height, width, height])
    good = (cut[:, 2:] > cut[:, :2]).all(axis=1) & np.isfinite(boxes).all(1)
    if degenerate == "raise" and not good.all():
        bad = boxes[~good][0].tolist()
        raise ValueError(
            "A box must have an area inside of its picture; "
            "`degenerate='drop'` leaves out those that have none. Received: "
            f"(x_min, y_min, x_max, y_max) = {tuple(bad)} in "
            f"{annotated.source}, for a picture of {height}x{width}"
        )
    placement = Placement(size, image_size, pad_to_aspect_ratio)
    names = [n for n, keep in zip(annotated.names, good, strict=True) if keep]
    return placement.boxes(cut[good]).astype("float32"), names
