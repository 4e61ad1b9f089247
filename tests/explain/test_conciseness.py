import numpy as np
import pytest

from keras_nn.explain import complexity
from keras_nn.explain import sparseness


def test_of_one_number_of_equal_ones_and_of_none():
    maps = np.zeros((3, 2, 2, 2))
    maps[0, 1, 0, 1] = -4
    maps[1] = 0.3
    assert complexity(maps) == pytest.approx([0, np.log(8), 0])
    assert sparseness(maps) == pytest.approx([1 - 1 / 8, 0, 0])


def test_several_inputs_are_one_explanation():
    one, two = np.array([[1.0, 2.0]]), np.array([[3.0]])
    joined = np.array([[1.0, 2.0, 3.0]])
    for measure in (complexity, sparseness):
        np.testing.assert_allclose(measure([one, two]), measure(joined))
