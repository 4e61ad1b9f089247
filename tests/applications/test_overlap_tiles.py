import numpy as np
import pytest

from keras_nn.applications.overlap_tiles import overlap_tiles
from keras_nn.applications.overlap_tiles import tile_starts

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("size", [(3, 5), (8, 8), (9, 21), (40, 17)])
@pytest.mark.parametrize("overlap", [0.0, 0.5])
def test_what_looks_at_single_pixels_sees_the_picture(size, overlap):
    picture = RNG.random((*size, 2))
    found = overlap_tiles(lambda tiles: 2 * tiles, picture, (8, 8), overlap)
    assert found.shape == (*size, 2) and found.dtype == "float32"
    np.testing.assert_allclose(found, 2 * picture, rtol=1e-6)


def test_the_middle_of_a_tile_counts_more_than_its_edge():
    seen = iter(range(100))

    def number(tiles):
        return np.full((*tiles.shape[:3], 1), next(seen), "float32")

    found = overlap_tiles(number, np.zeros((8, 12, 1)), (8, 8), 0.5)[0, :, 0]
    assert (found[:4] == 0).all() and (found[8:] == 1).all()
    assert (np.diff(found[3:9]) > 0).all()


def test_tiles_cover_the_whole_axis():
    for size in range(4, 60):
        starts = tile_starts(size, 8, 0.25)
        covered = {p for s in starts for p in range(s, s + 8)}
        assert set(range(size)) <= covered
        assert size <= 8 or max(covered) == size - 1


def test_rejects_an_overlap_of_one():
    with pytest.raises(ValueError, match="`overlap` must lie"):
        overlap_tiles(None, np.zeros((8, 8, 1)), (4, 4), 1.0)
