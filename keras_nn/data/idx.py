import math
import struct

import numpy as np

# The format is big-endian throughout.
TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}


def parse_idx(content):
    """An array from the bytes of an unpacked IDX file, the format of MNIST.

    Two zero bytes, one byte for the type, one for the number of dimensions,
    each dimension as a big-endian int32, then the entries in C order.

    Args:
        content: bytes.

    Returns:
        An array in the machine's byte order.

    Raises:
        ValueError: If the bytes are not a whole IDX file.

    Example:

    >>> parse_idx(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9]))
    array([7, 8, 9], dtype=uint8)

    Reference:
        [LeCun et al.](http://yann.lecun.com/exdb/mnist/), "File formats".
    """
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in TYPES:
        raise ValueError(
            "An IDX file starts with two zero bytes and a known type. "
            f"Received: {content[:4]!r}"
        )
    dtype, rank = np.dtype(TYPES[content[2]]), content[3]
    header = 4 + 4 * rank
    if len(content) < header:
        raise ValueError(
            f"An IDX file of {rank} dimensions has a header of {header} "
            f"bytes. Received: {len(content)} bytes"
        )
    shape = struct.unpack(f">{rank}I", content[4:header])
    expected = header + math.prod(shape) * dtype.itemsize
    if len(content) != expected:
        raise ValueError(
            f"An IDX file of shape {shape} and type {dtype.name} has "
            f"{expected} bytes. Received: {len(content)} bytes"
        )
    entries = np.frombuffer(content, dtype, offset=header).reshape(shape)
    return entries.astype(dtype.newbyteorder("="))
