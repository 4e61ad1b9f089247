"""Small sets for densities and memories: drawn, or picked out of digits."""

import numpy as np

from keras_nn.data.carried import digits
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits


def two_moons():
    """4,000 points of two half circles with noise; the last 1,000 to test."""
    rng = np.random.default_rng(0)
    labels = np.arange(4000) % 2
    angle = rng.uniform(0, np.pi, 4000)
    across = np.where(labels, 1 - np.cos(angle), np.cos(angle))
    upwards = np.where(labels, 0.5 - np.sin(angle), np.sin(angle))
    points = np.stack([across, upwards], axis=-1)
    points = (points + rng.normal(0, 0.1, points.shape)).astype("float32")
    labels = labels.astype("int64")
    return Splits(
        Split(points[:3000], labels[:3000]),
        None,
        Split(points[3000:], labels[3000:]),
        class_names=("upper", "lower"),
        feature_names=("x", "y"),
        name="two-moons",
        source="keras_nn.data (drawn)",
        licence="none needed",
        description="Points of two half circles that reach into one another, "
        "with normal noise of 0.1. The last 1,000 are the test set.",
    )


def digit_patterns():
    """Ten digits, of each class the one nearest to its class's mean.

    They are training, validation and test set in one: a memory is measured on
    what it stores.
    """
    train = digits().train
    picked = []
    for label in range(10):
        mine = np.flatnonzero(train.y == label)
        pictures = train.x[mine].reshape(len(mine), -1).astype("float32")
        away = np.square(pictures - pictures.mean(axis=0)).sum(axis=-1)
        picked.append(mine[away.argmin()])
    split = train[np.array(picked)]
    return Splits(
        split,
        split,
        split,
        class_names=tuple("0123456789"),
        name="digit-patterns",
        source="the training part of digits",
        licence="CC BY 4.0",
        description="Ten handwritten digits, uint8 pictures of shape "
        "(8, 8, 1): of each class the one nearest to the mean of its class.",
    )
