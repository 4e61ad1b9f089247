import numpy as np
import tensorflow as tf

from keras_nn.callbacks.averaged_weights import averaged_weights
from keras_nn.callbacks.code_sample import coder_of
from keras_nn.callbacks.code_sample import scaled_pictures
from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.data.displayable import displayable


class PictureComparison(Instrument):
    """Shows what a model makes of pictures, beside what it was given.

    The model says what stands side by side: it has a method `comparison(x,
    y)` that returns, for each example, a row of pairs `(caption, picture)`,
    pictures uint8 `(height, width, 3)`. Of a `SuperResolver` these are the
    picture enlarged bicubically, by the network, and the true one; of a
    `StyleTransfer` the content, the redrawn picture and the style; of an
    `ImageTranslator` input, output, the way back if it is known, and target.

    An autoencoder, or what has one as its `coder`, has a method `reconstruct(
    x, y)` instead: a row of pictures as they are given, and below each what
    comes back, with its peak signal-to-noise ratio in decibel.

    If the optimiser averages weights, the averages are shown.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: anything `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 1.
        count: int. How many rows. Defaults to 4.
        tile: int. Longer side of a picture as it is shown, in pixels.
            Defaults to 224.

    Raises:
        ValueError: If `count` or `tile` is not positive; in training, if the
            model has neither `comparison` nor `reconstruct`.

    Writes to `log_dir/validation`, at the epoch's index:
        `comparison`: image.

    Example:

    >>> import keras, pathlib, tempfile
    >>> import numpy as np
    >>> from keras_nn.testing import read_events
    >>> class Same(keras.Model):
    ...     def call(self, x):
    ...         return x
    ...     def comparison(self, x, y):
    ...         return [[("given", a), ("made", a)] for a in x]
    >>> model = Same()
    >>> model.compile("sgd", "mse")
    >>> x = np.zeros((2, 8, 8, 3), "uint8")
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> shown = PictureComparison(folder, (x, x), tile=32)
    >>> _ = model.fit(x, x, verbose=0, callbacks=[shown])
    >>> "comparison" in read_events(folder)["validation"]
    True
    """

    def __init__(self, log_dir, sample, every=1, count=4, tile=224):
        super().__init__(log_dir, every)
        if count < 1 or tile < 1:
            raise ValueError(
                "`count` and `tile` must be positive. "
                f"Received: {count=}, {tile=}"
            )
        self.sample = ValidationSample.of(sample, limit=count)
        self.count = count
        self.tile = tile

    def on_train_begin(self, logs=None):
        if not self.suits(self.model):
            raise ValueError(
                "PictureComparison shows what a model's `comparison` or "
                "`reconstruct` says. "
                f"Received: a {type(self.model).__name__}, which has none"
            )
        super().on_train_begin(logs)

    @staticmethod
    def suits(model):
        """Whether a model has something to compare."""
        return hasattr(model, "comparison") or hasattr(
            coder_of(model), "reconstruct"
        )

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        with averaged_weights(self.model):
            rows = self._rows()
        sheet = captioned_grid(
            [[picture for _, picture in row] for row in rows],
            [[caption for caption, _ in row] for row in rows],
            f"epoch {epoch}",
            self.tile,
        )
        with self.write(epoch, "validation"):
            tf.summary.image("comparison", sheet[None])

    def _rows(self):
        x, y = self.sample.take(slice(self.count)), self.sample.y
        y = None if y is None else y[: self.count]
        if hasattr(self.model, "comparison"):
            return self.model.comparison(x, y)
        coder = coder_of(self.model)
        given = scaled_pictures(self.model, x)
        labels = y if getattr(coder, "num_classes", None) else None
        made = coder.reconstruct(given, labels)
        # Together, so that they are shown on one scale, that of the given.
        within = np.clip(made, given.min(), given.max())
        shown = displayable(np.concatenate([given, within]))
        return [
            [("given", picture) for picture in shown[: len(given)]],
            [
                (f"{decibels:.1f} dB", picture)
                for decibels, picture in zip(
                    _psnr(given, made), shown[len(given) :], strict=True
                )
            ],
        ]


def _psnr(given, made):
    """Decibels of each, by the range of values that are given."""
    axes = tuple(range(1, given.ndim))
    errors = np.maximum(np.square(given - made).mean(axis=axes), 1e-12)
    return 10 * np.log10(max(float(np.ptp(given)), 1e-12) ** 2 / errors)
