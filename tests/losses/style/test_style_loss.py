import numpy as np

from keras_nn.losses import StyleLoss
from keras_nn.losses import style_loss
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
TRUE = RNG.normal(size=(3, 4, 5, 2)).astype("float32")
SAID = RNG.normal(size=(3, 4, 5, 2)).astype("float32")


def test_conformance():
    check_loss(StyleLoss, {}, TRUE, SAID)


def test_is_four_times_that_of_gatys():
    expected = []
    for a, f in zip(TRUE, SAID, strict=True):
        a, f = a.reshape(20, 2), f.reshape(20, 2)
        n, m = 2, 20
        distance = np.sum((f.T @ f - a.T @ a) ** 2)
        expected.append(4 * distance / (4 * n**2 * m**2))
    np.testing.assert_allclose(style_loss(TRUE, SAID), expected, rtol=1e-4)


def test_one_style_of_another_size_serves_all():
    tiled = np.tile(TRUE[:1], (1, 2, 2, 1))
    expected = style_loss(np.tile(TRUE[:1], (3, 1, 1, 1)), SAID)
    np.testing.assert_allclose(style_loss(tiled, SAID), expected, rtol=1e-5)
