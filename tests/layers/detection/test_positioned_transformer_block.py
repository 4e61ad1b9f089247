import numpy as np
import pytest

from keras_nn.layers import PositionedTransformerBlock
from keras_nn.testing import check_layer
from keras_nn.testing import slow_but

RNG = np.random.default_rng(0)


@pytest.mark.slow
@pytest.mark.parametrize("cross", slow_but(True, of=[False, True]))
def test_conformance(cross):
    shapes = [(2, 5, 4), (2, 5, 4)] + [(2, 3, 4), (2, 3, 4)] * cross
    check_layer(
        PositionedTransformerBlock,
        {"num_heads": 2, "hidden_dim": 6, "cross": cross},
        shapes,
    )


def test_places_decide_where_to_look_and_not_what_is_seen():
    x = RNG.normal(size=(1, 3, 4)).astype("float32")
    places = RNG.normal(size=(1, 3, 4)).astype("float32")
    block = PositionedTransformerBlock(2, 6)
    found = np.asarray(block([x, places]))
    assert np.abs(found - np.asarray(block([x, 0 * places]))).max() > 1e-3
    # Where all tokens say the same, it does not matter where one looks.
    same = np.repeat(x[:, :1], 3, axis=1)
    np.testing.assert_allclose(
        block([same, places]), block([same, 0 * places]), atol=1e-5
    )


def test_refuses_what_does_not_fit():
    x = np.zeros((1, 3, 4), "float32")
    with pytest.raises(ValueError, match="must divide the features"):
        PositionedTransformerBlock(3, 6)([x, x])
    with pytest.raises(ValueError, match="Received: 2 inputs"):
        PositionedTransformerBlock(2, 6, cross=True)([x, x])
    with pytest.raises(ValueError, match="must be positive"):
        PositionedTransformerBlock(0, 6)
