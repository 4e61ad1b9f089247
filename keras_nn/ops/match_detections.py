from keras import ops

from keras_nn.ops.box_iou import box_area
from keras_nn.ops.box_iou import box_iou

TINY = 1e-10


def match_detections(
    boxes, classes, there, detections, iou_thresholds, areas=((0.0, 1e10),)
):
    """Which detections hit a true box, as the COCO evaluation decides.

    In each picture and class, the detections choose in the order of their
    scores: each the true box that it overlaps most, at least by the
    threshold, of those that nobody has chosen. True boxes whose area lies
    outside of a range do not count there, nor do the detections that hit
    them, nor those outside of it that hit nothing.

    Args:
        boxes: float tensor `(batch, m, 4)` of corners: the true ones.
        classes: int tensor `(batch, m)`.
        there: bool tensor `(batch, m)`. False for what fills up.
        detections: float tensor `(batch, d, 6)` of `(x_min, y_min, x_max,
            y_max, score, class)`, best first; class -1 fills up.
        iou_thresholds: list of float.
        areas: list of pairs `(low, high)`, in squared pixels, both included.

    Returns:
        Two bool tensors `(batch, d, thresholds, areas)`, whether a detection
        is right and whether it is wrong (neither: it does not count), and one
        `(batch, m, areas)`, whether a true box counts.

    Example:

    >>> from keras import ops
    >>> boxes = ops.convert_to_tensor([[[0.0, 0.0, 4.0, 4.0]]])
    >>> found = ops.convert_to_tensor([[[0.0, 0.0, 4.0, 3.0, 0.9, 0.0]]])
    >>> right, wrong, counts = match_detections(
    ...     boxes, ops.zeros((1, 1), "int32"), ops.ones((1, 1), "bool"), found,
    ...     [0.5, 0.8],
    ... )
    >>> ops.convert_to_numpy(right[0, 0, :, 0]).tolist()
    [True, False]

    Reference:
        [Lin et al., 2014](https://arxiv.org/abs/1405.0312) and
        `COCOeval.evaluateImg` of pycocotools.
    """
    thresholds = [min(t, 1 - TINY) for t in iou_thresholds]
    thresholds = ops.reshape(
        ops.cast(thresholds, boxes.dtype), (1, -1, 1, 1)
    )  # (1, thresholds, 1, 1)
    labels = ops.cast(detections[..., 5], "int32")
    alike = ops.equal(ops.expand_dims(labels, 2), ops.expand_dims(classes, 1))
    alike = ops.logical_and(alike, ops.expand_dims(there, 1))
    overlap = box_iou(detections[..., :4], boxes)
    overlap = ops.where(alike, overlap, -1.0)  # (batch, d, m)
    counts = ops.logical_and(
        _within(box_area(boxes), areas), ops.expand_dims(there, -1)
    )  # (batch, m, areas)
    of_area = ops.expand_dims(ops.swapaxes(counts, 1, 2), 1)
    inside = _within(box_area(detections[..., :4]), areas)
    found = labels >= 0
    rank = ops.arange(overlap.shape[2], dtype="int32")

    def choose(index, state):
        taken, hit, hit_counts = state
        row = ops.take(overlap, ops.reshape(index, (1,)), axis=1)
        row = ops.expand_dims(row, 1)  # (batch, 1, 1, m)
        free = ops.logical_and(ops.logical_not(taken), row >= thresholds)
        first = ops.where(ops.logical_and(free, of_area), row, -1.0)
        second = ops.where(free, row, -1.0)
        has_first = ops.any(first >= 0, axis=-1, keepdims=True)
        best = ops.where(has_first, first, second)
        # Of equals the last one, as there.
        last = (
            ops.shape(best)[-1]
            - 1
            - ops.argmax(ops.flip(best, axis=-1), axis=-1)
        )
        chosen = ops.logical_and(
            ops.equal(rank, ops.expand_dims(ops.cast(last, "int32"), -1)),
            best >= 0,
        )
        here = ops.reshape(
            ops.equal(ops.arange(overlap.shape[1], dtype="int32"), index),
            (1, -1, 1, 1),
        )
        any_chosen = ops.any(chosen, axis=-1)
        good = ops.any(ops.logical_and(chosen, of_area), axis=-1)
        return (
            ops.logical_or(taken, chosen),
            ops.where(here, ops.expand_dims(any_chosen, 1), hit),
            ops.where(here, ops.expand_dims(good, 1), hit_counts),
        )

    shape = (ops.shape(overlap)[0], overlap.shape[1])
    sizes = (len(iou_thresholds), len(areas))
    none = ops.zeros((*shape, *sizes), "bool")
    taken = ops.zeros((shape[0], *sizes, overlap.shape[2]), "bool")
    _, hit, right = ops.fori_loop(
        0, overlap.shape[1], choose, (taken, none, none)
    )
    wrong = ops.logical_and(ops.logical_not(hit), ops.expand_dims(inside, 2))
    found = ops.reshape(found, (*shape, 1, 1))
    return ops.logical_and(right, found), ops.logical_and(wrong, found), counts


def _within(area, areas):
    low, high = (
        ops.cast([pair[side] for pair in areas], area.dtype) for side in (0, 1)
    )
    area = ops.expand_dims(area, -1)
    return ops.logical_and(area >= low, area <= high)
