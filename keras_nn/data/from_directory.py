import warnings
from collections import Counter
from pathlib import Path

import numpy as np

from keras_nn.data.class_folders import find_class_names
from keras_nn.data.class_folders import find_parts
from keras_nn.data.class_folders import find_pictures
from keras_nn.data.image_reader import EXTENSIONS
from keras_nn.data.image_reader import ImageReader
from keras_nn.data.parts import draw_parts
from keras_nn.data.picture_check import check_pictures
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits


def from_directory(
    path,
    image_size=None,
    validation_fraction=0.1,
    test_fraction=0.1,
    seed=0,
    color_mode=None,
    on_error="raise",
    crop_to_aspect_ratio=False,
):
    """Pictures in a folder of class folders.

    Either `path/cat/1.jpg, path/dog/2.png ...`, which is split class by class,
    or `path/train/cat/1.jpg, path/test/dog/2.png ...` with folders `train` and
    optionally `validation` (or `val`) and `test`; a part that has no folder is
    drawn from `train`. Hidden files and files that are no pictures are left
    out. Every header is read now, the pictures themselves when batches are
    drawn.

    Args:
        path: str. The folder.
        image_size: optional tuple `(height, width)` in pixels that pictures
            are scaled to. May be left out where all have one size.
        validation_fraction: float. Share of all pictures (of those in
            `train`, with folders for parts) for validation; 0 for none.
        test_fraction: float. The same for the test set.
        seed: int. The same seed draws the same splits.
        color_mode: optional str, `"rgb"` or `"grayscale"`. By default
            grayscale if every picture is stored without colour.
        on_error: str. With `"raise"` unreadable pictures are an error that
            names each; with `"skip"` they are left out with a warning.
        crop_to_aspect_ratio: bool. Whether scaling cuts off the margins in
            place of distorting.

    Returns:
        A `Splits` whose splits decode their files: uint8 pictures of shape
        `(height, width, channels)`, labels in the order of the sorted names
        of the class folders.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If the folder does not look like the above, holds a single
            class, unreadable pictures, or several sizes and no `image_size`.

    Example:

    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> for number in range(20):
    ...     (folder / "cat").mkdir(exist_ok=True)
    ...     (folder / "dog").mkdir(exist_ok=True)
    ...     for name in ("cat", "dog"):
    ...         Image.new("RGB", (9, 6)).save(folder / name / f"{number}.png")
    >>> splits = from_directory(folder)
    >>> splits.class_names, splits.train
    (('cat', 'dog'), Split(32 examples of shape (6, 9, 3)))
    """
    if on_error not in ("raise", "skip"):
        raise ValueError(
            f"`on_error` must be 'raise' or 'skip'. Received: {on_error=}"
        )
    parts = find_parts(Path(path))
    class_names = find_class_names(parts)
    found = [
        (part, label, file)
        for part, folder in parts.items()
        for label, name in enumerate(class_names)
        for file in find_pictures(folder / name)
    ]
    pictures = check_pictures([str(file) for _, _, file in found])
    report([p for p in pictures if p.defect], len(pictures), on_error)
    good = [
        (part, label, picture)
        for (part, label, _), picture in zip(found, pictures, strict=True)
        if not picture.defect
    ]
    check_classes(good, parts, class_names)
    reader = ImageReader(
        tuple(image_size or common_size([p for _, _, p in good])),
        color_mode or common_color_mode([p for _, _, p in good]),
        crop_to_aspect_ratio,
    )
    splits = {part: as_split(part, good, reader) for part in parts}
    splits = draw_parts(splits, validation_fraction, test_fraction, seed)
    sizes = ", ".join(
        f"{part} {len(split)}" for part, split in splits.items() if split
    )
    return Splits(
        **splits,
        class_names=tuple(class_names),
        name=Path(path).resolve().name,
        source=str(path),
        description=f"Pictures of {len(class_names)} classes, uint8 of shape "
        f"{reader.shape}: {sizes}. Parts without a folder of their own were "
        f"drawn class by class with {seed=}.",
    )


def report(bad, count, on_error):
    """Names every unreadable picture: in an error, or in a warning."""
    if not bad:
        return
    listed = "\n".join(f"  {p.path}: {p.defect}" for p in bad)
    if on_error == "raise":
        raise ValueError(
            "Pictures must be readable; `on_error='skip'` leaves out those "
            f"that are not. Received: {len(bad)} unreadable of {count}\n"
            f"{listed}"
        )
    warnings.warn(
        f"Skipped {len(bad)} unreadable of {count} pictures\n{listed}",
        stacklevel=3,
    )


def check_classes(good, parts, class_names):
    """Every class has a picture to learn from, every part has one at all."""
    bare = sorted(set(parts) - {part for part, _, _ in good})
    if bare:
        raise ValueError(
            "Every part must hold readable pictures "
            f"({' '.join(EXTENSIONS)}). Received: none in {parts[bare[0]]}"
        )
    known = {label for part, label, _ in good if part == "train"}
    empty = [n for label, n in enumerate(class_names) if label not in known]
    if empty:
        raise ValueError(
            "Every class folder must hold a readable picture "
            f"({' '.join(EXTENSIONS)}). Received: none in {', '.join(empty)}"
        )


def common_size(pictures):
    """The one size of all pictures."""
    sizes = Counter(picture.size for picture in pictures)
    if len(sizes) > 1:
        examples = ", ".join(f"{h}x{w}" for h, w in list(sizes)[:3])
        raise ValueError(
            "Pictures of several sizes need `image_size=(height, width)`. "
            f"Received: {len(sizes)} sizes, among them {examples}"
        )
    return next(iter(sizes))


def common_color_mode(pictures):
    """Grey if every picture is."""
    return "grayscale" if all(p.is_grey for p in pictures) else "rgb"


def as_split(part, good, reader):
    """The pictures of one part."""
    members = [(p.path, label) for at, label, p in good if at == part]
    paths, labels = zip(*members, strict=True) if members else ((), ())
    return Split(np.array(paths, str), np.array(labels, "int64"), reader)
