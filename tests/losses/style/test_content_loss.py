import numpy as np

from keras_nn.losses import ContentLoss
from keras_nn.losses import content_loss
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
TRUE = RNG.normal(size=(3, 4, 5, 2)).astype("float32")
SAID = RNG.normal(size=(3, 4, 5, 2)).astype("float32")


def test_conformance():
    check_loss(ContentLoss, {}, TRUE, SAID)


def test_equals_the_definition():
    expected = ((TRUE - SAID) ** 2).reshape(3, -1).mean(axis=1)
    np.testing.assert_allclose(content_loss(TRUE, SAID), expected, rtol=1e-5)
