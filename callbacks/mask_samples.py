import numpy as np
import tensorflow as tf

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.table_cell import table_cell


class MaskSamples(Instrument):
    """Writes what a model guesses of the hidden words of the same texts.

    Read it for: at first the most frequent words everywhere; then words that
    fit the grammar; then those that fit the sense. A probability near 1 for a
    wrong word is learnt by heart.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        windows: `keras_nn.data.Split` of ids, and of the hidden tokens, -1
            elsewhere.
        every: int. Write once per this many epochs. Defaults to 1.
        longest: int. Most hidden tokens shown. Defaults to 40.

    Writes to `log_dir/validation`, at the epoch's index:
        `mask_samples`: text, a table: the words around a hidden one, what it
            is with its probability, the best guess with its own.

    Example:

    >>> import tempfile
    >>> from keras_nn.data import Split
    >>> windows = Split(np.array([[3, 2]]), np.array([[-1, 4]]))
    >>> MaskSamples(tempfile.mkdtemp(), windows).longest
    40
    """

    def __init__(self, log_dir, windows, every=1, longest=40):
        super().__init__(log_dir, every)
        if not len(windows):
            raise ValueError("There must be a window. Received: none")
        self.windows = windows
        self.longest = longest

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        logits = self.model.predict(self.windows.x, verbose=0)
        logits = logits.astype("float32")
        words_of = self.model.tokenizer.words_of
        rows = [["around it", "is", "said"]]
        hidden = np.argwhere(self.windows.y >= 0)[: self.longest]
        for row, place in hidden:
            some = logits[row, place]
            shares = np.exp(some - some.max())
            shares /= shares.sum()
            around = self.windows.x[row, max(0, place - 6) : place + 7]
            answer, guess = self.windows.y[row, place], some.argmax()
            cells = [
                " ".join(words_of(around)),
                f"{words_of([answer])[0]} ({shares[answer]:.0%})",
                f"{words_of([guess])[0]} ({shares[guess]:.0%})",
            ]
            rows.append([table_cell(cell) for cell in cells])
        with self.write(epoch, "validation"):
            tf.summary.text("mask_samples", rows)
