from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from keras_nn.data.class_folders import PARTS
from keras_nn.data.class_folders import find_parts
from keras_nn.data.class_folders import find_pictures
from keras_nn.data.class_folders import visible_folders
from keras_nn.data.decoded import cpu_count
from keras_nn.data.from_directory import common_color_mode
from keras_nn.data.from_directory import common_size
from keras_nn.data.from_directory import report
from keras_nn.data.image_reader import ImageReader
from keras_nn.data.mask_reader import IGNORED
from keras_nn.data.mask_reader import MaskReader
from keras_nn.data.mask_reader import is_black_and_white
from keras_nn.data.mask_reader import read_values
from keras_nn.data.parts import draw_parts
from keras_nn.data.picture_check import check_pictures
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits

LOSSY = (".jpg", ".jpeg")
CLASSES = "classes.txt"


def from_mask_folders(
    path,
    image_size=None,
    validation_fraction=0.1,
    test_fraction=0.1,
    seed=0,
    color_mode=None,
    on_error="raise",
    class_names=None,
):
    """Pictures with a mask each, in two folders with files of the same names.

    Either `path/images/a.jpg` and `path/masks/a.png`, which is split at
    random, or `path/train/images/...`, `path/test/masks/...` with folders
    `train` and optionally `validation` (or `val`) and `test`. A mask holds
    class indices, 255 for places that do not count; 0 and 255 alone stand for
    background and foreground. A file `path/classes.txt` names the classes,
    one a line; with a colour each (`road 128 64 128`) masks are in colour,
    and the colours of lines named `ignore` or `void` do not count.

    Pictures are read when batches are drawn; the masks are kept in memory,
    one byte a pixel.

    Args:
        path: str. The folder.
        image_size: optional tuple `(height, width)` in pixels that pictures
            and masks are scaled to. May be left out where all have one size.
        validation_fraction: float. Share of all pictures for validation; 0
            for none.
        test_fraction: float. The same for the test set.
        seed: int. The same seed draws the same splits.
        color_mode: optional str, `"rgb"` or `"grayscale"`. By default
            grayscale if every picture is stored without colour.
        on_error: str. With `"raise"` unreadable files are an error that names
            each; with `"skip"` they are left out with a warning.
        class_names: optional sequence of str. The classes of a model that is
            to be measured, in place of what the folder says.

    Returns:
        A `Splits` whose splits decode their pictures, uint8 of shape
        `(height, width, channels)`; `y` holds uint8 masks `(n, height,
        width)`.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If the folder does not look like the above, a picture has
            no mask or one of another size, a mask holds a class that is not
            known, or there are several sizes and no `image_size`.

    Example:

    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("images", "masks"):
    ...     (folder / name).mkdir()
    ...     for number in range(10):
    ...         picture = Image.new("L", (9, 6), number % 2)
    ...         picture.save(folder / name / f"{number}.png")
    >>> splits = from_mask_folders(folder)
    >>> splits.class_names, splits.train, splits.test.y.shape
    (('class 0', 'class 1'), Split(8 examples of shape (6, 9, 1)), (1, 6, 9))
    """
    if on_error not in ("raise", "skip"):
        raise ValueError(
            f"`on_error` must be 'raise' or 'skip'. Received: {on_error=}"
        )
    root = Path(path)
    if not root.is_dir():
        raise FileNotFoundError(
            f"Expected a folder with images and masks. Received: {root}"
        )
    in_parts = any(f.name.lower() in PARTS for f in visible_folders(root))
    parts = find_parts(root) if in_parts else {"train": root}
    found = [
        (part, *pair)
        for part, folder in parts.items()
        for pair in find_pairs(folder)
    ]
    good = readable(found, on_error)
    check_sizes(good)
    pictures = [picture for _, picture, _ in good]
    reader = ImageReader(
        tuple(image_size or common_size(pictures)),
        color_mode or common_color_mode(pictures),
    )
    names, colours, ignored = read_classes(root)
    masks = [mask.path for _, _, mask in good]
    names = tuple(class_names or names or found_classes(masks))
    mask_reader = MaskReader(len(names), reader.image_size, colours, ignored)
    with ThreadPoolExecutor(cpu_count()) as pool:
        y = np.stack(list(pool.map(mask_reader, masks)))
    x = np.array([picture.path for picture in pictures], str)
    parts = np.array([part for part, _, _ in good])
    splits = {
        part: Split(x[parts == part], y[parts == part], reader)
        for part in dict.fromkeys(parts.tolist())
    }
    splits = draw_parts(splits, validation_fraction, test_fraction, seed)
    sizes = ", ".join(
        f"{part} {len(split)}" for part, split in splits.items() if split
    )
    return Splits(
        **splits,
        class_names=names,
        name=root.resolve().name,
        source=str(path),
        description=f"Pictures, uint8 of shape {reader.shape}, with masks of "
        f"{len(names)} classes: {sizes}. Parts without a folder of their own "
        f"were drawn at random with {seed=}.",
    )


def find_pairs(folder):
    """Each picture in `folder/images` with the mask of the same stem."""
    sides = {}
    for side in ("images", "masks"):
        if not (folder / side).is_dir():
            raise ValueError(
                "Expected the folders `images` and `masks`. Received: "
                f"{folder} without {side}"
            )
        files = find_pictures(folder / side)
        sides[side] = {file.stem: file for file in files}
        if len(sides[side]) < len(files):
            raise ValueError(
                "Files in a folder must differ in more than their ending. "
                f"Received: {len(files)} files of {len(sides[side])} names in "
                f"{folder / side}"
            )
    images, masks = sides["images"], sides["masks"]
    if not images:
        raise ValueError(
            f"There must be a picture at least. Received: none in "
            f"{folder / 'images'}"
        )
    lonely = sorted(set(images) ^ set(masks))
    if lonely:
        raise ValueError(
            "Every picture needs a mask of the same name, and every mask a "
            f"picture. Received: {', '.join(lonely[:5])} without, in {folder}"
        )
    for mask in masks.values():
        if mask.suffix.lower() in LOSSY:
            raise ValueError(
                "JPEG changes the class indices of a mask; store it as PNG. "
                f"Received: {mask}"
            )
    return [(images[stem], masks[stem]) for stem in images]


def readable(found, on_error):
    """The pairs whose headers can be read: `(part, picture, mask)`."""
    files = [str(file) for _, *pair in found for file in pair]
    checked = check_pictures(files)
    report([p for p in checked if p.defect], len(checked), on_error)
    good = [
        (part, picture, mask)
        for (part, _, _), picture, mask in zip(
            found, checked[::2], checked[1::2], strict=True
        )
        if not (picture.defect or mask.defect)
    ]
    bare = {part for part, _, _ in found} - {part for part, _, _ in good}
    if bare:
        raise ValueError(
            "Every part must hold readable pictures with masks. Received: "
            f"none in {sorted(bare)[0]}"
        )
    return good


def check_sizes(good):
    """A mask is as large as its picture."""
    for _, picture, mask in good:
        if picture.size != mask.size:
            raise ValueError(
                "A mask must have the size of its picture. Received: "
                f"{picture.path} of {picture.size[0]}x{picture.size[1]} and "
                f"{mask.path} of {mask.size[0]}x{mask.size[1]}"
            )


def read_classes(root):
    """`(names, colours, ignored colours)` of `classes.txt`, if there is one."""
    file = root / CLASSES
    if not file.is_file():
        return None, None, ()
    names, colours, ignored = [], [], []
    for line in filter(str.strip, file.read_text("utf-8").splitlines()):
        words = line.split()
        if len(words) < 4 or not all(word.isdigit() for word in words[-3:]):
            names.append(line.strip())
            continue
        name, colour = " ".join(words[:-3]), tuple(map(int, words[-3:]))
        if name.lower() in ("ignore", "void"):
            ignored.append(colour)
        else:
            names.append(name)
            colours.append(colour)
    if colours and len(colours) != len(names):
        raise ValueError(
            "Either every class has a colour or none has. Received: "
            f"{len(colours)} colours of {len(names)} classes in {file}"
        )
    return names, tuple(colours) or None, tuple(ignored)


def found_classes(masks):
    """Names of the classes that masks hold, where nobody named them."""
    highest, binary = 0, True
    for path in masks:
        values = read_values(path)
        if values.ndim == 3:
            MaskReader(2)(path)  # says what a mask in colour needs
        binary &= is_black_and_white(values) or not values.any()
        highest = max(highest, int(values[values != IGNORED].max(initial=0)))
    if binary:
        return ("background", "foreground")
    return tuple(f"class {index}" for index in range(max(highest, 1) + 1))
