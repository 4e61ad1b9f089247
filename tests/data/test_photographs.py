import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.data.photographs import ROWS
from keras_nn.data.photographs import crops


def test_parts_come_from_different_columns():
    splits = data.load("photographs")
    assert splits.train.shape == (64, 64, 3)
    assert set(splits.train.y) == set(splits.test.y) == {0, 1}
    china = data.photograph("china")[:ROWS]
    for part, start, stop in (("train", 0, 224), ("test", 224, 352)):
        piece = Image.fromarray(china[:, start:stop])
        half = piece.resize(
            ((stop - start) // 2, 210), Image.Resampling.BICUBIC
        )
        found = getattr(splits, part).x[0]
        np.testing.assert_array_equal(found, np.asarray(half)[:64, :64])
    assert len(splits.validation) == len(splits.test) == 6
    with pytest.raises(ValueError, match="read-only"):
        china[0] = 0


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_pairs_are_reduced_as_pillow_does(scale):
    splits = data.load(f"photographs-x{scale}")
    assert splits.train.y.shape[1:] == (48, 48, 3)
    assert splits.train.shape == (48 // scale, 48 // scale, 3)
    assert splits.test.y.shape == (2, 420, 156, 3)
    expected = Image.fromarray(splits.test.y[1]).resize(
        (156 // scale, 420 // scale), Image.Resampling.BICUBIC
    )
    np.testing.assert_array_equal(splits.test.x[1], expected)


def test_crops_tile_a_picture():
    picture = np.arange(36).reshape(6, 6, 1)
    assert crops(picture, 2, 2).shape == (9, 2, 2, 1)
    assert crops(picture, 2, 2)[1].ravel().tolist() == [2, 3, 8, 9]


def test_unknown_photographs_are_refused():
    with pytest.raises(ValueError, match="Received: 'cat'"):
        data.photograph("cat")
