import numpy as np

from keras_nn.explain import Influence


def test_order_of_those_that_helped_and_harmed():
    scores = np.array([[0.2, -0.1, 0.0, 0.3], [-1.0, 0.0, 2.0, -3.0]])
    found = Influence(scores, "tracin", np.array([0, 1]))
    assert found.proponents(2).tolist() == [[3, 0], [2, 1]]
    assert found.opponents(2).tolist() == [[1, 2], [3, 0]]
