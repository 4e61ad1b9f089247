import numpy as np
import pytest

from keras_nn.schedules import FlowNoise
from keras_nn.schedules import LinearNoise
from keras_nn.schedules import ZeroTerminalSNR


def test_keeps_the_first_level_and_ends_in_noise_alone():
    before = LinearNoise(20, 0.01, 0.2)
    alpha, sigma = ZeroTerminalSNR(before).levels([0, 19])
    np.testing.assert_allclose(alpha[0], before.levels([0])[0][0])
    assert (alpha[1], sigma[1]) == (0, 1)


def test_refuses_what_ends_in_noise_alone_already():
    with pytest.raises(ValueError, match="leave a signal.*FlowNoise"):
        ZeroTerminalSNR(FlowNoise())
