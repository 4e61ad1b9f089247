import pytest

from keras_nn.data.class_folders import find_class_names
from keras_nn.data.class_folders import find_parts
from keras_nn.data.class_folders import find_pictures


def make(root, *files):
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return root


def test_a_folder_of_class_folders_is_one_part(tmp_path):
    make(tmp_path, "dog/1.jpg", "cat/1.jpg", ".git/x", "__MACOSX/y", "README")
    parts = find_parts(tmp_path)
    assert parts == {"train": tmp_path}
    assert find_class_names(parts) == ["cat", "dog"]


@pytest.mark.parametrize("name", ["validation", "val", "valid", "Val"])
def test_folders_for_the_parts_are_known_by_their_usual_names(tmp_path, name):
    make(tmp_path, "train/a/1.jpg", "train/b/1.jpg", f"{name}/a/1.jpg")
    make(tmp_path, "test/b/1.jpg")
    parts = find_parts(tmp_path)
    assert parts == {
        "train": tmp_path / "train",
        "validation": tmp_path / name,
        "test": tmp_path / "test",
    }
    assert find_class_names(parts) == ["a", "b"]


def test_pictures_are_sorted_and_nothing_else_is_taken(tmp_path):
    make(tmp_path, "b.PNG", "a.jpeg", "._a.jpeg", ".DS_Store", "notes.txt")
    names = [path.name for path in find_pictures(tmp_path)]
    assert names == ["a.jpeg", "b.PNG"]


def test_pictures_that_are_not_read_are_counted(tmp_path):
    make(tmp_path, "a.jpg", "b.HEIC", "c.heic", "d.avif", "notes.txt")
    with pytest.warns(UserWarning, match="1 of .avif, 2 of .heic in"):
        assert len(find_pictures(tmp_path)) == 1


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="Received: .*none"):
        find_parts(tmp_path / "none")
    with pytest.raises(ValueError, match="no folder in it and no file"):
        find_parts(tmp_path)
    make(tmp_path, "1.jpg", "2.jpg", "3.png")
    with pytest.raises(ValueError, match="and 2 of .jpg, 1 of .png"):
        find_parts(tmp_path)


def test_a_single_class_is_refused(tmp_path):
    make(tmp_path, "cat/1.jpg")
    with pytest.raises(ValueError, match="two classes.*with cat"):
        find_class_names(find_parts(tmp_path))


def test_parts_beside_other_folders_are_refused(tmp_path):
    make(tmp_path, "train/a/1.jpg", "train/b/1.jpg", "cat/1.jpg")
    with pytest.raises(ValueError, match="Received: cat, train"):
        find_parts(tmp_path)


def test_a_class_without_training_pictures_is_refused(tmp_path):
    make(tmp_path, "train/a/1.jpg", "train/b/1.jpg", "test/c/1.jpg")
    with pytest.raises(ValueError, match="must have a folder.*Received: c"):
        find_class_names(find_parts(tmp_path))


def test_folders_below_a_class_are_refused(tmp_path):
    make(tmp_path, "images/cat/1.jpg")
    with pytest.raises(ValueError, match="images with the folder cat"):
        find_pictures(tmp_path / "images")
