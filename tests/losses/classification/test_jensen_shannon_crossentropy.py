import numpy as np
import pytest

from keras_nn.losses import JensenShannonCrossentropy
from keras_nn.losses import jensen_shannon_crossentropy
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
SHARES = RNG.dirichlet(np.ones(3), (4, 2)).astype("float32")
LABELS = np.array([0, 2, 1, 1])


def test_conformance():
    check_loss(
        JensenShannonCrossentropy,
        {"alpha": 2.0},
        LABELS,
        SHARES,
        jit=False,
        replicas=False,
    )


def test_equals_the_equation():
    expected = []
    for label, views in zip(LABELS, SHARES, strict=True):
        mixture = views.mean(0)
        apart = [np.sum(p * np.log(p / mixture)) for p in views]
        expected.append(-np.log(views[0, label]) + 3 * np.mean(apart))
    found = jensen_shannon_crossentropy(LABELS, SHARES, 3.0, 0.0)
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    rows = np.eye(3, dtype="float32")[LABELS]
    found = jensen_shannon_crossentropy(rows, SHARES, 3.0, 0.0)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="alpha=-1"):
        JensenShannonCrossentropy(-1)
    with pytest.raises(ValueError, match=r"two views or more.*\(4, 1, 3\)"):
        JensenShannonCrossentropy()(LABELS, SHARES[:, :1])
