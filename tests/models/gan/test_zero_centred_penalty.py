import numpy as np
import pytest
from keras import ops

from keras_nn.models import ZeroCentredPenalty

REAL, FAKE = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")


@pytest.mark.parametrize("at, pictures", [("real", REAL), ("fake", FAKE)])
def test_equals_the_paper(at, pictures):
    def score(x):
        return ops.sum(x**3, axis=-1, keepdims=True)

    found = ZeroCentredPenalty(4.0, at)(score, REAL, FAKE)
    expected = 2 * ((3 * pictures**2) ** 2).sum(axis=-1)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_refuses_another_place():
    with pytest.raises(ValueError, match="`at` must be one of"):
        ZeroCentredPenalty(at="between")
