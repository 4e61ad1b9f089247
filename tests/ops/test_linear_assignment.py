import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.ops import linear_assignment

optimize = pytest.importorskip("scipy.optimize", reason="scipy is absent")
RNG = np.random.default_rng(0)


def assigned(costs, valid=None):
    return ops.convert_to_numpy(linear_assignment(costs, valid))


def total(costs, found):
    """What an assignment costs; checks that no object has two places."""
    there = found >= 0
    assert len(set(found[there])) == there.sum()
    return costs[np.flatnonzero(there), found[there]].sum()


@pytest.mark.parametrize("shape", [(12, 5), (7, 7), (3, 1)])
@pytest.mark.parametrize("kind", ["uniform", "ties", "negative"])
def test_costs_no_more_than_scipy_s(shape, kind):
    costs = RNG.uniform(size=(8, *shape)).astype("float32")
    if kind == "ties":
        costs = np.round(3 * costs)
    if kind == "negative":
        costs = 10 * costs - 8
    valid = RNG.random((8, shape[1])) < 0.7
    valid[0], valid[1] = True, False
    for row, some, where in zip(
        assigned(costs, valid), costs, valid, strict=True
    ):
        best = some[:, where]
        expected = best[optimize.linear_sum_assignment(best)].sum()
        assert set(row[row >= 0]) == set(np.flatnonzero(where))
        assert total(some, row) == pytest.approx(expected, abs=1e-4)


def test_an_object_moves_for_another_one():
    # Greedy takes (0, 0) for 1 and leaves 9 for the other object.
    costs = np.array([[[1.0, 2.0], [2.0, 9.0], [8.0, 8.0]]], "float32")
    assert assigned(costs).tolist() == [[1, 0, -1]]


def test_runs_inside_a_compiled_step():
    costs = RNG.uniform(size=(3, 6, 4)).astype("float32")
    expected = assigned(costs)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        for jit in (False, True):
            found = tf.function(linear_assignment, jit_compile=jit)(costs)
            np.testing.assert_array_equal(found, expected)


def test_costs_that_are_no_numbers_come_last():
    costs = np.array([[[np.nan], [np.inf], [3.0]]], "float32")
    assert assigned(costs).tolist() == [[-1, -1, 0]]
    assert sorted(assigned(np.full((1, 2, 2), np.nan))[0]) == [0, 1]


def test_more_objects_than_places_are_refused():
    with pytest.raises(ValueError, match="3 objects and 2 places"):
        linear_assignment(np.zeros((1, 2, 3)))
