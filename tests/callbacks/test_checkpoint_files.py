import os
import random
import resource
import signal

import ml_dtypes
import numpy as np
import pytest

from keras_nn.callbacks import checkpoint_files

ARRAYS = {
    "a/b": np.arange(50.0),
    "c": np.ones((3, 2), ml_dtypes.bfloat16),
    "d": np.array(7),
}


def write(folder, **options):
    return checkpoint_files.write(
        folder, {"epoch": 2}, {"x": [1]}, ARRAYS, **{"keep": 2, **options}
    )


def test_gives_back_what_was_written_and_keeps_the_newest(tmp_path):
    paths = [write(tmp_path) for _ in range(4)]
    assert checkpoint_files.found(tmp_path) == paths[-2:]
    manifest, state, arrays = checkpoint_files.read(paths[-1])
    assert manifest["epoch"] == 2 and state == {"x": [1]}
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(arrays[name], array)


@pytest.mark.parametrize("name", ["manifest.json", "state.json", "arrays.bin"])
def test_two_hundred_damages_of_each_file_are_all_noticed(tmp_path, name):
    path = write(tmp_path)
    content = (path / name).read_bytes()
    generator = random.Random(0)
    for index in range(200):
        place = generator.randrange(len(content))
        damaged = bytearray(content)
        damaged[place] ^= 1 << generator.randrange(8)
        (path / name).write_bytes(damaged if index % 2 else content[:place])
        with pytest.raises(ValueError, match=f"in its file {name}.*Remove the"):
            checkpoint_files.read(path)
    (path / name).unlink()
    with pytest.raises(ValueError, match=name):
        checkpoint_files.read(path)


@pytest.mark.parametrize("call", range(6))
def test_what_dies_while_writing_leaves_the_one_before(
    tmp_path, monkeypatch, call
):
    before = write(tmp_path)
    calls = iter(range(100))

    def dies(descriptor):
        if next(calls) == call:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", dies)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path)
    monkeypatch.undo()
    newest = checkpoint_files.found(tmp_path)[-1]
    checkpoint_files.read(newest)
    checkpoint_files.read(before)


def test_a_full_disk_keeps_the_one_before(tmp_path):
    before = write(tmp_path)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, limit[1]))
    try:
        with pytest.raises(OSError, match="checkpoint-00000000 is kept"):
            write(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, ignored)
    assert checkpoint_files.found(tmp_path) == [before]
    checkpoint_files.read(before)


def test_what_a_killed_process_left_is_cleaned_away(tmp_path):
    (tmp_path / ".partial-x").mkdir()
    checkpoint_files.clean(tmp_path)
    assert not list(tmp_path.iterdir())
