from pathlib import Path

import numpy as np

from keras_nn.data.class_folders import PARTS
from keras_nn.data.class_folders import find_pictures
from keras_nn.data.class_folders import visible_folders
from keras_nn.data.from_directory import common_color_mode
from keras_nn.data.from_directory import common_size
from keras_nn.data.from_directory import report
from keras_nn.data.from_paired_pictures import check_arguments
from keras_nn.data.pair_reader import PairReader
from keras_nn.data.picture_check import check_pictures
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits


def from_unpaired_pictures(
    path,
    image_size=None,
    direction="AtoB",
    validation_fraction=0.1,
    test_fraction=0.1,
    seed=0,
    on_error="raise",
):
    """Pictures of two kinds that do not belong together, as for CycleGAN.

    Folders `trainA` and `trainB`, and optionally `testA` and `testB`, `valA`
    and `valB`; a part without folders is drawn from `train`. The sides may
    differ in number: the smaller one is gone through again until the larger
    one has been seen. Pictures are read when batches are drawn.

    Args:
        path: str. The folder.
        image_size: optional tuple `(height, width)` in pixels. May be left
            out where all have one size.
        direction: str. `"AtoB"`: A is the input; `"BtoA"`. Defaults to
            `"AtoB"`.
        validation_fraction: float. Share of each side for validation.
        test_fraction: float. The same for the test set.
        seed: int. The same seed draws the same parts.
        on_error: str. `"raise"` or `"skip"`, of unreadable pictures.

    Returns:
        A `Splits` whose splits decode dicts of `inputs` and `targets`, uint8
        of shape `(height, width, channels)`; every `y` is 0.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If it does not look like the above: a side that is absent
            or has too few pictures, several sizes and no `image_size`.

    Example:

    >>> import tempfile
    >>> from PIL import Image
    >>> root = Path(tempfile.mkdtemp())
    >>> for name, count in (("trainA", 10), ("trainB", 20)):
    ...     (root / name).mkdir()
    ...     for number in range(count):
    ...         Image.new("RGB", (6, 4)).save(root / name / f"{number}.png")
    >>> splits = from_unpaired_pictures(root)
    >>> len(splits.train), len(splits.test)
    (16, 2)

    Reference:
        [Zhu et al., 2017](https://arxiv.org/abs/1703.10593)
    """
    check_arguments(on_error, direction)
    root = Path(path)
    if not root.is_dir():
        raise FileNotFoundError(
            f"Expected a folder with `trainA` and `trainB`. Received: {path}"
        )
    folders = _folders(root)
    files = {key: find_pictures(folder) for key, folder in folders.items()}
    checked = check_pictures([str(f) for part in files.values() for f in part])
    report([p for p in checked if p.defect], len(checked), on_error)
    known = {picture.path: picture for picture in checked}
    pictures = {
        key: [known[str(f)] for f in part if not known[str(f)].defect]
        for key, part in files.items()
    }
    pictures = _drawn(pictures, validation_fraction, test_fraction, seed)
    empty = [f"{part}{side}" for (part, side), p in pictures.items() if not p]
    if empty:
        raise ValueError(
            "Every folder must hold readable pictures, enough for all parts. "
            f"Received: none for {', '.join(empty)} in {path}"
        )
    sides = [
        [p for (_, s), part in pictures.items() if s == side for p in part]
        for side in ("AB" if direction == "AtoB" else "BA")
    ]
    size = tuple(image_size or common_size(sides[0] + sides[1]))
    pairs, index = [], {}
    for part in dict.fromkeys(part for part, _ in pictures):
        a, b = (
            pictures[part, side]
            for side in ("AB" if direction == "AtoB" else "BA")
        )
        count = max(len(a), len(b))
        index[part] = np.arange(len(pairs), len(pairs) + count)
        pairs += [(a[i % len(a)], b[i % len(b)]) for i in range(count)]
    reader = PairReader(
        tuple(((a.path, a.size), (b.path, b.size)) for a, b in pairs),
        size,
        tuple(common_color_mode(side) for side in sides),
    )
    splits = dict.fromkeys(("validation", "test"))
    for part, rows in index.items():
        splits[part] = Split(rows, np.zeros(len(rows), "int64"), reader)
    counts = ", ".join(f"{p}{s} {len(v)}" for (p, s), v in pictures.items())
    return Splits(
        **splits,
        name=root.resolve().name,
        source=str(path),
        description=f"Pictures of two kinds, {direction}: {counts}; inputs "
        f"uint8 of shape {reader.shape['inputs']}. Parts without folders of "
        f"their own were drawn with {seed=}.",
    )


def _folders(root):
    """Folders by part and side: `{("train", "A"): path, ...}`."""
    found = {}
    for folder in visible_folders(root):
        part, side = folder.name[:-1].lower(), folder.name[-1].upper()
        if part in PARTS and side in "AB":
            found[PARTS[part], side] = folder
    parts = {part for part, _ in found}
    missing = [
        f"{part}{side}"
        for part in sorted(parts | {"train"})
        for side in "AB"
        if (part, side) not in found
    ]
    if missing:
        raise ValueError(
            "Expected folders `trainA` and `trainB`, and both sides of every "
            "other part (pairs side by side in one file are read by "
            "`from_paired_pictures`). "
            f"Received: {root} without {', '.join(missing)}"
        )
    return found


def _drawn(pictures, validation_fraction, test_fraction, seed):
    """Draws the absent parts from the pictures of each side to learn from."""
    random = np.random.default_rng(seed)
    shares = {"validation": validation_fraction, "test": test_fraction}
    pictures = dict(pictures)
    for side in "AB":
        whole = pictures["train", side]
        order, start = random.permutation(len(whole)), 0
        for part, share in shares.items():
            if (part, side) in pictures or not share:
                continue
            count = max(1, round(share * len(whole)))
            chosen = order[start : start + count]
            pictures[part, side] = [whole[i] for i in sorted(chosen)]
            start += count
        pictures["train", side] = [whole[i] for i in sorted(order[start:])]
    return pictures
