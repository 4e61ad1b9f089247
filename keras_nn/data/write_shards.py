import contextlib
import dataclasses
import hashlib
import os
import shutil
import uuid
import zlib
from pathlib import Path

import numpy as np

from keras_nn.data import record_features
from keras_nn.data import record_index
from keras_nn.data.image_reader import ImageReader
from keras_nn.data.record_reader import FOOT
from keras_nn.data.record_reader import HEAD
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits

PARTS = ("train", "validation", "test")


def write_shards(data, folder, shards=None, megabytes=128, class_names=None):
    """Writes a data set into TFRecord shards, with an index of every record.

    Pictures that lie in files are kept as the bytes of these files. Targets
    are in the records and, once more, in the index: a reader holds them in
    memory, so they should be labels or a few numbers. The folder appears when
    all of it is written; nothing is left of an attempt that fails.

    Args:
        data: `Splits`, whose parts become parts; or, as the training part, a
            `Split` or an iterable of pairs `(x, y)`. There `x` is an array,
            the bytes of a picture file, or a dict of these, of the same kind,
            shape and dtype in every example, and `y` a number or an array.
        folder: str. Must be absent or empty.
        shards: int or None. Number of shards of each part, whose examples
            differ by one at most. Defaults to None: by size.
        megabytes: float. Without `shards`, a shard is full when it has this
            many million bytes. Defaults to 128.
        class_names: list of str or None. Entry `k` names label `k`. Defaults
            to those of a `Splits`.

    Raises:
        FileExistsError: If there is something in the folder.
        ValueError: If there is no example, an example is not like the first,
            or `shards` is given for data without a length.

    Example:

    >>> import tempfile
    >>> from keras_nn.data import from_records
    >>> from keras_nn.data import load
    >>> folder = tempfile.mkdtemp()
    >>> write_shards(load("digits"), folder, shards=2)
    >>> from_records(folder).test
    Split(359 examples of shape (8, 8, 1))
    """
    folder = Path(folder).resolve()
    if megabytes <= 0:
        raise ValueError(
            f"`megabytes` must be positive. Received: {megabytes=}"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(
            f"The folder must be absent or empty. Received: {folder}"
        )
    parts = {"train": data}
    facts = {"name": folder.name}
    if isinstance(data, Splits):
        parts = {part: getattr(data, part) for part in PARTS}
        facts |= {
            field.name: getattr(data, field.name)
            for field in dataclasses.fields(data)
            if field.name not in PARTS
        }
    if class_names is not None:
        facts["class_names"] = list(class_names)
    with _new_folder(folder) as partial:
        written = {
            name: _write_part(partial, name, part, shards, 1e6 * megabytes)
            for name, part in parts.items()
            if part is not None
        }
        specs = [spec for spec, _ in written.values()]
        if any(spec != specs[0] for spec in specs):
            raise ValueError(
                f"Every part must hold the same features. Received: {specs}"
            )
        x, y, reader = specs[0]
        record_index.write_index(
            partial,
            {
                "facts": facts,
                "x": x,
                "y": y,
                "reader": reader,
                "parts": {name: part for name, (_, part) in written.items()},
            },
        )


def _write_part(folder, name, data, shards, max_bytes):
    """Writes one part: `(its spec, its entry in the index)`."""
    import tensorflow as tf

    examples, reader = _examples(data)
    full = _full(data, shards, max_bytes)
    spec, writer, files, targets, size = None, None, {}, [], 0
    for number, (x, y) in enumerate(examples):
        y = np.asarray(y)
        x_y = record_features.input_spec(x), record_features.feature_spec(y)
        spec = spec or (*x_y, reader)
        if x_y != spec[:2]:
            raise ValueError(
                f"Every example must be like the first, {spec[:2]}. "
                f"Received: example {number} of {name}, {x_y}"
            )
        if not files or full(number, size):
            if writer is not None:
                writer.close()
            path = folder / f"{name}-{len(files):05d}.tfrecord"
            writer = tf.io.TFRecordWriter(str(path))
            files[path], size = [], 0
        payload = record_features.encode(x, y)
        writer.write(payload)
        files[path].append(HEAD + len(payload) + FOOT)
        size += files[path][-1]
        targets.append(y)
    if not files:
        raise ValueError(f"There must be an example. Received: none in {name}")
    writer.close()
    checked = [_checked(path, lengths) for path, lengths in files.items()]
    index = folder / f"{name}.npz"
    with open(index, "wb") as file:
        np.savez(
            file,
            offsets=np.concatenate(
                [np.cumsum([0, *lengths[:-1]]) for lengths in files.values()]
            ),
            lengths=np.concatenate(list(files.values())).astype("int32"),
            checksums=np.concatenate([c for c, _ in checked]),
            targets=np.stack(targets),
        )
    return spec, {
        "examples": len(targets),
        "sha256": _sha256(index),
        "shards": [
            {
                "file": path.name,
                "examples": len(lengths),
                "bytes": sum(lengths),
                "sha256": sha256,
            }
            for (path, lengths), (_, sha256) in zip(
                files.items(), checked, strict=True
            )
        ],
    }


def _checked(path, lengths):
    """The CRC-32 of every record of a shard, and the shard's SHA-256."""
    checksums, whole = [], hashlib.sha256()
    with open(path, "rb+") as file:
        for length in lengths:
            record = file.read(length)
            checksums.append(zlib.crc32(record))
            whole.update(record)
        os.fsync(file.fileno())
    return np.array(checksums, "uint32"), whole.hexdigest()


def _examples(data):
    """Pairs `(x, y)` as they are stored, and how pictures are read again."""
    if not isinstance(data, Split):
        return data, None
    decode = data.decode
    if decode is None:
        return zip(data.x, data.y, strict=True), None
    reader = getattr(decode, "pictures", decode)
    how = None
    if isinstance(reader, ImageReader):
        how = dataclasses.asdict(reader)
    stored = getattr(decode, "encoded", decode)
    return ((stored(x), y) for x, y in zip(data.x, data.y, strict=True)), how


def _full(data, shards, max_bytes):
    """Whether a new shard begins: of an example's number, a shard's bytes."""
    if shards is None:
        return lambda number, size: size >= max_bytes
    if not hasattr(data, "__len__"):
        raise ValueError(
            "`shards` needs data with a length; leave it out to begin a new "
            f"shard by size. Received: {shards=}"
        )
    if not 1 <= shards <= len(data):
        raise ValueError(
            "There must be a shard, and an example for each. Received: "
            f"{shards=} and {len(data)} examples"
        )
    first = {len(data) * shard // shards for shard in range(shards)}
    return lambda number, size: number in first


def _sha256(path):
    with open(path, "rb+") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _new_folder(folder):
    """A folder to write into, which takes its name when all went well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = folder.with_name(f".{folder.name}-{uuid.uuid4().hex[:8]}")
    partial.mkdir()
    try:
        yield partial
        if folder.exists():
            folder.rmdir()
        os.rename(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
