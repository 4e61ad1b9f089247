"""CIFAR-10 and CIFAR-100 in their binary versions, which hold no pickles."""

import io
import tarfile

import numpy as np

from keras_nn.data.download import RemoteFile
from keras_nn.data.download import read
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits

# Addresses, sizes and checksums as TensorFlow Datasets publishes them in
# tensorflow_datasets/url_checksums/cifar10.txt and cifar100.txt.
CIFAR10 = RemoteFile(
    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    170052171,
    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
)
CIFAR100 = RemoteFile(
    "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
    168513733,
    "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
)
SHAPE = (3, 32, 32)


def cifar10(folder):
    """50,000 + 10,000 colour pictures of 10 classes, 32x32."""
    return cifar_splits(
        CIFAR10,
        folder,
        "cifar10",
        train=[f"data_batch_{number}.bin" for number in range(1, 6)],
        test=["test_batch.bin"],
        names="batches.meta.txt",
        labels=1,
    )


def cifar100(folder):
    """50,000 + 10,000 colour pictures of 100 classes, 32x32."""
    return cifar_splits(
        CIFAR100,
        folder,
        "cifar100",
        train=["train.bin"],
        test=["test.bin"],
        names="fine_label_names.txt",
        # The coarse label comes first; the fine one is the class.
        labels=2,
    )


def cifar_splits(file, folder, name, train, test, names, labels):
    """Official splits of an archive of records, read without unpacking it."""
    members = read_members(read(file, name, folder), [*train, *test, names])
    class_names = tuple(members[names].decode("ascii").split())
    return Splits(
        parse_records(b"".join(members[part] for part in train), labels),
        None,
        parse_records(b"".join(members[part] for part in test), labels),
        class_names=class_names,
        name=name,
        source=file.url,
        licence="none stated",
        description="Colour photographs, uint8 pictures of shape (32, 32, 3), "
        f"of {len(class_names)} classes. Official test set of 10,000.",
    )


def read_members(archive, wanted):
    """The named files of a tar archive, whatever folder they lie in."""
    members = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        for member in tar:
            name = member.name.rsplit("/", 1)[-1]
            if name in wanted and member.isfile():
                members[name] = tar.extractfile(member).read()
    absent = sorted(set(wanted) - set(members))
    if absent:
        raise ValueError(
            f"The archive must hold {', '.join(sorted(wanted))}. Received: "
            f"one without {', '.join(absent)}"
        )
    return members


def parse_records(content, labels):
    """A `Split` from CIFAR records: label bytes, then 3 planes of 32x32.

    Args:
        content: bytes. Any number of records of `labels + 3072` bytes.
        labels: int. Label bytes per record; the last one is the class.

    Returns:
        A `Split` of uint8 pictures of shape `(32, 32, 3)`.

    Raises:
        ValueError: If the bytes are not a whole number of records.

    Example:

    >>> split = parse_records(bytes([5, 7]) + bytes(3072), labels=2)
    >>> split, split.y
    (Split(1 examples of shape (32, 32, 3)), array([7]))

    Reference:
        [Krizhevsky, 2009](https://www.cs.toronto.edu/~kriz/cifar.html)
    """
    size = labels + int(np.prod(SHAPE))
    if not content or len(content) % size:
        raise ValueError(
            f"CIFAR records have {size} bytes each. Received: {len(content)} "
            "bytes"
        )
    records = np.frombuffer(content, np.uint8).reshape(-1, size)
    planes = records[:, labels:].reshape(-1, *SHAPE)  # (n, 3, 32, 32)
    pictures = np.ascontiguousarray(planes.transpose(0, 2, 3, 1))
    return Split(pictures, records[:, labels - 1].astype("int64"))
