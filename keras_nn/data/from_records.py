import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from keras_nn.data import record_index
from keras_nn.data.decoded import cpu_count
from keras_nn.data.image_reader import ImageReader
from keras_nn.data.parts import draw_parts
from keras_nn.data.record_features import by_name
from keras_nn.data.record_reader import RecordReader
from keras_nn.data.record_reader import is_picture
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits

CHUNK = 256  # records that a thread checks in one go
NAMED = 50  # damaged records that a warning names


def from_records(
    path,
    image_size=None,
    validation_fraction=0.1,
    test_fraction=0.1,
    seed=0,
    color_mode=None,
    on_error="raise",
    crop_to_aspect_ratio=None,
):
    """A data set in a folder of shards that `write_shards` wrote.

    The index says where every record is, so examples are drawn in any order
    of the whole set, from all shards, at random places, which a local disk
    or a memory cache serves well. The index and the targets are held in
    memory, everything else is read when batches are drawn; each record is
    compared with its checksum then.

    Args:
        path: str. The folder.
        image_size: tuple `(height, width)` in pixels that encoded pictures
            are scaled to; it does not concern arrays. Defaults to that with
            which the pictures were read when the shards were written.
        validation_fraction: float. Share of all examples for validation,
            drawn from the training part, unless the shards have a part of
            their own for it; 0 for none.
        test_fraction: float. The same for the test set.
        seed: int. The same seed draws the same splits.
        color_mode: str or None, `"rgb"` or `"grayscale"`, of pictures.
            Defaults as `image_size` does, or to `"rgb"`.
        on_error: str. With `"raise"` a missing or truncated shard is an error
            now and a damaged record when it is read; with `"skip"` every
            record is read now, and what is damaged is left out with a
            warning that names them.
        crop_to_aspect_ratio: bool or None. Whether scaling cuts off the
            margins in place of distorting. Defaults as `color_mode` does, or
            to False.

    Returns:
        A `Splits` whose splits read their records.

    Raises:
        FileNotFoundError: If there is no such folder, index or shard.
        ValueError: If a file is damaged, or pictures lack an `image_size`.

    Example:

    >>> import tempfile
    >>> from keras_nn.data import write_shards
    >>> folder = tempfile.mkdtemp()
    >>> write_shards([(np.full(2, n), n % 2) for n in range(20)], folder)
    >>> splits = from_records(folder)
    >>> splits.train, splits.test
    (Split(16 examples of shape (2,)), Split(2 examples of shape (2,)))
    >>> splits.train.decode(7)
    array([7, 7])
    """
    if on_error not in ("raise", "skip"):
        raise ValueError(
            f"`on_error` must be 'raise' or 'skip'. Received: {on_error=}"
        )
    index = record_index.read_index(path)
    pictures = None
    if any(map(is_picture, by_name(index["x"]).values())):
        pictures = _reader(
            path, index["reader"], image_size, color_mode, crop_to_aspect_ratio
        )
    splits = {}
    for name, facts in index["parts"].items():
        if on_error == "raise":
            record_index.check_files(path, facts)
        part = record_index.read_part(path, name, facts)
        reader = RecordReader(part, index["x"], pictures)
        numbers = np.arange(facts["examples"])
        if on_error == "skip":
            numbers = _sound(numbers, reader)
        splits[name] = Split(numbers, part.targets[numbers], reader)
    facts = index["facts"]
    for names in ("class_names", "feature_names"):
        if facts.get(names) is not None:
            facts[names] = tuple(facts[names])
    splits = draw_parts(
        splits,
        validation_fraction,
        test_fraction,
        seed,
        stratify=facts.get("class_names") is not None,
    )
    return Splits(**splits, **{"source": str(path), **facts})


def _reader(path, stored, image_size, color_mode, crop_to_aspect_ratio):
    """How the pictures are read: as asked, or else as they once were."""
    asked = {
        "image_size": image_size,
        "color_mode": color_mode,
        "crop_to_aspect_ratio": crop_to_aspect_ratio,
    }
    asked = {key: value for key, value in asked.items() if value is not None}
    how = {**(stored or {}), **asked}
    if "image_size" not in how:
        raise ValueError(
            "Encoded pictures need `image_size=(height, width)`. Received: "
            f"image_size=None for {path}"
        )
    return ImageReader(**{**how, "image_size": tuple(how["image_size"])})


def _sound(numbers, reader):
    """The records that are as they were written; warns of the others."""

    def defects(chunk):
        return [(n, d) for n in chunk if (d := reader.defect(n))]

    chunks = [
        numbers[first : first + CHUNK]
        for first in range(0, len(numbers), CHUNK)
    ]
    with ThreadPoolExecutor(cpu_count()) as pool:
        found = dict(sum(pool.map(defects, chunks), []))
    if found:
        named = [f"  {defect}" for defect in found.values()]
        if len(named) > NAMED:
            named[NAMED:] = [f"  and {len(named) - NAMED} more"]
        listed = "\n".join(named)
        warnings.warn(
            f"Skipped {len(found)} damaged of {len(numbers)} records\n{listed}",
            stacklevel=3,
        )
    return np.setdiff1d(numbers, list(found))
