import keras

from keras_nn.callbacks.writer import Writers


class Instrument(keras.callbacks.Callback):
    """What all instruments have in common: where they write, and how often.

    Abstract. An instrument says in its docstring what it writes, at which
    step, in which unit, and how to read it. Its files open in
    `on_train_begin` and close in `on_train_end`; one that overrides either
    calls `super()` there. It can serve several `fit` calls in a row.

    Args:
        log_dir: str or path. Where TensorBoard looks. Written are the runs
            `log_dir/train` and `log_dir/validation`, as Keras does.
        every: int. Write once per this many epochs (or steps, where the
            instrument says so). Defaults to 1.

    Raises:
        ValueError: If `every` is less than 1.

    Example:

    >>> import tempfile
    >>> import numpy as np
    >>> import tensorflow as tf
    >>> class Answer(Instrument):
    ...     def on_epoch_end(self, epoch, logs=None):
    ...         if self.is_due(epoch):
    ...             with self.write(epoch):
    ...                 tf.summary.scalar("answer", 42)
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> answer = Answer(tempfile.mkdtemp())
    >>> x = np.ones((4, 1))
    >>> len(model.fit(x, x, verbose=0, callbacks=[answer]).history)
    1
    """

    def __init__(self, log_dir, every=1):
        super().__init__()
        if every < 1:
            raise ValueError(f"`every` must be at least 1. Received: {every=}")
        self.log_dir = str(log_dir)
        self.every = every
        self.writers = None

    def on_train_begin(self, logs=None):
        self.writers = Writers(self.log_dir)
        self.writers.open(getattr(self.model, "distribute_strategy", None))

    def on_train_end(self, logs=None):
        self.writers.close()

    def checkpoint_state(self):
        """What a `Checkpoint` stores of the instrument: a dict.

        An instrument that remembers something from one event to the next
        overrides this and `restore_checkpoint_state`.
        """
        return {}

    def restore_checkpoint_state(self, state):
        """Called behind `on_train_begin` of a training that is resumed."""

    def is_due(self, index):
        """Whether epoch (or step) `index` is one of those to write.

        Args:
            index: int, counted from 0.

        Returns:
            bool.
        """
        return index % self.every == 0

    def write(self, step, run="train"):
        """A context in which `tf.summary` writes to a run at a step.

        Args:
            step: int. Epoch index, or number of optimiser steps taken.
            run: str. `"train"` or `"validation"`. Defaults to `"train"`.

        Returns:
            A context manager.
        """
        return self.writers.at(step, run)

    @property
    def step(self):
        """Number of optimiser steps taken since the model was compiled.

        It goes on counting over several `fit` calls and after a resume, so
        curves do not fold back on themselves.
        """
        # Of several players, the last to play.
        optimizers = getattr(self.model, "all_optimizers", None)
        optimizer = optimizers[-1] if optimizers else self.model.optimizer
        return int(optimizer.iterations.numpy())
