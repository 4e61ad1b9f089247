import numpy as np
import pytest

from keras_nn.data import Split
from keras_nn.data import resample

Y = np.repeat([0, 1, 2], [50, 20, 5])
SPLIT = Split(np.arange(75), Y)


def test_over_keeps_every_example_and_evens_the_classes():
    more = resample(SPLIT, "over", seed=1)
    assert np.bincount(more.y).tolist() == [50, 50, 50]
    assert set(more.x) == set(range(75))
    np.testing.assert_array_equal(Y[more.x], more.y)


def test_under_repeats_nothing_and_evens_the_classes():
    fewer = resample(SPLIT, "under", seed=1)
    assert np.bincount(fewer.y).tolist() == [5, 5, 5]
    assert len(set(fewer.x)) == 15
    np.testing.assert_array_equal(Y[fewer.x], fewer.y)


@pytest.mark.parametrize("strategy", ["over", "under"])
def test_the_seed_decides_which_and_in_what_order(strategy):
    first = resample(SPLIT, strategy, seed=0).x
    np.testing.assert_array_equal(first, resample(SPLIT, strategy, seed=0).x)
    assert (first != resample(SPLIT, strategy, seed=1).x).any()


def test_refuses_what_it_cannot_do():
    with pytest.raises(ValueError, match="strategy='smote'"):
        resample(SPLIT, "smote")
    with pytest.raises(ValueError, match="float64"):
        resample(Split(np.zeros(2), np.zeros(2)))
