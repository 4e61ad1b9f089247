import numpy as np
import pytest
from PIL import Image

from keras_nn import data

RNG = np.random.default_rng(0)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "inner").mkdir()
    for number in range(6):
        place = tmp_path / ("inner" if number % 2 else ".")
        pixels = RNG.integers(0, 256, (20 + number, 30, 3), "uint8")
        Image.fromarray(pixels).save(place / f"{number}.png")
    return tmp_path


def test_pictures_of_sub_folders_are_found(folder):
    splits = data.from_pictures(folder, image_size=(8, 8))
    sizes = [len(splits.train), len(splits.validation), len(splits.test)]
    assert sizes == [4, 1, 1]
    assert splits.train.arrays()[0].shape == (4, 8, 8, 3)
    assert splits.class_names is None and not splits.train.y.any()


def test_what_cannot_be_read_is_refused(folder, tmp_path):
    with pytest.raises(FileNotFoundError, match="folder of pictures"):
        data.from_pictures(folder / "none")
    (folder / "bad.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match="1 unreadable of 7"):
        data.from_pictures(folder)
    with pytest.warns(UserWarning, match="Skipped 1"):
        data.from_pictures(folder, (8, 8), on_error="skip")
    (folder / "empty").mkdir()
    with pytest.raises(ValueError, match="no readable picture"):
        data.from_pictures(folder / "empty")
