"""What models from pictures to pictures ask of data, and how they draw."""

import numpy as np

from keras_nn.layers import NoiseDropout
from keras_nn.models.asked import check_range
from keras_nn.models.asked import said_once


def check_pairs(y, sample_weight, x=None, picture_range=None):
    """Raise unless there are pictures of both sides, as many, in their range.

    Args:
        y: targets.
        sample_weight: what `fit` was given.
        x: inputs, or a data set of both, or None.
        picture_range: pair of numbers or None. Of arrays.

    Raises:
        ValueError: If there are not.
    """
    if sample_weight is not None:
        raise ValueError(
            "Translation learns from pictures as they come, not from weighted "
            "ones. Received: sample_weight"
        )
    if y is None and (x is None or isinstance(x, np.ndarray)):
        raise ValueError(
            "Translation learns from pictures of both sides: `fit(inputs, "
            "targets)`. Received: no targets"
        )
    for pictures in (x, y):
        if picture_range is not None and pictures is not None:
            check_range(pictures, *picture_range)
    if isinstance(x, np.ndarray) and len(x) != len(y):
        raise ValueError(
            "There must be as many pictures on both sides; unpaired ones of "
            "the smaller side may be repeated. "
            f"Received: {len(x)} and {len(y)}"
        )


def drawn_by(generator, pictures, seed, batch_size):
    """Float32 pictures that a generator draws of an array of pictures."""
    if seed is not None:
        layers = [
            layer
            for layer in generator._flatten_layers()
            if isinstance(layer, NoiseDropout)
        ]
        for number, layer in enumerate(layers):
            layer.sow(seed + 1_000_003 * number)
    found = [
        np.asarray(
            said_once(
                generator,
                np.asarray(pictures[start : start + batch_size], "float32"),
            ),
            "float32",
        )
        for start in range(0, len(pictures), batch_size)
    ]
    return np.concatenate(found)
