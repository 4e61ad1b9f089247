import numpy as np
import pytest
import tensorflow as tf

from keras_nn.data import record_features


@pytest.mark.parametrize(
    "value",
    [
        np.float32(0.1),
        np.int64(-3),
        np.uint8(200),
        np.uint64(2**64 - 1),
        np.bool_(True),
        np.arange(6, dtype=">i2").reshape(2, 3),
        np.arange(12.0).reshape(3, 4).T,  # not row by row in memory
        np.array([True, False]),
        np.array([-1, 7], "int8"),
        np.zeros((0, 2), "float16"),
        b"\x89PNG bytes",
    ],
    ids=repr,
)
def test_what_is_written_is_read(value):
    spec = record_features.feature_spec(value)
    payload = record_features.encode({"a": value}, 3)
    read = record_features.decoder({"a": spec})(payload)["a"]
    if isinstance(value, bytes):
        assert read == value
        return
    np.testing.assert_array_equal(read, value)
    assert read.dtype == np.dtype(spec["dtype"])
    assert list(read.shape) == spec["shape"]
    many = record_features.parse(tf.constant([payload] * 2), {"a": spec})["a"]
    np.testing.assert_array_equal(many, [value] * 2)
    assert many.dtype == spec["dtype"]


def test_tensorflow_reads_a_record():
    x = np.arange(4, dtype="float32")
    fields = {
        "x": tf.io.FixedLenFeature([], tf.string),
        "y": tf.io.FixedLenFeature([], tf.int64),
    }
    example = tf.io.parse_single_example(record_features.encode(x, 7), fields)
    np.testing.assert_array_equal(tf.io.decode_raw(example["x"], tf.float32), x)
    assert int(example["y"]) == 7


def test_the_same_example_gives_the_same_bytes():
    forth = record_features.encode({"a": 1, "b": np.ones(2)}, 0)
    back = record_features.encode({"b": np.ones(2), "a": 1}, 0)
    assert forth == back


@pytest.mark.parametrize("x", [{"y": 1}, {}, {1: 2}])
def test_refuses_names_that_do_not_work(x):
    with pytest.raises(ValueError, match="names other than 'y'"):
        record_features.input_spec(x)


def test_refuses_text():
    with pytest.raises(ValueError, match="dtype <U3"):
        record_features.input_spec({"a": "cat"})
