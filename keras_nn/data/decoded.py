import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np


def decoded(paths, decode):
    """Files as one array, read in threads.

    Args:
        paths: iterable of str.
        decode: callable from a path to an array; its attributes `shape` and
            `dtype` are those of the array.

    Returns:
        An array of shape `(n, *decode.shape)`.

    Example:

    >>> from keras_nn.data import ImageReader
    >>> decoded([], ImageReader((4, 6))).shape
    (0, 4, 6, 3)
    """
    paths = [str(path) for path in paths]
    result = np.empty((len(paths), *decode.shape), decode.dtype)

    def read(index):
        result[index] = decode(paths[index])

    with ThreadPoolExecutor(cpu_count()) as pool:
        list(pool.map(read, range(len(paths))))
    return result


def cpu_count():
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
