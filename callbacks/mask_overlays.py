import warnings

import numpy as np
import tensorflow as tf

from keras_nn.callbacks.drawing import INK
from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.mask_pictures import confusion_matrix
from keras_nn.callbacks.mask_pictures import error_picture
from keras_nn.callbacks.mask_pictures import mask_overlay
from keras_nn.callbacks.validation_sample import ValidationSample

_TILE = 160
_HEADS = ("picture", "truth", "prediction", "errors")


class MaskOverlays(Instrument):
    """Shows pictures with their true and their predicted masks.

    A row for each picture: the picture, the true mask over it, the predicted
    mask over it, and where the two differ (red). Below each row stands the
    share of pixels that are right.

    Read it for: red seams along every boundary (a network too coarse, or
    masks drawn by several hands), red areas inside of objects (classes that
    look alike), and pictures that are wrong as a whole. The table tells which
    class the mean of the metrics hides.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample` with pictures and masks of class indices,
            or anything `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 1.
        count: int. How many pictures. Defaults to 6.

    Raises:
        ValueError: If the sample has no pictures or no masks, or `count` is
            not positive.

    Writes to `log_dir/validation`, at the epoch's index:
        `mask_overlays`: image. `iou/<class>`: scalar in [0, 1], over the
        sample. `iou_by_class`: text, a table of each class's share of the
        pixels, IoU, precision and recall.

    Example:

    >>> import keras, pathlib, tempfile
    >>> from keras_nn.testing import read_events
    >>> layers = [keras.Input((8, 8, 1)), keras.layers.Conv2D(2, 1)]
    >>> model = keras.Sequential([*layers, keras.layers.Softmax()])
    >>> model.compile("sgd", "sparse_categorical_crossentropy")
    >>> x = np.random.rand(4, 8, 8, 1).astype("float32")
    >>> y = (x[..., 0] > 0.5).astype("uint8")
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> instrument = MaskOverlays(folder, (x, y))
    >>> _ = model.fit(x, y, verbose=0, callbacks=[instrument])
    >>> "iou/1" in read_events(folder)["validation"]
    True
    """

    def __init__(self, log_dir, sample, every=1, count=6):
        super().__init__(log_dir, every)
        if count < 1:
            raise ValueError(f"`count` must be positive. Received: {count=}")
        self.sample = ValidationSample.of(sample, limit=32, batch_size=8)
        self.sample.require_pictures()
        self.count = count
        self._masks = _masks(self.sample)

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        scores = self.sample.predictions(self.model)
        if not np.isfinite(scores).all():
            warnings.warn(
                f"MaskOverlays writes nothing for epoch {epoch}: the model's "
                "outputs are not finite.",
                stacklevel=2,
            )
            return
        num_classes = max(scores.shape[-1], 2)
        predicted = _classes(scores)
        matrix = confusion_matrix(self._masks, predicted, num_classes)
        names = self.sample.names(num_classes)
        with self.write(epoch, "validation"):
            tf.summary.image(
                "mask_overlays", self._grid(epoch, predicted, num_classes)[None]
            )
            for name, iou in zip(names, _iou(matrix), strict=True):
                tf.summary.scalar(f"iou/{name}", iou)
            tf.summary.text("iou_by_class", _table(names, matrix))

    def _grid(self, epoch, predicted, num_classes):
        rows, captions = [], []
        shown = zip(self.sample.pictures, self._masks, predicted, strict=True)
        for picture, truth, said in [*shown][: self.count]:
            rows.append(
                [
                    picture,
                    mask_overlay(picture, truth, num_classes),
                    mask_overlay(picture, said, num_classes),
                    error_picture(truth, said),
                ]
            )
            counts = truth < num_classes
            right = (truth == said)[counts].mean() if counts.any() else 1.0
            captions.append([*_HEADS[:3], f"{right:.1%} right"])
        inks = [[INK] * len(_HEADS)] * len(rows)
        return captioned_grid(rows, captions, f"epoch {epoch}", _TILE, inks)


def _masks(sample):
    masks = sample.y
    if isinstance(masks, np.ndarray) and masks.shape[-1:] == (1,):
        masks = masks[..., 0]
    if not isinstance(masks, np.ndarray) or masks.shape != sample.x.shape[:3]:
        raise ValueError(
            "the sample needs a mask of class indices for each picture. "
            f"Received: x of shape {np.shape(sample.x)} and y of shape "
            f"{np.shape(masks)}"
        )
    return masks.astype("int64")


def _classes(scores):
    if scores.shape[-1] == 1:
        return (scores[..., 0] > 0.5).astype("int64")
    return scores.argmax(axis=-1)


def _iou(matrix):
    right = np.diag(matrix)
    either = matrix.sum(axis=0) + matrix.sum(axis=1) - right
    return right / np.maximum(either, 1)


def _table(names, matrix):
    right, true, said = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    lines = ["| class | share | IoU | precision | recall |"]
    lines.append("|---|---|---|---|---|")
    share = true / max(matrix.sum(), 1)
    columns = share, _iou(matrix), right / np.maximum(said, 1)
    rows = zip(names, *columns, right / np.maximum(true, 1), strict=True)
    for name, *values in rows:
        numbers = " | ".join(f"{value:.4f}" for value in values)
        lines.append(f"| {name} | {numbers} |")
    return "\n".join(lines)
