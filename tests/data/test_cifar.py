import hashlib
import io
import struct
import tarfile

import numpy as np
import pytest

from keras_nn.data import cifar
from keras_nn.data import load
from keras_nn.data.download import RemoteFile


def record(labels, pixel):
    """One record, packed by hand: the pixel (row 2, column 5) is coloured."""
    planes = [bytearray(1024) for _ in range(3)]
    for plane, value in zip(planes, pixel, strict=True):
        plane[2 * 32 + 5] = value
    return struct.pack(f"{len(labels)}B", *labels) + b"".join(planes)


def archive(files):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def pin(monkeypatch, tmp_path, constant, files):
    """Puts a small archive in the place of the official one."""
    content = archive(files)
    file = RemoteFile(
        "http://127.0.0.1:9/small.tar.gz",
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    monkeypatch.setattr(cifar, constant, file)
    (tmp_path / "small.tar.gz").write_bytes(content)


def test_reads_cifar10(monkeypatch, tmp_path):
    files = {
        f"bin/data_batch_{n}.bin": record([n], (n, 0, 0)) for n in range(1, 6)
    }
    files["bin/test_batch.bin"] = record([9], (1, 2, 3)) * 2
    files["bin/batches.meta.txt"] = b"airplane\nautomobile\nbird\n\n"
    # A member outside of the archive's folder is never written anywhere.
    files["../../escape.txt"] = b"no"
    pin(monkeypatch, tmp_path, "CIFAR10", files)
    splits = load("cifar10", path=tmp_path, validation_fraction=0)
    assert splits.train.x.shape == (5, 32, 32, 3)
    assert splits.train.y.tolist() == [1, 2, 3, 4, 5]
    assert splits.train.x[3, 2, 5].tolist() == [4, 0, 0]
    assert splits.test.x[1, 2, 5].tolist() == [1, 2, 3]
    assert splits.test.x.sum() == 12
    assert splits.class_names == ("airplane", "automobile", "bird")
    assert [entry.name for entry in tmp_path.iterdir()] == ["small.tar.gz"]


def test_reads_the_fine_labels_of_cifar100(monkeypatch, tmp_path):
    files = {
        "c/train.bin": record([1, 42], (0, 7, 0)) + record([1, 43], (0, 8, 0)),
        "c/test.bin": record([2, 99], (0, 0, 9)),
        "c/fine_label_names.txt": b"apple\naquarium_fish\n",
        "c/coarse_label_names.txt": b"fish\n",
    }
    pin(monkeypatch, tmp_path, "CIFAR100", files)
    splits = load("cifar100", path=tmp_path, validation_fraction=0)
    assert splits.train.y.tolist() == [42, 43]
    assert splits.test.y.tolist() == [99]
    assert splits.train.x[1, 2, 5].tolist() == [0, 8, 0]
    assert splits.class_names == ("apple", "aquarium_fish")


def test_refuses_an_archive_without_a_part(monkeypatch, tmp_path):
    pin(monkeypatch, tmp_path, "CIFAR100", {"c/train.bin": b""})
    with pytest.raises(ValueError, match="without fine_label.*, test.bin"):
        load("cifar100", path=tmp_path)


def test_refuses_half_a_record():
    whole = record([1], (0, 0, 0))
    assert len(whole) == 3073
    assert len(cifar.parse_records(whole, labels=1)) == 1
    with pytest.raises(ValueError, match="Received: 3072 bytes"):
        cifar.parse_records(whole[:-1], labels=1)
    np.testing.assert_array_equal(
        cifar.parse_records(whole * 2, labels=1).y, [1, 1]
    )
