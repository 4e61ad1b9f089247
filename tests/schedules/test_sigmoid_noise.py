import numpy as np
import pytest

from keras_nn.schedules import SigmoidNoise


def test_half_of_the_shares_lie_below_their_middle():
    alpha, _ = SigmoidNoise(101, 0.01, 0.21).levels(np.arange(101))
    betas = 1 - alpha[1:] ** 2 / alpha[:-1] ** 2
    np.testing.assert_allclose(betas[49], 0.11)  # of step 50, where z = 0
    np.testing.assert_allclose(betas[:49] + betas[50:99][::-1], 0.22)


def test_refuses_what_is_no_share():
    with pytest.raises(ValueError, match="must be shares"):
        SigmoidNoise(10, 0.3, 0.2)
