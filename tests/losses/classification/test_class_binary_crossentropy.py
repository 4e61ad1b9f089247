import numpy as np
import pytest

from keras_nn.losses import ClassBinaryCrossentropy
from keras_nn.losses import class_binary_crossentropy
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
SCORES = RNG.uniform(0.05, 0.95, (4, 3)).astype("float32")
LABELS = np.array([0, 2, 1, 1])


def test_conformance():
    check_loss(
        ClassBinaryCrossentropy,
        {"label_smoothing": 0.2},
        LABELS,
        SCORES,
        jit=False,
        replicas=False,
    )


def test_equals_the_equation():
    found = class_binary_crossentropy(LABELS, SCORES, 0.3)
    for label, scores, loss in zip(LABELS, SCORES, found, strict=True):
        total = 0.0
        for index, score in enumerate(scores):
            target = 0.1 + 0.7 * (index == label)
            total -= target * np.log(score)
            total -= (1 - target) * np.log(1 - score)
        assert float(loss) == pytest.approx(total / 3, rel=1e-4)


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="label_smoothing=1"):
        ClassBinaryCrossentropy(1)
    with pytest.raises(ValueError, match="threshold=1"):
        ClassBinaryCrossentropy(threshold=1)
