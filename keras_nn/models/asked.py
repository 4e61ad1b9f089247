"""What generative models ask of their pictures and labels."""

import keras
import numpy as np
from keras import ops


def check_labels(labels, num_classes):
    """Raise unless an array holds classes only; other data goes unseen."""
    if labels is None or not num_classes or not np.ndim(labels) < 3:
        return
    if not isinstance(labels, np.ndarray | list | tuple | int | np.integer):
        return
    labels = np.asarray(labels)
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError(
            f"labels must be from 0 to {num_classes - 1}. "
            f"Received: values from {labels.min()} to {labels.max()}"
        )


def learnt_labels(labels, num_classes, hidden_share=0.0, seed=None):
    """Labels of a batch as a network takes them, some of them hidden.

    Args:
        labels: int tensor `(batch,)` or `(batch, 1)`.
        num_classes: int. Also the label that means "any".
        hidden_share: float. Share of labels to hide. Defaults to 0.
        seed: int or `keras.random.SeedGenerator`.

    Returns:
        An int32 tensor `(batch,)`.

    Raises:
        ValueError: If there are no labels.
    """
    if labels is None:
        raise ValueError(
            "A model with classes learns from pictures and labels: "
            "`fit(pictures, labels)`. Received: no labels"
        )
    labels = ops.cast(ops.reshape(labels, (-1,)), "int32")
    if hidden_share:
        drawn = keras.random.uniform(ops.shape(labels), seed=seed)
        labels = ops.where(drawn < hidden_share, num_classes, labels)
    return labels


def with_labels(name, values, labels, num_classes):
    """What a network takes: values, with classes the dict of them and labels.

    Args:
        name: str. What the network calls the values.
        values: tensor `(batch, ...)`.
        labels: ints `(batch,)`, or None: any class.
        num_classes: int or None.
    """
    if not num_classes:
        return values
    if labels is None:
        labels = ops.full((ops.shape(values)[0],), num_classes)
    return {name: values, "labels": ops.cast(labels, "int32")}


def asked_labels(count, labels, num_classes):
    """The classes that `generate` is asked for: ints `(count,)`, or None.

    Raises:
        ValueError: On a count of none, or labels that are no classes.
    """
    if count < 1:
        raise ValueError(f"`count` must be positive. Received: {count=}")
    if labels is None:
        return None
    if not num_classes:
        raise ValueError(
            "`labels` can be asked of a model with classes only. "
            f"Received: {labels=}, num_classes=None"
        )
    check_labels(labels, num_classes)
    return np.broadcast_to(np.asarray(labels, "int32"), (count,))


def said_once(network, batch):
    """What a network says of a batch, as `predict_on_batch` does on one device.

    Of a network that was made under a strategy, each replica is given the
    whole batch, and what they say is joined: all of it, once a replica.

    Args:
        network: `keras.Model`.
        batch: array or dict of arrays `(n, ...)`.

    Returns:
        Array `(n, ...)`.
    """
    count = len(keras.tree.flatten(batch)[0])
    return network.predict_on_batch(batch)[:count]


def seed_or_fresh(seed):
    """int. `seed`, or where it is None one that differs from call to call."""
    if seed is not None:
        return seed
    return int(keras.random.randint((), 0, 2**31 - 1))


def dict_input(model, names):
    """Whether a functional model takes a dict of exactly these names."""
    try:
        takes = input_of(model)
    except (AttributeError, ValueError):  # not functional
        return False
    return isinstance(takes, dict) and set(takes) == set(names)


def input_of(model):
    """The Keras tensor, or dict of them, that a network takes.

    Raises:
        ValueError: If the network has no inputs of known shape.
    """
    return _end_of(model, "input")


def output_of(model):
    """The Keras tensor that a network gives; see `input_of`."""
    return _end_of(model, "output")


def _end_of(model, end):
    try:
        if isinstance(model, keras.Sequential):  # it has no `input`
            return getattr(model, f"{end}s")[0]
        return getattr(model, end)
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(
            "A network must be a functional or sequential model that begins "
            f"with `keras.Input`. Received: {model}"
        ) from error


def stated_range(model):
    """The range that a denoiser's data must be in, or None for any.

    That of `clip`; else that of pictures, maps of 1 or 3 channels. Codes,
    tables and sounds may hold anything.

    Args:
        model: with `clip`, `code_shape` and `picture_range`.
    """
    if model.clip is not None:
        return -model.clip, model.clip
    shape = model.code_shape
    return model.picture_range if shape[2:] in ((1,), (3,)) else None


def check_range(pictures, low, high):
    """Raise for an array with values outside a range; other data is unseen."""
    if not isinstance(pictures, np.ndarray) or not pictures.size:
        return
    least, most = pictures.min(), pictures.max()
    if least < low or most > high:  # not for NaN, which the engine names
        raise ValueError(
            f"pictures must have values from {low:g} to {high:g}. "
            f"Received: values from {least} to {most}"
        )
