import io

import ml_dtypes
import numpy as np
import pytest

from keras_nn.callbacks import array_file

ARRAYS = {
    "matrix": np.arange(6.0).reshape(2, 3),
    "bool": np.array([True, False, True]),
    "scalar": np.array(7, "int16"),
    "empty": np.zeros((0, 3), "float32"),
    "half": np.array([1.5, -2], ml_dtypes.bfloat16),
    "eight bits": np.array([1.5], ml_dtypes.float8_e4m3fn),
    "words": np.array(["a", "bcd"]),
    "bytes": np.array([b"a", b"bcd"]),
    "complex": np.array([1 + 2j]),
    "strided": np.arange(10)[::3],
    "columns": np.asfortranarray(np.arange(6).reshape(2, 3)),
    "nothing at the end": np.zeros((2, 0)),
}


def written(arrays):
    stream = io.BytesIO()
    index = array_file.write(stream, arrays)
    return bytearray(stream.getvalue()), index


def test_gives_back_every_kind_of_array():
    arrays = array_file.read(*written(ARRAYS))
    assert list(arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert arrays[name].flags.writeable and arrays[name].flags.aligned
        np.testing.assert_array_equal(arrays[name], array, strict=True)


def test_holds_the_bytes_of_the_arrays_from_multiples_of_64_on():
    content, _ = written({"a": np.array([1], "u1"), "b": np.array([2], "u1")})
    assert len(content) == 128 and content[0] == 1 and content[64] == 2


def test_writes_a_large_array_from_where_it_lies():
    class Stream:
        def write(self, content):
            self.shared |= np.shares_memory(np.asarray(content), array)

    array = np.ones((10, 10))
    stream = Stream()
    stream.shared = False
    array_file.write(stream, {"a": array})
    assert stream.shared


def test_refuses_a_file_of_another_index():
    content, index = written(ARRAYS)
    with pytest.raises(ValueError, match="goes on behind"):
        array_file.read(content, index[:3])
    with pytest.raises(ValueError, match="ends before its array more"):
        array_file.read(content, [*index, ["more", "<f4", [2]]])
