"""Some examples of a data set."""

import keras
import numpy as np


def drawn_rows(size, limit, seed):
    """At most `limit` of so many rows, drawn at random: sorted int array.

    >>> drawn_rows(3, 8, seed=0).tolist(), len(drawn_rows(99, 8, seed=0))
    ([0, 1, 2], 8)
    """
    if size <= limit:
        return np.arange(size)
    draw = np.random.default_rng(seed).choice(size, limit, replace=False)
    return np.sort(draw)


def first_batches(batches, limit):
    """The first `limit` examples of a data set in batches: `(x, y)`.

    Args:
        batches: a batched `tf.data.Dataset` or a `keras.utils.PyDataset`.
        limit: int.

    Raises:
        ValueError: If there is no batch.
    """
    if isinstance(batches, keras.utils.PyDataset):
        batches = map(batches.__getitem__, range(len(batches)))
    found, size = [], 0
    for batch in batches:
        batch = keras.tree.map_structure(np.asarray, tuple(batch)[:2])
        found.append(batch)
        size += len(keras.tree.flatten(batch)[0])
        if size >= limit:
            break
    if not found:
        raise ValueError(
            "the validation data set is empty. Received: 0 batches"
        )
    return keras.tree.map_structure(
        lambda *parts: np.concatenate(parts)[:limit], *found
    )
