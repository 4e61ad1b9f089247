import numpy as np
import pytest
from PIL import Image

from keras_nn.applications.picture_holes import box_hole
from keras_nn.applications.picture_holes import drawn_holes
from keras_nn.applications.picture_holes import pictures_with_holes
from keras_nn.applications.unknown_choice import WrongRequest


def save(path, shape=(6, 5), value=9):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full(shape, value, "uint8")).save(path)


def mask(value=255):
    found = np.zeros((6, 5), "uint8")
    found[1:3, 2:4] = value
    return found


def test_drawn_holes_are_rectangles_inside():
    holes = drawn_holes(50, 9, 12, seed=3)
    assert holes.shape == (50, 9, 12)
    for hole in holes:
        rows, columns = hole.any(axis=1), hole.any(axis=0)
        assert 3 <= rows.sum() <= 6 and 4 <= columns.sum() <= 8
        assert hole.sum() == rows.sum() * columns.sum()
    np.testing.assert_array_equal(holes, drawn_holes(50, 9, 12, seed=3))
    assert drawn_holes(5, 2, 2).any(axis=(1, 2)).all()


def test_a_box_leaves_its_right_and_bottom_out():
    hole = box_hole((2, 1, 4, 3), 6, 5)
    np.testing.assert_array_equal(hole, mask() > 0)
    for wrong in ((3, 1, 3, 2), (0, 0, 6, 2), (-1, 0, 2, 2)):
        with pytest.raises(WrongRequest, match="inside of the picture of 5x6"):
            box_hole(wrong, 6, 5)


@pytest.mark.parametrize("value", [255, 1])
def test_masks_lie_beside_pictures(tmp_path, value):
    save(tmp_path / "images" / "a.png")
    save(tmp_path / "masks" / "a.png")
    Image.fromarray(mask(value)).save(tmp_path / "masks" / "a.png")
    ((file, picture, hole),) = pictures_with_holes(tmp_path, "grayscale")
    assert file.endswith("a.png") and picture.shape == (6, 5, 1)
    np.testing.assert_array_equal(hole, mask() > 0)
    # A box comes before masks.
    ((_, _, hole),) = pictures_with_holes(
        tmp_path / "images", "rgb", (0, 0, 1, 1)
    )
    assert hole.sum() == 1


def test_transparent_parts_are_holes(tmp_path):
    pixels = np.full((6, 5, 4), 200, "uint8")
    pixels[..., 3] = 255 - mask()
    Image.fromarray(pixels).save(tmp_path / "a.png")
    ((_, picture, hole),) = pictures_with_holes(tmp_path / "a.png", "rgb")
    assert picture.shape == (6, 5, 3) and (picture[~hole] == 200).all()
    np.testing.assert_array_equal(hole, mask() > 0)


def test_says_what_is_wrong_with_a_mask(tmp_path):
    save(tmp_path / "images" / "a.png")
    with pytest.raises(WrongRequest, match="no transparency in .*a.png"):
        pictures_with_holes(tmp_path / "images", "rgb")
    save(tmp_path / "masks" / "a.png", (5, 5), 255)
    with pytest.raises(WrongRequest, match="5x5 for a picture of 5x6"):
        pictures_with_holes(tmp_path, "rgb")
    Image.fromarray(mask(120)).save(tmp_path / "masks" / "a.png")
    with pytest.raises(WrongRequest, match=r"white.*\[0, 120\] in .*a.png"):
        pictures_with_holes(tmp_path, "rgb")
    colour = np.stack([mask(), mask(0), mask(0)], axis=-1)
    Image.fromarray(colour).save(tmp_path / "masks" / "a.png")
    with pytest.raises(WrongRequest, match="A mask is white"):
        pictures_with_holes(tmp_path, "rgb")
    grey = np.stack([mask()] * 3, axis=-1)
    Image.fromarray(grey).save(tmp_path / "masks" / "a.png")
    ((_, _, hole),) = pictures_with_holes(tmp_path, "rgb")
    assert hole.sum() == 4
    save(tmp_path / "images" / "b.png")
    with pytest.raises(ValueError, match="b without"):
        pictures_with_holes(tmp_path, "rgb")
