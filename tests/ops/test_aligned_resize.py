import numpy as np
import pytest

from keras_nn.ops import aligned_resize


@pytest.mark.parametrize("sides", [(7, 3), (2, 9), (1, 1)])
def test_equals_interpolation_along_each_side(sides):
    x = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype("float32")

    def along(values, count):
        places = np.linspace(0, len(values) - 1, count)
        return np.interp(places, np.arange(len(values)), values)

    expected = np.apply_along_axis(along, 1, x, sides[0])
    expected = np.apply_along_axis(along, 2, expected, sides[1])
    np.testing.assert_allclose(aligned_resize(x, *sides), expected, atol=1e-5)


def test_one_pixel_fills_the_map():
    y = aligned_resize(np.full((1, 1, 1, 2), 3.0, "float32"), 2, 4)
    np.testing.assert_array_equal(y, np.full((1, 2, 4, 2), 3.0))
