import numpy as np

from keras_nn.losses import TotalVariationLoss
from keras_nn.ops import total_variation
from keras_nn.testing import check_loss

X = np.random.default_rng(0).normal(size=(3, 4, 5, 2)).astype("float32")


def test_conformance():
    check_loss(TotalVariationLoss, {}, X, X, function=None)


def test_is_that_of_the_predictions():
    loss = TotalVariationLoss(reduction="none")
    np.testing.assert_allclose(loss(0 * X, X), total_variation(X))
