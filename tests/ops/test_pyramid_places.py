import numpy as np

from keras_nn.ops import pyramid_anchors
from keras_nn.ops import pyramid_points


def test_places_of_an_odd_size_are_those_of_padded_convolutions():
    points, strides = pyramid_points((10, 15), [4, 8])
    assert len(points) == 3 * 4 + 2 * 2
    assert points[5].tolist() == [6.0, 6.0] and points[-1].tolist() == [12, 12]
    assert strides.tolist() == [4.0] * 12 + [8.0] * 4


def test_anchors_have_the_areas_and_ratios_that_are_asked_for():
    scales, ratios = [1.0, 2.0], [0.5, 1.0, 4.0]
    anchors = pyramid_anchors((8, 8), [4], 3.0, scales, ratios)
    points, _ = pyramid_points((8, 8), [4])
    assert anchors.shape == (4 * 6, 4)
    for place, point in enumerate(points):
        for s, scale in enumerate(scales):
            for r, ratio in enumerate(ratios):
                x0, y0, x1, y1 = anchors[place * 6 + s * 3 + r]
                width, height = x1 - x0, y1 - y0
                np.testing.assert_allclose(height / width, ratio, rtol=1e-4)
                np.testing.assert_allclose(
                    height * width, (4 * 3.0 * scale) ** 2, rtol=1e-4
                )
                np.testing.assert_allclose(
                    [(x0 + x1) / 2, (y0 + y1) / 2], point, atol=1e-4
                )
