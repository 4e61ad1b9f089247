import numpy as np
import pytest

from keras_nn.layers import MLDecoder
from keras_nn.testing import check_layer

SMALL = {"hidden_dim": 8, "num_heads": 2, "feed_forward_dim": 6}
X = np.random.default_rng(0).normal(size=(2, 3, 2, 4)).astype("float32")


@pytest.mark.slow
def test_conformance():
    given = {"num_classes": 5, "num_groups": 2, **SMALL, "dropout": 0.0}
    check_layer(MLDecoder, given, X.shape)


def test_takes_maps_and_tokens_and_has_a_score_for_each_label():
    layer = MLDecoder(5, 2, **SMALL, activation="sigmoid")
    scores = np.asarray(layer(X))
    assert scores.shape == (2, 5) and 0 < scores.min() < scores.max() < 1
    np.testing.assert_allclose(layer(X.reshape(2, 6, 4)), scores, rtol=1e-5)
    assert tuple(layer.kernel.shape) == (2, 8, 3)
    assert layer.queries.trainable is False
    assert MLDecoder(7)._groups == 7 and MLDecoder(999)._groups == 100


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="num_groups=6, num_classes=5"):
        MLDecoder(5, 6)
    with pytest.raises(ValueError, match="num_heads=3"):
        MLDecoder(5, hidden_dim=8, num_heads=3)
    with pytest.raises(ValueError, match="a map or tokens"):
        MLDecoder(5)(X[0, 0])
