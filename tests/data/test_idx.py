import struct

import numpy as np
import pytest

from keras_nn.data.idx import parse_idx


def build(code, letter, values, shape):
    header = struct.pack(f">BBBB{len(shape)}I", 0, 0, code, len(shape), *shape)
    return header + struct.pack(f">{len(values)}{letter}", *values)


@pytest.mark.parametrize(
    "code, letter, dtype, values",
    [
        (0x08, "B", "uint8", [0, 1, 127, 128, 254, 255]),
        (0x09, "b", "int8", [-128, -1, 0, 1, 2, 127]),
        (0x0B, "h", "int16", [-32768, -256, -1, 0, 256, 32767]),
        (0x0C, "i", "int32", [-(2**31), -65536, -1, 0, 65536, 2**31 - 1]),
        (0x0D, "f", "float32", [-1.5, 0.25, 1e30, -0.0, 3.0, 1e-30]),
        (0x0E, "d", "float64", [-1.5, 1 / 3, 1e300, -0.0, 3.0, 1e-300]),
    ],
)
def test_reads_what_struct_packed(code, letter, dtype, values):
    array = parse_idx(build(code, letter, values, (3, 2)))
    assert array.dtype == dtype and array.shape == (3, 2)
    expected = np.array(values, dtype).reshape(3, 2)
    np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize(
    "content, received",
    [
        (b"", "b''"),
        (b"\x1f\x8b\x08\x00", "b'.x1f"),
        (b"\0\0\x07\x01\0\0\0\0", "x07"),
        (b"\0\0\x08\x03\0\0\0\x01", "8 bytes"),
        (build(8, "B", [1, 2, 3], (3,))[:-1], "10 bytes"),
        (build(8, "B", [1, 2, 3], (3,)) + b"\0", "12 bytes"),
    ],
)
def test_refuses_what_is_not_a_whole_file(content, received):
    with pytest.raises(ValueError, match=f"Received: .*{received}"):
        parse_idx(content)
