import numpy as np
from scipy.ndimage import distance_transform_edt

from keras_nn.ops import squared_distance


def test_equals_scipy():
    mask = np.random.default_rng(0).random((2, 9, 14)) < 0.1
    expected = [distance_transform_edt(~m) ** 2 for m in mask]
    np.testing.assert_allclose(squared_distance(mask), expected, rtol=1e-5)


def test_a_lonely_pixel_and_no_pixel_at_all():
    mask = np.zeros((5, 5))
    mask[2, 2] = 1
    y, x = np.mgrid[:5, :5]
    expected = (y - 2.0) ** 2 + (x - 2.0) ** 2
    np.testing.assert_array_equal(squared_distance(mask), expected)
    assert np.min(squared_distance(np.zeros((3, 4)))) >= 1e9
