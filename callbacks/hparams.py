import glob
import os
import time
import weakref

import keras
import tensorflow as tf

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.layer_tree import is_built
from keras_nn.callbacks.writer import Writers

_SUFFIX = ".hparams"
# Not `log_dir` itself: TensorBoard finds no metric of a session at its root,
# where a session is when TensorBoard is started on a single run.
_RUN = "hparams"


class HParams(Instrument):
    """Enters a run, its hyperparameters and its outcome into the HParams page.

    A run that ends well is `SUCCESS`. One that fails is `FAILURE`: at once
    with a `keras_nn.training.Model`; with any other `keras.Model`, which tells
    callbacks nothing of an error, when the callback is used again or thrown
    away, at the latest when Python ends. A run that was killed stays
    `RUNNING`. Another `fit` into the same folder takes the place of the first
    on the page.

    Read it for: which settings go with the best value; sort by a metric, or
    look at the parallel coordinates.

    Args:
        log_dir: str or path, the folder of this run.
        hparams: dict from name to bool, int, float or str. `optimizer`,
            `learning_rate` (at the beginning) and `weights`, their number,
            are added where they are not in it and the model tells them.
        trial: str. Runs of one trial are shown as one row with their mean.
            Defaults to None: runs with equal hyperparameters are one.

    Writes to `log_dir/hparams`:
        the session's hyperparameters, beginning, end and status.
        `final/<metric>`: scalar at the index of the last epoch, of each value
            in the logs of the epoch, at every epoch's end.

    Raises:
        ValueError: If a hyperparameter is of another type.

    Example:

    >>> import tempfile
    >>> import numpy as np
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> hparams = HParams(tempfile.mkdtemp(), {"width": 1})
    >>> x = np.ones((4, 2))
    >>> _ = model.fit(x, x[:, :1], verbose=0, callbacks=[hparams])
    >>> hparams.status
    'SUCCESS'
    """

    def __init__(self, log_dir, hparams, trial=None):
        super().__init__(log_dir)
        for name, value in hparams.items():
            if not isinstance(value, bool | int | float | str):
                raise ValueError(
                    "hyperparameters must be bool, int, float or str. "
                    f"Received: {name}={value!r}"
                )
        self.hparams = dict(hparams)
        self.trial = trial
        self.status = None
        self._session = None

    def on_train_begin(self, logs=None):
        from tensorboard.plugins.hparams import api

        if self._session is not None:  # the last run never came to its end
            self._end("FAILURE")
        super().on_train_begin(logs)
        session = getattr(self.model, "fit_session", None)
        resumed = session is not None and session.is_resumed
        self.writers = writes = Writers(self.log_dir, suffix=_SUFFIX)
        writes.open(self.model.distribute_strategy)
        if writes.allowed and not resumed:
            self._forget_earlier()
        self._session = weakref.finalize(self, _write_end, writes, "FAILURE")
        self.status = "RUNNING"
        if resumed:  # the page has them from before
            return
        with writes.at(0, run=_RUN):
            api.hparams({**self._found(), **self.hparams}, self.trial)

    def _forget_earlier(self):
        """The page keeps the first outcome of a folder, so it must go."""
        for path in glob.glob(
            os.path.join(
                glob.escape(self.log_dir), _RUN, f"*tfevents*{_SUFFIX}"
            )
        ):
            os.remove(path)

    def _found(self):
        """What the model itself tells of its settings."""
        found = {}
        if is_built(self.model):
            found["weights"] = self.model.count_params()
        optimizer = getattr(self.model, "optimizer", None)
        if isinstance(optimizer, keras.optimizers.Optimizer):
            inner = getattr(optimizer, "inner_optimizer", optimizer)
            found["optimizer"] = type(inner).__name__
            rate = keras.ops.convert_to_numpy(inner.learning_rate)
            found["learning_rate"] = float(rate)
        return found

    def on_epoch_end(self, epoch, logs=None):
        with self.write(epoch, run=_RUN):
            for name, value in (logs or {}).items():
                tf.summary.scalar(f"final/{name}", value)

    def on_train_end(self, logs=None):
        self._end("SUCCESS")
        super().on_train_end(logs)

    def on_train_error(self, error):
        self._end("FAILURE")
        super().on_train_end()

    def _end(self, status):
        self.status = status
        self._session.detach()
        self._session = None
        _write_end(self.writers, status)


def _write_end(writers: Writers, status):
    from tensorboard.plugins.hparams import api_pb2
    from tensorboard.plugins.hparams import summary

    code = api_pb2.Status.Value(f"STATUS_{status}")
    end = summary.session_end_pb(code, time.time())
    with writers.at(0, run=_RUN):
        tf.summary.experimental.write_raw_pb(end.SerializeToString(), step=0)
    writers.close()
