import numpy as np
import pytest
from PIL import Image

from keras_nn.data import MaskReader


def saved(tmp_path, values, mode=None, name="mask.png"):
    image = Image.fromarray(np.asarray(values, "uint8"), mode)
    image.save(tmp_path / name)
    return str(tmp_path / name)


def test_grey_and_palette_files_hold_indices(tmp_path):
    values = [[0, 1, 2], [255, 2, 0]]
    grey = saved(tmp_path, values)
    np.testing.assert_array_equal(MaskReader(3)(grey), values)
    image = Image.fromarray(np.asarray(values, "uint8"))
    image = image.convert("P")
    image.putdata(np.ravel(values).tolist())
    image.putpalette([7, 8, 9] * 256)
    image.save(tmp_path / "palette.png")
    np.testing.assert_array_equal(
        MaskReader(3)(tmp_path / "palette.png"), values
    )


def test_black_and_white_is_background_and_foreground(tmp_path):
    path = saved(tmp_path, [[0, 255], [255, 255]])
    np.testing.assert_array_equal(MaskReader(2)(path), [[0, 1], [1, 1]])
    # Of more classes, 255 is what does not count.
    np.testing.assert_array_equal(MaskReader(3)(path), [[0, 255], [255, 255]])
    one_bit = Image.fromarray(np.array([[True, False]]))
    one_bit.save(tmp_path / "bits.png")
    np.testing.assert_array_equal(
        MaskReader(2)(tmp_path / "bits.png"), [[1, 0]]
    )


def test_colours_are_translated(tmp_path):
    values = [[[9, 9, 9], [1, 2, 3]], [[4, 5, 6], [1, 2, 3]]]
    path = saved(tmp_path, values)
    reader = MaskReader(2, None, ((1, 2, 3), (4, 5, 6)), ((9, 9, 9),))
    np.testing.assert_array_equal(reader(path), [[255, 0], [1, 0]])
    with pytest.raises(ValueError, match=r"\(9, 9, 9\) at row 0, column 0"):
        MaskReader(2, None, ((1, 2, 3), (4, 5, 6)))(path)
    with pytest.raises(ValueError, match="needs a colour for each class"):
        MaskReader(2)(path)


def test_is_scaled_without_inventing_classes(tmp_path):
    values = np.array([[0, 2], [2, 0]]).repeat(4, 0).repeat(4, 1)
    found = MaskReader(3, (5, 6))(saved(tmp_path, values))
    assert found.shape == (5, 6) and set(np.unique(found)) == {0, 2}


def test_refuses_an_unknown_class_and_a_damaged_file(tmp_path):
    path = saved(tmp_path, [[0, 7]])
    with pytest.raises(ValueError, match="class 7 in .*mask.png"):
        MaskReader(3)(path)
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(ValueError, match="Not a readable mask.*text.png"):
        MaskReader(3)(tmp_path / "text.png")
    with pytest.raises(ValueError, match="`num_classes` must lie"):
        MaskReader(1)
