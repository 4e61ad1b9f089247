import numpy as np
import pytest

from keras_nn.data import is_shard_folder
from keras_nn.data import record_index
from keras_nn.data import write_shards


@pytest.fixture
def shards(tmp_path):
    folder = tmp_path / "shards"
    write_shards([(np.full(3, n), n) for n in range(7)], folder, shards=2)
    return folder


def test_places_and_targets_of_every_record(shards):
    index = record_index.read_index(shards)
    part = record_index.read_part(shards, "train", index["parts"]["train"])
    assert part.targets.tolist() == list(range(7))
    assert part.starts == [0, 3]
    ends = (part.offsets + part.lengths)[[2, 6]]
    sizes = [s["bytes"] for s in index["parts"]["train"]["shards"]]
    assert ends.tolist() == sizes
    assert part.offsets[[0, 3]].tolist() == [0, 0]


def test_no_flip_or_truncation_of_the_index_is_accepted(shards):
    generator = np.random.default_rng(0)
    for name in ("index.json", "train.npz"):
        path = shards / name
        whole = path.read_bytes()
        for trial in range(100):
            content = bytearray(whole)
            place = int(generator.integers(len(whole)))
            if trial % 4:
                content[place] ^= 1 << int(generator.integers(8))
            else:
                del content[place:]
            path.write_bytes(content)
            with pytest.raises(ValueError, match=name):
                index = record_index.read_index(shards)
                facts = index["parts"]["train"]
                record_index.read_part(shards, "train", facts)
        path.write_bytes(whole)


def test_a_missing_and_a_truncated_shard_are_named(shards):
    facts = record_index.read_index(shards)["parts"]["train"]
    record_index.check_files(shards, facts)
    shard = shards / "train-00001.tfrecord"
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(ValueError, match="train-00001.tfrecord of"):
        record_index.check_files(shards, facts)
    shard.unlink()
    with pytest.raises(FileNotFoundError, match="train-00001.tfrecord"):
        record_index.check_files(shards, facts)


def test_another_format_is_refused(shards, monkeypatch):
    monkeypatch.setattr(record_index, "FORMAT", "of tomorrow")
    folder = shards.with_name("other")
    write_shards([(1, 1)], folder)
    monkeypatch.undo()
    with pytest.raises(ValueError, match="'of tomorrow' in"):
        record_index.read_index(folder)


def test_what_is_no_folder_of_shards(tmp_path, shards):
    assert is_shard_folder(shards) and not is_shard_folder(tmp_path)
    with pytest.raises(FileNotFoundError, match="as `write_shards` leaves it"):
        record_index.read_index(tmp_path)
