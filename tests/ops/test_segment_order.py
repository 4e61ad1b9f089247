import numpy as np
import pytest

from keras_nn.ops import segment_median
from keras_nn.ops import segment_rows
from keras_nn.testing.backend import compiled

RANDOM = np.random.default_rng(0)
DATA = RANDOM.normal(size=(11, 2, 3)).astype("float32")
IDS = np.array([3, 0, 3, 1, 7, 3, 0, -1, 3, 1, 1], "int32")


@pytest.mark.parametrize("jit", [False, True])
def test_median_equals_a_loop(jit):
    y = compiled(lambda x: segment_median(*x, 5), [], jit=jit)((DATA, IDS))
    for segment in range(5):
        rows = np.sort(DATA[segment == IDS], axis=0)
        expected = rows[(len(rows) - 1) // 2] if len(rows) else 0.0
        np.testing.assert_array_equal(y[segment], expected + np.zeros((2, 3)))


def test_no_rows_have_no_median():
    assert not np.asarray(segment_median(DATA[:0], IDS[:0], 3)).any()


@pytest.mark.parametrize("jit", [False, True])
def test_the_first_rows_stand_side_by_side(jit):
    run = compiled(lambda x: segment_rows(*x, 5, 3), [], jit=jit)
    rows, there = map(np.asarray, run((DATA, IDS)))
    for segment in range(5):
        expected = DATA[segment == IDS][:3]
        np.testing.assert_array_equal(rows[segment, : len(expected)], expected)
        assert not rows[segment, len(expected) :].any()
        assert there[segment].sum() == len(expected)
