import keras
import numpy as np
import pytest

from keras_nn.layers import NoiseDropout
from keras_nn.models.gan.translation_data import check_pairs
from keras_nn.models.gan.translation_data import drawn_by

X = np.zeros((3, 2, 2, 1), "float32")


def test_the_same_seed_draws_the_same_in_batches():
    inputs = keras.Input((4,))
    x = NoiseDropout(0.5)(NoiseDropout(0.2)(inputs))
    network, x = keras.Model(inputs, x), np.ones((5, 4))
    first, again, other = (drawn_by(network, x, s, 2) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert first.shape == (5, 4) and (first != other).any()


@pytest.mark.parametrize(
    "y, weight, message",
    [
        (None, None, "pictures of both sides.*no targets"),
        (X, np.ones(3), "Received: sample_weight"),
        (X[:2], None, "as many pictures on both sides.*3 and 2"),
        (X + 2, None, "values from -1 to 1"),
    ],
)
def test_refuses_what_cannot_be_learnt_from(y, weight, message):
    with pytest.raises(ValueError, match=message):
        check_pairs(y, weight, X, (-1, 1))
    check_pairs(X, None, X, (-1, 1))
