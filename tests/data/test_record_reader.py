import numpy as np
import pytest

from keras_nn.data import from_records
from keras_nn.data import write_shards


@pytest.fixture
def shards(tmp_path):
    folder = tmp_path / "shards"
    examples = [(np.full(30, n, "uint8"), n % 2) for n in range(40)]
    write_shards(examples, folder, shards=4)
    return folder


def reader(shards):
    return from_records(shards, (), 0, 0).train.decode


def test_any_record_at_any_time(shards):
    read = reader(shards)
    for number in (39, 0, 10, 9, 20):
        assert read(number).tolist() == [number] * 30


def test_no_flip_in_a_shard_is_accepted_silently(shards):
    read = reader(shards)
    path = shards / "train-00002.tfrecord"
    whole = path.read_bytes()
    generator = np.random.default_rng(1)
    for _ in range(200):
        content = bytearray(whole)
        place = int(generator.integers(len(whole)))
        content[place] ^= 1 << int(generator.integers(8))
        path.write_bytes(content)
        hit = place * 10 // len(whole)
        with pytest.raises(ValueError, match=f"record {hit} of {path}"):
            read(20 + hit)
        assert read(20 + (hit + 1) % 10)[0] == 20 + (hit + 1) % 10


def test_a_shard_that_vanishes_or_shrinks_is_named(shards):
    read = reader(shards)
    path = shards / "train-00001.tfrecord"
    path.write_bytes(path.read_bytes()[:-20])
    assert read(18)[0] == 18
    with pytest.raises(ValueError, match=f"record 9 of {path}"):
        read(19)
    path.unlink()
    with pytest.raises(ValueError, match=f"record 0 of {path}"):
        read(10)
