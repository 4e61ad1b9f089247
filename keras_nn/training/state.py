"""The state of a training as plain values, and back."""

import contextlib
import random
import re

import keras
import numpy as np
import tensorflow as tf

from keras_nn.training import keras_internals
from keras_nn.training import tensorflow_internals


def variables_of(model):
    """Every variable that training changes: a dict from a name to it.

    Weights, seed generators, metrics and optimisers; and variables that the
    model or an optimiser holds as attributes of its own.
    """
    found, seen = {}, set()

    def add(kind, variables):
        for variable in variables:
            if id(variable) not in seen:
                seen.add(id(variable))
                path = getattr(variable, "path", variable.name)
                found[f"{kind}/{len(found):05d}/{path}"] = variable

    add("model", model.variables)
    add("metric", [v for m in model.metrics for v in m.variables])
    optimizers = []
    for optimizer in model.all_optimizers:
        add("optimizer", optimizer.variables)
        inner = getattr(optimizer, "inner_optimizer", optimizer)
        optimizers += [optimizer, inner]
    for owner in (model, *optimizers):
        add("other", _attributes(owner))
    return found


def _attributes(owner):
    kinds = tf.Variable | keras.Variable
    return [v for _, v in sorted(vars(owner).items()) if isinstance(v, kinds)]


def values_of(variables):
    """The values of a dict of variables at this moment, as read-only arrays.

    On a CPU nothing is copied here, which a large model would wait for: a
    value that was read never changes, so that TensorFlow copies a variable
    before it writes to it, once and only while somebody holds the value.
    """
    return {
        name: np.asarray(tf.convert_to_tensor(variable))
        for name, variable in variables.items()
    }


def restore_variables(variables, values):
    """Gives variables their values back.

    Raises:
        ValueError: if they are not those of the same model.
    """
    wanted = {n: tuple(v.shape) for n, v in variables.items()}
    received = {n: tuple(v.shape) for n, v in values.items()}
    ours = [(_without_counts(n), s) for n, s in wanted.items()]
    theirs = [(_without_counts(n), s) for n, s in received.items()]
    if ours != theirs:
        differ = [p for p in zip(ours, theirs, strict=False) if p[0] != p[1]]
        first = differ[0] if differ else (len(ours), len(theirs))
        raise ValueError(
            "The checkpoint is of another model, optimiser or set of metrics. "
            f"The first difference is {first[0]} here, {first[1]} there. "
            f"Received: {len(theirs)} variables for the {len(ours)} here"
        )
    for variable, value in zip(
        variables.values(), values.values(), strict=True
    ):
        variable.assign(value)


def _without_counts(name):
    """Automatic names count on where a process makes several models."""
    return re.sub(r"_\d+(?=[_/]|$)", "", name)


def random_state():
    """The state of every global source of random numbers: a dict."""
    numpy = np.random.get_state()
    state = {
        "python": random.getstate(),
        "numpy": [numpy[0], numpy[1], *numpy[2:]],
    }
    keras_generator = keras_internals.global_seed_generator()
    if keras_generator is not None:
        state["keras"] = keras.ops.convert_to_numpy(keras_generator.state)
    generator = keras_internals.global_tensorflow_generator()
    if generator is not None:
        state["tensorflow"] = generator.state.numpy()
    return state


def restore_random_state(state):
    """Sets every global source of random numbers to where it was."""
    if "keras" in state:
        generator = keras_internals.global_seed_generator(make=True)
        generator.state.assign(state["keras"])
    if "tensorflow" in state:
        tf.random.get_global_generator().state.assign(state["tensorflow"])
    np.random.set_state(tuple(state["numpy"]))
    random.setstate(state["python"])


@contextlib.contextmanager
def seeded(seed):
    """A context that draws what its seed says, and whose draws nobody notices.

    Behind it the global sources of random numbers are where they were.

    Args:
        seed: int.
    """
    state, before = random_state(), tensorflow_internals.global_seed()
    random.seed(seed)
    np.random.seed(seed)
    tf.random.set_seed(seed)
    try:
        yield
    finally:
        restore_random_state(state)
        tensorflow_internals.restore_global_seed(before)
