import numpy as np
import pytest
from PIL import Image

from keras_nn.data import from_unpaired_pictures


def save(folder, greys, size=(4, 4)):
    folder.mkdir(parents=True, exist_ok=True)
    for k, grey in enumerate(greys):
        pixels = np.full((*size, 3), grey, "uint8")
        Image.fromarray(pixels).save(folder / f"{k:02d}.png")


def greys(split, side):
    pictures = split.arrays()[0][side]
    return [int(picture[0, 0, 0]) for picture in pictures]


def test_the_smaller_side_is_gone_through_again(tmp_path):
    save(tmp_path / "trainA", [1, 2, 3])
    save(tmp_path / "trainB", [101, 102, 103, 104, 105])
    save(tmp_path / "testA", [50])
    save(tmp_path / "testB", [150, 151])
    splits = from_unpaired_pictures(tmp_path, validation_fraction=0)
    assert sorted(greys(splits.train, "inputs")) == [1, 1, 2, 2, 3]
    assert sorted(greys(splits.train, "targets")) == [101, 102, 103, 104, 105]
    assert splits.validation is None
    assert greys(splits.test, "inputs") == [50, 50]
    back = from_unpaired_pictures(tmp_path, direction="BtoA")
    assert greys(back.test, "targets") == [50, 50]
    assert len(back.validation) == 1


def test_parts_are_drawn_from_each_side(tmp_path):
    save(tmp_path / "trainA", range(10))
    save(tmp_path / "trainB", range(100, 120))
    splits = from_unpaired_pictures(tmp_path, image_size=(6, 8))
    parts = (splits.train, splits.validation, splits.test)
    assert [len(part) for part in parts] == [16, 2, 2]
    assert splits.train.shape["inputs"] == (6, 8, 3)
    for side, count in (("inputs", 10), ("targets", 20)):
        found = [set(greys(part, side)) for part in parts]
        assert len(set.union(*found)) == sum(map(len, found)) == count


def test_says_what_is_wrong_with_a_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match="`trainA` and `trainB`"):
        from_unpaired_pictures(tmp_path / "no")
    save(tmp_path / "trainA", [1])
    with pytest.raises(ValueError, match="without trainB"):
        from_unpaired_pictures(tmp_path)
    save(tmp_path / "trainB", [2, 3, 4])
    with pytest.raises(ValueError, match="none for .*trainA|trainA"):
        from_unpaired_pictures(tmp_path)
    save(tmp_path / "testA", [1])
    with pytest.raises(ValueError, match="without testB"):
        from_unpaired_pictures(tmp_path)
    with pytest.raises(ValueError, match="`on_error` must be"):
        from_unpaired_pictures(tmp_path, on_error="ignore")
