"""Files of tensors in the safetensors format: checked, then read.

A file is 8 bytes that say how long the header is, the header in JSON, and
the numbers. Nothing in it is executed, and nothing is allocated before the
header's claims were held against the size of the file.
"""

import hashlib
import json
import math
import struct
from pathlib import Path

import numpy as np

from keras_nn.data import atomic_file

# As the format itself limits it.
_LONGEST_HEADER = 100_000_000
# What a header that is none makes `json` and the checks raise.
_NO_HEADER = (ValueError, TypeError, AttributeError, KeyError, RecursionError)
_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",  # widened to float32
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "?",
}
_NAMES = {np.dtype(v): k for k, v in _TYPES.items() if k != "BF16"}


def read_header(path):
    """What a file says that it holds, after checking that it can be true.

    Args:
        path: path of the file.

    Returns:
        `(entries, start)`: a dict from a tensor's name to `{"dtype", "shape",
        "data_offsets"}`, and the byte at which the numbers begin.

    Raises:
        ValueError: if the file is cut off or longer than it says, or if its
            header claims more than the file holds, overlaps, leaves gaps, or
            is no header.
    """
    path = Path(path)
    size = path.stat().st_size
    with path.open("rb") as file:
        first = file.read(8)
        if len(first) < 8:
            raise _damaged(path, f"it has {size} bytes, no header")
        (length,) = struct.unpack("<Q", first)
        if length > min(size - 8, _LONGEST_HEADER):
            raise _damaged(
                path,
                f"it claims a header of {length} bytes, and has {size} bytes",
            )
        text = file.read(length)
    try:
        header = json.loads(text, object_pairs_hook=_without_repeats)
        entries = {
            name: _checked(name, entry)
            for name, entry in header.items()
            if name != "__metadata__"
        }
    except _NO_HEADER as error:
        raise _damaged(path, f"its header is none: {error}") from error
    end = 0
    for begin, stop, name in sorted(
        (*entry["data_offsets"], name) for name, entry in entries.items()
    ):
        if begin != end:
            raise _damaged(
                path, f"{name!r} begins at byte {begin}, not at {end}"
            )
        end = stop
    if 8 + length + end != size:
        raise _damaged(
            path, f"it should have {8 + length + end} bytes, and has {size}"
        )
    return entries, 8 + length


def read_tensors(path, sha256=None):
    """All tensors of a file.

    Args:
        path: path of the file.
        sha256: str or None. Checksum that the file must have.

    Returns:
        dict from str to array; bfloat16 is widened to float32.

    Raises:
        ValueError: if the checksum differs, or as `read_header` says.

    Example:

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "model.safetensors"
    >>> write_tensors(path, {"w": np.ones((2, 3), "float32")})
    >>> read_tensors(path)["w"].shape
    (2, 3)
    """
    if sha256 is not None:
        with Path(path).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256.lower():
            raise ValueError(
                f"The file must have the sha256 {sha256}. Received: {found} "
                f"of {path}"
            )
    entries, start = read_header(path)
    tensors = {}
    with Path(path).open("rb") as file:
        for name, entry in entries.items():
            begin, stop = entry["data_offsets"]
            file.seek(start + begin)
            array = np.frombuffer(
                file.read(stop - begin), _TYPES[entry["dtype"]]
            )
            if entry["dtype"] == "BF16":
                array = (array.astype("uint32") << 16).view("float32")
            tensors[name] = array.reshape(entry["shape"])
    return tensors


def write_tensors(path, tensors):
    """Writes tensors to a file, whole or not at all.

    Args:
        path: path of the file.
        tensors: dict from str to array.

    Raises:
        ValueError: on an array of another type than the format has.
    """
    header, parts, end = {"__metadata__": {"format": "pt"}}, [], 0
    for name, array in tensors.items():
        array = np.ascontiguousarray(array).reshape(np.shape(array))
        if array.dtype not in _NAMES:
            raise ValueError(
                f"`tensors` must be of the types {sorted(_TYPES)}. "
                f"Received: {name!r} of {array.dtype}"
            )
        parts.append(array.tobytes())
        header[name] = {
            "dtype": _NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [end, end + len(parts[-1])],
        }
        end += len(parts[-1])
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # numbers begin at a multiple of 8
    content = b"".join([struct.pack("<Q", len(text)), text, *parts])
    atomic_file.write_bytes(path, content)


def _checked(name, entry):
    dtype, shape = entry["dtype"], entry["shape"]
    begin, stop = entry["data_offsets"]
    if dtype not in _TYPES:
        raise ValueError(f"{name!r} has the unknown type {dtype!r}")
    numbers = [*shape, begin, stop]
    if any(type(n) is not int or n < 0 for n in numbers):
        raise ValueError(f"{name!r} has sizes that are none: {numbers}")
    needed = math.prod(shape) * np.dtype(_TYPES[dtype]).itemsize
    if stop - begin != needed:
        raise ValueError(
            f"{name!r} needs {needed} bytes and has {stop - begin}"
        )
    return entry


def _without_repeats(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def _damaged(path, why):
    return ValueError(
        f"The file is not a whole safetensors file: {why}. Received: {path}"
    )
