import numpy as np
import pytest
from sklearn import datasets

from keras_nn.data import load


def test_digits_are_pictures_of_0_to_255():
    splits = load("digits")
    parts = [splits.train, splits.validation, splits.test]
    assert [len(part) for part in parts] == [1294, 144, 359]
    pictures = np.concatenate([part.x for part in parts])
    assert pictures.shape == (1797, 8, 8, 1) and pictures.dtype == "uint8"
    assert pictures.min() == 0 and pictures.max() == 255

    # The same pictures as scikit-learn's, each once.
    ink = np.rint(pictures[..., 0] / 255 * 16).reshape(1797, 64)
    expected = datasets.load_digits().data
    order, expected_order = np.lexsort(ink.T), np.lexsort(expected.T)
    np.testing.assert_array_equal(ink[order], expected[expected_order])
    labels = np.concatenate([part.y for part in parts])
    np.testing.assert_array_equal(
        labels[order], datasets.load_digits().target[expected_order]
    )
    assert splits.class_names == tuple("0123456789")


@pytest.mark.parametrize(
    "name, count, features, classes",
    [
        ("iris", 150, 4, 3),
        ("wine", 178, 13, 3),
        ("breast-cancer", 569, 30, 2),
        ("diabetes", 442, 10, None),
    ],
)
def test_tables_are_whole(name, count, features, classes):
    splits = load(name)
    parts = [splits.train, splits.validation, splits.test]
    assert sum(len(part) for part in parts) == count
    rows = np.concatenate([part.x for part in parts])
    assert rows.shape == (count, features) and rows.dtype == "float32"
    assert len(splits.feature_names) == features
    assert splits.num_classes == classes
    assert splits.name == name and splits.source and splits.licence
    assert f"{len(splits.test)} examples, drawn" in splits.description
    assert splits.train.y.dtype == ("int64" if classes else "float32")


def test_the_test_set_is_stratified():
    counts = np.bincount(load("breast-cancer").test.y)
    assert counts.tolist() == [43, 71]  # of 212 and 357, times 0.2
