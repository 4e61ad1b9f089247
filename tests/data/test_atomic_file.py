import errno
import os
import random
import zipfile

import pytest

from keras_nn.data import atomic_file


@pytest.fixture
def sealed(tmp_path):
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", '{"a": 1}' * 50)
        archive.writestr("weights", random.Random(0).randbytes(2000))
    atomic_file.seal(path)
    return path


def test_replaces_a_file_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "a" / "b.txt"
    atomic_file.write_text(path, "one")
    atomic_file.write_text(path, "two")
    assert path.read_text() == "two"
    assert os.listdir(path.parent) == ["b.txt"]


def test_an_exception_leaves_the_previous_file(tmp_path):
    path = tmp_path / "b.txt"
    atomic_file.write_text(path, "one")
    with pytest.raises(KeyError):
        with atomic_file.atomic_path(path) as temporary:
            temporary.write_text("tw")
            raise KeyError
    assert path.read_text() == "one"
    assert os.listdir(tmp_path) == ["b.txt"]


def test_a_sync_that_fails_leaves_the_previous_file(tmp_path, monkeypatch):
    path = tmp_path / "b.txt"
    atomic_file.write_bytes(path, b"one")

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic_file.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        atomic_file.write_bytes(path, b"two")
    assert path.read_bytes() == b"one"
    assert os.listdir(tmp_path) == ["b.txt"]


def test_a_full_disk_is_said_with_the_name_of_the_file(tmp_path):
    path = tmp_path / "b.txt"
    full = OSError(errno.ENOSPC, "No space left on device")
    for kept in (False, True):
        with pytest.raises(OSError, match="Could not write.*b.txt") as caught:
            with atomic_file.atomic_path(path) as temporary:
                temporary.write_text("tw")
                raise full
        assert caught.value.errno == errno.ENOSPC
        assert ("the previous file is kept" in str(caught.value)) is kept
        atomic_file.write_text(path, "one")
    assert path.read_text() == "one"
    assert os.listdir(tmp_path) == ["b.txt"]


def test_a_sealed_archive_is_sound_and_still_a_zip(sealed):
    atomic_file.verify(sealed)
    with zipfile.ZipFile(sealed) as archive:
        assert archive.testzip() is None
        assert archive.comment.startswith(b"sha256:")


def test_every_flipped_byte_is_noticed(sealed):
    content = sealed.read_bytes()
    generator = random.Random(1)
    end = len(content) - 1
    places = [generator.randrange(len(content)) for _ in range(200)]
    for place in [0, end, end - 30, end - 66, end - 72, end - 90, *places]:
        damaged = bytearray(content)
        damaged[place] ^= 1 << generator.randrange(8)
        sealed.write_bytes(damaged)
        with pytest.raises(ValueError, match="damaged.*model.keras"):
            atomic_file.verify(sealed)


def test_every_truncated_file_is_noticed(sealed):
    content = sealed.read_bytes()
    generator = random.Random(2)
    lengths = [generator.randrange(len(content)) for _ in range(100)]
    # The seal is in the last 71 bytes.
    for length in [0, *lengths, *range(len(content) - 100, len(content))]:
        sealed.write_bytes(content[:length])
        with pytest.raises(ValueError, match="damaged.*model.keras"):
            atomic_file.verify(sealed)


def test_an_archive_without_a_seal_is_compared_by_its_checksums(tmp_path):
    path = tmp_path / "plain.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("weights", bytes(range(256)))
    atomic_file.verify(path)
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match="damaged"):
        atomic_file.verify(path)


def test_a_missing_file_is_not_called_damaged(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such file.*none.keras"):
        atomic_file.verify(tmp_path / "none.keras")
