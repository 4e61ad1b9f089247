import xml.etree.ElementTree as ElementTree
from pathlib import Path

from keras_nn.data.annotated_splits import annotated_splits
from keras_nn.data.boxes import Annotated
from keras_nn.data.class_folders import PARTS
from keras_nn.data.class_folders import visible_folders
from keras_nn.data.image_reader import EXTENSIONS

CORNERS = ("xmin", "ymin", "xmax", "ymax")


def from_voc(
    path,
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
    """Pictures with boxes, in a folder in the format of Pascal VOC.

    `path/Annotations/a.xml` with `path/JPEGImages/a.jpg`, and optionally
    `path/ImageSets/Main/train.txt`, `val.txt` and `test.txt`, which name the
    pictures of each part; or `.xml` files beside the pictures, in `path` or
    in folders `train`, `valid`, `test`. What is called `difficult` is left
    out, as it counts in no direction.

    VOC counts pixels from 1 and names the first and the last of a box: here a
    box reaches from `xmin - 1` to `xmax`. One of a single pixel is
    degenerate.

    Args:
        path: str. The folder, or one that holds it alone.
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
            to be measured. By default those that are found, sorted.
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
        FileNotFoundError: If there is no such folder.
        ValueError: If the folder does not look like the above, an annotation
            cannot be read or is that of a picture of another size, a box is
            degenerate, or a class is not known; the text names the file.

    Example:

    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> Image.new("RGB", (9, 6)).save(folder / "a.png")
    >>> _ = (folder / "a.xml").write_text(
    ...     "<annotation><filename>a.png</filename><object><name>cat</name>"
    ...     "<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>4</xmax><ymax>6</ymax>"
    ...     "</bndbox></object></annotation>"
    ... )
    >>> splits = from_voc(folder, validation_fraction=0, test_fraction=0)
    >>> splits.class_names, splits.train.y.tolist()
    (('cat',), [[[0.0, 0.0, 4.0, 6.0, 0.0]]])
    """
    root = _root(Path(path))
    annotated = [
        read_annotation(file, folder, part)
        for file, folder, part in _files(root)
    ]
    found = sorted({name for one in annotated for name in one.names})
    return annotated_splits(
        annotated,
        found,
        root.resolve().name,
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


def is_voc_folder(path):
    """Whether a folder holds annotations as `from_voc` reads them.

    Args:
        path: str.

    Example:

    >>> is_voc_folder("no/such/folder")
    False
    """
    try:
        return bool(_files(_root(Path(path))))
    except (FileNotFoundError, ValueError):
        return False


def read_annotation(file, folder, part="train"):
    """One annotation, as an `Annotated`.

    Args:
        file: `Path` of the `.xml` file.
        folder: `Path` of the folder with the pictures.
        part: str.
    """
    try:
        tree = ElementTree.parse(file).getroot()
    except (ElementTree.ParseError, OSError) as error:
        raise ValueError(
            f"Not a readable annotation ({error}). Received: {file}"
        ) from error
    boxes, names = [], []
    for entry in tree.findall("object"):
        if (entry.findtext("difficult") or "0").strip() == "1":
            continue
        name = (entry.findtext("name") or "").strip()
        try:
            corners = [float(entry.findtext(f"bndbox/{c}")) for c in CORNERS]
        except (TypeError, ValueError):
            corners = None
        if not name or corners is None:
            raise ValueError(
                "An object needs a `name` and a `bndbox` of the numbers "
                f"{', '.join(CORNERS)}. Received: {file}"
            )
        x_min, y_min, x_max, y_max = corners
        single = x_max <= x_min or y_max <= y_min
        low = corners[:2] if single else (x_min - 1, y_min - 1)
        boxes.append((*low, x_max, y_max))
        names.append(name)
    sides = [tree.findtext(f"size/{side}") for side in ("height", "width")]
    known = all((side or "").strip().isdigit() for side in sides)
    size = tuple(map(int, sides)) if known else None
    picture = _picture(file, folder, tree.findtext("filename"))
    has_size = size is not None and min(size) > 0
    return Annotated(
        str(picture), str(file), boxes, names, size if has_size else None, part
    )


def _root(path):
    if not path.is_dir():
        raise FileNotFoundError(
            f"Expected a folder with annotations. Received: {path}"
        )
    inner = visible_folders(path)
    alone = len(inner) == 1 and inner[0].name.lower() not in PARTS
    if alone and not any(path.glob("*.xml")) and inner[0].name != "Annotations":
        return inner[0]
    return path


def _files(root):
    """Triples of an annotation, the folder of its picture, and its part."""
    if (root / "Annotations").is_dir():
        return _listed(root)
    found = [(file, root, "train") for file in sorted(root.glob("*.xml"))]
    for folder in visible_folders(root):
        part = PARTS.get(folder.name.lower())
        if part is not None:
            files = sorted(folder.glob("*.xml"))
            found += [(file, folder, part) for file in files]
    if not found:
        raise ValueError(
            "Expected a folder `Annotations`, or .xml files beside the "
            f"pictures. Received: {root} with neither"
        )
    return found


def _listed(root):
    notes, pictures = root / "Annotations", root / "JPEGImages"
    lists = {}
    for name, part in PARTS.items():
        file = root / "ImageSets" / "Main" / f"{name}.txt"
        if file.is_file():
            lists[part] = file
    if "train" not in lists:
        files = sorted(notes.glob("*.xml"))
        return [(file, pictures, "train") for file in files]
    found = []
    for part, file in lists.items():
        for line in filter(str.strip, file.read_text("utf-8").splitlines()):
            note = notes / f"{line.split()[0]}.xml"
            if not note.is_file():
                raise ValueError(
                    "Every picture that is listed needs its annotation. "
                    f"Received: {line.strip()!r} in {file} without {note}"
                )
            found.append((note, pictures, part))
    return found


def _picture(file, folder, name):
    """The picture of an annotation: by the name it says, or by its own."""
    if name and (folder / Path(name.strip()).name).is_file():
        return folder / Path(name.strip()).name
    for ending in EXTENSIONS:
        for known in (ending, ending.upper()):
            if (folder / f"{file.stem}{known}").is_file():
                return folder / f"{file.stem}{known}"
    raise ValueError(
        f"Every annotation needs its picture in {folder}. Received: {file} "
        "without one"
    )
