"""What callbacks remember, as plain values."""

import collections
import inspect

import keras

from keras_nn.callbacks.instrument import Instrument
from keras_nn.training import plain_values

_OF_KERAS = {"model", "_model", "params"}


def log_dirs(callbacks):
    """Where instruments write, each folder once: a list of str."""
    return list(
        dict.fromkeys(c.log_dir for c in callbacks if isinstance(c, Instrument))
    )


def of_all(callbacks):
    """A dict from a name for each callback to its state."""
    return {n: of(c) for n, c in _named(callbacks).items()}


def of(owner):
    """The state of one callback or model, or None if it has none to tell."""
    if hasattr(owner, "checkpoint_state"):
        return owner.checkpoint_state()
    if not isinstance(owner, keras.callbacks.Callback):
        return None
    ours = set(_arguments(type(owner))) | _OF_KERAS
    state = {}
    for name, value in vars(owner).items():
        if name in ours:
            continue
        try:
            plain_values.encode(value, name, {})
        except plain_values.NotPlain:
            continue
        state[name] = value
    return state


def restore(callbacks, states):
    """Gives each callback the state that it had."""
    for name, callback in _named(callbacks).items():
        state = states.get(name)
        if state is None:
            continue
        if hasattr(callback, "restore_checkpoint_state"):
            callback.restore_checkpoint_state(state)
        else:
            vars(callback).update(state)


def _named(callbacks):
    counts = collections.Counter()
    named = {}
    for callback in callbacks:
        kind = type(callback).__name__
        named[f"{kind}-{counts[kind]}"] = callback
        counts[kind] += 1
    return named


def _arguments(cls):
    for base in cls.__mro__:
        yield from inspect.signature(base.__init__).parameters
