"""Arrays in one file, one behind the other, written without a copy of them."""

import math

import numpy as np

_ALIGNMENT = 64  # bytes; each array begins at a multiple


def write(stream, arrays):
    """Writes arrays as they lie in memory.

    Args:
        stream: what has a method `write` for bytes.
        arrays: dict from name to NumPy array, of any type without objects.

    Returns:
        What `read` needs: a list of `[name, dtype, shape]`, for JSON.

    Example:

    >>> import io
    >>> stream = io.BytesIO()
    >>> index = write(stream, {"a": np.ones((2, 3), "float32")})
    >>> index
    [['a', '<f4', [2, 3]]]
    >>> read(bytearray(stream.getvalue()), index)["a"].sum()
    np.float32(6.0)
    """
    index = []
    for name, array in arrays.items():
        # NumPy has a name, but no code, for bfloat16 and its like.
        dtype = array.dtype.name if array.dtype.kind == "V" else array.dtype.str
        index.append([name, dtype, list(array.shape)])
        flat = np.ascontiguousarray(array).reshape(-1)
        stream.write(memoryview(flat.view("u1")))
        stream.write(bytes(-array.nbytes % _ALIGNMENT))
    return index


def read(content, index):
    """The arrays of a file: a dict from name to NumPy array.

    Args:
        content: bytearray. All of the file; the arrays share its memory.
        index: what `write` returned.

    Raises:
        ValueError: if the file and the index do not belong together.
    """
    arrays, start = {}, 0
    for name, dtype, shape in index:
        dtype = _dtype(dtype)
        size = math.prod(shape) * dtype.itemsize
        part = memoryview(content)[start : start + size]
        if len(part) != size:
            raise ValueError(f"the file ends before its array {name}")
        arrays[name] = np.ndarray(shape, dtype, part)
        start += size + -size % _ALIGNMENT
    if start != len(content):
        raise ValueError("the file goes on behind its last array")
    return arrays


def _dtype(name):
    try:
        return np.dtype(name)
    except TypeError:
        import ml_dtypes

        return np.dtype(getattr(ml_dtypes, name))
