import numpy as np
import pytest
from keras import ops

from keras_nn.layers import PowerMeanAggregation


@pytest.mark.parametrize(
    "power, mean", [(1.0, 3.5), (-1.0, 12 / 7), (2.0, 26**0.5)]
)
def test_means_of_several_powers(power, mean):
    rows, ids = ops.array([[1.0], [6.0]]), ops.array([0, 0])
    if power == 2.0:
        rows = ops.array([[4.0], [6.0]])
    y = PowerMeanAggregation(power)(rows, ids, num_segments=1)
    np.testing.assert_allclose(y, [[mean]], rtol=1e-5)


def test_refuses_no_power():
    with pytest.raises(ValueError, match="Received: power=0"):
        PowerMeanAggregation(0)
