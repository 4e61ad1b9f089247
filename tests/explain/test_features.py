import numpy as np
import pytest

from keras_nn.explain import grid_features
from keras_nn.explain.features import Features


def test_without_a_mask_each_number_is_a_feature():
    features = Features([np.ones((2, 3)), np.ones((2, 2, 2))])
    assert features.count == 7
    assert features.ids[1].tolist() == [[3, 4], [5, 6]]


def test_a_feature_may_span_inputs():
    masks = [np.array([9, 9, 4]), np.array([[4]])]
    flat = [np.ones((1, 3)), np.full((1, 2, 2), 2.0)]
    features = Features(flat, masks)
    assert features.count == 2
    one, two = features.mixed(
        flat, [-x for x in flat], np.array([[True, False]])
    )
    np.testing.assert_array_equal(one, [[-1, -1, 1]])
    np.testing.assert_array_equal(two, [[[2, 2], [2, 2]]])
    spread = features.spread(np.array([[5.0, 7.0]]))
    np.testing.assert_array_equal(spread[0], [[7, 7, 5]])


def test_a_grid_covers_what_is_left_at_the_edges():
    grid = grid_features((5, 3, 3), side=2)
    assert grid.shape == (5, 3, 1)
    assert len(np.unique(grid)) == 6 and grid[4, 2, 0] == 5


def test_refuses_masks_that_do_not_fit():
    x = [np.ones((1, 3))]
    with pytest.raises(ValueError, match=r"Received: shape \(2,\)"):
        Features(x, [np.array([0, 1])])
    with pytest.raises(ValueError, match="Received: dtype float64"):
        Features(x, [np.ones(3)])
    with pytest.raises(ValueError, match="Received: side=0"):
        grid_features((4, 4, 1), 0)
