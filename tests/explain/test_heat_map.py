import numpy as np

from keras_nn.explain.heat_map import colours
from keras_nn.explain.heat_map import overlay

GREY = np.full((2, 4, 3), 90, "uint8")


def test_colours_lie_between_their_anchors_and_are_clipped():
    low, middle, high = colours(np.array([-1.0, 0.5, 2.0])).tolist()
    assert (low, middle, high) == ([12, 7, 60], [203, 71, 119], [240, 249, 33])


def test_where_the_map_is_low_the_picture_shows_through():
    values = np.array([[0.0, 0, 1, 1]] * 2)
    seen = overlay(GREY, values, side=8)
    assert seen.shape == (4, 8, 3)
    np.testing.assert_array_equal(seen[:, 0], 90)
    expected = 0.3 * 90 + 0.7 * np.array([240, 249, 33])
    np.testing.assert_allclose(seen[:, -1], [expected] * 4, atol=0.5)
