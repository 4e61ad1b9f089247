import keras
import numpy as np
import pytest

from keras_nn.models.gan.augmentation_moves import drawn_colours
from keras_nn.models.gan.augmentation_moves import drawn_places


def places(p, groups, height=8, width=8, count=400):
    seed = keras.random.SeedGenerator(0)
    return np.asarray(drawn_places(count, height, width, p, groups, seed))


@pytest.mark.parametrize("groups", [("blit",), ("geometry",)])
def test_a_share_of_the_pictures_is_moved(groups):
    unit = np.eye(3)
    still = places(0.0, groups)
    np.testing.assert_array_equal(still, np.broadcast_to(unit, still.shape))
    some, most = (
        np.abs(places(p, groups) - unit).max((1, 2)) > 0 for p in (0.1, 0.9)
    )
    assert 0.1 < some.mean() < 0.5 < 0.9 < most.mean()


def test_whole_moves_are_whole():
    found = places(1.0, ("blit",))
    corner = found[:, :2, :2]
    np.testing.assert_allclose(np.abs(np.linalg.det(corner)), 1, atol=1e-6)
    assert set(np.unique(corner.round(6) + 0.0)) == {-1.0, 0.0, 1.0}
    pixels = found[:, :2, 2] * 4  # of 8: at most one pixel
    np.testing.assert_allclose(pixels, pixels.round(), atol=1e-6)
    assert np.abs(pixels).max() == 1
    wide = places(1.0, ("blit",), width=16)[:, :2, :2]
    assert np.abs(wide[:, 0, 1]).max() == 0  # not turned by quarters


def test_every_move_is_as_likely_as_its_opposite():
    found = places(1.0, ("blit",), count=4000)[:, :2, :2].round()
    kinds, counts = np.unique(found, axis=0, return_counts=True)
    assert len(kinds) == 8  # the symmetries of a square
    assert counts.min() > 0.8 * 500


def test_colours_keep_greys_grey_but_hue_turns_the_others():
    seed = keras.random.SeedGenerator(0)
    found = np.asarray(drawn_colours(300, 3, 1.0, seed))
    grey = np.einsum("nij,j->ni", found, [0.3, 0.3, 0.3, 1.0])[:, :3]
    np.testing.assert_allclose(grey, grey[:, :1].repeat(3, 1), atol=1e-4)
    np.testing.assert_allclose(found[:, 3], [[0, 0, 0, 1]] * 300)
    assert np.abs(np.linalg.det(found)).min() > 1e-3  # nothing is lost
    np.testing.assert_array_equal(
        np.asarray(drawn_colours(5, 3, 0.0, seed)), np.stack([np.eye(4)] * 5)
    )
