import hashlib
import json
import struct
import tracemalloc

import numpy as np
import pytest

from keras_nn.pretrained.tensor_file import read_header
from keras_nn.pretrained.tensor_file import read_tensors
from keras_nn.pretrained.tensor_file import write_tensors

TENSORS = {
    "a": np.arange(6, dtype="float32").reshape(2, 3),
    "b": np.array(7, "int64"),
    "c": np.array([1.5, -2], "float16"),
    "none": np.zeros((0, 4), "float64"),
    "yes": np.array([True, False]),
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "model.safetensors"
    write_tensors(path, TENSORS)
    return path


def raw(path, header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    length = len(text) if length is None else length
    path.write_bytes(struct.pack("<Q", length) + text + data)
    return path


def test_what_is_written_is_read(path):
    found = read_tensors(path)
    assert found.keys() == TENSORS.keys()
    for name, value in TENSORS.items():
        np.testing.assert_array_equal(found[name], value)
        assert found[name].dtype == value.dtype


def test_the_format_is_that_of_safetensors(path, tmp_path):
    numpy = pytest.importorskip("safetensors.numpy")
    theirs = numpy.load_file(path)
    for name, value in TENSORS.items():
        np.testing.assert_array_equal(theirs[name], value)
    numpy.save_file(TENSORS, tmp_path / "theirs.safetensors")
    ours = read_tensors(tmp_path / "theirs.safetensors")
    for name, value in TENSORS.items():
        np.testing.assert_array_equal(ours[name], value)


def test_bfloat16_is_widened(tmp_path):
    header = {"w": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}
    data = np.array([1.5, -3.0], "float32").view("uint16")[1::2].tobytes()
    found = read_tensors(raw(tmp_path / "x", header, data))["w"]
    assert found.dtype == "float32" and found.tolist() == [1.5, -3.0]


@pytest.mark.parametrize("keep", [0, 5, 8, 100, -1])
def test_a_truncated_file_is_refused(path, keep):
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match="not a whole safetensors file"):
        read_tensors(path)


def test_a_file_with_more_than_it_says_is_refused(path):
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ValueError, match="it should have"):
        read_tensors(path)


@pytest.mark.parametrize("length", [2**62, 2**40, 10**9])
def test_a_header_that_lies_about_its_size_allocates_nothing(tmp_path, length):
    lying = raw(tmp_path / "x", {}, length=length)
    tracemalloc.start()
    with pytest.raises(ValueError, match=f"a header of {length} bytes"):
        read_tensors(lying)
    assert tracemalloc.get_traced_memory()[1] < 1e6
    tracemalloc.stop()


def entry(**changed):
    return {
        "dtype": "F32",
        "shape": [2],
        "data_offsets": [0, 8],
        **changed,
    }


@pytest.mark.parametrize(
    "header, why",
    [
        ({"w": entry(shape=[2**40])}, "needs 4398046511104 bytes and has 8"),
        (
            {"w": entry(shape=[2**40], data_offsets=[0, 2**42])},
            "it should have",
        ),
        ({"w": entry(data_offsets=[8, 0])}, "needs 8 bytes and has -8"),
        ({"w": entry(shape=[-2])}, "sizes that are none"),
        ({"w": entry(shape=[True, 2])}, "sizes that are none"),
        ({"w": entry(dtype="PICKLE")}, "unknown type 'PICKLE'"),
        ({"w": entry(data_offsets=[4, 12])}, "begins at byte 4, not at 0"),
        ({"v": entry(), "w": entry()}, "begins at byte 0, not at 8"),
        ({"w": {}}, "its header is none"),
        ([1], "its header is none"),
        (b"{]", "its header is none"),
        (b"[" * 100_000, "its header is none"),
        (b'{"w": 1, "w": 2}', "a name is there twice"),
        (b"\xff\xfe{}", "its header is none"),
    ],
)
def test_a_header_that_lies_is_refused(header, why, tmp_path):
    path = raw(tmp_path / "x", header, b"\0" * 8)
    with pytest.raises(ValueError, match=why):
        read_header(path)


def test_a_checksum_is_held_against_the_file(path):
    right = hashlib.sha256(path.read_bytes()).hexdigest()
    assert read_tensors(path, right).keys() == TENSORS.keys()
    with pytest.raises(ValueError, match=f"Received: {right}"):
        read_tensors(path, "0" * 64)


def test_refuses_to_write_what_the_format_has_not(tmp_path):
    with pytest.raises(ValueError, match="Received: 'z' of complex64"):
        write_tensors(tmp_path / "x", {"z": np.zeros(2, "complex64")})
    assert not (tmp_path / "x").exists()
