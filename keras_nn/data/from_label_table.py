from pathlib import Path

import numpy as np

from keras_nn.data.files_by_part import files_by_part
from keras_nn.data.files_by_part import folders_beside
from keras_nn.data.from_coco import coco_files
from keras_nn.data.from_coco import coco_labels
from keras_nn.data.from_directory import common_color_mode
from keras_nn.data.from_directory import common_size
from keras_nn.data.from_directory import report
from keras_nn.data.image_reader import EXTENSIONS
from keras_nn.data.image_reader import ImageReader
from keras_nn.data.label_table import label_matrix
from keras_nn.data.label_table import read_label_table
from keras_nn.data.parts import draw_parts
from keras_nn.data.picture_check import check_pictures
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits


def from_label_table(
    path,
    images=None,
    image_size=None,
    validation_fraction=0.1,
    test_fraction=0.1,
    seed=0,
    color_mode=None,
    on_error="raise",
    class_names=None,
    crop_to_aspect_ratio=False,
):
    """Pictures with any number of labels each, from a table beside them.

    A CSV file whose first column names files, with or without their suffix.
    Behind it there is either one column of labels, several divided by blanks
    (or by `|`, `;` or `,`), or a column of 0 and 1 for each label. `path` is
    the file, or a folder with such a file in it or in its folders `train`,
    `valid`, `test`; of several files each must say in its name or folder
    which part it is. Pictures are looked for in `images`, beside the file,
    and in the folders beside it. Annotations in the format of COCO (`.json`)
    are taken as well: the labels of a picture are the categories of its
    objects.

    Args:
        path: str. The file or the folder.
        images: optional str. The folder with the pictures.
        image_size: optional tuple `(height, width)` in pixels that pictures
            are scaled to. May be left out where all have one size.
        validation_fraction: float. Share of all pictures for validation; 0
            for none.
        test_fraction: float. The same for the test set.
        seed: int. The same seed draws the same splits.
        color_mode: optional str, `"rgb"` or `"grayscale"`. By default
            grayscale if every picture is stored without colour.
        on_error: str. With `"raise"` unreadable pictures are an error that
            names each; with `"skip"` they are left out with a warning.
        class_names: optional sequence of str. The labels of a model that is
            to be measured. By default those of the table.
        crop_to_aspect_ratio: bool. Whether scaling cuts off the margins in
            place of distorting.

    Returns:
        A `Splits` whose splits decode their pictures, uint8 of shape
        `(height, width, channels)`; `y` is float32 `(n, labels)` of 0 and 1.

    Raises:
        FileNotFoundError: If there is no such file or folder.
        ValueError: If a file is not what it should be, names a picture that
            is not there or cannot be read, or a label that is not known.

    Example:

    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in "abc":
    ...     Image.new("RGB", (9, 6)).save(folder / f"{name}.png")
    >>> _ = (folder / "tags.csv").write_text(
    ...     "file,tags\\na.png,cat dog\\nb.png,dog\\nc.png,\\n"
    ... )
    >>> splits = from_label_table(
    ...     folder, validation_fraction=0, test_fraction=0
    ... )
    >>> splits.class_names, splits.train.y.tolist()
    (('cat', 'dog'), [[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    """
    if on_error not in ("raise", "skip"):
        raise ValueError(
            f"`on_error` must be 'raise' or 'skip'. Received: {on_error=}"
        )
    found, known = _annotated(Path(path), images)
    names = list(class_names or known)
    if not names:
        raise ValueError(
            f"There must be a label. Received: tables without one in {path}"
        )
    pictures = check_pictures([str(file) for _, file, _ in found])
    report([p for p in pictures if p.defect], len(pictures), on_error)
    good = [
        (part, picture, labels)
        for (part, _, labels), picture in zip(found, pictures, strict=True)
        if not picture.defect
    ]
    if not any(part == "train" for part, _, _ in good):
        raise ValueError(
            f"There must be a readable picture. Received: none in {path}"
        )
    reader = ImageReader(
        tuple(image_size or common_size([p for _, p, _ in good])),
        color_mode or common_color_mode([p for _, p, _ in good]),
        crop_to_aspect_ratio,
    )
    parts = np.array([part for part, _, _ in good])
    x = np.array([picture.path for _, picture, _ in good], str)
    y = label_matrix([labels for _, _, labels in good], names, path)
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
        class_names=tuple(names),
        name=Path(path).resolve().stem,
        source=str(path),
        description=f"Pictures with any of {len(names)} labels, uint8 of shape "
        f"{reader.shape}: {sizes}. {y.sum() / len(y):.3g} labels a picture. "
        f"Parts that are not named were drawn at random with {seed=}.",
    )


def _annotated(path, images):
    """Triples of a part, a file and its labels; and all labels, in order."""
    is_json = path.suffix.lower() == ".json"
    if is_json or path.is_dir() and not _tables(path):
        try:
            files = coco_files(path)
        except ValueError as error:
            raise ValueError(
                "Expected a folder with a CSV file of file names and labels, "
                f"or with annotations of COCO. Received: {path} ({error})"
            ) from error
        return coco_labels(files, images)
    files = files_by_part(path, ".csv", Path.is_file, "file names and labels")
    found, known = [], []
    for file, part in files:
        names, labels, of_file = read_label_table(file)
        places = _find(names, folders_beside(file, images), file)
        found += zip([part] * len(names), places, labels, strict=True)
        known += [name for name in of_file if name not in known]
    return found, known


def _tables(path):
    return [*path.glob("*.csv"), *path.glob("*/*.csv")]


def _find(names, folders, file):
    places, missing = [], []
    for name in names:
        candidates = [
            folder / f"{name}{suffix}"
            for folder in folders
            for suffix in ("", *EXTENSIONS)
        ]
        place = next((one for one in candidates if one.is_file()), None)
        places.append(place)
        if place is None:
            missing.append(name)
    if missing:
        raise ValueError(
            "Every picture must be there: in `images`, beside the file or in "
            f"a folder beside it. Received: {len(missing)} of {len(names)} "
            f"names in {file} without one, {', '.join(missing[:5])}"
        )
    return places
