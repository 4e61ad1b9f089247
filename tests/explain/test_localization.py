import numpy as np
import pytest

from keras_nn.explain import pointing_game
from keras_nn.explain import relevance_mass_accuracy
from keras_nn.explain import relevance_rank_accuracy

MEASURES = (pointing_game, relevance_mass_accuracy, relevance_rank_accuracy)


def test_what_lies_on_the_object_is_1_and_beside_it_0():
    maps = np.zeros((2, 4, 4, 3))
    maps[:, :2, :2] = 1.0
    maps[:, 3, 3] = -9.0  # what speaks against the class does not count
    masks = np.zeros((2, 4, 4, 1))
    masks[0, :2, :2] = 1
    masks[1, 2:, 2:] = 1
    for measure in MEASURES:
        found = measure(maps, masks)
        assert found[0] == 1 and found[1] in (0, 0.0), measure


def test_refuses_other_shapes_and_empty_masks():
    maps = np.ones((2, 4, 4, 3))
    for measure in MEASURES:
        with pytest.raises(ValueError, match=r"Received: masks of shape \(4"):
            measure(maps, np.ones((4, 4)))
        empty = np.zeros((2, 4, 4))
        empty[0] = 1
        with pytest.raises(ValueError, match=r"of the examples \[1\]"):
            measure(maps, empty)
