import numpy as np
import pytest
from PIL import Image

from keras_nn.applications import ImageGenerator
from keras_nn.applications import WrongRequest
from keras_nn.applications.catalogue import get_recipe
from keras_nn.applications.generator_folders import read_pictures
from keras_nn.applications.recipe_data import choose_recipe

SETTINGS = {
    **ImageGenerator.default_settings(),
    "validation_fraction": 0.25,
    "test_fraction": 0.25,
}


def write(folder, count=4, size=(8, 6), mode="RGB"):
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        Image.new(mode, size, number).save(folder / f"{number}.png")


def read(path, name="digits-gan", **settings):
    recipe = get_recipe(ImageGenerator, name)
    return read_pictures(str(path), recipe, 0, {**SETTINGS, **settings})


def test_a_folder_of_pictures_or_with_one_folder_has_no_classes(tmp_path):
    write(tmp_path / "flat")
    write(tmp_path / "one" / "cats")
    (tmp_path / "flat" / ".cache").mkdir()
    for name in ("flat", "one"):
        splits = read(tmp_path / name)
        assert splits.num_classes is None and not np.any(splits.train.y)
        sizes = [len(getattr(splits, p)) for p in ("train", "validation")]
        assert sizes == [2, 1] and splits.train.shape == (6, 8, 3)
    assert read(tmp_path / "one", image_size=4).train.shape == (4, 4, 3)


def test_class_folders_give_labels_alone_and_in_folders_for_parts(tmp_path):
    for name in ("cats", "dogs"):
        write(tmp_path / "whole" / name)
        write(tmp_path / "parts" / "train" / name)
    assert read(tmp_path / "whole").class_names == ("cats", "dogs")
    assert read(tmp_path / "parts").class_names == ("cats", "dogs")


def test_a_folder_is_for_the_recipe_that_brings_no_data(tmp_path):
    recipe = choose_recipe(ImageGenerator, None, str(tmp_path))
    assert recipe.name == "pictures" and recipe.settings["image_size"] == 64


def test_says_what_it_takes(tmp_path):
    (tmp_path / "a.txt").write_text("words")
    with pytest.raises(WrongRequest, match="must be a folder.*a.txt"):
        read(tmp_path / "a.txt")
    with pytest.raises(ValueError, match="no readable picture.*png"):
        read(tmp_path)  # which digits need no files for, and it has none
    with pytest.raises(FileNotFoundError, match="(?s)mnist|images-idx3"):
        read(tmp_path, "mnist-vae")
    write(tmp_path / "some")
    write(tmp_path / "some" / "larger", size=(9, 9))
    with pytest.raises(ValueError, match="several sizes need `image_size"):
        read(tmp_path / "some")
