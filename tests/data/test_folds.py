import numpy as np
import pytest

from keras_nn.data import Split
from keras_nn.data import folds


@pytest.mark.parametrize("stratify", [True, False])
@pytest.mark.parametrize("k", [2, 3, 7, 23])
def test_every_example_is_in_one_test_part(k, stratify):
    split = Split(np.arange(23), np.repeat([0, 1, 2], [2, 9, 12]))
    parts = folds(split, k, seed=5, stratify=stratify)
    tested = np.concatenate([test.x for _, test in parts])
    assert sorted(tested) == list(range(23))
    for train, test in parts:
        assert sorted([*train.x, *test.x]) == list(range(23))
        assert len(test) in (23 // k, 23 // k + 1)
        np.testing.assert_array_equal(test.y, split.y[test.x])


def test_each_class_is_shared_out_evenly():
    y = np.repeat([0, 1, 2], [10, 23, 5])
    counts = np.array(
        [
            np.bincount(test.y, minlength=3)
            for _, test in folds(Split(np.arange(38), y), 4)
        ]
    )
    assert (np.ptp(counts, axis=0) <= 1).all()


def test_the_seed_draws_the_folds():
    split = Split(np.arange(40), np.arange(40) % 2)
    first, same, other = (
        folds(split, 4, seed)[0][1].x.tolist() for seed in (1, 1, 2)
    )
    assert first == same != other


def test_refuses_what_cannot_be():
    split = Split(np.arange(5), np.array([0, 0, 0, 0, 1]))
    with pytest.raises(ValueError, match="k=1 and 5 examples"):
        folds(split, 1)
    with pytest.raises(ValueError, match="k=6 and 5 examples"):
        folds(split, 6)
    with pytest.raises(ValueError, match="one example of class 1"):
        folds(split, 2)
    with pytest.raises(ValueError, match="stratify=False"):
        folds(Split(np.arange(4), np.arange(4.0)), 2)
