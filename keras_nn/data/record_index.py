"""The index of a folder of shards: what is where, with checksums.

```
index.json           classes, features, for each part its shards: examples,
                     bytes, sha256; and its own sha256
train.npz            for each record its place, length and CRC-32; targets
train-00000.tfrecord ...
```
"""

import dataclasses
import hashlib
import io
import itertools
from pathlib import Path

import numpy as np

from keras_nn.data import sealed_json

NAME = "index.json"
FORMAT = "keras_nn shards 1"
WHAT_TO_DO = "Restore it from a copy, or write the shards again"


@dataclasses.dataclass(frozen=True, eq=False)
class Part:
    """Where the records of a part are, and their targets.

    Args:
        files: list of str. Paths of the shards.
        starts: list of int. Number of the first record of each shard.
        offsets: int array of shape `(n,)`. Where a record begins in its
            shard, in bytes.
        lengths: int array of shape `(n,)`. Bytes of a record with its frame.
        checksums: int array of shape `(n,)`. CRC-32 of a record with its
            frame.
        targets: array of shape `(n, ...)`.
    """

    files: list
    starts: list
    offsets: np.ndarray
    lengths: np.ndarray
    checksums: np.ndarray
    targets: np.ndarray


def is_shard_folder(path):
    """Whether a path is a folder that `write_shards` wrote.

    Args:
        path: str.

    Example:

    >>> is_shard_folder("no/such/folder")
    False
    """
    return Path(path, NAME).is_file()


def write_index(folder, content):
    """Writes index.json with its own checksum."""
    sealed_json.write(Path(folder, NAME), {"format": FORMAT, **content})


def read_index(folder):
    """What index.json holds: a dict.

    Raises:
        FileNotFoundError: If there is none.
        ValueError: If it is damaged, or of another format.
    """
    path = Path(folder, NAME)
    if not path.is_file():
        raise FileNotFoundError(
            f"Expected a folder of shards with {NAME}, as `write_shards` "
            f"leaves it. Received: {folder}"
        )
    content = sealed_json.read(path)
    if content["format"] != FORMAT:
        raise ValueError(
            f"The index must be of format {FORMAT!r}. Received: "
            f"{content['format']!r} in {path}"
        )
    return content


def read_part(folder, name, facts):
    """The `Part` of this name, by its facts in the index.

    Raises:
        ValueError: If its file of places and targets is absent or damaged.
    """
    path = Path(folder, f"{name}.npz")
    packed = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(packed).hexdigest() != facts["sha256"]:
        raise ValueError(
            f"The index of part `{name}` is absent or damaged. {WHAT_TO_DO}. "
            f"Received: {path}"
        )
    counts = [shard["examples"] for shard in facts["shards"]]
    with np.load(io.BytesIO(packed)) as arrays:
        return Part(
            files=[str(Path(folder, s["file"])) for s in facts["shards"]],
            starts=[0, *itertools.accumulate(counts[:-1])],
            **{key: arrays[key] for key in arrays.files},
        )


def check_files(folder, facts):
    """Refuses an absent or a truncated shard, without reading it."""
    for shard in facts["shards"]:
        path = Path(folder, shard["file"])
        if not path.is_file():
            raise FileNotFoundError(
                f"A shard is missing. {WHAT_TO_DO}. Received: {path}"
            )
        if path.stat().st_size != shard["bytes"]:
            raise ValueError(
                f"A shard must have {shard['bytes']} bytes. {WHAT_TO_DO}. "
                f"Received: {path} of {path.stat().st_size} bytes"
            )
