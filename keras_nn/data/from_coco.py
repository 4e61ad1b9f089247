import json
from pathlib import Path

from keras_nn.data.annotated_splits import annotated_splits
from keras_nn.data.boxes import Annotated
from keras_nn.data.files_by_part import files_by_part
from keras_nn.data.files_by_part import folders_beside


def from_coco(
    path,
    images=None,
    image_size=None,
    validation_fraction=0.1,
    test_fraction=0.1,
    seed=0,
    color_mode=None,
    on_error="raise",
    degenerate="raise",
    class_names=None,
    max_boxes=None,
    pad_to_aspect_ratio=False,
):
    """Pictures with boxes, from annotation files in the format of COCO.

    Either one `.json` file, or a folder with such files in it, in its folder
    `annotations` or in folders `train`, `valid`, `test`. A file whose name or
    folder has the word `train`, `val`, `valid`, `validation` or `test` in it
    is that part. Pictures are looked for in `images`, beside the file, and in
    the folders beside it or beside its folder `annotations`. Boxes around a
    crowd (`iscrowd`) are left out, as they count in no direction.

    Args:
        path: str. The file or the folder.
        images: optional str. The folder with the pictures.
        image_size: optional tuple `(height, width)` in pixels that pictures
            and boxes are scaled to. May be left out where all have one size.
        validation_fraction: float. Share of all pictures for validation; 0
            for none.
        test_fraction: float. The same for the test set.
        seed: int. The same seed draws the same splits.
        color_mode: optional str, `"rgb"` or `"grayscale"`. By default
            grayscale if every picture is stored without colour.
        on_error: str. With `"raise"` unreadable pictures are an error that
            names each; with `"skip"` they are left out with a warning.
        degenerate: str. With `"raise"` a box without area is an error that
            names the file; with `"drop"` such boxes are left out.
        class_names: optional sequence of str. The classes of a model that is
            to be measured. By default the categories, in the order of their
            ids.
        max_boxes: optional int. Rows of each picture in the targets. By
            default the most boxes of a picture.
        pad_to_aspect_ratio: bool. Whether pictures keep their proportions:
            scaled to fit, in the middle of grey; boxes follow. By default
            they are distorted.

    Returns:
        A `Splits` whose splits decode their pictures, uint8 of shape
        `(height, width, channels)`; `y` holds float32 `(n, max_boxes, 5)` of
        `(x_min, y_min, x_max, y_max, class)` in pixels, filled up with rows
        of class -1.

    Raises:
        FileNotFoundError: If there is no such file or folder.
        ValueError: If a file is not what it should be, names a picture,
            category or size that is not there, or holds a degenerate box; the
            text names the file.

    Example:

    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> Image.new("RGB", (9, 6)).save(folder / "a.png")
    >>> _ = (folder / "boxes.json").write_text(json.dumps({
    ...     "images": [{"id": 1, "file_name": "a.png"}],
    ...     "categories": [{"id": 3, "name": "cat"}],
    ...     "annotations": [
    ...         {"image_id": 1, "category_id": 3, "bbox": [1, 2, 3, 4]}
    ...     ],
    ... }))
    >>> splits = from_coco(folder, validation_fraction=0, test_fraction=0)
    >>> splits.class_names, splits.train.y.tolist()
    (('cat',), [[[1.0, 2.0, 4.0, 6.0, 0.0]]])

    Reference:
        [Lin et al., 2014](https://arxiv.org/abs/1405.0312)
    """
    annotated, names, first = [], None, None
    for file, part in coco_files(path):
        found, categories = _read(file, images, part)
        names = categories if names is None else names
        if categories != names:
            raise ValueError(
                "All parts must have the same categories. Received: "
                f"{', '.join(names)} in {first} and {', '.join(categories)} "
                f"in {file}"
            )
        first = first or file
        annotated += found
    return annotated_splits(
        annotated,
        names,
        Path(path).resolve().stem,
        str(path),
        image_size,
        validation_fraction,
        test_fraction,
        seed,
        color_mode,
        on_error,
        degenerate,
        class_names,
        max_boxes,
        pad_to_aspect_ratio,
    )


def coco_files(path):
    """The annotation files under a path, each with the part that it is.

    Args:
        path: str. A `.json` file, or a folder.

    Returns:
        A list of pairs of `Path` and `"train"`, `"validation"` or `"test"`.

    Raises:
        FileNotFoundError: If there is no such path.
        ValueError: If no file in the folder looks like one.
    """
    return files_by_part(
        Path(path),
        ".json",
        _is_coco,
        "annotations in COCO's format (`images`, `annotations`, `categories`)",
    )


def coco_labels(files, images=None):
    """The pictures of COCO's files, and the categories in each.

    Args:
        files: list of pairs, as of `coco_files`.
        images: optional str. The folder with the pictures.

    Returns:
        `(pictures, names)`: triples of the part, the file and a set of names
        of categories; and all categories, in the order of their ids.
    """
    found, known = [], []
    for file, part in files:
        annotated, names = _read(file, images, part)
        known += [name for name in names if name not in known]
        found += [(part, one.picture, set(one.names)) for one in annotated]
    return found, known


def _is_coco(file):
    # A file that is no JSON at all is one: reading it says what is wrong.
    with open(file, "rb") as stream:
        head = stream.read(1 << 20)
    return b'"annotations"' in head or b'"images"' in head or not head.strip()


def _read(file, images, part):
    """The pictures of a file, as `Annotated`, and its categories' names."""
    try:
        content = json.loads(file.read_text("utf-8"))
        pictures = {p["id"]: p for p in content["images"]}
        categories = sorted(content["categories"], key=lambda c: c["id"])
        names = {c["id"]: str(c["name"]) for c in categories}
        notes = content["annotations"]
        for picture in pictures.values():
            picture["file_name"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            "Not an annotation file of COCO, which has `images`, "
            f"`categories` and `annotations` ({error!r}). Received: {file}"
        ) from error
    if len(set(names.values())) < len(names):
        raise ValueError(
            "Categories must differ in their names. Received: "
            f"{', '.join(names.values())} in {file}"
        )
    boxes = {key: ([], []) for key in pictures}
    for note in notes:
        if note.get("iscrowd"):
            continue
        corners, name = _box(note, pictures, names, file)
        boxes[note["image_id"]][0].append(corners)
        boxes[note["image_id"]][1].append(name)
    folders = folders_beside(file, images)
    return [
        Annotated(
            str(_find(picture["file_name"], folders, file)),
            str(file),
            *boxes[key],
            _size(picture),
            part,
        )
        for key, picture in pictures.items()
    ], list(names.values())


def _box(note, pictures, names, file):
    try:
        x, y, width, height = map(float, note["bbox"])
        known = note["image_id"] in pictures
        name = names.get(note["category_id"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            "An annotation needs `image_id`, `category_id` and a `bbox` of "
            f"four numbers ({error!r}). Received: {note} in {file}"
        ) from error
    if not known or name is None:
        raise ValueError(
            "An annotation must be of a picture and a category of its file. "
            f"Received: image_id={note['image_id']}, "
            f"category_id={note['category_id']} in {file}"
        )
    return (x, y, x + width, y + height), name


def _size(picture):
    size = picture.get("height"), picture.get("width")
    return None if None in size else size


def _find(name, folders, file):
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise ValueError(
        "Every picture must be there: in `images`, beside the file or in a "
        f"folder beside it. Received: {name!r} in {file}"
    )
