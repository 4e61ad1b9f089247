from pathlib import Path

import numpy as np

from keras_nn.data.class_folders import PARTS
from keras_nn.data.class_folders import find_parts
from keras_nn.data.class_folders import find_pictures
from keras_nn.data.class_folders import visible_folders
from keras_nn.data.from_directory import common_color_mode
from keras_nn.data.from_directory import common_size
from keras_nn.data.from_directory import report
from keras_nn.data.pair_reader import PairReader
from keras_nn.data.parts import draw_parts
from keras_nn.data.picture_check import check_pictures
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits

DIRECTIONS = ("AtoB", "BtoA")


def from_paired_pictures(
    path,
    image_size=None,
    direction="AtoB",
    validation_fraction=0.1,
    test_fraction=0.1,
    seed=0,
    on_error="raise",
):
    """Pictures and what each of them becomes, in the formats of Pix2Pix.

    Side by side in one file, A the left half and B the right one, in a folder
    of pictures or in folders `train`, `val` and `test`; or in two folders `A`
    and `B` with files of the same names, each a folder of pictures or of such
    folders. A part without a folder is drawn from `train`. Pictures are read
    when batches are drawn.

    Args:
        path: str. The folder.
        image_size: optional tuple `(height, width)` in pixels of one side.
            May be left out where all have one size.
        direction: str. `"AtoB"`: A is the input; `"BtoA"`. Defaults to
            `"AtoB"`.
        validation_fraction: float. Share of the pairs for validation.
        test_fraction: float. The same for the test set.
        seed: int. The same seed draws the same parts.
        on_error: str. `"raise"` or `"skip"`, of unreadable pictures.

    Returns:
        A `Splits` whose splits decode dicts of `inputs` and `targets`, uint8
        of shape `(height, width, channels)`; every `y` is 0.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If it does not look like the above: unpaired names, a side
            without pictures, a file that cannot be halved, several sizes and
            no `image_size`.

    Example:

    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> for number in range(10):
    ...     Image.new("RGB", (12, 4)).save(folder / f"{number}.png")
    >>> from_paired_pictures(folder).train.shape
    {'inputs': (4, 6, 3), 'targets': (4, 6, 3)}

    Reference:
        [Isola et al., 2017](https://arxiv.org/abs/1611.07004)
    """
    check_arguments(on_error, direction)
    root = Path(path)
    if not root.is_dir():
        raise FileNotFoundError(
            f"Expected a folder of pairs of pictures. Received: {path}"
        )
    names = {f.name.lower(): f for f in visible_folders(root)}
    if {"traina", "trainb"} & set(names):
        raise ValueError(
            "The folder has unpaired pictures (`trainA`, `trainB`), which are "
            f"read by `from_unpaired_pictures`. Received: {path}"
        )
    joined = not {"a", "b"} <= set(names)
    found = _side_by_side(root) if joined else _aligned(names["a"], names["b"])
    swapped = direction == "BtoA"
    if swapped and not joined:
        found = [(part, second, first) for part, first, second in found]
    good = _readable(found, on_error)
    sides = [[a for _, a, _ in good]]
    sides += [sides[0] if joined else [b for _, _, b in good]]
    size = tuple(image_size or _common_size(sides, joined))
    reader = PairReader(
        tuple(((a.path, a.size), b and (b.path, b.size)) for _, a, b in good),
        size,
        tuple(common_color_mode(side) for side in sides),
        swapped and joined,
    )
    parts = np.array([part for part, _, _ in good])
    splits = {
        part: Split(index, np.zeros(len(index), "int64"), reader)
        for part in dict.fromkeys(parts.tolist())
        for index in [np.flatnonzero(parts == part)]
    }
    splits = draw_parts(splits, validation_fraction, test_fraction, seed, False)
    return Splits(
        **splits,
        name=root.resolve().name,
        source=str(path),
        description=f"{len(good)} pairs of pictures, inputs uint8 of shape "
        f"{reader.shape['inputs']}, {direction}; parts without a folder of "
        f"their own drawn with {seed=}.",
    )


def check_arguments(on_error, direction):
    """Raises unless both are known."""
    if on_error not in ("raise", "skip"):
        raise ValueError(
            f"`on_error` must be 'raise' or 'skip'. Received: {on_error=}"
        )
    if direction not in DIRECTIONS:
        raise ValueError(
            f"`direction` must be one of {DIRECTIONS}. Received: {direction=}"
        )


def _parts(root):
    in_parts = any(f.name.lower() in PARTS for f in visible_folders(root))
    return find_parts(root) if in_parts else {"train": root}


def _side_by_side(root):
    found = [
        (part, file, None)
        for part, folder in _parts(root).items()
        for file in find_pictures(folder)
    ]
    if not found:
        raise ValueError(
            "Expected pictures side by side in one file, in the folder or in "
            "`train`, `val` and `test` below it, or folders `A` and `B`. "
            f"Received: {root} without a picture there"
        )
    return found


def _aligned(first, second):
    parts = [_parts(folder) for folder in (first, second)]
    if set(parts[0]) != set(parts[1]):
        raise ValueError(
            "`A` and `B` must hold the same parts. "
            f"Received: {sorted(parts[0])} and {sorted(parts[1])}"
        )
    found = []
    for part in parts[0]:
        sides = [
            {file.stem: file for file in find_pictures(side[part])}
            for side in parts
        ]
        lonely = sorted(set(sides[0]) ^ set(sides[1]))
        if lonely or not sides[0]:
            raise ValueError(
                "Every picture in `A` needs one of the same name in `B`. "
                f"Received: {', '.join(lonely[:5]) or 'no picture'}"
                f"{' without' if lonely else ''}, in {part} of {first.parent}"
            )
        found += [(part, file, sides[1][n]) for n, file in sides[0].items()]
    return found


def _readable(found, on_error):
    """Triples of part and checked pictures; the second of a half is None."""
    files = [str(f) for _, *pair in found for f in pair if f is not None]
    checked = {picture.path: picture for picture in check_pictures(files)}
    report([p for p in checked.values() if p.defect], len(files), on_error)
    good = []
    for part, a, b in found:
        a, b = (f and checked[str(f)] for f in (a, b))
        if a.defect or (b is not None and b.defect):
            continue
        if b is None and a.size[1] % 2:
            raise ValueError(
                "Pictures side by side must have an even width. "
                f"Received: {a.path} of {a.size[1]} pixels"
            )
        good.append((part, a, b))
    if "train" not in {part for part, _, _ in good}:
        raise ValueError("There is no readable pair to learn from.")
    return good


def _common_size(sides, joined):
    height, width = common_size(sides[0])
    if joined:
        return height, width // 2
    if common_size(sides[1]) != (height, width):
        raise ValueError(
            "`image_size` must be given where `A` and `B` have different "
            f"sizes. Received: {(height, width)} and {common_size(sides[1])}"
        )
    return height, width
