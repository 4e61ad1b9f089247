import numpy as np
import pytest
from scipy.ndimage import label

from keras_nn.data import photograph
from keras_nn.explain import superpixels


def test_regions_are_connected_numbered_and_about_as_many():
    picture = photograph("flower")[::6, ::6]
    regions = superpixels(picture, count=50)
    assert regions.shape == (*picture.shape[:2], 1)
    numbers = np.unique(regions)
    np.testing.assert_array_equal(numbers, np.arange(len(numbers)))
    assert 25 <= len(numbers) <= 75
    for number in numbers:
        assert label(regions[..., 0] == number)[1] == 1


def left_over(regions, picture):
    """Variance of colours within regions."""
    flat, x = regions.ravel(), picture.reshape(-1, picture.shape[-1])
    sizes = np.bincount(flat)[:, None]
    sums = np.stack([np.bincount(flat, c) for c in x.T], axis=1)
    return np.square(x - (sums / sizes)[flat]).mean()


def test_they_follow_edges_where_squares_do_not():
    y, x = np.mgrid[:60, :60] - 29.5
    disc = 100.0 + 100 * (y**2 + x**2 < 21**2)
    picture = np.repeat(disc[..., None], 3, axis=-1)
    ours = superpixels(picture, count=36)
    grid = np.indices((60, 60)) // 10
    squares = grid[0] * 6 + grid[1]
    assert left_over(ours, picture) < 0.2 * left_over(squares, picture)


def test_one_colour_gives_squares_and_grey_pictures_do():
    flat = superpixels(np.full((12, 12, 1), 7), count=9)
    assert np.bincount(flat.ravel()).tolist() == [16] * 9


def test_refuses_no_picture():
    with pytest.raises(ValueError, match="Received: count=0"):
        superpixels(np.zeros((4, 4, 3)), count=0)
    with pytest.raises(ValueError, match="Received: shape .4, 4"):
        superpixels(np.zeros((4, 4)))
