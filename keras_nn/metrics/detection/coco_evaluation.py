import contextlib
import io

import numpy as np

NAMES = ("map", "ap50", "ap75", "map_small", "map_medium", "map_large")


def coco_evaluation(y_true, y_pred, class_names=None):
    """Average precision of boxes as pycocotools computes it.

    The reference for `MeanAveragePrecision`, over a whole data set at once;
    needs the package pycocotools (`pip install "keras-nn[detection]"`).

    Args:
        y_true: float array `(n, m, 5)` of `(x_min, y_min, x_max, y_max,
            class)`, in pixels; rows of class -1 fill up.
        y_pred: float array `(n, d, 6)` of `(x_min, y_min, x_max, y_max,
            score, class)`; rows of class -1 fill up. At most 100 a picture
            and class are looked at.
        class_names: list of str or None. If given, the result also has
            `ap50_<name>` of each class.

    Returns:
        A dict of float: `map`, `ap50`, `ap75`, `map_small`, `map_medium`,
        `map_large`; -1 where there is no true box.

    Raises:
        ImportError: if pycocotools is missing.

    Example:

    >>> y_true = np.array([[[0, 0, 4, 4, 0]]])
    >>> y_pred = np.array([[[0, 0, 4, 4, 0.9, 0]]])
    >>> round(coco_evaluation(y_true, y_pred)["map"], 4)
    1.0

    Reference:
        [Lin et al., 2014](https://arxiv.org/abs/1405.0312)
    """
    try:
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    except ImportError as error:
        raise ImportError(
            "`coco_evaluation` needs the package pycocotools: "
            'pip install "keras-nn[detection]".'
        ) from error
    y_true = np.asarray(y_true, "float64")
    y_pred = np.asarray(y_pred, "float64")
    classes = int(max(y_true[..., 4].max(), y_pred[..., 5].max(), 0)) + 1
    classes = max(classes, len(class_names or ()))
    notes = [
        {**_box(picture, row), "area": _area(row), "iscrowd": 0}
        for picture, rows in enumerate(y_true)
        for row in rows
        if row[4] >= 0
    ]
    for number, note in enumerate(notes):
        note["id"] = number + 1  # 0 means no match there
    found = [
        {**_box(picture, row[[0, 1, 2, 3, 5]]), "score": row[4]}
        for picture, rows in enumerate(y_pred)
        for row in rows
        if row[5] >= 0
    ]
    with contextlib.redirect_stdout(io.StringIO()):  # it prints a report
        truth = COCO()
        truth.dataset = {
            "info": {},
            "images": [{"id": number} for number in range(len(y_true))],
            "categories": [{"id": number} for number in range(classes)],
            "annotations": notes,
        }
        truth.createIndex()
        if not notes:
            return dict.fromkeys(NAMES, -1.0)
        said = truth.loadRes(found) if found else COCO()
        evaluation = COCOeval(truth, said, "bbox")
        evaluation.params.imgIds = list(range(len(y_true)))
        evaluation.params.catIds = list(range(classes))
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    values = dict(zip(NAMES, evaluation.stats[:6].tolist(), strict=True))
    precision = evaluation.eval["precision"]  # (ious, recalls, classes, 4, 3)
    for label, name in enumerate(class_names or ()):
        of_class = precision[0, :, label, 0, -1]
        values[f"ap50_{name}"] = float(of_class.mean())
    return values


def _box(picture, row):
    x, y, right, below, label = row
    return {
        "image_id": picture,
        "category_id": int(label),
        "bbox": [x, y, right - x, below - y],
    }


def _area(row):
    return (row[2] - row[0]) * (row[3] - row[1])
