import keras
import numpy as np
import tensorflow as tf

from keras_nn.callbacks.drawing import picture_grid
from keras_nn.callbacks.instrument import Instrument


class ReceptiveFields(Instrument):
    """Shows the weights of hidden units as pictures: the filters of an RBM.

    Each picture is what a hidden unit looks for: bright pixels speak for it,
    dark ones against it, on a scale of its own. Read it for: noise that does
    not turn into strokes (too few steps, or a rate too small); the same
    stroke many times, or grey pictures, of units that are not used.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        every: int. Write once per this many epochs. Defaults to 1.
        count: int. How many units, those with the largest weights. Defaults
            to 64.

    Raises:
        ValueError: If `count` is less than 1; in training, if the model has no
            `kernel` from pictures of 1 or 3 channels.

    Writes to `log_dir/train`, at the epoch's index:
        `receptive_fields`: image. The pictures in rows.

    Example:

    >>> import tempfile
    >>> from keras_nn.models import RBM
    >>> from keras_nn.testing import read_events
    >>> folder, model = tempfile.mkdtemp(), RBM((4, 4, 1), hidden_units=9)
    >>> model.compile("adam")
    >>> fields = ReceptiveFields(folder)
    >>> _ = model.fit(np.ones((8, 4, 4, 1)), verbose=0, callbacks=[fields])
    >>> "receptive_fields" in read_events(folder)["train"]
    True
    """

    def __init__(self, log_dir, every=1, count=64):
        super().__init__(log_dir, every)
        if count < 1:
            raise ValueError(f"`count` must be positive. Received: {count=}")
        self.count = count

    def on_train_begin(self, logs=None):
        self._fields()
        super().on_train_begin(logs)

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        fields = self._fields()
        size = np.abs(fields).max(axis=(1, 2, 3), keepdims=True)
        shown = 127.5 * (1 + fields / np.maximum(size, 1e-12))
        shown = np.broadcast_to(
            np.rint(shown).astype("uint8"), (*fields.shape[:3], 3)
        )
        columns = int(np.ceil(np.sqrt(len(shown))))
        with self.write(epoch):
            image = picture_grid(shown, columns)
            tf.summary.image("receptive_fields", image[None])

    def _fields(self):
        model = getattr(self.model, "generator", self.model)
        kernel = getattr(model, "kernel", None)
        shape = getattr(model, "example_shape", ())
        if kernel is None or len(shape) != 3 or shape[-1] not in (1, 3):
            raise ValueError(
                "ReceptiveFields shows a `kernel` from pictures (height, "
                f"width, 1 or 3). Received: a {type(model).__name__} of "
                f"examples of shape {tuple(shape)}"
            )
        weights = keras.ops.convert_to_numpy(kernel).T
        largest = np.argsort(-np.abs(weights).sum(axis=1), kind="stable")
        return weights[largest[: self.count]].reshape(-1, *shape)
