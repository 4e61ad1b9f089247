import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_nn.data import from_directory


def fill(folder, count, size=(12, 9), mode="RGB", suffix="jpg", seed=0):
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(seed)
    shape = size[::-1] + ((3,) if mode == "RGB" else ())
    for number in range(count):
        pixels = generator.integers(0, 256, shape, "uint8")
        Image.fromarray(pixels).save(folder / f"{number:03}.{suffix}")


@pytest.fixture
def animals(tmp_path):
    for seed, name in enumerate(["dog", "cat"]):
        fill(tmp_path / name, 50, seed=seed)
    return tmp_path


def test_pictures_and_labels_are_those_of_the_files(animals):
    splits = from_directory(animals, validation_fraction=0, test_fraction=0)
    assert splits.validation is None and splits.test is None
    assert splits.class_names == ("cat", "dog") and splits.num_classes == 2
    assert splits.name == animals.name
    x, y = splits.train.arrays()
    assert x.shape == (100, 9, 12, 3) and x.dtype == "uint8"
    for picture, label, path in zip(x, y, splits.train.x, strict=True):
        assert f"/{splits.class_names[label]}/" in path
        expected = tf.io.decode_jpeg(
            tf.io.read_file(path), 3, dct_method="INTEGER_ACCURATE"
        )
        np.testing.assert_array_equal(picture, expected)


def test_splits_are_disjoint_stratified_and_drawn_by_seed(animals):
    splits = from_directory(animals, test_fraction=0.2)
    parts = [splits.train, splits.validation, splits.test]
    counts = [np.bincount(part.y).tolist() for part in parts]
    assert counts == [[35, 35], [5, 5], [10, 10]]
    assert len({path for part in parts for path in part.x}) == 100
    again = from_directory(animals, test_fraction=0.2)
    assert again.test.x.tolist() == splits.test.x.tolist()
    other = from_directory(animals, test_fraction=0.2, seed=1)
    assert set(other.test.x) != set(splits.test.x)
    assert "train 70, test 20, validation 10" in splits.description


def test_parts_with_folders_are_taken_as_they_are(tmp_path):
    for name in ("a", "b"):
        fill(tmp_path / "train" / name, 20)
        fill(tmp_path / "test" / name, 3)
    splits = from_directory(tmp_path)
    assert [len(splits.train), len(splits.validation)] == [36, 4]
    assert len(splits.test) == 6
    assert all("/test/" in path for path in splits.test.x)
    fill(tmp_path / "val" / "a", 2)
    splits = from_directory(tmp_path)
    assert [len(splits.train), len(splits.validation)] == [40, 2]


def test_batches_of_files_are_shuffled_and_scaled(animals):
    splits = from_directory(animals, image_size=(8, 10), color_mode="grayscale")
    dataset = splits.train.batches(32, shuffle=True, seed=1)
    assert dataset.cardinality() == 3
    assert dataset.element_spec[0].shape == (None, 8, 10, 1)
    labels = [
        np.concatenate([y for _, y in dataset.as_numpy_iterator()]).tolist()
        for _ in range(2)
    ]
    assert labels[0] != labels[1]
    assert sorted(labels[0]) == sorted(labels[1]) == [0] * 40 + [1] * 40


def test_colour_is_inferred(tmp_path):
    fill(tmp_path / "a", 10, mode="L", suffix="png")
    fill(tmp_path / "b", 10, mode="L")
    assert from_directory(tmp_path).train.shape == (9, 12, 1)
    fill(tmp_path / "b", 1, mode="RGB", suffix="png")
    assert from_directory(tmp_path).train.shape == (9, 12, 3)


def test_one_corrupt_jpeg_among_100_is_named_and_skipped_if_asked(animals):
    bad = animals / "dog" / "017.jpg"
    bad.write_bytes(bad.read_bytes()[:-40])
    with pytest.raises(ValueError, match="1 unreadable of 100\n.*017.jpg"):
        from_directory(animals)
    with pytest.warns(UserWarning, match="Skipped 1 .*of 100 .*\n.*017.jpg"):
        splits = from_directory(animals, on_error="skip")
    parts = [splits.train, splits.validation, splits.test]
    assert sum(len(part) for part in parts) == 99
    assert not any(str(bad) in part.x for part in parts)


def test_every_corrupt_picture_is_named(animals):
    for number in (3, 4):
        (animals / "cat" / f"00{number}.jpg").write_bytes(b"")
    with pytest.raises(ValueError, match="(?s)2 unreadable.*003.*004"):
        from_directory(animals)


def test_several_sizes_need_one_to_be_chosen(animals):
    fill(animals / "cat", 1, size=(20, 10))
    with pytest.raises(ValueError, match="2 sizes, among them 10x20, 9x12"):
        from_directory(animals)
    shape = from_directory(animals, image_size=(16, 16)).train.shape
    assert shape == (16, 16, 3)


def test_a_class_or_a_part_without_pictures_is_refused(tmp_path):
    fill(tmp_path / "train" / "a", 4)
    (tmp_path / "train" / "b").mkdir()
    (tmp_path / "train" / "b" / "notes.txt").touch()
    with pytest.raises(ValueError, match="Received: none in b"):
        from_directory(tmp_path)
    fill(tmp_path / "train" / "b", 4)
    (tmp_path / "test").mkdir()
    with pytest.raises(ValueError, match="none in .*test"):
        from_directory(tmp_path)


def test_too_few_pictures_for_a_split_are_refused(tmp_path):
    for name in ("a", "b"):
        fill(tmp_path / name, 2)
    with pytest.raises(ValueError, match="fraction=0.1 of 4 examples"):
        from_directory(tmp_path)


def test_refuses_an_unknown_way_with_errors(animals):
    with pytest.raises(ValueError, match="on_error='ignore'"):
        from_directory(animals, on_error="ignore")
