from keras import ops

from keras_nn.ops.segment_order import segment_median
from keras_nn.ops.segment_softmax import segment_softmax_sum
from keras_nn.ops.segments import segment_max
from keras_nn.ops.segments import segment_mean
from keras_nn.ops.segments import segment_min
from keras_nn.ops.segments import segment_std
from keras_nn.ops.segments import segment_sum
from keras_nn.ops.segments import segment_var

AGGREGATORS = {
    "sum": segment_sum,
    "mean": segment_mean,
    "max": segment_max,
    "min": segment_min,
    "std": segment_std,
    "var": segment_var,
    "median": segment_median,
    "softmax": segment_softmax_sum,
}


def segment_aggregate(data, segment_ids, num_segments, aggregator="sum"):
    """Reduces the rows of every segment in one way, or in several.

    Args:
        data: float tensor of shape `(rows, ..., features)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.
        aggregator: `"sum"`, `"mean"`, `"max"`, `"min"`, `"std"`, `"var"`,
            `"median"`, `"softmax"`, or a list of those, whose results are
            concatenated along the last axis.

    Returns:
        A tensor of shape `(num_segments, ..., features)`; of as many times
        the features as the list is long.

    Example:

    >>> data = ops.array([[1.0], [3.0]])
    >>> y = segment_aggregate(data, ops.array([0, 0]), 1, ["mean", "max"])
    >>> print(ops.convert_to_numpy(y))
    [[2. 3.]]
    """
    names = [aggregator] if isinstance(aggregator, str) else list(aggregator)
    if not names or any(name not in AGGREGATORS for name in names):
        raise ValueError(
            f"`aggregator` must be one of {', '.join(AGGREGATORS)}, or a list "
            f"of those. Received: {aggregator=}"
        )
    results = [AGGREGATORS[n](data, segment_ids, num_segments) for n in names]
    return results[0] if len(names) == 1 else ops.concatenate(results, -1)
