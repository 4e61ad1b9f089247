"""The check that every callback passes."""

import contextlib
import inspect
import tempfile
from pathlib import Path

import keras
import numpy as np

from keras_nn.testing.backend import read
from keras_nn.testing.events import read_events
from keras_nn.testing.inputs import make_inputs
from keras_nn.testing.numbers import assert_close
from keras_nn.testing.training_run import len_of


def check_callback(
    cls,
    init_kwargs,
    *,
    model=None,
    x=None,
    y=None,
    epochs=2,
    log_dir=None,
    observes=True,
):
    """Asserts that a callback behaves, and reads back what it wrote.

    The constructor stores its arguments and touches no file; one instance
    serves two `fit` calls, and writes in both; an instrument that only
    observes leaves the training as it is.

    Args:
        cls: the callback class. If its constructor takes `log_dir`, it is
            given.
        init_kwargs: dict of further constructor arguments, or a function that
            returns one.
        model: function that returns a compiled model. Defaults to a small
            classifier of `x` of shape `(12, 4)` into three classes.
        x: a shape with the batch axis first, an array or a nest.
        y: likewise.
        epochs: int. Of each `fit`.
        log_dir: str or path. Where to write. Defaults to a folder that is
            removed.
        observes: bool. Whether the callback leaves the training as it is.

    Returns:
        What `read_events` reads after the second `fit`; `{}` for a callback
        without `log_dir`.

    Raises:
        AssertionError: names the first promise that is broken.

    Example:

    >>> import keras
    >>> events = check_callback(keras.callbacks.TensorBoard, {})
    >>> events["train"]["epoch_loss"][0].step
    0
    """
    model = model or _classifier
    x = make_inputs((12, 4) if x is None else x)
    if y is None and model is _classifier:
        y = np.arange(len_of(x)) % 3
    y = None if y is None else make_inputs(y, seed=7)
    given = init_kwargs if callable(init_kwargs) else lambda: dict(init_kwargs)
    takes_log_dir = "log_dir" in inspect.signature(cls.__init__).parameters

    with contextlib.ExitStack() as stack:
        if log_dir is None:
            log_dir = stack.enter_context(tempfile.TemporaryDirectory())
        log_dir = Path(log_dir)
        arguments = given()
        if takes_log_dir:
            arguments["log_dir"] = str(log_dir)
        before = _files(log_dir)
        callback = cls(**arguments)
        assert _files(log_dir) == before, (
            "the constructor must not touch a file: open it in "
            f"on_train_begin(). Received: {sorted(_files(log_dir) - before)}"
        )
        for name in arguments:
            assert hasattr(callback, name), (
                f"`{name}` is not stored under its own name"
            )

        observed = _fit(model, x, y, epochs, [callback])
        events = read_events(log_dir) if takes_log_dir else {}
        if observes:
            alone = _fit(model, x, y, epochs, [])
            assert_close(
                observed, alone, "weights trained with and without it", 0.0
            )
        _fit(model, x, y, epochs, [callback])
        if not takes_log_dir:
            return {}
        again = read_events(log_dir)
        assert _count(again) > _count(events), (
            "nothing is written in a second fit. Received: "
            f"{_count(again)} events after it, {_count(events)} before"
        )
        return again


def _classifier():
    model = keras.Sequential(
        [
            keras.Input((4,), name="features"),
            keras.layers.Dense(8, activation="relu", name="hidden"),
            keras.layers.Dense(3, activation="softmax", name="classes"),
        ],
        name="classifier",
    )
    model.compile(
        "adam", "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def _fit(make_model, x, y, epochs, callbacks):
    keras.utils.set_random_seed(0)
    model = make_model()
    model.fit(
        x,
        y,
        batch_size=(len_of(x) + 1) // 2,
        epochs=epochs,
        validation_data=(x, y),
        callbacks=callbacks,
        verbose=0,
    )
    return read(model.weights)


def _files(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*")}


def _count(events):
    return sum(len(e) for run in events.values() for e in run.values())
