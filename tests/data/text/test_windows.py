import numpy as np
import pytest

from keras_nn.data import windows


@pytest.mark.parametrize("tokens", [4, 7, 8, 9])
def test_every_token_but_the_first_is_a_target_once(tokens):
    split = windows(np.arange(tokens) + 10, length=3)
    targets = split.y[split.y >= 0]
    np.testing.assert_array_equal(targets, np.arange(11, tokens + 10))
    np.testing.assert_array_equal(split.x[split.y >= 0], targets - 1)


def test_refuses_no_length_and_a_short_text():
    with pytest.raises(ValueError, match="Received: length=0"):
        windows(np.arange(4), 0)
    with pytest.raises(ValueError, match=r"Received: shape \(3,\)"):
        windows(np.arange(3), 3)
