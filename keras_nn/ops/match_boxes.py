"""Which true box each place of a detector answers for."""

from keras import ops

from keras_nn.ops.box_coders import encode_distances
from keras_nn.ops.box_iou import box_area
from keras_nn.ops.box_iou import box_iou

BACKGROUND, IGNORED = -1, -2
FAR = 1e9


def match_anchors(anchors, boxes, valid, positive=0.5, negative=0.4):
    """The true box of each anchor, by their overlap.

    An anchor answers for the box that it overlaps most, from `positive` on;
    it is background below `negative`, and counts for neither in between. The
    anchors that a box overlaps most answer for it however small the overlap,
    so that no box is left out.

    Args:
        anchors: float tensor `(n, 4)` of corners.
        boxes: float tensor `(batch, m, 4)` of corners.
        valid: bool tensor `(batch, m)`. False for what fills up.
        positive: float. Intersection over union of an answer, at least.
        negative: float. That of background is below.

    Returns:
        An int32 tensor `(batch, n)`: the number of the box, -1 for
        background, -2 for what does not count.

    Example:

    >>> from keras import ops
    >>> boxes = ops.convert_to_tensor([[[0.0, 0.0, 2.0, 2.0]]])
    >>> anchors = ops.convert_to_tensor([[0.0, 0.0, 2.0, 2.0], [5, 5, 9, 9]])
    >>> found = match_anchors(anchors, boxes, ops.ones((1, 1), "bool"))
    >>> ops.convert_to_numpy(found).tolist()
    [[0, -1]]

    Reference:
        [Lin et al., 2017](https://arxiv.org/abs/1708.02002), section 4.
    """
    overlap = box_iou(ops.expand_dims(anchors, 0), boxes)  # (batch, n, m)
    overlap = ops.where(ops.expand_dims(valid, 1), overlap, -1.0)
    best = ops.max(overlap, axis=-1)
    found = ops.cast(ops.argmax(overlap, axis=-1), "int32")
    found = ops.where(best < positive, IGNORED, found)
    found = ops.where(best < negative, BACKGROUND, found)
    highest = ops.max(overlap, axis=1, keepdims=True)
    closest = ops.logical_and(overlap >= highest, highest > 0)
    chosen = ops.argmax(ops.where(closest, overlap, -1.0), axis=-1)
    return ops.where(
        ops.any(closest, axis=-1), ops.cast(chosen, "int32"), found
    )


def match_points(points, strides, boxes, valid, reach=8.0, radius=1.5):
    """The true box of each place of a pyramid, by where it lies.

    A place answers for a box if it lies inside of it, no more than `radius`
    strides from its centre, and if its stride suits the size of the box: the
    farthest side is at most `reach` strides away, and more than the `reach`
    of the next finer map; the coarsest map takes all that is larger. Of
    several boxes it answers for the smallest.

    Args:
        points: float tensor `(n, 2)` of `(x, y)`, in pixels.
        strides: float tensor `(n,)`, in pixels.
        boxes: float tensor `(batch, m, 4)` of corners, in pixels.
        valid: bool tensor `(batch, m)`. False for what fills up.
        reach: float. In strides.
        radius: float. In strides.

    Returns:
        An int32 tensor `(batch, n)`: the number of the box, -1 for
        background.

    Example:

    >>> from keras import ops
    >>> boxes = ops.convert_to_tensor([[[0.0, 0.0, 4.0, 4.0]]])
    >>> points = ops.convert_to_tensor([[2.0, 2.0], [9.0, 9.0]])
    >>> strides = ops.convert_to_tensor([4.0, 4.0])
    >>> found = match_points(points, strides, boxes, ops.ones((1, 1), "bool"))
    >>> ops.convert_to_numpy(found).tolist()
    [[0, -1]]

    Reference:
        [Tian et al., 2019](https://arxiv.org/abs/1904.01355), section 3;
        [its journal version](https://arxiv.org/abs/2006.09214), section 3.1,
        for `radius`.
    """
    points, strides = (ops.convert_to_tensor(x) for x in (points, strides))
    places = ops.reshape(points, (1, -1, 1, 2))
    steps = ops.reshape(strides, (1, -1, 1))
    around = ops.expand_dims(boxes, 1)  # (batch, 1, m, 4)
    distances = encode_distances(around, places)  # (batch, n, m, 4)
    inside = ops.min(distances, axis=-1) > 0
    centre = (around[..., :2] + around[..., 2:]) / 2
    offset = ops.max(ops.abs(places - centre), axis=-1)
    far = ops.max(distances, axis=-1)
    finest, coarsest = ops.min(strides), ops.max(strides)
    finer = ops.where(
        ops.expand_dims(strides, 0) < ops.expand_dims(strides, 1),
        ops.expand_dims(strides, 0),
        0.0,
    )
    below = ops.reshape(ops.max(finer, axis=-1), (1, -1, 1)) * reach
    above = ops.where(steps < coarsest, steps * reach, FAR)
    suits = ops.logical_and(
        ops.logical_or(far > below, steps <= finest), far <= above
    )
    answers = ops.logical_and(inside, offset < steps * radius)
    answers = ops.logical_and(answers, suits)
    answers = ops.logical_and(answers, ops.expand_dims(valid, 1))
    area = ops.expand_dims(box_area(boxes), 1)
    area = ops.where(answers, area, FAR)
    found = ops.cast(ops.argmin(area, axis=-1), "int32")
    return ops.where(ops.any(answers, axis=-1), found, BACKGROUND)
