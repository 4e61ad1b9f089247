import numpy as np
import tensorflow as tf

_BUCKETS = 30


def write_histogram(tag, values):
    """Write a distribution with the default writer and step.

    The same page and form as `tf.summary.histogram`, which counts with a
    one-hot matrix of 30 numbers for each value: for a million values that
    takes half a second, this takes some 20 milliseconds.

    Args:
        tag: str.
        values: array of any shape; what is not finite is left out.
    """
    from tensorboard.plugins.histogram import metadata

    tf.summary.write(
        tag,
        buckets(values),
        metadata=metadata.create_summary_metadata(None, None),
    )


def buckets(values):
    """Left edge, right edge and count of 30 equal intervals.

    Args:
        values: array of any shape.

    Returns:
        A float64 array of shape `(30, 3)`. Equal values are all in the last
        interval, which then has no width.

    Example:

    >>> buckets(np.arange(60))[0]
    array([0.        , 1.96666667, 2.        ])
    """
    values = np.asarray(values).astype("float64").ravel()
    values = values[np.isfinite(values)]
    if not values.size:
        return np.zeros((_BUCKETS, 3))
    low, high = values.min(), values.max()
    if low == high:
        counts = np.zeros(_BUCKETS)
        counts[-1] = values.size
        edges = np.full(_BUCKETS + 1, low)
    else:
        counts, edges = np.histogram(values, _BUCKETS)
    return np.stack([edges[:-1], edges[1:], counts], axis=1)
