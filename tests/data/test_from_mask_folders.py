import numpy as np
import pytest
from PIL import Image

from keras_nn.data import from_mask_folders

RNG = np.random.default_rng(0)


def write(folder, count=10, size=(6, 8), classes=3, mode="RGB"):
    for side in ("images", "masks"):
        (folder / side).mkdir(parents=True)
    for number in range(count):
        picture = RNG.integers(0, 256, (*size, 3)).astype("uint8")
        Image.fromarray(picture).convert(mode).save(
            folder / "images" / f"{number}.png"
        )
        mask = RNG.integers(0, classes, size).astype("uint8")
        Image.fromarray(mask).save(folder / "masks" / f"{number}.png")
    return folder


def test_pairs_by_name_and_draws_the_parts(tmp_path):
    write(tmp_path)
    splits = from_mask_folders(tmp_path, validation_fraction=0.2)
    assert [len(s) for s in (splits.train, splits.validation, splits.test)] == [
        7,
        2,
        1,
    ]
    assert splits.class_names == ("class 0", "class 1", "class 2")
    for path, mask in zip(splits.train.x, splits.train.y, strict=True):
        other = np.asarray(Image.open(path.replace("images", "masks")))
        np.testing.assert_array_equal(mask, other)
    x, y = next(iter(splits.train.batches(4)))
    assert x.shape == (4, 6, 8, 3) and y.shape == (4, 6, 8)
    assert y.dtype == "uint8"


def test_folders_of_parts_and_names_of_classes(tmp_path):
    for part in ("train", "test"):
        write(tmp_path / part, 4, mode="LA")
    (tmp_path / "classes.txt").write_text("sky\nold tree\n\nroad\n")
    splits = from_mask_folders(tmp_path, (12, 16), validation_fraction=0.25)
    assert splits.class_names == ("sky", "old tree", "road")
    assert len(splits.train) == 3 and len(splits.test) == 4
    assert splits.train.y.shape == (3, 12, 16)
    assert splits.train.shape == (12, 16, 1)  # grey with alpha is grey


def test_colours_of_classes(tmp_path):
    write(tmp_path)
    for file in (tmp_path / "masks").iterdir():
        values = np.asarray(Image.open(file))
        colours = np.array([[0, 0, 0], [9, 0, 1], [255, 255, 255]], "uint8")
        Image.fromarray(colours[values]).save(file)
    with pytest.raises(ValueError, match="classes.txt names them"):
        from_mask_folders(tmp_path)
    (tmp_path / "classes.txt").write_text(
        "sky 0 0 0\nroad 9 0 1\nvoid 255 255 255\n"
    )
    splits = from_mask_folders(tmp_path)
    assert splits.class_names == ("sky", "road")
    assert set(np.unique(splits.train.y)) == {0, 1, 255}
    (tmp_path / "classes.txt").write_text("sky 0 0 0\nroad\n")
    with pytest.raises(ValueError, match="1 colours of 2 classes"):
        from_mask_folders(tmp_path)


def test_black_and_white_masks_are_of_two_classes(tmp_path):
    write(tmp_path, classes=2)
    for file in (tmp_path / "masks").iterdir():
        Image.fromarray(np.asarray(Image.open(file)) * 255).save(file)
    splits = from_mask_folders(tmp_path)
    assert splits.class_names == ("background", "foreground")
    assert set(np.unique(splits.train.y)) == {0, 1}


def test_a_mask_with_an_unknown_class_is_refused(tmp_path):
    write(tmp_path)
    with pytest.raises(ValueError, match="classes below 2.*class 2 in"):
        from_mask_folders(tmp_path, class_names=["a", "b"])


def test_a_mask_of_another_size_is_refused(tmp_path):
    write(tmp_path)
    Image.new("L", (8, 7)).save(tmp_path / "masks" / "3.png")
    with pytest.raises(ValueError, match="6x8 and .*3.png of 7x8"):
        from_mask_folders(tmp_path)


def test_pictures_of_several_sizes_need_a_size(tmp_path):
    write(tmp_path)
    for side in ("images", "masks"):
        Image.new("L", (9, 9)).save(tmp_path / side / "3.png")
    with pytest.raises(ValueError, match="several sizes need `image_size"):
        from_mask_folders(tmp_path)
    assert from_mask_folders(tmp_path, (4, 4)).train.y.shape == (8, 4, 4)


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="images and masks"):
        from_mask_folders(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="without images"):
        from_mask_folders(tmp_path)
    write(tmp_path / "one", 2)
    (tmp_path / "one" / "masks" / "1.png").unlink()
    with pytest.raises(ValueError, match="Received: 1 without"):
        from_mask_folders(tmp_path / "one")
    write(tmp_path / "none", 0)
    with pytest.raises(ValueError, match="none in .*images"):
        from_mask_folders(tmp_path / "none")


def test_damaged_files_are_named_or_skipped(tmp_path):
    write(tmp_path)
    (tmp_path / "masks" / "3.png").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="1 unreadable of 20"):
        from_mask_folders(tmp_path)
    with pytest.warns(UserWarning, match="Skipped 1 unreadable"):
        splits = from_mask_folders(tmp_path, on_error="skip", test_fraction=0)
    assert len(splits.train) + len(splits.validation) == 9


def test_a_mask_in_jpeg_is_refused(tmp_path):
    write(tmp_path, 2)
    mask = tmp_path / "masks" / "1.png"
    Image.open(mask).save(mask.with_suffix(".jpg"))
    mask.unlink()
    with pytest.raises(ValueError, match="JPEG changes the class indices"):
        from_mask_folders(tmp_path)
