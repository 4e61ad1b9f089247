import random

import keras

from keras_nn.training import keras_internals
from keras_nn.training.agreement import Agreement
from keras_nn.training.agreement import from_chief
from keras_nn.training.position import Position


class FitSession:
    """One call of `fit`, as its callbacks may ask for it.

    A callback with a method `prepare_fit(session)` is called before anything
    else is done, even before the data are looked at. That is where a training
    is told to go on where another one has ended.

    Args:
        model: the `keras_nn.training.Model`.
        callbacks: list of the callbacks that were handed to `fit`.
        initial_epoch: int, as in `fit`.

    Attributes:
        model: likewise.
        callbacks: likewise.
        initial_epoch: int. The epoch to begin with.
        position: `Position` in the data.
        data: `GuardedAdapter`, the training data; None until it is made.
        is_resumed: bool. Whether this `fit` continues another one.
        has_begun: bool. Whether `on_train_begin` was called.
        has_trained: bool. Whether a step was made.
        agreement: `Agreement` of the workers.
    """

    def __init__(self, model, callbacks, initial_epoch=0):
        self.model = model
        self.callbacks = callbacks
        self.initial_epoch = initial_epoch
        self.position = Position(_seed_of_order(model), initial_epoch)
        self.data = None
        self.is_resumed = False
        self.has_begun = False
        self.has_trained = False
        self.agreement = Agreement(model.distribute_strategy)

    def prepare(self):
        """Lets the callbacks prepare this `fit`."""
        for callback in self.callbacks:
            if hasattr(callback, "prepare_fit"):
                callback.prepare_fit(self)

    def build(self):
        """Creates every variable that the first step would create."""
        spec = self.data.whole_dataset().element_spec
        with self.model.distribute_strategy.scope():
            keras_internals.build_symbolically(self.model, spec)
        self.model._maybe_symbolic_build(data_batch=spec)


def note_training(model):
    """Tells the session of `model`, if it is in `fit`, that a step was made."""
    # Not an attribute of the model: Keras's `__setattr__` takes 15 us a step.
    if model.fit_session is not None:
        model.fit_session.has_trained = True


class _Begins(keras.callbacks.Callback):
    def __init__(self, session):
        super().__init__()
        self.session = session

    def on_train_begin(self, logs=None):
        self.session.has_begun = True


def in_turn(callbacks, model, verbose, epochs, steps):
    """The callbacks of `fit`, those with `comes_last` behind all others.

    Behind the history and the progress bar of Keras, too: what comes last
    sees what all others have made of an event.

    Args:
        callbacks: what was handed to `fit`.
        model: the model.
        verbose: as in `fit`.
        epochs: int.
        steps: int or None. Steps of an epoch.

    Returns:
        A `keras.callbacks.CallbackList`.
    """
    if not isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = keras.callbacks.CallbackList(
            callbacks,
            add_history=True,
            add_progbar=verbose != 0,
            verbose=verbose,
            epochs=epochs,
            steps=steps,
            model=model,
        )
    others = [c for c in callbacks.callbacks if not isinstance(c, _Begins)]
    others.sort(key=lambda c: getattr(c, "comes_last", False))
    begins = [_Begins(model.fit_session)] if model.fit_session else []
    callbacks.callbacks = [*begins, *others]
    return callbacks


def _seed_of_order(model):
    seed = random.randint(1, 10**9)
    if keras_internals.spans_workers(model.distribute_strategy):
        # Every worker must come to the same order.
        return from_chief(model.distribute_strategy, seed)
    return seed
