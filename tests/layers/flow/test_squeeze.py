import numpy as np
import pytest

from keras_nn.layers import Squeeze
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        Squeeze,
        {},
        (3, 4, 2, 2),
        mask=False,
        half=False,
        jit=False,
        output_dtype="float32",
    )


def test_runs_backwards_and_keeps_volumes(check_flow):
    check_flow(Squeeze(), "pictures")


def test_a_block_becomes_the_channels_of_a_place():
    x = np.arange(16, dtype="float32").reshape(1, 4, 4, 1)
    z, log_det = Squeeze()(x)
    assert np.asarray(z)[0, 0, 1].tolist() == [2, 3, 6, 7]
    assert float(log_det[0]) == 0


def test_refuses_an_odd_side():
    with pytest.raises(ValueError, match="even height and width"):
        Squeeze()(np.ones((1, 3, 4, 1)))
