import numpy as np
import tensorflow as tf

from keras_nn.callbacks.instrument import Instrument


class PaddingShare(Instrument):
    """Shows which share of the tokens that are computed with is padding.

    Read it for: time that is lost. Above a third: sort texts into buckets of
    about the same length, or cut the longest.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        batches: `data.OrderedBatches`, such as `data.TokenPairBatches`, whose
            inputs are ids; or an array of ids, or a dict of arrays.
        padding_id: int. Defaults to 0.
        every: int. Write once per this many epochs. Defaults to 1.
        most: int. Batches of an epoch that are looked at. Defaults to 100.

    Writes to `log_dir/train`, at the epoch's index:
        `padding_share`, `padding_share/<input>` where there are several:
            scalars, 0 to 1.

    Example:

    >>> import tempfile
    >>> PaddingShare(tempfile.mkdtemp(), np.array([[5, 0]])).shares(epoch=0)
    {'': 0.5}
    """

    def __init__(self, log_dir, batches, padding_id=0, every=1, most=100):
        super().__init__(log_dir, every)
        self.batches = batches
        self.padding_id = padding_id
        self.most = most

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        with self.write(epoch):
            for name, share in self.shares(epoch).items():
                tag = f"padding_share/{name}" if name else "padding_share"
                tf.summary.scalar(tag, share)

    def shares(self, epoch):
        """The share of each input, and of all as `""`: a dict."""
        padding, places = {}, {}
        for x in self._inputs(epoch):
            parts = x if isinstance(x, dict) else {"": x}
            for name, ids in parts.items():
                ids = np.asarray(ids)
                gone = int(np.sum(ids == self.padding_id))
                padding[name] = padding.get(name, 0) + gone
                places[name] = places.get(name, 0) + ids.size
        found = {"": sum(padding.values()) / sum(places.values())}
        return found | {n: padding[n] / places[n] for n in padding if n}

    def _inputs(self, epoch):
        if not hasattr(self.batches, "at"):
            yield self.batches
            return
        for batch in self.batches.at(epoch).take(self.most):
            yield batch[0] if isinstance(batch, tuple) else batch
