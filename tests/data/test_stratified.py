import numpy as np
import pytest

from keras_nn.data import stratified_split
from keras_nn.data.stratified import random_split


@pytest.mark.parametrize("fraction", [0.1, 0.25, 0.37, 0.9])
def test_every_class_keeps_its_share(fraction):
    y = np.random.default_rng(1).choice(5, 1000, p=[0.5, 0.3, 0.1, 0.06, 0.04])
    stay, drawn = stratified_split(y, fraction, seed=2)
    assert sorted([*stay, *drawn]) == list(range(1000))
    assert len(drawn) == round(1000 * fraction)
    wanted = np.bincount(y) * fraction
    assert (np.abs(np.bincount(y[drawn]) - wanted) < 1).all()


def test_the_seed_decides_which():
    y = np.repeat([0, 1], 50)
    first = stratified_split(y, 0.5, seed=0)[1]
    np.testing.assert_array_equal(first, stratified_split(y, 0.5, seed=0)[1])
    assert (first != stratified_split(y, 0.5, seed=1)[1]).any()
    # Not simply the first of each class.
    assert first.max() > 75 and set(first) != set(range(25)) | set(
        range(50, 75)
    )


def test_labels_need_not_be_sorted_nor_start_at_zero():
    y = np.array([7, -3, 7, -3, 7, -3, 7, -3])
    stay, drawn = stratified_split(y, 0.5)
    assert np.sort(y[drawn]).tolist() == [-3, -3, 7, 7]


def test_the_last_example_of_a_class_stays():
    y = np.array([0] * 9 + [1])
    for seed in range(5):
        stay, _ = stratified_split(y, 0.5, seed)
        assert 9 in stay
    with pytest.raises(ValueError, match="Every class must keep an example"):
        stratified_split(np.arange(10), 0.5)


def test_a_random_split_forgets_nothing():
    stay, drawn = random_split(10, 0.3, seed=4)
    assert len(drawn) == 3
    assert sorted([*stay, *drawn]) == list(range(10))


@pytest.mark.parametrize("fraction", [0, 1, -0.5, 1.5])
def test_refuses_a_share_that_is_none(fraction):
    with pytest.raises(ValueError, match=f"Received: fraction={fraction}"):
        stratified_split([0, 0, 1, 1], fraction)


def test_refuses_an_empty_side_and_targets_that_are_no_classes():
    with pytest.raises(ValueError, match="fraction=0.1 of 4 examples"):
        random_split(4, 0.1)
    with pytest.raises(ValueError, match="float64"):
        stratified_split(np.array([0.5, 1.5, 2.5]), 0.5)
