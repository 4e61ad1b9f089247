import numpy as np
import pytest

from keras_nn.layers import GridPositions
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(GridPositions, {"height": 2, "width": 3}, (2, 6, 8))


def test_equals_a_loop_over_places():
    received = np.array(GridPositions(2, 3)(np.zeros((1, 6, 8), "float32")))
    for row in range(2):
        for column in range(3):
            speeds = [1.0, 10_000.0**-0.5]
            expected = [
                wave(place * speed)
                for place in (column, row)
                for wave in (np.sin, np.cos)
                for speed in speeds
            ]
            np.testing.assert_allclose(
                received[0, 3 * row + column], expected, atol=1e-6
            )


@pytest.mark.parametrize("shape", [(1, 5, 8), (1, 6, 6)])
def test_refuses_what_does_not_fit(shape):
    with pytest.raises(ValueError, match="There must be 6 tokens.*Received"):
        GridPositions(2, 3).build(shape)
