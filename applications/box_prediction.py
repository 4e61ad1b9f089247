from pathlib import Path

import keras
import numpy as np

from keras_nn import data
from keras_nn.applications.picture_boxes import placed
from keras_nn.applications.picture_boxes import save_boxes
from keras_nn.applications.picture_files import how_to_read
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.picture_masks import read_picture
from keras_nn.ops import suppress_boxes

BATCH = 8  # predictions of a picture are many, so few pictures at a time
SIDES = ("x_min", "y_min", "x_max", "y_max")


class BoxPrediction:
    """What an application of boxes does with pictures and files of any size.

    A mixin for a `keras.Model` with `network`, `class_names`,
    `score_threshold`, `iou_threshold`, `max_detections` and `letterbox`.
    """

    writes_files = True

    @property
    def names(self):
        """list of str. The name of every class."""
        return self.class_names or [str(i) for i in range(self.num_classes)]

    def detections(self, outputs):
        """The boxes that are reported, of what the network predicts.

        Args:
            outputs: float tensor, what calling the application returns.

        Returns:
            A float32 tensor `(batch, max_detections, 6)` of `(x_min, y_min,
            x_max, y_max, score, class)`, in pixels, best first; rows of class
            -1 fill up.
        """
        boxes, scores = self.network.candidates(
            keras.ops.convert_to_tensor(outputs)
        )
        return suppress_boxes(
            boxes,
            scores,
            self.iou_threshold,
            self.score_threshold,
            self.max_detections,
        )

    def predict_boxes(self, images, score_threshold=None):
        """The objects in pictures of any size.

        Pictures of another size than the network takes are scaled, with
        `letterbox` in their proportions; their boxes are scaled back.

        Args:
            images: array `(n, height, width, channels)`, or a list of arrays
                `(height, width, channels)` of several sizes.
            score_threshold: float or None. Boxes of lower scores are left
                out. Defaults to the application's.

        Returns:
            A list of dicts, one a picture: `boxes`, float32 `(k, 4)` of
            `(x_min, y_min, x_max, y_max)` in pixels of the picture; `labels`,
            int64 `(k,)`; `scores`, float32 `(k,)`; best first.

        Raises:
            ValueError: if a picture has another number of channels.
        """
        size, channels = self.input_shape[1:3], self.input_shape[3]
        for image in images:
            if np.ndim(image) != 3 or np.shape(image)[-1] != channels:
                raise ValueError(
                    f"The network takes pictures of {channels} channels. "
                    f"Received: shape {np.shape(image)}"
                )
        found = []
        for start in range(0, len(images), BATCH):
            some = images[start : start + BATCH]
            places = [
                data.Placement(np.shape(image)[:2], size, self.letterbox)
                for image in some
            ]
            x = np.stack([*map(placed, some, places)])
            rows = self.detections(self.predict_on_batch(x))
            found += [*zip(np.asarray(rows), places, strict=True)]
        lowest = score_threshold or 0.0
        return [_found(rows, place, lowest) for rows, place in found]

    def predict_path(self, path, top=1, folder=None, score_threshold=0.3):
        """The boxes of each picture under a path, and pictures of them.

        Args:
            path: str. A picture or a folder.
            top: int. Has no meaning for boxes: all of them are returned.
            folder: str. Where to write `<name>_boxes.png`. Defaults to
                `boxes` in the current folder.
            score_threshold: float. Boxes of lower scores are left out.

        Returns:
            A list of dicts, one a box: `file`, `label`, `score`, `x_min`,
            `y_min`, `x_max`, `y_max` in pixels of the file, and `picture`,
            the path written. A picture without a box has one row, whose label
            is empty.
        """
        folder = Path(folder or "boxes")
        mode = how_to_read(self.input_shape)["color_mode"]
        rows = []
        for file in picture_files(path):
            picture = read_picture(file, mode)
            (found,) = self.predict_boxes([picture], score_threshold)
            shown = save_boxes(folder, file, path, picture, found, self.names)
            boxes = zip(*found.values(), strict=True)
            listed = [
                _row(file, self.names[label], score, box, shown)
                for box, label, score in boxes
            ]
            rows += listed or [_row(file, "", None, [None] * 4, shown)]
        return rows

    def explain_path(self, path, folder, method, label=None, settings=None):
        """Draws what in pictures speaks for a class, wherever it was found.

        What is explained is the highest score of the class among all boxes;
        without a label, of the class that has the highest.

        Args:
            path, folder, method, label, settings: see
                `keras_nn.applications.picture_explanations`.

        Returns:
            A list of dicts, one a picture.
        """
        from keras_nn.applications.picture_explanations import explain_pictures

        _, scores = self.network.candidates(self.outputs[0])
        best = keras.ops.max(scores, axis=1)  # (batch, classes)
        found = keras.Model(self.inputs, best, name=self.name)
        read = data.ImageReader(
            **how_to_read(self.input_shape), pad_to_aspect_ratio=self.letterbox
        )
        return explain_pictures(
            self, path, folder, method, label, settings, found, read=read
        )


def _found(rows, placement, lowest):
    rows = rows[(rows[:, 5] >= 0) & (rows[:, 4] >= lowest)]
    boxes = placement.undo(rows[:, :4])
    inside = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)  # not in the padding
    boxes, rows = boxes[inside], rows[inside]
    return {
        "boxes": boxes.astype("float32"),
        "labels": rows[:, 5].astype("int64"),
        "scores": rows[:, 4],
    }


def _row(file, label, score, box, shown):
    corners = [None if c is None else round(float(c), 2) for c in box]
    return {
        "file": file,
        "label": label,
        "score": None if score is None else round(float(score), 6),
        **dict(zip(SIDES, corners, strict=True)),
        "picture": shown,
    }
