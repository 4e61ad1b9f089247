"""Where the centres of objects lie, as bumps on a map."""

from keras import ops


def bump_radius(sides, overlap=0.7):
    """How far both corners of a box may move for it still to count.

    The largest `r` such that a box of sides `w, h` keeps an intersection over
    union of at least `overlap` with each that is shifted by `r`, smaller by
    `r` on all sides, or larger:
    `min(roots of r^2 - (w + h) r + w h (1 - o) / (1 + o),
    4 r^2 - 2 (w + h) r + (1 - o) w h, 4 o r^2 + 2 o (w + h) r - (1 - o) w h)`

    Args:
        sides: float tensor `(..., 2)`.
        overlap: float in (0, 1).

    Returns:
        A float tensor `(...)`, in the unit of the sides.

    Example:

    >>> from keras import ops
    >>> round(float(bump_radius(ops.convert_to_tensor([10.0, 10.0]))), 4)
    0.8167

    Reference:
        [Law and Deng, 2018](https://arxiv.org/abs/1808.01244), section 3.2.
        Their published code divides by 2 where the roots of the second and
        the third case ask for 8 and 8 o; here are the roots.
    """
    total, area = ops.sum(sides, axis=-1), ops.prod(sides, axis=-1)

    def discriminant(value):
        return ops.sqrt(ops.maximum(value, 0))

    shifted = area * (1 - overlap) / (1 + overlap)
    shifted = (total - discriminant(total**2 - 4 * shifted)) / 2
    smaller = (1 - overlap) * area
    smaller = (total - discriminant(total**2 - 4 * smaller)) / 4
    larger = (1 - overlap) * area / overlap
    larger = (discriminant(total**2 + 4 * larger) - total) / 4
    return ops.minimum(shifted, ops.minimum(smaller, larger))


def centre_heatmap(boxes, classes, there, map_size, num_classes, overlap=0.7):
    """A map of each class with a Gaussian bump at the centre of each object.

    `Y = max_o exp(-|cell - cell_o|^2 / (2 s_o^2))`, `s = (2 floor(r) + 1) / 6`

    with the radius `r` of `bump_radius`, beyond which it is 0.

    Args:
        boxes: float tensor `(batch, m, 4)` of corners, in cells of the map.
        classes: int32 tensor `(batch, m)`.
        there: bool tensor `(batch, m)`. False for what fills up.
        map_size: tuple `(height, width)`, in cells.
        num_classes: int.
        overlap: float in (0, 1). As in `bump_radius`.

    Returns:
        A float tensor `(batch, height, width, num_classes)`, exactly 1 at
        centres, and an int32 tensor `(batch, m)`: the cell of each centre,
        row after row.

    Example:

    >>> from keras import ops
    >>> boxes = ops.convert_to_tensor([[[0.0, 0.0, 3.0, 3.0]]])
    >>> here = ops.zeros((1, 1), "int32"), ops.ones((1, 1), "bool")
    >>> heat, cells = centre_heatmap(boxes, *here, (3, 3), 1)
    >>> float(heat[0, 1, 1, 0]), int(cells[0, 0])
    (1.0, 4)

    Reference:
        [Zhou et al., 2019](https://arxiv.org/abs/1904.07850), section 3.
    """
    height, width = map_size
    last = ops.convert_to_tensor([width - 1, height - 1], boxes.dtype)
    centre = (boxes[..., :2] + boxes[..., 2:]) / 2
    centre = ops.clip(ops.floor(centre), 0, last)  # (batch, m, 2)
    sides = ops.relu(boxes[..., 2:] - boxes[..., :2])
    radius = ops.floor(bump_radius(sides, overlap))
    spread = (2 * radius + 1) / 6
    y = ops.reshape(ops.arange(height, dtype=boxes.dtype), (1, height, 1))
    x = ops.reshape(ops.arange(width, dtype=boxes.dtype), (1, 1, width))

    def add(index, heat):
        def of(values):  # of this object, (batch, 1, 1)
            value = ops.take(values, index, axis=1)
            return ops.reshape(value, (-1, 1, 1))

        dx, dy = x - of(centre[..., 0]), y - of(centre[..., 1])
        bump = ops.exp(-(dx**2 + dy**2) / (2 * of(spread) ** 2))
        far = ops.maximum(ops.abs(dx), ops.abs(dy)) > of(radius)
        bump = ops.where(ops.logical_or(far, of(there) == 0), 0.0, bump)
        label = ops.one_hot(
            ops.take(classes, index, axis=1), num_classes, dtype=heat.dtype
        )
        return ops.maximum(heat, bump[..., None] * label[:, None, None])

    there = ops.cast(there, boxes.dtype)
    empty = ops.zeros((1, height, width, num_classes), boxes.dtype)
    empty = empty + ops.reshape(boxes[:, 0, 0] * 0, (-1, 1, 1, 1))
    heat = ops.fori_loop(0, boxes.shape[1], add, empty)
    cells = centre[..., 1] * width + centre[..., 0]
    return heat, ops.cast(cells, "int32")
