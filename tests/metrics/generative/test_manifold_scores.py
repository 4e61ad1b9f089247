import numpy as np
import pytest

from keras_nn.metrics import manifold_scores

RNG = np.random.default_rng(0)
REAL, DRAWN = RNG.normal(size=(12, 2)), RNG.normal(0.7, 1, size=(9, 2))


def test_equals_the_papers():
    k = 3

    def reach(x):
        apart = np.linalg.norm(x[:, None] - x, axis=-1)
        return np.sort(apart, axis=1)[:, k]  # the first is the place itself

    apart = np.linalg.norm(REAL[:, None] - DRAWN, axis=-1)
    by_real = apart <= reach(REAL)[:, None]
    by_drawn = apart <= reach(DRAWN)
    expected = {
        "precision": by_real.any(axis=0).mean(),
        "recall": by_drawn.any(axis=1).mean(),
        "density": by_real.sum() / (k * 9),
        "coverage": (apart.min(axis=1) <= reach(REAL)).mean(),
    }
    assert manifold_scores(REAL, DRAWN, k) == pytest.approx(expected)


def test_one_picture_again_and_again_is_precise_and_recalls_little():
    scores = manifold_scores(
        RNG.normal(size=(200, 2)), RNG.normal(0, 0.01, size=(200, 2))
    )
    assert scores["precision"] == 1.0
    assert scores["recall"] < 0.1 and scores["coverage"] < 0.3


def test_refuses_more_neighbours_than_pictures():
    with pytest.raises(ValueError, match="fewer than the pictures"):
        manifold_scores(REAL, DRAWN, 9)
