import numpy as np
import pytest

from keras_nn.ops import sine_map


def test_equals_loops_over_cells():
    found = sine_map(3, 4, 8)
    for i in range(3):
        for j in range(4):
            for at, count, start in ((i, 3, 0), (j, 4, 4)):
                angle = 2 * np.pi * (at + 1) / count
                for k in range(2):
                    phase = angle / 10_000 ** (2 * k / 4)
                    pair = found[i, j, start + 2 * k : start + 2 * k + 2]
                    expected = [np.sin(phase), np.cos(phase)]
                    np.testing.assert_allclose(pair, expected, atol=1e-5)


def test_needs_four_features():
    with pytest.raises(ValueError, match="multiple of 4.*features=6"):
        sine_map(2, 2, 6)
