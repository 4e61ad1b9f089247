import collections
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np


def decoded(references, decode):
    """Files, or records, as one array, read in threads.

    Args:
        references: array of str or int, such as paths.
        decode: callable from one of them to an array, or to a dict of arrays;
            its attributes `shape` and `dtype` are those of what it returns.

    Returns:
        An array of shape `(n, *decode.shape)`, or a dict of such.

    Example:

    >>> from keras_nn.data import ImageReader
    >>> decoded([], ImageReader((4, 6))).shape
    (0, 4, 6, 3)
    """
    with ThreadPoolExecutor(cpu_count()) as pool:
        return packed(columns(references, decode, pool.map), decode)


def columns(references, decode, map=map):
    """What a reader returns for each reference, as a list of arrays."""
    names = list(decode.shape) if isinstance(decode.shape, dict) else None
    result = [
        np.empty((len(references), *shape), dtype)
        for shape, dtype in zip(*layout(decode), strict=True)
    ]

    def read(index):
        reference = references[index]
        if isinstance(reference, bytes | str):  # of NumPy or TensorFlow, too
            reference = os.fsdecode(reference)
        value = decode(reference)
        values = [value] if names is None else [value[name] for name in names]
        for column, entry in zip(result, values, strict=True):
            column[index] = entry

    collections.deque(map(read, range(len(references))), maxlen=0)
    return result


def layout(decode):
    """Shapes and dtypes of what a reader returns, as two lists."""
    if isinstance(decode.shape, dict):
        return list(decode.shape.values()), list(decode.dtype.values())
    return [decode.shape], [decode.dtype]


def packed(values, decode):
    """Columns as a reader's shape says: one alone, or a dict."""
    if isinstance(decode.shape, dict):
        return dict(zip(decode.shape, values, strict=True))
    return values[0]


def cpu_count():
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
