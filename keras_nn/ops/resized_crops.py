from keras import ops


def resized_crops(pictures, boxes, height, width):
    """A rectangle of each picture, scaled to one size.

    Bilinear with antialiasing, as Pillow's: along each axis
    `y[i] = sum_k w(|k + 1/2 - c_i| / max(s, 1)) x[k] / sum_k w(...)` over the
    pixels `k` of the rectangle, with `w(d) = max(0, 1 - d)`, `s` rectangle
    pixels to one of the result, and `c_i = low + (i + 1/2) s`.

    Args:
        pictures: float tensor `(n, rows, columns, channels)`.
        boxes: tensor `(n, 4)` of whole numbers: top, left, height and width
            of each rectangle, in pixels.
        height: int. Of the result.
        width: int. Of the result.

    Returns:
        A tensor `(n, height, width, channels)` of the pictures' dtype.

    Example:

    >>> x = ops.reshape(ops.arange(16.0), (1, 4, 4, 1))
    >>> y = resized_crops(x, ops.convert_to_tensor([[1, 2, 2, 2]]), 2, 2)
    >>> ops.convert_to_numpy(y)[0, ..., 0].tolist()
    [[6.0, 7.0], [10.0, 11.0]]
    """
    boxes = ops.cast(boxes, "float32")
    top, left, tall, wide = (boxes[:, i, None, None] for i in range(4))
    rows = _weights(top, tall, height, ops.shape(pictures)[1])
    columns = _weights(left, wide, width, ops.shape(pictures)[2])
    rows, columns = (ops.cast(w, pictures.dtype) for w in (rows, columns))
    pictures = ops.einsum("nir,nrcf->nicf", rows, pictures)
    return ops.einsum("njc,nicf->nijf", columns, pictures)


def _weights(low, size, count, known):
    """What of each of `known` pixels is in each of `count`, a row a picture."""
    scale = size / count  # (n, 1, 1)
    middle = low + (ops.arange(count, dtype="float32")[:, None] + 0.5) * scale
    place = ops.arange(known, dtype="float32") + 0.5
    distance = ops.abs(place - middle) / ops.maximum(scale, 1.0)
    weights = ops.maximum(1 - distance, 0.0)  # (n, count, known)
    inside = (place > low) & (place < low + size)
    weights = ops.where(inside, weights, 0.0)
    return weights / ops.sum(weights, axis=-1, keepdims=True)
