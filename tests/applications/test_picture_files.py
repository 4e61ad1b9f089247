import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.applications.picture_files import how_to_read
from keras_nn.applications.picture_files import labelled_pictures
from keras_nn.applications.picture_files import picture_files


@pytest.fixture
def folder(tmp_path):
    for name in ("b.png", "sub/a.jpg", ".hidden.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (4, 4)).save(path)
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


def test_finds_pictures_in_sub_folders_in_order(folder):
    expected = [str(folder / "b.png"), str(folder / "sub" / "a.jpg")]
    assert picture_files(folder) == expected
    assert picture_files(folder / "b.png") == expected[:1]


def test_names_the_picture_that_cannot_be_read(folder):
    (folder / "sub" / "bad.jpg").write_bytes(b"no jpeg")
    with pytest.raises(ValueError, match="1 unreadable of 3: .*bad.jpg"):
        picture_files(folder)


def test_refuses_what_is_not_there(folder):
    (folder / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="no such path.*none"):
        picture_files(folder / "none")
    with pytest.raises(ValueError, match="no picture in the folder.*empty"):
        picture_files(folder / "empty")


def test_labels_are_those_of_the_model(tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        for index in range(2):
            Image.new("RGB", (9, 9)).save(tmp_path / name / f"{index}.png")
    reading = {"image_size": (4, 5), "color_mode": "grayscale"}
    split = labelled_pictures(
        tmp_path, ["dog", "eel", "cat"], "raise", **reading
    )
    assert split.shape == (4, 5, 1)
    assert split.y.tolist() == [2, 2, 0, 0]
    with pytest.raises(ValueError, match=r"other classes, \['cat'\]"):
        labelled_pictures(tmp_path, ["dog"], "raise", **reading)


@pytest.mark.parametrize("shape", [(None, None, 3), (8, 8, 4)])
def test_refuses_networks_that_no_file_fits(shape):
    with pytest.raises(ValueError, match="call `predict_labels`"):
        how_to_read((None, *shape))


def test_shards_are_labelled_as_the_model_labels(tmp_path):
    examples = [(np.full((4, 4, 1), n, "uint8"), n % 2) for n in range(6)]
    data.write_shards(examples, tmp_path / "a", class_names=["dog", "cat"])
    split = labelled_pictures(
        tmp_path / "a", ["bird", "cat", "dog"], "raise", image_size=(4, 4)
    )
    assert split.y.tolist() == [2, 1] * 3
    data.write_shards(examples, tmp_path / "b")
    with pytest.raises(ValueError, match="must name the classes"):
        labelled_pictures(tmp_path / "b", ["cat", "dog"], "raise")
