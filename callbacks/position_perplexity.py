import keras
import numpy as np
import tensorflow as tf

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.picture import figure_to_image
from keras_nn.callbacks.picture import new_figure


class PositionPerplexity(Instrument):
    """Shows how much a language model gains from what came before.

    `perplexity_t = exp(mean over windows of -log p(token_t | before))`, for
    every place `t` of a window

    Read it for: a curve that falls and then lies flat: the model uses as much
    of the context as it falls for; one that is flat from the start uses only
    the last few tokens; one that rises at the end has seen such places too
    rarely.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        windows: `keras_nn.data.Split` of ids and the next ids, -1 where there
            is none, both `(windows, length)`.
        every: int. Write once per this many epochs. Defaults to 1.

    Raises:
        ValueError: if there is no window.

    Writes to `log_dir/validation`, at the epoch's index:
        `position_perplexity`: image, the curve.
        `position_perplexity/first_quarter`, `position_perplexity/last_quarter`:
            scalars, of those places together.

    Example:

    >>> import tempfile
    >>> from keras_nn.data import Split
    >>> windows = Split(np.array([[3, 2]]), np.array([[2, 4]]))
    >>> len(PositionPerplexity(tempfile.mkdtemp(), windows).windows)
    1
    """

    def __init__(self, log_dir, windows, every=1):
        super().__init__(log_dir, every)
        if not len(windows):
            raise ValueError("There must be a window. Received: none")
        self.windows = windows

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        nats, count = self._nats()
        places = np.flatnonzero(count)
        curve = np.exp(nats[places] / count[places])
        figure = new_figure(6, 3)
        axis = figure.subplots()
        axis.plot(places, curve)
        axis.set_xlabel("place in the window")
        axis.set_ylabel("perplexity")
        axis.set_ylim(bottom=0)
        quarter = max(1, len(places) // 4)
        parts = {"first": places[:quarter], "last": places[-quarter:]}
        with self.write(epoch, "validation"):
            tf.summary.image("position_perplexity", figure_to_image(figure))
            for name, some in parts.items():
                value = np.exp(nats[some].sum() / count[some].sum())
                tf.summary.scalar(f"position_perplexity/{name}_quarter", value)

    def _nats(self):
        """Sum of nats, and number of tokens, at every place."""
        nats = np.zeros(self.windows.y.shape[1])
        for start in range(0, len(self.windows), 64):
            part = slice(start, start + 64)
            labels = self.windows.y[part]
            logits = self.model.predict(self.windows.x[part], verbose=0)
            shares = keras.ops.log_softmax(
                keras.ops.cast(keras.ops.convert_to_tensor(logits), "float32")
            )
            right = np.take_along_axis(
                np.asarray(shares), np.maximum(labels, 0)[..., None], axis=-1
            )[..., 0]
            nats -= np.sum(right * (labels >= 0), axis=0)
        return nats, np.sum(self.windows.y >= 0, axis=0)
