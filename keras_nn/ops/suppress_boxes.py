from keras import ops

from keras_nn.ops.box_iou import box_iou


def suppress_boxes(
    boxes,
    scores,
    iou_threshold=0.5,
    score_threshold=0.05,
    max_detections=100,
    candidates=400,
):
    """The best boxes of each class, without those that repeat a better one.

    Greedily: the best box is taken, what overlaps it by more than
    `iou_threshold` in the same class is left out, and so on. All shapes are
    known beforehand, for one compiled function.

    Args:
        boxes: float tensor `(batch, n, 4)` of corners.
        scores: float tensor `(batch, n, classes)` in [0, 1].
        iou_threshold: float in [0, 1].
        score_threshold: float. Boxes of a lower score are left out.
        max_detections: int. At most so many boxes of a picture.
        candidates: int. So many of the highest scores of a picture are looked
            at, over all classes.

    Returns:
        A float32 tensor `(batch, max_detections, 6)` of `(x_min, y_min,
        x_max, y_max, score, class)`, best first; what fills up has the score
        0 and the class -1.

    Example:

    >>> from keras import ops
    >>> boxes = ops.convert_to_tensor([[[0, 0, 4, 4], [0, 0, 4, 5.0]]])
    >>> scores = ops.convert_to_tensor([[[0.9], [0.8]]])
    >>> found = suppress_boxes(boxes, scores, max_detections=2)
    >>> ops.convert_to_numpy(found[0, :, 5]).tolist()
    [0.0, -1.0]
    """
    boxes, scores = ops.cast(boxes, "float32"), ops.cast(scores, "float32")
    classes = scores.shape[-1]
    flat = ops.reshape(scores, (-1, scores.shape[1] * classes))
    flat = ops.where(flat >= score_threshold, flat, 0.0)
    count = min(candidates, scores.shape[1] * classes)
    best, index = ops.top_k(flat, count)
    index = ops.cast(index, "int32")
    place = ops.expand_dims(index // classes, -1)
    chosen = ops.take_along_axis(boxes, place, axis=1)  # (batch, count, 4)
    labels = index % classes
    alike = ops.equal(ops.expand_dims(labels, 1), ops.expand_dims(labels, 2))
    over = ops.logical_and(box_iou(chosen, chosen) > iou_threshold, alike)
    kept = _greedy(over, best > 0)
    found = ops.where(kept, best, 0.0)
    labels = ops.where(kept, ops.cast(labels, "float32"), -1.0)
    rows = ops.concatenate(
        [
            ops.where(ops.expand_dims(kept, -1), chosen, 0.0),
            ops.expand_dims(found, -1),
            ops.expand_dims(labels, -1),
        ],
        axis=-1,
    )
    if count < max_detections:
        missing = max_detections - count
        rows = ops.pad(rows, [[0, 0], [0, missing], [0, 0]])
        found = ops.pad(found, [[0, 0], [0, missing]])
    _, order = ops.top_k(found, max_detections)
    rows = ops.take_along_axis(
        rows, ops.expand_dims(ops.cast(order, "int32"), -1), axis=1
    )
    empty = ops.expand_dims(rows[..., 4] <= 0, -1)
    return ops.where(empty, ops.convert_to_tensor([0.0] * 5 + [-1.0]), rows)


def _greedy(over, there):
    """What greedy suppression keeps, of boxes in the order of their scores.

    A box is kept if none that is kept overlaps it from before. The rounds
    settle one box after another at the least, in practice all in a few.

    Args:
        over: bool tensor `(batch, n, n)`.
        there: bool tensor `(batch, n)`.
    """
    count = over.shape[1]
    order = ops.arange(count)
    before = ops.expand_dims(order, 1) < ops.expand_dims(order, 0)
    over = ops.logical_and(over, before)  # [b, i, j]: i stands before j

    def changes(kept, last):
        return ops.any(ops.not_equal(kept, last))

    def settle(kept, last):
        hit = ops.any(ops.logical_and(over, ops.expand_dims(kept, -1)), axis=1)
        return ops.logical_and(there, ops.logical_not(hit)), kept

    kept, _ = ops.while_loop(
        changes,
        settle,
        settle(there, there),
        maximum_iterations=count + 1,
    )
    return kept
