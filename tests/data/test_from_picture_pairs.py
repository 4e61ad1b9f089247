import numpy as np
import pytest
from PIL import Image

from keras_nn import data

RNG = np.random.default_rng(0)


@pytest.fixture
def folder(tmp_path):
    for number in range(6):
        pixels = RNG.integers(0, 256, (20 + number, 30, 3), "uint8")
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    return tmp_path


def test_refuses_what_it_cannot_cut(folder):
    with pytest.raises(ValueError, match="at least 24 pixels.*Received"):
        data.from_picture_pairs(folder, side=24)
    with pytest.raises(ValueError, match="multiple of `scale`"):
        data.from_picture_pairs(folder, scale=5)
    with pytest.raises(ValueError, match="a picture for every part"):
        data.from_picture_pairs(folder, side=12, test_fraction=0.9)


def test_pairs_are_squares_of_different_pictures(folder):
    splits = data.from_picture_pairs(folder, scale=3, side=12, limit=10)
    assert splits.train.x.shape == (10, 4, 4, 3)
    assert splits.train.y.shape == (10, 12, 12, 3)
    pictures = [
        np.asarray(Image.open(file)) for file in sorted(folder.rglob("*.png"))
    ]

    def sources(split):
        found = set()
        for square in split.y:
            windows = [
                np.lib.stride_tricks.sliding_window_view(p, (12, 12, 3))
                for p in pictures
            ]
            found |= {
                i
                for i, w in enumerate(windows)
                if (w == square).all(axis=(-1, -2, -3)).any()
            }
        return found

    parts = [sources(s) for s in (splits.train, splits.validation, splits.test)]
    assert all(parts) and not parts[0] & parts[1] and not parts[0] & parts[2]


def test_one_seed_draws_the_same_squares(folder):
    one, two, other = (
        data.from_picture_pairs(folder, side=12, limit=5, seed=seed)
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one.train.y, two.train.y)
    assert not np.array_equal(one.train.y, other.train.y)
