import errno

import numpy as np
import pytest
import tensorflow as tf

from keras_nn import data
from keras_nn.data import write_shards

EXAMPLES = [(np.full(100, n, "uint8"), n) for n in range(10)]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_tensorflow_reads_the_shards_in_order(tmp_path):
    folder = tmp_path / "a"
    write_shards(EXAMPLES, folder, shards=3)
    assert names(folder) == [
        "index.json",
        "train-00000.tfrecord",
        "train-00001.tfrecord",
        "train-00002.tfrecord",
        "train.npz",
    ]
    files = sorted(str(path) for path in folder.glob("*.tfrecord"))
    fields = {"y": tf.io.FixedLenFeature([], tf.int64)}
    records = tf.data.TFRecordDataset(files).map(
        lambda record: tf.io.parse_single_example(record, fields)["y"]
    )
    assert list(records.as_numpy_iterator()) == list(range(10))


def test_without_a_number_shards_are_full_by_size(tmp_path):
    # A record takes some 150 bytes.
    write_shards(iter(EXAMPLES), tmp_path / "a", megabytes=400e-6)
    assert len(names(tmp_path / "a")) == 2 + 4
    write_shards(iter(EXAMPLES), tmp_path / "b")
    assert len(names(tmp_path / "b")) == 2 + 1


def test_the_same_data_give_the_same_bytes(tmp_path):
    for name in "ab":
        write_shards(data.load("iris"), tmp_path / name / "iris", shards=2)
    for path in (tmp_path / "a" / "iris").iterdir():
        other = tmp_path / "b" / "iris" / path.name
        assert path.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ((np.zeros(101, "uint8"), 1), "Received: example 9 of train"),
        ((np.zeros(100, "int8"), 1), "Received: example 9 of train"),
        ((np.zeros(100, "uint8"), 1.5), "Received: example 9 of train"),
    ],
)
def test_nothing_is_left_of_an_attempt_that_fails(tmp_path, broken, message):
    with pytest.raises(ValueError, match=message):
        write_shards([*EXAMPLES[:9], broken], tmp_path / "a")
    assert names(tmp_path) == []


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(self, payload):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tf.io.TFRecordWriter, "write", full)
    with pytest.raises(OSError, match="No space left"):
        write_shards(EXAMPLES, tmp_path / "a")
    assert names(tmp_path) == []


def test_refuses_what_cannot_be(tmp_path):
    folder = tmp_path / "a"
    with pytest.raises(ValueError, match="shards=11 and 10 examples"):
        write_shards(EXAMPLES, folder, shards=11)
    with pytest.raises(ValueError, match="data with a length"):
        write_shards(iter(EXAMPLES), folder, shards=2)
    with pytest.raises(ValueError, match="none in train"):
        write_shards([], folder)
    with pytest.raises(ValueError, match="megabytes=0"):
        write_shards(EXAMPLES, folder, megabytes=0)
    write_shards(EXAMPLES, folder)
    with pytest.raises(FileExistsError, match="absent or empty"):
        write_shards(EXAMPLES, folder)
