from keras import ops


def gram_matrix(features):
    """How often channels of a map are large at the same places.

    `G_ij = 1 / M sum_m F_mi F_mj` over the `M` places of a map

    Args:
        features: float tensor `(batch, ..., channels)`.

    Returns:
        A float32 tensor `(batch, channels, channels)`.

    Example:

    >>> gram_matrix(ops.ones((1, 4, 4, 2)))[0].numpy().tolist()
    [[1.0, 1.0], [1.0, 1.0]]

    Reference:
        [Gatys et al., 2016](https://doi.org/10.1109/CVPR.2016.265), there
        without the division, which makes pictures of several sizes compare.
    """
    features = ops.convert_to_tensor(features)
    # In half precision the sum over thousands of places overflows.
    features = ops.cast(features, "float32")
    channels = features.shape[-1]
    flat = ops.reshape(features, (ops.shape(features)[0], -1, channels))
    places = ops.cast(ops.shape(flat)[1], "float32")
    return ops.matmul(ops.transpose(flat, (0, 2, 1)), flat) / places
