import numpy as np

from keras_nn.data.boxes import fitted
from keras_nn.data.boxes import pack_boxes
from keras_nn.data.from_directory import common_color_mode
from keras_nn.data.from_directory import common_size
from keras_nn.data.from_directory import report
from keras_nn.data.image_reader import ImageReader
from keras_nn.data.parts import draw_parts
from keras_nn.data.picture_check import check_pictures
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits


def annotated_splits(
    annotated,
    known_names,
    name,
    source,
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
    """A data set of pictures with boxes, from what annotations say.

    Args:
        annotated: list of `Annotated`.
        known_names: list of str. The classes that the annotations name.
        name: str. What the data set is called.
        source: str. Where it lies.
        image_size: as in `from_coco`, like the rest.
        validation_fraction: float.
        test_fraction: float.
        seed: int.
        color_mode: str or None.
        on_error: str.
        degenerate: str.
        class_names: sequence of str or None.
        max_boxes: int or None.
        pad_to_aspect_ratio: bool.

    Returns:
        A `Splits`.
    """
    for argument, value, choices in (
        ("on_error", on_error, ("raise", "skip")),
        ("degenerate", degenerate, ("raise", "drop")),
    ):
        if value not in choices:
            raise ValueError(
                f"`{argument}` must be one of {choices}. Received: {value!r}"
            )
    pictures = check_pictures([one.picture for one in annotated])
    report([p for p in pictures if p.defect], len(pictures), on_error)
    pairs = [
        pair
        for pair in zip(annotated, pictures, strict=True)
        if not pair[1].defect
    ]
    if not pairs:
        raise ValueError(
            f"There must be a readable picture at least. Received: {source}"
        )
    names = tuple(class_names or known_names)
    reader = ImageReader(
        tuple(image_size or common_size([p for _, p in pairs])),
        color_mode or common_color_mode([p for _, p in pairs]),
        pad_to_aspect_ratio=pad_to_aspect_ratio,
    )
    boxes, labels = [], []
    for one, picture in pairs:
        corners, found = fitted(
            one,
            picture.size,
            reader.image_size,
            degenerate,
            pad_to_aspect_ratio,
        )
        boxes.append(corners)
        labels.append([_label(n, names, one.source) for n in found])
    y = pack_boxes(boxes, labels, max_boxes)
    x = np.array([one.picture for one, _ in pairs], str)
    parts = np.array([one.part for one, _ in pairs])
    splits = {
        part: Split(x[parts == part], y[parts == part], reader)
        for part in dict.fromkeys(parts.tolist())
    }
    splits = draw_parts(splits, validation_fraction, test_fraction, seed)
    sizes = ", ".join(
        f"{part} {len(split)}" for part, split in splits.items() if split
    )
    dropped = sum(len(one.boxes) for one, _ in pairs) - sum(map(len, labels))
    return Splits(
        **splits,
        class_names=names,
        name=name,
        source=source,
        description=f"Pictures, uint8 of shape {reader.shape}, with boxes of "
        f"{len(names)} classes: {sizes}. Parts that are not named were drawn "
        f"at random with {seed=}."
        + (f" {dropped} boxes without area were left out." if dropped else ""),
    )


def _label(name, names, source):
    if name not in names:
        raise ValueError(
            f"The classes are {', '.join(names)}. Received: an object of the "
            f"class {name!r} in {source}"
        )
    return names.index(name)
