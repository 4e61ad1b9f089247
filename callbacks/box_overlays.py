import warnings

import numpy as np
import tensorflow as tf

from keras_nn.callbacks.box_pictures import box_picture
from keras_nn.callbacks.box_pictures import rows_there
from keras_nn.callbacks.drawing import INK
from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.validation_sample import ValidationSample

_TILE = 320


class BoxOverlays(Instrument):
    """Shows pictures with their true and their predicted boxes.

    A row for each picture: the true boxes over it, and the predicted ones
    with their scores, from `min_score` on.

    Read it for: objects that are never found (too small for the finest map,
    or of a rare class), boxes that lie beside their objects (annotations of
    another size than the picture), several boxes about one object (a higher
    `iou_threshold` than objects overlap), and true boxes that are missing.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample` with pictures and boxes `(n, m, 5)` of
            `(x_min, y_min, x_max, y_max, class)`, or anything
            `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 1.
        count: int. How many pictures. Defaults to 4.
        min_score: float in [0, 1]. Boxes of lower scores are not drawn.
            Defaults to 0.3.

    The model needs a method `detections(outputs)` that returns `(n, d, 6)` of
    `(x_min, y_min, x_max, y_max, score, class)`, as `ObjectDetector` has it.

    Raises:
        ValueError: If the sample has no pictures or no boxes, or `count` is
            not positive.

    Writes to `log_dir/validation`, at the epoch's index:
        `box_overlays`: image. `boxes_per_picture`: scalar, how many are
        predicted from `min_score` on, over the pictures that are shown.

    Example:

    >>> import keras, pathlib, tempfile
    >>> from keras_nn.testing import read_events
    >>> class Corner(keras.Model):
    ...     def call(self, x):
    ...         return keras.ops.mean(x, axis=(1, 2, 3))
    ...     def detections(self, outputs):
    ...         row = [0.0, 0.0, 4.0, 4.0, 0.9, 0.0]
    ...         return np.array([[row]] * len(outputs))
    >>> model = Corner()
    >>> model.compile(loss=lambda y, p: keras.ops.square(p))
    >>> x = np.random.rand(2, 8, 8, 3).astype("float32")
    >>> y = np.array([[[0, 0, 4, 4, 0.0]]] * 2)
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> instrument = BoxOverlays(folder, (x, y))
    >>> _ = model.fit(x, y, verbose=0, callbacks=[instrument])
    >>> "boxes_per_picture" in read_events(folder)["validation"]
    True
    """

    def __init__(self, log_dir, sample, every=1, count=4, min_score=0.3):
        super().__init__(log_dir, every)
        if count < 1:
            raise ValueError(f"`count` must be positive. Received: {count=}")
        self.sample = ValidationSample.of(sample, limit=count, batch_size=4)
        self.sample.require_pictures()
        self.count = count
        self.min_score = min_score
        y = self.sample.y
        if not isinstance(y, np.ndarray) or y.ndim != 3 or y.shape[-1] != 5:
            raise ValueError(
                "the sample needs boxes (x_min, y_min, x_max, y_max, class) of "
                f"each picture. Received: y of shape {np.shape(y)}"
            )

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        outputs = self.sample.predictions(self.model)
        if not np.isfinite(outputs).all():
            warnings.warn(
                f"BoxOverlays writes nothing for epoch {epoch}: the model's "
                "outputs are not finite.",
                stacklevel=2,
            )
            return
        found = np.array(self.model.detections(outputs))
        found[..., 5][found[..., 4] < self.min_score] = -1
        with self.write(epoch, "validation"):
            tf.summary.image("box_overlays", self._grid(epoch, found)[None])
            each = (found[: self.count, :, 5] >= 0).sum(axis=1)
            tf.summary.scalar("boxes_per_picture", each.mean())

    def _grid(self, epoch, found):
        highest = max(self.sample.y[..., 4].max(), found[..., 5].max(), 0)
        names = self.sample.class_names
        names = names or [str(label) for label in range(int(highest) + 1)]
        rows, captions = [], []
        shown = zip(self.sample.pictures, self.sample.y, found, strict=True)
        for picture, true, said in [*shown][: self.count]:
            boxes, labels, _ = rows_there(true)
            guess, classes, scores = rows_there(said)
            rows.append(
                [
                    box_picture(picture, boxes, labels, names, None, _TILE),
                    box_picture(
                        picture, guess, classes, names, scores[:, 0], _TILE
                    ),
                ]
            )
            captions.append(
                [f"true boxes: {len(boxes)}", f"predicted: {len(guess)}"]
            )
        inks = [[INK] * 2] * len(rows)
        return captioned_grid(rows, captions, f"epoch {epoch}", _TILE, inks)
