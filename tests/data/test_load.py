import numpy as np
import pytest

from keras_nn.data import load
from keras_nn.data import names


def test_knows_its_names():
    assert names() == [
        "bccd",
        "breast-cancer",
        "cifar10",
        "cifar100",
        "communities",
        "cora",
        "cycles-or-not",
        "diabetes",
        "digit-patterns",
        "digits",
        "digits-in-ink",
        "docstring-summaries",
        "docstrings",
        "esol",
        "fashion-mnist",
        "iris",
        "isbi2012",
        "karate-club",
        "mnist",
        "molecules-like",
        "moving-shapes",
        "multi30k-en-de",
        "mutag",
        "photographs",
        "photographs-x2",
        "photographs-x3",
        "photographs-x4",
        "python-docs",
        "python-names",
        "rt-polarity",
        "shaded-shapes",
        "shapes",
        "shapes-boxes",
        "shapes-labels",
        "signature-questions",
        "tinyshakespeare",
        "two-moons",
        "wine",
        "wnut17",
        "written-numbers",
    ]


def test_the_validation_set_is_drawn_from_the_training_set_by_seed():
    whole = load("iris", validation_fraction=0)
    assert whole.validation is None and len(whole.train) == 120
    first, again, other = (
        load("iris", seed=seed, validation_fraction=0.25) for seed in (0, 0, 1)
    )
    assert np.bincount(first.validation.y).tolist() == [10, 10, 10]
    assert len(first.train) == 90
    np.testing.assert_array_equal(first.validation.x, again.validation.x)
    assert (first.validation.x != other.validation.x).any()
    np.testing.assert_array_equal(first.test.x, other.test.x)
    assert "30 of the 120 training examples, drawn with seed=0" in (
        first.description
    )


def test_refuses_an_unknown_name_and_a_path_for_a_carried_set():
    with pytest.raises(
        ValueError, match="wnut17, written-numbers. Received: 'digit'"
    ):
        load("digit")
    with pytest.raises(ValueError, match="Received: path='somewhere'"):
        load("digits", path="somewhere")


def test_masks_are_no_classes_to_keep_the_share_of():
    splits = load("shapes", validation_fraction=0.25)
    assert [len(s) for s in (splits.train, splits.validation, splits.test)] == [
        600,
        200,
        200,
    ]
    assert splits.num_classes == 4
